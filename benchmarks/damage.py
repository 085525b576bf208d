"""What a whole archive says once something in it was changed: as before, or that it is damaged, and never anything else.

python -m benchmarks.damage [--changes 3000] [--seed 1] [--articles seeds]

Changes are single bits, bytes, runs of zeros, cuts, swapped pages and lost files, of the truth and of the caches; and in the
truth's tables values changed to those of other rows, rows swapped, rows lost. After a third of them the caches are lost too, so
that they are made of what is left. After each, everything that can be read of the archive is read, each in turn; what differs
from before without an error that names the damage is wrong.
"""

import argparse
import logging
import random
import shutil
import sqlite3
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from tqdm import tqdm

from rag import Archive, PullquoteError, Settings, Span, article, read_articles
from rag.arrays import Vectors
from rag.encoder import Encoder, sentence_encoder
from rag.feedback import Verdict
from rag.listing import Order, Shelf
from rag.reader import span_reader
from rag.store.caches import FOLDER
from rag.store.database import FILE
from rag.types import Identity, Quote, Status

_PAGE = 4096
_QUERIES = ("overseas police stations", "when did the airport open", "cholera", "miners rescued", "the earthquake's dead")
_TABLES = ("articles", "passages", "meta", "generations", "notes", "feedback", "editions", "originals")

