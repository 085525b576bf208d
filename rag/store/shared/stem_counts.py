"""In how many passages each stem stands: what BM25 weighs words by, the same on every machine.

Each stem has two counts: of the passages that are searched, and of those that were put
since by a writer who has not ended.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, select

from rag.store.shared.bm25 import in_words
from rag.store.shared.database import batched
from rag.store.shared.inserting import add_counts
from rag.store.shared.tables import Tables

_SEARCHED, _PUT = 0, 1


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

    def frequencies(self, connection: Connection, stems: Sequence[str], *, all_put: bool) -> Mapping[str, int]:
        """Of the passages that are searched, or with `all_put` of all."""
        found = dict.fromkeys(stems, 0)
        table = self._table.c
        for some in batched(found):
            counted = select(table.stem, func.sum(table.passages)).where(table.stem.in_(some), table.since <= (_PUT if all_put else _SEARCHED))
            found |= {stem: int(count) for stem, count in connection.execute(counted.group_by(table.stem))}
        return found

    def change(self, connection: Connection, tally: Tally) -> None:
        """Records how many more passages have each stem than before."""
        self._add(connection, _PUT, tally.stems)

    def publish(self, connection: Connection) -> None:
        """Has all that was put searched."""
        table = self._table.c
        put = connection.execute(delete(self._table).where(table.since == _PUT).returning(table.stem, table.passages)).all()
        self._add(connection, _SEARCHED, dict(map(tuple, put)))

    def _add(self, connection: Connection, since: int, counts: Mapping[str, int]) -> None:
        changed = {stem: count for stem, count in counts.items() if count}
        add_counts(connection, self._table, "stem", "passages", changed, {"since": since})
