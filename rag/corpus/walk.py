"""Folders into the files that are to be read, with their sizes, and what is passed over."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.corpus.jsonl import ROWS, is_gold
from rag.types import PassedOver, Refusal

# what a browser calls the folder of a saved page's scripts, frames and pictures, and the page beside it
_PAGE_FOLDER, _PAGES = "_files", (".html", ".htm")


@dataclass(frozen=True, slots=True)
class File:
    """A file that is to be read, and how many bytes it has; 0 where that cannot be told."""

    path: Path
    bytes: int


def located(place: str | os.PathLike[str]) -> Path:
    """The whole path of a place: a link to a file is a file of the folder that it lies in, as in a walk of that."""
    path = Path(place)
    return path.resolve() if path.is_dir() else path.parent.resolve() / path.name


def walk(place: str | os.PathLike[str], apart: Path | None = None) -> Iterator[File | PassedOver | Refusal]:
    """What is at a place, in the order of names; folders that cannot be read come last, as refusals.

    Links to folders are not followed, and the folder `apart`, such as that of the archive, is not looked into.
    """
    path = located(place)
    if not path.is_dir():
        yield _file(path)
        return
    unread: list[OSError] = []
    for root, folders, names in os.walk(path, onerror=unread.append):
        below = []
        for name in sorted(folders):
            if reason := why_not(Path(root, name), apart):
                yield PassedOver(shown(Path(root, name)), reason)
            else:
                below.append(name)
        folders[:] = below
        for name in sorted(names):
            reason = why_not(Path(root, name))
            yield PassedOver(shown(Path(root, name)), reason) if reason else _file(Path(root, name))
    for error in unread:
        yield Refusal(shown(Path(error.filename)), f"the folder cannot be read: {error.strerror}")


def why_not(path: Path, apart: Path | None = None) -> str | None:
    """Why what lies in a folder is passed over; None where it is not, or that cannot be seen."""
    if path.name.startswith("."):
        return "hidden"
    try:
        if path.is_dir():
            return _why_not_folder(path, apart)
        # a pipe would be waited for
        is_rows = path.suffix.lower() in ROWS and path.is_file()
    except OSError:
        return None
    return "gold questions" if is_rows and is_gold(path) else None


def _why_not_folder(path: Path, apart: Path | None) -> str | None:
    if path == apart:
        return "the archive"
    if path.is_symlink():
        return "a link to a folder"
    name = path.name.removesuffix(_PAGE_FOLDER)
    is_of_page = name not in ("", path.name) and any(path.with_name(name + suffix).is_file() for suffix in _PAGES)
    return "the folder of a saved page" if is_of_page else None


def page_folder(path: Path) -> Path | None:
    """Where a browser keeps what belongs to a saved page; None for another file."""
    return path.with_name(path.stem + _PAGE_FOLDER) if path.suffix.lower() in _PAGES else None


def _file(path: Path) -> File:
    try:
        return File(path, path.stat().st_size)
    except OSError:
        return File(path, 0)


def shown(path: Path) -> str:
    """With what is no Unicode in its name escaped."""
    return os.fsencode(path).decode(errors="backslashreplace")
