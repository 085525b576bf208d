"""The encoder that ships: `encoder.onnx`, made by `rag.training.encoder_graph` of the pinned model, run by ONNX Runtime in int8.

It has the layers; what they begin with are the pinned model's embeddings.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from rag.arrays import Vectors
from rag.encoder.each_alone import EachAlone
from rag.errors import EncoderError
from rag.models.once import Once
from rag.models.onnx_runtime import shipped_model
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
        return Identity(PINNED_MODEL, PINNED_SHA256, self._loaded().dimension)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._loaded().encode(texts)

    def _load(self) -> EachAlone:
        layers = shipped_model(self._path, SHIPPED_SHA256, "encoder", EncoderError)
        folder = pinned_folder()
        embeddings = WordEmbeddings(folder)

        def pooled(text: Encoding) -> Vectors:
            embedded = embeddings.of(np.array(text.ids), np.zeros(len(text.ids), dtype=np.int64))
            vector: Vectors = layers.of(embedded)[0]
            return vector

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(_MOST_TOKENS)
        return EachAlone(tokenizer, pooled)
