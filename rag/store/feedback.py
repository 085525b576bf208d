"""The SQL of feedback: a row each, whole, as JSON. Nothing searches inside it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rag.errors import ArchiveDamaged
from rag.feedback import Feedback
from rag.store.database import Database
from rag.store.feedback_rows import feedback_of, given_of
from rag.store.meta import Meta
from rag.store.seal import seal


class FeedbackLog:
    """For use in a transaction."""

    def __init__(self, db: Database, meta: Meta) -> None:
        self._db = db
        self._meta = meta

    def all(self) -> list[Feedback]:
        """In the order in which it was given. Raises ArchiveDamaged."""
        rows = self._db.execute("SELECT n, given, seal FROM feedback ORDER BY n").fetchall()
        found = [_checked(row) for row in rows]
        self._meta.check("feedback", (row[-1] for row in rows))
        return found

    def each(self) -> list[Feedback | None]:
        """All feedback, None for what is not what was stored."""
        rows = self._db.execute("SELECT n, given, seal FROM feedback ORDER BY n").fetchall()
        return [feedback_of(row) for row in rows]

    def take_over(self, given: Sequence[Feedback]) -> None:
        """Makes these all that there is."""
        self._meta.exchange("feedback", gone=[sealed for (sealed,) in self._db.execute("SELECT seal FROM feedback")])
        self._db.execute("DELETE FROM feedback")
        for one in given:
            self.add(one)

    def add(self, feedback: Feedback) -> Feedback:
        """Stores it, under its number or a new one, and gives it back with it."""
        given = given_of(feedback)
        number = self._db.execute("INSERT INTO feedback VALUES (?, ?, '')", (feedback.number or None, given)).lastrowid
        sealed = seal((number, given))
        self._db.execute("UPDATE feedback SET seal = ? WHERE n = ?", (sealed, number))
        self._meta.exchange("feedback", come=[sealed])
        return replace(feedback, number=number or 0)


def _checked(row: Sequence[Any]) -> Feedback:
    feedback = feedback_of(row)
    if feedback is None:
        raise ArchiveDamaged(f"feedback {row[0]} is not what was stored; `pullquote repair` puts it aside")
    return feedback
