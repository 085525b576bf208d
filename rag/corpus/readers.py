"""Documents into drafts: each by the reader of its format, in a process that can do nothing else."""

import hashlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.corpus.draft import Address, Draft, Member
from rag.corpus.sniffing import HEAD_BYTES, format_of
from rag.corpus.wire import NO_MEMORY, PROCESSOR_SECONDS, Item, Request, frame, payload, received
from rag.errors import InputError
from rag.settings import Settings
from rag.types import Facts, Original, Refusal

# Of all readers together: it is raised when one reads something that it refused before, or otherwise.
VERSION = 1
# Their readers are this program's own and hand nothing to a library in C; a process would cost more than they do.
_READ_HERE = ("text", "markdown")
# of which no original is kept: a row is all of its article
_ROWS = "jsonl"
# A document is held to its time of the processor; this is for one that waits for what never comes.
_WALL_SECONDS = 60.0
_MOST_DEEP = 4
_PACKAGES = Path(__file__).parents[2]
# what an interpreter and its libraries may need to start
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "TZ")


class Readers:
    """The process that reads documents, and those in them; it starts when first needed.

    `columns` says in which columns of tables the facts stand ("title": "Headline") where their heads do not tell.
    """

    def __init__(self, settings: Settings, columns: Mapping[str, str] | None = None) -> None:
        self._max_article_bytes = settings.max_article_bytes
        self._columns = dict(columns or {})
        self._process = Process()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.stop()

    def read(self, data: bytes, name: str, depth: int = 0) -> Iterator[Draft | Address | Refusal]:
        """The drafts of a document called `name` and of all that lies in it, in its order.

        `Draft.part` and `Refusal.origin` begin with the names of the documents in it that they are of; they are empty for the
        document as a whole.
        """
        try:
            if depth > _MOST_DEEP:
                raise InputError(f"it lies in {depth} documents within each other; the most is {_MOST_DEEP}: take it out, and add it by itself")
            format = format_of(data[:HEAD_BYTES], name)
            if format in _READ_HERE:
                if len(data) > self._max_article_bytes:
                    raise InputError(f"the file has {len(data):,} bytes; the most is {self._max_article_bytes:,}")
                read = import_module(f"rag.corpus.formats.{format}").read
                items: list[Item] = [replace(draft, format=format) for draft in read(data, name)]
            else:
                items = self._process.read(Request(format, name, self._columns), data)
        except InputError as error:
            yield Refusal("", str(error))
            return
        for item in _with_original(items, data):
            match item:
                case Member():
                    for inner in self.read(item.data, item.name, depth + 1):
                        yield _within(item.name, item.facts, inner)
                # nobody asked for a picture
                case Draft() | Address() | Refusal():
                    yield item


class Process:
    """A process that runs rag.corpus.reading_process; one that a document ended is started anew for the next."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None

    def read(self, request: Request, data: bytes) -> list[Item]:
        """All items of a document: nobody waits within it for what becomes of them."""
        running = self._running = self._running or _started()
        if running.stdin is None or running.stdout is None:
            raise AssertionError
        try:
            running.stdin.write(frame(request.sent()) + frame(data))
            running.stdin.flush()
            return list(self._items(running.stdout.fileno()))
        except (BrokenPipeError, InputError) as error:
            self.stop()
            return [Refusal("", str(error) if isinstance(error, InputError) else "its reader broke down")]

    def stop(self) -> None:
        running, self._running = self._running, None
        if running:
            running.kill()
            running.communicate()

    def _items(self, output: int) -> Iterator[Item]:
        until = time.monotonic() + _WALL_SECONDS

        def read(size: int) -> bytes:
            data = bytearray()
            while len(data) < size:
                if not select.select([output], [], [], max(0.0, until - time.monotonic()))[0]:
                    raise InputError(f"reading it took more than {_WALL_SECONDS:.0f} seconds; {_WAY_OUT}")
                part = os.read(output, min(size - len(data), 1024 * 1024))
                if not part:
                    break
                data += part
            return bytes(data)

        while found := payload(read):
            yield received(found)
        if found is None:
            raise InputError(f"{self._what_happened()}; {_WAY_OUT}")

    def _what_happened(self) -> str:
        code = self._running.wait(_WALL_SECONDS) if self._running else 0
        if code == NO_MEMORY:
            return "reading it takes more memory than a document may"
        if code == 128 + signal.SIGXCPU or code == 128 + signal.SIGKILL:
            return f"reading it takes more than {PROCESSOR_SECONDS} seconds"
        return "its reader broke down, so it is damaged or was made to do so"


_WAY_OUT = "open it in a program that can, and save it anew"


def _started() -> subprocess.Popen[bytes]:
    # threads of a library in the parent would not be in its children, and their stacks count as memory
    environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    # it finds what this program finds, wherever that was started, and knows nothing else of what it was started with
    environment["PYTHONPATH"] = os.pathsep.join([str(_PACKAGES), *filter(None, sys.path)])
    environment |= {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-c", "from rag.corpus.reading_process import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )


def _with_original(items: Iterable[Item], data: bytes) -> Iterator[Item]:
    """What was read of a document, each draft with that document."""
    original = None
    for item in items:
        if isinstance(item, Draft) and item.format != _ROWS:
            original = original or Original(hashlib.sha256(data).hexdigest(), item.format, VERSION, data)
            yield replace(item, original=original)
        else:
            yield item


def _within(name: str, facts: Facts, item: Draft | Address | Refusal) -> Draft | Address | Refusal:
    """What was read of a document that lies in another, as a part of that."""
    if isinstance(item, Refusal):
        return Refusal(_joined(name, item.origin), item.reason)
    if isinstance(item, Address):
        return item
    return replace(item, part=_joined(name, item.part), facts=item.facts.or_else(facts))


def _joined(name: str, part: str) -> str:
    return f"{name}/{part}" if part else name
