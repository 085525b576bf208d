"""How often the differences shown are ones, on the hand-made cases and the labelled pairs of news, with each rule and without it.

python -m benchmarks.differences          # the second set needs ../shared/data, which does not ship
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from typing import Any
from unittest.mock import patch

from rag.differences import Standing
from rag.question import parse
from rag.types import Quote
from tests import test_compare

NAMED = ("Who", "Where")
Pair = tuple[str, list[Quote], list[str] | bool]


def _never(*_: Any) -> bool:
    return False


def _all_facts(*_: Any) -> Standing:
    return Standing.FACT | Standing.PLAN


_CLAIMS, _DIFFERENCES = "rag.differences.claims", "rag.differences.differences"
# What stands in a rule's place when it is left out: in these modules, under this name, that.
WITHOUT: dict[str, tuple[tuple[str, ...], str, Any]] = {
    "the question's names beside the answer": ((_CLAIMS,), "_NAMED", 0),
    "America needs no naming": (("rag.english.names",), "_AMERICA", re.compile("(?!)")),
    "names in common where the question has none": ((_DIFFERENCES,), "_unrelated", _never),
    "names unknown to the other article": ((_DIFFERENCES,), "_elsewhere", _never),
    "months and years": ((_CLAIMS, _DIFFERENCES), "apart", _never),
    "former holders": ((_CLAIMS,), "_FORMER", frozenset()),
    "one holder of a post": (("rag.question",), "_WHO_HOLDS", re.compile("who", re.IGNORECASE)),
    "names at all": (("rag.question",), "_WHO_HOLDS", re.compile("(?!)")),
    "days to come": ((_CLAIMS, _DIFFERENCES), "to_come", _never),
    "facts, plans, denials": ((_CLAIMS,), "standing", _all_facts),
}


def made() -> Iterator[Pair]:
    for case in test_compare.CASES:
        yield case["question"], test_compare.quotes_of(case), case["values"]


def unseen() -> Iterator[Pair]:
    yield from test_compare.pairs() if test_compare.NEWS.is_file() else ()


def score(pairs: list[Pair]) -> str:
    """Right of shown, and of those that are there."""
    found = [(test_compare.values(question, quotes), label) for question, quotes, label in pairs]
    shown, there = sum(bool(values) for values, _ in found), sum(bool(label) for _, label in found)
    right = sum(bool(values) and (label is True or values == label) for values, label in found)
    return f"{right:4} right of {shown:3} shown and {there:3} there" if found else "not here"


def _print(name: str, sets: list[list[Pair]]) -> None:
    print(f"{name:55}", *map(score, sets), sep="   ", flush=True)


def main() -> None:
    sets = [list(made()), list(unseen())]
    _print("as it is", sets)
    _print("  of who and where", [[pair for pair in pairs if pair[0].startswith(NAMED)] for pairs in sets])
    _print("  of numbers and days", [[pair for pair in pairs if not pair[0].startswith(NAMED)] for pairs in sets])
    for rule, (modules, name, instead) in WITHOUT.items():
        with ExitStack() as left_out:
            for module in modules:
                left_out.enter_context(patch.object(import_module(module), name, instead))
            parse.cache_clear()
            _print(f"without: {rule}", sets)
    parse.cache_clear()


if __name__ == "__main__":
    main()
