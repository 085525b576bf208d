"""A SQLite file of its own beside the archive's: what is not the truth about articles, and never stands in its way.

It is written by one connection, a transaction at a time, and read by nobody but
its owner. One that is damaged is put aside, and a new one is begun: what was in
it is for a person to save.
"""

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ArchiveDamaged, ArchiveError, ArchiveMismatch
from rag.store.locking import door
from rag.store.replacing import aside, made_if_absent

_log = logging.getLogger(__name__)

# what SQLite calls a file that is none of its own, or is not what it wrote
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FORMAT = "unsupported file format"
# how long one waits for another server that has the file locked
_WAIT_SECONDS = 5
_BESIDE = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Form:
    """What is in a file: the number by which it names its program, and what each version of its tables added, in order."""

    application: int
    scripts: tuple[str, ...]

    @property
    def version(self) -> int:
        return len(self.scripts)


class SideFile:
    """One connection, safe to share between threads. Raises ArchiveMismatch for the file of a newer program, ArchiveError where none can be made."""

    def __init__(self, path: Path, form: Form) -> None:
        self.path = path
        self._form = form
        self._lock = threading.RLock()
        self._inode = 0
        # a folder that is not there yet is made when somebody first comes, not by a server that is only started
        self._db = self._opened() if path.parent.exists() else sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)

    @contextmanager
    def transaction(self, kind: str = "DEFERRED") -> Iterator[None]:
        """One state to read, or with "IMMEDIATE" one to write: all of it, or on an exception none.

        Raises ArchiveError where that fails, ArchiveDamaged where the file turns out to be damaged; then it was put aside.
        """
        with self._lock, self._told():
            if not self._is_there():
                self._open_anew()
            self.execute(f"BEGIN {kind}")
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                # SQLite has ended it already where the disk is full
                if self._db.in_transaction:
                    self.execute("ROLLBACK")
                raise

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """For use in a transaction."""
        return self._db.execute(sql, values)

    def settle(self) -> None:
        """Empties the log into the file, so that what was deleted is in neither."""
        with self._lock, self._told():
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock, door(self.path.parent) if self._inode else nullcontext():
            self._db.close()

    def _opened(self) -> sqlite3.Connection:
        made_if_absent(self.path.parent)
        # two servers that find it damaged put it aside once
        with door(self.path.parent, shut=True):
            try:
                return self._connection()
            except ArchiveDamaged as error:
                self._put_aside(error)
                return self._connection()

    def _connection(self) -> sqlite3.Connection:
        try:
            # what people keep is for nobody else who may read the folder; the files of its log are made like it
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise ArchiveError(f"{self.path} cannot be written to: {error.strerror}; make it writable, or make room") from error
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=_WAIT_SECONDS)
        try:
            db.text_factory = _text
            db.create_function("folded", 1, _folded, deterministic=True)
            self._prepare(db)
        except sqlite3.DatabaseError as error:
            db.close()
            raise self._as_ours(error) from error
        except BaseException:
            db.close()
            raise
        self._inode = self.path.stat().st_ino
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        # the file shrinks by what goes, and nothing of that is left in it
        for setting in ("auto_vacuum = FULL", "secure_delete = ON", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            db.execute(f"PRAGMA {setting}")
        db.execute("BEGIN IMMEDIATE")
        try:
            self._upgrade(db)
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")

    def _upgrade(self, db: sqlite3.Connection) -> None:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (application,) = db.execute("PRAGMA application_id").fetchone()
        if application == self._form.application and version > self._form.version:
            raise ArchiveMismatch(f"{self.path}: its format is version {version}, this program reads 1 to {self._form.version}; use the newer one")
        named = (application, version > 0) in ((0, False), (self._form.application, True))
        if not named or _tables(db) != _made(self._form.scripts[:version]):
            raise ArchiveDamaged(f"{self.path} is damaged: its tables are not those of its version, {version}")
        if version < self._form.version:
            for script in self._form.scripts[version:]:
                _run(db, script)
            db.execute(f"PRAGMA application_id = {self._form.application}")
            db.execute(f"PRAGMA user_version = {self._form.version}")

    def _put_aside(self, error: ArchiveDamaged) -> None:
        try:
            folder = aside(self.path.parent, "damaged")
            for suffix in _BESIDE:
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").rename(folder / f"{self.path.name}{suffix}")
        except OSError as problem:
            raise ArchiveError(f"{error}; it cannot be put aside: {problem.strerror}; make room, or move it away") from error
        _log.error("%s; it is put aside in %s, and a new one is begun", error, folder)

    def _is_there(self) -> bool:
        """Whether the file that was opened is still the one in the folder."""
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's errors as ours; a file that is damaged is put aside."""
        try:
            yield
        except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
            raise  # a closed file is used, or rows that do not belong together: the program's mistake, not the file's
        except sqlite3.DatabaseError as error:
            ours = self._as_ours(error)
            if isinstance(ours, ArchiveDamaged):
                self._begin_anew(ours)
            raise ours from error

    def _begin_anew(self, error: ArchiveDamaged) -> None:
        self._db.close()
        with door(self.path.parent, shut=True):
            # else another server has put it aside already
            is_there, self._inode = self._is_there(), 0
            if is_there:
                self._put_aside(error)
        self._open_anew()

    def _open_anew(self) -> None:
        """Where that fails, no file is open, and the next transaction tries again."""
        self._inode = 0
        self._db.close()
        self._db = self._opened()

    def _as_ours(self, error: sqlite3.DatabaseError) -> ArchiveError:
        # what Python itself refuses has no code
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED or str(error).startswith(_FORMAT):
            return ArchiveDamaged(f"{self.path} is damaged: {error}")
        return ArchiveError(f"{self.path} cannot be used: {error}; check the folder's permissions and free space")


def _tables(db: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    rows = db.execute("SELECT name, coalesce(sql, '') FROM sqlite_master")
    return frozenset((name, " ".join(sql.split())) for name, sql in rows)


def _made(scripts: Sequence[str]) -> frozenset[tuple[str, str]]:
    """The tables that these scripts make."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for script in scripts:
            _run(db, script)
        return _tables(db)
    finally:
        db.close()


def _run(db: sqlite3.Connection, script: str) -> None:
    # by itself, since executescript would commit
    for statement in script.split(";"):
        db.execute(statement)


def _text(data: bytes) -> str:
    """What damage made no text is read all the same: no seal matches it."""
    return data.decode(errors="replace")


def _folded(text: str) -> str:
    """Text without case, in all alphabets: SQLite's own functions fold A to Z only."""
    return text.casefold()
