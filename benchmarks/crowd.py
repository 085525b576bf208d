"""Writers and readers at once on one archive: nobody reads what is wrong, and nothing that was acknowledged is lost.

python -m benchmarks.crowd [--writers 8] [--readers 8] [--minutes 10] [--seed 1]

Half of each are threads that share one open archive, as a server's do; the others are processes of their own, of which a
writer opens the archive for each change, as the command line does. A writer adds, replaces and removes articles of its own,
writes and removes notes on them, gives verdicts, copies the archive and repairs it; after each change it looks whether that is
there. An article's text follows from its title, so that whoever reads one knows whether it is whole; one article stays as it is
and has to be found always. Words are hashed in the model's place.
"""

import argparse
import logging
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rag import Archive, Article, PullquoteError, Settings, Span, article
from rag.feedback import Verdict
from rag.repairing import repair
from rag.store import backup, flaws
from rag.store.database import FILE
from tests.fakes import CommonWords, HashingEncoder

_OWN = 6
_LIGHTHOUSE = "The lighthouse stands. " * 3

Key = tuple[str, str]
Opening = Callable[[], AbstractContextManager[Archive]]


@dataclass(slots=True)
class Seen:
    """What somebody did and how often, the errors that they were told, what was wrong, and what is left of what they wrote."""

    done: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    left: dict[Key, str] = field(default_factory=dict)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        writers, readers, lost = crowded(Path(folder) / "index", given.writers, given.readers, given.minutes * 60, given.seed)
    for name, seen in (("writers", writers), ("readers", readers)):
        sys.stdout.write(f"{name}: {_counts(seen.done)}\n")
        sys.stdout.write(f"{name} were told: {_counts(seen.told) or 'nothing'}\n")
    wrong = [*writers.wrong, *readers.wrong]
    sys.stdout.write("".join(f"{one}\n" for one in (*wrong, *lost)))
    sys.stdout.write(f"{len(writers.left):,} things acknowledged last, {len(wrong)} wrong, {len(lost)} lost\n")
    return int(bool(wrong or lost))


def crowded(folder: Path, writers: int, readers: int, seconds: float, seed: int, least: int = 0) -> tuple[Seen, Seen, list[str]]:
    """What the writers and the readers saw, and what was lost of what was acknowledged; each tries `least` things, however long they take."""
    with _opened(folder) as shared:
        shared.add([article("lighthouse", "A lighthouse", _LIGHTHOUSE)])
        processes = ProcessPoolExecutor(writers + readers, multiprocessing.get_context("spawn"), logging.disable, (logging.WARNING,))
        with ThreadPoolExecutor(writers + readers) as threads, processes as own:

            def started(work: Callable[..., Seen], count: int) -> list[Future[Seen]]:
                given = [(folder, n, seconds, seed, least) for n in range(count)]
                return [own.submit(work, None, *one) if n % 2 else threads.submit(work, shared, *one) for n, one in enumerate(given)]

            writing, reading = started(_write, writers), started(_read, readers)
            wrote, read = _together(writing), _together(reading)
    return wrote, read, flaws(folder, int) + _lost(folder, wrote)


def _lost(folder: Path, wrote: Seen) -> list[str]:
    with _opened(folder) as archive:
        there = {("article", one.id): one.title for one in archive.articles()}
        there |= {("note", str(note.number)): note.text for note in archive.notes()}
        there |= {("verdict", one.comment): one.comment for one in archive.feedback()}
    return [f"{' '.join(key)} is {there.get(key, '-')}, not {was}" for key, was in wrote.left.items() if there.get(key, "-") != was]


def _together(futures: Sequence[Future[Seen]]) -> Seen:
    seen = Seen()
    for one in (future.result() for future in futures):
        seen.done.update(one.done)
        seen.told.update(one.told)
        seen.wrong += one.wrong
        seen.left |= one.left
    return seen


def _write(shared: Archive | None, folder: Path, number: int, seconds: float, seed: int, least: int) -> Seen:
    opening = partial(nullcontext, shared) if shared else partial(_opened, folder)
    writer = _Writer(opening, folder, number, random.Random(seed * 1_000 + number))
    _until(seconds, least, writer.seen, lambda: writer.rng.choice(writer.changes))
    return writer.seen


