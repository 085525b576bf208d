"""Quotes into differences: where articles give different values for what the question asks.

A difference in print that is none does more harm than one that is missed. So
an article has one value here, its claim nearest to the question's words, and
two values are set side by side only when nothing says that they are about
different things: another fate, another place, another year, a part of a whole.
Nor is a plan set beside what happened, nor beside the plan that replaced it:
that is a development, and what an article denies is no value of its own.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, takewhile

from rag.copies import near_copies
from rag.types import Difference, Quote, Span, Value
from rag.values import Kind, Quantity, Role, Standing, agree, quantities, singular, standing, wanted

# At least this share of the question's other words must stand in the value's sentence, or above it in the title.
# Counts have their noun besides, so the rest may say less.
_COVERED = 0.5
_COVERED_OTHERWISE = 0.6
# A number that the question does not ask for needs more.
_COVERED_UNASKED = 0.75
# At least this share of the names in the question must stand in the article.
_NAMED = 2 / 3
# What is looked at around a value, in characters of its sentence and in other values, and how many things a question may
# ask for: they hold the work to a text's length, however long its sentences are.
_NEAR = 400
_NEIGHBOURS = 6
_MOST_ASKED = 4


def differences(question: str, quotes: Sequence[Quote]) -> tuple[Difference, ...]:
    """What the quotes' articles give different values for, of what the question asks; nothing where they agree.

    Values stand in order of publication, undated ones last, then by quote. One
    that agrees with another is listed too, but makes no difference alone. A
    near-copy (`rag.copies`) is counted once, as the first; it is listed beside
    that only where a later day's version has changed the value itself.
    """
    return tuple(_differing(asked, claims) for asked in _asked(question) for claims in _comparable(asked, quotes))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question wants a value of, and the words that say of what."""

    kind: Kind
    units: frozenset[str] | None  # None: any
    noun: str
    modifiers: frozenset[str]
    fates: frozenset[str]
    words: tuple[str, ...]  # stems, in order; the last is what must stand in the value's sentence
    names: frozenset[str]
    places: frozenset[str]
    years: frozenset[int]
    asked: frozenset[str]  # all words, in lower case
    wanted: Standing
    about: str
    least: float  # the share of `words` that must be there
    size: str  # "long", "deep"...: which of a thing's measures


@dataclass(frozen=True, slots=True)
class _Claim:
    """An article's value, and what its sentence says that it holds for."""

    quantity: Quantity
    quote: Quote
    number: int
    standing: Standing
    fate: str
    places: frozenset[str]
    dates: tuple[Quantity, ...]
    rank: tuple[float, ...]

    @property
    def order(self) -> tuple[bool, date, int, Span]:
        published = self.quote.article.published
        return published is None, published or date.min, self.number, self.quantity.span


# --- the question ---

