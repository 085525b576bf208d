"""Gold questions: JSON Lines of `{"id", "question", "answers", "evidence", "answerable", "filters"?}`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.types import Filters

# so many mistakes are listed; the rest are counted
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Evidence:
    """An article that answers, and its words that do, where the gold gives them."""

    article: str
    quote: str | None


@dataclass(frozen=True, slots=True)
class Gold:
    """A question with the strings any of which answers it, and the articles that do; none where it is not answerable.

    `line` is where it stands in its file, from 1; 0 for one that was made in a program.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    answerable: bool
    filters: Filters
    line: int = field(default=0, compare=False)


def read_gold(path: Path) -> list[Gold]:
    """The questions of a file. Raises InputError, which names each line that is none and why, and for an empty file."""
    try:
        # a line of JSON Lines ends with a line feed: str.splitlines would also cut inside strings
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 (byte {error.start:,})") from None
    rows: dict[str, Gold] = {}
    mistakes = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _row(_parsed(line), number)
            if row.id in rows:
                raise InputError(f"the id {row.id!r} was used before, in line {rows[row.id].line}")
            rows[row.id] = row
        except InputError as error:
            mistakes.append(f"{path}:{number} is no gold question: {error}")
    if mistakes:
        raise InputError(*listed(mistakes))
    if not rows:
        raise InputError(f"{path} has no questions")
    return list(rows.values())


def listed(mistakes: Sequence[str]) -> list[str]:
    """The mistakes, a line each; beyond twenty the rest are counted."""
    rest = [f"and {len(mistakes) - _MOST_LISTED:,} more"] if len(mistakes) > _MOST_LISTED else []
    return [*mistakes[:_MOST_LISTED], *rest]


def _parsed(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        line.encode()
    except RecursionError:
        raise InputError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise InputError("it is not valid Unicode") from None
    except ValueError as error:
        raise InputError(f"it is not JSON ({error})") from None
    if not isinstance(row, dict):
        raise InputError("it is not a JSON object")
    return row


def _row(row: dict[str, Any], line: int) -> Gold:
    answerable = row.get("answerable")
    if not isinstance(answerable, bool):
        raise InputError('"answerable" is neither true nor false')
    answers = tuple(_text(answer, "an answer") for answer in _list(row, "answers"))
    evidence = tuple(_evidence(item) for item in _list(row, "evidence"))
    if answerable and not answers and not evidence:
        raise InputError("it is answerable, but without answers and evidence")
    id = row.get("id")
    return Gold(
        id=str(id) if isinstance(id, int) and not isinstance(id, bool) else _text(id, '"id"'),
        question=_text(row.get("question"), '"question"'),
        answers=answers,
        evidence=evidence,
        answerable=answerable,
        filters=_filters(row.get("filters")),
        line=line,
    )


def _evidence(item: object) -> Evidence:
    if not isinstance(item, dict):
        raise InputError('"evidence" is not a list of objects with "article" and perhaps "quote"')
    quote = item.get("quote")
    return Evidence(_text(item.get("article"), 'an "article" of its evidence'), None if quote is None else _text(quote, 'a "quote"'))


def _filters(given: object) -> Filters:
    if given is None:
        return Filters()
    if not isinstance(given, dict) or given.keys() - {"after", "before", "sources", "guessed", "undated", "having"}:
        raise InputError('"filters" is not an object of "after", "before", "sources", "guessed", "undated" and "having"')
    after, before = _day(given, "after"), _day(given, "before")
    if after and before and after > before:
        raise InputError(f"after ({after}) is later than before ({before}): no article can match")
    sources = _list(given, "sources") if given.get("sources") is not None else None
    guessed, undated = _whether(given, "guessed"), _whether(given, "undated")
    named = None if sources is None else tuple(_text(source, "a source") for source in sources)
    having = tuple(_text(words, "words to have") for words in _list(given, "having"))
    return Filters(after, before, named, guessed, undated, having)


def _whether(filters: dict[str, Any], name: str) -> bool:
    value = filters.get(name, False)
    if not isinstance(value, bool):
        raise InputError(f'"{name}" is {json.dumps(value)[:60]}, neither true nor false')
    return value


def _day(filters: dict[str, Any], name: str) -> date | None:
    value = filters.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(f'"{name}" is {value!r}, no day like 2022-10-19') from None


def _list(row: dict[str, Any], name: str) -> Iterable[object]:
    value = row.get(name, [])
    if not isinstance(value, list):
        raise InputError(f'"{name}" is not a list')
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{name} is {json.dumps(value)[:60]}, no text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InputError(f"{name} is not valid Unicode") from None
    return value
