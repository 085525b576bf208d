"""The SQL of visits: when each person is here, and when they last were before."""

from datetime import UTC, datetime, timedelta

from rag.store.seal import seal
from rag.store.side_file import SideFile

# who comes back sooner has not been away
AWAY = timedelta(hours=1)
# not each step is worth a write to the disk
_MOMENT = timedelta(minutes=1)


class Visits:
    """For use in a transaction."""

    def __init__(self, file: SideFile) -> None:
        self._file = file

    def note(self, person: str, now: datetime) -> None:
        """The person is here."""
        before, latest = self._of(person)
        if latest and timedelta() <= now - latest < _MOMENT:
            return
        if latest and now - latest >= AWAY:
            before = latest
        facts = (person, before.isoformat() if before else None, now.isoformat())
        self._file.execute("INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?)", (*facts, seal(facts)))

    def before(self, person: str, now: datetime) -> datetime | None:
        """When the person was last here before the visit that is now; None where this is the first."""
        before, latest = self._of(person)
        return latest if latest and now - latest >= AWAY else before

    def _of(self, person: str) -> tuple[datetime | None, datetime | None]:
        row = self._file.execute("SELECT * FROM visits WHERE person = ?", (person,)).fetchone()
        if row is None or row[-1] != seal(row[:-1]):
            return None, None
        before, latest = (datetime.fromisoformat(moment).astimezone(UTC) if moment else None for moment in row[1:3])
        return before, latest
