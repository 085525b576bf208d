"""What `pullquote eval` does: reads all that it is given, asks, compares, holds against floors, and writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.errors import InputError
from rag.evaluation.comparing import Comparison, compare
from rag.evaluation.evaluation import evaluate, sound
from rag.evaluation.floors import Floors, read_floors
from rag.evaluation.gold import read_gold
from rag.evaluation.output import write_output
from rag.evaluation.report import Report, read_report
from rag.evaluation.table import comparison_text, report_text
from rag.render import counted, to_json
from rag.whole_files import WholeFiles


@dataclass(frozen=True, slots=True)
class Request:
    """Which gold, and the files to write to, to compare with, to hold against; `pin` writes the floors instead of holding to them."""

    gold: Path
    out: Path | None = None
    against: Path | None = None
    floors: Path | None = None
    pin: bool = False
    fresh: bool = False
    skip_unsound: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """`failures` are sentences, one for each floor that is broken and for quotes that are not their article's."""

    report: Report
    comparison: Comparison | None
    failures: tuple[str, ...]
    notes: tuple[str, ...]

    def text(self) -> str:
        parts = [report_text(self.report), comparison_text(self.comparison) if self.comparison else "", "\n".join(self.notes)]
        return "\n".join(part for part in parts if part).strip("\n")

    def row(self) -> dict[str, Any]:
        """For JSON."""
        compared = {"against": self.comparison.row()} if self.comparison else {}
        return {**self.report.summary(), **compared, "failures": list(self.failures)}


def run(archive: Archive, request: Request, progress: Callable[[int], object]) -> Result:
    """`progress` is called with the number of questions after each one.

    Raises InputError, before anything is asked, for a file that cannot be used or
    a gold question that does not fit the archive.
    """
    if request.pin and not request.floors:
        raise InputError("--pin needs --floors FLOORS.json, the file to write")
    read = read_gold(request.gold)
    before = read_report(request.against) if request.against else None
    floors = read_floors(request.floors) if request.floors and (request.floors.exists() or not request.pin) else None
    gold, wrong = sound(read, archive, str(request.gold), skip=request.skip_unsound)
    about = {"gold file": request.gold.name, "questions": len(gold), "left out": wrong}
    report = evaluate(archive, gold, request.out, about=about, fresh=request.fresh, progress=lambda: progress(len(gold)))
    comparison = compare(before, report) if before else None
    if request.out:
        write_output(request.out, report, comparison)
    failures = [*_altered(report), *(floors.broken(report) if floors and not request.pin else ())]
    return Result(report, comparison, tuple(failures), tuple(_notes(request, report, floors, wrong)))


def _altered(report: Report) -> list[str]:
    share = report.measures["verbatim"].value
    wrong = [one.id for one in report.questions if one.figures["verbatim_windows"] < one.figures["windows"]]
    return (
        [f"{counted(len(wrong), 'question')} shown words that are not their article's (verbatim {share}): {', '.join(wrong[:10])}"] if wrong else []
    )


def _notes(request: Request, report: Report, floors: Floors | None, wrong: Mapping[str, str]) -> list[str]:
    notes = [f"\n{counted(len(wrong), 'question')} left out: {'; '.join(f'{id}: {fault}' for id, fault in wrong.items())}"] if wrong else []
    if request.out:
        notes.append(f"\nwritten to {request.out}: report.html, report.json, answers.jsonl, run.trec, qrels.trec")
    if request.pin and request.floors:
        pinned = Floors.pinned(report, floors)
        with WholeFiles(request.floors.parent) as files:
            files.open(request.floors.name).write(to_json(pinned.row()) + "\n")
        notes.append(f"\n{counted(len(pinned.floors), 'floor')} pinned in {request.floors}")
        for name, floor in pinned.floors.items():
            if floors and floors.floors[name] != floor:
                notes.append(f"  {name}: {floors.floors[name].measured:.4f} -> {floor.measured:.4f}")
    elif floors:
        notes.append(f"\n{counted(len(floors.floors), 'floor')} held against, each with what two questions can move as margin")
    return notes
