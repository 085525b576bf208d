"""Models that a user brings: exported once, proven against torch, kept beside the archive, and asked without torch."""

import json
import logging
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers import BertConfig, BertModel, CanineConfig, CanineModel, CanineTokenizer, RobertaConfig, RobertaModel

from rag import Archive, Settings, read_articles
from rag.encoder import Exports, SentenceEncoder, sentence_encoder
from rag.models.pinned_model import WEIGHTS, file_sha256, pinned_folder
from tests.conftest import ROOT
from tests.test_encoder import MODEL, TEXTS

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
WORDS = {**SMALL, "vocab_size": 30_522, "pad_token_id": 0}


def saved(folder, transformer, pooling, *modules):
    """A model with random weights, as sentence-transformers saves it; those that read words have the pinned model's tokenizer."""
    transformer.save_pretrained(folder / "transformer")
    if isinstance(transformer, CanineModel):
        CanineTokenizer().save_pretrained(folder / "transformer")
    else:
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(pinned_folder() / name, folder / "transformer")
    parts = [Transformer(str(folder / "transformer")), Pooling(SMALL["hidden_size"], pooling), *modules]
    # a card would be looked up on the network
    SentenceTransformer(modules=parts).save(str(folder / "model"), create_model_card=False)
    return folder / "model"


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    torch.manual_seed(5)
    folders = [tmp_path_factory.mktemp("model") for _ in range(5)]
    return {
        "the pinned one under another name": MODEL,
        "the first token's vector": saved(folders[0], BertModel(BertConfig(**WORDS)), "cls"),
        "a layer above, of unit length": saved(folders[1], BertModel(BertConfig(**WORDS)), "mean", Dense(32, 16), Normalize()),
        "40 tokens at most": saved(folders[2], BertModel(BertConfig(**WORDS, max_position_embeddings=40)), "max"),
        "places counted from 2 on": saved(folders[3], RobertaModel(RobertaConfig(**WORDS, max_position_embeddings=514)), "mean"),
        "letters for tokens": saved(folders[4], CanineModel(CanineConfig(**SMALL, type_vocab_size=16, num_hash_buckets=64)), "mean"),
    }


# such as have words
WORDY = [text for text in TEXTS if text]
EXPORTED = [
    "the pinned one under another name",
    "the first token's vector",
    "a layer above, of unit length",
    "40 tokens at most",
    "places counted from 2 on",
]


@pytest.fixture
def small(models, tmp_path):
    """A copy to change."""
    return shutil.copytree(models["the first token's vector"], tmp_path / "model")


@pytest.fixture
def index(tmp_path):
    (tmp_path / "index").mkdir()
    return tmp_path / "index"


@pytest.fixture(scope="module")
def exported(models, tmp_path_factory):
    """A folder with an export of what is copied as `small`, and its vectors."""
    folder = tmp_path_factory.mktemp("exported")
    return folder, exporting(models["the first token's vector"], folder).encode(TEXTS)


@pytest.fixture
def vectors(exported, index):
    """Those of the export that is in the index then."""
    folder, vectors = exported
    shutil.copytree(folder, index, dirs_exist_ok=True)
    return vectors


def exporting(model, index, **how):
    return sentence_encoder(Settings(model=str(model)), Exports(index, **how))


def kept(index):
    return {path.name: path for path in index.glob("encoder/*/*")}


