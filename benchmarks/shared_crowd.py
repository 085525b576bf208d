"""Writers and readers at once on an archive that many machines share: every search and every answer is of one generation.

python -m benchmarks.shared_crowd [--writers 2] [--readers 4] [--minutes 5] [--seed 1]

Each is a process of its own, as on a machine of its own. An article belongs to a group of five, which are added and replaced in one
writing, batch by batch, each time with a number that is counted up, or removed in one: so whoever finds articles of a group finds all
five, each of the same number and whole. Writers take turns; one who is told that another writes tries again. One
article stays as it is and is found always. Whatever else is told or raised is wrong. The servers are Milvus Lite and PostgreSQL
with fsync. Words are hashed in the model's place.
"""

import argparse
import logging
import multiprocessing
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from benchmarks.servers import machine, opened, servers
from rag import Archive, Article, article
from rag.errors import ArchiveLocked
from rag.passages import passages
from rag.types import Filters
from tests.fakes import CommonWords, HashingEncoder

_GROUPS, _SIZE = 8, 5
_LIGHTHOUSE = "The lighthouse stands. " * 3
_MOST = 5_000
# who is told that another writes waits for so long at most
_PAUSE_SECONDS = 0.3

Look = tuple[str, Callable[[], None]]


@dataclass(slots=True)
class Seen:
    """What somebody did and how often, and how long each took; how often a writer had to wait for its turn, and what was wrong."""

    took: dict[str, list[float]] = field(default_factory=dict)
    told: int = 0
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    print(machine())
    with servers() as running:
        writers, readers = crowded(running.address("crowd"), given.writers, given.readers, given.minutes * 60, given.seed)
    for name, seen in (("writers", writers), ("readers", readers)):
        for what, times in sorted(seen.took.items()):
            p50, p95 = np.percentile(times, [50, 95]) * 1000
            print(f"{name} {what:8} {len(times):7,} times, p50 {p50:6.0f} ms, p95 {p95:6.0f} ms")
    wrong = [*writers.wrong, *readers.wrong]
    print("".join(f"{one}\n" for one in wrong), end="")
    print(f"{writers.told:,} times another was writing; {len(wrong)} wrong")
    return int(bool(wrong) or not readers.took or not writers.took)


def crowded(place: str, writers: int, readers: int, seconds: float, seed: int) -> tuple[Seen, Seen]:
    """What the writers and the readers saw of the archive at an address; each does something, however long that takes."""
    with _opened(place) as archive:
        archive.add([article("lighthouse", "A lighthouse", _LIGHTHOUSE)])
    with ProcessPoolExecutor(writers + readers, multiprocessing.get_context("spawn")) as own:
        writing = [own.submit(_write, place, n, seconds, seed) for n in range(writers)]
        reading = [own.submit(_read, place, n, seconds, seed) for n in range(readers)]
        return _together(one.result() for one in writing), _together(one.result() for one in reading)


def _together(seen: Iterable[Seen]) -> Seen:
    together = Seen()
    for one in seen:
        together.told += one.told
        together.wrong += one.wrong
        for what, times in one.took.items():
            together.took.setdefault(what, []).extend(times)
    return together


def _write(place: str, number: int, seconds: float, seed: int) -> Seen:
    rng, seen = random.Random(seed * 1_000 + number), Seen()
    with _warmed(place) as archive:
        writer = _Writer(archive, number, rng)
        _until(seconds, seen, lambda: rng.choice(writer.changes))
    return seen


def _read(place: str, number: int, seconds: float, seed: int) -> Seen:
    rng, seen = random.Random(seed * 1_000 + 500 + number), Seen()
    with _warmed(place) as archive:
        reader = _Reader(archive, rng, seen)
        _until(seconds, seen, lambda: rng.choice(reader.looks))
    return seen


