"""Whether a verb is one of speech where it stands, whatever it means elsewhere: what is said, or a clause with "that", shows it."""

from collections.abc import Sequence

from rag.english.noun_phrases import ADVERBS, NOUNS, Subject
from rag.english.phrases import Token, is_quoted
from rag.english.words import (
    ASKING,
    BE,
    COMMENTING,
    DETERMINERS,
    DO,
    DOCUMENTS,
    HAVE,
    MANY,
    MODALS,
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

PRONOUNS = frozenset("he she they it".split())
COORDINATORS = frozenset("but while although though whereas and yet or".split())
SUBORDINATORS = ASKING | frozenset("after before because since if unless until whether that while although though".split())
ENDS = frozenset(",.;:!?—–-()[]…")
# what is not said, told, claimed or denied in words, though its verb is one of speech
_NOT_SAID = frozenset("goodbye hello farewell thanks sorry grace mass so little nothing anything something much prayers".split())
_NOT_TOLD = frozenset(
    "apart off tales lies stories joke jokes story truth time difference lives life title titles victory gold silver bronze medal crown championship "
    "spot place win first prize ownership request requests motion appeal bail entry access permission petition visa bid".split()
)
# what may stand between a verb and its "that"
_BETWEEN = TIMES | frozenset("on in this last".split())
_ABOUT = frozenset("with over about for against".split())


def means_speech(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether the verb is one of speech here."""
    if words[at].lower not in SPEAKING:
        return _shown(words, subject, at)
    return subject.start > at or not _other_meaning(words[at].lower, [token.word for token in words[at + 1 : at + 5]] or ["."])


def _other_meaning(verb: str, following: Sequence[str]) -> bool:
    """Whether a verb of speech has another meaning before these words: said goodbye, told lies, claimed three lives, denied them entry."""
    first = following[0]
    if verb in SAY:
        return first in _NOT_SAID or (first in ("no", "yes") and (len(following) == 1 or following[1] in ENDS | {"to"}))
    if verb.startswith(("argu", "contend")):
        return first in _ABOUT
    if verb.startswith("claim") and (first[0].isdigit() or first in ("a", "an")):
        return True
    told = verb in ("told", "tells")
    return (told and first in ENDS) or ((told or verb.startswith(("claim", "den"))) and bool(_NOT_TOLD.intersection(following)))


def _shown(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether what stands beside a verb of any meaning shows that it is one of speech: an utterance, a clause with "that", commas."""
    if after_utterance(words, min(subject.start, at)):
        return _names_speaker(words, subject, at)
    phrase = words[subject.start : subject.end]
    if not (phrase[-1].capital or phrase[-1].lower in NOUNS or subject.pronoun in ("he", "she", "they")):
        return False
    if any(token.lower == "and" for token in phrase) and words[at].lower.endswith("s"):
        # the verb is of one, so that the phrase is not its subject
        return False
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
    goes_on = after in PREPOSITIONS | STOPS | TIMES | ADVERBS or after.endswith("ly")
    if _alone(words, first):
        return goes_on or _closes(words, follows)
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
    if (at and words[at - 1].lower in HAVE | MODALS) or lower.endswith(("ing", "ly")):
        return False
    if lower.endswith("s") and not lower.endswith("ss"):
        return before.capital or before.word in (",", "—", "–") or is_quoted(before) or before.lower in NOUNS | PRONOUNS
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
    return before >= 0 and is_quoted(words[before]) and (comma or words[before].utters)


def _alone(words: Sequence[Token], at: int) -> bool:
    """Whether the quotation before `at` is no part of a clause."""
    quotation = at - 1 - (words[at - 1].word == ",")
    return not quotation or not words[quotation - 1].letters


def leads_in(words: Sequence[Token], at: int) -> bool:
    """Whether the verb leads in an utterance: X wrote, “…”, X added: “…”."""
    return at + 2 < len(words) and words[at + 1].word in (",", ":") and words[at + 2].utters


def that_clause(words: Sequence[Token], at: int) -> bool:
    """Whether a "that" follows, at most a time after the verb, and begins a clause of what is told."""
    that = next((that for that in range(at + 1, min(len(words), at + 6)) if words[that].lower not in _BETWEEN), len(words))
    if words[at].lower in UNTOLD or that + 1 >= len(words) or words[that].lower != "that":
        return False
    first = words[that + 1]
    if first.lower in BE | HAVE | MODALS or can_be_verb(words, that + 1):
        # a relative clause: "boats that have sunk"
        return False
    if first.capital or not first.word[0].isalpha() or first.lower in DETERMINERS | PERSONAL | SUBORDINATORS | {"there", "no"}:
        return True
    # else it may point: "that film"
    mark = next((at for at in range(that + 2, len(words)) if not words[at].letters or words[at].lower in COORDINATORS), len(words))
    plural = any(
        token.lower.endswith("s") and not token.lower.endswith("'s") for token in words[that + 1 : min(that + 5, mark)] if len(token.word) > 3
    )
    end = min(that + 12, len(words)) if first.lower in PREPOSITIONS else min(that + 8, mark)
    return plural or any(words[at].lower in BE | HAVE | DO | MODALS or can_be_verb(words, at) for at in range(that + 2, end))


def _closes(words: Sequence[Token], at: int) -> bool:
    """Whether a clause can end before `at`."""
    return at >= len(words) or words[at].word[0] in ",.;—–!?\n"


def near_quotation(words: Sequence[Token], first: int, last: int) -> bool:
    """Whether a quotation stands straight before or after words[first..last], or after its colon or comma."""
    before = [token for token in words[max(0, first - 2) : first] if token.letters or is_quoted(token)]
    after = [token for token in words[last + 1 : last + 3] if token.letters or is_quoted(token)]
    return any(map(is_quoted, before[-1:] + after[:1]))
