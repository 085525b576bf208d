"""Files that appear all at once, each whole, or not at all; rows of JSON Lines among them."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, Self, TextIO

from rag.errors import InputError

ARTICLES, GOLD = "articles.jsonl", "gold.jsonl"
# JSON need not escape these, but to some readers they end a line
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class WholeFiles:
    """Files of a folder that are written under temporary names; once all are on disk they take their own, or after an error none.

    The folder is made where it is not there; other files in it are left alone. A
    process that dies between the renames, which go by the order of opening, leaves
    the last of the files as they were.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[Any]] = {}

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def open(self, name: str) -> TextIO:
        """The file to write, in UTF-8 with line feeds; it is closed with the others."""
        file = self._temporary(name).open("w", encoding="utf-8", newline="\n")
        self._files[name] = file
        return file

    def open_bytes(self, name: str) -> BinaryIO:
        file = self._temporary(name).open("wb")
        self._files[name] = file
        return file

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._settle()
        finally:
            for name, file in self._files.items():
                # what it still holds has no room, or is on disk already
                with suppress(OSError):
                    file.close()
                self._temporary(name).unlink(missing_ok=True)

    def _settle(self) -> None:
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        for name in self._files:
            self._temporary(name).replace(self._folder / name)

    def _temporary(self, name: str) -> Path:
        return self._folder / f".{name}.{os.getpid()}.new"


@contextmanager
def row_files(folder: Path, names: Sequence[str], *, force: bool) -> Iterator["RowFiles"]:
    """The files `names` of `folder`, which is made where it is not there, to be written; other files in it are left alone.

    Raises InputError where the folder cannot be written or, without `force`, has
    one of the files already.
    """
    taken = [name for name in names if (folder / name).exists()]
    if taken and not force:
        raise InputError(f"{folder} has {', '.join(taken)} already; choose another folder, or overwrite with --force (force=True)")
    try:
        with WholeFiles(folder) as files:
            yield RowFiles(files)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}; choose another folder") from error


class RowFiles:
    """Files of rows, settled with the others of their set."""

    def __init__(self, files: WholeFiles) -> None:
        self._files = files

    def write(self, name: str, rows: Iterable[dict[str, Any]]) -> int:
        """One row a line; gives their number."""
        file = self._files.open(name)
        count = 0
        for line in _lines(rows):
            file.write(line)
            count += 1
        return count


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        line = json.dumps(row, ensure_ascii=False)
        for character, escape in _LINE_ENDS.items():
            line = line.replace(character, escape)
        yield f"{line}\n"
