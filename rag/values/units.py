"""What a number measures: its currency, the unit after it in its base unit, and the time in which it happens."""

from typing import NamedTuple

from rag.values.quantity import ValueKind
from rag.values.tokens import Tokens

CODES = frozenset("USD EUR GBP JPY CNY RMB CHF AUD CAD NZD INR RUB SEK NOK DKK PLN KRW BRL ZAR MXN TRY UAH".split())
SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "¥", "₹": "INR", "₽": "RUB", "₩": "KRW", "₴": "UAH", "₺": "TRY"}
DOLLARS = {"us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "nz": "NZD", "hk": "HKD", "s": "SGD"}
_NATIONAL = {"us": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD", "singapore": "SGD", "taiwan": "TWD"}
MONEY_WORDS = {
    "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "rupees": "INR",
    "roubles": "RUB", "rubles": "RUB", "francs": "franc", "kronor": "SEK", "pesos": "peso", "won": "KRW", "zlotys": "PLN", "hryvnias": "UAH",
}  # fmt: skip
HOURS = {"second": 3600.0, "minute": 60.0, "hour": 1.0}
# What is not convertible without a guess keeps a unit of its own: a gallon and a ton differ by country, a pound may be money.
_NAMED = (
    ("km kms kilometre kilometer", "m", 1000.0), ("metre meter", "m", 1.0), ("cm centimetre centimeter", "m", 0.01),
    ("mm millimetre millimeter", "m", 0.001), ("mile", "m", 1609.344), ("ft foot feet", "m", 0.3048), ("inch inches", "m", 0.0254),
    ("yard", "m", 0.9144), ("kg kgs kilo kilogram kilogramme", "kg", 1.0), ("gram gramme", "kg", 0.001), ("tonne", "kg", 1000.0),
    ("lb lbs", "kg", 0.45359237), ("ton tons", "ton", 1.0), ("pound", "pound", 1.0), ("ounce", "ounce", 1.0), ("seconds", "hour", 1 / 3600),
    ("minute", "hour", 1 / 60), ("hour", "hour", 1.0), ("day days", "hour", 24.0), ("week", "hour", 168.0), ("month", "year", 1 / 12),
    ("year", "year", 1.0), ("decade", "year", 10.0), ("century centuries", "year", 100.0), ("hectare ha", "m2", 1e4),
    ("acre", "m2", 4046.8564224), ("litre liter", "l", 1.0), ("gallon", "gallon", 1.0), ("barrel", "barrel", 1.0), ("mw megawatt", "MW", 1.0),
    ("gw gigawatt", "MW", 1000.0), ("kw kilowatt", "MW", 0.001), ("kwh", "kWh", 1.0), ("mwh", "kWh", 1000.0), ("gwh", "kWh", 1e6),
    ("twh", "kWh", 1e9), ("mph", "m/hour", 1609.344), ("kph kmh", "m/hour", 1000.0), ("knots", "m/hour", 1852.0), ("degrees", "degree", 1.0),
    ("magnitude", "magnitude", 1.0), ("gb gigabyte", "GB", 1.0), ("tb terabyte", "GB", 1000.0),
)  # fmt: skip
_SHORTEST_WITH_PLURAL = 4
UNITS = {name: (unit, factor) for names, unit, factor in _NAMED for name in names.split()}
UNITS |= {f"{name}s": unit for name, unit in UNITS.items() if len(name) >= _SHORTEST_WITH_PLURAL}
_POWERS = {"square": 2, "sq": 2, "cubic": 3}
_SIGNS = {"km²": ("m2", 1e6), "m²": ("m2", 1.0), "m³": ("m3", 1.0)}
_AFTER_METRES = frozenset("tall high long wide deep above below away".split())
_PERIODS = frozenset("second minute hour day week month year decade century night season quarter".split())
_FURTHEST = 6
_PER = frozenset("/ a an per each every".split())
_NO_RATE = frozenset("earlier ago before later after old".split())
_SHORT = {"h": "hour", "s": "second"}


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
    unit = MONEY_WORDS.get(word, tokens.texts[at] if tokens.texts[at] in CODES else "")
    return (unit, at + 1) if unit else ("", at)


class Unit(NamedTuple):
    """A unit as it is written: its kind, its base unit, how many of that it is, and the token after it."""

    kind: ValueKind
    base: str
    factor: float
    end: int


def unit_after(tokens: Tokens, at: int) -> Unit | None:
    """The unit at the token, with a hyphen before it or not."""
    if tokens.words[at] == "-":
        following = tokens.words[at + 1]
        if following in UNITS and tokens.glued(at) and tokens.glued(at + 1):
            return Unit(ValueKind.MEASURE, *UNITS[following], at + 2)
        return _percentage(tokens, at + 1) if following in {"percent", "per"} else None
    return _percentage(tokens, at) or _money(tokens, at) or _area_or_speed(tokens, at) or _measure(tokens, at)


def _percentage(tokens: Tokens, at: int) -> Unit | None:
    word, following = tokens.words[at], tokens.words[at + 1]
    if word in {"percentage", "percent"} and following.startswith("point"):
        return Unit(ValueKind.PERCENT, "% point", 1.0, at + 2)
    if word in {"%", "percent"} or (word == "pc" and tokens.glued(at)):
        return Unit(ValueKind.PERCENT, "%", 1.0, at + 1)
    return Unit(ValueKind.PERCENT, "%", 1.0, at + 2) if (word, following) == ("per", "cent") else None


def _money(tokens: Tokens, at: int) -> Unit | None:
    currency, end = currency_after(tokens, at)
    return Unit(ValueKind.MONEY, currency, 1.0, end) if currency else None


def _area_or_speed(tokens: Tokens, at: int) -> Unit | None:
    word, following = tokens.words[at], tokens.words[at + 1]
    if word in _SIGNS:
        return Unit(ValueKind.MEASURE, *_SIGNS[word], at + 1)
    if word in _POWERS and UNITS.get(following, ("", 0))[0] == "m":
        return Unit(ValueKind.MEASURE, f"m{_POWERS[word]}", UNITS[following][1] ** _POWERS[word], at + 2)
    if word in {"km", "m"} and following == "/" and tokens.words[at + 2] in {"h", "hr", "hour"} and tokens.glued(at + 1) and tokens.glued(at + 2):
        return Unit(ValueKind.MEASURE, "m/hour", 1000.0 if word == "km" else 1.0, at + 3)
    return None


def _measure(tokens: Tokens, at: int) -> Unit | None:
    word, following = tokens.words[at], tokens.words[at + 1]
    if word in {"°", "degrees"} and following in {"c", "celsius", "f", "fahrenheit"}:
        return Unit(ValueKind.MEASURE, f"°{following[0].upper()}", 1.0, at + 2)
    if word == "m" and following in _AFTER_METRES:
        return Unit(ValueKind.MEASURE, "m", 1.0, at + 1)
    return Unit(ValueKind.MEASURE, *UNITS[word], at + 1) if word in UNITS else None


def rate(tokens: Tokens, unit: str, end: int, after: int) -> tuple[str, float, int]:
    """`unit` with "a day", "per hour"... to it, what to multiply by, and where the quantity's window ends.

    The number and its unit end before the token `end`, what they count before `after`.
    """
    if tokens.words[end] in _PER:
        period = _period(tokens, end)
        if period:
            return *_per(unit, period), end + 2
    if _PER.isdisjoint(tokens.words[after : after + _FURTHEST]):
        return unit, 1.0, end
    for at in range(after, after + _FURTHEST):
        if not tokens.words[at][:1].isalpha() and tokens.words[at] != "/":
            break
        period = _period(tokens, at) if at > end else ""
        if period:  # the window ends before the noun, so a rate after it stays outside
            return *_per(unit, period), end
    return unit, 1.0, end


def _per(unit: str, period: str) -> tuple[str, float]:
    return f"{unit}/{'hour' if period in HOURS else period}", HOURS.get(period, 1.0)


def _period(tokens: Tokens, at: int) -> str:
    """The period that the words at the token name; "" where they name none."""
    word, period = tokens.words[at], tokens.words[at + 1]
    if word == "/":
        if not (tokens.glued(at) and tokens.glued(at + 1)):
            return ""
        period = _SHORT.get(period, period)
    return period if word in _PER and period in _PERIODS and tokens.words[at + 2] not in _NO_RATE else ""
