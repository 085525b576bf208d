"""Batches into vectors, in a thread beside the one that reads: encoding takes longest, and lets others run meanwhile."""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
from cachetools import LRUCache

from rag.adding.batch import Batch
from rag.arrays import STORED, Vectors
from rag.encoder import Encoder
from rag.types import Identity

# Of so many texts the vectors are remembered, some 20 MB: what an agency puts below each of its stories comes again and again.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Encoded:
    """A batch, and the vectors of its texts, float32 [texts, dimension]."""

    batch: Batch
    vectors: Vectors


class Encoding:
    """Encodes one batch at a time, and no text again that it met lately. For use by one thread, as a context: on leaving it nothing runs any more."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="encoding")
        self._running: tuple[Batch, Future[Vectors]] | None = None
        # of each text's SHA-256 the bytes of its vector as stored; an array would keep its whole batch's. Only the worker looks at them
        self._known: LRUCache[bytes, bytes] = LRUCache(_MOST)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._worker.shutdown()

    @property
    def identity(self) -> Identity:
        return self._encoder.identity

    @property
    def is_done(self) -> bool:
        """Whether there is a batch whose vectors nobody has to wait for."""
        return self._running is not None and self._running[1].done()

    def begin(self, batch: Batch) -> Encoded | None:
        """Begins to encode a batch, as soon as the one before is done; gives that one."""
        before = self.end()
        self._running = batch, self._worker.submit(self._vectors, batch.texts(), batch.before())
        return before

    def end(self) -> Encoded | None:
        """Waits for the batch that is being encoded, if one is. Raises what the encoder raises."""
        running, self._running = self._running, None
        return Encoded(running[0], running[1].result()) if running else None

    def _vectors(self, texts: Sequence[str], before: Mapping[str, Vectors]) -> Vectors:
        self._known.update({_digest(text): vector.astype(STORED).tobytes() for text, vector in before.items()})
        digests = [_digest(text) for text in texts]
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._known}
        found = {digest: self._known[digest] for digest in digests if digest not in new}
        if new:
            vectors = self._encoder.encode(list(new.values())).astype(STORED)
            found |= zip(new, (vector.tobytes() for vector in vectors), strict=True)
        self._known.update(found)
        return np.array([np.frombuffer(found[digest], dtype=STORED) for digest in digests], dtype=np.float32)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
