"""kill -9 at random moments of everything that writes: what was acknowledged is there afterwards, and nothing is damaged.

python -m benchmarks.kills [--kills 500] [--seed 1]

A writer adds, replaces and removes articles, writes and removes notes, gives feedback, copies the archive, restores its own
copy at once, and repairs it. It says what it is about to do and what is done. After each kill the archive is looked through:
each article and note is as the last thing that was done left it, or as what was being done would have.
"""

import argparse
import logging
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from rag import Archive, Settings, Span, article
from rag.feedback import Verdict
from rag.repairing import repair
from rag.store import backup, flaws, restore
from tests.fakes import CommonWords, HashingEncoder

_ROOT = Path(__file__).parent.parent
_ARTICLES = 12
# a moment of work after a writer's start, in seconds
_LONGEST = 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    if given.write:
        _write(given.write, random.Random(given.seed))
    with tempfile.TemporaryDirectory() as folder:
        wrong, acknowledged = killed(Path(folder) / "index", given.kills, given.seed)
    sys.stdout.write("".join(f"{one}\n" for one in wrong))
    sys.stdout.write(f"{given.kills} kills, {acknowledged} things acknowledged, {len(wrong)} wrong\n")
    return int(bool(wrong))


def killed(folder: Path, kills: int, seed: int) -> tuple[list[str], int]:
    """What was wrong after so many kills, and how many things had been acknowledged."""
    rng, log, wrong = random.Random(seed), _Log(), []
    for n in tqdm(range(kills), disable=None):
        program = ["benchmarks.kills", "--write", str(folder), "--seed", str(seed * 10_000 + n)]
        log.read(run_and_kill(program, rng.uniform(0, _LONGEST)))
        wrong += [f"kill {n}: {what}" for what in log.wrong(folder)]
    return wrong, log.acknowledged


class _Log:
    """What a writer said: "try" and "done", a kind, a name and what it becomes, "-" for nothing."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self._are: dict[tuple[str, str], str] = {}
        self._tried: dict[tuple[str, str], str] = {}

    def read(self, lines: Sequence[str]) -> None:
        self._tried = {}
        for line in lines:
            what, kind, name, becomes = line.split()
            if what == "try":
                self._tried[kind, name] = becomes
            else:
                self._tried.pop((kind, name), None)
                self._are[kind, name] = becomes
                self.acknowledged += 1

    def wrong(self, folder: Path) -> list[str]:
        found = flaws(folder, int)
        with Archive.open(folder, Settings(), HashingEncoder(), CommonWords()) as archive:
            there = {("article", one.id): one.title for one in archive.articles()}
            there |= {("note", str(note.number)): note.text for note in archive.notes()}
            there |= {("feedback", one.comment): one.comment for one in archive.feedback()}
            archive.search("bridge")
        for key, becomes in self._are.items():
            now = there.get(key, "-")
            if now not in (becomes, self._tried.get(key, becomes)):
                found.append(f"{' '.join(key)} is {now}, not {becomes}")
            # what was being done when the writer was killed may have been done
            self._are[key] = now
        return found


def run_and_kill(program: Sequence[str], after: float) -> list[str]:
    """What a module that first says "started" says then, until it is killed `after` so many seconds."""
    writer = subprocess.Popen([sys.executable, "-m", *program], cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    lines = [writer.stdout.readline()]
    reading = threading.Thread(target=lambda: lines.extend(writer.stdout or ()))
    reading.start()
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    reading.join()
    writer.stdout.close()
    assert lines[0] == "started\n", lines
    # a line that the kill cut in two says nothing
    return [line for line in lines[1:] if line.endswith("\n")]


def _write(folder: Path, rng: random.Random) -> None:
    print("started", flush=True)
    while True:
        with Archive.open(folder, Settings(), HashingEncoder(), CommonWords()) as archive:
            for _ in range(6):
                rng.choice((_add, _add, _remove, _note, _unnote, _judge))(archive, rng)
        rng.choice((_copy, _repair, _neither))(folder)


def _say(what: str, kind: str, name: object, becomes: object) -> None:
    print(what, kind, name, becomes, flush=True)


def _add(archive: Archive, rng: random.Random) -> None:
    titles = {f"a{rng.randrange(_ARTICLES)}": f"version-{rng.randrange(10**9)}" for _ in range(4)}
    for id, title in titles.items():
        _say("try", "article", id, title)
    made = [article(id, title, f"The bridge of {title} opened. " * rng.randint(1, 80)) for id, title in titles.items()]
    archive.add(made, progress=lambda _, name: _say("done", "article", name, titles[name]))


def _remove(archive: Archive, rng: random.Random) -> None:
    id = f"a{rng.randrange(_ARTICLES)}"
    _say("try", "article", id, "-")
    archive.remove([id])
    _say("done", "article", id, "-")


def _note(archive: Archive, rng: random.Random) -> None:
    first = next(archive.articles(), None)
    if first:
        note = archive.write_note(first.id, Span(0, 3), f"note-{rng.randrange(10**9)}")
        _say("done", "note", note.number, note.text)


def _unnote(archive: Archive, rng: random.Random) -> None:
    notes = archive.notes()
    if notes:
        number = rng.choice(notes).number
        _say("try", "note", number, "-")
        archive.remove_note(number)
        _say("done", "note", number, "-")


def _judge(archive: Archive, rng: random.Random) -> None:
    answer = archive.ask("bridge")
    if answer.searched.articles:
        comment = f"comment-{rng.randrange(10**9)}"
        archive.give_feedback(answer, Verdict.MISSING, comment=comment)
        _say("done", "feedback", comment, comment)


def _copy(folder: Path) -> None:
    copy = folder.parent / "copy"
    copy.unlink(missing_ok=True)
    if (folder / "cache").exists():
        backup(folder, copy, int)
        restore(folder, copy, int)


def _repair(folder: Path) -> None:
    if (folder / "cache").exists():
        repair(folder, Settings(), HashingEncoder(), int)


def _neither(folder: Path) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main())
