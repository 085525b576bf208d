"""A quote that can be understood alone: a sentence with what it leans on, and no more.

Most sentences stand alone and stay as they are. One that begins with "She",
"The group" or "But", that stands inside a longer quotation, or that the next
sentence takes back, is shown with the sentences that say so.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.quotation import (
    COUNTRIES,
    DETERMINERS,
    DOCUMENTS,
    MASK,
    NAMELESS,
    PREPOSITIONS,
    SOMEONE,
    STOPS,
    TIMES,
    Kind,
    Token,
    capital_inside,
    gender,
    kind,
    quotations,
    tokens,
)
from rag.types import Span

# A widening goes back at most so many sentences, a lead stands at most so many before.
_BACK, _LEAD = 3, 6
# How many sentences around the chosen one are searched for quotation marks, and within how many characters.
_REACH, _FAR = 12, 6_000
# How many characters before are searched for a person's whole name.
_NAMED = 20_000
_FULL_NAME = re.compile(r"(?<![\w.])([A-Z][\w’'.-]{0,20}) ([A-Z][\w-]{1,30})\b(?! [A-Z])")
# A sentence that qualifies the one before is shown with it up to this many characters.
_QUALIFIER = 250
# A line of a list, or below a heading of its own, has at most so many characters.
_LINE = 80
_HEADING = re.compile(r"[A-Z][^\d]{0,40}$")
_FIGURE = re.compile(r"\d")

_PRONOUNS = {
    "he": "he", "his": "he", "she": "she", "her": "she", "they": "they", "their": "they", "it": "it", "its": "it",
    "this": "this", "these": "this", "those": "this", "that": "this",
}  # fmt: skip
_CONTRASTS = re.compile(
    r"(?:But|Yet|Nor)\b|(?:However|Still|Instead|Nevertheless|Nonetheless|Conversely|By contrast|In contrast|On the other hand|That said),|Even so\b"
)
_OBJECTIONS = re.compile(r"But\b|(?:However|Even so|Nevertheless|Nonetheless),")
_CLAIMED = (
    r"(?:it|this|that|them|wrongdoing|(?:the|those|these|any|all|such)(?: \w+)? "
    r"(?:claim|charge|allegation|accusation|report|figure|suggestion|assertion)s?)\b"
)
_RETRACTIONS = re.compile(
    r"(?:That is not|That’s not|That's not|That was not|This is not true)\b"
    r"|(?:This|That|It|(?:The|Those|These|That|This) \w+)(?: \w+)? (?:has|have|could|was|were) (?:not|never)"
    r"(?: \w+)? (?:been )?(?:\w+ )?(?:confirmed|verified|proved|proven)\b"
    r"|(?:The|This|That|These|Those) \w+(?: \w+)? (?:was|were|has been|have been|is|are)"
    r"(?: \w+)? (?:withdrawn|denied|retracted|corrected|disputed|rejected|debunked)\b"
    rf"|(?:\S+ ){{1,7}}?(?:deny|denies|denied|dispute|disputes|disputed|reject|rejects|rejected) {_CLAIMED}"
)
# "It is outrageous to think", "It is clear that": an "it" that means nothing said before
_BE = frozenset("is was 's be been isn't wasn't".split())
_BEFORE_BE = frozenset("will would may might could has had can must should".split())
_VAGUE = frozenset("not also still now just very too so more quite most perhaps even".split())
_WEATHER = frozenset(
    "raining snowing hailing cold hot warm dark windy foggy sunny cloudy late early midnight noon dawn monday tuesday wednesday thursday friday "
    "saturday sunday".split()
)
_JUDGED = frozenset(
    "outrageous important hard harder difficult easy easier possible impossible necessary clear unclear good better best wrong right time common "
    "rare safe "
    "dangerous vital essential crucial wise fair great sad nice helpful useful tempting worth surprising interesting reasonable natural illegal "
    "legal "
    "unlawful unusual inevitable critical crazy foolish silly imperative premature".split()
)
_GO_ON = frozenset("to that whether who how why when if for what where".split())
_SEEMS = frozenset("seems seemed appears appeared turns turned emerged follows happens happened looks".split())
_DEICTIC = TIMES | frozenset("days times season time decade century article story newspaper column website page coming past".split())
_RESTRICTED = frozenset("who with in of familiar whose that interested looking seeking on from which".split())
_THAT_VERBS = frozenset(
    "is was 's has had means meant would will could may might leaves left made makes includes included came comes changed same led leads".split()
)

_GROUPS = frozenset("group organisation organization company firm agency charity nonprofit team club bank airline carmaker retailer".split())
_TWOS = frozenset("pair two duo trio latter former".split())
_SHELLS = frozenset("move decision incident announcement change changes".split())
_THINGS = frozenset(
    "deal agreement report study survey poll proposal plan measure bill law ministry department commission committee council attack crash accident "
    "ruling verdict suspect victim man woman couple statement letter document documents lawsuit suit complaint claim claims allegation allegations "
    "accusations charges investigation inquiry findings figures project programme program policy meeting vote ban strike protest protests".split()
)
_ANAPHORS = _GROUPS | _TWOS | _SHELLS | _THINGS
_DEFINES = frozenset("of by from for on in at that which who whose between with behind to against into about is's".split())
_LEAD_IN = PREPOSITIONS | frozenset("when while as although though if once because".split())
_CLOSING = "\"'”’»)]"


@dataclass(frozen=True, slots=True)
class Widened:
    """`span` is the sentence that answers, widened; `lead` an earlier sentence that says whom or what it is about, not touching it."""

    span: Span
    lead: Span | None


@dataclass(frozen=True)
class _Article:
    text: str
    sentences: Sequence[Span]
    quoted: Sequence[Span]
    longest: int

    def words(self, number: int) -> list[Token]:
        return tokens(self.text, self.sentences[number], self.quoted)

    def shown(self, number: int) -> str:
        return self.sentences[number].of(self.text)

    def span(self, low: int, high: int) -> Span:
        return Span(self.sentences[low].start, self.sentences[high].end)

    def breaks(self, low: int, high: int) -> int:
        """How many paragraphs begin between sentence `low` and sentence `high`."""
        return sum("\n" in self.text[self.sentences[at].end : self.sentences[at + 1].start] for at in range(low, high))

    def heading(self, number: int) -> bool:
        """Whether a sentence ends without a stop: a heading, a caption, a button."""
        ending = self.shown(number)[-4:].rstrip(_CLOSING)
        return not ending.endswith((".", "!", "?", "…", ":", ";", ","))

    def fits(self, low: int, high: int) -> bool:
        return len(self.span(low, high)) <= self.longest

    def follows(self, low: int, high: int) -> bool:
        """Whether sentences `low` to `high` can be shown in one: they fit, under one heading, over one paragraph break at most."""
        return self.fits(low, high) and self.breaks(low, high) <= 1 and not any(self.heading(at) for at in range(low, high))

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The last words of names of two and more, in what is read and the text before it."""
        start = max(0, self.sentences[-1].end - _NAMED)
        found = _FULL_NAME.findall(self.text, start, self.sentences[-1].end)
        return frozenset(last for before, last in found if before.lower() not in NAMELESS | TIMES)

    def holding(self, at: int) -> int:
        return min(bisect_right(self.sentences, at, key=lambda span: span.end), len(self.sentences) - 1)


