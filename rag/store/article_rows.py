"""An article between its value and what a row keeps of it: what its document told, as JSON, beside its text and its parts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rag.corpus.told import facts_json, facts_of_json, parts_json, parts_of_json
from rag.store.seal import digest
from rag.types import NOTHING_TOLD, Article

# the columns that hold an article's facts, in the order in which they are given and taken here
FACTS = "id, title, source, author, published, url, sha256, origin"


def facts_of(article: Article) -> tuple[str | None, ...]:
    published = article.published.isoformat() if article.published else None
    return article.id, article.title, article.source, article.author, published, article.url, article.sha256, article.origin


def parts_of(article: Article) -> str:
    """Its parts as JSON, empty where there are none."""
    return json.dumps(parts_json(article.parts)) if article.parts else ""


def document_of(article: Article, parts: str) -> str | None:
    """What its document told of an article, and a digest of where its parts are, as JSON; None where there is nothing to keep."""
    if article.facts == NOTHING_TOLD and article.updated is None and not parts:
        return None
    updated = article.updated.isoformat() if article.updated else None
    return json.dumps({"updated": updated, "facts": facts_json(article.facts), "parts": digest([parts.encode()])})


def article_of(facts: Sequence[Any], document: str | None, text: str, parts: str) -> Article | None:
    """The article of a row whose facts and document are what was stored; None where its text or its parts are not."""
    told: dict[str, Any] = json.loads(document) if document else {"parts": digest([b""])}
    id, title, source, author, published, url, sha256, origin = facts
    if (digest([text.encode()]), digest([parts.encode()])) != (sha256, told["parts"]):
        return None
    article = Article(id, title, source, author, day_of(published), url, text, sha256, origin)
    if not document:
        return article
    found = parts_of_json(json.loads(parts)) if parts else ()
    of_document = facts_of_json(told["facts"])
    language = of_document.language.value if of_document.language else None
    return replace(article, updated=day_of(told["updated"]), language=language, facts=of_document, parts=found)


def day_of(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
