"""What an archive that many machines share costs beside one in a folder: python -m benchmarks.shared_size DATA GOLD.jsonl [--passages 200000]

The articles are those of `benchmarks.many_articles`, the real ones of DATA among them. Passages of real articles have the model's vectors,
all others random ones of length one, which cost as much to search. Both archives are given the same articles, passages and vectors,
batch by batch in turn; then all questions of GOLD are asked of both in turn, and a sample of new articles is added to each through the
encoder. The shared one is kept by Milvus Lite, a Python program that compares a question with all vectors, and by PostgreSQL with
fsync, on the same machine: these are no figures of a Milvus cluster. Ends with 1 where fewer than 99% of the first quotes are the same.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.many_articles import articles
from benchmarks.same_answers import places
from benchmarks.servers import Servers, machine, on_disk, opened, servers
from benchmarks.whole_process import whole_process
from rag import Archive, Article, Settings, article
from rag.encoder import Encoder, sentence_encoder
from rag.errors import ArchiveError
from rag.passages import passages
from rag.reader import span_reader
from rag.store import Entry

_BATCH, _CHARACTERS = 256, 455
_LEAST = 0.99
_MADE = "made-"
# a process of its own, from nothing to an answer
_COLD = """
import sys
from benchmarks.servers import opened
from rag import Settings
from rag.encoder import sentence_encoder
from rag.reader import span_reader
place, question = sys.argv[1:]
with opened(place, sentence_encoder(Settings()), span_reader(Settings())) as archive:
    archive.ask(question)
