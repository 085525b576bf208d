"""Rows into files of JSON Lines: all files of a set, or none."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.whole_files import WholeFiles

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
