"""An encoder without a model, for what is not about meaning: words are hashed to directions."""

import hashlib
import re

import numpy as np

from rag.encoder import Tokens
from rag.types import Identity

DIMENSION = 64


class HashingEncoder:
    """A text's vector is the sum of its words', so that texts with common words are near each other."""

    def __init__(self, name="hashing"):
        self.identity = Identity(name, "0" * 64, DIMENSION)
        self.encoded = 0

    def encode(self, texts):
        self.encoded += len(texts)
        return np.array([_text(text) for text in texts], dtype=np.float32)

    def tokens(self, texts):
        return [self._tokens(text) for text in texts]

    def _tokens(self, text):
        found = list(re.finditer(r"\w+", text))
        vectors = np.array([_word(match[0].lower()) for match in found], dtype=np.float32).reshape(-1, DIMENSION)
        return Tokens(_text(text), vectors, np.array([m.start() for m in found], dtype=np.int64), np.array([m.end() for m in found], dtype=np.int64))


def _text(text):
    return _unit(sum((_word(word) for word in _words(text)), np.full(DIMENSION, 1e-3))).astype(np.float32)


def _words(text):
    return re.findall(r"\w+", text.lower())


def _word(word):
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return _unit(np.random.default_rng(seed).standard_normal(DIMENSION))


def _unit(vector):
    return vector / np.linalg.norm(vector)