"""


@dataclass(slots=True)
class Measured:
    """One of the archives: seconds of all its parts, and what its programs have in memory (MiB) and on disk (MB)."""

    archive: Archive
    place: str
    put: float = 0.0
    published: float = 0.0
    added: float = 0.0
    asked: list[float] = field(default_factory=list)
    retrieved: list[float] = field(default_factory=list)
    cold: float = 0.0
    told: dict[str, str] = field(default_factory=dict)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--questions", type=int, default=None)
    parser.add_argument("--sample", type=int, default=1_000, help="passages that are added through the encoder")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    encoder, spans = sentence_encoder(Settings()), span_reader(Settings())
    questions = [json.loads(line)["question"] for line in given.gold.read_text().splitlines()][: given.questions]
    print(machine())
    with servers() as running, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        both = {}
        for name, place in (("folder", str(Path(folder) / "index")), ("shared", running.address("size"))):
            both[name] = Measured(stack.enter_context(opened(place, encoder, spans)), place)
        _fill(both, _entries(given.data, given.passages, encoder), encoder)
        same = _ask(both, questions)
        for one in both.values():
            process = whole_process(_COLD, one.place, questions[0])
            one.cold, one.told["memory of that process"] = process.seconds, f"{process.mebibytes:.0f} MiB"
        _weigh(both, running, Path(folder))
        sample = _add(both, given.data, given.sample)
        _restart(both["shared"], running, questions[0])
        _tell(both, sample, same)
    return int(same < _LEAST)


def _entries(data: Path, count: int, encoder: Encoder) -> Iterator[list[Entry]]:
    """Batches of whole articles with their passages and vectors, until they have so many passages."""
    drawn, batch, held = np.random.default_rng(1), [], 0
    for row in articles(data, count, _CHARACTERS, 1):
        one = _article(row)
        cut = passages(one, Settings())
        if row["id"].startswith(_MADE):
            vectors = drawn.standard_normal((len(cut), encoder.identity.dimension), dtype=np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        else:
            vectors = encoder.encode([passage.indexed_text for passage in cut])
        batch.append(Entry(one, [passage.span for passage in cut], vectors))
        held += len(cut)
        if held >= _BATCH:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _fill(both: Mapping[str, Measured], batches: Iterator[list[Entry]], encoder: Encoder) -> None:
    counted = real = articles = 0
    with ExitStack() as stack:
        writing = {name: stack.enter_context(ExitStack()) for name in both}
        writers = {name: writing[name].enter_context(one.archive._store.writing()) for name, one in both.items()}
        for batch in batches:
            for name, one in both.items():
                begun = time.perf_counter()
                writers[name].put(batch, encoder.identity)
                one.put += time.perf_counter() - begun
            counted += sum(len(entry.spans) for entry in batch)
            articles += len(batch)
            real += sum(not entry.article.id.startswith(_MADE) for entry in batch)
        for name, one in both.items():
            begun = time.perf_counter()
            writing[name].close()
            _searched(one.archive, "lighthouse")
            one.published = time.perf_counter() - begun
            one.told["put, vectors ready"] = f"{counted / one.put:,.0f} passages/s"
    print(f"{counted:,} passages of {articles:,} articles, of which {real:,} are real")


def _searched(archive: Archive, query: str) -> None:
    """Asks until it is answered: Milvus Lite reads all words anew where it was started or written to, which may take longer than is waited for."""
    for _ in range(10):
        try:
            archive.search(query)
        except ArchiveError as error:
            print(error, file=sys.stderr)
        else:
            return
    raise TimeoutError(f"{query} was not answered in ten tries")


def _ask(both: Mapping[str, Measured], questions: Sequence[str]) -> float:
    """The share of questions with the same first quote in both."""
    same = 0
    for question in questions:
        first = []
        for one in both.values():
            begun = time.perf_counter()
            answer = one.archive.ask(question)
            one.asked.append(time.perf_counter() - begun)
            one.retrieved.append(answer.seconds.retrieve)
            first.append(places(answer)[:1])
        same += first[0] == first[1]
    return same / len(questions)


def _add(both: Mapping[str, Measured], data: Path, count: int) -> int:
    """Adds new articles to both through the encoder; gives how many passages they have."""
    sample = [_article(row | {"id": f"sample-{row['id']}"}) for row in articles(data, count, _CHARACTERS, 2) if row["id"].startswith(_MADE)]
    for one in both.values():
        begun = time.perf_counter()
        one.archive.add(sample)
        one.added = time.perf_counter() - begun
    return sum(len(passages(item, Settings())) for item in sample)


def _weigh(both: Mapping[str, Measured], running: Servers, folder: Path) -> None:
    both["folder"].told["on disk"] = f"{on_disk(folder):,.0f} MB"
    both["folder"].told["servers in memory"] = "none"
    engine, database = running.engine, running.database
    both["shared"].told["on disk"] = f"Milvus Lite {engine.megabytes():,.0f} MB, PostgreSQL {database.megabytes():,.0f} MB"
    both["shared"].told["servers in memory"] = f"Milvus Lite {engine.mebibytes():,.0f} MiB, PostgreSQL {database.mebibytes():,.0f} MiB"


def _restart(one: Measured, running: Servers, question: str) -> None:
    running.engine.stop()
    begun = time.perf_counter()
    running.engine.start()
    _searched(one.archive, question)
    one.told["Milvus Lite started anew, until a search was answered"] = f"{time.perf_counter() - begun:.1f} s"


def _tell(both: Mapping[str, Measured], sample: int, same: float) -> None:
    for name, one in both.items():
        asked, retrieved = (np.percentile(times, [50, 95]) * 1000 for times in (one.asked, one.retrieved))
        print(f"{name}:")
        print(f"  from the last put until it was searched: {one.published:.1f} s")
        print(f"  {sample:,} passages added through the encoder: {sample / one.added:.1f} passages/s")
        print(f"  ask, {len(one.asked)} questions: p50 {asked[0]:.0f}, p95 {asked[1]:.0f} ms")
        print(f"    of these the search: p50 {retrieved[0]:.0f}, p95 {retrieved[1]:.0f} ms")
        print(f"  a new process to an answer: {one.cold:.2f} s")
        print("".join(f"  {what}: {told}\n" for what, told in one.told.items()), end="")
    print(f"the same first quote: {same:.4f}")


def _article(row: Mapping[str, str]) -> Article:
    day = row.get("published")
    return article(row["id"], row["title"], row["text"], source=row.get("source"), published=date.fromisoformat(day) if day else None)


if __name__ == "__main__":
    sys.exit(main())
