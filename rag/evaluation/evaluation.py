"""An evaluation: whether the gold fits the archive, the asking, and what comes of it, with its report.json."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.corpus import canonical
from rag.errors import InputError
from rag.evaluation.asking import ask_all
from rag.evaluation.gold import Gold, listed
from rag.evaluation.journal import Journal
from rag.evaluation.judged import Judged, columns
from rag.evaluation.measures import MEASURES
from rag.evaluation.provenance import machine, run_of
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


def unsound(gold: Sequence[Gold], archive: Archive) -> dict[str, str]:
    """Of the questions whose evidence the archive has not, by id: the first thing that is wrong.

    Every article of the evidence has to be there, with the quote, where one is
    given, in its text character for character (both in canonical form).
    """
    texts = _Texts(archive)
    found = ((row.id, next(_faults(row, texts), None)) for row in gold)
    return {id: fault for id, fault in found if fault}


class _Texts:
    """The article looked at last is kept: gold questions on one article mostly stand together."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._last: tuple[str, str | None] = ("", None)

    def of(self, id: str) -> str | None:
        if self._last[0] != id:
            article = self._archive.article(id)
            self._last = (id, article.text if article else None)
        return self._last[1]


def _faults(row: Gold, texts: _Texts) -> Iterator[str]:
    for evidence in row.evidence:
        text = texts.of(evidence.article)
        if text is None:
            yield f"no article has the id {evidence.article!r}"
        elif evidence.quote is not None and canonical(evidence.quote) not in text:
            yield f"the quote {evidence.quote[:60]!r} is not in the article {evidence.article!r}"


def sound(gold: Sequence[Gold], archive: Archive, name: str, *, skip: bool = False) -> tuple[list[Gold], dict[str, str]]:
    """The questions whose evidence the archive has, and what is wrong with the others, by id.

    Raises InputError, which names each line of the others, unless they are to be
    skipped, and where nothing is left or the archive is empty.
    """
    if not archive.status().articles:
        raise InputError("the archive is empty; add the articles that the questions are about, or name another archive with --index")
    wrong = unsound(gold, archive)
    kept = [row for row in gold if row.id not in wrong]
    faults = [f"{name}:{row.line} {row.id}: {wrong[row.id]}" for row in gold if row.id in wrong]
    if not kept:
        raise InputError(*listed(faults), f"no question of {name} fits the archive; add its articles, or name another archive with --index")
    if faults and not skip:
        raise InputError(
            *listed(faults), f"{len(faults)} of {len(gold)} questions do not fit the archive: mend them, or leave them out with --skip-unsound"
        )
    return kept, wrong


def evaluate(
    archive: Archive,
    gold: Sequence[Gold],
    folder: Path | None = None,
    *,
    about: Mapping[str, Any] | None = None,
    fresh: bool = False,
    progress: Callable[[], object] = lambda: None,
) -> Evaluation:
    """Asks every question of the archive and measures the answers.

    With a `folder`, `answers.jsonl` is left there: the questions with their figures
    and answers. A run that was interrupted goes on where it was, unless it is to
    begin `fresh`. `about` joins what the report says of itself. Raises InputError
    as Journal and `ask_all` do.
    """
    run = run_of(archive, gold)
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pullquote-eval-")))
        journal = stack.enter_context(Journal(place, run, fresh=fresh))
        started = _now()
        judged = ask_all(archive, gold, journal, progress)
        journal.finish()
        told = {**(about or {}), **run, "machine": machine(), "started": started, "ended": _now(), "resumed": journal.resumed}
        return Evaluation.of(told, judged)


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
