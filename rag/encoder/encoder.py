"""What turns texts into vectors."""

from collections.abc import Sequence
from typing import Protocol

from rag.arrays import Vectors
from rag.types import Identity


class Encoder(Protocol):
    """Safe to share between threads. The model loads when it is first used, and may raise EncoderError then."""

    @property
    def identity(self) -> Identity: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 [len(texts), dimension]."""
        ...
