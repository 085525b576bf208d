"""kill -9 at random moments of an `add` of a folder, which is given again: the archive is in the end that of an undisturbed run.

python -m benchmarks.resumed [--files 1000] [--kills 20] [--seed 1]

The folder has text, Markdown, web pages, mails, tables, JSON Lines, ZIP archives, files with the same article and files that
are refused. A run is killed as it begins to read some file, or a moment later; after the last kill one is left to end.
Then every row of every table is compared, all of the archive is checked, and a further run may read nothing.
"""

import argparse
import io
import logging
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from rag import Archive, Settings
from rag.corpus import read_documents
from rag.store import flaws
from rag.store.database import FILE
from rag.types import Document
from tests.fakes import CommonWords, HashingEncoder

_ROOT = Path(__file__).parent.parent
# a commit begins as so many passages are read; some moments are within one
_LATEST = 0.3
# what differs between any two archives
_OWN = ("generations", "meta", "sqlite_sequence")
# and of an article's row: when it came in, and the seal that this is part of, which `flaws` checks
_OWN_COLUMNS = ("arrived", "seal")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    if given.write:
        _write(*given.write)
        return 0
    with tempfile.TemporaryDirectory() as place:
        done, wrong = resumed(Path(place), given.files, given.kills, given.seed)
    sys.stdout.write("".join(f"{one}\n" for one in wrong))
    sys.stdout.write(f"{given.files} files, {done} kills, {len(wrong)} wrong\n")
    return int(bool(wrong))


def resumed(place: Path, files: int, kills: int, seed: int) -> tuple[int, list[str]]:
    """How many runs were killed before they ended, and what is wrong afterwards."""
    rng, folder = random.Random(seed), place / "folder"
    make(folder, files, rng)
    _run(place / "undisturbed", folder)
    done = sum(_run(place / "index", folder, rng.randint(1, files), rng.uniform(0, _LATEST)) for _ in range(kills))
    _run(place / "index", folder)
    wanted, found = rows(place / "undisturbed"), rows(place / "index")
    wrong = [f"{table}: {len(set(found[table]) ^ set(those))} rows differ" for table, those in wanted.items() if found[table] != those]
    wrong += flaws(place / "index", int)
    with Archive.open(place / "index", Settings(), HashingEncoder(), CommonWords()) as archive:
        wrong += [f"{item.origin} is read again" for item in read_documents(folder, known=archive.kept) if isinstance(item, Document)]
    return done, wrong


def make(folder: Path, files: int, rng: random.Random) -> None:
    """A folder of so many files, the same for the same chance."""
    folder.mkdir()
    for n in range(files):
        text = " ".join(f"Bridge {rng.randrange(10**6)} of {n} opened in {rng.randrange(1800, 2020)}." for _ in range(rng.randint(1, 200)))
        name, data = _MADE[n % len(_MADE)](n, text)
        (folder / name).write_bytes(data)


def rows(index: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """All rows of an archive's tables, but what is each archive's own."""
    with closing(sqlite3.connect(index / FILE)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if name not in _OWN]
        return {table: sorted(db.execute(f"SELECT {_compared(db, table)} FROM {table}"), key=repr) for table in tables}


def _compared(db: sqlite3.Connection, table: str) -> str:
    columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))]
    return ", ".join(name for name in columns if table != "articles" or name not in _OWN_COLUMNS)


def _run(index: Path, folder: Path, position: int | None = None, after: float = 0) -> bool:
    """Adds the folder in a process of its own; whether that was killed, so many seconds after it began the file at the position."""
    command = [sys.executable, "-m", "benchmarks.resumed", "--write", str(index), str(folder)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        for line in writer.stdout:
            if line == f"{position}\n":
                time.sleep(after)
                writer.kill()
        # one that had ended by then was not killed
        killed = writer.wait() < 0
    assert killed or writer.returncode == 0
    return killed


def _write(index: Path, folder: Path) -> None:
    with Archive.open(index, Settings(), HashingEncoder(), CommonWords()) as archive:
        items = read_documents(folder, known=archive.kept, progress=lambda at: print(at.number, flush=True))
        archive.add(items, prune=[folder])


def _page(n: int, text: str) -> tuple[str, bytes]:
    return f"{n}.html", f"<html><head><title>Page {n}</title></head><body><article><h1>Page {n}</h1><p>{text}</p></article></body></html>".encode()


def _mail(n: int, text: str) -> tuple[str, bytes]:
    return f"{n}.eml", f"Received: x\nMessage-ID: <{n}@example.org>\nSubject: Mail {n}\nContent-Type: text/plain\n\n{text}\n".encode()


def _zip(n: int, text: str) -> tuple[str, bytes]:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr(zipfile.ZipInfo("a.txt"), f"Text of {n}. {text}")
        made.writestr(zipfile.ZipInfo("b.png"), b"\x89PNG")
    return f"{n}.zip", data.getvalue()


_MADE = (
    lambda n, text: (f"{n}.txt", text.encode()),
    _page,
    lambda n, text: (f"{n}.md", f"# Note {n}\n\n{text}".encode()),
    _mail,
    lambda n, text: (f"{n}.csv", f'title,text\nRow {n},"{text}"\nAnother {n},It opened.\n'.encode()),
    lambda n, text: (f"{n}.jsonl", f'{{"title": "Row {n}", "text": "{text}"}}\n{{"title": "No text {n}"}}\n'.encode()),
    _zip,
    lambda n, _: (f"{n}.txt", f"id: shared-{n // 20}\ntitle: Shared\n\nThe lock opened.".encode()),
    lambda n, _: (f"{n}.pdf", b"%PDF-1.4 nothing " + str(n).encode()),
    lambda n, _: (f"{n}.xyz", str(n).encode()),
)


if __name__ == "__main__":
    sys.exit(main())
