"""What `pullquote copy` does: opens two archives, copies or compares, and tells what it came to."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.copying.bar import CopyingBar
from rag.copying.comparing import compare
from rag.copying.copying import copy
from rag.copying.report import Flaw, Report
from rag.errors import ArchiveMismatch, InputError
from rag.render import counted, printable
from rag.settings import Settings
from rag.store import Store, open_store, shown

_WAY_OUT = "`pullquote repair` makes an archive that is damaged anew of what is intact; then the same copy goes on"


@dataclass(frozen=True, slots=True)
class Done:
    """What a copy or a comparison came to: for people, whom the `complaints` are told beside it, and as `row` for JSON."""

    text: str
    row: dict[str, Any]
    is_whole: bool
    complaints: tuple[str, ...] = ()


def run(source: str, destination: str, *, only_compare: bool, with_bar: bool) -> Done:
    """Copies or compares, with a bar meanwhile on a terminal.

    Raises InputError for one archive under two names, or one that holds nothing, and what `copy` raises.
    """
    if not (source and destination):
        # a name that a shell left empty would be the working folder
        raise InputError("an archive has no name; name what is copied, and where to")
    names = shown(source), shown(destination)
    if _is_same(*names):
        raise InputError(f"{names[0]} and {names[1]} are one archive; name another place to copy to")
    settings = Settings.from_environment()
    with closing(open_store(source, settings)) as ours, closing(open_store(destination, settings)) as theirs, CopyingBar(shown=with_bar) as bar:
        if only_compare:
            _check_empty(dict(zip(names, (ours, theirs), strict=True)))
            return _compared(compare(ours, theirs, bar), *names)
        try:
            return _copied(copy(ours, theirs, bar), *names)
        except (InputError, ArchiveMismatch) as error:
            raise type(error)(f"{names[0]} cannot be copied to {names[1]}: {error}") from error


def _copied(report: Report, source: str, destination: str) -> Done:
    articles = ", ".join(f"{count:,} {fate}" for fate, count in asdict(report.articles).items())
    beside = ", ".join((counted(report.editions, "earlier text"), counted(report.notes, "note"), counted(report.feedback, "verdict")))
    lines = [f"{source} is copied to {destination}: {articles}; with {beside}"]
    if report.rounds > 1:
        lines.append(f"The source was written to meanwhile: it was gone through {report.rounds} times, and what changed is copied too.")
    if report.is_whole:
        lines.append("All of it was read back, and is what the source holds.")
    else:
        lines.append(f"{len(report.left_out):,} left out, {len(report.differing):,} not as in the source, named above; {_WAY_OUT}.")
    complaints = tuple(flaw.sentence for flaw in (*report.left_out, *report.differing))
    return Done(_printable(lines), {**asdict(report), "whole": report.is_whole}, report.is_whole, complaints)


def _compared(flaws: Sequence[Flaw], source: str, destination: str) -> Done:
    told = f"differ in {counted(len(flaws), 'thing')}" if flaws else "hold the same, all of it read"
    lines = [*(flaw.sentence for flaw in flaws), f"{source} and {destination} {told}"]
    return Done(_printable(lines), {"differing": [asdict(flaw) for flaw in flaws]}, not flaws)


def _printable(lines: Sequence[str]) -> str:
    return "\n".join(map(printable, lines))


def _check_empty(stores: dict[str, Store]) -> None:
    for name, store in stores.items():
        if store.inventory().is_empty:
            raise InputError(f"{name} holds nothing that could be compared; check its name")


def _is_same(source: str, destination: str) -> bool:
    return source == destination or Path(source).resolve() == Path(destination).resolve()
