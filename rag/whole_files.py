"""Files that appear all at once, each whole, or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Self, TextIO


class WholeFiles:
    """Files of a folder that are written under temporary names; once all are on disk they take their own, or after an error none.

    The folder is made where it is not there; other files in it are left alone. A
    process that dies between the renames leaves some of the files as they were.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, TextIO] = {}

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def open(self, name: str) -> TextIO:
        """The file to write, in UTF-8 with line feeds; it is closed with the others."""
        self._files[name] = file = self._temporary(name).open("w", encoding="utf-8", newline="\n")
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
