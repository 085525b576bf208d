"""Who is speaking in a quote: the words of the article that name them, or nothing where the article itself speaks.

The rules look for the few shapes that news writing attributes in ("according
to X", "X said", "said X", "X: “…”") in what stands outside quotation marks.
Where they find more than one reading they give none: a wrong name does more
harm than none.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.english.phrases import Referent, Token, capital_inside, gender, kind, tokens
from rag.english.quotations import MASK, quotations
from rag.english.words import (
    ASKING,
    ATTRIBUTING,
    BE,
    BEING,
    BODIES,
    DETERMINERS,
    DO,
    DOCUMENTS,
    MANY,
    MODALS,
    NAMELESS,
    PERHAPS_SPEAKING,
    PERSONS,
    PREPOSITIONS,
    SAY,
    SHOWING,
    SOMEONE,
    SPEAKING,
    STOPS,
    TIMES,
)
from rag.types import Span

# how many sentences around the quote are read, for quotation marks and for whom a pronoun means, and within how many characters
_BACK, _FORWARD, _PRONOUN_BACK, _FAR = 20, 10, 3, 6_000
# how many words a subject may have before its verb
_SUBJECT_WORDS = 14
# how many commas an apposition may hold
_COMMAS = 4

_NOT_INVERTED = frozenset("told tells denied denies deny claim claims note reports report reads found finds find shows show".split())
_SUBJECT_STOPS = ATTRIBUTING - frozenset("claims claim notes note reports report estimates states show shows adds read".split())

_ADVERBS = frozenset(
    "also later then now again once just have has had will recently already even only both repeatedly often long still first further".split()
)
_REFUSERS = BE | BEING | DO | (MODALS - {"will", "shall"}) | frozenset("never not to am cannot or isn't wasn't aren't didn't doesn't hasn't".split())
_PRONOUNS = frozenset("he she they it".split())
_NOBODY = frozenset(
    "i we you who which that what there this these those some many few most all others everyone everybody someone somebody nobody anyone one none no "
    "such nothing everything both each either neither another much more people's him her them us me".split()
)
_BEGINNERS = frozenset("but and yet so still however meanwhile nevertheless nonetheless instead separately also additionally".split())
_PARTERS = frozenset("but while although though whereas".split())
_COORDINATORS = _PARTERS | {"and", "yet", "or"}
_SUBORDINATORS = ASKING | frozenset("after before because since if unless until whether that while although though".split())
_ENDS = frozenset(",.;:!?—–-()[]…")
_NOT_SAID = frozenset("goodbye hello farewell thanks sorry grace mass so little nothing anything something much prayers".split())
_NOT_TOLD = frozenset("apart off tales lies stories jokes story truth time difference tale joke".split())
_NOT_CLAIMED = frozenset(
    "lives life title titles victory gold silver bronze medal crown championship spot place win first second third prize trophy ownership".split()
)
_NOT_DENIED = frozenset("request motion appeal bail entry access permission application petition visa bid requests permit".split())
_NOT_ACCORDING = frozenset(
    "plan plans schedule tradition custom size age need needs rank taste order height weight type law scale seniority preference".split()
)
_PARTICIPLES = frozenset(
    "released published quoted cited obtained issued seen viewed posted filed reviewed compiled conducted commissioned provided shared dated "
    "made given written prepared sent produced collected gathered carried done led".split()
)
# what stands between a body's name and a role in it
_MODIFIERS = frozenset(
    "news press senior deputy vice human health public media foreign state team campaign communications policy law legal medical security assistant "
    "national local former finance prime intelligence research science video game trade weather transport chief executive first co board".split()
)
# past tenses that do not end in -ed
_ACTS = frozenset(
    "met left took made gave got went came won lost held ran spoke stood sat saw sent built sold bought brought began led kept became wore drove "
    "shot put cut hit quit set let fell rose fought paid knew thought felt heard wrote drew grew hosted who".split()
)
_NO_NAMES = NAMELESS | TIMES
# what can follow a whole subject, and what can stand before a clause
_FOLLOWING = STOPS | PREPOSITIONS | ATTRIBUTING | _ADVERBS | _ACTS
_JOINING = _SUBORDINATORS | _COORDINATORS | {"as"}
_RELAYED = frozenset("from by of in".split())


@dataclass(frozen=True, slots=True)
class _Attribution:
    """Words that say who speaks: `pronoun` where that is all they say, else `who` names them, with `name` its last word."""

    who: Span
    name: str
    pronoun: str
    at: int
    boundary: str
    whole: bool
    quoted: bool
    outer: bool = False


@dataclass(frozen=True, slots=True)
class _Subject:
    """The words [start, end) before a verb, and the word before them."""

    start: int
    end: int
    boundary: str
    pronoun: str = ""


@dataclass(frozen=True, slots=True)
class _Nearby:
    """The sentences around a quote and the quotations in them."""

    text: str
    sentences: Sequence[Span]
    quoted: Sequence[Span]

    def words(self, number: int) -> list[Token]:
        return tokens(self.text, self.sentences[number], self.quoted)

    def together(self, number: int) -> bool:
        """Whether a sentence and the next stand in one paragraph."""
        return "\n" not in self.text[self.sentences[number].end : self.sentences[number + 1].start]

    def holding(self, at: int) -> int:
        """The sentence that the character at `at` is in, or the one after."""
        return min(bisect_right(self.sentences, at, key=lambda span: span.end), len(self.sentences) - 1)

    def around(self, span: Span) -> Span | None:
        """The quotation that `span` is wholly in."""
        last = bisect_right(self.quoted, span.start, key=lambda quoted: quoted.start) - 1
        return self.quoted[last] if last >= 0 and self.quoted[last].covers(span) else None


def speaker(text: str, sentences: Sequence[Span], quote: Span) -> Span | None:
    """The words that name who speaks in `quote`; None where the article itself does, or where it is not certain.

    `sentences` are all those of `text`, in order. Where several are quoted, all
    must have the same speaker. In "according to a report from X" X is the
    speaker, who made the report.
    """
    first = bisect_right(sentences, quote.start, key=lambda span: span.end)
    last = bisect_left(sentences, quote.end, key=lambda span: span.start)
    if first >= last:
        return None
    low = max(0, first - _BACK, min(first, bisect_left(sentences, quote.start - _FAR, key=lambda span: span.start)))
    high = min(len(sentences), last + _FORWARD, max(last, bisect_right(sentences, quote.end + _FAR, key=lambda span: span.end)))
    some = sentences[low:high]
    nearby = _Nearby(text, some, quotations(text, Span(some[0].start, some[-1].end)))
    found = [_speaker(nearby, number) for number in range(first - low, last - low)]
    named = [who for who in found if who is not None]
    return _fullest(text, named) if len(named) == len(found) else None


def _fullest(text: str, named: Sequence[Span]) -> Span | None:
    """The first of the longest, if all name the same: "FBI Director X" and then "X"."""
    fullest = max(named, key=len)
    within = _bare(fullest.of(text))
    return fullest if all(f" {_bare(who.of(text))} " in f" {within} " for who in named) else None


def _bare(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("the ")


def _speaker(nearby: _Nearby, number: int) -> Span | None:
    """Who speaks in one sentence."""
    around = nearby.around(nearby.sentences[number])
    if around is not None:
        return _of_quotation(nearby, around)
    return _of_narration(nearby, number)


def _of_narration(nearby: _Nearby, number: int) -> Span | None:
    words = nearby.words(number)
    chosen = _chosen(_attributions(words))
    if chosen is not None:
        return _resolved(nearby, number, chosen)
    if len(words) > 1 and words[-1].word[0] == MASK and words[-2].word == ":":
        return _introduced(words)
    return None


def _of_quotation(nearby: _Nearby, quotation: Span) -> Span | None:
    """Who speaks in a quotation, from the sentences that it begins and ends in, or those beside them."""
    first, last = nearby.holding(quotation.start), nearby.holding(quotation.end - 1)
    for number in dict.fromkeys((last, first)):
        if not quotation.covers(nearby.sentences[number]):
            return _of_narration(nearby, number)
    if first and nearby.text[nearby.sentences[first - 1].end - 1] == ":":
        words = nearby.words(first - 1)
        chosen = _chosen(_attributions(words))
        return _resolved(nearby, first - 1, chosen) if chosen else _introduced(words)
    if last + 1 < len(nearby.sentences) and _completes(nearby, quotation, last):
        return _of_narration(nearby, last + 1)
    return _running(nearby, first)


def _completes(nearby: _Nearby, quotation: Span, last: int) -> bool:
    """Whether the sentence after `last` only says who spoke."""
    follows = nearby.text[nearby.sentences[last + 1].start]
    return nearby.together(last) and (follows.islower() or nearby.text[quotation.end - 2 : quotation.end - 1] == ",")


def _running(nearby: _Nearby, first: int) -> Span | None:
    """The speaker of the quotation that goes on here, after “…,” X said."""
    for _ in range(_BACK):
        if not first or not nearby.together(first - 1):
            break
        first -= 1
        if nearby.around(nearby.sentences[first]) is not None:
            continue
        words = nearby.words(first)
        chosen = _chosen(_attributions(words))
        return _resolved(nearby, first, chosen) if chosen and chosen.quoted and words[0].word[0] == MASK else None
    return None


def _introduced(words: Sequence[Token]) -> Span | None:
    """Who is named before a colon that introduces a quotation: The mayor was blunt: “…”."""
    subject = _opening(words)
    return _window(words, subject.start, subject.end) if subject and len(words) - subject.end <= 14 else None


def _chosen(found: Sequence[_Attribution]) -> _Attribution | None:
    """The one attribution that holds for the sentence: the outermost; None where two stand side by side."""
    whole = [attribution for attribution in found if attribution.whole]
    if not whole:
        return None
    chosen = next((attribution for attribution in whole if attribution.outer), whole[0])
    if any(attribution.quoted and not attribution.pronoun for attribution in whole):
        chosen = next(attribution for attribution in whole if attribution.quoted and not attribution.pronoun)
    if chosen.outer and chosen.boundary == "with":
        return chosen
    if len({other.name for other in whole if other.quoted and not other.pronoun}) > 1:
        return None
    rivals = (other for other in found if other.at != chosen.at and not other.pronoun and other.name != chosen.name)
    if any(other.boundary in _COORDINATORS or (other.at < chosen.at and other.boundary in _PARTERS) for other in rivals):
        return None
    return chosen


def _attributions(words: Sequence[Token]) -> list[_Attribution]:
    """All in a sentence, in order."""
    found: list[_Attribution] = []
    for at, token in enumerate(words):
        lower = token.lower
        if lower == "to" and at and words[at - 1].lower == "according":
            found += _according(words, at + 1)
        elif lower == "per" and at and words[at - 1].word == ",":
            found += _per(words, at + 1)
        elif lower == "saying":
            found += _saying(words, at)
        elif lower in ATTRIBUTING:
            found += _spoken(words, at)
    return found


def _according(words: Sequence[Token], at: int) -> Iterator[_Attribution]:
    end = _phrase(words, at, strict=True)
    if end == at or words[end - 1].lower in _NOT_ACCORDING or not _speaks(words, at, end, plain=True):
        return
    start, end = _relayed(words, at, end)
    boundary = words[at - 3].lower if at > 2 else ""
    quoted = at > 2 and words[at - 3].word[0] == MASK
    yield _Attribution(_window(words, start, end), words[end - 1].lower, "", at, "", boundary not in _SUBORDINATORS, quoted, outer=True)


def _per(words: Sequence[Token], at: int) -> Iterator[_Attribution]:
    """X in "…, per X" at the sentence's end."""
    end = _phrase(words, at, strict=True)
    if end > at and words[at:end][-1].capital and _speaks(words, at, end, plain=False) and all(token.word == "." for token in words[end:]):
        yield _Attribution(_window(words, at, end), words[end - 1].lower, "", at, ",", True, False)


