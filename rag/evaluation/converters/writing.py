"""A converted set into files: articles.jsonl for `read_articles`, gold.jsonl for `read_gold`."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.corpus.jsonl import article_row
from rag.errors import InputError
from rag.evaluation.converters.collection import Collection
from rag.evaluation.gold import Evidence, Gold
from rag.render import filters_json
from rag.settings import Settings
from rag.types import Article
from rag.whole_files import ARTICLES, GOLD, row_files


@dataclass(frozen=True, slots=True)
class Converted:
    """How many articles and gold questions were written; of the questions, how many are answerable, and how many have a quote.

    `left_out` counts questions of the set that no article is relevant to.
    """

    articles: int
    gold: int
    answerable: int
    quoted: int
    left_out: int


def write(collection: Collection, folder: str | os.PathLike[str], *, force: bool = False) -> Converted:
    """Writes gold.jsonl and, where there are articles, articles.jsonl into `folder`: both or none.

    Raises InputError where the folder cannot be written or, without `force`, has
    one of the files already, and for an article too long to be added.
    """
    names = (ARTICLES, GOLD) if collection.articles else (GOLD,)
    with row_files(Path(folder), names, force=force) as files:
        if collection.articles:
            files.write(ARTICLES, _article_rows(collection.articles))
        files.write(GOLD, map(gold_json, collection.gold))
    return Converted(
        articles=len(collection.articles),
        gold=len(collection.gold),
        answerable=sum(row.answerable for row in collection.gold),
        quoted=sum(any(item.quote for item in row.evidence) for row in collection.gold),
        left_out=collection.left_out,
    )


def _article_rows(articles: Iterable[Article]) -> Iterator[dict[str, Any]]:
    most = Settings().max_article_bytes
    for article in articles:
        row = article_row(article)
        # as it is written, with its line feed
        size = len(json.dumps(row, ensure_ascii=False).encode()) + 1
        if size > most:
            raise InputError(f"the article {article.id} would be a row of {size:,} bytes; `pullquote add` takes {most:,}: part it before converting")
        yield row


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
