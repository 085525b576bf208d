"""An archive into files that other programs read: its articles, and what people wrote about them and about answers."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from rag.archive import Archive
from rag.corpus.jsonl import article_row
from rag.evaluation import by_question, feedback_gold
from rag.feedback import Feedback, Shown
from rag.notes import Note
from rag.render import filters_json, timestamp
from rag.types import Article, Edition
from rag.whole_files import ARTICLES, GOLD, row_files

NOTES, FEEDBACK, EDITIONS = "notes.jsonl", "feedback.jsonl", "editions.jsonl"
# how much of the text around a note's words is given with them
_AROUND = 32


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rows each file has; `left_out` counts questions with feedback but without gold: no right quote is known."""

    articles: int
    notes: int
    feedback: int
    gold: int
    editions: int
    left_out: int


def export(archive: Archive, folder: str | os.PathLike[str], *, force: bool = False) -> Exported:
    """Writes articles.jsonl, notes.jsonl, feedback.jsonl, gold.jsonl and editions.jsonl into `folder`, which is made where it is not there.

    Articles are rows as `read_articles` takes them, with the same ids and texts;
    editions hold such a row each, which is therefore not read as the article;
    notes are annotations of the W3C Web Annotation model, answers replies to them. All files are written
    whole under temporary names before the first takes its place; other files in the
    folder are left alone.
    Raises InputError where the folder cannot be written or, without `force`, has
    one of the files already, ArchiveDamaged where something is not what was stored.
    """
    notes, feedback, editions = archive.notes(), archive.feedback(), archive.editions()
    gold = feedback_gold(feedback)
    with row_files(Path(folder), (ARTICLES, NOTES, FEEDBACK, GOLD, EDITIONS), force=force) as files:
        articles = files.write(ARTICLES, (article_row(article) for article in archive.articles()))
        earlier = {(one.article.id, one.article.sha256): one.article for one in editions}
        by_number = {note.number: note for note in notes}
        pinned = ((note, earlier.get((note.article, note.sha256)) or archive.article(note.article)) for note in notes)
        files.write(NOTES, (annotation(note, article, by_number.get(note.answers or 0)) for note, article in pinned))
        files.write(FEEDBACK, (feedback_row(one) for one in feedback))
        files.write(GOLD, gold)
        files.write(EDITIONS, map(edition_row, editions))
    return Exported(articles, len(notes), len(feedback), len(gold), len(editions), len(by_question(feedback)) - len(gold))


def annotation(note: Note, article: Article | None, answered: Note | None = None) -> dict[str, Any]:
    """A note as a W3C Web Annotation (https://www.w3.org/TR/annotation-model/); `article` is the note's, with the note's text if that is kept.

    The target is the article's row in articles.jsonl, and before it, of an answer, the
    annotation of the note that is `answered`, unless that was removed. The words around
    the selection are given only where the article has the text that the note was pinned
    to. "pullquote" is no word of the model: it holds what the model has no place for.
    """
    words = {
        "source": f"{ARTICLES}#{quote(note.article, safe='/')}",
        "selector": [
            {"type": "TextPositionSelector", "start": note.span.start, "end": note.span.end},
            {"type": "TextQuoteSelector", "exact": note.words, **_around(note, article)},
        ],
    }
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": _iri(note),
        "type": "Annotation",
        "motivation": "replying" if note.answers else "commenting",
        "created": timestamp(note.made),
        **({"creator": {"type": "Person", "name": note.author}} if note.author else {}),
        "body": {"type": "TextualBody", "value": note.text, "format": "text/plain"},
        "target": [_iri(answered), words] if answered else words,
        "pullquote": {
            "number": note.number,
            "article": note.article,
            "sha256": note.sha256,
            **({"answers": note.answers} if note.answers else {}),
        },
    }


def _iri(note: Note) -> str:
    """The same for a note whenever it is exported."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{note.number} {note.article} {note.sha256} {timestamp(note.made)}')}"


def edition_row(edition: Edition) -> dict[str, Any]:
    return {"article": article_row(edition.article), "sha256": edition.article.sha256, "replaced": timestamp(edition.replaced)}


def feedback_row(feedback: Feedback) -> dict[str, Any]:
    return {
        "question": feedback.question,
        "filters": filters_json(feedback.filters),
        "outcome": feedback.outcome.value,
        "verdict": feedback.verdict.value,
        "quote": feedback.quote,
        "comment": feedback.comment,
        "quotes": [_shown_row(shown) for shown in feedback.quotes],
        "near_misses": [_shown_row(shown) for shown in feedback.near_misses],
        "generation": feedback.generation,
        "made": timestamp(feedback.made),
    }


def _shown_row(shown: Shown) -> dict[str, Any]:
    return {"article": shown.article, "sha256": shown.sha256, "start": shown.span.start, "end": shown.span.end, "text": shown.text}


def _around(note: Note, article: Article | None) -> dict[str, str]:
    if article is None or not note.stands_in(article):
        return {}
    start, end = note.span.start, note.span.end
    return {"prefix": article.text[max(0, start - _AROUND) : start], "suffix": article.text[end : end + _AROUND]}
