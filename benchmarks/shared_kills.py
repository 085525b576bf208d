"""kill -9 of who writes to an archive that many machines share, of its Milvus and of its database: what was acknowledged is there, and nothing torn.

python -m benchmarks.shared_kills [--kills 100] [--seed 1]

In two of three rounds a writer adds, replaces and removes articles, writes and removes notes and gives verdicts, in the third an archive
is copied. At a random moment one of the three is killed, the database now and then by an immediate shutdown, which is a crash to it. A
killed server is started again, and who writes goes on by itself; of a killed writer the lease runs out first. After each kill the archive is read:
each article and note is as the last thing that was acknowledged left it, or as what was begun since would have; texts, spans and
vectors of all articles are whole; and each search finds all passages of whole articles and no other. In the end nothing is left in Milvus that the
database does not know. The servers are Milvus Lite and PostgreSQL with fsync. Words are hashed in the model's place.
"""

import argparse
import logging
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from benchmarks.kills import CHANGES, Log, counts, say, text_of, things
from benchmarks.programs import Program, program
from benchmarks.servers import Servers, machine, opened, servers
from benchmarks.torn import MOST, torn
from rag import Archive, Article, PullquoteError, Settings, article
from rag.copying import Step, compare, copy, reading
from rag.passages import passages
from rag.store.opening import open_store
from rag.store.shared import writer as shared_writer
from rag.types import Filters
from tests.fakes import CommonWords, HashingEncoder

_VICTIMS = ("writer", "milvus", "postgresql")
_ARTICLES_TO_COPY, _COPIED_TOGETHER, _LONGEST_WORK, _LONGEST_COPY = 120, 40, 2.0, 3.0
# so long at most until a killed writer's lease has run out
_LEASE_SECONDS = 15.0