def widen(text: str, sentences: Sequence[Span], chosen: int, longest: int, shown: Sequence[Span] = ()) -> Widened:
    """The sentence `chosen` with what it needs to be understood, in at most `longest` characters; alone where nothing more fits.

    It is widened back for a pronoun, a phrase such as "The group" or a "But",
    by at most three sentences and over at most one paragraph break, never over
    a heading; to the ends of a quotation that it stands in; on to a sentence
    of at most 250 characters that takes it back or objects: over a paragraph
    break only where it takes it back. `lead` stands two to six sentences before.

    Where that would repeat one of the spans `shown`, the sentence stays alone with
    the lead that it needs, shown before or not; where it needs one and has none,
    it is widened all the same, since alone it could not be understood.
    """
    own = sentences[chosen]
    low = max(0, chosen - _REACH, min(chosen, bisect_left(sentences, own.start - _FAR, key=lambda span: span.start)))
    high = min(len(sentences), chosen + _REACH + 1, max(chosen + 1, bisect_right(sentences, own.end + _FAR, key=lambda span: span.end)))
    window = Span(sentences[low].start, sentences[high - 1].end)
    article = _Article(text, sentences[low:high], quotations(text, window), longest)
    first, last = _whole_quotation(article, chosen - low)
    first, last = _attributed(article, first, last)
    first, lead = _back(article, first, last)
    last = _onward(article, first, last, chosen - low)
    lead = lead or _heading(article, first)
    span = article.span(first, last)
    if any(span.start < other.end and other.start < span.end for other in shown):
        need = _need(article, chosen - low)
        again = _lead(article, chosen - low, _antecedent(article, chosen - low, need), need) if need else None
        if need is None or again is not None:
            span, lead = sentences[chosen], again
    if lead is not None and len(lead) + len(span) > longest:
        lead = None
    return Widened(span, lead)


