"""Puts another file in the place of an archive's own, and that aside: nothing is deleted."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import ArchiveError
from rag.store.database import FILE
from rag.store.locking import door

_BESIDE = ("-wal", "-shm")


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A folder inside `folder` where a file is made, gone afterwards. Raises ArchiveError where there is no room for it."""
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as made:
            yield Path(made)
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be written to: {error.strerror}; make room, or make it writable") from error


def made_if_absent(folder: Path) -> Path:
    """The folder. Raises ArchiveError where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be made: {error.strerror}; choose another folder") from error
    return folder


def renamed(made: Path, path: Path) -> None:
    """Gives a file its name once it is on disk."""
    _synchronize(made)
    made.replace(path)
    _synchronize(path.parent)


def replace(folder: Path, made: Path, name: str) -> Path | None:
    """Puts the archive's file aside into a new folder `name`-…, and `made` in its place; gives that folder, None where there was no file.

    Whoever has the old file open goes on reading it until they look again. The
    log beside the old file has to be empty or worthless, and nobody may have `made`
    open: connections of one process share the log's index, under the name that the
    file had for the first of them.
    """
    place = aside(folder, name) if (folder / FILE).exists() else None
    with door(folder, shut=True):
        if place:
            permit(made, folder / FILE)
            _put_aside(folder / FILE, place / FILE)
            for suffix in _BESIDE:
                if (folder / f"{FILE}{suffix}").exists():
                    (folder / f"{FILE}{suffix}").replace(place / f"{FILE}{suffix}")
        renamed(made, folder / FILE)
    return place


def permit(made: Path, like: Path) -> None:
    """Gives a file to whom another belongs, with the other's permissions, as far as this user may."""
    shutil.copymode(like, made)
    found = like.stat()
    with suppress(PermissionError):
        os.chown(made, found.st_uid, found.st_gid)


def _put_aside(file: Path, place: Path) -> None:
    """Under another name too, so that there is no moment without it."""
    try:
        os.link(file, place)
    except OSError:
        # a file system without links
        shutil.copy2(file, place)


def aside(folder: Path, name: str) -> Path:
    """A new folder `name`-… for files that are put aside."""
    day = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    for attempt in range(1_000):
        place = folder / f"{name}-{day}{f'-{attempt}' if attempt else ''}"
        try:
            place.mkdir()
        except FileExistsError:
            continue
        return place
    raise ArchiveError(f"{folder} has a thousand folders {name}-{day}; move them away")


def _synchronize(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
