"""kill -9 at random moments of everything that writes: what was acknowledged is there afterwards, and nothing is damaged.

python -m benchmarks.kills [--kills 500] [--copies 100] [--seed 1]

A writer adds, replaces and removes articles, writes and removes notes, gives feedback, copies the archive, restores its own
copy at once, and repairs it. It says what it is about to do and what is done. After each kill the archive is looked through:
each article and note is as the last thing that was done left it, or as what was being done would have. Copies are taken from
outside while the writer works: each thing in one is as it was when the copy was begun, or as something later made it.
"""

import argparse
import logging
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from rag import Archive, Settings, Span, article
from rag.errors import InputError
from rag.feedback import Verdict
from rag.repairing import repair
from rag.store import backup, flaws, restore
from rag.store.database import FILE
from tests.fakes import CommonWords, HashingEncoder
from tests.forks import started

_ARTICLES = 12
# a moment of work after a writer's start, or after the first that it has done, in seconds; and how long that may take
_LONGEST, _PATIENCE = 1.0, 60

_WORDS = [f"word{n}" for n in range(2_000)]

Key = tuple[str, str]


@dataclass(slots=True)
class Killed:
    """What came of the kills: what each broke off, how many changes were done before, and what was wrong."""

    acknowledged: int = 0
    copies: int = 0
    done: Counter[str] = field(default_factory=Counter)
    broken_off: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    if given.write:
        _write(given.write, random.Random(given.seed))
    with tempfile.TemporaryDirectory() as folder:
        found = killed(Path(folder) / "index", given.kills, given.seed, given.copies)
    sys.stdout.write("".join(f"{one}\n" for one in found.wrong))
    sys.stdout.write(f"done: {counts(found.done)}; broken off: {counts(found.broken_off)}\n")
    sys.stdout.write(f"{given.kills} kills, {found.copies} live copies, {found.acknowledged} things acknowledged, {len(found.wrong)} wrong\n")
    return int(bool(found.wrong))


def killed(folder: Path, kills: int, seed: int, copies: int = 0) -> Killed:
    """What came of so many kills, and of as many copies, taken in the last of them."""
    rng, log = random.Random(seed), Log()
    for n in tqdm(range(kills), disable=None):
        program = ["benchmarks.kills", "--write", str(folder), "--seed", str(seed * 10_000 + n)]
        copy = _Copy(folder, folder.parent / f"copy-{n}", rng.uniform(0, _LONGEST)) if log.found.copies < copies and n else None
        # every other moment counts from the first thing that is done, since on a slow machine little is done by any other
        meanwhile = copy.take if copy else _DONE if n % 2 else None
        log.read(run_and_kill(program, rng.uniform(0, _LONGEST), meanwhile), copy)
        log.found.wrong += [f"kill {n}: {flaw}" for flaw in flaws(folder, int)]
        log.check(_there(folder), f"kill {n}")
        for aside in (*folder.glob("damaged-*"), *folder.glob("replaced-*")):
            shutil.rmtree(aside)
    return log.found


class _Copy:
    """A copy that is taken while a writer works, `after` so many seconds, and how many lines the writer had said by then."""

    def __init__(self, folder: Path, place: Path, after: float) -> None:
        self._folder = folder
        self._after = after
        self.place = place
        self.said: int | None = None

    def take(self, lines: Sequence[str]) -> None:
        time.sleep(self._after)
        said = len(lines) - 1
        self.place.mkdir()
        try:
            backup(self._folder, self.place / FILE, int)
        except InputError:
            # there is no archive yet
            return
        self.said = said


class Log:
    """What a writer said: "begin" and "end" of a change, "try" and "done" of a thing, a kind, a name and what it becomes, "-" for nothing.

    One that goes on after an error says "told" for the end of that change, with the error's name.
    """

    def __init__(self) -> None:
        self.found = Killed()
        self._are: dict[Key, str] = {}
        # what may have become of a thing since that was known
        self._tried: defaultdict[Key, set[str]] = defaultdict(set)

    def read(self, lines: Sequence[str], copy: _Copy | None = None) -> None:
        said = [line.split() for line in lines]
        under_way = "open"
        if copy and copy.said is not None:
            self._note(said[: copy.said])
            self._check_copy(copy.place, said[copy.said :])
            self._note(said[copy.said :])
        else:
            self._note(said)
        for what, kind, *_ in said:
            if what == "end":
                self.found.done[kind] += 1
            under_way = kind if what == "begin" else "open" if what in ("end", "told") else under_way
        self.found.broken_off[under_way] += 1

    def check(self, there: Mapping[Key, str], when: str) -> None:
        """That what is there is as the last that was done left it, or as what was begun since would have."""
        for key, becomes in self._are.items():
            now = there.get(key, "-")
            if now not in {becomes} | self._tried[key]:
                self.found.wrong.append(f"{when}: {' '.join(key)} is {now}, not {becomes}")
            # what was being done when the writer was killed may have been done
            self._are[key] = now
        self._tried.clear()

    def _note(self, said: Sequence[Sequence[str]]) -> None:
        for what, kind, name, becomes in said:
            if what == "try":
                self._tried[kind, name].add(becomes)
            elif what == "done":
                self._tried.pop((kind, name), None)
                self._are[kind, name] = becomes
                self.found.acknowledged += 1

    def _check_copy(self, place: Path, later: Sequence[Sequence[str]]) -> None:
        """That a copy has what was acknowledged before it was begun, or what that became later."""
        self.found.copies += 1
        there = _there(place)
        self.found.wrong += [f"{place.name}: {flaw}" for flaw in flaws(place, int)]
        for key, was in self._are.items():
            may = {was} | self._tried[key] | {becomes for _, *thing, becomes in later if tuple(thing) == key}
            now = there.get(key, "-")
            if now not in may:
                self.found.wrong.append(f"{place.name}: {' '.join(key)} is {now}, not {was}")
        shutil.rmtree(place)


