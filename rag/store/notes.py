"""The SQL of readers' notes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from rag.errors import ArchiveDamaged, InputError
from rag.notes import Note
from rag.store.database import Database
from rag.store.meta import Meta
from rag.store.note_rows import FACTS, facts_of, is_whole, note_of, seal_of

_ROW = f"n, {FACTS}, seal"
_AUTHOR = 8
# numbers beyond it are damage
_MOST_NOTES = 2**31


class Notes:
    """For use in a transaction."""

    def __init__(self, db: Database, meta: Meta) -> None:
        self._db = db
        self._meta = meta

    def of(self, article: str | None) -> list[Note]:
        """The notes on an article, or all of them, in the order in which they were made. Raises ArchiveDamaged."""
        rows = self._db.execute(f"SELECT {_ROW} FROM notes ORDER BY n").fetchall()
        notes = [_checked(row) for row in rows if article in (None, row[1])]
        self._meta.check("notes", (row[-1] for row in rows))
        return notes

    def each(self) -> list[Note | None]:
        """All notes, None for one that is not what was stored."""
        return [note_of(row) for row in self._db.execute(f"SELECT {_ROW} FROM notes ORDER BY n").fetchall()]

    def add(self, note: Note) -> Note:
        """Stores a note, under its number or a new one, and gives it back with it."""
        facts = facts_of(note)
        number = self._db.execute(f"INSERT INTO notes ({_ROW}) VALUES ({', '.join('?' * 10)}, '')", (note.number or None, *facts)).lastrowid
        sealed = seal_of((number, *facts))
        self._db.execute("UPDATE notes SET seal = ? WHERE n = ?", (sealed, number))
        self._meta.exchange("notes", come=[sealed])
        return replace(note, number=number or 0)

    def answer(self, number: int, text: str, author: str | None, made: datetime) -> Note | None:
        """Stores an answer to the note of that number, or to the one that it answers; None where it is not there. Raises ArchiveDamaged."""
        row = self._row(number)
        if row is None:
            return None
        answered = _checked(row)
        return self.add(replace(answered, number=0, text=text, author=author, made=made, answers=answered.answers or answered.number))

    @property
    def last(self) -> int:
        """The number of the note that was made last, be it there or not; 0 where that cannot be true."""
        found = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'notes'").fetchone()
        return found[0] if found and isinstance(found[0], int) and 0 < found[0] < _MOST_NOTES else 0

    def count_from(self, last: int) -> None:
        """Gives the numbers up to `last` to no new note: somebody may still have the number of one that was removed."""
        if last > self.last:
            self._db.execute("DELETE FROM sqlite_sequence WHERE name = 'notes'")
            self._db.execute("INSERT INTO sqlite_sequence VALUES ('notes', ?)", (last,))

    def take_over(self, notes: Sequence[Note], last: int) -> None:
        """Makes these all that there are, and gives the numbers up to `last` to no new one."""
        self._meta.exchange("notes", gone=[sealed for (sealed,) in self._db.execute("SELECT seal FROM notes")])
        self._db.execute("DELETE FROM notes")
        for note in notes:
            self.add(note)
        self.count_from(last)

    def remove(self, number: int, author: str | None) -> bool:
        """Removes a note, whose answers stay; whether it was there. Raises InputError where another wrote it, as far as that is what was stored."""
        row = self._row(number)
        if row is None:
            return False
        if row[_AUTHOR] not in (None, author) and is_whole(row):
            raise InputError(f"note {number} was written by {row[_AUTHOR]}, who alone removes it")
        self._db.execute("DELETE FROM notes WHERE n = ?", (number,))
        self._meta.exchange("notes", gone=row[-1:])
        return True

    def _row(self, number: int) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._db.execute(f"SELECT {_ROW} FROM notes WHERE n = ?", (number,)).fetchone()
        return row


def _checked(row: Sequence[object]) -> Note:
    note = note_of(row)
    if note is None:
        raise ArchiveDamaged(f"note {row[0]} is not what was stored; remove it with Archive.remove_note({row[0]})")
    return note
