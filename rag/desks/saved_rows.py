"""The SQL of saved questions and searches."""

import json
import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from rag.desks.saved import Saved, Sought
from rag.store.seal import seal
from rag.store.side_file import SideFile
from rag.types import Filters

_log = logging.getLogger(__name__)


class SavedRows:
    """For use in a transaction."""

    def __init__(self, file: SideFile) -> None:
        self._file = file

    def of(self, person: str) -> list[Saved]:
        """What was saved last comes first."""
        rows = self._file.execute("SELECT * FROM saved WHERE person = ? ORDER BY n DESC", (person,))
        return [_saved(row) for row in rows if _is_whole(row)]

    def add(self, person: str, saved: Saved) -> int:
        """Its number."""
        facts = (person, saved.sought.value, saved.words, _written(saved.filters), saved.address, saved.made.isoformat())
        number = int(self._file.execute("INSERT INTO saved VALUES (NULL, ?, ?, ?, ?, ?, ?, '')", facts).lastrowid or 0)
        self._file.execute("UPDATE saved SET seal = ? WHERE n = ?", (seal((number, *facts)), number))
        return number

    def delete(self, person: str, number: int) -> bool:
        return bool(self._file.execute("DELETE FROM saved WHERE n = ? AND person = ?", (number, person)).rowcount)


def _written(filters: Filters) -> str:
    after, before = (day.isoformat() if day else None for day in (filters.after, filters.before))
    return json.dumps([after, before, filters.sources, filters.guessed, filters.undated, filters.having])


def _read(written: str) -> Filters:
    after, before, sources, guessed, undated, having = json.loads(written)
    first, last = (date.fromisoformat(day) if day else None for day in (after, before))
    return Filters(first, last, None if sources is None else tuple(sources), guessed, undated, tuple(having))


def _is_whole(row: Sequence[Any]) -> bool:
    whole = bool(row[-1] == seal(row[:-1]))
    if not whole:
        _log.error("what was saved as number %s is not what was kept, and is left out", row[0])
    return whole


def _saved(row: Sequence[Any]) -> Saved:
    number, _, sought, words, filters, address, made, _ = row
    return Saved(number, Sought(sought), words, _read(filters), address, datetime.fromisoformat(made).astimezone(UTC))