def _read(shared: Archive | None, folder: Path, number: int, seconds: float, seed: int, least: int) -> Seen:
    rng, seen = random.Random(seed * 1_000 + 500 + number), Seen()
    with nullcontext(shared) if shared else _opened(folder) as archive:
        reader = _Reader(archive, seen)
        _until(seconds, least, seen, lambda: rng.choice(reader.looks))
    return seen


def _until(seconds: float, least: int, seen: Seen, chosen: Callable[[], tuple[str, Callable[[], object]]]) -> None:
    """Does one thing after the other; errors that Pullquote raises on purpose are told, all others are wrong."""
    end, tried = time.monotonic() + seconds, 0
    while time.monotonic() < end or tried < least:
        tried += 1
        name, work = chosen()
        try:
            work()
        except PullquoteError as error:
            seen.told[f"{name}: {type(error).__name__} {_reason(error)}"] += 1
        except Exception:  # noqa: BLE001 - whatever it is, it is wrong
            seen.wrong.append(f"{name}: {traceback.format_exc()}")
        else:
            seen.done[name] += 1


class _Writer:
    """One who changes things of its own, which nobody else changes, and knows how they are."""

    def __init__(self, opening: Opening, folder: Path, number: int, rng: random.Random) -> None:
        self.seen = Seen()
        self.rng = rng
        self._opening = opening
        self._folder = folder
        self._number = number
        self._count = 0
        # what is tried and refused, or done in part, is there or is not
        self.changes: Sequence[tuple[str, Callable[[], None]]] = (
            *[("add", self._add)] * 6,
            *[("remove", self._remove)] * 2,
            *[("note", self._note)] * 3,
            *[("unnote", self._unnote)] * 2,
            *[("judge", self._judge)] * 2,
            ("copy", self._copy),
            ("repair", self._repair),
        )

    def _add(self) -> None:
        made = [_made(id, self._new()) for id in self._ids(self.rng.randint(1, 3))]
        titles = {one.id: one.title for one in made}
        acknowledged: set[str] = set()

        def told(_: object, id: str) -> None:
            acknowledged.add(id)
            self.seen.left["article", id] = titles[id]

        with self._opening() as archive:
            try:
                archive.add(made, progress=told)
            finally:
                self._look(archive, "add", {("article", id): titles[id] for id in titles.keys() - acknowledged})
            for one in made:
                if one.id not in [hit.passage.article.id for hit in archive.search(one.title, 3)]:
                    self.seen.wrong.append(f"{one.id} is {one.title}, and is not found by it")

    def _remove(self) -> None:
        ids = self._ids(1)
        with self._opening() as archive:
            try:
                archive.remove(ids)
                self.seen.left |= {("article", id): "-" for id in ids}
            finally:
                self._look(archive, "remove", {("article", id): "-" for id in ids})

    def _note(self) -> None:
        ids = [name for (kind, name), title in self.seen.left.items() if kind == "article" and title != "-"]
        if ids:
            with self._opening() as archive:
                note = archive.write_note(self.rng.choice(ids), Span(0, 3), self._new())
                self.seen.left["note", str(note.number)] = note.text
                self._look(archive, "note")

    def _unnote(self) -> None:
        numbers = [name for (kind, name), text in self.seen.left.items() if kind == "note" and text != "-"]
        if numbers:
            number = self.rng.choice(numbers)
            with self._opening() as archive:
                if not archive.remove_note(int(number)):
                    self.seen.wrong.append(f"note {number} is not there to be removed")
                self.seen.left["note", number] = "-"
                self._look(archive, "unnote")

    def _judge(self) -> None:
        comment = self._new()
        with self._opening() as archive:
            archive.give_feedback(archive.ask("Where does the lighthouse stand?"), Verdict.MISSING, comment=comment)
            self.seen.left["verdict", comment] = comment

    def _copy(self) -> None:
        place = self._folder.parent / f"copy-{self._number}"
        place.mkdir()
        try:
            backup(self._folder, place / FILE, int)
            with _opened(place) as copy:
                self._look(copy, "copy")
        finally:
            shutil.rmtree(place)

    def _repair(self) -> None:
        aside = repair(self._folder, Settings(), HashingEncoder(), int).aside
        if aside:
            shutil.rmtree(aside)

    def _look(self, archive: Archive, when: str, tried: dict[Key, str] | None = None) -> None:
        """Whether what this writer acknowledged is there; what it only `tried` may be."""
        notes = {str(note.number): note.text for note in archive.notes()}
        for key, was in self.seen.left.items():
            if key[0] == "verdict":
                continue
            found = archive.article(key[1]) if key[0] == "article" else None
            now = notes.get(key[1], "-") if key[0] == "note" else found.title if found else "-"
            if now not in (was, (tried or {}).get(key, was)):
                self.seen.wrong.append(f"writer {self._number} after {when}: {' '.join(key)} is {now}, not {was}")
            self.seen.left[key] = now
        for key in (tried or {}).keys() - self.seen.left.keys():
            found = archive.article(key[1])
            self.seen.left[key] = found.title if found else "-"

    def _ids(self, count: int) -> list[str]:
        return [f"w{self._number}-{n}" for n in self.rng.sample(range(_OWN), count)]

    def _new(self) -> str:
        """A word that nobody else has."""
        self._count += 1
        return f"w{self._number}v{self._count}"


