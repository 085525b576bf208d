"""What an archive costs as it grows: `python -m benchmarks.size ARCHIVE GOLD.jsonl [--add ROWS.jsonl] [--sizes N…]`.

ARCHIVE is a large one; the rows that `benchmarks.many_articles` makes are added to it
before, and where that was interrupted, it goes on. For each size its first articles, with their vectors as
they are, are put into an archive of their own; the last line is ARCHIVE itself,
whose caches are built anew. Prints for each how long its caches take to build, what it has on
disk, a new process to an answer and to the status, `ask` in one process, recall@40 of the search by vectors
against all vectors compared, and how long it takes to add one more article, which
is removed again, and to find it. Every time is wall clock. `--recall` has more
questions, of which 200 are drawn.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from rag import Answer, Archive, Settings, article, read_articles
from rag.arrays import Numbers, Vectors
from rag.encoder import sentence_encoder
from rag.store import Entry, LocalStore
from rag.store.caches import FOLDER, Caches
from rag.types import Filters

_RECALL_AT, _BLOCK = 40, 50_000
_OF_OTHERS = 200
# a new process: what a command does, with settings that no command has
_COLD = """
import sys
from rag import Archive, Settings
folder, passage_chars, overlap_chars, question = sys.argv[1:]
with Archive.open(folder, Settings(passage_chars=int(passage_chars), overlap_chars=int(overlap_chars))) as archive:
    archive.ask(question) if question else archive.status()
