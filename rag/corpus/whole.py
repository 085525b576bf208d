"""A document that is read as a whole into its articles, wherever that is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from rag.corpus.draft import Address, Draft
from rag.corpus.lenient import drafted, part_of
from rag.corpus.readers import Readers
from rag.types import Article, Refusal

# what is in a document
Read = Article | Address | Refusal


@dataclass(frozen=True, slots=True)
class Source:
    """A document's name, the id of an article in it that has none of its own, and where it was read from."""

    name: str
    id: str
    origin: str


def read_whole(readers: Readers, data: bytes, source: Source, max_bytes: int) -> Iterator[Read]:
    """The articles of a document in its order, each of at most `max_bytes`, the pages that it names, and a refusal for each part that is none."""
    for item in readers.read(data, source.name):
        match item:
            case Draft():
                yield drafted(item, id=source.id, name=source.name, origin=source.origin, max_bytes=max_bytes)
            case Address():
                yield item
            case Refusal(part, reason):
                yield Refusal(part_of(source.origin, part), reason)
