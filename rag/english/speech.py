"""Who can be the subject of a verb, and whether the verb is one of speech where it stands: what is said, or a clause with "that", shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.english.phrases import NO_NAMES, NOUNS, PARTICIPLES, Token, head_of, phrase_end, stands_for_someone
from rag.english.words import (
    ASKING,
    AUXILIARIES,
    COMMENTING,
    DEMONSTRATIVES,
    DETERMINERS,
    DOCUMENTS,
    FIGURES,
    HAVE,
    MANY,
    PASTS,
    PERSONAL,
    PREPOSITIONS,
    SAY,
    SOMEONE,
    SPEAKING,
    STOPS,
    TIMES,
    UNTOLD,
)

ADVERBS = (
    HAVE
    | {"will"}
    | frozenset("also later then now again once just recently already even only both repeatedly often long still first further".split())
)
_NOBODY = DEMONSTRATIVES | frozenset(
    "some many few most all others everyone everybody someone somebody nobody anyone one none no such nothing everything both each either neither "
    "another".split()
)
_NONE = frozenset("no neither either".split())
# what may stand before the subject that opens a sentence, and names nobody
BEGINNERS = frozenset(
    "but and yet so nor still however then even instead also now meanwhile nevertheless nonetheless separately additionally".split()
)
# what can follow a whole subject
_FOLLOWING = STOPS | PREPOSITIONS | SPEAKING | ADVERBS | PASTS
PRONOUNS = frozenset("he she they it".split())
_CONCEDING = frozenset("while although though".split())
COORDINATORS = _CONCEDING | frozenset("but whereas and yet or".split())
SUBORDINATORS = _CONCEDING | ASKING | frozenset("after before because since if unless until whether that".split())
ENDS = frozenset(",.;:!?—–-()[]…")
# what is not said, told, claimed or denied in words, though its verb is one of speech
_NOT_SAID = frozenset("goodbye hello farewell thanks sorry grace mass so little nothing anything something much prayers".split())
_NOT_TOLD = frozenset(
    "apart off tales lies stories joke jokes story truth time difference request requests motion appeal bail entry access permission petition visa "
    "bid".split()
)
# what may stand between a verb and its "that"
_BETWEEN = TIMES | frozenset("on in this last".split())
_ABOUT = frozenset("with over about for against".split())


@dataclass(frozen=True, slots=True)
class Subject:
    """The words [start, end) before a verb, and the word before them."""

    start: int
    end: int
    boundary: str
    pronoun: str = ""

    def of(self, words: Sequence[Token]) -> Sequence[Token]:
        return words[self.start : self.end]


def without_participle(words: Sequence[Token], start: int, end: int) -> int:
    """Where the phrase ends without what a participle adds ("the man wounded in the fire"); its start where someone acts ("Roe confirmed press")."""
    for at in range(start + 1, end - 1):
        lower = words[at].lower
        if words[at].capital or "-" in lower or not (lower.endswith("ed") or lower in PARTICIPLES):
            continue
        if at > start + 1 and words[at + 1].lower in PREPOSITIONS:
            return at
        if stands_for_someone(words[at - 1]):
            return start
    return end


def can_speak(words: Sequence[Token], start: int, end: int, *, plain: bool) -> bool:
    """Whether the noun phrase can be a speaker; after a verb that is `plain` speech a short one with an article can."""
    phrase = words[start:end]
    if not phrase or (phrase[0].lower in _NOBODY and (len(phrase) == 1 or phrase[0].lower in _NONE)) or phrase[-1].lower.endswith("'s"):
        return False
    core = head_of(phrase)
    if not core or (core[-1].lower in FIGURES and not any(token.capital or token.lower.endswith("'s") for token in core[:-1])):
        return False
    last = core[-1].lower
    if last in NOUNS:
        return True
    if core[-1].capital:
        return len(core) > 1 or start > 0 or not (last.endswith(("ly", "ing")) or last in NO_NAMES)
    return plain and len(core) <= 4 and (phrase[0].lower in DETERMINERS or phrase[0].lower == "people") and not last.endswith(("ly", "ing"))


def opening_subject(words: Sequence[Token]) -> Subject | None:
    """The name or role that opens the sentence as its subject."""
    start = 0
    while start < len(words) and (words[start].lower in BEGINNERS or words[start].word[0] in "\n\"'"):
        start += 1
    end = phrase_end(words, start, strict=True)
    end = next((at + 1 for at in range(end - 1, start - 1, -1) if stands_for_someone(words[at])), start)
    if end == start or end >= len(words) or not can_speak(words, start, end, plain=False):
        return None
    # the phrase is whole where the next word can be its verb
    follows = words[end]
    whole = not follows.letters or follows.lower in _FOLLOWING or follows.lower.endswith(("ed", "s", "ly"))
    return Subject(start, end, "") if whole else None


def _other_meaning(words: Sequence[Token], at: int) -> bool:
    """Whether a verb of speech has another meaning here: said goodbye, told lies, claimed three lives, denied them entry."""
    verb, following = words[at].lower, [token.word for token in words[at + 1 : at + 5]] or ["."]
    first = following[0]
    if verb in SAY:
        return first in _NOT_SAID or (first in ("no", "yes") and (len(following) == 1 or following[1] in ENDS | {"to"}))
    if verb.startswith(("argu", "contend")):
        return first in _ABOUT
    if verb.startswith("claim"):
        return first not in ENDS | {"that", "to"} and not _has_verb(words, at + 2, at + 10)
    told = verb in ("told", "tells")
    return (told and first in ENDS) or ((told or verb.startswith("den")) and bool(_NOT_TOLD.intersection(following)))


def means_speech(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether the verb is one of speech here: by its own meaning, or by an utterance, a clause with "that" or commas beside it."""
    if words[at].lower in SPEAKING:
        return subject.start > at or not _other_meaning(words, at)
    if after_utterance(words, min(subject.start, at)):
        return _names_speaker(words, subject, at)
    tells = subject.start < at and ((leads_in(words, at) and subject.boundary not in SUBORDINATORS) or that_clause(words, at))
    comments = words[at].lower in COMMENTING and subject.boundary == "," and _closes(words, max(subject.end - 1, at) + 1)
    return tells or comments or (words[at].lower.startswith("put") and at + 1 < len(words) and words[at + 1].lower == "it")


