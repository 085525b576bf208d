"""Batches into vectors, beside the one that reads: encoding takes longest, and lets others run meanwhile."""

import hashlib
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from cachetools import LRUCache

from rag.adding.batch import Batch
from rag.arrays import STORED, Vectors
from rag.encoder import Encoder
from rag.settings import Settings
from rag.types import Article, Identity, Passage

# Of so many texts the vectors are remembered, some 20 MB: what an agency puts below each of its stories comes again and again.
_MOST = 20_000
# of the documents of all batches that are encoded elsewhere at once
_MOST_BYTES = 512 * 1024 * 1024


class Promise(Protocol):
    """Vectors that come, float32 or as stored [texts, dimension]; a Future is one."""

    def done(self) -> bool: ...
    def result(self) -> Vectors: ...


class Elsewhere(Protocol):
    """Encodes in other processes, so many batches at once; `passages` are those of `rag.passages`. Raises a PullquoteError where it cannot."""

    @property
    def batches(self) -> int: ...
    def encode(self, texts: Sequence[str], identity: Identity) -> Promise: ...
    def passages(self, article: Article, settings: Settings) -> Sequence[Passage]: ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """A batch, and the vectors of its texts, float32 [texts, dimension]."""

    batch: Batch
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class _Begun:
    """A batch under way: by its SHA-256, each text's vector that is known, each that is promised, and the batch before it that brings it."""

    batch: Batch
    digests: Sequence[bytes]
    # the bytes of a vector as stored; an array would keep its whole batch's
    known: dict[bytes, bytes]
    promised: Sequence[bytes]
    promise: Promise | None
    shared: dict[bytes, "_Begun"]


class Encoding:
    """Encodes batches in their order, here one at a time, and no text again that it met lately.

    For use by one thread, as a context: on leaving it nothing runs here any more.
    """

    def __init__(self, encoder: Encoder, elsewhere: Elsewhere | None = None) -> None:
        self._encoder = encoder
        self._elsewhere = elsewhere
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoding")
        self._running: deque[_Begun] = deque()
        # of each text that is promised, the batch that brings it
        self._promised: dict[bytes, _Begun] = {}
        self._known: LRUCache[bytes, bytes] = LRUCache(_MOST)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._thread.shutdown()

    @property
    def identity(self) -> Identity:
        return self._encoder.identity

    def done(self) -> list[Encoded]:
        """The batches whose vectors nobody has to wait for."""
        done = []
        while self._running and self._is_done(self._running[0]):
            done.append(self._next())
        return done

    def begin(self, batch: Batch) -> list[Encoded]:
        """Begins to encode a batch, as soon as few enough are under way; gives those that were waited for. Raises what the encoder raises."""
        before = []
        while self._running and not self._has_room(batch):
            before.append(self._next())
        self._running.append(self._begun(batch))
        return before

    def end(self) -> list[Encoded]:
        """Waits for all that is being encoded. Raises what the encoder raises."""
        return [self._next() for _ in range(len(self._running))]

    def _has_room(self, batch: Batch) -> bool:
        if self._elsewhere is None:
            return False
        bytes = batch.bytes + sum(begun.batch.bytes for begun in self._running)
        return len(self._running) < self._elsewhere.batches and bytes <= _MOST_BYTES

    def _is_done(self, begun: _Begun) -> bool:
        return begun.promise is None or begun.promise.done()

    def _begun(self, batch: Batch) -> _Begun:
        self._known.update({_digest(text): vector.astype(STORED).tobytes() for text, vector in batch.before().items()})
        texts = {_digest(text): text for text in batch.texts()}
        known = {digest: self._known[digest] for digest in texts if digest in self._known}
        shared = {digest: self._promised[digest] for digest in texts if digest not in known and digest in self._promised}
        new = [digest for digest in texts if digest not in known and digest not in shared]
        promise = self._promise([texts[digest] for digest in new]) if new else None
        begun = _Begun(batch, [_digest(text) for text in batch.texts()], known, new, promise, shared)
        self._promised |= dict.fromkeys(new, begun)
        return begun

    def _promise(self, texts: Sequence[str]) -> Promise:
        if self._elsewhere:
            return self._elsewhere.encode(texts, self.identity)
        return self._thread.submit(self._encoder.encode, texts)

    def _next(self) -> Encoded:
        begun = self._running.popleft()
        found = begun.known
        for digest in begun.promised:
            del self._promised[digest]
        if begun.promise:
            found |= zip(begun.promised, (vector.tobytes() for vector in begun.promise.result().astype(STORED)), strict=True)
        found |= {digest: before.known[digest] for digest, before in begun.shared.items()}
        # the batch before had its own before it, and so on: all of them would stay
        begun.shared.clear()
        self._known.update(found)
        return Encoded(begun.batch, np.array([np.frombuffer(found[digest], dtype=STORED) for digest in begun.digests], dtype=np.float32))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