@dataclass(slots=True)
class Round:
    """Who was killed in the midst of what, the seconds until writing went on or all that a killed writer had put was searched, and what was wrong."""

    victim: str
    work: str
    back: float = 0.0
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", help=argparse.SUPPRESS)
    parser.add_argument("--copy", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    # what is cleared away is so within a round, and a copy has many steps
    shared_writer._STAYS_SECONDS = 1.0
    reading._TOGETHER = _COPIED_TOGETHER
    if given.write:
        return _write(given.write, random.Random(given.seed))
    if given.copy:
        return _copy(*given.copy)
    print(machine())
    with servers() as running, tempfile.TemporaryDirectory() as folder:
        kills = Kills(running, Path(folder) / "source", given.seed)
        rounds = [kills.round(n) for n in tqdm(range(given.kills), disable=None)]
        wrong = [flaw for one in rounds for flaw in one.wrong] + kills.log.found.wrong + kills.left_over()
    sys.stdout.write("".join(f"{one}\n" for one in wrong))
    for victim in _VICTIMS:
        own = [one for one in rounds if one.victim == victim]
        backs = sorted(one.back for one in own if one.work == "write") or [0.0]
        what = "all searched" if victim == "writer" else "writing again"
        sys.stdout.write(f"{victim:10} killed {len(own):3}: {counts(Counter(one.work for one in own))}; ")
        sys.stdout.write(f"{what} after {backs[len(backs) // 2]:.1f} s (median), {backs[-1]:.1f} s at most\n")
    found = kills.log.found
    sys.stdout.write(f"changes done: {counts(found.done)}; broken off: {counts(found.broken_off)}; {kills.copied} copies brought to their end\n")
    sys.stdout.write(f"{len(rounds)} kills, {found.acknowledged:,} things acknowledged, {len(wrong)} wrong\n")
    return int(bool(wrong))


class Kills:
    def __init__(self, running: Servers, source: Path, seed: int) -> None:
        self.log = Log()
        self.copied = 0
        self._running = running
        self._source = source
        self._seed = seed
        self._rng = random.Random(seed)

    def round(self, number: int) -> Round:
        victim = _VICTIMS[number % len(_VICTIMS)]
        done = Round(victim, "copy" if number // len(_VICTIMS) % 3 == 2 else "write")
        try:
            self.copy_round(done) if done.work == "copy" else self.write_round(done, number)
        except PullquoteError as error:
            done.wrong.append(f"{type(error).__name__} {error}")
        done.wrong = [f"kill {number}, of {victim} in {done.work}: {flaw}" for flaw in done.wrong]
        return done

    def left_over(self) -> list[str]:
        """What Milvus has that the database does not know, once all that may be cleared away is."""
        wrong = []
        shared_writer._STAYS_SECONDS = 0.0
        for collection in ("written", *(f"copy{n}" for n in range(self.copied + 1))):
            store = open_store(self._running.address(collection), Settings())
            with closing(store):
                if store.status().passages:
                    with store.writing():
                        pass
                    with store.reading() as snapshot:
                        known = snapshot.searched(Filters()).passages
                    rows = store._parts.milvus.ask("query", filter="", output_fields=["count(*)"])[0]["count(*)"]
                    if rows != known:
                        wrong.append(f"{collection}: Milvus has {rows} passages in the end, the database {known}")
        return wrong

    def write_round(self, done: Round, number: int) -> None:
        place = self._running.address("written")
        with program("benchmarks.shared_kills", "--write", place, "--seed", str(self._seed * 10_000 + number)) as writer:
            self._kill(done, writer, _LONGEST_WORK)
            if done.victim != "writer":
                begun = time.monotonic()
                done.wrong += writer.goes_on()
                done.back = time.monotonic() - begun
        self.log.read(writer.lines)
        done.wrong += writer.wrong
        with _opened(place) as archive:
            self.log.check(things(archive), f"kill {number}, of {done.victim}")
            done.wrong += torn(archive)
            begun = time.monotonic()
            done.wrong += _all_found(archive)
            if done.victim == "writer":
                done.back = time.monotonic() - begun
            done.wrong += torn(archive)

    def copy_round(self, done: Round) -> None:
        """One that is killed goes on when it is given again; one that came to its end is compared, and another begins."""
        place = self._running.address(f"copy{self.copied}")
        if not self._source.exists():
            with _opened(self._source) as source:
                source.add(_made(f"c{n}", f"copied-{n}") for n in range(_ARTICLES_TO_COPY))
        before = _count(place)
        with program("benchmarks.shared_kills", "--copy", str(self._source), place) as writer:
            self._kill(done, writer, _LONGEST_COPY)
        acknowledged = max((int(line.split()[1]) for line in writer.lines if line.startswith("copied")), default=0)
        self.log.found.acknowledged += acknowledged
        done.wrong += writer.wrong
        with _opened(self._source) as source, _opened(place) as archive:
            done.wrong += torn(archive)
            if _count(place) < before + acknowledged:
                done.wrong.append(f"{_count(place)} articles are in the copy, which had {before}, and then {acknowledged} more")
            source_has = {one.id for one in source.articles()}
            done.wrong += [f"{one.id} is in the copy, and not in its source" for one in archive.articles() if one.id not in source_has]
            if self._rng.random() < 0.5:
                copy(source._store, archive._store)
                done.wrong += [f"copied, {flaw.sentence}" for flaw in compare(source._store, archive._store)]
                done.wrong += torn(archive)
                self.copied += 1

    def _kill(self, done: Round, writer: Program, longest: float) -> None:
        time.sleep(self._rng.uniform(0, longest))
        if done.victim == "writer":
            writer.kill()
            return
        server = self._running.engine if done.victim == "milvus" else self._running.database
        server.kill(signal.SIGQUIT if done.victim == "postgresql" and self._rng.random() < 0.3 else signal.SIGKILL)
        time.sleep(self._rng.uniform(0, 1.0))
        server.start()


def _all_found(archive: Archive) -> list[str]:
    """Waits until what was acknowledged is what is searched: as soon as a killed writer's lease has run out."""
    ends = time.monotonic() + _LEASE_SECONDS
    while True:
        there = {one.id: one.title for one in archive.articles()}
        with archive._store.reading() as snapshot:
            (vector,) = HashingEncoder().encode(["bridge"])
            numbers = snapshot.nearest(vector, MOST, Filters())[0].tolist()
            found = {passage.article.id: passage.article.title for passage in snapshot.passages(numbers).intact.values()}
        if found == there:
            return []
        if time.monotonic() > ends:
            return [f"{len(found)} articles are found {_LEASE_SECONDS:.0f} s after the kill, {len(there)} are there"]
        time.sleep(0.2)


def _write(place: str, rng: random.Random) -> int:
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    with _opened(place) as archive:
        # what cuts articles takes as long to load as many changes take; then it waits for the lease of one who was killed
        passages(_made("loaded", "loaded"), Settings())
        archive.remove(["nobody"])
        print("started", flush=True)
        while not ending.is_set():
            name, change = rng.choice(CHANGES)
            say("begin", name, "-", "-")
            if _tried(lambda: change(archive, rng), name):  # noqa: B023 - it is called at once
                say("end", name, "-", "-")
    return 0


def _tried(change: Callable[[], object], name: str) -> bool:
    """Whether it could be done; what was wrong is said."""
    try:
        change()
    except PullquoteError as error:
        say("told", name, type(error).__name__, "-")
        time.sleep(0.1)
        return False
    return True


def _copy(source: str, place: str) -> int:
    with closing(open_store(source, Settings())) as ours, closing(open_store(place, Settings())) as theirs:
        with theirs.writing():
            pass
        print("started", flush=True)
        try:
            copy(ours, theirs, _say_copied)
        except PullquoteError as error:
            print(f"told {error}", flush=True)
            return 0
        say("end", "copy", "-", "-")
    # who is to be killed may come too late
    signal.pause()
    return 0


def _say_copied(step: Step) -> None:
    if not step.compares:
        print("copied", step.done, flush=True)


def _count(place: str) -> int:
    with _opened(place) as archive:
        return archive.status().articles


def _opened(place: str | Path) -> Archive:
    return opened(place, HashingEncoder(), CommonWords())


def _made(id: str, title: str) -> Article:
    return article(id, title, text_of(title))


if __name__ == "__main__":
    sys.exit(main())