def _names_speaker(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether subject and verb behind an utterance say who spoke, not who does something next."""
    first, follows = min(subject.start, at), max(subject.end - 1, at) + 1
    if subject.start < at and words[first - 1].ending == ".":
        # what was said ended before, so this is another sentence, perhaps about who listened
        return False
    after = words[follows].lower if follows < len(words) else "."
    quotation = first - 1 - (words[first - 1].word == ",")
    if not quotation or not words[quotation - 1].letters:
        # the quotation is no part of a clause
        return _closes(words, follows) or after in PREPOSITIONS | STOPS | TIMES | ADVERBS or after.endswith("ly")
    listed = after == "," and follows + 1 < len(words) and (can_be_verb(words, follows + 1) or words[follows + 1].lower == "and")
    return _closes(words, follows) and not listed


def can_be_verb(words: Sequence[Token], at: int) -> bool:
    """Whether a word can be a verb in the past, or a present one after a name or a noun of its number."""
    token, lower = words[at], words[at].lower
    if token.capital or not lower[0].isalpha() or lower.removesuffix("s") in TIMES or lower in SOMEONE | STOPS | TIMES | PREPOSITIONS:
        return False
    if lower.endswith("ed") or lower in PASTS:
        return True
    before = words[adverbs_before(words, at) - 1]
    if lower.endswith("s") and not lower.endswith("ss"):
        return before.capital or before.word in (",", "—", "–") or before.quoted or before.lower in NOUNS | PRONOUNS
    return before.lower in MANY or (before.lower in DOCUMENTS and before.lower.endswith(("s", "data")))


def adverbs_before(words: Sequence[Token], at: int) -> int:
    """Where the adverbs begin that stand before the verb at `at`."""
    while at and (words[at - 1].lower in ADVERBS or (words[at - 1].lower.endswith("ly") and not words[at - 1].capital)):
        at -= 1
    return at


def after_utterance(words: Sequence[Token], at: int) -> bool:
    """Whether the words from `at` on follow something said: “…,” or “…”, but not a title that a phrase ends with."""
    comma = at > 1 and words[at - 1].word == ","
    before = at - 1 - comma
    return before >= 0 and words[before].quoted and (comma or words[before].utters)


def leads_in(words: Sequence[Token], at: int) -> bool:
    """Whether the verb leads in an utterance: X wrote, “…”, X added: “…”."""
    return at + 2 < len(words) and words[at + 1].word in (",", ":") and words[at + 2].utters


def that_clause(words: Sequence[Token], at: int) -> bool:
    """Whether a "that" follows, at most a time after the verb, and begins a clause of what is told."""
    that = next((that for that in range(at + 1, min(len(words), at + 6)) if words[that].lower not in _BETWEEN), len(words))
    if words[at].lower.startswith(UNTOLD) or that + 1 >= len(words) or words[that].lower != "that":
        return False
    first = words[that + 1]
    if first.lower in AUXILIARIES or can_be_verb(words, that + 1):
        # a relative clause: "boats that have sunk"
        return False
    if first.capital or not first.word[0].isalpha() or first.lower in DETERMINERS | PERSONAL | SUBORDINATORS | {"there", "no"}:
        return True
    # else it may point: "that film"
    mark = next((at for at in range(that + 2, len(words)) if not words[at].letters or words[at].lower in COORDINATORS), len(words))
    plural = any(
        token.lower.endswith("s") and not token.lower.endswith("'s") for token in words[that + 1 : min(that + 5, mark)] if len(token.word) > 3
    )
    end = that + 12 if first.lower in PREPOSITIONS else min(that + 8, mark)
    return plural or _has_verb(words, that + 2, end)


def _has_verb(words: Sequence[Token], start: int, end: int) -> bool:
    return any(words[at].lower in AUXILIARIES or can_be_verb(words, at) for at in range(start, min(end, len(words))))


def _closes(words: Sequence[Token], at: int) -> bool:
    """Whether a clause can end before `at`."""
    return at >= len(words) or words[at].word[0] in ",.;—–!?\n"


def near_quotation(words: Sequence[Token], first: int, last: int) -> bool:
    """Whether a quotation stands straight before or after words[first..last], or after its colon or comma."""
    before = [token for token in words[max(0, first - 2) : first] if token.letters or token.quoted]
    after = [token for token in words[last + 1 : last + 3] if token.letters or token.quoted]
    return any(token.quoted for token in before[-1:] + after[:1])
