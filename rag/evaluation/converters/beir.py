"""BEIR (Thakur et al. 2021, "BEIR: A Heterogenous Benchmark for Zero-shot Evaluation of Information Retrieval Models").

A folder of corpus.jsonl (`{"_id", "title"?, "text"}` a line), queries.jsonl (`{"_id", "text"}` a line) and
judgements, qrels/test.tsv and other splits or one qrels.tsv: query-id, corpus-id and grade, tabs between them.
"""

import math
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from rag.corpus import article
from rag.corpus.canonical_text import TITLE_CHARS
from rag.errors import InputError
from rag.evaluation.converters.collection import Collection
from rag.evaluation.converters.reading import at, identifier, json_lines, keep, opened, optional_text, text
from rag.evaluation.gold import Evidence, Gold
from rag.types import Article, Filters


def read(path: Path) -> Collection:
    """The queries of one split, with the documents of a grade above 0 as evidence, without words.

    `path` is the folder, or one of its judgement files; of several in the folder
    `qrels/test.tsv` is taken. A judged query without a relevant document is left out
    and counted. Raises InputError for what is none of BEIR's.
    """
    judgements = _judgements(path) if path.is_dir() else path
    folder = _folder(judgements)
    documents, queries = _documents(folder / "corpus.jsonl"), _queries(folder / "queries.jsonl")
    relevant: dict[str, list[Evidence]] = {}
    for (query, document), grade in _grades(judgements, queries, documents).items():
        found = relevant.setdefault(query, [])
        if grade > 0 and documents[document] is not None:
            found.append(Evidence(document, None))
    gold = [Gold(id, queries[id], (), tuple(found), True, Filters()) for id, found in relevant.items() if found]
    with at(judgements):
        return Collection([document for document in documents.values() if document is not None], gold, len(relevant) - len(gold))


def _judgements(folder: Path) -> Path:
    found = [*sorted((folder / "qrels").glob("*.tsv")), *folder.glob("qrels.tsv")]
    test = folder / "qrels" / "test.tsv"
    if not found:
        raise InputError(f"{folder} has neither qrels.tsv nor qrels/*.tsv: without judgements there is no gold; put them there")
    if len(found) > 1 and test not in found:
        names = ", ".join(str(path.relative_to(folder)) for path in found)
        raise InputError(f"{folder} has several splits ({names}); name the one that you want: {found[0]}")
    return test if test in found else found[0]


def _folder(judgements: Path) -> Path:
    """The folder of the corpus that the judgements are about: theirs, or the one above."""
    places = (judgements.parent, judgements.absolute().parent.parent)
    for folder in places:
        if (folder / "corpus.jsonl").is_file():
            return folder
    raise InputError(f"{judgements} has no corpus.jsonl beside it or in the folder above; name a BEIR folder, or a qrels file in one")


def _documents(path: Path) -> dict[str, Article | None]:
    """The documents by id; None for one without any text, which real corpora have."""
    documents: dict[str, Article | None] = {}
    for place, row in json_lines(path):
        with at(place):
            id = identifier(row, "_id")
            keep(documents, id, _document(id, row))
    return documents


def _document(id: str, row: dict[str, Any]) -> Article | None:
    # a title is optional there and not here; some documents are a title alone
    title, body = " ".join(optional_text(row, "title").split()), optional_text(row, "text")
    if not (title or body):
        return None
    return article(id, (title or id)[:TITLE_CHARS], body or title)


def _queries(path: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    for place, row in json_lines(path):
        with at(place):
            keep(queries, identifier(row, "_id"), text(row, "text"))
    return queries


def _grades(path: Path, queries: Container[str], documents: Container[str]) -> dict[tuple[str, str], float]:
    """The grade of each judged query and document."""
    grades: dict[tuple[str, str], float] = {}
    for place, (query, document, grade) in _judged(path):
        with at(place):
            if query not in queries:
                raise InputError(f"queries.jsonl has no query {query!r}; are these the judgements of another set?")
            if document not in documents:
                raise InputError(f"corpus.jsonl has no document {document!r}; are these the judgements of another set?")
            if grades.setdefault((query, document), grade) != grade:
                raise InputError(f"{document!r} was given another grade for {query!r} before; take one of the two lines out")
    return grades


def _judged(path: Path) -> Iterator[tuple[str, tuple[str, str, float]]]:
    """The lines of a file of judgements below its header, each after its place."""
    with opened(path), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            place = f"{path}:{number}"
            with at(place):
                fields = _fields(line)
                if fields is None or (number == 1 and _number(fields[2]) is None):
                    continue
                grade = _number(fields[2])
                if grade is None:
                    raise InputError(f"the grade {fields[2][:60]!r} is no number; write 1 for relevant, 0 for not")
            yield place, (fields[0], fields[1], grade)


def _fields(line: bytes) -> list[str] | None:
    """Query, document and grade, each on one line as ids are; None for a blank line."""
    if not line.strip():
        return None
    try:
        fields = line.decode("utf-8-sig").split("\t")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} of the line is not UTF-8; save the file as UTF-8") from None
    if len(fields) != 3:
        raise InputError(f"the line has {len(fields)} columns; write query-id, corpus-id and score with tabs between them")
    named = dict(zip(("query-id", "corpus-id", "score"), fields, strict=True))
    return [identifier(named, name) for name in named]


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
