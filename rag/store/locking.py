"""The locks of an archive's folder: that of its only writer, that of whoever builds its search caches, and that of the file's replacement."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import ArchiveError, ArchiveLocked

WRITE_LOCK, _CACHE_LOCK = "write.lock", "cache.lock"
# a reader that looks whether somebody writes holds the writer's lock for a moment
_WRITE_SECONDS, _CACHE_SECONDS = 2, 600


@contextmanager
def only_writer(folder: Path, wait: float = _WRITE_SECONDS) -> Iterator[None]:
    """Raises ArchiveLocked while somebody else writes to the archive in `folder`."""
    with _locked(folder, WRITE_LOCK, wait, "is being written to by another process or thread; try again when it is done"):
        yield


@contextmanager
def only_builder(folder: Path) -> Iterator[None]:
    """Waits while somebody else builds the search caches; raises ArchiveLocked after ten minutes."""
    with _locked(folder, _CACHE_LOCK, _CACHE_SECONDS, "has had its search cache rebuilt by another process for ten minutes; end it"):
        yield


@contextmanager
def door(folder: Path, *, shut: bool = False) -> Iterator[None]:
    """Many may pass at once, to open or close the archive's file; whoever puts another file in its place has it `shut` meanwhile.

    SQLite finds a file's log by its name: who opened the old file and then found
    the new one's log would mix the two. It is a lock on the folder itself, which
    leaves nothing behind and is there for those too who may only read.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        # a folder that is not there, or may not be listed, cannot be locked
        yield
        return
    try:
        # some file systems have no such locks
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX if shut else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@contextmanager
def _locked(folder: Path, name: str, wait: float, taken: str) -> Iterator[None]:
    lock = FileLock(folder / name, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveLocked(f"{folder} {taken}") from None
    except OSError as error:
        raise ArchiveError(
            f"{folder / name} cannot be written to: {error.strerror}; make it writable, or read the archive as it is: Archive.open(…, read_only=True)"
        ) from error
    try:
        yield
    finally:
        lock.release()
