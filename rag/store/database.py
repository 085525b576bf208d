"""The archive's SQLite file: how it is opened, the versions of its format, its transactions, and what its errors mean.

It is written with a write-ahead log. Reading beside such a log needs a file of
shared memory, which a reader that may write nothing can use but not make; so
where there is no log, a read-only file is opened as one that does not change
("immutable"), and it is watched whether that stays true.
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from enum import Enum
from pathlib import Path

from rag.corpus.dates import guessed_day
from rag.corpus.told import facts_of_json
from rag.errors import ArchiveDamaged, ArchiveError, ArchiveMismatch, ReadOnly
from rag.store.locking import door
from rag.store.versions import VERSION, is_whole, upgrade, version_of

FILE = "archive.sqlite"
# what stands beside the file only once it has held articles
_TRACE = Path("cache") / "manifest.json"
# what SQLite calls errors of the statement, and what with statements that do not change are errors of the file
_DAMAGES = ("unsupported file format", "no such")

# how long one waits for another who has the file locked
_WAIT_SECONDS = 30
_WAY_OUT = "`pullquote repair` saves what is intact, `pullquote restore` takes a copy that `pullquote backup` made"

Stamp = tuple[int, int, int]


class Access(Enum):
    """WRITE makes or upgrades the file; READ leaves what it holds alone; READ_ONLY leaves no trace in the folder.

    SALVAGE reads what it can, whatever the file is like.
    """

    READ = "read"
    WRITE = "write"
    READ_ONLY = "read only"
    SALVAGE = "salvage"


class Database:
    """One connection to the file; one that is not there yet reads as an empty one. Raises ArchiveDamaged, ArchiveMismatch."""

    def __init__(self, folder: Path, access: Access = Access.READ) -> None:
        self.path = folder / FILE
        self._access = access
        self._leaves_no_trace = access is Access.READ_ONLY or not (access is Access.WRITE or may_write(folder))
        self._frozen: Stamp | None = None
        self._copied: tuple[Stamp | None, Stamp | None] | None = None
        with self.told(), door(folder):
            # looked for first: caches that come later are of a file that came later too
            had_articles = _has_trace(folder)
            self._exists = (access is Access.WRITE and not had_articles) or self.path.exists()
            self._db = self._connection(self._exists)
            try:
                self._prepare(had_articles)
            except BaseException:
                self._db.close()
                raise
            self._inode = _stamp(self.path)

    @property
    def is_there(self) -> bool:
        """Whether there was a file to open, and not one that is just being made."""
        return self._exists

    @property
    def is_current(self) -> bool:
        """Whether this connection sees what is written from now on."""
        if self._copied:
            return self._copied == self._stamps()
        return self._exists and self._is_same_file() and (self._frozen is None or self._frozen == self._unchanging())

    @property
    def version(self) -> int:
        """The version of the format."""
        return int(self.execute("PRAGMA user_version").fetchone()[0])

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._db.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        self._db.executemany(sql, rows)

    @contextmanager
    def transaction(self, kind: str = "DEFERRED") -> Iterator[None]:
        """One generation to read, or with "IMMEDIATE" one to write: all of it, or on an exception none."""
        with self.told():
            self.execute(f"BEGIN {kind}")
            try:
                if kind != "DEFERRED" and not self._is_same_file():
                    raise ArchiveError(f"{self.path} was replaced meanwhile, by a repair or a restored copy; try again")
                yield
                # there is nothing to commit of what was read, and SQLite refuses to where a page of it could not be
                self.execute("ROLLBACK" if kind == "DEFERRED" else "COMMIT")
            except BaseException:
                # SQLite has ended it already where the disk is full
                if self._db.in_transaction:
                    self.execute("ROLLBACK")
                raise
            if self._frozen and self._frozen != _stamp(self.path):
                raise ArchiveError(f"{self.path} was written to while it was read; try again")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps others from writing to the file, as far as its state lets it."""
        with self.tolerant():
            self.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            with self.tolerant():
                self.execute("ROLLBACK")

    @contextmanager
    def tolerant(self) -> Iterator[None]:
        """Leaves what is done here undone where something is damaged; whatever else goes wrong is raised."""
        with suppress(ArchiveDamaged), self.told():
            yield

    def copy_to(self, folder: Path) -> None:
        """Copies one generation of the file into a folder, whole, also while others write."""
        with self.told(), closing(sqlite3.connect(folder / FILE)) as copy:
            self._db.backup(copy)

    def settle(self) -> None:
        """Brings what the log holds into the file, so that it is whole by itself."""
        with self.told():
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        # whoever closes a file last removes its log, by its name
        with door(self.path.parent):
            self._db.close()

    def _connection(self, exists: bool) -> sqlite3.Connection:
        place, is_address = str(self.path) if exists else ":memory:", False
        if exists and self._leaves_no_trace:
            self._frozen = self._unchanging()
            place, is_address = f"{self.path.resolve().as_uri()}?mode=ro{'&immutable=1' if self._frozen else ''}", True
        return self._opened(place, is_address=is_address)

    def _opened(self, place: str, *, is_address: bool = False) -> sqlite3.Connection:
        db = sqlite3.connect(place, uri=is_address, isolation_level=None, check_same_thread=False, timeout=_WAIT_SECONDS)
        try:
            db.text_factory = _text
            db.create_function("folded", 1, _folded, deterministic=True)
            db.create_function("guessed_day", 1, _guessed_day, deterministic=True)
            db.create_function("checksum_of", 2, _checksum, deterministic=True)
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA synchronous = FULL")
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, had_articles: bool) -> None:
        if self._access is Access.SALVAGE:
            found = version_of(self._db)
            if found and found < VERSION:
                self._read_in_memory(self._db)
            return
        version = self._whole(had_articles)
        if self._access is Access.WRITE:
            self.execute("PRAGMA journal_mode = WAL")
            self._upgrade()
        elif version == 0:
            # not there, or its maker has not finished yet: until then it reads as an empty one
            self._read_in_memory(sqlite3.connect(":memory:"))
            self._exists, self._frozen = False, None
        elif version < VERSION:
            self._copied, self._frozen = self._stamps(), None
            self._read_in_memory(self._db)

    def _whole(self, had_articles: bool) -> int:
        """The version of the file, whose tables are that version's; 0 for one that was never written to."""
        self.execute("BEGIN")
        version = self.version
        empty = version == 0 and not self.execute("SELECT 1 FROM sqlite_master").fetchone()
        whole = empty or (0 < version <= VERSION and is_whole(self._db, version))
        self.execute("COMMIT")
        if version > VERSION:
            raise ArchiveMismatch(
                f"{self.path}: its format is version {version}, this program reads 1 to {VERSION}; "
                "use the program that wrote it, or add the articles to a new folder"
            )
        if not whole:
            raise ArchiveDamaged(f"{self.path} is damaged: its tables are not those of its version, {version}; {_WAY_OUT}")
        if empty and had_articles:
            raise ArchiveDamaged(f"{self.path} is missing or empty, though its search caches are there; {_WAY_OUT}")
        return version

    def _read_in_memory(self, source: sqlite3.Connection) -> None:
        """Goes on with a copy, brought to the newest version: nothing is written where the file is only read."""
        memory = self._opened(":memory:")
        source.backup(memory)
        source.close()
        self._db.close()
        self._db = memory
        # by its tables: a writer may have upgraded it since its version was read, and a damaged file may say another
        self.execute(f"PRAGMA user_version = {version_of(memory) or 0}")
        self._upgrade()

    def _upgrade(self) -> None:
        """Adds what later versions have, in one transaction, unless somebody else just did."""
        if self.version >= VERSION:
            return
        # a table that is put in the place of another takes the rows with it that refer to it
        self.execute("PRAGMA foreign_keys = OFF")
        self.execute("BEGIN IMMEDIATE")
        try:
            upgrade(self._db, self.version)
            self.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self.execute("ROLLBACK")
        self.execute("PRAGMA foreign_keys = ON")

    def _is_same_file(self) -> bool:
        """Whether the file that was opened is still the one in the folder."""
        found = _stamp(self.path)
        return bool(found and self._inode and found[0] == self._inode[0])

    def _unchanging(self) -> Stamp | None:
        """What the file looks like while nobody writes to it; None where there is a log, so that somebody may."""
        return None if Path(f"{self.path}-wal").exists() else _stamp(self.path)

    def _stamps(self) -> tuple[Stamp | None, Stamp | None]:
        log = _stamp(Path(f"{self.path}-wal"))
        # an empty log comes and goes with who opens the file
        return _stamp(self.path), log if log and log[2] else None

    @contextmanager
    def told(self) -> Iterator[None]:
        """SQLite's errors as ours: ArchiveDamaged, or ArchiveError with the way out."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise  # a closed archive is used: the program's mistake, not the file's
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not str(error).startswith(_DAMAGES):
                raise ArchiveError(f"{self.path} cannot be used: {error}; {self._way_out()}") from error
            raise ArchiveDamaged(f"{self.path} is damaged: {error}; {_WAY_OUT}") from error
        except UnicodeDecodeError as error:
            # SQLite names a table in its message, and the name is damaged
            raise ArchiveDamaged(f"{self.path} is damaged: its tables have names that are no text; {_WAY_OUT}") from error

    def _way_out(self) -> str:
        if self._leaves_no_trace:
            return (
                "check that you may read it; after an interrupted write, somebody who may write in its folder "
                "has to open it once (pullquote status), which tidies up"
            )
        return "check the folder's permissions and free space; Archive.open(…, read_only=True) reads a folder that cannot be written"


def may_write(folder: Path) -> bool:
    """Whether this user may write to the archive in `folder`, which need not be there yet. Raises ArchiveError where they may not read it."""
    path = folder / FILE
    try:
        exists = path.exists()
    except PermissionError:
        raise ArchiveError(f"{folder} cannot be read: permission denied; ask whoever it belongs to for permission") from None
    if exists and not os.access(path, os.R_OK):
        raise ArchiveError(f"{path} cannot be read: permission denied; ask whoever it belongs to for permission")
    return not folder.exists() or (os.access(folder, os.W_OK | os.X_OK) and (not exists or os.access(path, os.W_OK)))


def check_writable(folder: Path) -> None:
    """Raises ReadOnly where this user may not write to the archive in `folder`, ArchiveError where they may not read it."""
    if not may_write(folder):
        raise ReadOnly(f"{folder} cannot be changed: this user may not write to it; ask whoever it belongs to for permission")


def _has_trace(folder: Path) -> bool:
    try:
        return (folder / _TRACE).exists()
    except PermissionError:
        # caches of another user, which may not be looked at
        return True


def _text(data: bytes) -> str:
    """What damage made no text is read all the same: no seal matches it, so what it stands in is named."""
    return data.decode(errors="replace")


def _folded(text: str | None) -> str | None:
    """Text without case, in all alphabets: SQLite's own functions fold A to Z only."""
    return text.casefold() if text else text


def _guessed_day(document: str | None) -> str | None:
    """The guessed day, as YYYY-MM-DD, of an article that a document told this of; None for what is not what was stored."""
    try:
        told = json.loads(document)["facts"].get("published") if document else None
        day = guessed_day(facts_of_json({"published": told})) if told else None
    # damage makes no JSON of it, or other JSON; whether a row is damaged is told by its seal
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return day.isoformat() if day else None


def _checksum(*values: object) -> int:
    """For what is memory and no truth, and has no seal: whether the disk has changed it."""
    return zlib.crc32(repr(values).encode())


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
