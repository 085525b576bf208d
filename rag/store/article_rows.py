"""An article between its value and what a row keeps of it: what its document told, as JSON, beside its text and its parts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from rag.corpus.dates import guessed_day
from rag.corpus.told import facts_json, facts_of_json, original_json, original_of_json, parts_json, parts_of_json
from rag.store.seal import digest
from rag.types import NOTHING_TOLD, Article, Original

# the columns that hold an article's facts, in the order in which they are given and taken here
FACTS = "id, title, source, author, published, url, sha256, origin"


def facts_of(article: Article) -> tuple[str | None, ...]:
    published = article.published.isoformat() if article.published else None
    return article.id, article.title, article.source, article.author, published, article.url, article.sha256, article.origin


def parts_of(article: Article) -> str:
    """Its parts as JSON, empty where there are none."""
    return json.dumps(parts_json(article.parts)) if article.parts else ""


def document_of(article: Article, parts: str) -> str | None:
    """What its document told of an article, a digest of where its parts are, and which document that is, as JSON; None for nothing."""
    if article.facts == NOTHING_TOLD and article.updated is None and not parts and article.original is None:
        return None
    updated = article.updated.isoformat() if article.updated else None
    told = {"updated": updated, "facts": facts_json(article.facts), "parts": digest([parts.encode()])}
    return json.dumps(told | ({"original": original_json(article.original)} if article.original else {}))


def with_original(document: str | None, original: Original) -> str:
    """What `document_of` gave, with which document it was."""
    return json.dumps(_told(document) | {"original": original_json(original)})


def article_of(facts: Sequence[Any], document: str | None, text: str, parts: str) -> Article | None:
    """The article of a row whose facts and document are what was stored; None where its text or its parts are not."""
    told = _told(document)
    id, title, source, author, published, url, sha256, origin = facts
    if (digest([text.encode()]), digest([parts.encode()])) != (sha256, told["parts"]):
        return None
    article = Article(id, title, source, author, day_of(published), url, text, sha256, origin)
    found = parts_of_json(json.loads(parts)) if parts else ()
    of_document = facts_of_json(told["facts"])
    language = of_document.language.value if of_document.language else None
    original = original_of_json(told["original"]) if "original" in told else None
    return replace(article, updated=day_of(told["updated"]), language=language, facts=of_document, parts=found, original=original)


def guessed_of(document: str | None) -> date | None:
    """The guessed day of an article of which a document told this, as `document_of` gave it; None where it is told, or nobody knows it."""
    return guessed_day(facts_of_json(_told(document)["facts"]))


def plainly_told(document: str | None) -> list[Any]:
    """What `document_of` gave in a form of its own, the same for the same, whichever version of this program wrote it."""
    told = _told(document)
    return [told["updated"], facts_json(facts_of_json(told["facts"])), told["parts"], told.get("original")]


def _told(document: str | None) -> dict[str, Any]:
    """What `document_of` gave."""
    told: dict[str, Any] = json.loads(document) if document else {"updated": None, "facts": {}, "parts": digest([b""])}
    return told


def day_of(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def moment_of(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None


def second_of(moment: datetime) -> str:
    """As it is stored: in UTC, to the second, so that texts are in the order of moments."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
