"""What damaged and hostile documents cost: `python -m benchmarks.bad_documents [--copies 20]`.

Reads so many truncated and so many bit-flipped copies of a document of each format, bombs, and what is nested 100,000 deep, each in a
process of its own as `add` does. Prints how many were read and refused, the most processor time of one and which that was, and the
most memory of a process. Then adds all of them to an archive, twice, and checks that. Ends with 1 where a document takes
more than it may, comes to nothing at all, or the archive is not sound.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rag import Archive, Settings, read_articles
from rag.corpus.readers import Readers
from rag.store import flaws
from rag.types import Refusal
from tests.corpus.bad_documents import BOMBS, DEEPLY_NESTED, damaged
from tests.corpus.samples import SAMPLES
from tests.fakes import CommonWords, HashingEncoder

# what a document may take, and a second in which its reader starts and ends; megabytes of the process
_MOST_SECONDS, _MOST_MEGABYTES = 11.0, 512.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "documents")
        _write(folder, given.copies)
        wrong = _read(folder)
        return int(_added(folder, Path(name, "index")) or wrong)


def _documents(copies: int) -> Iterator[tuple[str, str, bytes]]:
    """The folder, the name and the bytes of each."""
    for own in SAMPLES:
        for number, data in enumerate(damaged(own, copies)):
            yield f"damaged {own.replace('.', ' ')} {number}", f"news{own}", data
    for kind, made in (("nested", DEEPLY_NESTED), ("bomb", BOMBS)):
        for name, data_of in made.items():
            yield kind, name, data_of()


def _write(folder: Path, copies: int) -> None:
    for within, name, data in _documents(copies):
        (folder / within).mkdir(parents=True, exist_ok=True)
        (folder / within / name).write_bytes(data)


def _read(folder: Path) -> bool:
    """Whether a document took too much, or nothing came of it."""
    costs: list[tuple[float, str]] = []
    nothing = read = refused = 0
    with Readers(Settings()) as readers:
        for file in sorted(folder.rglob("*.*")):
            before = _seconds(readers)
            items = list(readers.read(file.read_bytes(), file.name))
            costs.append((_seconds(readers) - before, f"{file.parent.name}/{file.name}"))
            nothing += not items
            refused += all(isinstance(item, Refusal) for item in items)
            read += not all(isinstance(item, Refusal) for item in items)
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    most, which = max(costs)
    print(
        f"{len(costs)} documents: {read} read, {refused} refused, {nothing} neither; at most {most:.1f} s ({which}) and {megabytes:.0f} MB",
        flush=True,
    )
    return nothing > 0 or most > _MOST_SECONDS or megabytes > _MOST_MEGABYTES


def _seconds(readers: Readers) -> float:
    """The processor time so far of this process, of those that ended, and of those that read for it and of their children."""
    seconds = time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    running = readers._process._running
    if running and running.poll() is None:
        stat = Path(f"/proc/{running.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        seconds += sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK")
    return seconds


def _added(folder: Path, index: Path) -> bool:
    """Whether the archive is not sound, or knows less of the documents the second time."""
    with Archive.open(index, Settings(), HashingEncoder(), CommonWords()) as archive:
        first = archive.add(read_articles(folder))
        again = archive.add(read_articles(folder))
        stored = {article.id for article in archive.articles()}
    found = flaws(index, lambda: None)
    print(f"{len(stored):,} articles, {len(first.refused):,} refusals, {len(found)} flaws of the archive; again: {len(again.added)} added")
    return bool(found or again.added) or stored != set(first.added)


if __name__ == "__main__":
    sys.exit(main())
