"""A question that was asked and judged: what is kept of it, and what became of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np

from rag.evaluation.judging import Figures
from rag.evaluation.measures import Columns


class Judgement(StrEnum):
    """What became of a gold question."""

    RIGHT = "right"
    LATER = "right, but not first"
    SILENT = "rightly silent"
    MISSED = "silent, though there is an answer"
    WRONG = "answered wrongly"
    UNTOLD = "not told by the gold"

    @property
    def worth(self) -> int:
        """What orders two fates of the same question."""
        return {Judgement.WRONG: 0, Judgement.MISSED: 1, Judgement.LATER: 2}.get(self, 3)


@dataclass(frozen=True, slots=True)
class Judged:
    """`first` is the first quote or near miss that was offered, "" where there was none."""

    id: str
    question: str
    outcome: str
    first: str
    figures: Figures

    @property
    def fate(self) -> Judgement:
        figures = self.figures
        if math.isnan(figures["right"]):
            return Judgement.UNTOLD
        if not figures["answered"]:
            return Judgement.MISSED if figures["answerable"] else Judgement.SILENT
        if figures["right"]:
            return Judgement.RIGHT
        return Judgement.LATER if figures["any_right"] else Judgement.WRONG

    def row(self) -> dict[str, Any]:
        """As it stands in report.json; what is not a number is null there."""
        figures = {name: None if math.isnan(value) else value for name, value in self.figures.items()}
        return {"id": self.id, "question": self.question, "outcome": self.outcome, "fate": self.fate.value, "first": self.first, "figures": figures}

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or AttributeError for what `row` did not make."""
        figures = {name: math.nan if value is None else float(value) for name, value in row["figures"].items()}
        return cls(row["id"], row["question"], row["outcome"], row["first"], figures)


def columns(questions: Sequence[Judged]) -> Columns:
    """The questions' figures by name, [n] each; NaN where a question has none."""
    names = dict.fromkeys(name for one in questions for name in one.figures)
    return {name: np.array([one.figures.get(name, math.nan) for one in questions]) for name in names}
