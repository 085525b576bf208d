"""A model out of its export: an ONNX graph over the model's own weights, in fp32."""

from collections.abc import Sequence

import numpy as np
from tokenizers import Encoding, Tokenizer

from rag.arrays import Vectors
from rag.encoder.each_alone import EachAlone
from rag.encoder.exports import Export
from rag.models.model_files import ModelFiles
from rag.models.onnx_runtime import onnx_model
from rag.types import Identity


class GraphEncoder:
    def __init__(self, name: str, files: ModelFiles, export: Export) -> None:
        """Loads at once. Raises errors of ONNX Runtime's and the tokenizer's own where they cannot do with it."""
        layers = onnx_model(export.graph, files.weights())

        def pooled(text: Encoding) -> Vectors:
            vector: Vectors = layers.of(np.array([text.ids], dtype=np.int64))[0]
            return vector

        self._each = EachAlone(Tokenizer.from_str(export.tokenizer.decode()), pooled)
        self.identity = Identity(name, files.weights_sha256, self._each.dimension)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._each.encode(texts)
