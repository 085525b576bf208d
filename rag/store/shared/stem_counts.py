"""In how many passages each stem stands: what BM25 weighs words by, the same on every machine.

Each stem has two counts: of the passages that are searched, and of those that were put
since by a writer who has not ended.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, select

from rag.store.shared.bm25 import in_words
from rag.store.shared.database import batched
from rag.store.shared.inserting import insert_or_add
from rag.store.shared.tables import Tables

_SEARCHED, _PUT = 0, 1


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

    def change(self, connection: Connection, come: Iterable[str], gone: Iterable[str]) -> int:
        """Counts the words of passages that came and that went, and gives how many more stems stand in all passages."""
        counts: Counter[str] = Counter()
        words = 0
        for sign, passages in ((1, come), (-1, gone)):
            for found in map(in_words, passages):
                words += sign * len(found)
                for stem in set(found):
                    counts[stem] += sign
        self._add(connection, _PUT, counts)
        return words

    def publish(self, connection: Connection) -> None:
        """Has all that was put searched."""
        table = self._table.c
        put = connection.execute(delete(self._table).where(table.since == _PUT).returning(table.stem, table.passages)).all()
        self._add(connection, _SEARCHED, dict(map(tuple, put)))

    def _add(self, connection: Connection, since: int, counts: Mapping[str, int]) -> None:
        rows = [{"stem": stem, "since": since, "passages": count} for stem, count in counts.items() if count]
        insert_or_add(connection, self._table, rows, "passages")