def same(one, other):
    return np.allclose((one * other).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", EXPORTED)
def test_vectors_and_identity_are_those_of_torch(name, models, index):
    of_torch = SentenceEncoder(str(models[name]), "fp32")
    first = exporting(models[name], index)
    # what is made is used at once, and what is kept by whoever comes next
    assert same(first.encode(TEXTS), of_torch.encode(TEXTS))
    assert sorted(kept(index)) == ["export.json", "graph.onnx", "tokenizer.json"]
    assert [path.parent.name for path in kept(index).values()] == [of_torch.identity.sha256] * 3
    again = exporting(models[name], index)
    assert np.array_equal(again.encode(TEXTS), first.encode(TEXTS))
    assert first.identity == again.identity == of_torch.identity
    assert again.encode([]).shape == (0, of_torch.identity.dimension)
    # the weights stay where they are
    assert kept(index)["graph.onnx"].stat().st_size < 150_000


def test_letters_of_a_special_token_end_nothing(index):
    texts = ["The bridge [SEP] opened in 1932.", "The bridge ] SEP [ opened in 1932."]
    for encoder in (exporting(MODEL, index), SentenceEncoder("", "fp32")):
        first, second = encoder.encode(texts)
        assert first @ second > 0.9


def test_a_question_to_an_archive_of_such_a_model_needs_no_torch(tmp_path):
    with Archive.open(tmp_path / "index", Settings(model=str(MODEL))) as archive:
        archive.add(read_articles(ROOT / "seeds"))
    code = (
        "import sys; from rag import Archive, Settings;"
        "archive = Archive.open(sys.argv[1], Settings(model=sys.argv[2]), read_only=sys.argv[3] == 'read');"
        "print(archive.ask('How many overseas police stations are there?').quotes[0].text);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'onnx', 'onnxscript') if name in sys.modules])"
    )
    for how in ("write", "read"):
        command = [sys.executable, "-c", code, str(tmp_path / "index"), str(MODEL), how]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "54 overseas police stations" in done.stdout
        assert (done.stdout.splitlines()[-1], done.stderr) == ("[]", "")


def test_a_precision_that_is_named_is_computed_by_torch(small, index):
    for precision in ("fp32", "bf16"):
        encoder = sentence_encoder(Settings(model=str(small), precision=precision), Exports(index))
        assert isinstance(encoder, SentenceEncoder)
    assert sentence_encoder(Settings(model=str(small))).encode(["x"]).shape == (1, 32)
    assert kept(index) == {}


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def cut(content):
    return content[: len(content) // 2]


@pytest.mark.parametrize(("name", "damaged"), [("graph.onnx", flipped), ("tokenizer.json", None), ("export.json", flipped), ("export.json", cut)])
def test_what_is_damaged_or_gone_is_made_anew(name, damaged, small, index, vectors):
    path = kept(index)[name]
    whole = path.read_bytes()
    path.write_bytes(damaged(whole)) if damaged else path.unlink()
    assert same(exporting(small, index).encode(TEXTS), vectors)
    assert path.stat().st_size == pytest.approx(len(whole), abs=8)
    facts = json.loads(kept(index)["export.json"].read_bytes())
    assert facts["files"] == {file: file_sha256(kept(index)[file]) for file in ("graph.onnx", "tokenizer.json")}


def test_an_export_that_cannot_be_loaded_is_made_anew(small, index, vectors, caplog):
    facts = json.loads(kept(index)["export.json"].read_bytes())
    kept(index)["graph.onnx"].write_bytes(b"no graph")
    facts["files"]["graph.onnx"] = file_sha256(kept(index)["graph.onnx"])
    kept(index)["export.json"].write_text(json.dumps(facts))
    assert same(exporting(small, index).encode(TEXTS), vectors)
    assert "does not load here" in caplog.text


def test_other_settings_of_the_same_weights_are_exported_anew(small, index, vectors):
    pooling = small / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text().replace('"cls"', '"mean"'))
    second = exporting(small, index)
    assert same(second.encode(TEXTS), SentenceEncoder(str(small), "fp32").encode(TEXTS))
    assert not same(second.encode(TEXTS), vectors)
    assert len(list(index.glob("encoder/*"))) == 1


def test_a_model_that_cannot_be_exported_stays_with_torch_and_is_not_tried_at_each_start(models, index, caplog):
    model = models["letters for tokens"]
    vectors = SentenceEncoder(str(model), "fp32").encode(TEXTS[:2])
    assert same(exporting(model, index).encode(TEXTS[:2]), vectors)
    assert "stays with torch, which takes seconds to start, since it cannot be exported to ONNX: its tokenizer is" in caplog.text
    (path,) = kept(index).values()
    facts = json.loads(path.read_bytes())
    assert "its tokenizer is none" in facts["refused"]
    caplog.clear()
    assert same(exporting(model, index).encode(TEXTS[:2]), vectors)
    assert caplog.records == []
    # other versions may be able to
    facts["refused_by"]["torch"] = "1.0"
    path.write_text(json.dumps(facts))
    exporting(model, index).encode(TEXTS[:1])
    assert "cannot be exported" in caplog.text
    assert json.loads(path.read_bytes())["refused_by"]["torch"] == torch.__version__


def test_an_export_that_gives_other_vectors_is_not_kept(small, index, caplog):
    # what the library does to texts beside what its tokenizer does
    config = json.loads((small / "sentence_bert_config.json").read_bytes())
    config["processing_kwargs"] = {"text": {"add_special_tokens": False}}
    (small / "sentence_bert_config.json").write_text(json.dumps(config))
    assert same(exporting(small, index).encode(WORDY), SentenceEncoder(str(small), "fp32").encode(WORDY))
    assert "an export gives other vectors, of a cosine of" in caplog.text
    assert sorted(kept(index)) == ["export.json"]


def test_who_only_reads_keeps_nothing(small, index):
    assert exporting(small, index, read_only=True).encode(["x"]).shape == (1, 32)
    assert list(index.iterdir()) == []


def test_an_archive_that_is_not_there_is_not_made(small, tmp_path):
    assert exporting(small, tmp_path / "nowhere").encode(["x"]).shape == (1, 32)
    assert not (tmp_path / "nowhere").exists()


def test_an_export_that_cannot_be_written_is_used_all_the_same(small, index, caplog):
    (index / "encoder").write_text("no folder")
    assert same(exporting(small, index).encode(TEXTS), SentenceEncoder(str(small), "fp32").encode(TEXTS))
    assert "the exported model cannot be kept" in caplog.text


def test_two_may_export_at_once(small, index, caplog):
    caplog.set_level(logging.WARNING)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: exporting(small, index).encode(TEXTS), range(2))
    assert same(first, second)
    assert same(exporting(small, index).encode(TEXTS), first)
    assert caplog.records == []


@pytest.mark.usefixtures("vectors")
def test_damaged_weights_are_no_export_of_theirs(small, index):
    weights = bytearray((small / WEIGHTS).read_bytes())
    weights[-4:] = np.float32(3).tobytes()
    (small / WEIGHTS).write_bytes(weights)
    changed = exporting(small, index)
    assert same(changed.encode(TEXTS), SentenceEncoder(str(small), "fp32").encode(TEXTS))
    assert len(list(index.glob("encoder/*"))) == 2
