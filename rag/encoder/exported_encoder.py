"""Any model that sentence-transformers can load, exported to ONNX once: from then on a question needs no torch.

Where it cannot be exported, or the export cannot be kept, torch computes as it
does without.
"""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from rag.arrays import Vectors
from rag.encoder.encoder import Encoder
from rag.encoder.exporting import NotExportable, exported
from rag.encoder.exports import Exports
from rag.encoder.graph_encoder import GraphEncoder
from rag.encoder.sentence_encoder import SentenceEncoder
from rag.models.model_files import ModelFiles
from rag.models.once import Once
from rag.types import Identity

_log = logging.getLogger(__name__)

# of all in this process one loads at a time: who waited finds what the other exported
_loading = threading.Lock()


class ExportedEncoder:
    """Computes in fp32. Loads, and exports, when it is first used. Raises EncoderError then if the model cannot be loaded."""

    def __init__(self, model: str, exports: Exports) -> None:
        """`model` is a folder."""
        self._model = model
        self._exports = exports
        self._encoder = Once(self._load)

    @property
    def identity(self) -> Identity:
        return self._encoder().identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder().encode(texts)

    def _load(self) -> Encoder:
        files = ModelFiles.of(Path(self._model))
        with _loading:
            return self._kept(files) or self._made(files)

    def _kept(self, files: ModelFiles) -> Encoder | None:
        export = self._exports.find(files)
        try:
            return GraphEncoder(self._model, files, export) if export else None
        except Exception as error:  # noqa: BLE001 - ONNX Runtime and tokenizers have errors of many kinds
            _log.warning("%s: the exported model is made anew: it does not load here: %s", self._exports.archive, error)
            return None

    def _made(self, files: ModelFiles) -> Encoder:
        encoder = SentenceEncoder(self._model, "fp32")
        if self._exports.refuses(files) or not self._exports.can_keep():
            return encoder
        try:
            export = exported(encoder, files)
        except NotExportable as reason:
            _log.warning("%s stays with torch, which takes seconds to start, since it cannot be exported to ONNX: %s", self._model, reason)
            self._exports.refuse(files, str(reason))
            return encoder
        self._exports.keep(files, export)
        return GraphEncoder(self._model, files, export)
