"""In how many passages each stem stands, generation by generation: what BM25 weighs words by, the same on every machine."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from rag.store.shared.bm25 import in_words
from rag.store.shared.database import batched
from rag.store.shared.generations import Generation
from rag.store.shared.tables import Tables

# under this number stands what all generations that were published have in sum
_PUBLISHED = 0


class Tally:
    """How many more `passages` there are, `words` in all of them, and passages with each of the `stems`."""

    def __init__(self) -> None:
        self.passages = 0
        self.words = 0
        self.stems: Counter[str] = Counter()

    def add(self, passages: Iterable[str]) -> None:
        """Counts passages that came, by their words as Milvus is given them."""
        self._count(passages, 1)

    def take(self, passages: Iterable[str]) -> None:
        """Counts passages that went."""
        self._count(passages, -1)

    def _count(self, passages: Iterable[str], sign: int) -> None:
        for found in map(in_words, passages):
            self.passages += sign
            self.words += sign * len(found)
            for stem in set(found):
                self.stems[stem] += sign


class StemCounts:
    """For use in a transaction."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.stems

    def frequencies(self, connection: Connection, stems: Sequence[str], generation: Generation) -> Mapping[str, int]:
        found = dict.fromkeys(stems, 0)
        table = self._table.c
        for some in batched(found):
            counted = select(table.stem, func.sum(table.passages)).where(table.stem.in_(some), table.generation <= generation.number)
            found |= {stem: int(count) for stem, count in connection.execute(counted.group_by(table.stem))}
        return found

    def change(self, connection: Connection, generation: int, tally: Tally) -> None:
        """Records how many more passages have each stem in a generation than in the one before."""
        rows = [{"stem": stem, "generation": generation, "passages": count} for stem, count in tally.stems.items() if count]
        if rows:
            connection.execute(insert(self._table), rows)

    def publish(self, connection: Connection, generation: Generation) -> None:
        """Adds what the generations up to that one have to what was published before."""
        table = self._table.c
        recent = table.generation.between(_PUBLISHED + 1, generation.number)
        touched = select(table.stem).where(recent)
        summed = (
            select(table.stem, func.sum(table.passages)).where(table.stem.in_(touched), table.generation <= generation.number).group_by(table.stem)
        )
        rows = [{"stem": stem, "generation": _PUBLISHED, "passages": int(count)} for stem, count in connection.execute(summed) if count]
        connection.execute(delete(self._table).where(table.stem.in_(touched), table.generation == _PUBLISHED))
        connection.execute(delete(self._table).where(recent))
        if rows:
            connection.execute(insert(self._table), rows)
