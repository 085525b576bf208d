"""Readers' notes in the database of a shared archive."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from rag.errors import ArchiveDamaged, InputError
from rag.notes import Note
from rag.store.note_rows import FACTS, facts_of, is_whole, note_of, seal_of
from rag.store.shared.facts import Facts
from rag.store.shared.tables import Tables, key_of

_NUMBERS = "numbers of notes"
_NAMES = ("n", *FACTS.split(", "), "seal")


class Notes:
    """For use in a transaction. Many write at a time: each has a number and the sum of all seals to itself until its transaction ends."""

    def __init__(self, tables: Tables, facts: Facts) -> None:
        self._table = tables.notes
        self._rows = select(*(self._table.c[name] for name in (*_NAMES, "key")))
        self._facts = facts

    def of(self, connection: Connection, article: str | None) -> list[Note]:
        """The notes on an article, or all of them, in the order in which they were made. Raises ArchiveDamaged. For a reading transaction."""
        wanted = self._rows.order_by(self._table.c.n)
        rows = connection.execute(wanted if article is None else wanted.where(self._table.c.key == key_of(article))).all()
        notes = [_checked(row) for row in rows]
        # of one article or of all, one that is lost is missed
        self._facts.check(connection, "notes", connection.execute(select(self._table.c.seal)).scalars())
        return notes

    def add(self, connection: Connection, note: Note) -> Note:
        """Stores a note, under its number or a new one, and gives it back with it."""
        if note.number:
            self._facts.reach(connection, _NUMBERS, note.number)
        numbered = note if note.number else replace(note, number=self._facts.advance(connection, _NUMBERS, 1) + 1)
        facts = (numbered.number, *facts_of(numbered))
        sealed = seal_of(facts)
        values = dict(zip(_NAMES, (*facts, sealed), strict=True)) | {"key": key_of(note.article)}
        connection.execute(insert(self._table), values)
        self._facts.exchange(connection, "notes", come=[sealed])
        return numbered

    def take_over(self, connection: Connection, notes: Iterable[Note], last: int) -> None:
        """Makes these all notes, and gives no number up to `last` to another."""
        self._facts.exchange(connection, "notes", gone=list(connection.execute(delete(self._table).returning(self._table.c.seal)).scalars()))
        for note in notes:
            self.add(connection, note)
        self._facts.reach(connection, _NUMBERS, last)

    def last(self, connection: Connection) -> int:
        """The number of the note that was made last, be it there or not."""
        return int(self._facts.get(connection, _NUMBERS) or 0)

    def answer(self, connection: Connection, number: int, text: str, author: str | None, made: datetime) -> Note | None:
        """Stores an answer to the note of that number, or to the one that it answers; None where it is not there. Raises ArchiveDamaged."""
        row = connection.execute(self._rows.where(self._table.c.n == number)).one_or_none()
        if row is None:
            return None
        answered = _checked(row)
        return self.add(connection, replace(answered, number=0, text=text, author=author, made=made, answers=answered.answers or answered.number))

    def remove(self, connection: Connection, number: int, author: str | None) -> bool:
        """Removes a note, whose answers stay; whether it was there. Raises InputError where another wrote it, as far as that is what was stored."""
        # of two who remove it at once one waits, and finds it gone
        self._facts.hold(connection, "notes")
        row = connection.execute(self._rows.where(self._table.c.n == number)).one_or_none()
        if row is None:
            return False
        if row.author not in (None, author) and is_whole(row[:-1]):
            raise InputError(f"note {number} was written by {row.author}, who alone removes it")
        connection.execute(delete(self._table).where(self._table.c.n == number))
        self._facts.exchange(connection, "notes", gone=[row.seal])
        return True


def _checked(row: Any) -> Note:
    """The note of a row of `_NAMES` and the key of its article."""
    note = note_of(row[:-1])
    if note is None or key_of(note.article) != row.key:
        raise ArchiveDamaged(f"note {row.n} is not what was stored; remove it with Archive.remove_note({row.n})")
    return note
