"""Rows into files of JSON Lines: all files of a set, or none."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import InputError

ARTICLES, GOLD = "articles.jsonl", "gold.jsonl"
# JSON need not escape these, but to some readers they end a line
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


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
        with RowFiles(folder) as files:
            yield files
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}; choose another folder") from error


class RowFiles:
    """Files that are written under temporary names; once all are on disk they take their own, or after an error none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: list[str] = []

    def __enter__(self) -> "RowFiles":
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def write(self, name: str, rows: Iterable[dict[str, Any]]) -> int:
        """One row a line; gives their number."""
        self._written.append(name)
        count = 0
        with self._temporary(name).open("w", encoding="utf-8", newline="\n") as file:
            for line in _lines(rows):
                file.write(line)
                count += 1
            file.flush()
            os.fsync(file.fileno())
        return count

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name in self._written:
            if kind is None:
                self._temporary(name).replace(self._folder / name)
            else:
                self._temporary(name).unlink(missing_ok=True)

    def _temporary(self, name: str) -> Path:
        return self._folder / f".{name}.{os.getpid()}.new"


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        line = json.dumps(row, ensure_ascii=False)
        for character, escape in _LINE_ENDS.items():
            line = line.replace(character, escape)
        yield f"{line}\n"
