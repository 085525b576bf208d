"""Pages of PDFs as pictures: drawn one at a time, in a process that can do nothing else, and the last of them kept."""

import threading
from collections.abc import Callable
from typing import Self

from cachetools import LRUCache

from rag.corpus.picture import Picture
from rag.corpus.readers import Process
from rag.corpus.wire import Request
from rag.errors import InputError
from rag.types import Refusal

_KEPT_BYTES = 32 * 1024 * 1024
# what a refusal counts as
_SMALL = 1_000


class PagePictures:
    """Safe to share between threads. The process starts with the first page, and ends with `close`."""

    def __init__(self) -> None:
        self._process = Process()
        self._lock = threading.Lock()
        # why a page cannot be drawn is kept too: a file that was made to take long takes it once
        self._drawn: LRUCache[tuple[str, int], Picture | str] = LRUCache(
            _KEPT_BYTES, lambda one: len(one.png) if isinstance(one, Picture) else _SMALL
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._process.stop()

    def draw(self, sha256: str, number: int, data: Callable[[], bytes]) -> Picture:
        """The page of that number, from 1 on, of the PDF with that SHA-256, which `data` gives. Raises InputError where it cannot be drawn."""
        with self._lock:
            found = self._drawn.get((sha256, number))
            if found is None:
                found = self._drawn[sha256, number] = self._read(number, data())
        if isinstance(found, str):
            raise InputError(f"the page cannot be shown: {found}")
        return found

    def _read(self, number: int, data: bytes) -> Picture | str:
        """The page, or why there is none."""
        if number < 1:
            return "pages are counted from 1"
        match self._process.read(Request("pdf_picture", "", page=number), data):
            case [Picture() as picture]:
                return picture
            case [Refusal(reason=reason)]:
                return reason
        return "its reader gave no picture"