_PEOPLE = frozenset("person people victim casualty life death fatality dead toll other injured wounded injury missing hurt homeless".split())
_FATES = {
    word: fate
    for fate, words in {
        "death": "killed kill kills killing died die dies dying dead death deaths fatalities fatality fatal toll deadly perished drowned lives",
        "injury": "injured injure injures injuring injury injuries wounded wounding hurt",
        "missing": "missing unaccounted disappeared",
        "arrest": "arrested arrest arrests arresting detained detain jailed",
        "flight": "evacuated evacuate evacuating displaced fled evacuations evacuees",
        "homeless": "homeless",
        "rescue": "rescued rescue rescues rescuing saved freed survived survivors",
        "trapped": "trapped trap traps trapping stranded",
        "infected": "infected hospitalised hospitalized vaccinated",
    }.items()
    for word in words.split()
}
# What has been done to some of a kind: a value of those is not a value of all.
_RESTRICTIONS = frozenset(
    "new closed closing former remaining other extra suspected empty damaged destroyed shut closed opened added investigated raided inspected burned "
    "burnt lost sold local regional foreign planned proposed secret temporary second-hand reopened abandoned cancelled delayed affected".split()
)
_GENERIC = frozenset(
    "have operate run exist count report know say now find record identify list there total many much number overall altogether currently actually "
    "be make do get happen so far today latest far exactly worldwide globally did does new group according set reach confirm "
    "estimat estimate rise risen climb stand amount".split()
)
_STOP = frozenset(
    "a an the of in on at by to for from with and or but is are was were be been being has have had do does did will would can could may might "
    "should must shall what which who whom whose when where why how that this these those there it its their his her our your my we they he she i "
    "you as than then into over under about after before since until during between through out up down off not no any some all if s also just more "
    "most such so far long tall high deep wide old big large heavy fast strong hot cold warm percentage percent per cent proportion rate year date "
    "day month magnitude".split()
)
_WHEREABOUTS = frozenset("in at across around throughout outside inside within near off".split())
_MONTHS_AND_DAYS = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday "
    "mr mrs ms dr".split()
)
_IRREGULAR = {
    "sank": "sink", "sunk": "sink", "built": "build", "broke": "break", "broken": "break", "began": "begin", "begun": "begin", "fell": "fall",
    "fallen": "fall", "struck": "strike", "won": "win", "spent": "spend", "lost": "lose", "rose": "rise", "held": "hold", "found": "find",
    "paid": "pay", "sold": "sell", "bought": "buy", "left": "leave", "burnt": "burn", "stolen": "steal", "stole": "steal", "grew": "grow",
    "died": "die", "dies": "die", "dead": "die", "death": "die", "deaths": "die", "flew": "fly", "ran": "run", "has": "have", "had": "have",
    "knew": "know", "known": "know", "said": "say", "made": "make", "took": "take", "taken": "take", "became": "become", "came": "come",
    "hit": "hit", "overseas": "abroad", "length": "long", "height": "high", "depth": "deep",
}  # fmt: skip
_MONEY = frozenset("cost price budget bill fine value profit revenue loss damage debt donation salary fee fund worth spend pay raise".split())
_LENGTH = frozenset({"m"})
_SIZES = {
    "long": frozenset({"m", "hour", "year"}), "far": _LENGTH, "tall": _LENGTH, "high": _LENGTH, "deep": _LENGTH, "wide": _LENGTH,
    "old": frozenset({"year"}), "big": frozenset({"m2", "m3", "m", "l"}), "large": frozenset({"m2", "m3", "m", "l"}),
    "heavy": frozenset({"kg", "ton", "pound"}), "fast": frozenset({"m/hour"}), "strong": frozenset({"magnitude", "m/hour"}),
    "hot": frozenset({"°C", "°F", "degree"}), "cold": frozenset({"°C", "°F", "degree"}), "warm": frozenset({"°C", "°F", "degree"}),
}  # fmt: skip
_SAME_SIZE = {"tall": "high", "high": "high", "above": "high", "deep": "deep", "wide": "wide", "long": "long", "old": "old", "thick": "thick"}
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_HOW_MANY = re.compile(r"\bhow many\b|\b(?:number|count|total) of\b", re.IGNORECASE)
_HOW = re.compile(r"\bhow (long|far|tall|high|deep|wide|old|big|large|heavy|fast|strong|hot|cold|warm)\b", re.IGNORECASE)
_WHEN = re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month)\b", re.IGNORECASE)
_SHARE = re.compile(r"\b(?:percentage|per cent|percent|proportion|share|rate)\b|\bhow much of\b", re.IGNORECASE)
_HOW_MUCH = re.compile(r"\bhow much\b(?: (does|did|do|is|was|were|are|will|would|has|have|money))?", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20)[0-9]{2}\b", re.ASCII)
_NAME = r"[A-Z]\w{1,40}(?:[ -][A-Z]\w{1,40}){0,3}"
_WITHIN = r"[Ii]n|[Aa]t|[Nn]ear|[Aa]cross|[Tt]hroughout|[Oo]utside|[Ii]nside|[Ww]ithin|[Oo]ff|[Ff]rom"
_PLACE = re.compile(rf"\b(?:{_WITHIN}) (?:the )?({_NAME}|(?:north|south|east|west|capital)\b)")
_OWNER = re.compile(
    rf"\b({_NAME})(?: alone)? (?:has|had|have|hosts|hosted|saw|recorded|suffered|registered|counts|counted|lists) $|\b({_NAME})['’]s? $"
)
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+(?=[\"“‘(]?[^\W\d_a-z])")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be) (?:\w{1,20}ly )?(\w{2,20}(?:ed|en|lt|st))\b")
_DONE = frozenset("took sent left gave bought sold built lost kept hid shut burnt brought drove led met".split())
_CLAUSE_END = re.compile(r"[,;:()–—]|[.!?]\s|\s-\s")


