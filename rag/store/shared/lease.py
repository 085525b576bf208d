"""The writer's lease: one row, renewed while somebody writes, which runs out where they were killed.

It is taken by the database's clock and checked inside the transactions that it guards: a
writer that was held up for longer than its lease lasts, and whose turn another took,
writes nothing more. PostgreSQL lets it be renewed beside such a transaction; SQLite does
not, so that readers take a writer for gone there whose transaction lasts longer than it.
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Row, select, update

from rag.errors import ArchiveError, ArchiveLocked
from rag.store.shared.database import Database, now

_LASTS_SECONDS, _RENEWED_SECONDS, _LOOKED_SECONDS = 10.0, 2.0, 0.2
# one that is said to last longer is none: the database's clock was set back
_LONGEST_SECONDS = 60.0


class Lease:
    """That of one writer. Raises ArchiveLocked while somebody else has it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = database.tables.lease
        self._holder = uuid.uuid4().hex
        self._ended = threading.Event()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Waits for the lease of one that does not renew it to run out; one that is alive is not waited for."""
        self._take()
        renewing = threading.Thread(target=self._renew, name="lease", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            self._ended.set()
            renewing.join()
            # where the database cannot be reached it runs out by itself
            with suppress(ArchiveError):
                self._give_back()

    @contextmanager
    def guarded(self) -> Iterator[Connection]:
        """A transaction that is committed only in this writer's turn. Raises ArchiveLocked where another has it."""
        try:
            with self._database.writing() as connection:
                self._check(connection)
                yield connection
                # it lasted as long as what was done in it
                self._set(connection, self._holder, now(connection) + _LASTS_SECONDS)
        except ArchiveLocked:
            raise
        except ArchiveError as error:
            # the database ends a transaction that is held up
            if self._is_lost():
                raise self._ran_out() from error
            raise

    def wait(self, connection: Connection) -> None:
        """Waits until no transaction that it guards lasts any more."""
        self._row(connection, taken=True)

    def _check(self, connection: Connection) -> None:
        """Raises ArchiveLocked where another has it; nobody else takes it while the transaction lasts.

        One that ran out and that nobody took is this writer's still.
        """
        if self._row(connection, kept=True).holder != self._holder:
            raise self._ran_out()

    def _is_lost(self) -> bool:
        """Whether another has it, as far as the database can be asked."""
        with suppress(ArchiveError), self._database.reading() as connection:
            return bool(self._row(connection).holder != self._holder)
        return False

    def _ran_out(self) -> ArchiveLocked:
        return ArchiveLocked(
            f"{self._database.shown}: this writer was held up so long that its turn ran out; what it had told as done is kept, do the rest again"
        )

    def _take(self) -> None:
        seen = None
        while True:
            with self._database.writing() as connection:
                row = self._row(connection)
                if not _lasts(row.until, now(connection)):
                    # a transaction that it guards may still be about to renew it
                    row, moment = self._row(connection, taken=True), now(connection)
                    if not _lasts(row.until, moment):
                        self._set(connection, self._holder, moment + _LASTS_SECONDS, of=row.holder)
                        return
            if seen not in (None, row.until):
                raise ArchiveLocked(f"{self._database.shown} is being written to by {row.who}; try again when it is done")
            seen = row.until
            time.sleep(_LOOKED_SECONDS)

    def _renew(self) -> None:
        while not self._ended.wait(_RENEWED_SECONDS):
            with suppress(ArchiveError), self._database.writing() as connection:
                self._set(connection, self._holder, now(connection) + _LASTS_SECONDS)

    def _give_back(self) -> None:
        with self._database.writing() as connection:
            self._set(connection, "", 0.0)

    def _row(self, connection: Connection, *, kept: bool = False, taken: bool = False) -> Row[tuple[int, str, str, float]]:
        """The row; one that is `kept` may be renewed by others while the transaction lasts, one that is `taken` not even that."""
        wanted = select(self._table)
        if kept:
            wanted = wanted.with_for_update(read=True, key_share=True)
        return connection.execute(wanted.with_for_update() if taken else wanted).one()

    def _set(self, connection: Connection, holder: str, until: float, *, of: str | None = None) -> None:
        """Renews it, or with another holder hands it on: that of this writer, or `of` another, and nobody else's."""
        who = f"process {os.getpid()} on {socket.gethostname()}"
        mine = self._table.c.holder == (self._holder if of is None else of)
        connection.execute(update(self._table).where(mine).values(holder=holder, who=who, until=until))


def is_taken(database: Database, connection: Connection) -> bool:
    """Whether somebody writes."""
    return _lasts(connection.execute(select(database.tables.lease.c.until)).scalar_one(), now(connection))


def _lasts(until: float, moment: float) -> bool:
    return moment < until <= moment + _LONGEST_SECONDS
