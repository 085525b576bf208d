"""Gold questions: JSON Lines of `{"id", "question", "answers", "evidence", "answerable", "filters"?}`."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.types import Filters


@dataclass(frozen=True, slots=True)
class Evidence:
    """An article that answers, and the sentence that does, where the gold gives it."""

    article: str
    quote: str | None


@dataclass(frozen=True, slots=True)
class Gold:
    """A question with the strings any of which answers it; none where it is not answerable."""

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    answerable: bool
    filters: Filters


def read_gold(path: Path) -> list[Gold]:
    """The questions of a file. Raises InputError, naming file and line, for the first row that is none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8") from None
    rows: dict[str, Gold] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _row(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise InputError(f"{path}:{number} is no gold question: {error!r}") from None
        if row.id in rows:
            raise InputError(f"{path}:{number}: the id {row.id} was used before")
        rows[row.id] = row
    if not rows:
        raise InputError(f"{path} has no questions")
    return list(rows.values())


def _row(row: dict[str, Any]) -> Gold:
    answers = tuple(str(answer) for answer in row["answers"])
    if row["answerable"] and not answers:
        raise ValueError("answerable, but without answers")
    return Gold(
        id=str(row["id"]),
        question=str(row["question"]),
        answers=answers,
        evidence=tuple(Evidence(str(item["article"]), item.get("quote")) for item in row["evidence"]),
        answerable=bool(row["answerable"]),
        filters=_filters(row.get("filters") or {}),
    )


def _filters(row: dict[str, Any]) -> Filters:
    days = {name: date.fromisoformat(row[name]) if row.get(name) else None for name in ("after", "before")}
    return Filters(days["after"], days["before"], tuple(row["sources"]) if row.get("sources") is not None else None)
