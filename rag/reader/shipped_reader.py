"""The span reader that ships: `span_reader.onnx`, made by `rag.training.export`, run by ONNX Runtime.

It has the layers and the head; what they begin with are the pinned model's
embeddings, which training left as they were.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.errors import ReaderError
from rag.models.machine import cores
from rag.models.once import Once
from rag.models.onnx_runtime import OnnxModel, shipped_model
from rag.models.pinned_model import pinned_folder
from rag.models.word_embeddings import WordEmbeddings
from rag.reader.joint_text import JointTokenizer
from rag.reader.span_scores import SpanScores

SHIPPED = Path(__file__).parent / "span_reader.onnx"
SHIPPED_SHA256 = "9a52e8575a5faa5320d407b217ed91a486bc5cfcf57dcc64c2b03e106bb0e5dc"


class ShippedReader:
    """Loads when it is first used. Raises ReaderError then if its file is not the expected one, EncoderError if the pinned model is not."""

    def __init__(self, path: Path = SHIPPED) -> None:
        self._path = path
        self._loaded = Once(self._load)

    @property
    def sha256(self) -> str:
        # what is said of the weights is said once they are checked
        self._loaded()
        return SHIPPED_SHA256

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[SpanScores]:
        return list(self._loaded().pool.map(partial(self._scores, question), passages))

    def _scores(self, question: str, passage: tuple[str, str]) -> SpanScores:
        loaded = self._loaded()
        text = loaded.tokenizer.joined(question, *passage)
        logits = loaded.layers.of(loaded.embeddings.of(text.ids, text.segments))[0]
        own = logits[text.first : text.first + len(text.starts)] - logits[0]
        return SpanScores(text.starts, text.ends, own[:, 0].copy(), own[:, 1].copy())

    def _load(self) -> "_Loaded":
        layers = shipped_model(self._path, SHIPPED_SHA256, "span reader", ReaderError)
        folder = pinned_folder()
        pool = ThreadPoolExecutor(cores(), thread_name_prefix="span reader")
        return _Loaded(JointTokenizer(folder), WordEmbeddings(folder), layers, pool)


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: JointTokenizer
    embeddings: WordEmbeddings
    layers: OnnxModel
    pool: ThreadPoolExecutor