def _asked(question: str) -> Iterator[_Asked]:
    """What the question wants values of; nothing for a question that wants none."""
    for match in islice(_HOW_MANY.finditer(question), _MOST_ASKED):
        yield _about_number(question, match.end())
    if _HOW_MANY.search(question):
        return
    how, much = _HOW.search(question), _HOW_MUCH.search(question)
    words = {singular(word) for word in _WORD.findall(question)}
    if {"death", "toll"} <= words:
        yield _about(question, Kind.COUNT, frozenset({""}), noun="person", head="toll")
    elif _WHEN.search(question):
        yield _about(question, Kind.DATE, None)
    elif "magnitude" in words:
        yield _about(question, Kind.MEASURE, frozenset({"magnitude"}))
    elif how:
        yield _about(question, Kind.MEASURE, _SIZES[how[1].lower()])
    elif _SHARE.search(question):
        yield _about(question, Kind.PERCENT, frozenset({"%"}))
    elif much and not much[1] and not words & _MONEY:
        yield _about(question, Kind.MEASURE, None)
    elif much or (question.lower().startswith("what") and words & _MONEY):
        yield _about(question, Kind.MONEY, None)
    else:
        yield from islice(_named(question), _MOST_ASKED)


def _about_number(question: str, after: int) -> _Asked:
    """How many of what: the phrase is read as if a number stood before it."""
    phrase = f"12 {question[after:].lstrip()}"
    read = quantities(phrase, Span(0, len(phrase)))
    first = read[0] if read and read[0].span.start == 0 else None
    if first is None or (first.kind is Kind.COUNT and not first.noun):
        return _about(question, Kind.COUNT, frozenset({""}), noun="person")
    thing = _WORD.findall(first.thing.of(phrase))
    return _about(question, first.kind, frozenset({first.unit}), noun=first.noun, head=thing[-1] if thing else "", thing=thing)


def _named(question: str) -> Iterator[_Asked]:
    """For a question that asks for no value, the things in the plural that it names."""
    for word in dict.fromkeys(_WORD.findall(question)):
        phrase = f"12 {word}"
        read = quantities(phrase, Span(0, len(phrase)))
        if word.islower() and read and read[0].noun and read[0].noun not in _PEOPLE and read[0].noun != word:
            yield replace(_about(question, Kind.COUNT, frozenset({""}), noun=read[0].noun, head=word), least=_COVERED_UNASKED)


def _about(question: str, kind: Kind, units: frozenset[str] | None, noun: str = "", head: str = "", thing: Sequence[str] = ()) -> _Asked:
    found = [(match.start(), match[0].removesuffix("'s").removesuffix("’s")) for match in _WORD.finditer(question)]
    names = frozenset(word.lower() for at, word in found if word[0].isupper() and at > 0 and word.lower() not in _MONTHS_AND_DAYS)
    modifiers = frozenset(word.lower() for word in thing[:-1]) - names - _STOP
    fates = frozenset(_FATES[word.lower()] for _, word in found if word.lower() in _FATES)
    plain = [
        (at, word)
        for at, word in found
        if word.lower() not in _STOP | names | modifiers and not {word.lower(), _stem(word)} & _GENERIC and word[0].isalpha()
        if word != head and singular(word) != noun and (kind is not Kind.COUNT or word.lower() not in _FATES)
    ]
    plain = _key_last(question, plain)
    size = _HOW.search(question)
    return _Asked(
        kind,
        units,
        noun,
        modifiers,
        fates if kind is Kind.COUNT else frozenset(),
        words=tuple(_stem(word) for _, word in plain),
        names=names,
        places=_places(question),
        years=frozenset(int(year) for year in _YEAR.findall(question)),
        asked=frozenset(word.lower() for _, word in found),
        wanted=wanted(question),
        about=head or (plain[-1][1] if plain else ""),
        least=_COVERED_OTHERWISE if kind is not Kind.COUNT else _COVERED,
        size=size[1].lower() if size else "",
    )


