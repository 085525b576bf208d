"""kill -9 at random moments of `pullquote copy`, which is begun again: the copy is in the end what its source is, and nothing is sent twice.

python -m benchmarks.copied [--articles 1000] [--kills 20] [--seed 1]

After half of the kills the source is written to before the copy is begun again: articles are replaced, removed and added,
notes are written, answered and removed. After every kill the destination is checked, and each of its articles is one that
the source has or had. Then a copy is left to end, and all of both is compared.
"""

import argparse
import itertools
import logging
import os
import random
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rag import Settings, article
from rag.copying import Step, copy, reading
from rag.notes import Note
from rag.store import Entry, LocalStore, flaws
from rag.types import Article, Document, Kept, Original, Span
from tests.fakes import HashingEncoder
from tests.forks import started

_ENCODER = HashingEncoder()
# a copy kills itself so many seconds after it told of a batch: on a slow machine whoever heard of that would come too late
_LATEST = 0.03
# so many batches an archive is copied in
_BATCHES = 12


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copy", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    if given.copy:
        _copy(*given.copy)
        return 0
    with tempfile.TemporaryDirectory() as place:
        kills, wrong = copied(Path(place), given.articles, given.kills, given.seed)
    sys.stdout.write("".join(f"{one}\n" for one in wrong))
    sys.stdout.write(f"{given.articles} articles, {kills} kills, {len(wrong)} wrong\n")
    return int(bool(wrong))


def copied(place: Path, articles: int, kills: int, seed: int) -> tuple[int, list[str]]:
    """How many copies were killed before they ended, and what is wrong afterwards."""
    rng, source, destination = random.Random(seed), place / "source", place / "destination"
    with closing(LocalStore(source, Settings())) as store:
        _write(store, rng, range(articles))
        # texts of any time, since a copy may be of an earlier state of its source
        had = _texts(store)
        killed, wrong = 0, []
        left: int | None = None
        for n in range(kills):
            total, done, is_killed = _run(source, destination, max(1, articles // _BATCHES), rng.randrange(5), rng.uniform(0, _LATEST))
            killed += is_killed
            if left is not None and total > left:
                wrong.append(f"kill {n}: {total} articles are sent, of which {left} were left")
            wrong += [f"kill {n}: {flaw}" for flaw in flaws(destination, int)] + [f"kill {n}: {one}" for one in _strange(destination, had)]
            left = total - done
            if rng.random() < 0.5:
                _change(store, rng, articles + n)
                had |= _texts(store)
                left = None
        with closing(LocalStore(destination, Settings())) as there:
            report = copy(store, there)
        wrong += [flaw.sentence for flaw in (*report.left_out, *report.differing)] + flaws(destination, int)
    return killed, wrong


def _run(source: Path, destination: Path, together: int, after: int, seconds: float) -> tuple[int, int, bool]:
    """Copies in a process of its own, killed so many seconds after its `after`-th batch: how many articles it had to copy, how many it told of."""
    heard, said = os.pipe()
    with os.fdopen(said, "w") as out:
        copying = started("benchmarks.copied", "--copy", source, destination, together, after, seconds, out=out)
    total = done = 0
    with os.fdopen(heard) as lines:
        for line in lines:
            # one that the kill cut in two tells nothing
            if line.endswith("\n"):
                done, total = map(int, line.split())
    copying.join()
    return total, done, copying.exitcode != 0


def _copy(source: str, destination: str, together: str, after: str, seconds: str) -> None:
    # few together, so that there are many moments between two commits
    reading._TOGETHER = int(together)
    killing = threading.Timer(float(seconds), os.kill, (os.getpid(), signal.SIGKILL))
    batches = itertools.count()

    def tell(step: Step) -> None:
        if not step.compares:
            print(step.done, step.total, flush=True)
            if next(batches) == int(after):
                killing.start()

    with closing(LocalStore(Path(source), Settings())) as ours, closing(LocalStore(Path(destination), Settings())) as theirs:
        copy(ours, theirs, tell)


def _texts(store: LocalStore) -> set[tuple[str, str]]:
    return {(one.id, one.sha256) for one in store.articles()}


def _strange(destination: Path, had: set[tuple[str, str]]) -> list[str]:
    with closing(LocalStore(destination, Settings(), read_only=True)) as store:
        texts, earlier = _texts(store), {(one.id, one.sha256) for one in store.inventory().editions}
    return [f"{id} has a text that the source never had" for id, _ in texts - had] + [
        f"the text of {id} is an earlier one too" for id, _ in texts & earlier
    ]


def _write(store: LocalStore, rng: random.Random, numbers: Sequence[int]) -> None:
    with store.writing() as writer:
        made = [_made(rng, n) for n in numbers]
        writer.put([_entry(one) for one in made], _ENCODER.identity)
        # some in another text
        writer.put([_entry(_made(rng, n)) for n in numbers if n % 5 == 0], _ENCODER.identity)
        writer.keep([Kept(Document(f"/news/{one.id}.txt", one.sha256, 3), (one.id,), ()) for one in made])
    for one in made[:5]:
        store.add_note(_note(one))


def _change(store: LocalStore, rng: random.Random, new: int) -> None:
    ids = sorted(store.inventory().articles)
    with store.writing() as writer:
        writer.remove(rng.sample(ids, 3))
        writer.put([_entry(_made(rng, n)) for n in (new, *(int(id[1:]) for id in rng.sample(ids, 3)))], _ENCODER.identity)
        # texts that come back
        for edition in rng.sample(store.editions(None), 3):
            writer.put([_entry(replace(edition.article, original=None))], _ENCODER.identity)
    notes = store.notes(None)
    store.remove_note(rng.choice(notes).number)
    store.add_note(replace(notes[-1], number=0, answers=notes[0].number))


def _made(rng: random.Random, n: int) -> Article:
    data = f"The bridge {rng.randrange(10**9)} of {n} opened. ".encode() * rng.randint(1, 9)
    made = article(f"a{n}", f"Title {n}", data.decode(), origin=f"/news/a{n}.txt")
    return replace(made, original=Original(made.sha256, "text", 1, made.text.encode()))


def _entry(made: Article) -> Entry:
    spans = [Span(0, len(made.text) // 2), Span(len(made.text) // 3, len(made.text))]
    return Entry(made, spans, _ENCODER.encode([span.of(made.text) for span in spans]), datetime(2026, 11, 27, tzinfo=UTC))


def _note(made: Article) -> Note:
    return Note(0, made.id, made.sha256, Span(0, 3), made.text[:3], "A note.", datetime(2026, 11, 27, tzinfo=UTC))


if __name__ == "__main__":
    sys.exit(main())
