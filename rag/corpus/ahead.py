"""Work that is done elsewhere while what comes before it is taken: in order, and only so much of it at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from rag.corpus.jsonl import Row
from rag.corpus.whole import Read, Source

One = TypeVar("One")
Begun = TypeVar("Begun")


@dataclass(frozen=True, slots=True)
class Most:
    """What may be under way at once: so many documents or bundles of rows, and so many bytes of them, but always one."""

    documents: int
    bytes: int


class Elsewhere(Protocol):
    """Reads documents and rows in other processes; what is given back waits for the result. `columns` and errors are those of `read_documents`."""

    @property
    def most(self) -> Most: ...
    def read(self, data: bytes, source: Source, columns: Mapping[str, str]) -> Callable[[], Iterable[Read]]: ...
    def rows(self, lines: Sequence[bytes], origin: str, columns: Mapping[str, str]) -> Callable[[], Sequence[Row]]: ...


def ahead(ones: Iterable[One], begin: Callable[[One], tuple[Begun, int]], most: Most) -> Iterator[tuple[One, Begun]]:
    """Each in its order, with what `begin` gave for it, which is called for others meanwhile; the number is that of its bytes.

    Where `ones` come to an end with an OSError or a UnicodeError, those before it are given first.
    """
    begun: deque[tuple[One, Begun, int]] = deque()
    under_way = 0
    try:
        for one in ones:
            made, size = begin(one)
            begun.append((one, made, size))
            under_way += size
            while len(begun) > most.documents or (under_way > most.bytes and len(begun) > 1):
                first, its, bytes = begun.popleft()
                under_way -= bytes
                yield first, its
    except (OSError, UnicodeError):
        yield from ((first, its) for first, its, _ in begun)
        raise
    yield from ((first, its) for first, its, _ in begun)
