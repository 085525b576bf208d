"""A window into its quantities: days, and numbers with what bounds them and what they count, unless they stand in a name, a label or an address."""

import math
import re

from rag.english.words import CARDINALS, DEMONSTRATIVES, DETERMINERS, MONTHS, NEAR_DAYS, NOT_COUNTED
from rag.types import Span
from rag.values.dates import dated
from rag.values.nouns import MORE, WHOLES, Noun, noun, noun_before
from rag.values.numbers import ABOUT, BOUNDS_AFTER, BOUNDS_BEFORE, Number, amount, bound, coordinated, opened, range_from
from rag.values.quantity import Quantity, Reading, ValueKind
from rag.values.tokens import Tokens
from rag.values.units import rate

_CLOCK = re.compile(r"\s?(?:[ap]\.?\s?m\b|o[’']clock|gmt\b|bst\b|est\b|hrs\b)", re.IGNORECASE)
# After these a time is a moment, not a length of time.
_MOMENTS = frozenset("ago earlier later before after".split())
_PART_OF = frozenset("including among".split())
_OF_WHICH = (["which", "of"], ["whom", "of"])
# A number after one of these is a name or a place in an order: "page 12", "No. 10".
_LABELS = frozenset(
    "article section chapter page pages paragraph part act season episode issue volume version no nos number area room level phase class type grade "
    "size top step line table figure route flight channel game team day week".split()
)
# What may stand before a number with a capital and names nothing, as at the head of a sentence.
_NAMES_NOTHING = NOT_COUNTED | DETERMINERS | NEAR_DAYS | frozenset(MONTHS)
_BEFORE_NO_ONE = DEMONSTRATIVES | frozenset("no the any which number".split())
_AFTER_NO_ONE = frozenset("of or to more another thing point way hand side time".split())
_STREETS = frozenset("street road avenue square drive".split())
_PEOPLE = frozenset("people men women children".split())
# A month or a year, in days: what a number may be of. A single day is more often that of the event, or of the telling.
_SHORTEST, _LONGEST = 27, 366


def quantities(text: str, window: Span) -> list[Quantity]:
    """The quantities within `window` of `text`, in order, no two overlapping."""
    tokens = Tokens(text, window)
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        starts = tokens.free_before(at) or not tokens.digits(at)
        quantity, at = (starts and (dated(tokens, at) or _counted(tokens, at))) or (None, at + 1)
        if quantity:
            found.append(quantity)
    return found


def figures(text: str) -> list[tuple[float, str] | str]:
    """The numbers of a text but "one", in order, each with its currency or unit, whatever they count; one that cannot be read as it is written."""
    tokens = Tokens(text, Span(0, len(text)))
    found: list[tuple[float, str] | str] = []
    at = 0
    while at < len(tokens):
        number = amount(tokens, at)
        if number is None:
            found += [tokens.texts[at]] if tokens.digits(at) else []
        elif number.value != 1 or not number.written:
            found.append((number.value, number.unit))
        at = number.end if number else at + 1
    return found


def periods(text: str, window: Span) -> tuple[Quantity, ...]:
    """The months and years that `window` of `text` names."""
    return tuple(value for value in quantities(text, window) if value.kind is ValueKind.DATE and _SHORTEST <= value.high - value.low <= _LONGEST)


def _counted(tokens: Tokens, at: int) -> Reading | None:
    """The quantity that begins at the token, with the words that bound it; none in it where a number is no quantity."""
    side, first = bound(BOUNDS_BEFORE, tokens, at)
    between = tokens.words[first] == "between"
    low = amount(tokens, first + between)
    if low is None:
        return None
    if math.isnan(low.value) or (low.first == at and not _stands_for_itself(tokens, low)):
        return None, low.end
    ends = range_from(tokens, low)
    if ends is None and between:
        return (None, low.end) if tokens.words[low.end] == "and" else None
    if ends is None and (end := coordinated(tokens, low)):
        return None, end
    if ends is None and (not tokens.free_after(low.end) or _CLOCK.match(tokens.text, tokens.span(low.first, low.end).end)):
        return None, low.end
    return _quantity(tokens, at, *(ends or (low, low)), side)


