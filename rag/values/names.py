"""Numbers that are no numbers of things: in names, labels, ratios and addresses."""

from rag.english.words import CARDINALS, MONTHS, NEAR_DAYS, NOT_COUNTED
from rag.values.nouns import noun
from rag.values.numbers import Number
from rag.values.tokens import Tokens

# A number after one of these is a name or a place in an order: "Article 5", "page 12", "No. 10".
_LABELS = frozenset(
    (
        "article section route flight boeing airbus chapter no nos number page pages paragraph channel highway interstate room level phase stage "
        "class type apollo covid covid-19 formula act season episode part grade tier unit platform line gate ward district precinct top size "
        "motorway junction sector zone block area version model mark resolution protocol rule amendment proposition bill law directive psalm verse "
        "volume issue figure table step round game match week day lot pier terminal berth reactor shaft well plan mission car bus train tram team "
        "under-"
    ).split()
)
# What may stand before a number at the head of a sentence and names nothing.
_COUNTING = frozenset("another only altogether further additional exactly precisely these those all some most first then police officials".split())
_NAMES_NOTHING = NOT_COUNTED | NEAR_DAYS | _COUNTING | frozenset(MONTHS)
_BEFORE_NO_ONE = frozenset("no the this that any every each some another which number".split())
_AFTER_NO_ONE = frozenset(
    "of another day thing way point time hand side who that which is was has for by and or to in on at more year week month".split()
)
_STREETS = frozenset("street road avenue lane square drive".split())
_PEOPLE = frozenset("people men women children deaths".split())


def stands_for_itself(tokens: Tokens, number: Number) -> bool:
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
    return not (_labelled(tokens, number) or _ratio(tokens, number) or _called(tokens, number))


def counts(tokens: Tokens, at: int, number: Number, head: str, side: str) -> bool:
    """Whether a number is one of things, `head`: not a year, an address, "one" as a pronoun, or something's name."""
    if number.unit:
        one = number.written and number.end - number.first == 2 and tokens.words[number.first] == "one"
        return not (one and number.unit in {"hour", "year"})  # "one day"
    if number.plain and not side and head not in _PEOPLE:
        return False
    if number.value == 1 and number.written and (not head or tokens.words[number.end] in _AFTER_NO_ONE):
        return False
    if tokens.capital(number.end) and tokens.words[number.end + 1] in _STREETS:
        return False
    return bool(head) or not _named(tokens, at)


def _labelled(tokens: Tokens, number: Number) -> bool:
    label = tokens.words[number.first - 1]
    if label == "." and tokens.words[number.first - 2] in {"no", "nos"}:
        label = "no"
    return label == "#" or (label in _LABELS and not number.unit and not number.written)


def _ratio(tokens: Tokens, number: Number) -> bool:
    """One in five; nine out of ten; the second half of them; digits side by side, as in a telephone number."""
    first, end = number.first, number.end
    if not number.unit and tokens.digits(first) and (tokens.digits(first - 1) or tokens.digits(end)):
        return not number.scale > 1
    out_of = {"in": 1, "out": 2}.get(tokens.words[end], 0)
    if out_of and _small(tokens, end + out_of) and not tokens.month(end + out_of + 1):
        return True
    if tokens.words[first - 1] == "in":
        return _small(tokens, first - 2)
    return tokens.words[max(0, first - 2) : first] == ["out", "of"] and _small(tokens, first - 3)


def _small(tokens: Tokens, at: int) -> bool:
    return tokens.words[at] in CARDINALS or (tokens.digits(at) and len(tokens.words[at]) < 4)


def _called(tokens: Tokens, number: Number) -> bool:
    """Whether a capitalised word right before a bare number in digits makes it part of a name, as in "Boeing 747"."""
    at = number.first
    if number.unit or number.written or not tokens.capital(at - 1) or tokens.glued(at):
        return False
    before = tokens.words[at - 1]
    if before in _NAMES_NOTHING or before.endswith("ing"):
        return False
    return tokens.words[at - 2] not in {"in", "across", "for", "at", "near"} or not noun(tokens, number.end).head


def _named(tokens: Tokens, at: int) -> bool:
    """Whether a number that counts nothing named stands before a name, as in an address."""
    before = tokens.words[at - 1]
    return tokens.capital(at - 1) and before not in NOT_COUNTED and not tokens.starts_sentence(at - 1) and not before.endswith("s")
