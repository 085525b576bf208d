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
    ("magnitude", "magnitude", 1.0), ("gb gigabyte", "GB", 1.0), ("tb terabyte", "GB", 1000.0), ("km²", "m2", 1e6), ("m²", "m2", 1.0),
    ("m³", "m3", 1.0),
)  # fmt: skip
_SHORTEST_WITH_PLURAL = 4
UNITS = {name: (unit, factor) for names, unit, factor in _NAMED for name in names.split()}
UNITS |= {f"{name}s": unit for name, unit in UNITS.items() if len(name) >= _SHORTEST_WITH_PLURAL}
_LENGTHS = {name: factor for name, (unit, factor) in UNITS.items() if unit == "m"}
_DEGREES = {"c": "°C", "celsius": "°C", "f": "°F", "fahrenheit": "°F"}
# each unit by its tokens, with a space between them: its base unit, and how many of that it is
_MEASURES = {
    **UNITS,
    **{f"{square} {name}": ("m2", factor**2) for square in ("square", "sq") for name, factor in _LENGTHS.items()},
    **{f"cubic {name}": ("m3", factor**3) for name, factor in _LENGTHS.items()},
    **{f"{length} / {hour}": ("m/hour", factor) for length, factor in (("km", 1000.0), ("m", 1.0)) for hour in ("h", "hr", "hour")},
    **{f"{sign} {scale}": (unit, 1.0) for sign in ("°", "degrees") for scale, unit in _DEGREES.items()},
}
_MONEY = {**MONEY_WORDS, **{f"{nation} {dollar}": code for nation, code in _NATIONAL.items() for dollar in ("dollar", "dollars")}}
_MONEY |= {"pound sterling": "GBP", "pounds sterling": "GBP"}
_SHARES = {"%": "%", "percent": "%", "per cent": "%", "pc": "%"}
_SHARES |= {"percentage point": "% point", "percentage points": "% point", "percent points": "% point"}
_LONGEST = 3
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


class Unit(NamedTuple):
    """A unit as it is written: its kind, its base unit, how many of that it is, and the token after it."""

    kind: ValueKind
    base: str
    factor: float
    end: int


def unit_after(tokens: Tokens, at: int) -> Unit | None:
    """The unit at the token, with a hyphen before it or not."""
    at += tokens.words[at] == "-" and tokens.glued(at) and tokens.glued(at + 1)
    for end in range(at + _LONGEST, at, -1):
        name = " ".join(tokens.words[at:end])
        if name in _MEASURES:
            return Unit(ValueKind.MEASURE, *_MEASURES[name], end)
        for kind, units in ((ValueKind.MONEY, _MONEY), (ValueKind.PERCENT, _SHARES)):
            if name in units:
                return Unit(kind, units[name], 1.0, end)
    if tokens.texts[at] in CODES:
        return Unit(ValueKind.MONEY, tokens.texts[at], 1.0, at + 1)
    metres = tokens.words[at] == "m" and tokens.words[at + 1] in _AFTER_METRES
    return Unit(ValueKind.MEASURE, "m", 1.0, at + 1) if metres else None


def rate(tokens: Tokens, unit: str, end: int, after: int) -> tuple[str, float, int]:
    """`unit` with "a day", "per hour"... to it, what to multiply by, and where the quantity's window ends.

    The number and its unit end before the token `end`, what they count before `after`. A rate after that stays outside the window.
    """
    for at in (end, *range(after, after + _FURTHEST)):
        word, period = tokens.words[at], tokens.words[at + 1]
        if word == "/":
            period = _SHORT.get(period, period)
        named = word in _PER and period in _PERIODS and tokens.words[at + 2] not in _NO_RATE
        if named and (at == end or period != "second"):  # "a second" is more often the one after the first
            return f"{unit}/{'hour' if period in HOURS else period}", HOURS.get(period, 1.0), end + 2 if at == end else end
        if at >= after and not word[:1].isalpha():
            break
    return unit, 1.0, end
