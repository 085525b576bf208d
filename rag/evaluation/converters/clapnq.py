"""CLAPnq (Rosenthal et al. 2024, "CLAPNQ: Cohesive Long-form Answers from Passages in Natural Questions for RAG systems").

JSON Lines of `{"id", "input": question, "passages": [{"title", "text", "sentences"}], "output": [{"answer", "selected_sentences"}]}`.
"""

from itertools import chain
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.evaluation.converters.collection import Collection, Sections, evidence
from rag.evaluation.converters.reading import at, identifier, items, json_lines, keep, opened, optional_text, record, text
from rag.evaluation.gold import Gold
from rag.types import Article, Filters


def read(path: Path) -> Collection:
    """A passage is an article, also one that does not answer. `path` is a file, or a folder whose .jsonl files are read together.

    The answers are people's own sentences and no article's words, so the gold has
    the sentences that they were written from. Raises InputError for what is none of CLAPnq's.
    """
    sections: Sections = Sections("clapnq")
    gold: dict[str, Gold] = {}
    for place, row in chain.from_iterable(map(json_lines, _files(path))):
        with at(place):
            asked = _gold(row, sections)
            keep(gold, asked.id, asked)
    with at(path):
        return Collection(sections.articles(), tuple(gold.values()))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    with opened(path):
        files = sorted(path.glob("*.jsonl"))
    if not files:
        raise InputError(f"{path} has no .jsonl file; name the folder that has, or one file")
    return files


def _gold(row: dict[str, Any], sections: Sections) -> Gold:
    article = _article(row, sections)
    outputs = [record(output) for output in items(row, "output")]
    selected = [sentence for output in outputs for sentence in _selected(output)]
    answered = bool(selected) or any(optional_text(output, "answer") for output in outputs)
    return Gold(identifier(row, "id"), text(row, "input"), (), evidence(article, selected) if answered else (), answered, Filters())


def _article(row: dict[str, Any], sections: Sections) -> Article:
    passages = items(row, "passages")
    if len(passages) != 1:
        raise InputError(f'"passages" has {len(passages)} of them; make it a row for each')
    passage = record(passages[0])
    with at("passages[0]"):
        return sections.article(text(passage, "title"), _strings(passage, "sentences") or [text(passage, "text")])


def _selected(output: dict[str, Any]) -> list[str]:
    return _strings(output, "selected_sentences") if output.get("selected_sentences") is not None else []


def _strings(row: dict[str, Any], name: str) -> list[str]:
    values = items(row, name)
    if not all(isinstance(value, str) for value in values):
        raise InputError(f'"{name}" is no list of strings; put sentences in quotation marks')
    return values
