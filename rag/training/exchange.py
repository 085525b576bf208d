"""A question with a name or year of another put in place of its own, so that its passage no longer answers it."""

import random
import re
from collections.abc import Iterable, Sequence

from rag.training.rows import Row

_YEAR = re.compile(r"\b(?:1[0-9]|20)[0-9]{2}\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")


class Exchange:
    """Knows the names and years that the questions on each title have."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._known: dict[tuple[str, str, bool], list[str]] = {}
        for row in rows:
            for found in _things(row.question):
                known = self._known.setdefault((row.corpus, row.title, _is_year(found)), [])
                if found not in known:
                    known.append(found)

    def exchanged(self, row: Row, rng: random.Random) -> str | None:
        """The row's question with one thing exchanged for another of its kind and title that its passage does not have; None where none is known."""
        own = _things(row.question)
        rng.shuffle(own)
        for thing in own:
            others = [other for other in self._known[row.corpus, row.title, _is_year(thing)] if _strange(other, row)]
            if others:
                return row.question.replace(thing, rng.choice(others), 1)
        return None


def _things(question: str) -> list[str]:
    return [match.group() for pattern in (_YEAR, _NAME) for match in pattern.finditer(question)]


def _is_year(thing: str) -> bool:
    return _YEAR.fullmatch(thing) is not None


def _strange(other: str, row: Row) -> bool:
    """Whether neither question nor passage has a word of it."""
    near: Sequence[str] = (row.question.casefold(), row.context.casefold())
    return not any(word.casefold() in text for word in other.split() for text in near)
