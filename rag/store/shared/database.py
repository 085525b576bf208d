"""The SQL database of a shared archive: its connections, its transactions, and what its errors mean.

A reading transaction sees one state of all tables for as long as it lasts. An archive
whose tables are not there yet reads as an empty one; they are made by who first writes.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from rag.errors import ArchiveError, ArchiveLocked, InputError, MissingExtra, ReadOnly
from rag.store.shared.address import Address
from rag.store.shared.tables import Tables

# so many values at most are given with one statement: PostgreSQL takes 65,535, SQLite 32,766
MOST_VALUES = 10_000
_WAIT_SECONDS = 10
# so long at most one transaction waits for another, and a writing one may be held up before it is given up, so that others can go on
_LOCKED_SECONDS, _IDLE_SECONDS = 30, 300
# what PostgreSQL and SQLite call a wait that was too long
_LOCKED = "55P03", "SQLITE_BUSY"
# questions that are asked at one time hold a connection each; more wait
_KEPT, _MORE = 8, 24
_Value = TypeVar("_Value")


class Database:
    """Safe to share between threads. Raises ArchiveError where the database cannot be used."""

    def __init__(self, address: Address, *, read_only: bool = False) -> None:
        self.shown = address.shown
        self.tables = Tables(address.collection)
        self._read_only = read_only
        self._engine = _engine(address.text)
        # SQLite has one isolation, that of its snapshots
        isolation = {} if self._is_file else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self._engine.execution_options(**isolation)
        self._writer = self._engine.execution_options(writes=True)
        self._is_there = False
        self._lock = threading.Lock()
        self._empty: Engine | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of all tables."""
        with self.told():
            engine = self._reader if self._has_tables() else self._nothing()
            with engine.begin() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All of it is done, or on an exception none. Raises ReadOnly."""
        if self._read_only:
            raise ReadOnly(f"{self.shown} was opened to be read only; to change it, open it without read_only=True")
        with self.told():
            self._make_tables()
            with self._writer.begin() as connection:
                yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """The database's errors as ours."""
        try:
            yield
        except PoolExhausted as error:
            raise ArchiveError(f"the database of {self.shown} is asked by too many at once; try again, or start more servers") from error
        except SQLAlchemyError as error:
            original = error.orig if isinstance(error, DBAPIError) else None
            if _code(original) in _LOCKED:
                raise ArchiveLocked(f"{self.shown} is being written to by somebody who takes long over it; try again when it is done") from error
            # the driver's own words, without the statement and what was given with it
            said = str(original or error).strip().splitlines() or [type(error).__name__]
            raise ArchiveError(f"the database of {self.shown} cannot be used: {said[0]}; see that it runs and lets you in, and try again") from error

    def close(self) -> None:
        self._engine.dispose()

    @property
    def _is_file(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def _has_tables(self) -> bool:
        if not self._is_there:
            self._is_there = inspect(self._engine).has_table(self.tables.facts.name)
        return self._is_there

    def _make_tables(self) -> None:
        if self._has_tables():
            return
        with self._writer.begin() as connection:
            # one at a time: two who look for a table at once would both make it
            if not self._is_file:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(80776101)")
            self._make(connection)

    def _make(self, connection: Connection) -> None:
        self.tables.all.create_all(connection)
        if not connection.execute(select(self.tables.lease)).one_or_none():
            connection.execute(insert(self.tables.lease), {"n": 1, "holder": "", "who": "", "until": 0.0})

    def _nothing(self) -> Engine:
        """A database with empty tables."""
        with self._lock:
            if self._empty is None:
                self._empty = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
                with self._empty.begin() as connection:
                    self._make(connection)
            return self._empty


def now(connection: Connection) -> float:
    """Seconds since 1970 by the database's clock, which all machines share."""
    is_file = connection.dialect.name == "sqlite"
    clock = "SELECT (julianday('now') - 2440587.5) * 86400" if is_file else "SELECT extract(epoch FROM clock_timestamp())"
    return float(connection.exec_driver_sql(clock).scalar_one())


def batched(values: Iterable[_Value], most: int = MOST_VALUES) -> Iterator[Sequence[_Value]]:
    """Values, so many at a time: as many as are given with one statement."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some


def _code(error: BaseException | None) -> str | None:
    """What a database calls an error."""
    return getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)


def _engine(text: str) -> Engine:
    try:
        url = make_url(text)
        is_file = url.get_backend_name() == "sqlite"
        if is_file and url.database in (None, "", ":memory:"):
            raise InputError("the database of the address is no file: name one, as in ?text=sqlite:////home/me/text.sqlite")
        options: dict[str, Any] = {"timeout": _LOCKED_SECONDS} if is_file else {"connect_timeout": _WAIT_SECONDS}
        engine = create_engine(url, connect_args=options, pool_pre_ping=True, pool_size=_KEPT, max_overflow=_MORE, pool_timeout=_WAIT_SECONDS * 3)
    except ImportError as error:
        raise MissingExtra.of("scale", error) from None
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise InputError("the address of the database cannot be read: it has the form postgresql://USER@HOST/DATABASE") from error
    if is_file:
        event.listen(engine, "connect", _prepare_file)
    event.listen(engine, "begin", _begin_in_file if is_file else _begin)
    return engine


def _prepare_file(connection: Any, _: object) -> None:
    # transactions begin as `_begin` says, not as Python's module would have it
    connection.isolation_level = None
    for setting in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        limits = {"lock_timeout": _LOCKED_SECONDS, "idle_in_transaction_session_timeout": _IDLE_SECONDS}
        connection.exec_driver_sql("; ".join(f"SET LOCAL {name} = '{seconds}s'" for name, seconds in limits.items()))


def _begin_in_file(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