Read = Callable[[Archive], object]
Change = Callable[[Path, random.Random], str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a change did: `unlike` names what was read otherwise than before without a word, `broken` the traceback of a mistake."""

    change: str
    reported: bool
    unlike: Sequence[str]
    broken: str = ""

    @property
    def fate(self) -> str:
        if self.broken:
            return "traceback"
        return "wrong" if self.unlike else "reported" if self.reported else "harmless"


class Remembering:
    """The vectors that an encoder gave once, so that thousands of archives are searched in little time."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    @property
    def identity(self) -> Identity:
        return self._encoder.identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        if len(texts) > 1:
            return self._encoder.encode(texts)
        if texts[0] not in self._known:
            self._known[texts[0]] = self._encoder.encode(texts)
        return self._known[texts[0]]


def reads() -> Mapping[str, Read]:
    """Everything that can be read of an archive, by name."""
    found: dict[str, Read] = {}
    for query in _QUERIES:
        found[f"search {query}"] = lambda archive, query=query: _hits(archive, query)
        found[f"search {query}, late"] = lambda archive, query=query: _hits(archive, query, after=date(2015, 1, 1))
    found |= {
        "answer": _answer,
        "answer, late": lambda archive: _answer(archive, after=date(2015, 1, 1)),
        "articles": lambda archive: list(archive.articles()),
        "originals": lambda archive: [archive.original(article.id) for article in archive.articles()],
        "list": lambda archive: _shelf(archive.shelf(order=Order.TITLE)),
        "list, late": lambda archive: _shelf(archive.shelf(after=date(2015, 1, 1), words="a")),
        "origins": lambda archive: _origins(archive.status()),
        "origins, late": lambda archive: _origins(archive.shelf(after=date(2015, 1, 1), words="a")),
        "counted": lambda archive: archive.counted(before=date(2015, 1, 1)),
        "notes": lambda archive: archive.notes(),
        "feedback": lambda archive: archive.feedback(),
        "editions": lambda archive: archive.editions(),
        "status": _status,
    }
    return found


def _hits(archive: Archive, query: str, after: date | None = None) -> list[tuple[object, float]]:
    return [(hit.passage, hit.score) for hit in archive.search(query, 12, after=after)]


def _shelf(found: Shelf) -> Shelf:
    return replace(found, origins=None)


def _origins(told: Shelf | Status) -> object:
    """How many there are; where a list or a status says that it is not known of each article, it says so."""
    return Partly(()) if told.origins is None else told.origins


def _status(archive: Archive) -> object:
    status = archive.status()
    told = {name: value for name, value in asdict(status).items() if name not in ("caches", "search", "damaged", "origins")}
    return Partly(()) if status.damaged or status.originals is None else told


def _answer(archive: Archive, after: date | None = None) -> object:
    """What an answer shows of whom. One that says whose words it left out is right where all others' are as they were stored."""
    answer = archive.ask(_QUERIES[0], after=after)
    quotes = [*answer.quotes, *answer.near_misses]
    return Partly(quotes) if answer.searched.damaged else (quotes, answer.searched)


@dataclass(frozen=True, slots=True)
class Partly:
    """The quotes of an answer that says that articles are damaged."""

    quotes: Sequence[Quote]

    def is_true_to(self, articles: object) -> bool:
        return isinstance(articles, list) and all(quote.article in articles for quote in self.quotes)


def filled(folder: Path, articles: str, encoder: Encoder) -> None:
    """An archive with articles, some of them replaced and removed, with notes and feedback."""
    with Archive.open(folder, Settings(), encoder) as archive:
        items = list(read_articles(articles))
        archive.add(items)
        ids = [article.id for article in archive.articles()]
        archive.remove(ids[:1])
        archive.add(items)
        archive.add([article(item.id, item.title, f"{item.text} As it was.") for item in items[:3]])
        archive.add(items)
        for id in ids[:3]:
            archive.write_note(id, Span(0, 20), f"a note on {id}")
        archive.give_feedback(archive.ask(_QUERIES[0]), Verdict.MISSING, comment="a comment")


def bit(folder: Path, rng: random.Random) -> str:
    path, data, at = _place(folder, rng)
    data[at] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    return f"a bit of {path.relative_to(folder)} at {at}"


def byte(folder: Path, rng: random.Random) -> str:
    path, data, at = _place(folder, rng)
    data[at] = rng.randrange(256)
    path.write_bytes(data)
    return f"a byte of {path.relative_to(folder)} at {at}"


def header(folder: Path, rng: random.Random) -> str:
    data = bytearray((folder / FILE).read_bytes())
    at = rng.randrange(100)
    data[at] = rng.choice((0, 1, 255, data[at] ^ 1 << rng.randrange(8)))
    (folder / FILE).write_bytes(data)
    return f"the head of {FILE} at {at}: {data[at]}"


def zeros(folder: Path, rng: random.Random) -> str:
    path, data, at = _place(folder, rng)
    length = rng.choice((16, 512, _PAGE))
    start = at // length * length
    data[start : start + length] = bytes(len(data[start : start + length]))
    path.write_bytes(data)
    return f"{length} zeros in {path.relative_to(folder)} at {start}"


def cut(folder: Path, rng: random.Random) -> str:
    path, data, at = _place(folder, rng)
    at = rng.choice((0, at, at // _PAGE * _PAGE))
    path.write_bytes(data[:at])
    return f"{path.relative_to(folder)} cut at {at}"


def lost(folder: Path, rng: random.Random) -> str:
    path, _, _ = _place(folder, rng)
    path.unlink()
    return f"{path.relative_to(folder)} lost"


def pages(folder: Path, rng: random.Random) -> str:
    path = folder / FILE
    data = bytearray(path.read_bytes())
    one, other = (n * _PAGE for n in rng.sample(range(len(data) // _PAGE), 2))
    data[one : one + _PAGE], data[other : other + _PAGE] = data[other : other + _PAGE], data[one : one + _PAGE]
    path.write_bytes(data)
    return f"pages {one // _PAGE} and {other // _PAGE} swapped"


def value(folder: Path, rng: random.Random) -> str:
    """A value of a row made that of another row, or of a bit otherwise."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        table, (one, other) = _rows(db, rng, 2)
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] != "n"]
        column = rng.choice(columns)
        new = db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (other,)).fetchone()[0]
        old = db.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (one,)).fetchone()[0]
        if new == old or rng.random() < 0.5:
            new = _altered(old, rng)
        _try(db, f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, one))
    return f"{table}.{column} of row {one}: {str(old)[:40]!r} made {str(new)[:40]!r}"


def row(folder: Path, rng: random.Random) -> str:
    """A row lost, or two with their keys swapped."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        table, (one, other) = _rows(db, rng, 2)
        if rng.random() < 0.5:
            _try(db, f"DELETE FROM {table} WHERE rowid = ?", (one,))
            return f"row {one} of {table} lost"
        for old, new in ((one, -1), (other, one), (-1, other)):
            _try(db, f"UPDATE {table} SET rowid = ? WHERE rowid = ?", (new, old))
        return f"rows {one} and {other} of {table} swapped"


def _altered(old: object, rng: random.Random) -> object:
    match old:
        case int():
            return rng.choice((old + 1, old - 1, 5_000_000, -1))
        case bytes():
            at = rng.randrange(len(old))
            return old[:at] + bytes([old[at] ^ 1 << rng.randrange(8)]) + old[at + 1 :]
        case str() if old:
            at = rng.randrange(len(old))
            return rng.choice((old[:at] + chr(ord(old[at]) ^ 1) + old[at + 1 :], "2020-01-01", ""))
        case _:
            return "2020-01-01"


def _rows(db: sqlite3.Connection, rng: random.Random, count: int) -> tuple[str, list[int]]:
    db.execute("PRAGMA foreign_keys = OFF")
    while True:
        table = rng.choice(_TABLES)
        found = [n for (n,) in db.execute(f"SELECT rowid FROM {table}")]
        if len(found) >= count:
            return table, rng.sample(found, count)


def _try(db: sqlite3.Connection, sql: str, values: Sequence[object]) -> None:
    # what SQLite does not take a disk would hardly write
    with suppress(sqlite3.IntegrityError):
        db.execute(sql, values)


def _place(folder: Path, rng: random.Random) -> tuple[Path, bytearray, int]:
    """A file, the truth in half of the cases, and a place in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    path = folder / FILE if rng.random() < 0.5 else rng.choice(files)
    data = bytearray(path.read_bytes())
    return path, data, rng.randrange(len(data))


def without_caches(folder: Path, rng: random.Random) -> str:
    """In one of three cases the caches are lost too, unless they are all that tells of an archive."""
    if rng.randrange(3) or not (folder / FILE).exists() or not (folder / FILE).stat().st_size:
        return ""
    shutil.rmtree(folder / FOLDER)
    return ", and the caches lost"


CHANGES: Sequence[Change] = (bit, bit, byte, header, zeros, cut, lost, pages, value, value, row)


def tried(what: str, opened: Callable[[], Archive], before: Mapping[str, object]) -> Found:
    """What is read of an archive after a change to it."""
    reported, unlike = False, []
    try:
        for name, read in reads().items():
            try:
                with opened() as archive:
                    found = read(archive)
                if isinstance(found, Partly):
                    reported = True
                if not (found.is_true_to(before["articles"]) if isinstance(found, Partly) else found == before[name]):
                    unlike.append(name)
            except PullquoteError:
                reported = True
    except Exception:  # noqa: BLE001 - whatever it is, it is counted
        return Found(what, reported, unlike, traceback.format_exc())
    return Found(what, reported, unlike)


def trials(articles: str, count: int, seed: int, encoder: Encoder, work: Path) -> list[Found]:
    remembering, spans = Remembering(encoder), span_reader(Settings())
    filled(work / "whole", articles, remembering)
    with Archive.open(work / "whole", Settings(), remembering, spans) as archive:
        before = {name: read(archive) for name, read in reads().items()}
    rng = random.Random(seed)
    found = []
    for n in tqdm(range(count), disable=None):
        folder = work / f"changed-{n}"
        shutil.copytree(work / "whole", folder)
        what = CHANGES[n % len(CHANGES)](folder, rng) + without_caches(folder, rng)
        found.append(tried(what, partial(Archive.open, folder, Settings(), remembering, spans), before))
        shutil.rmtree(folder, ignore_errors=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", default="seeds")
    given = parser.parse_args()
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory() as work:
        found = trials(given.articles, given.changes, given.seed, sentence_encoder(Settings()), Path(work))
    for one in found:
        if one.fate in ("wrong", "traceback"):
            sys.stdout.write(f"{one.fate}: {one.change}: {', '.join(one.unlike)}\n{one.broken}")
    counts = Counter(one.fate for one in found)
    sys.stdout.write(", ".join(f"{counts[fate]} {fate}" for fate in ("harmless", "reported", "wrong", "traceback")) + f" of {len(found)}\n")
    return int(bool(counts["wrong"] or counts["traceback"]))


if __name__ == "__main__":
    sys.exit(main())
