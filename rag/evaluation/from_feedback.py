"""Gold questions out of what people said of answers."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from rag.feedback import Feedback, Shown, Verdict
from rag.render import filters_json
from rag.types import Outcome


def feedback_gold(feedback: Iterable[Feedback]) -> list[dict[str, Any]]:
    """The gold rows, as `read_gold` loads them, of those questions whose answer somebody knows; one row for a question with its filters.

    A quote that was said to be right is an answer, a silence that was said to be
    right makes the question unanswerable. "Wrong" and "missing" tell no answer, so
    a question with no other verdict has no row. The later verdict on the same quote,
    or on silence, counts, and a right quote counts more than a right silence.
    """
    rows = (_row(id, about) for id, about in by_question(feedback).items())
    return [row for row in rows if row is not None]


def by_question(feedback: Iterable[Feedback]) -> dict[str, list[Feedback]]:
    """What was said of each question with its filters, by the id that its gold row has: the same whenever it is made."""
    questions: dict[str, list[Feedback]] = {}
    for one in feedback:
        asked = json.dumps([one.question, filters_json(one.filters)], sort_keys=True)
        questions.setdefault(f"feedback-{hashlib.sha256(asked.encode()).hexdigest()[:12]}", []).append(one)
    return questions


def _row(id: str, about: Sequence[Feedback]) -> dict[str, Any] | None:
    quotes = _right_quotes(about)
    if not quotes and not _rightly_silent(about):
        return None
    row = {
        "id": id,
        "question": about[0].question,
        "answers": list(dict.fromkeys(quote.text for quote in quotes)),
        "evidence": [{"article": quote.article, "quote": quote.text} for quote in quotes],
        "answerable": bool(quotes),
    }
    filters = filters_json(about[0].filters)
    return {**row, "filters": filters} if filters else row


def _right_quotes(about: Iterable[Feedback]) -> list[Shown]:
    verdicts = {quote: one.verdict for one in about for quote in _judged(one)}
    return [quote for quote, verdict in verdicts.items() if verdict is Verdict.RIGHT]


def _judged(feedback: Feedback) -> tuple[Shown, ...]:
    """The quote that a verdict is about: none, if it is about an answer of several."""
    if feedback.quote is not None:
        return (feedback.quotes[feedback.quote],)
    alone = len(feedback.quotes) == 1 and feedback.verdict is not Verdict.MISSING
    return feedback.quotes if alone else ()


def _rightly_silent(about: Iterable[Feedback]) -> bool:
    """Whether the last that was said of silence, or of an answer that is missing, is that silence is right."""
    said = [one.verdict is Verdict.RIGHT for one in about if one.outcome is not Outcome.ANSWERED or one.verdict is Verdict.MISSING]
    return bool(said) and said[-1]
