"""Numbers and dates in a text, as windows: how many, how much, when.

A hand-written reader over tokens rather than a pile of patterns: every step
looks at a fixed number of tokens, so hostile text costs no more than its
length. What may be part of a name, a score, a time of day or a telephone
number is left out: a value missed is better than one invented.
"""

import math
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from rag.types import Span

# "About 100" is anything less than this share away from 100.
APPROXIMATELY = 0.1
# A figure written in digits with zeros at its end may be rounded, from this size on, but never to less than two digits.
_ROUNDED_FROM = 1000
_LONGEST_NUMBER = 15
_MARGIN = 64


class Kind(StrEnum):
    COUNT = "count"
    MEASURE = "measure"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"


class Role(StrEnum):
    """What a text does with a value: claims it, compares its claim with it, or counts a part of what it counts elsewhere."""

    CLAIM = "claim"
    COMPARISON = "comparison"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and its window, as code points of the text it stands in.

    `low` and `high` are the least and the most that the words allow, in the
    base unit `unit`: "m", "kg", "hour" (up to weeks), "year" (from months on),
    "m2", "m3", "l", "MW"; "USD", "EUR" and the like, never converted; "%",
    "% point"; with "/hour", "/day"... for a rate; "" for a count. For dates they
    are the first and last day (`date.toordinal`), and `unit` is "" with a year,
    "yearless" without (then days of the year 2000). `place` is half of the last
    digit's place, in `unit`: how far off a rounded figure may be. `thing` is
    the window of the words for what is counted, empty where there are none,
    and `noun` their head, in lower case and singular.
    """

    span: Span
    low: float
    high: float
    unit: str
    noun: str
    kind: Kind
    thing: Span
    place: float = 0.0
    approximate: bool = False
    role: Role = Role.CLAIM


def quantities(text: str, window: Span) -> list[Quantity]:
    """The quantities within `window` of `text`, in order, no two overlapping."""
    tokens = _Tokens(text, window)
    found: list[tuple[Quantity, ...]] = []
    at = 0
    while at < len(tokens.all):
        readings, at = _read(tokens, at)
        if readings:
            found.append(readings)
    return list(_resolved(text, found))


def agree(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities of one kind and unit could be the same value; of different ones they never do.

    They could where their ranges meet, or miss each other by less than half the
    last digit's place of either ("1.2 million" and 1,234,000) but not by more
    than a tenth of it, or by less than a tenth of an approximate one.
    """
    if a.kind is not b.kind:
        return False
    if a.kind is Kind.DATE:
        return _dates_agree(a, b)
    gap = max(0.0, a.low - b.high, b.low - a.high)
    scale = max((abs(x) for x in (a.low, a.high, b.low, b.high) if math.isfinite(x)), default=0.0)
    return a.unit == b.unit and (gap <= 1e-9 * scale or gap < max(_slack(a), _slack(b)))