found = dict(line.split(":") for line in open("/proc/self/status") if line.startswith(("VmHWM", "RssAnon")))
print(*(int(found[name].split()[0]) // 1024 for name in ("VmHWM", "RssAnon")))
"""
_ADDED = "The lighthouse of Quillmoor was lit for the first time in 1874, and its keeper wrote down every ship that passed."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--add", type=Path)
    parser.add_argument("--recall", type=Path, nargs="*", default=[], help="gold questions of others, for recall alone")
    parser.add_argument("--questions", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=3, help="of each new process")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--passage-chars", type=int, default=Settings().passage_chars)
    parser.add_argument("--overlap-chars", type=int, default=Settings().overlap_chars)
    given = parser.parse_args()
    settings = Settings(passage_chars=given.passage_chars, overlap_chars=given.overlap_chars)
    questions = _questions(given.gold)[: given.questions]
    if given.add:
        with Archive.open(given.archive, settings) as archive:
            archive.add(read_articles(given.add))
    with tempfile.TemporaryDirectory() as folder:
        for size in given.sizes:
            part = Path(folder) / str(size)
            _put_first(given.archive, part, size, settings)
            measure(part, settings, questions, given.rounds)
            shutil.rmtree(part)
    measure(given.archive, settings, questions, given.rounds)
    for gold in given.recall:
        drawn = _questions(gold)
        random.Random(1).shuffle(drawn)
        print(f"  questions of {gold}:")
        recall(given.archive, sentence_encoder(settings).encode(drawn[:_OF_OTHERS]))


def _questions(gold: Path) -> list[str]:
    return [json.loads(line)["question"] for line in gold.read_text().splitlines()]


def measure(folder: Path, settings: Settings, questions: Sequence[str], rounds: int) -> None:
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    with Archive.open(folder, settings) as archive:
        started = time.perf_counter()
        held = archive.status()
        print(f"{held.passages} passages, {held.articles} articles: caches built in {time.perf_counter() - started:.1f} s, search {held.search}")
    print(f"  on disk: articles {_megabytes(folder / 'archive.sqlite')} MB, caches {_megabytes(folder / FOLDER)} MB")
    for what, question in (("an answer", questions[0]), ("the status", "")):
        print(f"  a new process to {what}: {_cold(folder, settings, question, rounds)}")
    with Archive.open(folder, settings) as archive:
        started = time.perf_counter()
        archive.ask(questions[0])
        print(f"  first answer of a new process that has the models: {time.perf_counter() - started:.2f} s")
        ask(archive, questions)
        recall(folder, sentence_encoder(settings).encode(questions))
        add_one(archive)


def ask(archive: Archive, questions: Sequence[str]) -> None:
    times, steps = [], []
    for question in questions:
        started = time.perf_counter()
        steps.append(archive.ask(question).seconds)
        times.append(time.perf_counter() - started)
    p50, p95, p99 = np.percentile(times, [50, 95, 99]) * 1000
    retrieved = np.percentile([step.retrieve for step in steps], [50, 95]) * 1000
    print(
        f"  ask, {len(times)} questions: p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms; "
        f"of these the search {retrieved[0]:.1f} and {retrieved[1]:.1f}"
    )


def recall(folder: Path, asked: Vectors) -> None:
    caches = Caches.load(folder / FOLDER)
    exact = _nearest_of_all(caches, asked)
    started = time.perf_counter()
    found = [caches.segments.nearest(vector, Settings().candidates, Filters())[0][:_RECALL_AT] for vector in asked]
    took = (time.perf_counter() - started) / len(asked) * 1000
    shares = [len(np.intersect1d(one, other)) / len(other) for one, other in zip(found, exact, strict=True)]
    print(f"  recall@{_RECALL_AT} of the search by vectors: mean {np.mean(shares):.4f}, least {min(shares):.3f}; {took:.1f} ms each")


def add_one(archive: Archive) -> None:
    one = article(id="size-one-more", title="The lighthouse", text=_ADDED)
    times = []
    for act in (lambda: archive.add([one]), lambda: archive.ask("When was the lighthouse of Quillmoor lit?"), lambda: archive.remove([one.id])):
        started = time.perf_counter()
        done = act()
        times.append(time.perf_counter() - started)
        if isinstance(done, Answer):
            assert done.quotes[0].article.id == one.id
    print(f"  one more article: added in {times[0]:.2f} s, found in {times[1]:.2f}, removed in {times[2]:.2f}")


def _nearest_of_all(caches: Caches, asked: Vectors) -> list[Numbers]:
    """The numbers of the nearest passages to each vector, all compared."""
    scores, numbers = (np.zeros((len(asked), 0), dtype) for dtype in (np.float32, np.int64))
    for segment in caches.stored.values():
        for start in range(0, segment.vectors.size, _BLOCK):
            positions = np.arange(start, min(start + _BLOCK, segment.vectors.size))
            scores = np.concatenate([scores, asked @ segment.vectors.vectors(positions).T], axis=1)
            block = np.broadcast_to(segment.facets.passages[positions], (len(asked), len(positions)))
            numbers = np.concatenate([numbers, block], axis=1)
            best = np.argsort(-scores, axis=1)[:, :_RECALL_AT]
            scores, numbers = (np.take_along_axis(array, best, axis=1) for array in (scores, numbers))
    return list(numbers)


def _put_first(big: Path, folder: Path, size: int, settings: Settings) -> None:
    """Puts the first articles of `big` into a new archive, until they have `size` passages; their vectors are those that they have."""
    source, target = LocalStore(big, settings, read_only=True), LocalStore(folder, settings)
    identity = source.status().model
    with target.writing() as writer:
        held = 0
        for entries in _batches(source):
            writer.put(entries, identity)
            held += sum(len(entry.spans) for entry in entries)
            if held >= size:
                break
    source.close()
    target.close()


def _batches(source: LocalStore) -> Iterator[list[Entry]]:
    batch = []
    for held in source.articles():
        with source.reading() as snapshot:
            batch.append(snapshot.entries([held.id]).all()[held.id])
        if len(batch) == 20:
            yield batch
            batch = []
    yield batch


def _cold(folder: Path, settings: Settings, question: str, rounds: int) -> str:
    arguments = [str(folder), str(settings.passage_chars), str(settings.overlap_chars), question]
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", _COLD, *arguments], capture_output=True, text=True, check=True)
        times.append(time.perf_counter() - started)
    most, own = done.stdout.split()
    return f"{median(times):.2f} s, at most {most} MiB in memory, of which {own} MiB are no mapped files"


def _megabytes(path: Path) -> str:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return f"{sum(file.stat().st_size for file in files) / 1e6:,.0f}"


if __name__ == "__main__":
    main()
