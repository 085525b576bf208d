"""The SQL of saved questions and searches."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rag.desks.packing import filters_json, filters_of_json
from rag.desks.saved import Saved, Sought
from rag.store.seal import seal
from rag.store.side_file import SideFile

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
        facts = (person, saved.sought.value, saved.words, filters_json(saved.filters), saved.address, saved.made.isoformat())
        number = int(self._file.execute("INSERT INTO saved VALUES (NULL, ?, ?, ?, ?, ?, ?, '')", facts).lastrowid or 0)
        self._file.execute("UPDATE saved SET seal = ? WHERE n = ?", (seal((number, *facts)), number))
        return number

    def delete(self, person: str, number: int) -> bool:
        return bool(self._file.execute("DELETE FROM saved WHERE n = ? AND person = ?", (number, person)).rowcount)


def _is_whole(row: Sequence[Any]) -> bool:
    whole = bool(row[-1] == seal(row[:-1]))
    if not whole:
        _log.error("what was saved as number %s is not what was kept, and is left out", row[0])
    return whole


def _saved(row: Sequence[Any]) -> Saved:
    number, _, sought, words, filters, address, made, _ = row
    return Saved(number, Sought(sought), words, filters_of_json(filters), address, datetime.fromisoformat(made).astimezone(UTC))