class _Reader:
    """One who looks at everything, and at whether it can be true."""

    def __init__(self, archive: Archive, seen: Seen) -> None:
        self._archive = archive
        self._seen = seen
        self.looks: Sequence[tuple[str, Callable[[], object]]] = (
            ("search", self._search),
            ("find what stays", self._find),
            ("ask", self._ask),
            ("list", self._list),
            ("read all", self._all),
            ("notes", self._notes),
            ("count", self._count),
        )

    def _search(self) -> None:
        for hit in self._archive.search("Which bridge opened?", 20):
            self._whole(hit.passage.article)
            self._true(bool(hit.passage.text) and hit.passage.text in hit.passage.article.text, f"a passage of {hit.passage.article.id}")

    def _find(self) -> None:
        hits = self._archive.search("lighthouse", 1)
        self._true([hit.passage.article.text for hit in hits] == [_LIGHTHOUSE.strip()], f"the lighthouse: {hits}")

    def _ask(self) -> None:
        answer = self._archive.ask("Where does the lighthouse stand?")
        for quote in (*answer.quotes, *answer.near_misses):
            self._whole(quote.article)
            self._true(quote.text == quote.article.text[quote.span.start : quote.span.end], f"a quote of {quote.article.id}")
        self._true(any(quote.article.id == "lighthouse" for quote in (*answer.quotes, *answer.near_misses)), "the answer")

    def _list(self) -> None:
        shelf = self._archive.shelf(limit=1_000)
        ids = [one.id for one in shelf.entries]
        self._true(shelf.total == len(ids) == len(set(ids)) and "lighthouse" in ids, f"the list: {ids}")

    def _all(self) -> None:
        for one in self._archive.articles():
            self._whole(one)

    def _notes(self) -> None:
        for note in self._archive.notes():
            self._true(note.words == "The", f"note {note.number}")
        self._archive.feedback()

    def _count(self) -> None:
        counted = self._archive.counted()
        self._true(0 < counted.articles <= counted.passages, f"the count: {counted}")

    def _whole(self, one: Article) -> None:
        self._true(one.text == (_LIGHTHOUSE.strip() if one.id == "lighthouse" else _made(one.id, one.title).text), f"article {one.id}, {one.title}")

    def _true(self, holds: bool, what: str) -> None:
        if not holds:
            self._seen.wrong.append(f"{what} is not what was written")


def _opened(folder: Path) -> Archive:
    return Archive.open(folder, Settings(), HashingEncoder(), CommonWords())


def _made(id: str, title: str) -> Article:
    return article(id, title, f"The bridge of {title} opened. " * (1 + sum(title.encode()) % 60))


def _reason(error: PullquoteError) -> str:
    """What an error says behind the name of the folder or file."""
    return str(error).partition(" ")[2].partition(";")[0]


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in sorted(counted.items()))


if __name__ == "__main__":
    sys.exit(main())
