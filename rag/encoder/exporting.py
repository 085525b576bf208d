"""Exports a model that sentence-transformers loads: everything from a text's tokens to its vector, pooling and what follows it too, as an ONNX graph.

The weights stay where they are: the graph says at which place of which of the
model's files each lies, so that an export takes a hundredth of the model.
"""

import hashlib
import json
import logging
import mmap
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from rag.encoder.exports import Export
from rag.encoder.graph_encoder import GraphEncoder
from rag.encoder.sentence_encoder import SentenceEncoder
from rag.models.model_files import ModelFiles

if TYPE_CHECKING:
    import onnx_ir
    import torch
    from sentence_transformers import SentenceTransformer

# an export of a sound model differs from it by rounding alone: 1 - 1e-6
_LEAST_COSINE = 0.99999
# tensors of fewer bytes stay in the graph
_LEAST_BYTES = 1_024
# what is traced has some middling length: the exporter takes the lengths 0 and 1 for special
_EXAMPLE = "The bridge opened in 1932."
# of one word, of more than any model reads, and of what tokenizers treat each in their own way
_SAMPLES = (
    "a",
    "Bridge",
    "The bridge opened in 1932, and 54 of its 1,200 lamps were lit.",
    "  Spaces before,\ttabs between\n\nand lines   after it. \n",
    'He said "[SEP] </s> <pad> [MASK]" — and left… it’s naïve.',
    "Die Brücke wurde 1932 eröffnet. Une rivière. Ёлка. 橋は1932年に開通した。 جسر 🌉",
    "When did the bridge open?\nAn article's title, and then its words. " * 12,
    "long words 1932 " * 400,
    "x" * 3_000,
)


class NotExportable(Exception):
    """The model stays with torch, for the reason that this gives."""


def exported(encoder: SentenceEncoder, files: ModelFiles) -> Export:
    """The export of a model in fp32, proven against it on sample texts.

    By one thread at a time: the exporter changes what all share. Raises
    NotExportable where there is none that gives the same vectors, and EncoderError
    where the model cannot be loaded.
    """
    from sentence_transformers.base.modules import Transformer

    model = encoder.model
    if not isinstance(model[0], Transformer):
        raise NotExportable(f"it begins with a {type(model[0]).__name__}, not with a transformer")
    tokenizer = _tokenizer(model)
    try:
        export = Export(_graph(model, files), tokenizer)
        cosines = (GraphEncoder(encoder.identity.model, files, export).encode(_SAMPLES) * encoder.encode(_SAMPLES)).sum(axis=1)
    except Exception as error:  # exporter and runtime have as many errors as there are models
        raise NotExportable(f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0][:300]}") from error
    # a vector that is no number is no proof
    if not cosines.min() >= _LEAST_COSINE:
        raise NotExportable(f"an export gives other vectors, of a cosine of {cosines.min():.6f} to the model's own")
    return export


def _tokenizer(model: "SentenceTransformer") -> bytes:
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise NotExportable("its tokenizer is none of the library tokenizers")
    tokenizer = Tokenizer.from_str(backend.to_str())
    tokenizer.no_padding()
    tokenizer.enable_truncation(model.max_seq_length or 0)
    return tokenizer.to_str().encode()


def _graph(model: "SentenceTransformer", files: ModelFiles) -> bytes:
    """The graph's bytes: it takes a text's tokens, int64 [1, tokens], and gives its vector, float32 [1, dimension]."""
    import onnx_ir
    from onnx_ir.passes.common import ClearMetadataAndDocStringPass

    traced = _traced(model)
    _leave_weights(traced, files)
    # where in the libraries each node comes from, with the paths of this machine
    ClearMetadataAndDocStringPass()(traced)
    content: bytes = onnx_ir.to_proto(traced).SerializeToString(deterministic=True)
    return content


def _traced(model: "SentenceTransformer") -> "onnx_ir.Model":
    import torch

    tokens = model.preprocess([_EXAMPLE])

    class OfOneText(torch.nn.Module):
        """A text by itself has no padding and one segment, so that its tokens are all that the model need be given."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: "torch.Tensor") -> "torch.Tensor":
            features = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
            if "token_type_ids" in tokens:
                features["token_type_ids"] = torch.zeros_like(ids)
            vector: torch.Tensor = self.model(features)["sentence_embedding"]
            return vector

    lengths = torch.export.Dim("tokens", min=2, max=model.max_seq_length)
    # it tells of libraries that it could export too if they were installed
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # without its own optimizing, which turns weights around and so makes others of them; ONNX Runtime optimizes when it loads
        program = torch.onnx.export(
            OfOneText().eval(), (tokens["input_ids"],), dynamo=True, dynamic_shapes={"ids": {1: lengths}}, optimize=False, verbose=False
        )
    if program is None:
        raise NotExportable("the exporter gives nothing")
    traced: onnx_ir.Model = program.model
    return traced


def _leave_weights(traced: "onnx_ir.Model", files: ModelFiles) -> None:
    """Puts in place of each weight, where the very bytes lie in a file of the model, the place where they lie."""
    import onnx_ir

    places = {
        hashlib.sha256(content[start:stop]).digest(): (name, start, stop - start)
        for name, content in files.weights().items()
        for start, stop in _tensors(content)
    }
    for name, value in traced.graph.initializers.items():
        tensor = value.const_value
        if tensor is not None and tensor.nbytes >= _LEAST_BYTES and (place := places.get(hashlib.sha256(tensor.tobytes()).digest())):
            value.const_value = onnx_ir.ExternalTensor(*place, tensor.dtype, shape=onnx_ir.Shape(tensor.shape.numpy()), name=name)


def _tensors(content: mmap.mmap) -> Iterator[tuple[int, int]]:
    """Where each tensor of a safetensors file begins and ends."""
    # the header's length, the header, then the tensors one after the other
    data = 8 + int.from_bytes(content[:8], "little")
    for name, tensor in json.loads(content[8:data]).items():
        if name != "__metadata__":
            start, stop = tensor["data_offsets"]
            yield data + start, data + stop
