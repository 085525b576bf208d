"""JSON Lines: one article a row, `{"id"?, "title", "text", "source"?, "author"?, "published"?, "url"?}`."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.corpus.canonical_text import article
from rag.corpus.dates import publication_date
from rag.errors import InputError
from rag.types import Article, Refusal

_FIELDS = ("id", "title", "text", "source", "author", "published", "url")


def read_rows(path: Path, max_article_bytes: int) -> Iterator[Article | Refusal]:
    """The rows of a file in UTF-8, read line by line. A row that cannot be taken is refused by its line number."""
    empty = True
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            empty = False
            origin = f"{path}:{number}"
            try:
                yield _row(line, path, max_article_bytes)
            except InputError as error:
                yield Refusal(origin, str(error))
    if empty:
        yield Refusal(str(path), "the file is empty")


def article_row(article: Article) -> dict[str, Any]:
    """The row that `read_rows` makes the article of."""
    facts = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
    }
    return {name: value for name, value in facts.items() if value is not None}


def is_gold(path: Path) -> bool:
    """Whether the file's first row is a gold question: those files lie beside articles and are none."""
    try:
        with path.open("rb") as file:
            row = json.loads(file.readline(1_000_000).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "question" in row and "text" not in row


def _row(line: bytes, path: Path, max_article_bytes: int) -> Article:
    if len(line) > max_article_bytes:
        raise InputError(f"the row has {len(line):,} bytes; the most is {max_article_bytes:,}")
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError("the row is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"the row is not JSON: {str(error)[:100]}") from None
    if not isinstance(row, dict):
        raise InputError("the row is not a JSON object")
    given = {name: _text(row, name) for name in _FIELDS}
    for name in ("title", "text"):
        if not given[name]:
            raise InputError(f'the row has no "{name}"')
    return article(
        id=given["id"] or given["url"] or _identifier(given, path),
        title=given["title"] or "",
        text=given["text"] or "",
        source=given["source"],
        author=given["author"],
        published=publication_date(given["published"]),
        url=given["url"],
        origin=str(path),
    )


def _text(row: dict[str, object], name: str) -> str | None:
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and name == "id":
        return str(value)
    if value is not None and not isinstance(value, str):
        raise InputError(f'"{name}" is not a string')
    return value


def _identifier(given: dict[str, str | None], path: Path) -> str:
    """An id for a row without one, from what a correction of its text leaves as it is."""
    facts = "\n".join(given[name] or "" for name in ("title", "source", "published"))
    return f"{path.name}#{hashlib.sha256(facts.encode(errors='replace')).hexdigest()[:12]}"
