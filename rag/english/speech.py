"""Whether a verb is one of speech where it stands, whatever it means elsewhere: what is said, or a clause with "that", shows it."""

from collections.abc import Sequence

from rag.english.noun_phrases import ADVERBS, NOUNS, Subject
from rag.english.phrases import Token
from rag.english.quotations import MASK
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
PARTERS = frozenset("but while although though whereas".split())
COORDINATORS = PARTERS | {"and", "yet", "or"}
SUBORDINATORS = ASKING | frozenset("after before because since if unless until whether that while although though".split())
ENDS = frozenset(",.;:!?—–-()[]…")
_NOT_SAID = frozenset("goodbye hello farewell thanks sorry grace mass so little nothing anything something much prayers".split())
_NOT_TOLD = frozenset("apart off tales lies stories jokes story truth time difference tale joke".split())
_NOT_CLAIMED = frozenset(
    "lives life title titles victory gold silver bronze medal crown championship spot place win first second third prize trophy ownership".split()
)
_NOT_DENIED = frozenset("request motion appeal bail entry access permission application petition visa bid requests permit".split())


def means_speech(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether the verb is one of speech here."""
    verb = words[at].lower
    if verb not in SPEAKING:
        return _shown(words, subject, at)
    following = [token.lower for token in words[at + 1 : at + 6]]
    return subject.start > at or not _other_meaning(verb, following[0] if following else ".", following)


def _shown(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether what stands beside a verb of any meaning shows that it is one of speech: an utterance, a clause with "that", commas."""
    if after_utterance(words, min(subject.start, at)):
        return _names_speaker(words, subject, at)
    if not _can_tell(words, subject, at):
        return False
    if subject.start > at:
        return _comments(words, subject, at)
    follows = words[at + 1] if at + 1 < len(words) else words[at]
    if (words[at].lower in ("put", "puts") and follows.lower == "it") or (words[at].lower in ("read", "reads") and is_quoted(follows)):
        return True
    leads = leads_in(words, at) and subject.boundary not in SUBORDINATORS
    return leads or that_clause(words, at) or _comments(words, subject, at)


def _names_speaker(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether subject and verb behind an utterance say who spoke, not who does something next."""
    first, follows = min(subject.start, at), max(subject.end - 1, at) + 1
    if subject.start < at and words[first - 1].ending == ".":
        # what was said ended before, so this is another sentence, perhaps about who listened
        return False
    after = words[follows].lower if follows < len(words) else "."
    if _alone(words, first) and (after in PREPOSITIONS | STOPS | TIMES | ADVERBS or after.endswith("ly")):
        return True
    listed = after == "," and follows + 1 < len(words) and (can_be_verb(words, follows + 1) or words[follows + 1].lower == "and")
    return _closes(words, follows) and (_alone(words, first) or not listed)


def _can_tell(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether the subject, with a verb of any meaning, is someone who can tell something, in the verb's number."""
    phrase = words[subject.start : subject.end]
    two = any(token.lower == "and" for token in phrase) and words[at].lower.endswith("s")
    cut = subject.boundary == "and" and subject.start > 1 and words[subject.start - 2].capital
    known = phrase[-1].capital or phrase[-1].lower in NOUNS or subject.pronoun in ("he", "she", "they")
    return known and not two and not cut


def _other_meaning(verb: str, first: str, following: Sequence[str]) -> bool:
    if verb in SAY:
        return first in _NOT_SAID or (first in ("no", "yes") and (len(following) == 1 or following[1] in ENDS or following[1] == "to"))
    if verb in ("told", "tells"):
        return first in _NOT_TOLD or first in ENDS or (first in ("a", "the") and bool(_NOT_TOLD.intersection(following[:2])))
    if verb.startswith("claim"):
        return first[0].isdigit() or first in ("a", "an") or bool(_NOT_CLAIMED.intersection(following))
    if verb.startswith("den"):
        return bool(_NOT_DENIED.intersection(following[:4]))
    return verb.startswith(("argu", "contend")) and first in ("with", "over", "about", "for", "against")


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
    return _plural(before)


def _plural(token: Token) -> bool:
    return token.lower in MANY or (token.lower in DOCUMENTS and token.lower.endswith(("s", "data")))


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
    if words[at].lower in UNTOLD:
        return False
    that = at + 1
    while that < min(len(words), at + 5) and words[that].lower in TIMES | {"on", "in", "this", "last"}:
        that += 1
    if that + 1 >= len(words) or words[that].lower != "that":
        return False
    first = words[that + 1]
    if first.lower in BE | HAVE | MODALS or can_be_verb(words, that + 1):
        # a relative clause: "boats that have sunk"
        return False
    if first.capital or not first.word[0].isalpha() or first.lower in DETERMINERS | PERSONAL | SUBORDINATORS | {"there", "no"}:
        return True
    # else it may point: "that film"
    mark = next((at for at in range(that + 2, len(words)) if not words[at].letters or words[at].lower in COORDINATORS), len(words))
    nouns = [token.lower for token in words[that + 1 : min(that + 5, mark)] if len(token.word) > 3]
    plural = any(noun.endswith("s") and not noun.endswith("'s") for noun in nouns)
    return plural or _has_verb(words, that + 2, that + 12 if first.lower in PREPOSITIONS else min(that + 8, mark))


def _comments(words: Sequence[Token], subject: Subject, at: int) -> bool:
    """Whether subject and verb stand behind or within a clause, between commas: The pier is closed, X reports."""
    return words[at].lower in COMMENTING and subject.boundary == "," and _closes(words, max(subject.end - 1, at) + 1)


def _has_verb(words: Sequence[Token], start: int, end: int) -> bool:
    return any(words[at].lower in BE | HAVE | DO | MODALS or can_be_verb(words, at) for at in range(start, min(end, len(words))))


def _closes(words: Sequence[Token], at: int) -> bool:
    """Whether a clause can end before `at`."""
    return at >= len(words) or words[at].word[0] in ",.;—–!?\n"


def near_quotation(words: Sequence[Token], first: int, last: int) -> bool:
    """Whether a quotation stands straight before or after words[first..last], or after its colon or comma."""
    before = [words[at] for at in range(max(0, first - 2), first) if words[at].letters or is_quoted(words[at])]
    after = [words[at] for at in range(last + 1, min(last + 3, len(words))) if words[at].letters or is_quoted(words[at])]
    return (bool(before) and is_quoted(before[-1])) or (bool(after) and is_quoted(after[0]))


def is_quoted(token: Token) -> bool:
    return token.word[0] == MASK
