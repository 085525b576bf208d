"""The questions that the span reader learns from: `train/*/train.jsonl` and `train/*/dev.jsonl` of the data's folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import InputError
from rag.types import Span

# What is openly licensed, and may teach weights that ship; each is how often its questions are taken in one pass over the data.
CORPORA = {
    "squad-dev": 1.0,
    "squad-train-part": 1.0,
    "squadshifts-newwiki": 1.0,
    "squadshifts-reddit": 0.5,
    "qed-dev": 2.0,
    "quotesum-dev": 2.0,
    "fairytaleqa": 0.4,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A question asked of a passage; `answers` are the places in `context` any of which answers, none where it does not."""

    corpus: str
    id: str
    title: str
    context: str
    question: str
    answers: tuple[Span, ...]


def rows(data: Path, split: str) -> list[Row]:
    """The rows of all corpora, "train" or "dev", in a fixed order.

    Raises InputError for a file that is not there and an answer that is not its words.
    """
    return [row for corpus in CORPORA for row in _rows(corpus, data / "train" / corpus / f"{split}.jsonl")]


def _rows(corpus: str, path: Path) -> Iterator[Row]:
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise InputError(f"{path}: the questions cannot be read: {error.strerror}") from None
    for line in lines:
        passage = json.loads(line)
        title = passage["title"].replace("_", " ")
        # a post has no title, only a number
        title = "" if corpus == "squadshifts-reddit" else title
        for question in passage["questions"]:
            spans = {Span(answer["start"], answer["start"] + len(answer["text"])): answer["text"] for answer in question["answers"]}
            for span, text in spans.items():
                if span.of(passage["context"]) != text:
                    raise InputError(f"{path}: the answer {text!r} of question {question['id']!r} is not at {span.start} to {span.end}")
            answers = tuple(spans) if question["answerable"] else ()
            if answers or not question["answerable"]:
                yield Row(corpus, question["id"], title, passage["context"], question["question"].strip(), answers)
