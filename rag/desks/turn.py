"""A question with its answer, as it stands in a conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.types import Answer, Article


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


def seen_again(turns: Sequence[Turn], now: Callable[[str], str | None]) -> tuple[Turn, ...]:
    """Turns that were kept, each with what has become of the articles that it quotes.

    `now` gives the SHA-256 of the text that the article of an id has now, None where it is gone.
    """
    found: dict[str, str | None] = {}

    def of(article: Article) -> str | None:
        if article.id not in found:
            found[article.id] = now(article.id)
        return found[article.id]

    return tuple(_seen_again(turn, of) for turn in turns)


def _seen_again(turn: Turn, now: Callable[[Article], str | None]) -> Turn:
    quotes = (*turn.answer.quotes, *turn.answer.near_misses) if turn.answer else ()
    texts = {quote.article.id: (now(quote.article), quote.article.sha256) for quote in quotes}
    removed = frozenset(id for id, (text, _) in texts.items() if text is None)
    replaced = frozenset(id for id, (text, quoted) in texts.items() if text != quoted) - removed
    return replace(turn, replaced=replaced, removed=removed)