def _key_last(question: str, words: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The words with the one that says what happened last: not one in a phrase at the end, as in "opened to traffic"."""
    if len(words) > 1 and re.search(r"\b(?:in|on|at|of|to|for|from|by|near|with)(?: the| a| an| its)? $", question[: words[-1][0]]):
        return [words[-1], *words[:-1]]
    return words


def _stem(word: str) -> str:
    """A word without its common endings, to match opened with opening; no linguist's stem."""
    word = word.lower()
    word = _IRREGULAR.get(word) or _IRREGULAR.get(singular(word), singular(word))
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 4 else word


# --- the quotes ---


def _comparable(asked: _Asked, quotes: Sequence[Quote]) -> Iterator[list[_Claim]]:
    """The claims of different articles that are about one thing and do not all agree."""
    best: dict[tuple[str, str], _Claim] = {}
    for number, quote in enumerate(quotes):
        for claim in _claims(asked, quote, number):
            # an article says the same thing once; in two currencies it is two things
            known = best.get((quote.article.id, claim.quantity.unit if asked.kind is Kind.MONEY else ""))
            if known is None or claim.rank < known.rank:
                best[quote.article.id, claim.quantity.unit if asked.kind is Kind.MONEY else ""] = claim
    groups: list[list[_Claim]] = []
    for claim in _once(sorted(best.values(), key=lambda claim: claim.order)):
        group = next((group for group in groups if all(_same_thing(asked, claim, other) for other in group)), None)
        if group is None:
            groups.append([claim])
        else:
            group.append(claim)
    for group in groups:
        if any(not agree(a.quantity, b.quantity) for a in group for b in group):
            yield group


def _once(claims: Sequence[_Claim]) -> list[_Claim]:
    """Without the near-copies of earlier ones, but for a later day's with another value."""
    kept: list[_Claim] = []
    for claim in claims:
        if not any(_copies(known, claim) for known in kept):
            kept.append(claim)
    return kept


def _copies(first: _Claim, second: _Claim) -> bool:
    updated = first.quote.article.published != second.quote.article.published and not agree(first.quantity, second.quantity)
    return not updated and near_copies(first.quote.article.text, second.quote.article.text)


def _differing(asked: _Asked, claims: Sequence[_Claim]) -> Difference:
    values = [
        Value(claim.quantity.span.of(claim.quote.article.text), claim.number, claim.quantity.span, claim.quote.article.published) for claim in claims
    ]
    first = claims[0].quantity.thing.of(claims[0].quote.article.text)
    return Difference(asked.about or first or asked.kind.value, tuple(values))


def _claims(asked: _Asked, quote: Quote, number: int) -> Iterator[_Claim]:
    text = quote.article.text
    article = f"{quote.article.title}\n{text}".lower()
    if sum(_mentioned(name, article) for name in asked.names) < _NAMED * len(asked.names):
        return
    found = quantities(text, quote.span)
    ends = [quote.span.start, *(match.end() for match in _SENTENCE_END.finditer(text, quote.span.start, quote.span.end)), quote.span.end]
    for at, quantity in enumerate(found):
        sentence = bisect_right(ends, quantity.span.start)
        start, end = ends[sentence - 1], ends[min(sentence, len(ends) - 1)]
        near = Span(max(start, quantity.span.start - _NEAR), max(quantity.span.end, min(end, quantity.span.end + _NEAR)))
        inside = [other for other in found[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1] if near.covers(other.span)]
        claim = _claim(asked, quote, number, quantity, near, inside)
        if claim:
            yield claim


def _claim(asked: _Asked, quote: Quote, number: int, quantity: Quantity, sentence: Span, inside: Sequence[Quantity]) -> _Claim | None:
    """The quantity as the article's claim about what is asked, or None where it is about something else."""
    text = quote.article.text
    if not _of_kind(asked, text, quantity, sentence):
        return None
    fate = _fate(text, quantity, sentence, inside) if asked.kind is Kind.COUNT else ""
    if asked.kind is Kind.COUNT and not _is_asked(asked, text, quantity, fate):
        return None
    places = _restricting(text, quantity, sentence)
    titled = quote.article.title.lower()
    if asked.places and not all(_mentioned(place, text[sentence.start : sentence.end].lower() + titled) for place in asked.places):
        return None
    dates = () if asked.kind is Kind.DATE else tuple(_scope(quote, sentence, inside))
    if asked.years and dates and not any(_in_years(each, asked.years) for each in dates):
        return None
    rank = _rank(asked, quote, quantity, sentence)
    beyond = bool({place for place in places if not any(_alike(place, name) for name in asked.names | asked.places)})
    if rank is None:
        return None
    said = _said(asked, quote, quantity, sentence)
    return _Claim(quantity, quote, number, said, fate, places, dates, (beyond, *rank, number)) if said & asked.wanted else None


def _said(asked: _Asked, quote: Quote, quantity: Quantity, sentence: Span) -> Standing:
    """How the article says the value; a day that was still to come is no fact, unless it says that it will be."""
    said = standing(quote.article.text, sentence, quantity, asked.asked)
    return Standing.PLAN if said is Standing.FACT and _to_come(quantity, quote) else said


def _of_kind(asked: _Asked, text: str, quantity: Quantity, sentence: Span) -> bool:
    """Whether the value is the text's own claim, and of the kind, the unit and the dimension asked for."""
    if quantity.role is not Role.CLAIM or quantity.kind is not asked.kind or (asked.units is not None and quantity.unit not in asked.units):
        return False
    following = _WORD.search(text, quantity.span.end, min(sentence.end, quantity.span.end + 20))
    size = _SAME_SIZE.get(asked.size, asked.size)
    return asked.kind is not Kind.MEASURE or not following or _SAME_SIZE.get(following[0].lower(), size) == size


def _is_asked(asked: _Asked, text: str, quantity: Quantity, fate: str) -> bool:
    """Whether a count is of the things asked for, all of them, with the fate asked for."""
    if (fate or asked.fates) and fate not in asked.fates:
        return False
    people = asked.noun in _PEOPLE and bool(fate) and quantity.noun in _PEOPLE | {""}
    if quantity.noun != asked.noun and not people and not (fate and quantity.noun in {"dead", "toll", ""}):
        return False
    words = frozenset(word.lower() for word in _WORD.findall(quantity.thing.of(text))[:-1])
    following = _after_noun(text, quantity) if len(quantity.thing) else frozenset()
    known = {_stem(word) for word in asked.modifiers} | set(asked.words)
    if any(_stem(word) not in known for word in (words | following) & _RESTRICTIONS):
        return False
    if not fate and _befallen(text, quantity) - known:
        return False
    plain = {word for word in words if not word.startswith("so-") and word not in _STOP}
    named = {name for name in plain if any(_alike(name, other) for other in asked.names)}
    return not asked.modifiers or not plain - named or bool(plain & asked.modifiers)


def _after_noun(text: str, quantity: Quantity) -> frozenset[str]:
    """The words that may say of which of the things the count is ("stations closed"), not where they are ("stations in other countries")."""
    words = (word.lower() for word in _WORD.findall(text[quantity.thing.end : quantity.thing.end + 40])[:3])
    return frozenset(takewhile(lambda word: word not in _WHEREABOUTS, words))


def _befallen(text: str, quantity: Quantity) -> set[str]:
    """The stems of what is said to be done to those counted, and so perhaps to some of them only: "took 14", "two are blocked"."""
    before = [word.lower() for word in _WORD.findall(text[max(0, quantity.span.start - 30) : quantity.span.start])[-1:]]
    done = {word for word in before if word.endswith("ed") or word in _DONE}
    end = max(quantity.span.end, quantity.thing.end)
    clause = _CLAUSE_END.search(text, end, end + 80)
    passive = _PASSIVE.search(text, end, clause.start() if clause else end + 80)
    if passive:
        done.add(passive[1].lower())
    return {_stem(word) for word in done} - _GENERIC


def _rank(asked: _Asked, quote: Quote, quantity: Quantity, sentence: Span) -> tuple[float, float] | None:
    """How far the value stands from the question's words (smaller is nearer); None where too few of them are there."""
    text = quote.article.text
    near = [(match.start(), match.end(), _stem(match[0])) for match in _WORD.finditer(text, sentence.start, sentence.end)]
    there = {stem for _, _, stem in near}
    above = {_stem(word) for word in _WORD.findall(quote.article.title)}
    if not asked.words:
        return (0.0, 0.0) if asked.kind is Kind.COUNT else None
    covered = sum(word in there | above for word in asked.words) / len(asked.words)
    if covered < asked.least or (asked.kind is not Kind.COUNT and asked.words[-1] not in there):
        return None
    return 1 - covered, min((_distance(text, quantity.span, Span(a, b)) for a, b, stem in near if stem == asked.words[-1]), default=0.0)


def _distance(text: str, value: Span, word: Span) -> float:
    """Characters between a value and a word; a clause between them counts as much as thirty."""
    between = Span(min(value.end, word.end), max(value.start, word.start, min(value.end, word.end)))
    return len(between) + 30.0 * bool(_CLAUSE_END.search(between.of(text)))


# --- what a value holds for ---


def _fate(text: str, quantity: Quantity, sentence: Span, inside: Sequence[Quantity]) -> str:
    """What befell those counted, from the words after the value, else the nearest before it; other values end the search."""
    end = max(quantity.span.end, quantity.thing.end)
    counts = [other for other in inside if other.kind is Kind.COUNT]
    after = min((other.span.start for other in counts if other.span.start >= end), default=sentence.end)
    before = max((other.span.end for other in counts if other.span.end <= quantity.span.start), default=sentence.start)
    start = min(end, quantity.thing.start) if len(quantity.thing) and quantity.thing.start >= quantity.span.end else end
    clause = _CLAUSE_END.search(text, end, after)
    following = [word.lower() for word in _WORD.findall(text[start : clause.start() if clause else after])[:12]]
    following = following[: following.index("and")] if "and" in following else following
    preceding = [word.lower() for word in _WORD.findall(text[before : quantity.span.start])[-7:]]
    return next((_FATES[word] for word in (*following, *reversed(preceding)) if word in _FATES), "")


def _places(text: str) -> frozenset[str]:
    """The names of places in a text, in lower case: those after "in", "at"..., unless they belong to a thing's name."""
    return frozenset(name for name, _ in _located(text))


def _located(text: str) -> Iterator[tuple[str, Span]]:
    for match in _PLACE.finditer(text):
        following = _WORD.match(text, match.end() + 1)
        if match[1].split()[0].lower() in _MONTHS_AND_DAYS or (following and _makes_name(text, match.end(), following[0])):
            continue
        yield match[1].lower(), Span(match.start(), match.end())


def _makes_name(text: str, end: int, following: str) -> bool:
    """Whether the next word makes the name a thing's: "in the Haiti earthquake"."""
    return text[end] == " " and following.islower() and following not in _STOP and not following.endswith(("ed", "ing", "ly")) and following.isalpha()


def _restricting(text: str, quantity: Quantity, sentence: Span) -> frozenset[str]:
    """The places that the value alone is for: in its own clause, or at the head of the sentence."""
    words = sentence.of(text)
    value = Span(quantity.span.start - sentence.start, quantity.span.end - sentence.start)
    found = set()
    for name, span in _located(words):
        between = words[min(span.end, value.end) : max(span.start, value.start)]
        if span.start == 0 or not _CLAUSE_END.search(between):
            found.add(name)
    owner = _OWNER.search(words, max(0, value.start - 200), value.start)
    if owner:
        found.add((owner[1] or owner[2]).lower())
    return frozenset(name for name in found if name.split()[0] not in _STOP | _MONTHS_AND_DAYS)


def _scope(quote: Quote, sentence: Span, inside: Sequence[Quantity]) -> Iterator[Quantity]:
    """The dates that the sentence's values are for: not when they were told, nor up to when they were counted."""
    text, published = quote.article.text, quote.article.published
    for quantity in inside:
        before = [word.lower() for word in _WORD.findall(text[max(sentence.start, quantity.span.start - 40) : quantity.span.start])]
        told = {"said", "told", "reported", "announced", "estimated", "published", "since"} & set(before[-3:])
        if quantity.kind is Kind.DATE and not told and before[-2:] != ["as", "of"] and quantity.high - quantity.low < 400:
            yield quantity
    for word, back in (("this year", 0), ("last year", 1)):
        if published and word in sentence.of(text).lower():
            year = published.year - back
            yield _whole_year(year, sentence)
    for match in re.finditer(r"\bthe ((?:1[5-9]|20)[0-9]{2}) [a-z]", sentence.of(text)):
        yield _whole_year(int(match[1]), sentence)


def _whole_year(year: int, at: Span) -> Quantity:
    first, last = (float(date(max(1, year), month, day).toordinal()) for month, day in ((1, 1), (12, 31)))
    return Quantity(Span(at.start, at.start), first, last, "", "", Kind.DATE, Span(at.start, at.start))


def _in_years(each: Quantity, years: frozenset[int]) -> bool:
    return each.unit != "" or any(agree(each, _whole_year(year, each.span)) for year in years)


def _same_thing(asked: _Asked, a: _Claim, b: _Claim) -> bool:
    """Whether nothing says that two claims are about different things."""
    if a.quantity.unit != b.quantity.unit and asked.kind is not Kind.DATE:
        return False
    if not a.standing & b.standing or _expired(a, b) or _expired(b, a):
        return False
    if a.dates and b.dates and not any(agree(x, y) for x in a.dates for y in b.dates):
        return False
    if bool(a.dates) != bool(b.dates) and asked.kind is Kind.COUNT and not a.fate and _past(a if a.dates else b, b if a.dates else a):
        return False
    return _same_place(asked, a, b)


def _to_come(quantity: Quantity, quote: Quote) -> bool:
    """Whether a value is a day that was still to come when its article was published."""
    day = quantity.low if math.isfinite(quantity.low) else quantity.high
    published = quote.article.published
    return quantity.kind is Kind.DATE and quantity.unit == "" and published is not None and day > published.toordinal()


def _expired(plan: _Claim, other: _Claim) -> bool:
    """Whether a day that was to come had passed when the other told of a day to come: a plan that was replaced, no contradiction."""
    published = other.quote.article.published
    both = _to_come(plan.quantity, plan.quote) and _to_come(other.quantity, other.quote)
    return both and published is not None and plan.quantity.high < published.toordinal()


def _past(dated: _Claim, other: _Claim) -> bool:
    """Whether a count is for a year that was over when the other, without a date, was published."""
    published = other.quote.article.published
    ends = max((each.high for each in dated.dates if each.unit == ""), default=None)
    return ends is not None and published is not None and ends < date(published.year, 1, 1).toordinal()


def _same_place(asked: _Asked, a: _Claim, b: _Claim) -> bool:
    """Whether two claims are for the same places; a place of one alone must be the question's, or stand in both titles."""
    known = asked.names | asked.places
    first, second = ({place for place in claim.places if not any(_alike(place, name) for name in known)} for claim in (a, b))
    if first and second:
        return any(_alike(x, y) for x in first for y in second)
    titles = [claim.quote.article.title.lower() for claim in (a, b)]
    return all(all(_mentioned(place, title) for title in titles) for place in first | second)


def _alike(a: str, b: str) -> bool:
    """Whether two names are one, or a country and its people: China, Chinese."""
    return a == b or (len(a) > 3 and len(b) > 3 and a[:4] == b[:4]) or a in b.split() or b in a.split()


def _mentioned(name: str, text: str) -> bool:
    return (name[:4] if len(name) > 4 else name) in text
