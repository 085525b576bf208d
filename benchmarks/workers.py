"""Adding in one process, and with workers on this machine, in turn: `python -m benchmarks.workers DATA.jsonl [--articles 300] [--workers local:2]`.

Articles and passages a second by the clock, of the first rows of DATA, into an
archive of its own each time, search caches included; the workers are connected
and have their models and readers before. One process encodes with a thread for each
core; each worker has one thread, and the process that writes is there beside
them. On a machine whose cores one process keeps busy, workers can win nothing
but what it waits for.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rag import Archive, Settings
from rag.corpus import read_documents
from rag.models.machine import cores
from rag.workers import Workers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", default="local:2")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, Workers(given.workers, Settings.from_environment()) as workers:
        rows = Path(place, "rows.jsonl")
        with given.data.open() as lines:
            rows.write_text("".join(islice(lines, given.articles)))
        told = f"{cores()} cores here; one process: {cores()} threads encode; {given.workers}: {workers.processors} workers, one thread each"
        sys.stdout.write(f"{told}, and the process that writes\n")
        ratios = list(_rounds(rows, Path(place), workers, given.rounds))
    sys.stdout.write(f"with workers / in one process, passages a second: {', '.join(f'{one:.2f}' for one in ratios)}; ")
    sys.stdout.write(f"median {statistics.median(ratios):.2f}\n")


def _rounds(rows: Path, place: Path, workers: Workers, rounds: int) -> Iterator[float]:
    """How many times as fast workers are, round by round; what loads when it is first used is loaded before."""
    warm = place / "warm.jsonl"
    warm.write_text("".join(rows.read_text().splitlines(keepends=True)[: 40 * workers.processors]))
    for number in range(-1, rounds):
        alone, together = (
            _rate(rows if number >= 0 else warm, place / f"{number} {name}", its) for name, its in (("alone", None), ("with", workers))
        )
        if number >= 0:
            sys.stdout.write(f"round {number + 1}: in one process {_shown(alone)}; with workers {_shown(together)}\n")
            yield together[1] / alone[1]


def _rate(rows: Path, index: Path, workers: Workers | None) -> tuple[float, float]:
    """Articles and passages a second."""
    with Archive.open(index) as archive:
        begun = time.perf_counter()
        report = archive.add(read_documents(rows, known=archive.kept, workers=workers), workers=workers)
        seconds = time.perf_counter() - begun
        return len(report.added) / seconds, archive.status().passages / seconds


def _shown(rate: tuple[float, float]) -> str:
    return f"{rate[0]:,.1f} articles and {rate[1]:,.0f} passages a second"


if __name__ == "__main__":
    main()
