"""A run and its qrels in TREC's formats, which trec_eval and its kin read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

TAG = "pullquote"
# fields are parted by whitespace, so none may be in an id
_UNFIT = re.compile(r"[\s%]+")


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