def singular(word: str) -> str:
    """The singular, in lower case, of a regular or common irregular English plural."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("men") and len(word) > 4:
        return f"{word[:-2]}an"
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending) + instead
    return word


def _slack(quantity: Quantity) -> float:
    finite = [abs(x) for x in (quantity.low, quantity.high) if math.isfinite(x)]
    tenth = APPROXIMATELY * max(finite, default=0.0)
    return tenth if quantity.approximate else min(quantity.place, tenth)


def _dates_agree(a: Quantity, b: Quantity) -> bool:
    if a.unit == b.unit:
        return a.low <= b.high and b.low <= a.high
    yearless, dated = (a, b) if a.unit == "yearless" else (b, a)
    if not math.isfinite(dated.high - dated.low) or dated.high - dated.low > 31:
        return True  # a whole year, or an open range, holds the day
    first, last = (date.fromordinal(int(x)).replace(year=2000).toordinal() for x in (dated.low, dated.high))
    return first > last or (first <= yearless.high and yearless.low <= last)


# --- words ---


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENDINGS = (
    ("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("zes", "ze"), ("ouses", "ouse"), ("auses", "ause"),
    ("uses", "us"), ("oes", "o"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""),
)  # fmt: skip
_IRREGULAR = {
    "people": "person", "persons": "person", "children": "child", "men": "man", "women": "woman", "lives": "life", "wolves": "wolf",
    "knives": "knife", "wives": "wife", "shelves": "shelf", "thieves": "thief", "mice": "mouse", "geese": "goose", "teeth": "tooth",
    "feet": "foot", "shoes": "shoe", "series": "series", "species": "species", "aircraft": "aircraft", "spacecraft": "spacecraft",
    "fish": "fish", "sheep": "sheep", "police": "police", "crises": "crisis", "buses": "bus", "gases": "gas", "movies": "movie",
    "ties": "tie", "viruses": "virus", "data": "data", "media": "media", "personnel": "personnel", "staff": "staff", "news": "news",
}  # fmt: skip
_PLURALS = frozenset(_IRREGULAR) - {"data", "media", "news", "personnel", "staff"}
_NO_PLURALS = _words("news overseas always perhaps towards afterwards sometimes besides regardless nowadays plus minus sales whereas alias")
# Participles and adjectives that stand for people: "54 dead", "twelve injured".
_PEOPLE_WHO = _words("dead injured wounded missing homeless unaccounted killed hurt")
_DETERMINERS = _words("the its their his her our these those this that such")
_STOP = _DETERMINERS | _words(
    "a an and or but nor for of in on at by to from with without within into onto over under about after before since until till than as per "
    "is are was were be been being has have had having do does did will would can could may might must shall should not no that which who whom "
    "whose when where while if because so also were it he she they we you i them him us there here then now say says said saying told tells "
    "reports reported according during across against between among through near outside inside around up down off out away ago earlier later "
    "each every both all any once twice times only just still even including because despite amid remains continues means makes takes goes"
)
# What may stand before a number at the head of a sentence and names nothing.
_COUNTING = _words("another only altogether further additional exactly precisely these those all some most first then police officials")
_WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday today yesterday")
_DOWN_TO_ONE = _words("of another day thing way point time hand side who that which is was has for by and or to in on at more year week month")
_BEFORE_NO_ONE = _words("no the this that any every each some another which number")
_CARDINALS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
    if value
}
_TENS = {word: value for value, word in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_GLUED_SCALES = {"m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3}
_FRACTIONS = _words("third thirds quarter quarters half halves fifth fifths tenth tenths eighths sixth sixths")
# Lower bound, upper bound, approximate: ("<" and ">" name the side on which the number stands open)
_BOUNDS = {
    **dict.fromkeys(
        "more than|over|at least|above|upwards of|in excess of|no fewer than|no less than|not less than|not fewer than|greater than|exceeding|"
        "well over|well above|a minimum of|as few as|a total of more than|>".split("|"),
        ">",
    ),
    **dict.fromkeys("fewer than|less than|up to|under|below|at most|no more than|not more than|a maximum of|as many as|as much as|<".split("|"), "<"),
    **dict.fromkeys(
        "about|around|nearly|almost|roughly|approximately|some|an estimated|estimated|circa|close to|just over|just under|just above|just below|"
        "slightly more than|slightly fewer than|slightly less than|slightly over|slightly under|a little over|a little under|"
        "a little more than|a little less than|~|≈".split("|"),
        "~",
    ),
}
_BOUND_PHRASES = {tuple(phrase.split()): side for phrase, side in _BOUNDS.items()}
_LONGEST_BOUND = max(map(len, _BOUND_PHRASES))
_BOUND_WORDS = frozenset(phrase[0] for phrase in _BOUND_PHRASES)
_AFTERWARDS = {("or", "more"): ">", ("or", "fewer"): "<", ("or", "less"): "<", ("or", "so"): "~", ("at", "least"): ">", ("+",): ">", ("plus",): ">"}
_AFTERWARD_WORDS = frozenset(phrase[0] for phrase in _AFTERWARDS)
# A number after one of these is a name or a place in an order: "Article 5", "page 12", "No. 10".
_LABELS = _words(
    "article section route flight boeing airbus chapter no nos number page pages paragraph channel highway interstate room level phase stage class "
    "type apollo covid covid-19 formula act season episode part grade tier unit platform line gate ward district precinct top size motorway "
    "junction sector zone block area version model mark resolution protocol rule amendment proposition bill law directive psalm verse volume issue "
    "figure table step round game match week day lot pier terminal berth reactor shaft well plan mission car bus train tram team under-"
)
_CONTESTS = _words("win wins victory defeat loss draw lead vote votes decision majority margin record split ratio score")
_CHANGES = _words(
    "rose rise rises risen rising fell fall falls fallen falling grew grow grows grown growing increased increase increases increasing dropped drop "
    "drops dropping cut cuts cutting raised raise raises raising jumped jump jumps climbed climb climbs went gone declined decline declines up down "
    "doubled tripled revised upgraded lowered expanded shrank shrunk widened reduced soared surged plunged"
)
_FORMER = _words("previous previously earlier initial initially original originally preliminary former")
_MORE = _words("more additional extra further")
_PERIODS = _words("second minute hour day week month year decade century night season quarter")
_PART_OF = _DETERMINERS | _words("them which whom whose all")

_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_DATE_CUES = _words("in since by until till from during before after early late mid year of to last for between throughout around circa")
_DATE_BOUNDS = {"before": "<", "by": "<", "until": "<", "till": "<", "after": ">"}
_NAMES_NOTHING = _STOP | _WEEKDAYS | _COUNTING | frozenset(_MONTHS)
_NO_CALENDAR = "yearless"

_SYMBOLS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "¥", "₹": "INR", "₽": "RUB", "₩": "KRW", "₴": "UAH", "₺": "TRY"}
_DOLLARS = {"us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "nz": "NZD", "hk": "HKD", "s": "SGD"}
_CODES = _words("USD EUR GBP JPY CNY RMB CHF AUD CAD NZD INR RUB SEK NOK DKK PLN KRW BRL ZAR MXN TRY UAH")
_MONEY_WORDS = {
    "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "rupees": "INR",
    "roubles": "RUB", "rubles": "RUB", "francs": "franc", "kronor": "SEK", "pesos": "peso", "won": "KRW", "zlotys": "PLN", "hryvnias": "UAH",
}  # fmt: skip
_NATIONAL = {"us": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD", "singapore": "SGD", "taiwan": "TWD"}
# What is not convertible without a guess keeps a unit of its own: a gallon and a ton differ by country, a pound may be money.
_UNITS = {
    name: (unit, factor)
    for names, unit, factor in (
        ("km kms kilometre kilometres kilometer kilometers", "m", 1000.0), ("metre metres meter meters", "m", 1.0),
        ("cm centimetre centimetres centimeter centimeters", "m", 0.01), ("mm millimetre millimetres millimeter millimeters", "m", 0.001),
        ("mile miles", "m", 1609.344), ("ft foot feet", "m", 0.3048), ("inch inches", "m", 0.0254), ("yard yards", "m", 0.9144),
        ("kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes", "kg", 1.0), ("gram grams gramme grammes", "kg", 0.001),
        ("tonne tonnes", "kg", 1000.0), ("lb lbs", "kg", 0.45359237), ("ton tons", "ton", 1.0), ("pound pounds", "pound", 1.0),
        ("ounce ounces", "ounce", 1.0), ("seconds", "hour", 1 / 3600), ("minute minutes", "hour", 1 / 60), ("hour hours", "hour", 1.0),
        ("day days", "hour", 24.0), ("week weeks", "hour", 168.0), ("month months", "year", 1 / 12), ("year years", "year", 1.0),
        ("decade decades", "year", 10.0), ("century centuries", "year", 100.0), ("hectare hectares ha", "m2", 1e4),
        ("acre acres", "m2", 4046.8564224), ("litre litres liter liters", "l", 1.0), ("gallon gallons", "gallon", 1.0),
        ("barrel barrels", "barrel", 1.0), ("mw megawatt megawatts", "MW", 1.0), ("gw gigawatt gigawatts", "MW", 1000.0),
        ("kw kilowatt kilowatts", "MW", 0.001), ("kwh", "kWh", 1.0), ("mwh", "kWh", 1000.0), ("gwh", "kWh", 1e6), ("twh", "kWh", 1e9),
        ("mph", "m/hour", 1609.344), ("kph kmh", "m/hour", 1000.0), ("knots", "m/hour", 1852.0), ("degrees", "degree", 1.0),
        ("magnitude", "magnitude", 1.0), ("gb gigabytes", "GB", 1.0), ("tb terabytes", "GB", 1000.0),
    )
    for name in names.split()
}  # fmt: skip
_HOURS = {"second": 3600.0, "minute": 60.0, "hour": 1.0}

# What a quantity can begin with, beside digits.
_STARTS = frozenset({*_CARDINALS, *_TENS, *_MONTHS, *_DATE_BOUNDS, *_SYMBOLS, *_DOLLARS, "a", "half", "between", *_BOUND_WORDS})

_TOKEN = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
_CLOCK = re.compile(r"\s?(?:[ap]\.?\s?m\b|o[’']clock|gmt\b|bst\b|est\b|hrs\b)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s")
_OPENING, _CLOSING = frozenset("(\"“‘'«[{~≈*—><|+_"), frozenset(')"”»]}*—…;!?+_')
_MARKS = frozenset("\"“”'‘’«»*")
_DASHES = frozenset("-–‑")
_ENDS = frozenset(".;!?:")


class _Token(NamedTuple):
    start: int
    end: int
    text: str
    low: str

    digits: bool
    capital: bool


class _Tokens:
    """The tokens of a window, and the text around them."""

    def __init__(self, text: str, window: Span) -> None:
        self.text = text
        self.window = window
        self.all = [
            _Token(m.start(), m.end(), m[0], m[0].lower(), "0" <= m[0][0] <= "9", m[0][0].isupper())
            for m in _TOKEN.finditer(text, window.start, min(window.end, len(text)))
        ]
        # empty words after the end: no step looks further ahead, or further back from the first token
        self._low = [token.low for token in self.all] + [""] * _MARGIN

    def word(self, at: int) -> str:
        """The token in lower case; empty beyond the window."""
        return self._low[at]

    def get(self, at: int) -> _Token | None:
        return self.all[at] if 0 <= at < len(self.all) else None

    def glued(self, at: int) -> bool:
        """Whether the token follows the one before it without a space."""
        return 0 < at < len(self.all) and self.all[at].start == self.all[at - 1].end

    def span(self, first: int, end: int) -> Span:
        if end <= first:
            at = self.all[first - 1].end if first else self.window.start
            return Span(at, at)
        return Span(self.all[first].start, self.all[end - 1].end)

    def before(self, at: int, count: int) -> list[str]:
        """Up to `count` words before the token, the nearest first, none beyond the end of a sentence or clause."""
        words = self._low[max(0, at - count) : at]
        words.reverse()
        return words if _ENDS.isdisjoint(words) else words[: next(k for k, word in enumerate(words) if word in _ENDS)]

    def free_before(self, at: int) -> bool:
        """Whether nothing is stuck to the token's left that could make it part of a name."""
        start = self.all[at].start
        mark = self.text[start - 1] if start else " "
        return mark.isspace() or mark in _OPENING or (mark == "–" and not (start > 1 and self.text[start - 2].isalnum()))

    def free_after(self, end: int) -> bool:
        """The same for the right of the token before `end`."""
        at = self.all[end - 1].end
        mark, after = (self.text[at : at + 1] or " "), (self.text[at + 1 : at + 2] or " ")
        if mark.isspace() or mark in _CLOSING:
            return True
        if mark in ".,:":
            return not after.isnumeric()
        return (mark in "'’" and not after.isalnum()) or (mark in "-–" and not after.isalnum())

    def starts_sentence(self, at: int) -> bool:
        return at == 0 or self.word(at - 1) in {".", "!", "?", ":", "“", '"', "‘"}


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number with what is written to it: the tokens from `first` up to `end`."""

    first: int
    end: int
    value: float
    place: float
    scale: float = 1.0
    factor: float = 1.0  # of the unit it is written in, to its base unit
    unit: str = ""
    kind: Kind = Kind.COUNT
    plain: bool = False  # four digits that may be a year
    aged: bool = False
    written: bool = False


_Reading = tuple[tuple[Quantity, ...], int]


def _read(tokens: _Tokens, at: int) -> _Reading:
    """What begins at the token, and where to read on; several readings are a sum and its parts."""
    token = tokens.all[at]
    if not (tokens.free_before(at) if token.digits else token.low in _STARTS or token.text in _CODES):
        return (), at + 1
    return _dated(tokens, at) or _counted(tokens, at) or ((), at + 1)


# --- dates ---


def _dated(tokens: _Tokens, at: int) -> _Reading | None:
    side = _DATE_BOUNDS.get(tokens.word(at), "")
    first = at + 1 if side else at
    if first >= len(tokens.all) or not tokens.free_before(first):
        return None
    found = _day_first(tokens, first) or _month_first(tokens, first) or _iso(tokens, first) or _year(tokens, first) or _month(tokens, first)
    if not found or not tokens.free_after(found[2]):
        return None
    low, high, end, unit = found
    if unit and tokens.all[end - 1].digits and _noun(tokens, end, 0)[0]:
        return (), end  # "in March 12 people": a day or a number
    span = tokens.span(at, end)
    bounded = (-math.inf if side == "<" else float(low), math.inf if side == ">" else float(high))
    return (Quantity(span, *bounded, unit, "", Kind.DATE, Span(span.end, span.end), role=_role(tokens, at, end, end)),), end


_Dates = tuple[int, int, int, str]  # first and last day, the token after them, the unit


def _day_first(tokens: _Tokens, at: int) -> _Dates | None:
    """19 October 2022; 19th of October; 3-5 May 2022; 3 to 5 May."""
    first, end = _day(tokens, at)
    if not first:
        return None
    last = first
    if tokens.word(end) in _DASHES | {"to", "and"}:
        last, end = _day(tokens, end + 1)
    end += tokens.word(end) == "of"
    month = _month_number(tokens, end)
    if not last or not month:
        return None
    year, end = _year_after(tokens, _past_stop(tokens, end + 1, "."))
    return _days(year, month, first, last, end)


def _month_first(tokens: _Tokens, at: int) -> _Dates | None:
    """October 19, 2022; Oct. 19; October 2022; June 3-5."""
    month = _month_number(tokens, at)
    if not month:
        return None
    after = _past_stop(tokens, at + 1, ".")
    first, end = _day(tokens, after)
    if not first:
        year, end = _year_after(tokens, after + (tokens.word(after) == "of"))
        return _days(year, month, 1, 0, end) if year else None
    last = first
    if tokens.word(end) in _DASHES and _day(tokens, end + 1)[0]:
        last, end = _day(tokens, end + 1)
    year, end = _year_after(tokens, end)
    return _days(year, month, first, last, end)


def _iso(tokens: _Tokens, at: int) -> _Dates | None:
    parts = [tokens.word(k) for k in range(at, at + 5)]
    if not (parts[1] == parts[3] == "-") or not all(part.isascii() and part.isdigit() for part in parts[::2]) or len(parts[0]) != 4:
        return None
    if not all(tokens.glued(k) for k in range(at + 1, at + 5)) or len(parts[2]) != 2 or len(parts[4]) != 2:
        return None
    year, month, day = int(parts[0]), int(parts[2]), int(parts[4])
    return _days(year, month, day, day, at + 5) if year and 1 <= month <= 12 else None


def _year(tokens: _Tokens, at: int) -> _Dates | None:
    """A year alone, where the word before it says that it is one, and it does not count what follows."""
    year = _year_number(tokens, at)
    before = tokens.before(at, 2)
    cued = bool(before) and (before[0] in _DATE_CUES or (before[0] == "-" and before[1:] == ["mid"]))
    if not year or not cued or tokens.word(at + 1) in _DASHES or _noun(tokens, at + 1, 0)[0] or tokens.word(at + 1) in _SCALES:
        return None
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal(), at + 1, ""


def _month(tokens: _Tokens, at: int) -> _Dates | None:
    """A month alone, where the word before it says that it is one."""
    month = _month_number(tokens, at)
    if not month or len(tokens.word(at)) < (3 if month == 5 else 4) or not set(tokens.before(at, 1)) & _DATE_CUES:
        return None
    following = tokens.get(at + 1)
    if following and following.digits and len(following.text) < 3:
        return None  # a day that the month does not have
    return _days(0, month, 1, 0, at + 1)


def _days(year: int, month: int, first: int, last: int, end: int) -> _Dates | None:
    """The days from `first` to `last` of a month (`last` 0: to its end); None where the calendar has no such days."""
    most = monthrange(year or 2000, month)[1]
    last = last or most
    if not 1 <= first <= last <= most:
        return None
    return date(year or 2000, month, first).toordinal(), date(year or 2000, month, last).toordinal(), end, "" if year else _NO_CALENDAR


def _day(tokens: _Tokens, at: int) -> tuple[int, int]:
    """The day of a month and the token after it; 0 where there is none."""
    token = tokens.get(at)
    if token is None or not token.digits or not token.text.isdigit() or len(token.text) > 2 or not 1 <= int(token.text) <= 31:
        return 0, at
    suffixed = tokens.glued(at + 1) and tokens.word(at + 1) in {"st", "nd", "rd", "th"}
    return int(token.text), at + 1 + suffixed


def _month_number(tokens: _Tokens, at: int) -> int:
    token = tokens.get(at)
    return _MONTHS.get(token.low, 0) if token and token.capital else 0


def _year_number(tokens: _Tokens, at: int) -> int:
    token = tokens.get(at)
    is_year = token is not None and token.digits and token.text.isdigit() and len(token.text) == 4 and 1500 <= int(token.text) <= 2099
    return int(token.text) if token and is_year and tokens.free_after(at + 1) else 0


def _year_after(tokens: _Tokens, at: int) -> tuple[int, int]:
    """The year that ends a date, after a comma or not, and the token after it; 0 and `at` where there is none."""
    after = _past_stop(tokens, at, ",")
    year = _year_number(tokens, after)
    return (year, after + 1) if year else (0, at)


def _past_stop(tokens: _Tokens, at: int, mark: str) -> int:
    return at + 1 if tokens.word(at) == mark and tokens.get(at + 1) and (mark != "." or _abbreviated(tokens, at)) else at


def _abbreviated(tokens: _Tokens, at: int) -> bool:
    return len(tokens.word(at - 1)) in {3, 4} and tokens.word(at - 1) not in {"may", "june", "july"}


# --- numbers ---


def _counted(tokens: _Tokens, at: int) -> _Reading | None:
    side, first = _bound(tokens, at)
    if tokens.word(first) == "between":
        return _between(tokens, at, first)
    low = _amount(tokens, first)
    if low is None or (first == at and not _plausible(tokens, low)):
        return ((), low.end) if low else None
    ranged = _range(tokens, low)
    if ranged is not None:
        return _quantity(tokens, at, *ranged, side)
    if not tokens.free_after(low.end) or _CLOCK.match(tokens.text, tokens.all[low.end - 1].end):
        return (), low.end
    return _relation(tokens, at, low, side) or _quantity(tokens, at, low, low, side)


def _bound(tokens: _Tokens, at: int) -> tuple[str, int]:
    """Which side the words at the token leave open ("<", ">", "~" for about, "" for none), and the token after them."""
    for length in range(_LONGEST_BOUND, 0, -1) if tokens.word(at) in _BOUND_WORDS else ():
        phrase = tuple(tokens.word(k) for k in range(at, at + length))
        if phrase in _BOUND_PHRASES:
            return _BOUND_PHRASES[phrase], at + length
    return "", at


def _between(tokens: _Tokens, at: int, word: int) -> _Reading | None:
    low = _amount(tokens, word + 1)
    high = _amount(tokens, low.end + 1) if low and tokens.word(low.end) == "and" else None
    if low is None or high is None:
        return None
    if (low.plain and high.plain and not _noun(tokens, high.end, 0)[0]) or not tokens.free_after(high.end):
        return (), high.end
    joined = _joined(low, high)
    return _quantity(tokens, at, *joined, "") if joined else ((), high.end)


def _range(tokens: _Tokens, low: _Amount) -> tuple[_Amount, _Amount] | None:
    """20 to 30; 20-30 and 20–30 before what they count; two or three. Not scores, years, or a rise from 20 to 30."""
    link = tokens.word(low.end)
    if link not in {"to", "or", "-", "–"} or (tokens.before(low.first, 1) == ["from"] and _changing(tokens, low.first)):
        return None
    high = _amount(tokens, low.end + 1)
    joined = _joined(low, high) if high else None
    if high is None or joined is None or not tokens.free_after(high.end) or (low.plain and high.plain):
        return None
    if link in _DASHES:
        noun = _noun(tokens, high.end, 0)[0]
        counted = (noun or high.unit) and tokens.word(high.end) not in _CONTESTS and noun not in _CONTESTS
        return joined if tokens.glued(low.end) and counted else None
    return joined if link == "to" or (low.written and high.value - low.value == 1) else None


def _joined(low: _Amount, high: _Amount) -> tuple[_Amount, _Amount] | None:
    """The two ends of a range, each with the scale and unit that only the other states; None where they are no range."""
    if low.scale == 1 < high.scale and low.value / low.factor < high.value / high.scale / high.factor:
        low = replace(low, value=low.value * high.scale, place=low.place * high.scale)
    if high.unit and not low.unit:
        low = replace(low, value=low.value * high.factor, place=low.place * high.factor, unit=high.unit, kind=high.kind)
    if low.kind is Kind.MONEY and not high.unit:
        high = replace(high, unit=low.unit, kind=low.kind)
    return (low, high) if low.value < high.value and low.unit == high.unit else None


def _changing(tokens: _Tokens, at: int) -> bool:
    return bool(_CHANGES & set(tokens.before(at, 12)))


def _relation(tokens: _Tokens, at: int, more: _Amount, side: str) -> _Reading | None:
    """48 more [stations] than the 54: their sum, and both of them for where the text states the sum itself."""
    sign = {"more": 1, "fewer": -1, "less": -1}.get(tokens.word(more.end), 0)
    than = next((k for k in range(more.end + 1, more.end + 7) if tokens.word(k) == "than"), None)
    if not sign or than is None or more.unit:
        return None
    if any(tokens.word(k) in {",", ".", ";", "and", "or"} for k in range(more.end, than)):
        return None
    base = None
    for k in range(than + 1, than + 4):
        base = _amount(tokens, k)
        if base or tokens.word(k) not in _DETERMINERS | _FORMER | {"about", "around"}:
            break
    if base is None or base.unit or base.plain or not tokens.free_after(base.end):
        return None
    noun, thing, _ = _noun(tokens, more.end + 1, 0)
    if not noun:
        noun, thing, _ = _noun(tokens, base.end, 0)
    span, total = tokens.span(at, base.end), base.value + sign * more.value
    ends = (-math.inf if side == "<" else total, math.inf if side == ">" else total)
    known = Quantity(span, *ends, "", noun, Kind.COUNT, thing, approximate=side == "~")
    parts = [
        Quantity(tokens.span(k, amount.end), amount.value, amount.value, "", noun, Kind.COUNT, thing, amount.place, role=Role.COMPARISON)
        for k, amount in ((at, more), (base.first, base))
    ]
    return (known, *parts), base.end


def _quantity(tokens: _Tokens, at: int, low: _Amount, high: _Amount, side: str) -> _Reading:
    """The quantity from the token `at` on, with what follows it: "or more", what is counted, "a day"."""
    end = high.end
    for phrase, meaning in _AFTERWARDS.items() if not side and tokens.word(end) in _AFTERWARD_WORDS else ():
        if tuple(tokens.word(k) for k in range(end, end + len(phrase))) == phrase:
            side, end = meaning, end + len(phrase)
            break
    noun, thing, after = _noun(tokens, end, high.value) if not high.aged else ("age", tokens.span(end, end), end)
    if not noun and high.kind is Kind.COUNT:
        noun, thing = _noun_before(tokens, at)
    unit, factor, end = _rate(tokens, high, end, after)
    if not _counts(tokens, at, low, noun, side):
        return (), end
    ends = (-math.inf if side == "<" else low.value * factor, math.inf if side == ">" else high.value * factor)
    if low.kind is Kind.MEASURE and tokens.word(end) in {"ago", "earlier", "later", "before", "after"}:
        return (), end  # a time, not a length of time
    role = _role(tokens, at, end, max(end, after), changed=high.kind is not Kind.PERCENT)
    if role is Role.CLAIM and high.kind is Kind.COUNT and _is_part(tokens, at, high.end):
        role = Role.PART
    span = tokens.span(at, end)
    found = Quantity(span, *ends, unit, noun, high.kind, thing, max(low.place, high.place) * factor, side == "~", role)
    return (found,), end


def _counts(tokens: _Tokens, at: int, low: _Amount, noun: str, side: str) -> bool:
    """Whether a bare number is a number of things: not a year, an address, "one" as a pronoun, or something's name."""
    if low.unit:
        return not (low.written and low.end - low.first == 2 and tokens.word(low.first) == "one" and low.unit in {"hour", "year"})
    if low.plain and not side and noun not in {"person", "man", "woman", "child", "death"}:
        return False
    if low.value == 1 and low.written and not low.unit and (not noun or tokens.word(low.end) in _DOWN_TO_ONE):
        return False
    following = tokens.get(low.end)
    street = following and following.capital and tokens.word(low.end + 1) in {"street", "road", "avenue", "lane", "square", "drive"}
    return not street and (bool(noun) or not _named(tokens, at))


