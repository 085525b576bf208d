"""A gold set and an archive into a report, and into the files beside it."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.archive import Archive
from rag.errors import InputError
from rag.evaluation.asking import ask_all
from rag.evaluation.gold import Gold, listed
from rag.evaluation.journal import Journal
from rag.evaluation.provenance import machine, run_of
from rag.evaluation.report import Evaluation
from rag.evaluation.soundness import unsound


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
