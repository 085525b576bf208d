"""Texts into unit vectors, each by itself and on a core of its own, so that a vector hangs on nothing but its text's words."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from tokenizers import Encoding, Tokenizer

from rag.arrays import Vectors
from rag.models.machine import cores


class EachAlone:
    """Safe to share between threads, if `pooled` is."""

    def __init__(self, tokenizer: Tokenizer, pooled: Callable[[Encoding], Vectors]) -> None:
        """`tokenizer` cuts a text off where the model ends; `pooled` gives the vector of a text's tokens, float32 [dimension], of any length."""
        self._tokenizer = tokenizer
        self._pooled = pooled
        self._pool = ThreadPoolExecutor(cores(), thread_name_prefix="encoder")
        tokenizer.no_padding()
        # an article that has "[SEP]" in it says these letters, and ends nothing
        tokenizer.encode_special_tokens = True
        self.dimension = len(pooled(tokenizer.encode(".")))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Float32 [len(texts), dimension]."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for n, vector in enumerate(self._pool.map(self._pooled, self._tokenizer.encode_batch(list(texts)))):
            vectors[n] = vector / np.linalg.norm(vector)
        return vectors