def _rate(tokens: _Tokens, amount: _Amount, end: int, after: int) -> tuple[str, float, int]:
    """The unit with "a day", "per hour"... to it, what to multiply by, and where the quantity's window ends."""
    stop = next((k for k in range(after, after + 6) if not tokens.word(k)[:1].isalpha() and tokens.word(k) != "/"), after + 6)
    for at in dict.fromkeys((end, *range(after, stop))):
        slash = tokens.word(at) == "/" and tokens.glued(at) and tokens.glued(at + 1)
        period = {"h": "hour", "s": "second"}.get(tokens.word(at + 1), tokens.word(at + 1)) if slash else tokens.word(at + 1)
        timed = slash or tokens.word(at) in {"a", "an", "per", "each", "every"}
        if timed and period in _PERIODS and tokens.word(at + 2) not in {"earlier", "ago", "before", "later", "after", "old"}:
            factor = _HOURS.get(period, 1.0)
            unit = f"{amount.unit}/{'hour' if period in _HOURS else period}"
            # a count's window ends before its noun, so a rate after the noun stays outside
            return unit, factor, at + 2 if at == end else end
    return amount.unit, 1.0, end


def _is_part(tokens: _Tokens, at: int, end: int) -> bool:
    before = tokens.before(at, 3)
    counted_in = {"including", "among"} & set(before) or before[:2] in (["which", "of"], ["whom", "of"], ["them", "of"], ["them", "among"])
    return bool(counted_in) or (tokens.word(end) == "of" and tokens.word(end + 1) in _PART_OF)


