"""Feedback between its value and its row, which has it whole, as JSON."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from rag.feedback import Feedback, Shown, Verdict
from rag.store.seal import seal
from rag.types import Filters, Outcome, Span


def given_of(feedback: Feedback) -> str:
    """All of it but its number."""
    return json.dumps(_facts(feedback))


def feedback_of(row: Sequence[Any]) -> Feedback | None:
    """The feedback of a number, what was given, and the seal of these; None where they are not what was stored."""
    number, given, sealed = row
    if sealed != seal((number, given)):
        return None
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


def _shown(facts: Sequence[Any]) -> Shown:
    article, sha256, start, stop, text = facts
    return Shown(article, sha256, Span(start, stop), text)