def _whole_quotation(article: _Article, chosen: int) -> tuple[int, int]:
    """Out to the ends of the quotations that the sentence is a part of."""
    own, first, last = article.sentences[chosen], chosen, chosen
    for quotation in article.quoted:
        start, end = _content(article.text, quotation)
        if start < own.start < end:
            first = min(first, article.holding(quotation.start))
        if start < own.end < end:
            last = max(last, article.holding(quotation.end - 1))
    return (first, last) if article.fits(first, last) else (chosen, chosen)


def _content(text: str, quotation: Span) -> tuple[int, int]:
    """Where the words of a quotation start and end: a splitter may leave its marks in the sentences beside it."""
    start, end = quotation.start + 1, quotation.end - 1
    while start < end and text[start].isspace():
        start += 1
    return start, max(start, end)


def _attributed(article: _Article, first: int, last: int) -> tuple[int, int]:
    """With the fragment beside a quotation that says whose it is."""
    before, after = first - 1, last + 1
    if first and _introduces(article, before) and article.follows(before, last):
        return before, last
    if first and article.shown(first)[0].islower() and article.shown(before)[-1] in _CLOSING and article.follows(before, last):
        return before, last
    if after < len(article.sentences):
        quotes = article.shown(last)[-1] in _CLOSING
        together = not article.breaks(last, after)
        if quotes and together and article.shown(after)[0].islower() and article.fits(first, after):
            return first, after
        if _introduces(article, last) and article.breaks(last, after) <= 1 and article.fits(first, after):
            return first, after
    return first, last


def _introduces(article: _Article, number: int) -> bool:
    """Whether a sentence ends with a colon before a quotation."""
    starts = number + 1 < len(article.sentences) and article.shown(number + 1)[0] in "\"'“‘«„"
    return starts and article.shown(number).endswith(":")


def _back(article: _Article, first: int, last: int) -> tuple[int, Span | None]:
    """Where the quote must begin, and the lead where it cannot begin as early as it must."""
    began = first
    while first > 0 and began - first < _BACK:
        need = _need(article, first)
        if need is None:
            break
        at = _antecedent(article, first, need)
        if at is not None and (began - at > _BACK or not article.follows(at, last)):
            lead = _lead(article, first, at, need)
            if lead is not None:
                return first, lead
            at = None
        if at is None and need not in ("he", "she") and not article.breaks(first - 1, first) and article.follows(first - 1, last):
            # what is meant may stand there in other words
            at = first - 1
        if at is None:
            break
        first = at
    return first, None


def _lead(article: _Article, first: int, at: int | None, need: str) -> Span | None:
    """The sentence `at` as a lead, where neither it nor any after it names another that can be meant.

    One that leans on an earlier sentence itself is none, since whom it means is not in it, nor is one that only says who speaks next.
    """
    if at is None or not 2 <= first - at <= _LEAD or _need(article, at) is not None or article.shown(at).endswith(":"):
        return None
    own = _names(article, at, need)
    if any(name not in own for between in range(at + 1, first) for name in _names(article, between, need)):
        return None
    people = [named is Kind.PERSON for named in own.values()]
    clear = len(COUNTRIES.intersection(own)) <= 1 if need in _THINGS else people == [need in ("he", "she")]
    return article.sentences[at] if clear else None


