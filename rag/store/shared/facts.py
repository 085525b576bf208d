"""What a shared archive says of itself, each fact under a seal: its model, how far numbers were given, and the sums of the seals of its rows."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, select, update

from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.store.seal import seal, total
from rag.store.shared.inserting import insert_absent
from rag.store.shared.tables import Tables

WAY_OUT = "take the database back from its last backup (docs/scale.md)"


class Facts:
    """For use in a transaction."""

    def __init__(self, tables: Tables, shown: str) -> None:
        self._table = tables.facts
        self.shown = shown

    def all(self, connection: Connection) -> Mapping[str, str]:
        """Raises ArchiveDamaged where one is not what was stored."""
        return {name: self._checked(name, value, sealed) for name, value, sealed in connection.execute(select(self._table))}

    def get(self, connection: Connection, name: str, *, change: bool = False) -> str | None:
        """One of them, None where there is none. With `change` nobody else changes it while the transaction lasts. Raises ArchiveDamaged."""
        wanted = select(self._table).where(self._table.c.name == name)
        row = connection.execute(wanted.with_for_update() if change else wanted).one_or_none()
        if row is None and change:
            # only a row can be held, and two who find none must not both begin from nothing
            insert_absent(connection, self._table, [_sealed(name, "")])
            row = connection.execute(wanted.with_for_update()).one()
        return (self._checked(*row) or None) if row else None

    def set(self, connection: Connection, facts: Mapping[str, str]) -> None:
        for name, value in facts.items():
            row = _sealed(name, value)
            # in its place: who waits for a row would not find one that is made anew
            if not connection.execute(update(self._table).where(self._table.c.name == name).values(row)).rowcount:
                connection.execute(insert(self._table), row)

    def advance(self, connection: Connection, name: str, count: int) -> int:
        """Gives `count` numbers that nobody has, from the one after that which is given back."""
        last = int(self.get(connection, name, change=True) or 0)
        self.set(connection, {name: str(last + count)})
        return last

    def reach(self, connection: Connection, name: str, last: int) -> None:
        """Gives the numbers up to `last` to nobody from now on."""
        if last > int(self.get(connection, name, change=True) or 0):
            self.set(connection, {name: str(last)})

    def hold(self, connection: Connection, table: str) -> None:
        """Has nobody else write rows of a table, which are numbered, while the transaction lasts."""
        # in the order in which who adds a row takes both, so that neither waits for the other
        for name in (f"numbers of {table}", f"seals of {table}"):
            self.get(connection, name, change=True)

    def exchange(self, connection: Connection, table: str, *, gone: Iterable[str] = (), come: Iterable[str] = ()) -> None:
        """Records that rows with these seals are no longer in a table, and others are."""
        name = f"seals of {table}"
        self.set(connection, {name: total([self.get(connection, name, change=True) or total([]), *come], gone)})

    def lacking(self, connection: Connection, table: str, seals: Iterable[str]) -> str:
        """The sum of all seals of a table less these: that of none where all are here."""
        return total([self.get(connection, f"seals of {table}") or total([])], seals)

    def check(self, connection: Connection, table: str, seals: Iterable[str]) -> None:
        """Raises ArchiveDamaged where these are not the seals of all rows of a table."""
        if self.lacking(connection, table, seals) != total([]):
            raise ArchiveDamaged(f"{self.shown} is damaged: of its {table} some are lost, or are not what was stored; {WAY_OUT}")

    def _checked(self, name: str, value: str, sealed: str) -> str:
        if sealed != seal((name, value)):
            raise ArchiveDamaged(f"{self.shown} is damaged: what it says of itself ({name}) is not what was stored; {WAY_OUT}")
        return value


def _sealed(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value, "seal": seal((name, value))}


def damaged(id: object) -> ArticleDamaged:
    """The error for an article of that id, as it reads."""
    return ArticleDamaged(f"article {id} is not what was stored; {WAY_OUT}", str(id))
