"""Models as ONNX graphs, run by ONNX Runtime, each text in the one thread that asks; files that ship are checked."""

import hashlib
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from rag.arrays import Vectors
from rag.errors import PullquoteError
from rag.models.machine import has_instructions
from rag.models.offline import stay_offline

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """The layers of a model. Safe to share between threads."""

    _session: "InferenceSession"
    # the name of the one input
    _input: str

    def of(self, text: NDArray[Any]) -> Vectors:
        """What the layers make of a text, which is what the model takes: embeddings, float32 [1, tokens, width], or tokens, int64 [1, tokens].

        Float32, of the shape that the model says.
        """
        made: Vectors = self._session.run(None, {self._input: text})[0]
        return made


def shipped_model(path: Path, sha256: str, name: str, error: type[PullquoteError]) -> OnnxModel:
    """The model called `name` in a file of this installation. Raises `error` where it cannot be read or has another SHA-256."""
    try:
        content = path.read_bytes()
    except OSError as reason:
        raise error(f"{path}: the {name} cannot be read: {reason.strerror}; reinstall Pullquote") from None
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise error(f"{path}: this is not the {name} that ships: it has SHA-256 {found}, not {sha256}; reinstall Pullquote")
    return onnx_model(content)


def onnx_model(content: bytes, weights: Mapping[str, mmap.mmap] | None = None) -> OnnxModel:
    """The model whose graph is in these bytes; `weights` are files that it leaves its weights in, by the names that it gives them."""
    stay_offline()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    # what it says of a graph that it can run, such as that it keeps a node, is of no use to whoever asks
    options.log_severity_level = 3
    if weights:
        options.add_external_initializers_from_files_in_memory(list(weights), list(weights.values()), [len(file) for file in weights.values()])
    # Without VNNI the product of uint8 and int8 overflows its 16 bits and is cut off. The exact product takes
    # nearly twice as long, and would be taken with VNNI too, which needs it not.
    if not has_instructions("avx512_vnni", "avx_vnni"):
        options.add_session_config_entry("session.x64quantprecision", "1")
    # an addition and a normalization put together take longer than one after the other
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"])
    return OnnxModel(session, session.get_inputs()[0].name)
