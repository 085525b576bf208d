"""The span reader that ships: `span_reader.onnx`, made by `rag.training.export`, run by ONNX Runtime.

It has the layers and the head; what they begin with are the pinned model's
embeddings, which training left as they were.
"""

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ReaderError
from rag.models.machine import cores, has_instructions
from rag.models.offline import stay_offline
from rag.models.pinned_model import pinned_folder
from rag.reader.joint_text import JointTokenizer
from rag.reader.span_scores import SpanScores
from rag.reader.word_embeddings import WordEmbeddings

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SHIPPED = Path(__file__).parent / "span_reader.onnx"
SHIPPED_SHA256 = "9a52e8575a5faa5320d407b217ed91a486bc5cfcf57dcc64c2b03e106bb0e5dc"


class ShippedReader:
    """Loads when it is first used. Raises ReaderError then if its file is not the expected one, EncoderError if the pinned model is not."""

    def __init__(self, path: Path = SHIPPED) -> None:
        self._path = path
        self._loading = threading.Lock()

    @property
    def sha256(self) -> str:
        self._loaded  # noqa: B018 - what is said of the weights is said once they are checked
        return SHIPPED_SHA256

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[SpanScores]:
        return list(self._loaded.pool.map(partial(self._scores, question), passages))

    def _scores(self, question: str, passage: tuple[str, str]) -> SpanScores:
        loaded = self._loaded
        text = loaded.tokenizer.joined(question, *passage)
        logits = loaded.session.run(["ends"], {"embedded": loaded.embeddings.of(text)})[0][0]
        own = logits[text.first : text.first + len(text.starts)] - logits[0]
        return SpanScores(text.starts, text.ends, own[:, 0].copy(), own[:, 1].copy())

    @property
    def _loaded(self) -> "_Loaded":
        with self._loading:
            return self._load

    @cached_property
    def _load(self) -> "_Loaded":
        content = _checked(self._path)
        folder = pinned_folder()
        pool = ThreadPoolExecutor(cores(), thread_name_prefix="span reader")
        return _Loaded(JointTokenizer(folder), WordEmbeddings(folder), _session(content), pool)


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: JointTokenizer
    embeddings: WordEmbeddings
    session: "InferenceSession"
    pool: ThreadPoolExecutor


def _checked(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReaderError(f"{path}: the span reader cannot be read: {error.strerror}; reinstall Pullquote") from None
    found = hashlib.sha256(content).hexdigest()
    if found != SHIPPED_SHA256:
        raise ReaderError(f"{path}: the span reader has SHA-256 {found}, not {SHIPPED_SHA256}; reinstall Pullquote")
    return content


def _session(content: bytes) -> "InferenceSession":
    stay_offline()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # each text is read in one thread, that of the pool which asks
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    # Without VNNI the product of uint8 and int8 overflows its 16 bits and is cut off. The exact product takes
    # nearly twice as long, and would be taken with VNNI too, which needs it not.
    if not has_instructions("avx512_vnni", "avx_vnni"):
        options.add_session_config_entry("session.x64quantprecision", "1")
    # an addition and a normalization put together take longer than one after the other
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"])
