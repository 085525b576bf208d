"""SelQA's answer sentence selection (Jurczyk, Zhai and Choi 2016, "SelQA: A New Benchmark for Selection-based Question Answering").

A JSON list of `{"question", "article": title, "candidates": [sentences of a section], "answers": [positions in candidates], …}`.
"""

from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.evaluation.converters.collection import Collection, Sections, evidence
from rag.evaluation.converters.reading import at, items, json_file, record, text
from rag.evaluation.gold import Gold
from rag.types import Filters


def read(path: Path) -> Collection:
    """A section is an article; a question's id is its position in the list. Raises InputError for a file that is none of SelQA's."""
    rows, sections, gold = json_file(path), Sections("selqa"), []
    with at(path):
        if not isinstance(rows, list):
            raise InputError("this is no JSON list of questions; is it a file of another form?")
        for number, row in enumerate(rows):
            with at(f"[{number}]"):
                gold.append(_gold(f"selqa-{number}", record(row), sections))
        return Collection(sections.articles(), gold)


def _gold(id: str, row: dict[str, Any], sections: Sections) -> Gold:
    sentences = items(row, "candidates")
    if not all(isinstance(sentence, str) for sentence in sentences):
        raise InputError('"candidates" is no list of strings; put sentences in quotation marks')
    article = sections.article(text(row, "article"), sentences)
    answering = [_chosen(sentences, position) for position in items(row, "answers")]
    # where no sentence answers, as in SelQA's answer triggering, the question is unanswerable
    return Gold(id, text(row, "question"), (), evidence(article, answering) if answering else (), bool(answering), Filters())


def _chosen(sentences: list[str], position: object) -> str:
    if not isinstance(position, int) or isinstance(position, bool) or not 0 <= position < len(sentences):
        raise InputError(f'"answers" has {position!r:.60}, which is no position among the {len(sentences)} candidates; count them from 0')
    return sentences[position]