def _heading(article: _Article, number: int) -> Span | None:
    """What stands over a short line that is no sentence: a line with a colon, or a short one without a stop, past other lines of a list.

    A line without a figure heads one with a figure. Else the two may be of one
    list, or a name and its office: only a pair between sentences, the first a
    common word, tells.
    """
    if not article.heading(number) or len(article.shown(number)) > _LINE:
        return None
    for at in range(number - 1, max(-1, number - _LEAD - 1), -1):
        line = article.shown(at)
        if not article.breaks(at, at + 1) or not (article.heading(at) or line.endswith(":")):
            return None
        if line.endswith(":") or (_HEADING.match(line) and (_FIGURE.search(article.shown(number)) or _is_pair(article, at))):
            return article.sentences[at]
    return None


def _is_pair(article: _Article, number: int) -> bool:
    """Whether this line and the next stand alone between sentences, and this one is no name."""
    alone = not any(article.heading(at) for at in (number - 1, number + 2) if 0 <= at < len(article.sentences))
    return alone and article.shown(number)[1:].islower()


def _names(article: _Article, number: int, need: str) -> dict[str, Kind]:
    """The names in a sentence that can be meant, or can own what is meant, each by its last word."""
    words = article.words(number)
    found = {}
    for phrase in _parted(_phrases(words)):
        named = _kind(article, phrase)
        if need in ("he", "she"):
            meant = named in (Kind.PERSON, Kind.UNKNOWN) and gender(phrase) in ("", need)
            meant = meant and (not _lone(words, phrase) or _known(article, phrase[0]))
            at = words.index(phrase[0])
            if at and words[at - 1].lower in PREPOSITIONS:
                # another acts here: "a photo of Amsel"
                named = Kind.UNKNOWN
        else:
            meant = any(_capital(article, words, token) for token in phrase)
        if meant:
            found[_bare(phrase[-1]).lower()] = named
    return found


def _capital(article: _Article, words: Sequence[Token], token: Token) -> bool:
    """Whether a word has a capital that is not only its sentence's."""
    return token.capital and (token is not words[0] or _bare(token).lower() in COUNTRIES or _known(article, token))


def _parted(phrases: Iterable[Sequence[Token]]) -> Iterator[Sequence[Token]]:
    """Each phrase, or the names in it where one owns the next ("the mayor's wife") or acts on it ("Amsel met Brun")."""
    for phrase in phrases:
        start = 0
        for end, token in enumerate(phrase, 1):
            following = phrase[end] if end < len(phrase) else None
            acts = token.capital and following and not (following.capital or following.lower in SOMEONE or following.lower == "of")
            if following is None or token.lower.endswith("'s") or acts:
                yield phrase[start:end]
                start = end


def _kind(article: _Article, phrase: Sequence[Token]) -> Kind:
    """As `quotation.kind`; a capital alone is a person's where the article has it after another, and those after "a" or "the" are nobody's."""
    last = _bare(phrase[-1])
    named = kind([*phrase[:-1], Token(last, phrase[-1].span)])
    if named is Kind.UNKNOWN and last in article.surnames:
        return Kind.PERSON
    if named is Kind.PERSON and phrase[0].lower in ("a", "an", "the") and last.lower() not in SOMEONE:
        return Kind.UNKNOWN
    return named


def _bare(token: Token) -> str:
    """The word of an owner, without the mark."""
    return token.word.removesuffix("’s").removesuffix("'s")


def _need(article: _Article, number: int) -> str | None:
    """What a sentence leans on: "contrast", a pronoun, a noun such as "report", "before" for whatever the one before says, or nothing."""
    shown = article.shown(number)
    words = article.words(number)
    if words and words[0].word[0] == MASK:
        if not number or article.breaks(number - 1, number):
            return None
        shown = shown.lstrip("\"'“‘«„ ")
        words = tokens(shown, Span(0, min(len(shown), 200)), ())
        need = _pronoun(words)
        return need if need != "this" else None
    if _CONTRASTS.match(shown) and len(words) > 2:
        return _pronoun_after(words) or "contrast"
    return _pronoun(words) or _anaphor(words)


def _pronoun_after(words: Sequence[Token]) -> str | None:
    """The person that a sentence with "But" is about, where only a pronoun says so."""
    need = _pronoun(words)
    return need if need in ("he", "she") else None


