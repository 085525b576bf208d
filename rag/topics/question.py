"""Whether a question asks for all that the articles have on a topic, and what the topic is.

It does where every word before its first "about", "on", "with", "of", "in" or the like only asks, and one of them
asks for no fact but for the whole: "What happened with the miners?", "The latest on Haiti", "Can you tell me
about the spill?", "What do the articles say about cholera?". What follows is the topic, as it was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.english.words import ASKING, BEING, PERSONAL
from rag.question import AUXILIARIES, FUNCTION_WORDS, LEADS, Typed, Word

# what stands before a topic, and those of them that may as well lead to a fact: "What happened to the mayor?"
_BEFORE = frozenset("about on with of regarding concerning in to at during".split())
_TO_A_FACT = frozenset("in to at during".split())
# what asks for the whole
_WHOLE = frozenset(
    "happened happening latest news new update updates developments overview summary summarise summarize story background timeline "
    "going up tell known know articles papers press media coverage".split()
)
# what may stand beside that: who is asked, and how
_BESIDE = (FUNCTION_WORDS | AUXILIARIES | BEING | LEADS | {"i", "me", "we", "us", "you"}) - (ASKING - {"what"})
_BESIDE |= frozenset("what's please give show bring all more date quick short brief say report write".split())
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
    words = Typed.of(question).words
    at = next((at for at in range(len(words)) if _leads(words, at)), len(words))
    before, told = {word.low for word in words[:at]}, _without_ending(words[at + 1 :])
    if not told or not (before <= _WHOLE | _BESIDE and before & _WHOLE):
        return None
    if told[0].low in ASKING | {"if", "whether"} or _NOTHING.issuperset(word.low for word in told):
        return None
    inner = question[told[0].start : told[-1].end]
    low = words[at].low
    # "Tell me about the latest on Haiti"
    return topic_of(inner) or Topic(inner, low in _TO_A_FACT or (low == "on" and "happened" in before))


def _leads(words: Sequence[Word], at: int) -> bool:
    """Whether the word leads to the topic; the one of "going on" and of "up to date" does not."""
    return words[at].low in _BEFORE and not (at and words[at - 1].low in {"going", "up"})


def _without_ending(words: Sequence[Word]) -> Sequence[Word]:
    while words and words[-1].low in _AFTER:
        words = words[:-1]
    return words
