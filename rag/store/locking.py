"""The lock of an archive's only writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import ArchiveError, ArchiveLocked

WRITE_LOCK = "write.lock"
# a reader that looks whether somebody writes holds the lock for a moment
_SECONDS = 2


@contextmanager
def only_writer(folder: Path, wait: float = _SECONDS) -> Iterator[None]:
    """Raises ArchiveLocked while somebody else writes to the archive in `folder`."""
    lock = FileLock(folder / WRITE_LOCK, timeout=wait)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveLocked(f"{folder} is being written to by another process or thread; try again when it is done") from None
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written to: {error.strerror}; Archive.open(…, read_only=True) reads it as it is") from error
    try:
        yield
    finally:
        lock.release()