def _role(tokens: _Tokens, at: int, number: int, end: int, *, changed: bool = True) -> Role:
    """Whether the words around say that this is what a claim is compared with, or only a change.

    The number ends before the token `number`, what it counts before `end`.
    """
    before = tokens.before(at, 12)
    near, nearest = set(before[:4]), before[0] if before else ""
    compared = {"than", "compared", "versus", "vs"} & near or _FORMER & set(before[:8]) or before[:2] == ["against", ","]
    moved = nearest in {"from", "by", "of"} and changed and _CHANGES & set(before[1:] if nearest == "from" else before[1:3])
    since = nearest == "from" and any(word[:1].isdigit() for word in before[1:4]) and "to" in before[1:6]
    added = nearest in {"another", "further", "additional", "extra"} or bool({"adds", "added", "adding", "add"} & set(before[:8]))
    increment = any(tokens.word(k) in _MORE for k in range(number, end + 1))
    return Role.COMPARISON if compared or moved or since or added or increment or _former_after(tokens, end) else Role.CLAIM


def _former_after(tokens: _Tokens, end: int) -> bool:
    words = [tokens.word(k) for k in range(end, end + 7)]
    sentence = next((k for k, word in enumerate(words) if word in {".", ";", ",", "and", "but"}), len(words))
    words = words[:sentence]
    if {"originally", "previously", "initially"} & set(words[:5]):
        return True
    if "first" in words and {"reported", "counted", "announced", "thought", "estimated"} & set(words[words.index("first") :]):
        return True
    backwards = {"earlier", "before", "ago", "previously"}
    return any(a in _PERIODS and b in backwards for a, b in pairwise(words[:5])) or words[:2] == ["the", "previous"]


