"""Money: signs and codes before a number, words after it."""

from rag.values.tokens import Tokens

CODES = frozenset("USD EUR GBP JPY CNY RMB CHF AUD CAD NZD INR RUB SEK NOK DKK PLN KRW BRL ZAR MXN TRY UAH".split())
SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "¥", "₹": "INR", "₽": "RUB", "₩": "KRW", "₴": "UAH", "₺": "TRY"}
DOLLARS = {"us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "nz": "NZD", "hk": "HKD", "s": "SGD"}
_NATIONAL = {"us": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD", "singapore": "SGD", "taiwan": "TWD"}
_WORDS = {
    "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "rupees": "INR",
    "roubles": "RUB", "rubles": "RUB", "francs": "franc", "kronor": "SEK", "pesos": "peso", "won": "KRW", "zlotys": "PLN", "hryvnias": "UAH",
}  # fmt: skip


def currency_before(tokens: Tokens, at: int) -> tuple[str, int]:
    """The currency before a number, and the number's token; "" where there is none."""
    text, word = tokens.texts[at], tokens.words[at]
    if text in SIGNS:
        return SIGNS[text], at + 1
    if tokens.words[at + 1] == "$" and tokens.glued(at + 1) and word in DOLLARS and tokens.capital(at):
        return DOLLARS[word], at + 2
    return (text, at + 1) if text in CODES else ("", at)


def currency_after(tokens: Tokens, at: int) -> tuple[str, int]:
    """The currency after a number, and the token after it; "" where there is none."""
    word, following = tokens.words[at], tokens.words[at + 1]
    if word in _NATIONAL and following in {"dollar", "dollars"}:
        return _NATIONAL[word], at + 2
    if word in {"pound", "pounds"} and following == "sterling":
        return "GBP", at + 2
    unit = _WORDS.get(word, tokens.texts[at] if tokens.texts[at] in CODES else "")
    return (unit, at + 1) if unit else ("", at)
