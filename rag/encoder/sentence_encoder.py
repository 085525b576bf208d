"""Any model that sentence-transformers can load, offline and without running its code; the pinned one from checked weights.

Work is cut into small batches, and each core runs whole batches by itself: on
a few cores that is faster than spreading each operation over all of them,
which is what a large batch in one thread does (`docs/performance.md`).
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.arrays import Vectors
from rag.errors import EncoderError
from rag.models.offline import quiet_transformers
from rag.models.once import Once
from rag.models.pinned_model import PINNED_MODEL, PINNED_SHA256, pinned_folder, weights_sha256
from rag.models.torch_pool import torch_pool
from rag.types import Identity

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

# the activations of a batch of about this many tokens stay in a core's cache
_BATCH_TOKENS = 2_048
# a sentence-transformers model reads this many tokens at most, or fewer where it has fewer positions
_MOST_TOKENS = 512


class SentenceEncoder:
    """The model loads when it is first used. Raises EncoderError then if it cannot."""

    def __init__(self, model: str, precision: str) -> None:
        """`model` is a folder, or empty for the pinned model; `precision` is fp32 or bf16."""
        self._model = model
        self._precision = precision
        self._loaded = Once(self._load)
        # a fast tokenizer sets truncation and padding in itself on each call: one thread at a time
        self._tokenizing = threading.Lock()

    @property
    def identity(self) -> Identity:
        return self._loaded().identity

    @property
    def model(self) -> "SentenceTransformer":
        return self._loaded().model

    def encode(self, texts: Sequence[str]) -> Vectors:
        loaded = self._loaded()
        vectors = np.empty((len(texts), loaded.identity.dimension), dtype=np.float32)

        def work(batch: list[int]) -> None:
            with self._tokenizing:
                features = loaded.model.preprocess([texts[n] for n in batch])
            vectors[batch] = _unit(_forward(loaded.model, features)["sentence_embedding"])

        for _ in loaded.pool.map(work, _batches(self._lengths(texts))):
            pass
        return vectors

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has: characters tell it too roughly, and batches would be a tenth padding."""
        model = self._loaded().model
        if not texts:
            return []
        with self._tokenizing:
            return [len(ids) for ids in model.tokenizer(list(texts), truncation=True, max_length=model.max_seq_length)["input_ids"]]

    def _load(self) -> "_Loaded":
        folder = Path(self._model) if self._model else pinned_folder()
        name = self._model or PINNED_MODEL
        weights = weights_sha256(folder) if self._model else PINNED_SHA256
        model = _load_model(folder, self._precision)
        return _Loaded(model, Identity(name, weights, int(model.get_embedding_dimension() or 0)), torch_pool("encoder"))


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: "SentenceTransformer"
    identity: Identity
    pool: ThreadPoolExecutor


def _load_model(folder: Path, precision: str) -> "SentenceTransformer":
    quiet_transformers()
    import torch
    from sentence_transformers import SentenceTransformer

    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": dtype},
        )
    except (OSError, ValueError, KeyError) as error:
        raise EncoderError(f"{folder}: this is no model that sentence-transformers can load: {error}") from error
    model.max_seq_length = min(_MOST_TOKENS, _positions(model))
    # an article that has "[SEP]" in it says these letters, and ends nothing
    model.tokenizer.split_special_tokens = True
    return model.eval()


def _positions(model: "SentenceTransformer") -> int:
    config = getattr(model[0], "auto_model", model[0]).config
    return int(getattr(config, "max_position_embeddings", _MOST_TOKENS))


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Positions of texts of like length, longest first, a batch's padded length at most _BATCH_TOKENS."""
    batches: list[list[int]] = []
    longest = 0
    for n in sorted(range(len(lengths)), key=lambda n: (-lengths[n], n)):
        if not batches or (len(batches[-1]) + 1) * longest > _BATCH_TOKENS:
            batches.append([])
            longest = lengths[n]
        batches[-1].append(n)
    return batches


def _forward(model: "SentenceTransformer", features: dict[str, Any]) -> dict[str, "torch.Tensor"]:
    import torch

    with torch.inference_mode():
        output: dict[str, torch.Tensor] = model(features)
        return output


def _unit(vectors: "torch.Tensor") -> Vectors:
    import torch

    unit: Vectors = torch.nn.functional.normalize(vectors.float(), dim=-1).numpy()
    return unit
