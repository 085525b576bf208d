"""Whether a question asks for all that the articles have on a topic, and what the topic is.

It does where every word before its first "about", "on", "with", "of", "in" or the like only asks, and one of them
asks for no fact but for the whole: "What happened with the miners?", "The latest on Haiti", "Can you tell me
about the spill?", "What do the articles say about cholera?". What follows is the topic, as it was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.english.words import ASKING, BE, BEING, PERSONAL
from rag.question import AUXILIARIES, FUNCTION_WORDS, LEADS, Typed, Word

# what stands before a topic, and those of them that may as well lead to a fact: "What happened to the mayor?"
_BEFORE = frozenset("about on with of regarding concerning in to at during".split())
_TO_A_FACT = frozenset("in to at during".split())
# who tells of a topic; of one of these, followed by "of", somebody gives a name: the Articles of Confederation
_TELLING = frozenset("articles papers press media coverage".split())
# what asks for the whole
_WHOLE = _TELLING | frozenset(
    "happened happening latest news new update updates developments overview summary summarise summarize story background timeline "
    "going up tell known know".split()
)
# what may stand beside that: who is asked, and how
_BESIDE = (FUNCTION_WORDS | AUXILIARIES | BEING | LEADS | {"i", "me", "we", "us", "you"}) - (ASKING - {"what"})
_BESIDE |= frozenset("what's please give show bring all more date quick short brief say report write".split())
# of the words that ask, those that begin no clause of a topic: "the miners who died"
_ASKING_ANEW = frozenset("how what why".split())
_NOTHING = _WHOLE | _BESIDE | PERSONAL | ASKING
# what a topic may end with that says nothing of it
_AFTER = frozenset("please lately recently now far so".split())


@dataclass(frozen=True, slots=True)
class Topic:
    """`words` are the topic's, as they stand in the question; `may_be_fact` says that the question may have one fact for its answer."""

    words: str
    may_be_fact: bool


def topic_of(question: str) -> Topic | None:
    """The topic of a question that asks for all on it; None for every other question.

    What begins with an asking word is no topic but a question of its own: "Tell me about how the bridge was built".
    """
    topic: Topic | None = None
    words: Sequence[Word] = Typed.of(question).words
    # "Tell me about the latest on Haiti"
    while parted := _parted(words):
        leading, words = parted
        topic = Topic(question[words[0].start : words[-1].end], _may_be_fact(leading))
    return topic


def _parted(words: Sequence[Word]) -> tuple[Sequence[Word], Sequence[Word]] | None:
    """The words up to the one that leads to a topic, and the topic's."""
    at = next((at for at in range(len(words)) if _leads(words, at)), len(words))
    leading, told = words[: at + 1], _without_ending(words[at + 1 :])
    return (leading, told) if told and _asks_for_all(leading) and not _is_no_topic(told) else None


def _asks_for_all(leading: Sequence[Word]) -> bool:
    """Whether these words, of which the last leads to the topic, only ask, and for the whole.

    "Is the story of the flood true?" asks whether.
    """
    *before, last = (word.low for word in leading)
    if not before or (before[0] in BE and "there" not in before) or (last == "of" and before[-1] in _TELLING):
        return False
    return set(before) <= _WHOLE | _BESIDE and not _WHOLE.isdisjoint(before)


def _is_no_topic(told: Sequence[Word]) -> bool:
    lows = {word.low for word in told}
    return told[0].low in ASKING | {"if", "whether"} or not _ASKING_ANEW.isdisjoint(lows) or lows <= _NOTHING


def _may_be_fact(leading: Sequence[Word]) -> bool:
    """Whether words that only ask lead to a fact as well: "What news of the fleet reached London?" has its verb behind them."""
    *before, last = (word.low for word in leading)
    has_verb = "happened" in before or not AUXILIARIES.isdisjoint(before)
    return last in _TO_A_FACT or (last == "on" and "happened" in before) or ("what" in before and not has_verb)


def _leads(words: Sequence[Word], at: int) -> bool:
    """Whether the word leads to the topic; the one of "going on" and of "up to date" does not."""
    return words[at].low in _BEFORE and not (at and words[at - 1].low in {"going", "up"})


def _without_ending(words: Sequence[Word]) -> Sequence[Word]:
    while words and words[-1].low in _AFTER:
        words = words[:-1]
    return words