def _until(seconds: float, seen: Seen, chosen: Callable[[], Look]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end or not (seen.took or seen.wrong):
        what, work = chosen()
        begun = time.perf_counter()
        try:
            work()
        except ArchiveLocked:
            seen.told += 1
            time.sleep(random.uniform(0, _PAUSE_SECONDS))
        except Exception:  # noqa: BLE001 - whatever it is, it is wrong
            seen.wrong.append(f"{what}: {traceback.format_exc()}")
        else:
            seen.took.setdefault(what, []).append(time.perf_counter() - begun)


class _Writer:
    def __init__(self, archive: Archive, number: int, rng: random.Random) -> None:
        self._archive = archive
        self._number = number
        self._rng = rng
        self._count = 0
        self.changes: Sequence[Look] = (*[("put", self._put)] * 4, ("remove", self._remove))

    def _put(self) -> None:
        self._count += 1
        group = self._rng.randrange(_GROUPS)
        self._archive.add([_made(group, n, f"{self._number}x{self._count}") for n in range(_SIZE)])

    def _remove(self) -> None:
        group = self._rng.randrange(_GROUPS)
        self._archive.remove([_id(group, n) for n in range(_SIZE)])


class _Reader:
    """One who looks at everything, and at whether it can be of one generation."""

    def __init__(self, archive: Archive, rng: random.Random, seen: Seen) -> None:
        self._archive = archive
        self._rng = rng
        self._seen = seen
        self.looks: Sequence[Look] = (
            ("search", self._search),
            ("search", self._search),
            ("ask", self._ask),
            ("find", self._find),
            ("stays", self._stays),
            ("all", self._all),
        )

    def _search(self) -> None:
        group = self._rng.randrange(_GROUPS)
        self._one_state([hit.passage.article for hit in self._archive.search(f"bridge group{group}", 200)], "search")

    def _ask(self) -> None:
        answer = self._archive.ask(f"Which bridge of group{self._rng.randrange(_GROUPS)} opened?")
        self._true(answer.searched.articles % _SIZE == 1, f"ask: of {answer.searched.articles} articles")
        titles = {quote.article.id: quote.article for quote in (*answer.quotes, *answer.near_misses)}
        for group in range(_GROUPS):
            self._true(len({one.title for id, one in titles.items() if id.startswith(f"group{group}-")}) < 2, f"ask: {titles}")

    def _find(self) -> None:
        found = self._archive.find(f"group{self._rng.randrange(_GROUPS)}", folded=False, limit=100)
        self._true(found.searched.articles % _SIZE == 1, f"find: of {found.searched.articles} articles")

    def _stays(self) -> None:
        found = [hit.passage.article.text for hit in self._archive.search("lighthouse", 1)]
        self._true(found == [_LIGHTHOUSE.strip()], f"the lighthouse: {found}")

    def _all(self) -> None:
        """The passages that either search finds are those that are counted, and those of whole articles."""
        (vector,) = HashingEncoder().encode(["bridge"])
        with self._archive._store.reading() as snapshot:
            counted = snapshot.searched(Filters())
            near = snapshot.nearest(vector, _MOST, Filters())[0].tolist()
            matched = snapshot.matching("bridge lighthouse", _MOST, Filters())[0].tolist()
            articles = [passage.article for passage in snapshot.passages(near).all().values()]
        sizes = (counted.passages, len(near), len(set(matched)), len(articles))
        self._true(len(set(sizes)) == 1, f"all: counted, found by vectors, by words, read: {sizes}")
        self._true(len({one.id for one in articles}) == counted.articles, f"all: {counted.articles} articles counted")
        self._one_state(articles, "all")

    def _one_state(self, articles: Sequence[Article], what: str) -> None:
        """That of each group all are found or none, of one number, and whole."""
        for group in range(_GROUPS):
            own = {one.id: one for one in articles if one.id.startswith(f"group{group}-")}
            titles = sorted({one.title for one in own.values()})
            self._true(len(titles) < 2 and len(own) in (0, _SIZE), f"{what}: of group {group} {len(own)} are found: {titles}")
            for one in own.values():
                self._true(one.text == _text(one.id, one.title), f"{what}: the text of {one.id} is not that of {one.title}")

    def _true(self, holds: bool, what: str) -> None:
        if not holds:
            self._seen.wrong.append(what)


def _opened(place: str) -> Archive:
    return opened(place, HashingEncoder(), CommonWords())


@contextmanager
def _warmed(place: str) -> Iterator[Archive]:
    """One that has loaded what searching and adding need, which takes most of a short run."""
    logging.disable(logging.WARNING)
    with _opened(place) as archive:
        archive.search("lighthouse")
        passages(_made(0, 0, ""), archive.settings)
        yield archive


def _made(group: int, number: int, count: str) -> Article:
    id = _id(group, number)
    return article(id, f"Number {count}", _text(id, f"Number {count}"))


def _id(group: int, number: int) -> str:
    return f"group{group}-{number}"


def _text(id: str, title: str) -> str:
    return (f"The bridge of {id.partition('-')[0]} opened, {title}. " * (5 + 11 * int(id[-1]))).strip()


if __name__ == "__main__":
    sys.exit(main())
