"""The numbers that sources have in Milvus, which is given no text to filter by."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, insert, select

from rag.store.shared.database import batched
from rag.store.shared.tables import Tables, key_of


class Sources:
    """For use in a transaction."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.sources

    def numbers(self, connection: Connection, names: Iterable[str]) -> Sequence[int]:
        """Those of the sources of which articles were ever stored."""
        return list(self._known(connection, set(names)).values())

    def numbered(self, connection: Connection, names: Iterable[str]) -> dict[str, int]:
        """Those of all of these, which new ones are given."""
        wanted = set(names)
        found = self._known(connection, wanted)
        new = sorted(wanted - found.keys())
        if new:
            last = connection.execute(select(func.coalesce(func.max(self._table.c.n), 0))).scalar_one()
            given = dict(zip(new, range(last + 1, last + 1 + len(new)), strict=True))
            connection.execute(insert(self._table), [{"n": n, "key": key_of(name), "name": name} for name, n in given.items()])
            found |= given
        return found

    def _known(self, connection: Connection, names: set[str]) -> dict[str, int]:
        table = self._table.c
        found: dict[str, int] = {}
        for some in batched(map(key_of, names)):
            found |= {name: n for n, name in connection.execute(select(table.n, table.name).where(table.key.in_(some)))}
        return found
