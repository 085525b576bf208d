"""A finished evaluation, and its report.json."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.evaluation.judged import Judged, columns
from rag.evaluation.measures import MEASURES
from rag.evaluation.uncertainty import Estimate, estimate

FORMAT = "pullquote evaluation 1"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`about` is what was asked of what; `measures` are by name, in the order of MEASURES; `questions` in the order of the gold."""

    about: Mapping[str, Any]
    measures: Mapping[str, Estimate]
    questions: Sequence[Judged]

    @classmethod
    def of(cls, about: Mapping[str, Any], questions: Sequence[Judged]) -> "Evaluation":
        told = columns(questions)
        found = {measure.name: estimate(measure, told) for measure in MEASURES if all(name in told for name in measure.figures)}
        return cls(about, {name: one for name, one in found.items() if one.questions}, questions)

    def summary(self) -> dict[str, Any]:
        """All but the questions, for JSON."""
        return {"format": FORMAT, "about": dict(self.about), "measures": {name: asdict(one) for name, one in self.measures.items()}}

    def whole(self) -> dict[str, Any]:
        """report.json."""
        return {**self.summary(), "questions": [one.row() for one in self.questions]}


def read_report(path: Path) -> Evaluation:
    """Raises InputError where the file is no report, or of another version."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise InputError(f"{path} is no report of this version ({FORMAT}); give the report.json that `eval --out` wrote")
        measures = {name: Estimate(**one) for name, one in found["measures"].items()}
        return Evaluation(found["about"], measures, [Judged.of_row(row) for row in found["questions"]])
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; give the report.json that `eval --out` wrote") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is no whole report: {error!r}; give the report.json that `eval --out` wrote") from None
