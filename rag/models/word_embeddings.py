"""The vectors that a BERT model begins with, read where they lie: a text's few hundred of them, never all."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.arrays import Vectors
from rag.models.pinned_model import WEIGHTS

Ints = NDArray[np.int64]
_PARTS = ("word_embeddings", "token_type_embeddings", "position_embeddings")


class WordEmbeddings:
    """Of the pinned model, whose file is mapped into memory; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        path = folder / WEIGHTS
        with path.open("rb") as file:
            # safetensors: the header's length, the header, then the tensors one after the other
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length))
        self._words, self._segments, self._places = (_mapped(path, 8 + length, header[f"embeddings.{part}.weight"]) for part in _PARTS)

    @property
    def width(self) -> int:
        return int(self._words.shape[1])

    def of(self, ids: Ints, segments: Ints) -> Vectors:
        """The sums of the tokens' word, segment and position vectors, float32 [1, tokens, width]; `ids` and `segments` are [tokens]."""
        sums: Vectors = self._words[ids] + self._segments[segments] + self._places[: len(ids)]
        return sums[None]


def _mapped(path: Path, data: int, tensor: dict[str, Any]) -> NDArray[np.float32]:
    return np.memmap(path, dtype="<f4", mode="r", offset=data + tensor["data_offsets"][0], shape=tuple(tensor["shape"]))
