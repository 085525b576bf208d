"""What became better and what worse between two runs of the same questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evaluation.evaluation import Evaluation
from rag.evaluation.judged import Judged, columns
from rag.evaluation.measures import MEASURES
from rag.evaluation.uncertainty import Change, change


@dataclass(frozen=True, slots=True)
class Pair:
    """A question in two runs."""

    before: Judged
    now: Judged


@dataclass(frozen=True, slots=True)
class Comparison:
    """Measures by name over the questions that both runs asked; those questions whose fate became better, and worse.

    `unpaired` counts questions of either run that the other did not ask, or asked
    in other words.
    """

    changes: Mapping[str, Change]
    better: Sequence[Pair]
    worse: Sequence[Pair]
    unpaired: int

    def row(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "changes": {name: {"before": one.before, "now": one.now, "p": one.p, "questions": one.questions} for name, one in self.changes.items()},
            "better": [_pair(pair) for pair in self.better],
            "worse": [_pair(pair) for pair in self.worse],
            "unpaired": self.unpaired,
        }


def compare(before: Evaluation, now: Evaluation) -> Comparison:
    """Raises ValueError where no question is in both."""
    earlier = {one.id: one for one in before.questions}
    pairs = [Pair(earlier[one.id], one) for one in now.questions if one.id in earlier and earlier[one.id].question == one.question]
    if not pairs:
        raise ValueError("the two reports have no question in common")
    first, second = columns([pair.before for pair in pairs]), columns([pair.now for pair in pairs])
    told = [measure for measure in MEASURES if all(name in first and name in second for name in measure.figures)]
    changes = {measure.name: change(measure, first, second) for measure in told}
    return Comparison(
        changes={name: one for name, one in changes.items() if one.questions},
        better=[pair for pair in pairs if pair.now.fate.worth > pair.before.fate.worth],
        worse=[pair for pair in pairs if pair.now.fate.worth < pair.before.fate.worth],
        unpaired=len(before.questions) + len(now.questions) - 2 * len(pairs),
    )


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "id": pair.now.id,
        "question": pair.now.question,
        "before": {"fate": pair.before.fate.value, "first": pair.before.first},
        "now": {"fate": pair.now.fate.value, "first": pair.now.first},
    }
