"""The archive's SQLite file: how it is opened, the versions of its format, its transactions, and what its errors mean.

It is written with a write-ahead log. Reading beside such a log needs a file of
shared memory, which a reader that may write nothing can use but not make; so
where there is no log, a read-only file is opened as one that does not change
("immutable"), and it is watched whether that stays true.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from rag.errors import ArchiveDamaged, ArchiveError, ArchiveMismatch

FILE = "archive.sqlite"
# what each version of the format added, in order; a version is never changed once it was released
_VERSIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE articles (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, author TEXT,
        published TEXT, url TEXT, text TEXT NOT NULL, sha256 TEXT NOT NULL, origin TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE passages (
        n INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (n) ON DELETE CASCADE,
        start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL
    ) STRICT;
    CREATE INDEX passages_of_article ON passages (article);
    CREATE TABLE generations (n INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE) STRICT
    """,
    # people's own writing refers to articles by id, not by row: it outlives them
    """
    CREATE TABLE notes (
        n INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, sha256 TEXT NOT NULL, start INTEGER NOT NULL,
        stop INTEGER NOT NULL, words TEXT NOT NULL, text TEXT NOT NULL, made TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT;
    CREATE INDEX notes_of_article ON notes (article);
    CREATE TABLE feedback (n INTEGER PRIMARY KEY AUTOINCREMENT, given TEXT NOT NULL, seal TEXT NOT NULL) STRICT
    """,
)
VERSION = len(_VERSIONS)

Stamp = tuple[int, int, int]


class Access(Enum):
    """WRITE makes or upgrades the file; READ leaves what it holds alone; READ_ONLY leaves no trace in the folder."""

    READ = "read"
    WRITE = "write"
    READ_ONLY = "read only"


class Database:
    """One connection to the file; one that is not there yet reads as an empty one. Raises ArchiveDamaged, ArchiveMismatch."""

    def __init__(self, folder: Path, access: Access = Access.READ) -> None:
        self.path = folder / FILE
        self._access = access
        self._frozen: Stamp | None = None
        with self._readable():
            self._exists = access is Access.WRITE or self.path.exists()
            self._db = self._connection(self._exists)
            self._prepare()

    @property
    def is_current(self) -> bool:
        """Whether this connection sees what is written from now on."""
        return self._exists and (self._frozen is None or self._frozen == self._unchanging())

    @property
    def version(self) -> int:
        """The version of the format, which a writer may have raised since this was opened."""
        return int(self.execute("PRAGMA user_version").fetchone()[0])

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._db.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._db.executemany(sql, rows)

    @contextmanager
    def transaction(self, kind: str = "DEFERRED") -> Iterator[None]:
        """One generation to read, or with "IMMEDIATE" one to write: all of it, or on an exception none."""
        with self._readable():
            self.execute(f"BEGIN {kind}")
            try:
                yield
            except BaseException:
                self.execute("ROLLBACK")
                raise
            self.execute("COMMIT")
            if self._frozen and self._frozen != self._stamp():
                raise ArchiveError(f"{self.path} was written to while it was read; try again")

    def close(self) -> None:
        self._db.close()

    def _connection(self, exists: bool) -> sqlite3.Connection:
        place, is_address = str(self.path) if exists else ":memory:", False
        if exists and self._access is Access.READ_ONLY:
            self._frozen = self._unchanging()
            place, is_address = f"{self.path.resolve().as_uri()}?mode=ro{'&immutable=1' if self._frozen else ''}", True
        db = sqlite3.connect(place, uri=is_address, isolation_level=None, check_same_thread=False, timeout=30)
        db.create_function("folded", 1, _folded, deterministic=True)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = FULL")
        return db

    def _prepare(self) -> None:
        if self._access is Access.WRITE:
            self.execute("PRAGMA journal_mode = WAL")
            self._upgrade()
        version = self.version
        if version > VERSION:
            raise ArchiveMismatch(
                f"{self.path}: its format is version {version}, this program reads 1 to {VERSION}; "
                "use the program that wrote it, or add the articles to a new folder"
            )
        if version == 0:
            # not there, or its maker has not finished yet: until then it reads as an empty one
            self._db.close()
            self._exists, self._frozen = False, None
            self._db = self._connection(exists=False)
            self._upgrade()

    def _upgrade(self) -> None:
        """Adds what later versions have, in one transaction, unless somebody else just did."""
        if self.version >= VERSION:
            return
        with self.transaction("IMMEDIATE"):
            for script in _VERSIONS[self.version :]:
                for statement in script.split(";"):
                    self.execute(statement)
            self.execute(f"PRAGMA user_version = {max(VERSION, self.version)}")

    def _unchanging(self) -> Stamp | None:
        """What the file looks like while nobody writes to it; None where there is a log, so that somebody may."""
        return None if Path(f"{self.path}-wal").exists() else self._stamp()

    def _stamp(self) -> Stamp | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.ProgrammingError:
            raise  # a closed archive is used: the program's mistake, not the file's
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"{self.path} cannot be used: {error}; {self._way_out()}") from error
        except sqlite3.DatabaseError as error:
            raise ArchiveDamaged(
                f"{self.path} is damaged: {error}; restore it from a copy, or move the folder away and add the articles again"
            ) from error

    def _way_out(self) -> str:
        if self._access is Access.READ_ONLY:
            return (
                "check that you may read it; after an interrupted write, somebody who may write in its folder "
                "has to open it once (pullquote status), which tidies up"
            )
        return "check the folder's permissions and free space; Archive.open(…, read_only=True) reads a folder that cannot be written"


def _folded(text: str | None) -> str | None:
    """Text without case, in all alphabets: SQLite's own functions fold A to Z only."""
    return text.casefold() if text else text
