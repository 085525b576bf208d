"""An archive into files that other programs read: its articles, and what people wrote about them and about answers."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from rag.archive import Archive
from rag.errors import InputError
from rag.evaluation import by_question, feedback_gold
from rag.feedback import Feedback, Shown
from rag.notes import Note
from rag.render import filters_json
from rag.types import Article

ARTICLES, NOTES, FEEDBACK, GOLD = "articles.jsonl", "notes.jsonl", "feedback.jsonl", "gold.jsonl"
# how much of the text around a note's words is given with them
_AROUND = 32
# JSON need not escape these, but to some readers they end a line
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rows each file has; `left_out` counts questions with feedback but without gold: no right quote is known."""

    articles: int
    notes: int
    feedback: int
    gold: int
    left_out: int


def export(archive: Archive, folder: str | os.PathLike[str], *, force: bool = False) -> Exported:
    """Writes articles.jsonl, notes.jsonl, feedback.jsonl and gold.jsonl into `folder`, which is made where it is not there.

    Articles are rows as `read_articles` takes them, with the same ids and texts;
    notes are annotations of the W3C Web Annotation model. All files are written
    whole under temporary names before the first takes its place; other files in the
    folder are left alone.
    Raises InputError where the folder cannot be written or, without `force`, has
    one of the files already, ArchiveDamaged where something is not what was stored.
    """
    place = Path(folder)
    taken = [name for name in (ARTICLES, NOTES, FEEDBACK, GOLD) if (place / name).exists()]
    if taken and not force:
        raise InputError(f"{place} has {', '.join(taken)} already; choose another folder, or overwrite with --force (force=True)")
    notes, feedback = archive.notes(), archive.feedback()
    gold = feedback_gold(feedback)
    try:
        with _Files(place) as files:
            articles = files.write(ARTICLES, (article_row(article) for article in archive.articles()))
            files.write(NOTES, (annotation(note, archive.article(note.article)) for note in notes))
            files.write(FEEDBACK, (feedback_row(one) for one in feedback))
            files.write(GOLD, gold)
    except OSError as error:
        raise InputError(f"{place} cannot be written: {error.strerror}; choose another folder") from error
    return Exported(articles, len(notes), len(feedback), len(gold), len(by_question(feedback)) - len(gold))


def article_row(article: Article) -> dict[str, Any]:
    """The row of JSON Lines that an article is read from."""
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


def annotation(note: Note, article: Article | None) -> dict[str, Any]:
    """A note as a W3C Web Annotation (https://www.w3.org/TR/annotation-model/); `article` is the note's, as it is now.

    The target is the article's row in articles.jsonl. The words around the
    selection are given only where the article has the text that the note was pinned
    to. "pullquote" is no word of the model: it holds what the model has no place for.
    """
    made = f"{note.made:%Y-%m-%dT%H:%M:%SZ}"
    name = f"{note.number} {note.article} {note.sha256} {made}"
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, name)}",
        "type": "Annotation",
        "motivation": "commenting",
        "created": made,
        "body": {"type": "TextualBody", "value": note.text, "format": "text/plain"},
        "target": {
            "source": f"{ARTICLES}#{quote(note.article, safe='/')}",
            "selector": [
                {"type": "TextPositionSelector", "start": note.span.start, "end": note.span.end},
                {"type": "TextQuoteSelector", "exact": note.words, **_around(note, article)},
            ],
        },
        "pullquote": {"number": note.number, "article": note.article, "sha256": note.sha256},
    }


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
        "made": f"{feedback.made:%Y-%m-%dT%H:%M:%SZ}",
    }


def _shown_row(shown: Shown) -> dict[str, Any]:
    return {"article": shown.article, "sha256": shown.sha256, "start": shown.span.start, "end": shown.span.end, "text": shown.text}


def _around(note: Note, article: Article | None) -> dict[str, str]:
    if article is None or not note.stands_in(article):
        return {}
    start, end = note.span.start, note.span.end
    return {"prefix": article.text[max(0, start - _AROUND) : start], "suffix": article.text[end : end + _AROUND]}


class _Files:
    """Files that are written under temporary names; once all are on disk they take their own, or after an error none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: list[str] = []

    def __enter__(self) -> "_Files":
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def write(self, name: str, rows: Iterable[dict[str, Any]]) -> int:
        """One row a line; gives their number."""
        self._written.append(name)
        count = 0
        with self._temporary(name).open("w", encoding="utf-8", newline="\n") as file:
            for line in _lines(rows):
                file.write(line)
                count += 1
            file.flush()
            os.fsync(file.fileno())
        return count

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name in self._written:
            if kind is None:
                self._temporary(name).replace(self._folder / name)
            else:
                self._temporary(name).unlink(missing_ok=True)

    def _temporary(self, name: str) -> Path:
        return self._folder / f".{name}.{os.getpid()}.new"


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        line = json.dumps(row, ensure_ascii=False)
        for character, escape in _LINE_ENDS.items():
            line = line.replace(character, escape)
        yield f"{line}\n"
