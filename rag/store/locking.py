"""The locks of an archive's folder: that of its only writer, and that of whoever builds its search caches."""

from collections.abc import Iterator
from contextlib import contextmanager
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
def _locked(folder: Path, name: str, wait: float, taken: str) -> Iterator[None]:
    lock = FileLock(folder / name, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveLocked(f"{folder} {taken}") from None
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written to: {error.strerror}; Archive.open(…, read_only=True) reads it as it is") from error
    try:
        yield
    finally:
        lock.release()
