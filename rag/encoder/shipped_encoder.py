"""The encoder that ships: `encoder.onnx`, made by `rag.training.encoder_graph` of the pinned model, run by ONNX Runtime in int8.

It has the layers; what they begin with are the pinned model's embeddings. Each
text is encoded by itself, so that its vector hangs on nothing but its words.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from rag.arrays import Vectors
from rag.errors import EncoderError
from rag.models.machine import cores
from rag.models.once import Once
from rag.models.onnx_runtime import OnnxModel, shipped_model
from rag.models.pinned_model import PINNED_MODEL, PINNED_SHA256, pinned_folder
from rag.models.word_embeddings import WordEmbeddings
from rag.types import Identity

SHIPPED = Path(__file__).parent / "encoder.onnx"
SHIPPED_SHA256 = "48502083a87cd74310f9a39a424facffb71c78bc8f0b6bf7a1533deadf0c327e"
# the model has no more positions
_MOST_TOKENS = 512


class ShippedEncoder:
    """Loads when it is first used. Raises EncoderError then if its file or the pinned model is not the expected one."""

    def __init__(self, path: Path = SHIPPED) -> None:
        self._path = path
        self._loaded = Once(self._load)

    @property
    def identity(self) -> Identity:
        return Identity(PINNED_MODEL, PINNED_SHA256, self._loaded().embeddings.width)

    def encode(self, texts: Sequence[str]) -> Vectors:
        loaded = self._loaded()
        tokens = loaded.tokenizer.encode_batch(list(texts))
        vectors = np.empty((len(texts), loaded.embeddings.width), dtype=np.float32)
        for n, vector in enumerate(loaded.pool.map(loaded.vector, tokens)):
            vectors[n] = vector
        return vectors

    def _load(self) -> "_Loaded":
        layers = shipped_model(self._path, SHIPPED_SHA256, "encoder", EncoderError)
        folder = pinned_folder()
        return _Loaded(_tokenizer(folder), WordEmbeddings(folder), layers, ThreadPoolExecutor(cores(), thread_name_prefix="encoder"))


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: Tokenizer
    embeddings: WordEmbeddings
    layers: OnnxModel
    pool: ThreadPoolExecutor

    def vector(self, text: Encoding) -> Vectors:
        """The unit vector of a text's tokens, float32 [dimension]."""
        embedded = self.embeddings.of(np.array(text.ids), np.zeros(len(text.ids), dtype=np.int64))
        pooled: Vectors = self.layers.of(embedded)[0]
        return pooled / np.linalg.norm(pooled)


def _tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    # an article that has "[SEP]" in it says these letters, and ends nothing
    tokenizer.encode_special_tokens = True
    return tokenizer
