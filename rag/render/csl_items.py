"""CSL-JSON, which Zotero, pandoc and other citation programs read. JSON is the escaping: CSL has none of its own."""

from collections.abc import Sequence
from typing import Any

from rag.render.bibliography import Reference, entries
from rag.render.links import safe_url
from rag.render.names import Name
from rag.types import Answer


def csl_json(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """An item for each quoted article, with the quotes' offsets and the text's SHA-256 in its note; empty where none is quoted."""
    return [_item(entry) for entry in entries(answers)]


def _item(entry: Reference) -> dict[str, Any]:
    article, day = entry.article, entry.article.published
    fields = {
        "id": entry.key,
        "type": "article-newspaper",
        "title": article.title,
        "container-title": article.source,
        "author": [_name(name) for name in entry.authors],
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "URL": safe_url(article.url),
        "note": entry.note,
    }
    return {name: value for name, value in fields.items() if value}


def _name(name: Name) -> dict[str, str]:
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}
