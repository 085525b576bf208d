"""The words of a sentence that say who speaks: "according to X", "X said", "said X", "X, a clerk, said"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.english.phrases import LONGEST_PHRASE, Referent, Token, kind, phrase_end, stands_for_someone, window_of
from rag.english.quotations import CLOSING, OPENING
from rag.english.speech import (
    BEGINNERS,
    COORDINATORS,
    ENDS,
    PRONOUNS,
    SUBORDINATORS,
    Subject,
    adverbs_before,
    after_utterance,
    can_be_verb,
    can_speak,
    leads_in,
    means_speech,
    near_quotation,
    opening_subject,
    that_clause,
    without_participle,
)
from rag.english.words import (
    AUXILIARIES,
    BODIES,
    DETERMINERS,
    DOCUMENTS,
    OWNERS,
    PREPOSITIONS,
    SAY,
    SOMEONE,
    SPEAKING,
    STOPS,
    TIMES,
)
from rag.types import Span

# how many commas an apposition may hold
_COMMAS = 4
_NOT_INVERTED = frozenset("told tells denied denies claimed claims shows called named dubbed".split())
_NOT_ACCORDING = frozenset("age law needs order plan plans schedule size type".split())
# what can stand before a clause, but for a mark
_JOINING = SUBORDINATORS | COORDINATORS | {"as"}
_RELAYED = frozenset("from by of in".split())
_MARKS = f"\n{OPENING}{CLOSING}"


@dataclass(frozen=True, slots=True)
class Attribution:
    """The words `phrase` that say who speaks by the verb at `at`; `pronoun` where that is all they say.

    `whole` tells whether it holds for the sentence, not only for a clause of it, and `quoted` whether a quotation stands beside it.
    """

    phrase: Sequence[Token]
    at: int
    boundary: str
    whole: bool = True
    quoted: bool = False
    outer: bool = False
    pronoun: str = ""

    @property
    def who(self) -> Span:
        return window_of(self.phrase)


def chosen_of(found: Sequence[Attribution]) -> Attribution | None:
    """The one attribution that holds for the sentence: the outermost; None where two stand side by side."""
    whole = [attribution for attribution in found if attribution.whole]
    if not whole:
        return None
    chosen = min(whole, key=lambda attribution: (not attribution.quoted or attribution.pronoun != "", not attribution.outer))
    last = chosen.phrase[-1].lower
    rivals = [other for other in found if other.at != chosen.at and not other.pronoun and other.phrase[-1].lower != last]
    if any(other.boundary in COORDINATORS or (chosen.quoted and other.quoted and other.whole) for other in rivals):
        return None
    return chosen


def attributions(words: Sequence[Token]) -> list[Attribution]:
    """All in a sentence, in order."""
    found: list[Attribution] = []
    for at, token in enumerate(words):
        lower, before = token.lower, words[at - 1].lower if at else ""
        if lower == "to" and before == "according":
            found += _according(words, at + 1)
        elif lower == "per" and before == ",":
            found += _per(words, at + 1)
        elif lower == "saying" or (lower.endswith("ing") and (that_clause(words, at) or leads_in(words, at))):
            found += _saying(words, at, found)
        elif lower in SPEAKING or can_be_verb(words, at):
            found += _spoken(words, at)
    return found


def _according(words: Sequence[Token], at: int) -> Iterator[Attribution]:
    end = phrase_end(words, at, strict=True)
    if end == at or words[end - 1].lower in _NOT_ACCORDING:
        return
    start, end = _relayed(words, at, end)
    if can_speak(words, start, end, plain=True):
        # the word before "according", or this itself where it opens the sentence
        before = words[max(0, at - 3)]
        yield Attribution(words[start:end], at, "", before.lower not in SUBORDINATORS, before.quoted, outer=True)


def _per(words: Sequence[Token], at: int) -> Iterator[Attribution]:
    """X in "…, per X" at the sentence's end."""
    end = phrase_end(words, at, strict=True)
    if end > at and words[end - 1].capital and can_speak(words, at, end, plain=False) and all(token.word == "." for token in words[end:]):
        yield Attribution(words[at:end], at, ",")


