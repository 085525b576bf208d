"""Feedback in the database of a shared archive: a row each, whole, as JSON. Nothing searches inside it."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select

from rag.errors import ArchiveDamaged
from rag.feedback import Feedback
from rag.store.feedback_rows import feedback_of, given_of
from rag.store.seal import seal
from rag.store.shared.facts import WAY_OUT, Facts
from rag.store.shared.tables import Tables

_NUMBERS = "numbers of feedback"


class FeedbackLog:
    """For use in a transaction. Many write at a time: each has a number and the sum of all seals to itself until its transaction ends."""

    def __init__(self, tables: Tables, facts: Facts) -> None:
        self._table = tables.feedback
        self._facts = facts

    def all(self, connection: Connection) -> list[Feedback]:
        """In the order in which it was given. Raises ArchiveDamaged. For a reading transaction."""
        rows = connection.execute(select(self._table).order_by(self._table.c.n)).all()
        found = []
        for row in rows:
            feedback = feedback_of(row)
            if feedback is None:
                raise ArchiveDamaged(f"feedback {row.n} is not what was stored; {WAY_OUT}")
            found.append(feedback)
        self._facts.check(connection, "feedback", (row.seal for row in rows))
        return found

    def take_over(self, connection: Connection, given: Iterable[Feedback]) -> None:
        """Makes these all feedback."""
        self._facts.exchange(connection, "feedback", gone=list(connection.execute(delete(self._table).returning(self._table.c.seal)).scalars()))
        for feedback in given:
            self.add(connection, feedback)

    def add(self, connection: Connection, feedback: Feedback) -> Feedback:
        """Stores it, under its number or a new one, and gives it back with it."""
        if feedback.number:
            self._facts.reach(connection, _NUMBERS, feedback.number)
        number = feedback.number or self._facts.advance(connection, _NUMBERS, 1) + 1
        given = given_of(feedback)
        sealed = seal((number, given))
        connection.execute(insert(self._table), {"n": number, "given": given, "seal": sealed})
        self._facts.exchange(connection, "feedback", come=[sealed])
        return replace(feedback, number=number)