# --- one amount ---


def _amount(tokens: _Tokens, at: int) -> _Amount | None:
    """The number at the token with its currency, scale and unit."""
    currency, first = _currency(tokens, at)
    number = _digits(tokens, first, money=bool(currency)) or (None if currency else _written(tokens, first))
    if number is None:
        return None
    if currency:
        return replace(number, first=at, unit=currency, kind=Kind.MONEY)
    if tokens.word(at - 1) == "aged":
        return replace(number, unit="year", kind=Kind.MEASURE, aged=True)
    return _with_unit(tokens, number)


def _currency(tokens: _Tokens, at: int) -> tuple[str, int]:
    """The currency before a number, and the number's token; "" where there is none."""
    token = tokens.get(at)
    if token is None:
        return "", at
    if token.text in _SYMBOLS:
        return _SYMBOLS[token.text], at + 1
    if tokens.word(at + 1) == "$" and tokens.glued(at + 1) and token.low in _DOLLARS and token.capital:
        return _DOLLARS[token.low], at + 2
    return (token.text, at + 1) if token.text in _CODES else ("", at)


def _digits(tokens: _Tokens, at: int, *, money: bool) -> _Amount | None:
    token = tokens.get(at)
    if token is None or not token.digits or len(token.text) > _LONGEST_NUMBER:
        return None
    value, decimals = float(token.text.replace(",", "")), len(token.text.partition(".")[2])
    scale, end = _scale_after(tokens, at + 1, money=money)
    bare = end == at + 1
    plain = bare and len(token.text) == 4 and token.text.isdigit() and 1500 <= value <= 2099
    place = 0.5 * 10.0**-decimals * scale
    if bare and not decimals and value >= _ROUNDED_FROM:
        zeros = len(token.text) - len(token.text.rstrip("0,")) - token.text[len(token.text.rstrip("0,")) :].count(",")
        place *= 10.0 ** min(zeros, len(str(int(value))) - 2)
    return _Amount(at, end, value * scale, place, scale, plain=plain)


