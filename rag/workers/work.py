"""What a worker does, each in a process and on a processor of its own: plain functions of values, which know of no store.

Documents are read there as `rag.corpus.readers` reads them anywhere: in a process that can do nothing else.
"""

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from rag import __version__
from rag.arrays import STORED
from rag.corpus.jsonl import Row, read_row
from rag.corpus.readers import VERSION, Readers
from rag.corpus.whole import Read, Source, read_whole
from rag.encoder import Encoder, sentence_encoder
from rag.errors import EncoderError, PullquoteError
from rag.passages import passages
from rag.settings import Settings
from rag.types import Article, Identity, Span

# which columns have the facts: ("title", "Headline"), …
Columns = tuple[tuple[str, str], ...]
# what was read, and an article's passages
Cut = tuple[Read, tuple[Span, ...]]
CutRow = tuple[Row, tuple[Span, ...]]


def version() -> str:
    """What has to be the same for whoever asks and whoever does the work."""
    return f"{__version__} (readers {VERSION})"


def perform(asked: str, work: Callable[..., object], arguments: Sequence[object]) -> tuple[str, object]:
    """Why it could not be done, by a worker that is named, or nothing; and what came of it."""
    if asked != version():
        return f"{_name()} has Pullquote {version()}, and this is {asked}: install the same on all machines", None
    try:
        return "", work(*arguments)
    except PullquoteError as error:
        return f"{_name()}: {error}", None


def greet() -> int:
    """The worker's process id: that it answers shows that it has this program."""
    return os.getpid()


def read(data: bytes, source: Source, settings: Settings, columns: Columns) -> list[Cut]:
    """What is in a document. Its own bytes are left out of it: whoever asks has them, and `with_bytes` puts them back."""
    items = read_whole(_readers(settings, columns), data, source, settings.max_article_bytes)
    return [(_with(item, data, None), _spans(item, settings)) for item in items]


def with_bytes(item: Read, data: bytes) -> Read:
    return _with(item, None, data)


def read_rows(lines: Sequence[bytes], origin: str, settings: Settings, columns: Columns) -> list[CutRow]:
    rows = [read_row(line, origin, settings.max_article_bytes, dict(columns)) for line in lines]
    return [(row, _spans(row.read, settings)) for row in rows]


def encode(texts: Sequence[str], settings: Settings, identity: Identity) -> bytes:
    """The vectors as they are stored, one behind the other. Raises EncoderError where this machine's model is another than `identity`."""
    encoder = _encoder(settings)
    if encoder.identity != identity:
        raise EncoderError(f"its model is {_shown(encoder.identity)}, and the archive is encoded by {_shown(identity)}: give all machines the same")
    # one text at a time keeps one processor busy, which is what a worker has
    return b"".join(encoder.encode([text]).astype(STORED).tobytes() for text in texts)


@cache
def _readers(settings: Settings, columns: Columns) -> Readers:
    return Readers(settings, dict(columns))


@cache
def _encoder(settings: Settings) -> Encoder:
    return sentence_encoder(settings)


def _with(item: Read, before: bytes | None, after: bytes | None) -> Read:
    original = item.original if isinstance(item, Article) else None
    if not isinstance(item, Article) or original is None or original.data is not before:
        return item
    return replace(item, original=replace(original, data=after))


def _spans(item: object, settings: Settings) -> tuple[Span, ...]:
    return tuple(passage.span for passage in passages(item, settings)) if isinstance(item, Article) else ()


def _shown(identity: Identity) -> str:
    return f"{identity.model} (weights {identity.sha256[:12]}…, {identity.dimension} numbers a vector)"


def _name() -> str:
    return f"the worker on {socket.gethostname()} (process {os.getpid()})"