def _quantity(tokens: Tokens, at: int, low: Number, high: Number, side: str) -> Reading:
    """The quantity from the token `at` on, with what follows it: "or more", what is counted, "a day"."""
    end = high.end
    if not side:
        side, end = bound(BOUNDS_AFTER, tokens, end)
    head, thing, after = _counted_thing(tokens, at, high, end)
    if head and low.value < 0:
        return None, at + 1  # there are no fewer people than none: the minus is a dash
    unit, factor, end = rate(tokens, high.unit, end, after)
    moment = low.kind is ValueKind.MEASURE and tokens.words[end] in _MOMENTS
    if moment or not _counts(tokens, at, low, head, side):
        return None, end
    ends = opened(low.value * factor, high.value * factor, side)
    place = max(low.place, high.place) * factor
    part = high.kind is ValueKind.COUNT and _is_part(tokens, at, high.end)
    return Quantity(tokens.span(at, end), *ends, unit, head, high.kind, thing, place, side == ABOUT, part), end


def _counted_thing(tokens: Tokens, at: int, high: Number, end: int) -> Noun:
    if high.aged:
        return Noun("age", tokens.span(end, end), end)
    following = noun(tokens, end, high.value)
    if following.head or high.kind is not ValueKind.COUNT:
        return following
    return noun_before(tokens, at)._replace(end=following.end)


def _is_part(tokens: Tokens, at: int, end: int) -> bool:
    """Whether the words around the number from `at` to `end` make it a part of another, or what is added: including 11, nine of them, 48 more."""
    before = tokens.before(at, 3)
    if not _PART_OF.isdisjoint(before) or before[:2] in _OF_WHICH or tokens.words[end] in MORE:
        return True
    return tokens.words[end] == "of" and tokens.words[end + 1] in WHOLES


def _stands_for_itself(tokens: Tokens, number: Number) -> bool:
    """Whether the number stands free, and neither a label nor a name stands before it."""
    first = number.first
    if not tokens.free_before(first):
        return False
    if not number.unit and tokens.month(number.end):
        return False  # a day that its month does not have
    if number.written and tokens.capital(first) and not tokens.starts_sentence(first):
        return False  # the Group of Seven
    if number.value == 1 and number.written and tokens.words[first - 1] in _BEFORE_NO_ONE:
        return False
    label = tokens.words[first - 1 - (tokens.words[first - 1] == ".")]
    if label in _LABELS and not number.unit and not number.written:
        return False
    return not (_ratio(tokens, number) or _called(tokens, number))


def _counts(tokens: Tokens, at: int, number: Number, head: str, side: str) -> bool:
    """Whether a number is one of things, `head`: not a year, an address, "one" as a pronoun, or something's name."""
    if number.unit:
        one = number.written and number.end - number.first == 2 and tokens.words[number.first] == "one"
        return not (one and number.unit in {"hour", "year"})  # "one day"
    if number.plain and not side and head not in _PEOPLE:
        return False
    if number.value == 1 and number.written and (not head or tokens.words[number.end] in _AFTER_NO_ONE):
        return False
    if tokens.words[number.end + 1] in _STREETS:
        return False
    # a number that counts nothing named, after a name, is a part of an address
    before = tokens.words[at - 1]
    return bool(head) or not tokens.capital(at - 1) or before in NOT_COUNTED or before.endswith("s") or tokens.starts_sentence(at - 1)


def _ratio(tokens: Tokens, number: Number) -> bool:
    """One in five; nine out of ten; the second half of them; digits side by side, as in a telephone number."""
    first, end = number.first, number.end
    if not number.unit and tokens.digits(first) and (tokens.digits(first - 1) or tokens.digits(end)):
        return not number.scale > 1
    out_of = {"in": 1, "out": 2}.get(tokens.words[end], 0)
    if out_of and _small(tokens, end + out_of):
        return True
    if tokens.words[first - 1] == "in":
        return _small(tokens, first - 2)
    return tokens.words[max(0, first - 2) : first] == ["out", "of"]


def _small(tokens: Tokens, at: int) -> bool:
    return tokens.words[at] in CARDINALS or (tokens.digits(at) and len(tokens.words[at]) < 4)


def _called(tokens: Tokens, number: Number) -> bool:
    """Whether a capitalised word right before a bare number in digits makes it part of a name, as in "Boeing 747"."""
    at = number.first
    if number.unit or number.written or not tokens.capital(at - 1):
        return False
    if tokens.words[at - 1] in _NAMES_NOTHING or tokens.words[at - 1].endswith("ing"):
        return False
    return tokens.words[at - 2] not in {"in", "across", "for", "at", "near"} or not noun(tokens, number.end).head
