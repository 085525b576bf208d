"""The files of a finished evaluation, beside its answers.jsonl: the report, and a run and its qrels in TREC's formats."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rag.errors import InputError
from rag.evaluation.comparing import Comparison
from rag.evaluation.evaluation import Evaluation
from rag.evaluation.journal import ANSWERS, read_answers
from rag.evaluation.page import write_page
from rag.render import to_json
from rag.whole_files import WholeFiles

TAG = "pullquote"
# fields are parted by whitespace, so none may be in an id
_UNFIT = re.compile(r"[\s%]+")


def write_output(folder: Path, report: Evaluation, comparison: Comparison | None) -> None:
    """Writes report.json, report.html, run.trec and qrels.trec, all or none. Raises InputError where they cannot be written."""
    answers = folder / ANSWERS
    compared = {"against": comparison.row()} if comparison else {}
    try:
        with WholeFiles(folder) as files:
            files.open("run.trec").writelines(run_lines(read_answers(answers)))
            files.open("qrels.trec").writelines(qrels_lines(read_answers(answers)))
            write_page(report, read_answers(answers), files.open("report.html"), comparison)
            files.open("report.json").write(to_json({**report.whole(), **compared}) + "\n")
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}; choose another --out") from None


def run_lines(answers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """`query Q0 article rank score tag`, of the questions that the qrels have; `answers` are the rows of answers.jsonl."""
    for row in answers:
        if _relevant(row):
            for rank, (article, score) in enumerate(row["ranked"], start=1):
                # nine digits tell any two numbers of single precision apart
                yield f"{name(row['id'])} Q0 {name(article)} {rank} {score:.9g} {TAG}\n"


def qrels_lines(answers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """`query 0 article 1`: the articles of each answerable question's evidence."""
    for row in answers:
        for article in _relevant(row):
            yield f"{name(row['id'])} 0 {name(article)} 1\n"


def name(id: str) -> str:
    """An id with whitespace, and percent signs, percent-encoded."""
    return _UNFIT.sub(lambda found: quote(found[0], safe=""), id)


def _relevant(row: Mapping[str, Any]) -> list[str]:
    gold = row["gold"]
    return list(dict.fromkeys(item["article"] for item in gold["evidence"])) if gold["answerable"] else []