def _relayed(words: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """Who made the report: in "a report from X" and "figures released on Monday by X", X."""
    first = next((at for at in range(start + 1, end) if words[at].lower in PREPOSITIONS), end)
    noun = words[first - 1]
    if noun.lower not in DOCUMENTS or (noun.capital and noun.lower in BODIES):
        return start, end
    for at in range(first, min(first + 5, len(words) - 1)):
        if words[at].word in ENDS or words[at].lower in STOPS:
            break
        there = phrase_end(words, at + 1, strict=True) if words[at].lower in _RELAYED else at
        if there > at + 1 and can_speak(words, at + 1, there, plain=False) and kind(words[at + 1 : there]) is not Referent.DOCUMENT:
            return at + 1, there
    return start, first


def _saying(words: Sequence[Token], at: int, found: Sequence[Attribution]) -> Iterator[Attribution]:
    """In "…, with X saying" X; in "X rejected it, saying" and "X rejected it, adding that" X, unless `found` has who spoke before."""
    withs = [start for start in range(max(1, at - LONGEST_PHRASE), at) if words[start - 1].lower == "with" and words[at].lower == "saying"]
    start = next((start for start in withs if phrase_end(words, start, strict=False, limit=at) == at and can_speak(words, start, at, plain=True)), at)
    if start < at:
        start += words[start].lower in OWNERS
        yield Attribution(words[start:at], at, "with", quoted=near_quotation(words, at, at), outer=True)
    elif at and words[at - 1].word == "," and not found:
        opening = opening_subject(words)
        if opening and opening.end < at - 1 and words[opening.end].letters and words[opening.end].lower not in PREPOSITIONS:
            yield Attribution(opening.of(words), at, ",")


def _spoken(words: Sequence[Token], at: int) -> Iterator[Attribution]:
    """The attribution that the verb at `at` makes, if any."""
    left = adverbs_before(words, at)
    subject = _subject(words, left)
    if subject is None and words[at].lower not in _NOT_INVERTED:
        subject = _inverted(words, left, at)
    if subject is None or not means_speech(words, subject, at):
        return
    if subject.start < at and at + 1 < len(words) and words[at + 1].lower in AUXILIARIES:
        # a clause within another: "a move Roe said was wise"
        return
    quoted = near_quotation(words, min(subject.start, at), max(subject.end, at + 1) - 1)
    quoted |= leads_in(words, at) and subject.boundary not in SUBORDINATORS
    whole = quoted or subject.boundary not in _JOINING or (subject.boundary == "as" and subject.start == 1)
    yield Attribution(subject.of(words), at, subject.boundary, whole, quoted, pronoun=subject.pronoun)


def _subject(words: Sequence[Token], left: int) -> Subject | None:
    """The noun phrase that ends before `left`, straight before the verb or before its apposition."""
    if left and words[left - 1].word == ")":
        # "Name (ABC) said"
        left = next((at for at in range(left - 2, max(0, left - 8), -1) if words[at].word == "("), left)
    if not left:
        return None
    before = words[left - 1]
    if before.word in (",", "—", "–"):
        return _before_apposition(words, left - 1)
    if before.lower in PRONOUNS:
        return Subject(left - 1, left, _boundary(words, left - 1), before.lower) if _bounds(words, left - 1) else None
    if before.lower == "and":
        return _of_two_verbs(words, left - 1)
    return _ending(words, left, plain=left < len(words) and (words[left].lower in SPEAKING or after_utterance(words, left)))


def _of_two_verbs(words: Sequence[Token], conjunction: int) -> Subject | None:
    """The mayor smiled and said: the subject that opens the sentence, when no comma parts the verbs."""
    subject = opening_subject(words)
    if subject is None or not 0 < conjunction - subject.end <= 8 or words[subject.end].lower in PREPOSITIONS | {"and"}:
        return None
    between = words[subject.end : conjunction]
    return subject if all(token.letters and token.lower not in SUBORDINATORS | SPEAKING for token in between) else None


def _before_apposition(words: Sequence[Token], comma: int) -> Subject | None:
    """X in "X, 34, a clerk of the court, said"."""
    for _ in range(_COMMAS):
        previous = _mark_before(words, comma)
        if previous < 1 or words[previous].word != words[comma].word or not _apposes(words[previous + 1 : comma]):
            return None
        subject = _ending(words, previous, plain=True)
        if subject is not None and not _apposes_again(words, subject):
            return subject
        comma = previous
    return None


def _mark_before(words: Sequence[Token], comma: int) -> int:
    """The last mark before the one at `comma` that can part a clause, within 26 words; else -1."""
    before = range(comma - 1, max(-1, comma - 26), -1)
    return next((at for at in before if words[at].word in (",", "—", "–", ";", "\n", ":") or words[at].quoted), -1)


def _apposes(between: Sequence[Token]) -> bool:
    """Whether what stands between two commas only says more about the name before them."""
    if not between:
        return False
    first, listed = between[0].lower, {token.lower for token in between}
    if first in ("who", "which", "whose") or first[0].isdigit():
        return True
    if listed & (SAY | PRONOUNS | (AUXILIARIES - {"may"})):
        return False
    return first in DETERMINERS | {"in"} or first.endswith(("ing", "ed")) or between[0].capital or bool(listed & SOMEONE)


def _apposes_again(words: Sequence[Token], subject: Subject) -> bool:
    """Whether the phrase itself says more about a name before it, as A and B do in "X, a director of A, B, said"."""
    if subject.boundary != ",":
        return False
    first = words[subject.start]
    lone = first.lower in ("a", "an") or not (first.capital or first.lower in DETERMINERS)
    further = words[_mark_before(words, subject.start - 1) + 1].lower in ("a", "an")
    return further or (lone and stands_for_someone(words[subject.start - 2]))


def _ending(words: Sequence[Token], end: int, *, plain: bool) -> Subject | None:
    """The longest noun phrase that ends at `end`, starts where a clause can, and can speak."""
    for start in range(max(0, end - LONGEST_PHRASE), end):
        whole = _bounds(words, start) and phrase_end(words, start, strict=False, limit=end) == end
        named = without_participle(words, start, end) if whole else start
        if named > start and can_speak(words, start, end, plain=plain):
            return Subject(start, named, _boundary(words, start))
    return None


def _bounds(words: Sequence[Token], start: int) -> bool:
    """Whether a clause can start at `start`."""
    if not start:
        return True
    before = words[start - 1]
    marks = before.word in ENDS or before.word[0] in _MARKS or before.quoted or before.word.isdigit()
    return marks or before.lower in _JOINING | BEGINNERS | TIMES


def _boundary(words: Sequence[Token], start: int) -> str:
    """The word before `start`, or nothing where the phrase opens the sentence but for a "But"."""
    opens = all(token.word[0] in _MARKS or token.lower in BEGINNERS for token in words[:start])
    return "" if opens else words[start - 1].lower


def _inverted(words: Sequence[Token], left: int, at: int) -> Subject | None:
    """X in "…, said X" and “…” said X."""
    before = words[left - 1] if left else None
    if before and not (before.word in ENDS or before.quoted or before.word in CLOSING):
        return None
    end = phrase_end(words, at + 1, strict=True)
    follows = words[end] if end < len(words) else None
    if follows and follows.quoted and not after_utterance(words, left):
        return None
    quoted = near_quotation(words, left, at)
    goes_on = quoted and follows and follows.lower in PREPOSITIONS | SUBORDINATORS | TIMES | {"as"}
    # a name may be but the first of several: X, Y and Z
    several = next((at for at in range(end + 1, len(words)) if not words[at].capital), end)
    listed = 2 <= several - end - 1 <= 3 and words[end].word == "," and words[several].lower in (",", "and")
    if end == at + 1 or (follows and follows.letters and not goes_on) or listed:
        return None
    return Subject(at + 1, end, ",") if can_speak(words, at + 1, end, plain=quoted) else None