def _pronoun(words: Sequence[Token]) -> str | None:
    at = _subject_at(words)
    if at is None or at >= len(words):
        return None
    lower = words[at].lower
    following = [token.lower for token in words[at + 1 : at + 14]]
    word, _, rest = lower.partition("'")
    if rest:
        following.insert(0, f"'{rest}")
    need = _PRONOUNS.get(word)
    if need is None or not following:
        return None
    if (word == "it" and _pleonastic(following)) or (need == "this" and _points_elsewhere(word, following)):
        return None
    return need


def _subject_at(words: Sequence[Token]) -> int | None:
    """Where the subject can stand: first, or after "But", or after "In June," that names nobody."""
    at = 0
    while at < len(words) and (
        words[at].lower in ("but", "and", "yet", "so", "nor", "still", "however", "then", "even", "instead", ",", "also", "now")
    ):
        at += 1
    if [token.lower for token in words[at : at + 2]] == ["as", "for"]:
        return None
    if at >= len(words) or (words[at].lower not in _LEAD_IN and not words[at].lower.endswith("ly")):
        return at
    for comma in range(at, min(at + 9, len(words) - 1)):
        if words[comma].word == ",":
            return comma + 1
        if comma > at and _named(words[comma]):
            return None
    return None


def _named(token: Token) -> bool:
    capital = token.capital and token.lower not in TIMES and token.lower not in NAMELESS
    return capital or token.lower in SOMEONE


def _pleonastic(following: Sequence[str]) -> bool:
    """Whether "it" before these words means nothing."""
    first = following[0]
    if first in ("takes", "took"):
        return "to" in following[:9]
    if first in _SEEMS:
        return following[1:2] in (["that"], ["as"], ["like"], ["out"]) or first == "emerged"
    if first in ("remains", "remained", "became", "becomes"):
        return following[1:2] in (["unclear"], ["to"], ["clear"], ["possible"])
    rest = list(following)
    while rest and (rest[0] in _BEFORE_BE or rest[0] in _VAGUE):
        rest = rest[1:]
    if not rest or rest[0] not in _BE:
        return False
    while rest and (rest[0] in _BE or rest[0] in _VAGUE or rest[0].endswith("ly")):
        rest = rest[1:]
    return bool(rest) and _impersonal(rest)


def _impersonal(rest: Sequence[str]) -> bool:
    """Whether "it is" before these words only says what the weather, the hour or a judgement is, or lifts out a word."""
    if rest[0] in _WEATHER or (rest[0].isdigit() and (len(rest[0]) == 4 or rest[1:2] == ["p.m."])):
        return True
    if rest[0] in _JUDGED and (rest[0] in ("clear", "unclear", "time") or _GO_ON.intersection(rest[1:7])):
        return True
    return rest[0] not in ("a", "an") and bool({"that", "who"}.intersection(rest[:8]))


def _points_elsewhere(word: str, following: Sequence[str]) -> bool:
    """Whether "this" means the time of writing, "those" whom the sentence itself defines, or "that" only joins."""
    if word in ("this", "these"):
        return following[0].removesuffix("'s") in _DEICTIC or following[0][0].isdigit()
    if word == "those":
        return following[0] in _RESTRICTED
    return following[0] not in _THAT_VERBS and not following[0].endswith("ed") and following[0] not in TIMES


def _anaphor(words: Sequence[Token]) -> str | None:
    """The noun of "The group …", where nothing in the phrase says which group; "before" for "Both" and "Such"."""
    if len(words) < 4:
        return None
    first, second, third = (token.lower for token in words[:3])
    if (first == "such" and second not in ("as", "a", "an")) or (first == "such" and words[2].lower in DOCUMENTS):
        return "before"
    if first == "both":
        return None if any(token.lower == "and" for token in words[1:8]) else "before"
    noun = second.removesuffix("'s")
    if first != "the" or noun not in _ANAPHORS or words[1].capital:
        return None
    if third in _DEFINES or words[2].capital or words[2].word[0].isdigit() or (noun in ("two", "former", "latter") and not _closes_phrase(words[2])):
        return None
    return noun


def _closes_phrase(token: Token) -> bool:
    return token.lower in STOPS or token.lower in _THAT_VERBS or token.lower.endswith("ed") or token.lower in ("said", "says", "agreed", "met")