def _there(folder: Path) -> Mapping[Key, str]:
    """What an archive has, and that it can be searched."""
    with Archive.open(folder, Settings(), HashingEncoder(), CommonWords()) as archive:
        archive.search("bridge")
        return things(archive)


def things(archive: Archive) -> Mapping[Key, str]:
    """The articles, notes and verdicts that an archive has."""
    there = {("article", one.id): one.title for one in archive.articles()}
    there |= {("note", str(note.number)): note.text for note in archive.notes()}
    return there | {("feedback", one.comment): one.comment for one in archive.feedback()}


def counts(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))


def until(said: Callable[[str], bool]) -> Callable[[Sequence[str]], None]:
    """Waits for a line of a writer, however slow the machine is, but no longer than a minute."""

    def wait(lines: Sequence[str]) -> None:
        ends = time.monotonic() + _PATIENCE
        while not any(map(said, lines)) and time.monotonic() < ends:
            time.sleep(0.001)

    return wait


def run_and_kill(program: Sequence[str], after: float, meanwhile: Callable[[Sequence[str]], object] | None = None) -> list[str]:
    """What a module that first says "started" says then, until it is killed `after` so many seconds.

    What is to be done `meanwhile` is given its lines as they come; the seconds count from then on.
    """
    heard, said = os.pipe()
    with os.fdopen(said, "w") as out:
        writer = started(*program, out=out)
    with os.fdopen(heard) as printed:
        lines = [printed.readline()]
        reading = threading.Thread(target=lambda: lines.extend(printed))
        reading.start()
        try:
            if meanwhile:
                meanwhile(lines)
            time.sleep(after)
            assert writer.is_alive(), f"{program} ended before it was killed"
        finally:
            writer.kill()
            writer.join()
            reading.join()
    assert lines[0] == "started\n", lines
    # a line that the kill cut in two says nothing
    return [line for line in lines[1:] if line.endswith("\n")]


def _write(folder: Path, rng: random.Random) -> None:
    print("started", flush=True)
    while True:
        with Archive.open(folder, Settings(), HashingEncoder(), CommonWords()) as archive:
            for _ in range(6):
                name, change = rng.choice(CHANGES)
                say("begin", name, "-", "-")
                change(archive, rng)
                say("end", name, "-", "-")
        if (folder / "cache").exists():
            name, work = rng.choice(_WORKS)
            say("begin", name, "-", "-")
            work(folder)
            say("end", name, "-", "-")


def say(what: str, kind: str, name: object, becomes: object) -> None:
    print(what, kind, name, becomes, flush=True)


def _add(archive: Archive, rng: random.Random) -> None:
    titles = {f"a{rng.randrange(_ARTICLES)}": f"version-{rng.randrange(10**9)}" for _ in range(4)}
    for id, title in titles.items():
        say("try", "article", id, title)
    made = [article(id, title, text_of(title)) for id, title in titles.items()]
    archive.add(made, progress=lambda _, name: say("done", "article", name, titles[name]))


def text_of(title: str) -> str:
    """That of an article of the title, so that who reads one knows whether it is whole; no two are near-copies."""
    drawn = random.Random(title)
    return "".join(f"The bridge of {title} opened {' '.join(drawn.choices(_WORDS, k=6))}. " for _ in range(drawn.randint(1, 40)))


def _remove(archive: Archive, rng: random.Random) -> None:
    id = f"a{rng.randrange(_ARTICLES)}"
    say("try", "article", id, "-")
    archive.remove([id])
    say("done", "article", id, "-")


def _note(archive: Archive, rng: random.Random) -> None:
    first, there, text = next(archive.articles(), None), archive.notes(), f"note-{rng.randrange(10**9)}"
    if there and rng.random() < 0.3:
        note = archive.answer_note(rng.choice(there).number, text)
    elif first:
        note = archive.write_note(first.id, Span(0, 3), text)
    else:
        return
    say("done", "note", note.number, note.text)


def _unnote(archive: Archive, rng: random.Random) -> None:
    notes = archive.notes()
    if notes:
        number = rng.choice(notes).number
        say("try", "note", number, "-")
        archive.remove_note(number)
        say("done", "note", number, "-")


def _judge(archive: Archive, rng: random.Random) -> None:
    answer = archive.ask("bridge")
    if answer.searched.articles:
        comment = f"comment-{rng.randrange(10**9)}"
        archive.give_feedback(answer, Verdict.MISSING, comment=comment)
        say("done", "feedback", comment, comment)


def _copy(folder: Path) -> None:
    copy = folder.parent / "copy"
    copy.unlink(missing_ok=True)
    backup(folder, copy, int)
    restore(folder, copy, int)


def _repair(folder: Path) -> None:
    repair(folder, Settings(), HashingEncoder(), int)


def _neither(folder: Path) -> None:
    pass


CHANGES: Sequence[tuple[str, Callable[[Archive, random.Random], None]]] = (
    ("add", _add),
    ("add", _add),
    ("remove", _remove),
    ("note", _note),
    ("unnote", _unnote),
    ("judge", _judge),
)
_WORKS: Sequence[tuple[str, Callable[[Path], None]]] = (("copy", _copy), ("repair", _repair), ("neither", _neither))
_DONE = until(lambda line: line.startswith("done"))


if __name__ == "__main__":
    sys.exit(main())
