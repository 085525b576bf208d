"""What the archive's file says of itself, under one seal: the model, the generation, and the sums of the seals of all rows."""

from collections.abc import Iterable, Mapping

from rag.errors import ArchiveDamaged
from rag.store.database import Database
from rag.store.seal import seal, total

WAY_OUT = "`pullquote status --check` names what is damaged, `pullquote repair` puts it aside"


class Meta:
    """For use in a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def facts(self) -> Mapping[str, str]:
        """Raises ArchiveDamaged where they are not what was stored."""
        facts = dict(self._db.execute("SELECT key, value FROM meta"))
        if facts.pop("seal", None) != seal(sorted(facts.items(), key=repr)):
            raise ArchiveDamaged(f"{self._db.path} is damaged: what it says of itself is not what was stored; {WAY_OUT}")
        return facts

    def change(self, changes: Mapping[str, str]) -> None:
        facts = {**self.facts(), **changes}
        facts["seal"] = seal(sorted(facts.items()))
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    def exchange(self, table: str, *, gone: Iterable[str] = (), come: Iterable[str] = ()) -> None:
        """Records that rows with these seals are no longer in a table, and others are."""
        self.change({table: total([self.facts()[table], *come], gone)})

    def lacking(self, table: str, seals: Iterable[str]) -> str:
        """The sum of all seals of a table less these: that of none where all are here."""
        return total([self.facts()[table]], seals)

    def check(self, table: str, seals: Iterable[str]) -> None:
        """Raises ArchiveDamaged where these are not the seals of all rows of a table."""
        if self.lacking(table, seals) != total([]):
            raise ArchiveDamaged(f"{self._db.path} is damaged: of its {table} some are lost, or are not what was stored; {WAY_OUT}")