def _scale_after(tokens: _Tokens, at: int, *, money: bool) -> tuple[float, int]:
    word = tokens.word(at)
    if tokens.glued(at) and word in _GLUED_SCALES and (word in {"bn", "tn", "mn"} or money or (word == "m" and _noun(tokens, at + 1, 0)[0])):
        return _GLUED_SCALES[word], at + 1
    hyphen = 1 if word == "-" and tokens.glued(at) and tokens.word(at + 1) in _SCALES else 0
    scale, end = 1.0, at + hyphen
    while tokens.word(end) in _SCALES and end < at + 3:
        scale, end = scale * _SCALES[tokens.word(end)], end + 1
    if scale == 1.0 and not tokens.glued(at) and money and word in {"bn", "tn", "m"}:
        return _GLUED_SCALES[word], at + 1
    return (scale, end) if scale > 1 else (1.0, at)


def _written(tokens: _Tokens, at: int) -> _Amount | None:
    """A number in words: twenty-one, a hundred and five, two and a half million, half a dozen."""
    first, word = at, tokens.word(at)
    if word in {"a", "half"}:
        first += 2 if (word, tokens.word(at + 1)) == ("half", "a") else 1
        if tokens.word(first) not in _SCALES or tokens.word(at - 1) == "of" or (word == "half" and first == at + 1):
            return None
        value, end = _chain(tokens, first, 0.5 if word == "half" else 1.0)
        return _Amount(at, end, value, _written_place(value, tokens, first), _largest_scale(value), written=True)
    value, end = _below_hundred(tokens, at)
    if not value:
        return None
    value, end = _chain(tokens, end, value)
    following = tokens.word(end) if tokens.word(end) != "-" else tokens.word(end + 1)
    if following in _FRACTIONS or following in _CARDINALS or following in _TENS:
        return _Amount(at, end + 2, math.nan, 0.0)
    return _Amount(at, end, value, _written_place(value, tokens, end - 1), written=True)


def _written_place(value: float, tokens: _Tokens, last: int) -> float:
    scale = _SCALES.get(tokens.word(last), 1.0)
    return scale / 2 if scale >= _ROUNDED_FROM and value % scale == 0 else 0.5


def _largest_scale(value: float) -> float:
    return max((scale for scale in _SCALES.values() if scale <= value), default=1.0)