def _relayed(words: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """Who made the report: in "a report from X" and "figures released on Monday by X", X."""
    first = next((at for at in range(start, end) if words[at].lower in PREPOSITIONS), end)
    if first == start or words[first - 1].lower not in DOCUMENTS or (words[first - 1].capital and words[first - 1].lower in BODIES):
        return start, end
    for at in range(first, min(first + 5, len(words) - 1)):
        if words[at].word in _ENDS or words[at].lower in STOPS:
            break
        if words[at].lower in _RELAYED:
            there = _phrase(words, at + 1, strict=True)
            if there > at + 1 and _speaks(words, at + 1, there, plain=False) and kind(words[at + 1 : there]) is not Referent.DOCUMENT:
                return at + 1, there
    return start, first if first < end else end


def _saying(words: Sequence[Token], at: int) -> Iterator[_Attribution]:
    """In "…, with X saying" X; in "X rejected it, saying" X."""
    withs = [start for start in range(max(1, at - _SUBJECT_WORDS), at) if words[start - 1].lower == "with"]
    start = next((start for start in withs if _phrase(words, start, strict=False, limit=at) == at and _speaks(words, start, at, plain=True)), at)
    if start < at:
        start += words[start].lower in ("its", "their", "his", "her")
        yield _Attribution(_window(words, start, at), words[at - 1].lower, "", at, "with", True, _near_quotation(words, at, at), outer=True)
    elif at and words[at - 1].word == ",":
        opening = _opening(words)
        if opening and opening.end < at - 1 and words[opening.end].letters and words[opening.end].lower not in PREPOSITIONS:
            yield _Attribution(_window(words, opening.start, opening.end), words[opening.end - 1].lower, "", at, ",", True, False)


def _spoken(words: Sequence[Token], at: int) -> Iterator[_Attribution]:
    """The attribution that the verb at `at` makes, if any."""
    left = at
    while left and (words[left - 1].lower in _ADVERBS or (words[left - 1].lower.endswith("ly") and not words[left - 1].capital)):
        left -= 1
    if left and words[left - 1].lower in _REFUSERS:
        return
    subject = _subject(words, left)
    begins = left
    if subject is None and words[at].lower not in _NOT_INVERTED:
        subject = _inverted(words, left, at)
        begins = at
    if subject is None or not _means_speech(words, subject, at):
        return
    quoted = _near_quotation(words, min(subject.start, begins), max(subject.end, at + 1) - 1)
    whole = quoted or _whole(subject)
    yield _Attribution(_window(words, subject.start, subject.end), words[subject.end - 1].lower, subject.pronoun, at, subject.boundary, whole, quoted)


def _subject(words: Sequence[Token], left: int) -> _Subject | None:
    """The noun phrase that ends before `left`, straight before the verb or before its apposition."""
    if not left:
        return None
    before = words[left - 1]
    if before.word in (",", "—", "–"):
        return _before_apposition(words, left - 1)
    if before.lower in _PRONOUNS:
        boundary = words[left - 2].lower if left > 1 else ""
        return _Subject(left - 1, left, _first(words, left - 1, boundary), before.lower) if _bounds(words, left - 1) else None
    if before.lower == "and":
        return _of_two_verbs(words, left - 1)
    return _ending(words, left, plain=words[left].lower in SPEAKING if left < len(words) else False)


def _of_two_verbs(words: Sequence[Token], conjunction: int) -> _Subject | None:
    """The mayor smiled and said: the subject that opens the sentence, when no comma parts the verbs."""
    subject = _opening(words)
    if subject is None or not 0 < conjunction - subject.end <= 8:
        return None
    between = words[subject.end : conjunction]
    if any(not token.letters or token.lower in _SUBORDINATORS or token.lower in ATTRIBUTING for token in between):
        return None
    return subject if between[0].lower not in PREPOSITIONS and between[0].lower != "and" else None


def _before_apposition(words: Sequence[Token], comma: int) -> _Subject | None:
    """X in "X, 34, a clerk of the court, said"."""
    nearer: _Subject | None = None
    for _ in range(_COMMAS):
        previous = _mark_before(words, comma)
        if previous < 1 or words[previous].word != words[comma].word or not _apposes(words[previous + 1 : comma]):
            break
        subject = _ending(words, previous, plain=True)
        if subject is not None and not _apposes_again(words, subject, previous):
            nearer = nearer or subject
            before = _mark_before(words, subject.start - 1)
            # "X, a director of A, B, said": B says more about X too
            if subject.boundary != "," or words[before + 1].lower not in ("a", "an"):
                return subject
        comma = previous
    return nearer


def _mark_before(words: Sequence[Token], comma: int) -> int:
    """The last mark before the one at `comma` that can part a clause, within 26 words; else -1."""
    before = range(comma - 1, max(-1, comma - 26), -1)
    return next((at for at in before if words[at].word in (",", "—", "–", ";", "\n", ":") or _masked(words[at])), -1)


def _apposes(between: Sequence[Token]) -> bool:
    """Whether what stands between two commas only says more about the name before them."""
    if not between:
        return False
    first = between[0].lower
    if first in ("who", "which", "whose") or first[0].isdigit():
        return True
    listed = {token.lower for token in between}
    if listed & {"is", "are", "was", "were", "has", "had", "have", "will", "would", "said", "says", "he", "she", "they", "it"}:
        return False
    return (
        first in ("a", "an", "the", "its", "one", "his", "her")
        or first.endswith(("ing", "ed"))
        or bool(listed & SOMEONE)
        or first == "in"
        or between[0].capital
    )


def _apposes_again(words: Sequence[Token], subject: _Subject, comma: int) -> bool:
    """Whether the phrase before the comma is itself an apposition to a name before it."""
    if subject.boundary != ",":
        return False
    phrase = words[subject.start : comma]
    before = words[subject.start - 2] if subject.start > 1 else None
    lone = phrase[0].lower in ("a", "an") or (not phrase[0].capital and phrase[0].lower not in DETERMINERS)
    return lone and before is not None and _stands_for_someone(before)


def _ending(words: Sequence[Token], end: int, *, plain: bool) -> _Subject | None:
    """The longest noun phrase that ends at `end`, starts where a clause can, and can speak."""
    for start in range(max(0, end - _SUBJECT_WORDS), end):
        if _bounds(words, start) and _phrase(words, start, strict=False, limit=end) == end and _speaks(words, start, end, plain=plain):
            boundary = _first(words, start, words[start - 1].lower if start else "")
            return _Subject(start, _trimmed(words, start, end), boundary)
    return None


def _bounds(words: Sequence[Token], start: int) -> bool:
    """Whether a clause can start at `start`."""
    if not start:
        return True
    before = words[start - 1]
    if before.word in _ENDS or before.word[0] in "\n\x01\"'‘’“”" or before.lower in TIMES or before.lower in _JOINING:
        return True
    if (before.lower in _BEGINNERS and start == 1) or before.word.isdigit():
        return True
    return before.lower == "statement" and words[start].lower in DETERMINERS


def _first(words: Sequence[Token], start: int, boundary: str) -> str:
    """No boundary, where the phrase opens the sentence but for a "But"."""
    at = 0
    while at < start and (words[at].word[0] in "\n\"'‘’“”" or words[at].lower in _BEGINNERS):
        at += 1
    return boundary if at < start else ""


def _inverted(words: Sequence[Token], left: int, at: int) -> _Subject | None:
    """X in "…, said X" and “…” said X."""
    before = words[left - 1] if left else None
    if before is not None and not (before.word in _ENDS or _masked(before) or before.word in "\"”’'»"):
        return None
    end = _phrase(words, at + 1, strict=True)
    follows = words[end] if end < len(words) else None
    ends = follows is None or follows.word in _ENDS or _masked(follows) or not follows.letters
    quoted = _near_quotation(words, left, at)
    goes_on = quoted and follows is not None and follows.lower in PREPOSITIONS | _SUBORDINATORS | TIMES | {"as"}
    if end == at + 1 or not (ends or goes_on) or _listed(words, end):
        return None
    plain = quoted and words[at].lower in SAY
    return _Subject(at + 1, end, ",") if _speaks(words, at + 1, end, plain=plain) else None


def _listed(words: Sequence[Token], end: int) -> bool:
    """Whether a name is but the first of several: X, Y and Z."""
    at = end + 1
    while at < len(words) and words[at].capital:
        at += 1
    if at >= len(words) or words[end].word != ",":
        return False
    return 2 <= at - end - 1 <= 3 and words[at].lower in (",", "and")


def _whole(subject: _Subject) -> bool:
    """Whether the attribution holds for the sentence, not only for a clause of it."""
    if subject.boundary == "as":
        return subject.start == 1
    if subject.boundary in _SUBORDINATORS:
        return False
    return subject.boundary not in _COORDINATORS


def _near_quotation(words: Sequence[Token], first: int, last: int) -> bool:
    """Whether a quotation stands straight before or after words[first..last], or after its colon or comma."""
    before = [words[at] for at in range(max(0, first - 2), first) if words[at].letters or _masked(words[at])]
    after = [words[at] for at in range(last + 1, min(last + 3, len(words))) if words[at].letters or _masked(words[at])]
    return (bool(before) and _masked(before[-1])) or (bool(after) and _masked(after[0]))


def _masked(token: Token) -> bool:
    return token.word[0] == MASK


def _means_speech(words: Sequence[Token], subject: _Subject, at: int) -> bool:
    """Whether the verb is one of speech here."""
    verb, after = words[at].lower, at + 1
    if subject.start > at:
        return True
    following = [token.lower for token in words[after : after + 5]]
    first = following[0] if following else "."
    closes = first in _ENDS or first[0] in "\n\x01"
    if verb in ("put", "puts"):
        return first == "it"
    if verb in SHOWING and verb not in PERHAPS_SPEAKING:
        shown = first == "that" or (closes and subject.boundary == ",")
        return shown and kind(words[subject.start : subject.end]) is Referent.DOCUMENT
    if verb in PERHAPS_SPEAKING:
        shown = first == "that" or "\x01" in {word[0] for word in following[:3]} or _near_quotation(words, subject.start, at)
        return shown or (closes and first != "-" and subject.boundary == ",")
    return not _other_meaning(verb, first, following)


def _other_meaning(verb: str, first: str, following: Sequence[str]) -> bool:
    if verb in SAY:
        return first in _NOT_SAID or (first in ("no", "yes") and (len(following) == 1 or following[1] in _ENDS or following[1] == "to"))
    if verb in ("told", "tells"):
        return first in _NOT_TOLD or first in _ENDS or (first in ("a", "the") and bool(_NOT_TOLD.intersection(following[:2])))
    if verb.startswith("claim"):
        return first[0].isdigit() or first in ("a", "an") or bool(_NOT_CLAIMED.intersection(following))
    if verb.startswith("den"):
        return bool(_NOT_DENIED.intersection(following[:4]))
    return verb.startswith(("argu", "contend")) and first in ("with", "over", "about", "for", "against")


def _phrase(words: Sequence[Token], start: int, *, strict: bool, limit: int | None = None) -> int:
    """Where the noun phrase that starts at `start` ends; `strict` where only its own words can tell."""
    end, at = start, start
    limit = min(len(words), start + _SUBJECT_WORDS) if limit is None else limit
    while at < limit and words[at].lower in DETERMINERS:
        at += 1
    while at < limit:
        token = words[at]
        if token.word == "&" or (token.word == "," and _lists(words, at, limit)):
            at += 1
            continue
        if token.lower in PREPOSITIONS and end > start:
            if not _attaches(words, at, strict):
                break
            at += 1 + (at + 1 < limit and words[at + 1].lower in DETERMINERS)
            continue
        if token.lower == "and" and end > start and _joins(words, at, limit, strict):
            at += 1 + (at + 1 < limit and words[at + 1].lower in DETERMINERS)
            continue
        if not _nominal(words, at, strict, end > start):
            break
        at += 1
        end = at
    return end


def _joins(words: Sequence[Token], at: int, limit: int, strict: bool) -> bool:
    """Whether "and" stands inside the phrase; where only its own words tell, between two names."""
    return not strict or (at + 1 < limit and words[at - 1].capital and words[at + 1].capital)


def _lists(words: Sequence[Token], comma: int, limit: int) -> bool:
    """Whether a comma stands inside a name: Acme, Inc."""
    return comma + 1 < limit and words[comma + 1].lower.rstrip(".") in ("inc", "llc", "jr", "sr", "ltd", "d-calif", "r-texas")


def _nominal(words: Sequence[Token], at: int, strict: bool, begun: bool) -> bool:
    """Whether the word at `at` can be part of a noun phrase here."""
    token, lower = words[at], words[at].lower
    if token.word[0] == "'" or not token.letters or ("'" in lower and lower.split("'")[0] in STOPS):
        return False
    if token.capital and token.word not in ("I",) and not (at == 0 and lower in STOPS):
        return not _timed(words, at) and (at > 0 or lower not in PREPOSITIONS) and not (lower in STOPS and not token.word.isupper())
    if lower in STOPS or lower in PREPOSITIONS or lower in TIMES or lower in _SUBJECT_STOPS or (lower in DETERMINERS and begun):
        return lower in ("one", "two", "three", "four", "five", "general") and not begun
    if token.word[0].isdigit() and begun:
        return False
    return not strict or not begun or _continues(words, at)


def _timed(words: Sequence[Token], at: int) -> bool:
    """Whether the capitalised word at `at` is a day or month that is not part of a name."""
    report = at + 1 < len(words) and words[at + 1].lower in DOCUMENTS
    return words[at].lower in TIMES and not words[at].word.isupper() and not report


def _continues(words: Sequence[Token], at: int) -> bool:
    """Whether a lower-case word after others goes on with the phrase, rather than with the sentence."""
    lower, before = words[at].lower, words[at - 1]
    if before.lower.endswith("'s"):
        return True
    if lower in _PARTICIPLES or (
        lower.endswith("ing") and lower not in ("housing", "banking", "consulting", "marketing", "shipping", "fishing", "polling")
    ):
        return False
    if lower in PERSONS or lower in MANY or lower in BODIES or lower in DOCUMENTS:
        return True
    if not before.capital and not (before.lower in PERSONS or before.lower in MANY) and not lower.endswith(("ed", "ly")):
        return True
    ahead = words[at + 1 : at + 4]
    based = "-" in before.word or lower in _MODIFIERS
    return before.capital and based and any(token.lower in SOMEONE or token.capital for token in ahead)


def _attaches(words: Sequence[Token], at: int, strict: bool) -> bool:
    """Whether the preposition at `at` goes on with the noun phrase before it."""
    lower = words[at].lower
    follows = words[at + 1] if at + 1 < len(words) else None
    if follows is None or not follows.letters or follows.lower in TIMES or follows.word[0].isdigit():
        return False
    if lower == "of" or not strict:
        return lower not in ("than",)
    if follows.lower in ("the", "its", "a", "an") and at + 2 < len(words):
        follows = words[at + 2]
    role = words[at - 1].lower in PERSONS or words[at - 1].lower in MANY
    if lower in ("for", "at", "with", "from", "in"):
        return (follows.capital and follows.lower not in TIMES and (role or lower == "for")) or (
            role and lower in ("for", "at", "with") and (follows.lower in BODIES or follows.lower == "port")
        )
    return False


def _trimmed(words: Sequence[Token], start: int, end: int) -> int:
    """Without what a participle adds: "the man wounded in the fire" names the man."""
    for at in range(start + 2, end - 1):
        if (words[at].lower.endswith("ed") or words[at].lower in _PARTICIPLES) and words[at + 1].lower in PREPOSITIONS and not words[at].capital:
            return at
    return end


def _speaks(words: Sequence[Token], start: int, end: int, *, plain: bool) -> bool:
    """Whether the noun phrase can be a speaker; after a verb that is `plain` speech a short one with an article can."""
    phrase = words[start:end]
    if not phrase or (phrase[0].lower in _NOBODY and (len(phrase) == 1 or phrase[0].lower in ("no", "who", "which", "neither"))):
        return False
    if phrase[-1].lower.endswith("'s") or phrase[0].lower in ("neither", "either", "no") or phrase[-1].lower in DETERMINERS:
        return False
    head = next((at for at, token in enumerate(phrase) if at and token.lower in PREPOSITIONS), len(phrase))
    core = [token for token in phrase[:head] if token.lower not in DETERMINERS or token.word.isupper()]
    if not core:
        return False
    last = core[-1].lower
    if last in PERSONS or last in MANY or last in BODIES or last in DOCUMENTS:
        return True
    if core[-1].capital:
        lone = len(core) == 1 and start == 0
        return not (lone and (core[-1].lower.endswith(("ly", "ing")) or core[-1].lower in _NO_NAMES))
    return plain and len(phrase[:head]) <= 5 and (phrase[0].lower in DETERMINERS or phrase[0].lower == "people") and not last.endswith(("ly", "ing"))


def _opening(words: Sequence[Token]) -> _Subject | None:
    """The name or role that opens the sentence as its subject."""
    start = 0
    while start < len(words) and (words[start].lower in _BEGINNERS or words[start].word[0] in "\n\"'"):
        start += 1
    end = _phrase(words, start, strict=True)
    end = next((at + 1 for at in range(end - 1, start - 1, -1) if _stands_for_someone(words[at])), start)
    if end == start or end >= len(words) or not _speaks(words, start, end, plain=False) or not _acts(words[end]):
        return None
    return _Subject(start, end, "")


def _acts(token: Token) -> bool:
    """Whether the word after a noun phrase can be its verb, so that the phrase is whole."""
    lower = token.lower
    return not token.letters or lower in _FOLLOWING or lower.endswith(("ed", "s", "ly"))


def _stands_for_someone(token: Token) -> bool:
    return (token.capital and token.lower not in _NO_NAMES) or token.lower in SOMEONE


def _resolved(nearby: _Nearby, number: int, chosen: _Attribution) -> Span | None:
    """Who the attribution names; for a pronoun, the one name of its number in the sentences before."""
    if not chosen.pronoun:
        return chosen.who
    for before in range(number, max(-1, number - _PRONOUN_BACK - 1), -1):
        words = nearby.words(before)
        if before == number:
            words = [token for token in words if token.span.end <= chosen.who.start]
        found = [who for who in _candidates(words) if _agrees(nearby, words, who, chosen.pronoun)]
        if len(found) > 1 or (found and _others(words, found[0], chosen.pronoun)):
            return None
        if found:
            return found[0]
        if chosen.pronoun != "it" and (_others(words, None, chosen.pronoun) or (before < number and _unknown(nearby, words))):
            return None
    return None


def _unknown(nearby: _Nearby, words: Sequence[Token]) -> bool:
    """Whether a sentence is about someone who is named by a lone word, such as a surname."""
    if not words or not words[0].capital or words[0].lower in _NO_NAMES or words[0].lower in _BEGINNERS:
        return False
    window = Span(nearby.sentences[0].start, nearby.sentences[-1].end)
    return kind(words[:1]) is Referent.UNKNOWN and capital_inside(nearby.text, window, words[0].word)


def _candidates(words: Sequence[Token]) -> list[Span]:
    """Those who speak or act in a sentence, each once."""
    opening = _opening(words)
    spans = [_window(words, opening.start, opening.end)] if opening else []
    for attribution in _attributions(words):
        if not attribution.pronoun and not any(span.start < attribution.who.end and attribution.who.start < span.end for span in spans):
            spans.append(attribution.who)
    return spans


def _agrees(nearby: _Nearby, words: Sequence[Token], who: Span, pronoun: str) -> bool:
    phrase = [token for token in words if who.covers(token.span)]
    named = kind(phrase)
    if pronoun in ("he", "she"):
        if any(token.lower == "and" for token in phrase):
            return False
        if named is Referent.UNKNOWN and _surname(nearby, phrase):
            named = Referent.PERSON
        return named is Referent.PERSON and gender(phrase) in ("", pronoun)
    if pronoun == "it":
        return named in (Referent.BODY, Referent.DOCUMENT)
    return named in (Referent.MANY, Referent.BODY)


def _surname(nearby: _Nearby, phrase: Sequence[Token]) -> bool:
    """Whether a lone name is one that was given in full before."""
    if not phrase or not phrase[-1].capital or len(phrase) > 1:
        return False
    at = nearby.text.rfind(f" {phrase[0].word}", nearby.sentences[0].start, phrase[0].span.start - 1)
    before = nearby.text[max(0, at - 30) : max(0, at)].split(" ")
    follows = nearby.text[at + 1 + len(phrase[0].word) : at + 3 + len(phrase[0].word)]
    if follows[:1].isalpha() or follows[1:].isupper():
        return False
    return at > 0 and before[-1][:1].isupper() and before[-1].isalpha() and before[-1].lower() not in NAMELESS


def _others(words: Sequence[Token], who: Span | None, pronoun: str) -> bool:
    """Whether the sentence names someone else whom the pronoun could mean."""
    known = {token.lower for token in words if who is not None and who.covers(token.span)}
    wanted = (Referent.PERSON,) if pronoun in ("he", "she") else (Referent.MANY,)
    at = 0
    while at < len(words):
        end = _phrase(words, at, strict=True)
        phrase = words[at:end]
        if end - at > 1 and kind(phrase) in wanted and phrase[-1].lower not in known and gender(phrase) in ("", pronoun):
            return True
        at = max(end, at + 1)
    return False


def _window(words: Sequence[Token], start: int, end: int) -> Span:
    return Span(words[start].span.start, words[end - 1].span.end)
