"""SQuAD 2.0 (Rajpurkar, Jia and Liang 2018, "Know What You Don't Know") and 1.1, and sets in their form.

`{"data": [{"title", "paragraphs": [{"context", "qas": [{"id", "question", "answers": [{"text", …}], "is_impossible"?}]}]}]}`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.corpus import article
from rag.errors import InputError
from rag.evaluation.converters.collection import Collection, evidence
from rag.evaluation.converters.reading import at, identifier, items, json_file, keep, record, text
from rag.evaluation.gold import Gold
from rag.types import Article, Filters


@dataclass(frozen=True, slots=True)
class _Paragraph:
    place: str
    title: str
    context: str
    questions: list[Any]


def read(path: Path) -> Collection:
    """A title is an article, its paragraphs with a blank line between two. An answer's words are also its evidence's quote.

    Raises InputError, naming the place in the JSON, for a file that is none of SQuAD's.
    """
    top = json_file(path)
    gold: dict[str, Gold] = {}
    with at(path):
        paragraphs = list(_paragraphs(record(top)))
        articles = _articles(paragraphs)
        for paragraph in paragraphs:
            for number, asked in enumerate(paragraph.questions):
                with at(f"{paragraph.place}.qas[{number}]"):
                    row = _gold(record(asked), articles[paragraph.title])
                    keep(gold, row.id, row)
        return Collection(tuple(articles.values()), tuple(gold.values()))


def _paragraphs(top: dict[str, Any]) -> Iterator[_Paragraph]:
    for page, each in enumerate(items(top, "data")):
        with at(f"data[{page}]"):
            title, paragraphs = text(record(each), "title"), items(each, "paragraphs")
        for number, paragraph in enumerate(paragraphs):
            place = f"data[{page}].paragraphs[{number}]"
            with at(place):
                yield _Paragraph(place, title, text(record(paragraph), "context"), items(paragraph, "qas"))


def _articles(paragraphs: Iterable[_Paragraph]) -> dict[str, Article]:
    """The articles by title; Wikipedia's underscores in a title are its spaces."""
    contexts: dict[str, list[str]] = {}
    for paragraph in paragraphs:
        contexts.setdefault(paragraph.title, []).append(paragraph.context)
    return {title: article(f"squad-{title}", title.replace("_", " "), "\n\n".join(texts)) for title, texts in contexts.items()}


def _gold(row: dict[str, Any], article: Article) -> Gold:
    id, question = identifier(row, "id"), text(row, "question")
    if row.get("is_impossible", False) is True:
        return Gold(id, question, (), (), answerable=False, filters=Filters())
    answers = tuple(dict.fromkeys(text(record(answer), "text") for answer in items(row, "answers")))
    if not answers:
        raise InputError('"answers" is empty; give one, or say "is_impossible": true')
    return Gold(id, question, answers, evidence(article, answers), answerable=True, filters=Filters())