def _chain(tokens: _Tokens, at: int, value: float) -> tuple[float, int]:
    """`value` times and plus what follows it: [two] hundred [and] fifty thousand; at most twelve words."""
    total = 0.0
    for _ in range(6):
        if [tokens.word(k) for k in range(at, at + 3)] == ["and", "a", "half"]:
            value, at = value + 0.5, at + 3
        scale = _SCALES.get(tokens.word(at), 0.0)
        if scale:
            value, at = value * scale, at + 1
            while tokens.word(at) in _SCALES and tokens.word(at) != "dozen" and _SCALES[tokens.word(at)] >= scale:
                value, at = value * _SCALES[tokens.word(at)], at + 1
        linked = at + 1 if tokens.word(at) == "and" else at
        more, end = _below_hundred(tokens, linked)
        if not scale or not more or scale == 12 or tokens.word(end) in {"of", "more"}:
            break
        if _SCALES.get(tokens.word(end), 0.0) > scale or (tokens.word(end) != "hundred" and value % 1000 and tokens.word(end) in _SCALES):
            value, at = value + more, end
            continue
        total, value, at = total + value, more, end
        if tokens.word(at) not in _SCALES:
            break
    return total + value, at


def _below_hundred(tokens: _Tokens, at: int) -> tuple[int, int]:
    """One to ninety-nine in words, and the token after it; 0 where there is none."""
    word = tokens.word(at)
    if word in _CARDINALS:
        return _CARDINALS[word], at + 1
    if word not in _TENS:
        return 0, at
    unit = at + 2 if tokens.word(at + 1) in _DASHES and tokens.glued(at + 1) else at + 1
    one = _CARDINALS.get(tokens.word(unit), 10)
    return (_TENS[word] + one, unit + 1) if one < 10 else (_TENS[word], at + 1)


def _with_unit(tokens: _Tokens, number: _Amount) -> _Amount:
    found = _unit(tokens, number.end)
    if found is None:
        labelled = "magnitude" in tokens.before(number.first, 2)[:2] and tokens.word(number.first - 1) in {"magnitude", "of"}
        return replace(number, unit="magnitude", kind=Kind.MEASURE, plain=False) if labelled else number
    kind, unit, factor, end = found
    if unit == "pound" and number.scale >= 1e6:
        kind, unit = Kind.MONEY, "GBP"
    amount = replace(number, end=end, value=number.value * factor, place=number.place * factor, factor=factor, unit=unit, kind=kind, plain=False)
    if kind is Kind.MEASURE and unit in {"year", "hour"}:
        old = end + 1 if tokens.word(end) == "-" else end
        if tokens.word(old) in {"old", "olds"}:
            return replace(amount, end=old + 1, aged=True)
    return _compound(tokens, amount, factor)


def _compound(tokens: _Tokens, amount: _Amount, factor: float) -> _Amount:
    """Two hours and 30 minutes; 6 ft 2 inches."""
    at = amount.end + (tokens.word(amount.end) == "and")
    rest = _digits(tokens, at, money=False) or _written(tokens, at)
    found = _unit(tokens, rest.end) if rest and amount.kind is Kind.MEASURE else None
    if rest is None or found is None or found[1] != amount.unit or found[2] >= factor:
        return amount
    return replace(amount, end=found[3], value=amount.value + rest.value * found[2], place=rest.place * found[2])


def _unit(tokens: _Tokens, at: int) -> tuple[Kind, str, float, int] | None:
    """The unit at the token: its kind, its base unit, what one of it is in that, the token after it."""
    word = tokens.word(at)
    if word == "-" and tokens.glued(at) and tokens.glued(at + 1) and tokens.word(at + 1) in _UNITS:
        return Kind.MEASURE, *_UNITS[tokens.word(at + 1)], at + 2
    if word == "-" and tokens.word(at + 1) in {"percent", "per"}:
        return _unit(tokens, at + 1)
    return _percent(tokens, at) or _money_word(tokens, at) or _measure(tokens, at)


def _percent(tokens: _Tokens, at: int) -> tuple[Kind, str, float, int] | None:
    word, following = tokens.word(at), tokens.word(at + 1)
    if word in {"percentage", "percent"} and following.startswith("point"):
        return Kind.PERCENT, "% point", 1.0, at + 2
    if word in {"%", "percent"} or (word == "pc" and tokens.glued(at)):
        return Kind.PERCENT, "%", 1.0, at + 1
    return (Kind.PERCENT, "%", 1.0, at + 2) if (word, following) == ("per", "cent") else None


def _money_word(tokens: _Tokens, at: int) -> tuple[Kind, str, float, int] | None:
    token = tokens.get(at)
    if token is None:
        return None
    following = tokens.word(at + 1)
    if token.low in _NATIONAL and following in {"dollar", "dollars"}:
        return Kind.MONEY, _NATIONAL[token.low], 1.0, at + 2
    if token.low in {"pound", "pounds"} and following == "sterling":
        return Kind.MONEY, "GBP", 1.0, at + 2
    unit = _MONEY_WORDS.get(token.low, token.text if token.text in _CODES else "")
    return (Kind.MONEY, unit, 1.0, at + 1) if unit else None


def _measure(tokens: _Tokens, at: int) -> tuple[Kind, str, float, int] | None:
    word, following = tokens.word(at), tokens.word(at + 1)
    if word in {"square", "sq", "cubic"} and _UNITS.get(following, ("", 0))[0] == "m":
        power = 3 if word == "cubic" else 2
        return Kind.MEASURE, f"m{power}", _UNITS[following][1] ** power, at + 2
    if word in {"km", "m"} and following == "/" and tokens.word(at + 2) in {"h", "hr", "hour"} and tokens.glued(at + 1) and tokens.glued(at + 2):
        return Kind.MEASURE, "m/hour", _UNITS["km"][1] if word == "km" else 1.0, at + 3
    if word in {"km²", "m²", "m³"}:
        return Kind.MEASURE, word[-2].replace("k", "m") + {"²": "2", "³": "3"}[word[-1]], 1e6 if word == "km²" else 1.0, at + 1
    if word in {"°", "degrees"} and following in {"c", "celsius", "f", "fahrenheit"}:
        return Kind.MEASURE, f"°{following[0].upper()}", 1.0, at + 2
    if word == "m" and following in {"tall", "high", "long", "wide", "deep", "above", "below", "away"}:
        return Kind.MEASURE, "m", 1.0, at + 1
    return (Kind.MEASURE, *_UNITS[word], at + 1) if word in _UNITS else None


# --- what is counted, and what is no number of anything ---


