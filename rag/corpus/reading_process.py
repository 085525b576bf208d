"""The process that reads documents for the program: each in a child of its own, which can do nothing but read it.

Files are hostile: what they do to a library in C must not hurt whoever adds
them. A child gets the document's bytes, may take ten seconds of processor and
so much memory, can open nothing, neither a file nor a connection, and writes
the items that it reads, or the page that it draws, to its output. Nothing else
comes back.
"""

import codecs
import encodings
import json
import os
import pkgutil
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from types import ModuleType

from rag.corpus.draft import Draft
from rag.corpus.sniffing import format_in_zip
from rag.corpus.wire import NO_MEMORY, PROCESSOR_SECONDS, Item, Request, frame, payload, sent
from rag.errors import InputError
from rag.types import Refusal

_FORMATS = "rag.corpus.formats"
_TABLES = ("csv_rows", "jsonl")
# what a ZIP file can be is seen only in it, by the child; the readers of all have to be there by then
_IN_ZIP = {"zip_archive": ("zip_archive", "docx", "odt", "epub")}
# libraries and the document itself come to what is data: together they stay below 512 MB
_ADDRESS_BYTES, _DATA_BYTES = 1024**3, 416 * 1024**2


def main() -> None:
    """Reads requests, each two frames, until there are no more; ends with the document that a child did not survive."""
    _load()
    while (header := payload(_read)) is not None and (data := payload(_read)) is not None:
        request = Request(**json.loads(header))
        modules = [import_module(f"{_FORMATS}.{format}") for format in _IN_ZIP.get(request.format, (request.format,))]
        child = os.fork()
        if child == 0:
            os._exit(_read_document(modules, data, request))
        del data
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status:
            # a frame may be half written, so nothing can follow it
            os._exit(status if status > 0 else 128 - status)
        _write(frame(b""))


def _load() -> None:
    """Loads what Python itself loads only when it is first used, every encoding among it: a child can open no file to load it from."""
    import_module("_strptime")
    for module in pkgutil.iter_modules(encodings.__path__):
        with suppress(LookupError):
            codecs.lookup(module.name)


def _bound() -> None:
    """Takes from this process what reading a document does not need, and cannot be given back."""
    for limit, most in (
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_AS, _ADDRESS_BYTES),
        (resource.RLIMIT_DATA, _DATA_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _read_document(modules: Sequence[ModuleType], data: bytes, request: Request) -> int:
    _bound()
    try:
        for item in _items(modules, data, request):
            _write(frame(sent(item)))
    except MemoryError:
        return NO_MEMORY
    return 0


def _items(modules: Sequence[ModuleType], data: bytes, request: Request) -> Iterator[Item]:
    try:
        if request.page:
            yield modules[0].drawn(data, request.page)
            return
        format = format_in_zip(data) if len(modules) > 1 else request.format
        read = sys.modules[f"{_FORMATS}.{format}"].read
        for item in read(data, request.name, request.columns) if format in _TABLES else read(data, request.name):
            yield replace(item, format=format) if isinstance(item, Draft) else item
    except InputError as error:
        yield Refusal("", str(error))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a library raises for a damaged file, the file is refused
        yield Refusal(
            "", f"its reader cannot read it ({type(error).__name__}: {str(error)[:100]}): it is damaged, or of an unusual form; save it anew"
        )


def _read(size: int) -> bytes:
    parts = []
    while size and (part := os.read(0, min(size, 1024 * 1024))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(data: bytes) -> None:
    """Ends this process where nobody reads it any more: the program was killed."""
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(1, left) :]
    except BrokenPipeError:
        os._exit(0)
