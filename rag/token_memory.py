"""An encoder that remembers the token vectors of the texts it read last, so that a second question on them costs less."""

import threading
from collections.abc import Sequence

from cachetools import LRUCache

from rag.arrays import Vectors
from rag.encoder import Encoder, Tokens
from rag.types import Identity


class TokenMemory:
    """Wraps an encoder. Keeps at most `most` tokens in all, those used longest ago go first. Safe to share between threads."""

    def __init__(self, encoder: Encoder, most: int) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._kept: LRUCache[str, Tokens] = LRUCache(most, getsizeof=lambda tokens: max(1, len(tokens.starts)))
        self._most = most

    @property
    def identity(self) -> Identity:
        return self._encoder.identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(texts)

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= zip(new, self._encoder.tokens(new), strict=True)
        with self._lock:
            for text in new:
                if len(known[text].starts) <= self._most:
                    self._kept[text] = known[text]
        return [known[text] for text in texts]