def _noun(tokens: _Tokens, at: int, value: float) -> tuple[str, Span, int]:
    """The head noun of what follows, the window of its phrase, and the token after it; "" where there is none.

    Without a grammar, the head is the first plural, or the second of two that
    stand together ("sports clubs"); after "one" it is the last word of the run.
    """
    first = _phrase_start(tokens, at)
    head, last = None, None
    for k in range(first, min(first + 8, len(tokens.all))):
        token = tokens.all[k]
        if token.low in _MARKS or (token.low in _DASHES and tokens.glued(k) and tokens.glued(k + 1)):
            continue
        if not token.text[0].isalpha() or _ends_phrase(tokens, k, first):
            break
        last = k if not token.low.endswith(("ed", "ing", "ly")) else last
        if _is_plural(tokens, k):
            head = k
        elif head is not None:
            break
    if head is None and first < len(tokens.all) and tokens.word(first) in _PEOPLE_WHO:
        head = first
    if head is None and value == 1:
        head = last
    if head is None:
        return "", tokens.span(at, at), at
    return singular(tokens.word(head)), tokens.span(first, head + 1), head + 1


def _noun_before(tokens: _Tokens, at: int) -> tuple[str, Span]:
    """What is counted where it stands first: "the number of stations reached 102", "the death toll is 54"."""
    if {"toll", "of"}.isdisjoint(tokens.before(at, 12)):
        return "", tokens.span(at, at)
    for k in range(at - 1, max(0, at - 12), -1):
        if tokens.word(k) in {".", ";", "!", "?", ","}:
            break
        if tokens.word(k) == "toll":
            return "toll", tokens.span(k, k + 1)
        if tokens.word(k) == "of" and tokens.word(k - 1) in {"number", "count", "total"}:
            return _noun(tokens, k + 1, 0)[:2]
    return "", tokens.span(at, at)


def _phrase_start(tokens: _Tokens, at: int) -> int:
    """Past "of the" and opening quotation marks."""
    if tokens.word(at) == "of":
        at += 2 if tokens.word(at + 1) in _PART_OF else 1
    while tokens.word(at) in _MARKS:
        at += 1
    return at


def _ends_phrase(tokens: _Tokens, at: int, first: int) -> bool:
    word = tokens.word(at)
    if word == "so" and tokens.word(at + 1) in _DASHES:
        return False
    if word == "such" or (at == first and word in _MORE):
        return False
    return word in _STOP or word in _WEEKDAYS or _month_number(tokens, at) > 0 or word in _CARDINALS


def _is_plural(tokens: _Tokens, at: int) -> bool:
    word = tokens.word(at)
    if word == "police":
        return not tokens.word(at + 1)[:1].isalpha() or tokens.word(at + 1) in _STOP
    if "'" in word or "’" in word or (len(word) < 4 and word not in _PLURALS):
        return False
    return word in _PLURALS or word.endswith("men") or (word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _NO_PLURALS)


def _plausible(tokens: _Tokens, amount: _Amount) -> bool:
    """Whether the number stands free, and neither a label nor a name stands before it."""
    if math.isnan(amount.value) or not tokens.free_before(amount.first):
        return False
    if not amount.unit and _month_number(tokens, amount.end):
        return False  # a day that its month does not have
    first = tokens.all[amount.first]
    if amount.written and first.capital and not tokens.starts_sentence(amount.first):
        return False  # the Group of Seven
    if amount.value == 1 and amount.written and tokens.word(amount.first - 1) in _BEFORE_NO_ONE:
        return False
    return not _labelled(tokens, amount) and not _ratio(tokens, amount) and (bool(amount.unit) or not _called(tokens, amount))


def _labelled(tokens: _Tokens, amount: _Amount) -> bool:
    label = tokens.word(amount.first - 1)
    if label == "." and tokens.word(amount.first - 2) in {"no", "nos"}:
        label = "no"
    return label == "#" or (label in _LABELS and not amount.unit and not amount.written)


def _ratio(tokens: _Tokens, amount: _Amount) -> bool:
    """One in five; nine out of ten; the second half of them; digits side by side, as in a telephone number."""
    neighbours = [tokens.get(amount.first - 1), tokens.get(amount.end)]
    if not amount.unit and tokens.all[amount.first].digits and any(token is not None and token.digits for token in neighbours):
        return not amount.scale > 1
    out_of = {"in": 1, "out": 2}.get(tokens.word(amount.end), 0)
    other = _amount_word(tokens, amount.end + out_of) if out_of else False
    back = tokens.before(amount.first, 3)
    half = (back[:1] == ["in"] and _is_number(back[1:2])) or (back[:2] == ["of", "out"] and _is_number(back[2:3]))
    return other or half


def _amount_word(tokens: _Tokens, at: int) -> bool:
    token = tokens.get(at)
    return token is not None and ((token.digits and len(token.text) < 4) or token.low in _CARDINALS) and not _month_number(tokens, at + 1)


def _is_number(words: list[str]) -> bool:
    return bool(words) and (words[0] in _CARDINALS or (words[0].isascii() and words[0].isdigit() and len(words[0]) < 4))


def _called(tokens: _Tokens, amount: _Amount) -> bool:
    """Whether a capitalised word right before a number in digits makes it part of a name, as in "Boeing 747"."""
    before = tokens.get(amount.first - 1)
    if amount.written or before is None or not before.capital or tokens.glued(amount.first):
        return False
    if before.low in _NAMES_NOTHING or before.low.endswith("ing"):
        return False
    return tokens.word(amount.first - 2) not in {"in", "across", "for", "at", "near"} or not _noun(tokens, amount.end, 0)[0]


def _named(tokens: _Tokens, at: int) -> bool:
    """Whether a number that counts nothing named stands before a name, as in an address."""
    before = tokens.get(at - 1)
    return before is not None and before.capital and before.low not in _STOP and not tokens.starts_sentence(at - 1) and not before.low.endswith("s")


# --- the whole text ---


def _resolved(text: str, found: list[tuple[Quantity, ...]]) -> Iterator[Quantity]:
    """Every quantity once: a sum as its parts, for comparison, where the same sentence states a total of its own."""
    for at, (total, *parts) in enumerate(found):
        near = [readings[0] for readings in found[max(0, at - 4) : at + 5] if len(readings) == 1]
        stated = parts and any(claim.role is Role.CLAIM and _states(text, claim, total) for claim in near)
        yield from parts if stated else [total]


def _states(text: str, claim: Quantity, total: Quantity) -> bool:
    between = text[min(claim.span.end, total.span.end) : max(claim.span.start, total.span.start)]
    same = claim.kind is Kind.COUNT and claim.unit == "" and (not total.noun or claim.noun in {"", total.noun})
    return same and not _SENTENCE_END.search(between)
