"""What `pullquote eval` does: reads all that it is given, asks, compares, holds against floors, and writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.errors import InputError
from rag.evaluation.comparing import Comparison, compare
from rag.evaluation.evaluation import Evaluation, evaluate, read_report, sound
from rag.evaluation.floors import Floors, read_floors
from rag.evaluation.gold import read_gold
from rag.evaluation.output import write_output
from rag.evaluation.provenance import gold_sha256
from rag.evaluation.table import comparison_text, report_text
from rag.render import counted, printable, to_json
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
    """`failures` are sentences, one for each floor that is broken and one for quotes that are not their article's; `notes` are lines."""

    report: Evaluation
    comparison: Comparison | None
    failures: tuple[str, ...]
    notes: tuple[str, ...]

    def text(self) -> str:
        compared = [comparison_text(self.comparison)] if self.comparison else []
        return "\n".join([report_text(self.report), *compared, *map(printable, self.notes)]).strip("\n")

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
    if before and not {(one.id, one.question) for one in before.questions} & {(row.id, row.question) for row in gold}:
        raise InputError(f"{request.against} has none of the questions of {request.gold}: compare runs of the same gold set")
    if floors and not request.pin:
        floors.check(gold_sha256(gold))
    about = {"gold file": request.gold.name, "questions": len(gold), "left out": wrong}
    report = evaluate(archive, gold, request.out, about=about, fresh=request.fresh, progress=lambda: progress(len(gold)))
    comparison = compare(before, report) if before else None
    notes = _left_out(wrong)
    if request.out:
        write_output(request.out, report, comparison)
        notes += ["", f"written to {request.out}: report.html, report.json, answers.jsonl, run.trec, qrels.trec"]
    failures = _altered(report)
    if request.pin and request.floors:
        notes += _pin(request.floors, report, floors)
    elif floors:
        failures += floors.broken(report)
        notes += ["", f"held against {counted(len(floors.floors), 'floor')}, each with what two questions can move as margin"]
    return Result(report, comparison, tuple(failures), tuple(notes))


def _altered(report: Evaluation) -> list[str]:
    wrong = [one.id for one in report.questions if one.figures["verbatim_windows"] < one.figures["windows"]]
    return [f"{counted(len(wrong), 'question')} shown words that are not their article's: {', '.join(wrong[:10])}"] if wrong else []


def _left_out(wrong: Mapping[str, str]) -> list[str]:
    return ["", f"{counted(len(wrong), 'question')} left out", *(f"  {id}: {fault}" for id, fault in wrong.items())] if wrong else []


def _pin(path: Path, report: Evaluation, earlier: Floors | None) -> list[str]:
    """Writes what the report reached, and says what that changes."""
    pinned = Floors.pinned(report, earlier)
    with WholeFiles(path.parent) as files:
        files.open(path.name).write(to_json(pinned.row()) + "\n")
    before = earlier.floors if earlier else {}
    moved = [
        f"  {name}: {before[name].measured:.4f} -> {floor.measured:.4f}" for name, floor in pinned.floors.items() if before.get(name, floor) != floor
    ]
    return ["", f"{counted(len(pinned.floors), 'floor')} pinned in {path}", *moved]
