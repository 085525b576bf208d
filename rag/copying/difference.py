"""What one store lacks to hold what another does, told by the seals of both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from rag.errors import ArticleDamaged
from rag.store import Earlier, Inventory, Writing


@dataclass(frozen=True, slots=True)
class Difference:
    """What comes and goes: articles by their ids, `replaced` those of `coming` that are there otherwise.

    Of the earlier texts the first `editions_after` stay, `editions_gone` others go, and `editions` come behind them. `writing`
    is None where people's notes and verdicts are there already; `writing_gone` names those that go. `documents` are origins: those of
    which the destination does not know what was in them, all where articles are replaced, since with these it forgets that.
    """

    gone: tuple[str, ...]
    coming: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: int
    editions_after: int
    editions_gone: tuple[Earlier, ...]
    editions: tuple[Earlier, ...]
    writing: Writing | None
    writing_gone: tuple[str, ...]
    documents: tuple[str, ...]

    @classmethod
    def between(cls, source: Inventory, destination: Inventory) -> "Difference":
        """What is damaged in the source may be whole in the destination, where it stays."""
        there = destination.articles
        damaged = {error.id for error in source.damaged if isinstance(error, ArticleDamaged)}
        coming = tuple(id for id, seal in source.articles.items() if there.get(id) != seal)
        replaced = tuple(id for id in coming if id in there)
        after = _common(source.editions, destination.editions)
        found = cls(
            gone=tuple(id for id in there if id not in source.articles and id not in damaged),
            coming=coming,
            replaced=replaced,
            unchanged=len(source.articles) - len(coming),
            editions_after=after,
            editions_gone=tuple(destination.editions[after:]),
            editions=tuple(source.editions[after:]),
            writing=None if _is_there(source.writing, destination.writing) else source.writing,
            writing_gone=tuple(_gone(source.writing, destination.writing)),
            documents=tuple(origin for origin, seal in source.documents.items() if replaced or destination.documents.get(origin) != seal),
        )
        # of earlier texts and of what people wrote nobody can say which are damaged
        return found if len(damaged) == len(source.damaged) else found._sparing(len(destination.editions))

    def _sparing(self, editions: int) -> "Difference":
        """Without what would take away earlier texts, of which there are so many, or what people wrote."""
        spared = replace(self, editions_after=editions, editions_gone=(), editions=()) if self.editions_gone else self
        return replace(spared, writing=None, writing_gone=()) if self.writing_gone else spared

    @property
    def lost(self) -> tuple[str, ...]:
        """What the destination holds and would not hold afterwards, by names for a person to read."""
        # those that come again behind others are not lost
        again = set(self.editions)
        texts = (f"an earlier text of article {one.id}" for one in self.editions_gone if one not in again)
        return (*(f"article {id}" for id in (*self.gone, *self.replaced)), *texts, *self.writing_gone)


def _common(some: Sequence[Earlier], others: Sequence[Earlier]) -> int:
    """With how many of the same both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))


def _is_there(source: Writing, destination: Writing) -> bool:
    same = (source.notes, source.feedback) == (destination.notes, destination.feedback)
    # a number that was once given there stays given
    return same and destination.last_note >= source.last_note


def _gone(source: Writing, destination: Writing) -> list[str]:
    notes, feedback = set(source.notes), set(source.feedback)
    return [
        *(f"note {note.number}" for note in destination.notes if note not in notes),
        *(f"verdict {one.number}" for one in destination.feedback if one not in feedback),
    ]
