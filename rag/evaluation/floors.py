"""Values that a run must not fall below: a gold set's regression gate."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rag.errors import InputError
from rag.evaluation.evaluation import Evaluation
from rag.evaluation.measures import MEASURES, Group, Measure

# Another processor's arithmetic can turn a question or two that stood on a knife's edge.
MARGIN_QUESTIONS = 2
# must be 1, on any processor
_EXACT = ("verbatim",)
_MEASURES = {measure.name: measure for measure in MEASURES if measure.group is not Group.LATENCY}


@dataclass(frozen=True, slots=True)
class Floor:
    """A measure's worst allowed value: what was `measured` when it was pinned, less the `margin` (for one where less is better, and it)."""

    measured: float
    margin: float

    def limit(self, measure: Measure) -> float:
        return self.measured - measure.better * self.margin

    def holds(self, measure: Measure, value: float | None) -> bool:
        # a hair's breadth for what the file has rounded
        return value is not None and measure.better * (value - self.limit(measure)) >= -1e-9


@dataclass(frozen=True, slots=True)
class Floors:
    """By measure, for one gold set. Latency has none: speed is not tested."""

    gold: str
    floors: Mapping[str, Floor]

    @classmethod
    def pinned(cls, report: Evaluation, earlier: "Floors | None" = None) -> Self:
        """What the report reached; of the measures that `earlier` has, if there is one.

        The margin is what two questions can move a mean by.
        """
        names = [name for name in report.measures if name in (earlier.floors if earlier else _MEASURES)]
        values = {name: report.measures[name] for name in names}
        floors = {
            name: Floor(round(one.value, 6), 0.0 if name in _EXACT else round(MARGIN_QUESTIONS * _MEASURES[name].reach / one.questions, 6))
            for name, one in values.items()
            if one.value is not None
        }
        return cls(report.about["gold"], floors)

    def check(self, gold: str) -> None:
        """Raises InputError where the floors were pinned on other questions than those of that digest."""
        if gold != self.gold:
            raise InputError("the floors were pinned on other gold questions; pin them anew with --pin, on purpose")

    def broken(self, report: Evaluation) -> list[str]:
        """A sentence for each floor that the report is below."""
        found = []
        for name, floor in self.floors.items():
            value = report.measures[name].value if name in report.measures else None
            measure = _MEASURES[name]
            if not floor.holds(measure, value):
                side, sign = ("below", "-") if measure.better > 0 else ("above", "+")
                shown = "not defined" if value is None else f"{value:.4f}"
                found.append(
                    f"{name} is {shown}, {side} {floor.limit(measure):.4f} ({floor.measured:.4f} when pinned, {sign} {floor.margin:.4f} for noise)"
                )
        return found

    def row(self) -> dict[str, Any]:
        return {
            "gold": self.gold,
            "margin": f"what {MARGIN_QUESTIONS} questions can move; none for verbatim",
            "floors": {name: {"measured": floor.measured, "margin": floor.margin} for name, floor in self.floors.items()},
        }


def read_floors(path: Path) -> Floors:
    """Raises InputError where the file has not the form that `--pin` writes."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        floors = {name: Floor(float(one["measured"]), float(one["margin"])) for name, one in found["floors"].items()}
        unknown = floors.keys() - _MEASURES.keys()
        if unknown:
            raise InputError(f"{path}: no measure that can have a floor is called {', '.join(sorted(unknown))}; they are {', '.join(_MEASURES)}")
        return Floors(str(found["gold"]), floors)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; --pin writes it") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} has not the form of floors: {error!r}; --pin writes it anew") from None
