"""Files with a secret in them, which nobody else on the machine may read."""

import os
import stat
from pathlib import Path

from rag.errors import InputError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


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
