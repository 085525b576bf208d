"""Files with a secret in them, which nobody else on the machine may read."""

import os
import stat
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock, Timeout

from rag.errors import InputError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# how long another program that writes the same file is waited for
_WAIT_SECONDS = 10
_Content = TypeVar("_Content")


def read_secret(path: str | os.PathLike[str], what: str) -> bytes:
    """The file's bytes; `what` the file is to be called. Raises InputError where it cannot be read, or others may read or write it."""
    try:
        with Path(path).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except OSError as error:
        raise InputError(f"the {what} file {path} cannot be read: {error.strerror}") from None
    if os.name == "posix" and mode & _OTHERS:
        raise InputError(f"the {what} file {path} can be read or written by others on this machine; run: chmod 600 {path}")
    return content


def write_secret(path: str | os.PathLike[str], what: str, content: bytes) -> None:
    """The file has these bytes from one moment to the next, or stays as it was. Raises InputError where it cannot be written."""
    # a link stays one
    whole = Path(path).resolve()
    try:
        # for its maker's eyes from the beginning (mode 0600)
        with tempfile.NamedTemporaryFile(dir=whole.parent, prefix=f".{whole.name}.", suffix=".new", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                _give(Path(file.name), like=whole)
                Path(file.name).replace(whole)
            except BaseException:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise
    except OSError as error:
        raise InputError(f"the {what} file {path} cannot be written: {error.strerror}") from None


def _give(file: Path, like: Path) -> None:
    """Gives a file to whom another belongs, which may be a server's user where root writes for it."""
    with suppress(FileNotFoundError, PermissionError):
        found = like.stat()
        os.chown(file, found.st_uid, found.st_gid)


class SecretFile(Generic[_Content]):
    """A secret file that other programs may change meanwhile, as `read` understands its bytes; of a file that is not there, `absent`."""

    def __init__(self, path: str | os.PathLike[str], what: str, read: Callable[[bytes], _Content], absent: _Content) -> None:
        self._path = Path(path)
        self._what = what
        self._read = read
        self._absent = absent
        self._lock = threading.Lock()
        self._seen: object = ()
        self._content: _Content | InputError = absent

    def content(self) -> _Content:
        """What it says now. Raises InputError where it cannot be read, or `read` does."""
        with self._lock:
            # looked at before it is read, so that what changes meanwhile is read again
            seen = self._looks()
            if seen != self._seen:
                self._content, self._seen = self._anew(), seen
            if isinstance(self._content, InputError):
                raise self._content
            return self._content

    def change(self, changed: Callable[[_Content], _Content], written: Callable[[_Content], bytes]) -> _Content:
        """Writes what becomes of its content, one program after the other; gives that. Raises InputError where the file cannot be read or written."""
        lock = FileLock(self._path.with_name(f".{self._path.name}.lock"), timeout=_WAIT_SECONDS, mode=0o600)
        try:
            with lock:
                content = changed(self.content())
                write_secret(self._path, self._what, written(content))
                return content
        except Timeout:
            raise InputError(f"the {self._what} file {self._path} is being written by another program; try again") from None
        except OSError as error:
            raise InputError(f"the {self._what} file {self._path} cannot be written: {error.strerror}") from None

    def _looks(self) -> object:
        """Something that is another one once the file was changed."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode

    def _anew(self) -> _Content | InputError:
        if not self._path.exists():
            return self._absent
        try:
            return self._read(read_secret(self._path, self._what))
        except InputError as error:
            return error
