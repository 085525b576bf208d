"""A gold question as the row that `read_gold` reads it from."""

from typing import Any

from rag.evaluation.gold import Evidence, Gold
from rag.render import filters_json


def gold_json(row: Gold) -> dict[str, Any]:
    """The row of a question; "filters" and a "quote" are left out where there are none."""
    filters = filters_json(row.filters)
    return {
        "id": row.id,
        "question": row.question,
        "answers": list(row.answers),
        "evidence": [_evidence_json(item) for item in row.evidence],
        "answerable": row.answerable,
        **({"filters": filters} if filters else {}),
    }


def _evidence_json(item: Evidence) -> dict[str, str]:
    return {"article": item.article, **({} if item.quote is None else {"quote": item.quote})}