def _antecedent(article: _Article, number: int, need: str) -> int | None:
    """The nearest sentence before that holds what is needed, if one within reach does."""
    if need in ("contrast", "this", "before", "it") or need in _TWOS | _SHELLS:
        return number - 1 if not article.heading(number - 1) else None
    quoting = article.words(number)[0].word[0] == MASK
    for at in range(number - 1, max(-1, number - (1 if quoting else _LEAD) - 1), -1):
        if not article.heading(at) and _holds(article, at, need):
            return at
    return None


def _holds(article: _Article, number: int, need: str) -> bool:
    words = article.words(number)
    if need == "they":
        return any(_candidates(words, need)) or any(token.lower.endswith("s") and len(token.word) > 3 for token in words if not token.capital)
    if need in ("he", "she"):
        return any(not _lone(words, phrase) or _known(article, phrase[0]) for phrase in _candidates(words, need))
    return _introduced(words, need) or (need in _GROUPS and any(not _lone(words, phrase) for phrase in _candidates(words, need)))


def _lone(words: Sequence[Token], phrase: Sequence[Token]) -> bool:
    """Whether a phrase is but the capital that opens its sentence, which may be no name."""
    return len(phrase) == 1 and phrase[0] is words[0] and kind(phrase) is Kind.UNKNOWN


def _known(article: _Article, token: Token) -> bool:
    """Whether a word has its capital inside a sentence too."""
    return capital_inside(article.text, Span(article.sentences[0].start, article.sentences[-1].end), _bare(token))


def _introduced(words: Sequence[Token], noun: str) -> bool:
    """Whether a sentence brings in what "the `noun`" means, not only goes on about it."""
    for at, token in enumerate(words):
        if token.lower.removesuffix("'s") != noun:
            continue
        before = words[at - 1].lower if at else ""
        after = words[at + 1].lower if at + 1 < len(words) else ""
        if (token.capital and at and before != "the") or before not in ("the", "") or after in ("of", "by", "on", "from", "between"):
            return True
    return False


def _candidates(words: Sequence[Token], need: str) -> Iterator[Sequence[Token]]:
    """The phrases that a pronoun, or "the group", can mean."""
    for phrase in _phrases(words):
        named = kind(phrase)
        if need in ("he", "she"):
            known = named is Kind.PERSON or (named is Kind.UNKNOWN and phrase[-1].capital)
            if known and gender(phrase) in ("", need):
                yield phrase
        elif need == "they":
            if named in (Kind.MANY, Kind.BODY):
                yield phrase
        elif named is Kind.BODY or (named is Kind.UNKNOWN and phrase[-1].capital):
            yield phrase


def _phrases(words: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The names, and the nouns for people and bodies with what stands before them."""
    start = 0
    for at, token in enumerate([*words, None]):
        if token is not None and _in_phrase(words, at, start):
            continue
        if at > start and any(_named(word) for word in words[start:at]):
            yield words[start:at]
        start = at if token is not None and _in_phrase(words, at, at) else at + 1


def _in_phrase(words: Sequence[Token], at: int, start: int) -> bool:
    token, lower = words[at], words[at].lower
    if not token.letters or (lower in TIMES and not token.word.isupper()):
        return False
    if lower in DETERMINERS:
        return at == start
    if lower in STOPS or (lower in PREPOSITIONS and lower != "of"):
        return False
    if token.capital or lower in SOMEONE:
        return True
    if lower == "of":
        return at > start and at + 1 < len(words) and words[at + 1].capital
    return any(_named(word) for word in words[at + 1 : at + 2]) and start < at


def _onward(article: _Article, first: int, last: int, chosen: int) -> int:
    """With the next sentence where it takes back what the chosen one says."""
    after = last + 1
    if last != chosen or after >= len(article.sentences) or len(article.sentences[after]) > _QUALIFIER:
        return last
    shown, breaks = article.shown(after)[:_QUALIFIER], article.breaks(last, after)
    if article.heading(last) or not article.fits(first, after):
        return last
    takes_back = breaks <= 1 and _RETRACTIONS.match(shown) is not None
    return after if takes_back or (not breaks and _OBJECTIONS.match(shown)) else last
