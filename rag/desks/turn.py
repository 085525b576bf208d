"""A question with its answer, as it stands in a conversation."""

from dataclasses import dataclass

from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question in a chat is searched as.

    `searched` is the question itself where it stands alone. `carried` has the words that were taken over from the earlier
    question number `turn` (from 0), in the order in which they stand there.
    """

    question: str
    searched: str
    carried: tuple[str, ...]
    turn: int | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with what was searched for it, and its answer or the problem in the way.

    `number` is its own where it is kept, and else 0. Of one that was reopened, `replaced` are the ids of articles
    that have another text now than the one it quotes, `removed` those of articles that are gone.
    """

    understood: Understood
    answer: Answer | None
    problem: str = ""
    number: int = 0
    replaced: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
