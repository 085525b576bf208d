"""Work that is done elsewhere while what comes before it is taken: in order, and only so much of it at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from rag.corpus.jsonl import ReadLines, Row, bundles
from rag.corpus.whole import Read, Source

One = TypeVar("One")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Most:
    """What may be under way at once: so many documents or bundles of rows, and so many bytes of them and one more."""

    documents: int
    bytes: int


class Elsewhere(Protocol):
    """Reads documents and rows in other processes; what is given back waits for the result. `columns` and errors are those of `read_documents`."""

    @property
    def most(self) -> Most: ...
    def read(self, data: bytes, source: Source, columns: Mapping[str, str]) -> Callable[[], Iterable[Read]]: ...
    def rows(self, lines: Sequence[bytes], origin: str, columns: Mapping[str, str]) -> Callable[[], Sequence[Row]]: ...


@dataclass(frozen=True, slots=True)
class Begun:
    """A file that is being read elsewhere before its turn: the SHA-256 of its bytes then, and what waits for what is in it."""

    sha256: str
    items: Callable[[], Iterable[Read]]


def ahead(ones: Iterable[One], begin: Callable[[One], tuple[Made, int]], most: Most) -> Iterator[tuple[One, Made]]:
    """Each in its order, with what `begin` gave for it, which is called for others meanwhile; the number is that of its bytes.

    Where `ones` come to an end with an OSError or a UnicodeError, those before it are given first.
    """
    begun: deque[tuple[One, Made, int]] = deque()
    under_way = 0
    try:
        for one in ones:
            made, size = begin(one)
            begun.append((one, made, size))
            under_way += size
            while len(begun) > most.documents or under_way > most.bytes:
                first, its, bytes = begun.popleft()
                under_way -= bytes
                yield first, its
    except (OSError, UnicodeError):
        yield from ((first, its) for first, its, _ in begun)
        raise
    yield from ((first, its) for first, its, _ in begun)


def rows_ahead(workers: Elsewhere, origin: str, columns: Mapping[str, str]) -> ReadLines:
    """What reads the lines of the file at `origin` by workers, bundle by bundle."""

    def begin(bundle: Sequence[bytes]) -> tuple[Callable[[], Sequence[Row]], int]:
        return workers.rows(bundle, origin, columns), sum(map(len, bundle))

    def read(lines: Iterable[bytes]) -> Iterator[tuple[bytes, Row]]:
        for bundle, rows in ahead(bundles(lines), begin, workers.most):
            yield from zip(bundle, rows(), strict=True)

    return read
