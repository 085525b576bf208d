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

    def add(self, feedback: Feedback) -> Feedback:
        """Stores it and gives it back with its number."""
        given = json.dumps(_facts(feedback))
        inserted = self._db.execute("INSERT INTO feedback (given, seal) VALUES (?, ?)", (given, seal([given])))
        self._meta.exchange("feedback", come=[seal([given])])
        return replace(feedback, number=inserted.lastrowid or 0)


def _facts(feedback: Feedback) -> dict[str, Any]:
    filters = feedback.filters
    return {
        "question": feedback.question,
        "after": filters.after.isoformat() if filters.after else None,
        "before": filters.before.isoformat() if filters.before else None,
        "sources": filters.sources,
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


def _feedback(row: Sequence[Any]) -> Feedback:
    number, given, sealed = row
    if sealed != seal([given]):
        raise ArchiveDamaged(f"feedback {number} is not what was stored; restore the archive from a copy")
    facts = json.loads(given)
    after, before = (date.fromisoformat(facts[name]) if facts[name] else None for name in ("after", "before"))
    return Feedback(
        question=facts["question"],
        filters=Filters(after, before, None if facts["sources"] is None else tuple(facts["sources"])),
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
