"""The SQL of feedback: a row each, whole, as JSON. Nothing searches inside it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from rag.errors import ArchiveDamaged
from rag.feedback import Feedback, Shown, Verdict
from rag.store.database import Database
from rag.store.meta import Meta
from rag.store.seal import seal
from rag.types import Filters, Outcome, Span


class FeedbackLog:
    """For use in a transaction."""

    def __init__(self, db: Database, meta: Meta) -> None:
        self._db = db
        self._meta = meta

    def all(self) -> list[Feedback]:
        """In the order in which it was given. Raises ArchiveDamaged."""
        rows = self._db.execute("SELECT n, given, seal FROM feedback ORDER BY n").fetchall()
        found = [_feedback(row) for row in rows]
        self._meta.check("feedback", (row[-1] for row in rows))
        return found

    def each(self) -> list[Feedback | None]:
        """All feedback, None for what is not what was stored."""
        rows = self._db.execute("SELECT n, given, seal FROM feedback ORDER BY n").fetchall()
        return [_feedback(row) if _is_whole(row) else None for row in rows]

    def take_over(self, given: Sequence[Feedback]) -> None:
        """Makes these all that there is."""
        self._meta.exchange("feedback", gone=[sealed for (sealed,) in self._db.execute("SELECT seal FROM feedback")])
        self._db.execute("DELETE FROM feedback")
        for one in given:
            self.add(one)

    def add(self, feedback: Feedback) -> Feedback:
        """Stores it, under its number or a new one, and gives it back with it."""
        given = json.dumps(_facts(feedback))
        number = self._db.execute("INSERT INTO feedback VALUES (?, ?, '')", (feedback.number or None, given)).lastrowid
        sealed = seal((number, given))
        self._db.execute("UPDATE feedback SET seal = ? WHERE n = ?", (sealed, number))
        self._meta.exchange("feedback", come=[sealed])
        return replace(feedback, number=number or 0)


def _facts(feedback: Feedback) -> dict[str, Any]:
    filters = feedback.filters
    return {
        "question": feedback.question,
        "after": filters.after.isoformat() if filters.after else None,
        "before": filters.before.isoformat() if filters.before else None,
        "sources": filters.sources,
        "guessed": filters.guessed,
        "undated": filters.undated,
        "having": filters.having,
        "outcome": feedback.outcome.value,
        "quotes": [_shown_facts(shown) for shown in feedback.quotes],
        "near_misses": [_shown_facts(shown) for shown in feedback.near_misses],
        "verdict": feedback.verdict.value,
        "quote": feedback.quote,
        "comment": feedback.comment,
        "made": feedback.made.isoformat(),
        "generation": feedback.generation,
    }


def _shown_facts(shown: Shown) -> list[str | int]:
    return [shown.article, shown.sha256, shown.span.start, shown.span.end, shown.text]


def _is_whole(row: Sequence[Any]) -> bool:
    return bool(row[-1] == seal(row[:-1]))


def _feedback(row: Sequence[Any]) -> Feedback:
    number, given, _ = row
    if not _is_whole(row):
        raise ArchiveDamaged(f"feedback {number} is not what was stored; `pullquote repair` puts it aside")
    facts = json.loads(given)
    after, before = (date.fromisoformat(facts[name]) if facts[name] else None for name in ("after", "before"))
    sources = None if facts["sources"] is None else tuple(facts["sources"])
    return Feedback(
        question=facts["question"],
        # what was stored by an earlier version has none of the last
        filters=Filters(after, before, sources, facts.get("guessed", False), facts.get("undated", False), tuple(facts.get("having", ()))),
        outcome=Outcome(facts["outcome"]),
        quotes=tuple(_shown(shown) for shown in facts["quotes"]),
        near_misses=tuple(_shown(shown) for shown in facts["near_misses"]),
        verdict=Verdict(facts["verdict"]),
        quote=facts["quote"],
        comment=facts["comment"],
        made=datetime.fromisoformat(facts["made"]).astimezone(UTC),
        number=number,
        generation=facts["generation"],
    )


def _shown(facts: Sequence[Any]) -> Shown:
    article, sha256, start, stop, text = facts
    return Shown(article, sha256, Span(start, stop), text)
