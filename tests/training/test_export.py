import copy
import sys

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from rag.encoder.shipped_encoder import SHIPPED, SHIPPED_SHA256
from rag.errors import InputError
from rag.models.onnx_runtime import onnx_model
from rag.reader.joint_text import JointText
from rag.training import encoder_graph, export
from rag.training.batches import batch_to_read
from rag.training.span_graph import graph
from rag.training.span_model import SpanModel

SMALL = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(1)
    made = tmp_path_factory.mktemp("model")
    BertModel(BertConfig(vocab_size=100, initializer_range=0.1, **SMALL)).save_pretrained(made)
    return made


@pytest.fixture(scope="module")
def model(folder):
    torch.manual_seed(2)
    return SpanModel(folder).eval()


def text(tokens):
    ids = np.random.default_rng(tokens).integers(0, 100, tokens)
    return JointText(ids, (np.arange(tokens) > 4).astype(np.int64), 6, np.arange(tokens - 7), np.arange(tokens - 7) + 1)


def scores(content, model, text):
    """What the graph says of a text, relative to none."""
    embeddings = model.encoder.embeddings
    with torch.inference_mode():
        embedded = embeddings.word_embeddings(torch.tensor(text.ids)) + embeddings.token_type_embeddings(torch.tensor(text.segments))
        embedded += embeddings.position_embeddings.weight[: len(text.ids)]
    ends = onnx_model(content).of(embedded.numpy()[None])[0]
    return (ends - ends[0])[text.first : text.first + len(text.starts)]


def torch_scores(model, text):
    with torch.inference_mode():
        return model(batch_to_read([text]))[0, text.first : text.first + len(text.starts)].numpy()


@pytest.mark.parametrize("tokens", [20, 40, 200])
def test_the_graph_computes_what_torch_does(model, tokens):
    assert np.allclose(scores(graph(model, narrow=False), model, text(tokens)), torch_scores(model, text(tokens)), atol=1e-4)


@pytest.mark.parametrize("tokens", [20, 40, 200])
def test_in_int8_it_is_near(model, tokens):
    exact = torch_scores(model, text(tokens))
    assert np.abs(scores(graph(model), model, text(tokens)) - exact).mean() < 0.03 * np.abs(exact).mean()


def test_the_same_weights_give_the_same_bytes(model):
    assert graph(model) == graph(copy.deepcopy(model))


def test_weights_of_nothing_stay_finite(model):
    empty = copy.deepcopy(model)
    for parameter in empty.encoder.encoder.parameters():
        torch.nn.init.zeros_(parameter)
    assert np.isfinite(scores(graph(empty), empty, text(20))).all()


def test_a_checkpoint_becomes_the_file(model, folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(export, "pinned_folder", lambda: folder)
    kept = {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("encoder.embeddings.")}
    torch.save({"model": kept, "step": 1}, tmp_path / "span.pt")
    monkeypatch.setattr(sys, "argv", ["export", str(tmp_path / "span.pt"), str(tmp_path / "out.onnx")])
    assert export.main() == 0
    assert (tmp_path / "out.onnx").read_bytes() == graph(model)
    assert "out.onnx" in capsys.readouterr().out


def test_another_model_s_checkpoint_is_refused(model, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "pinned_folder", lambda: folder)
    torch.save({"model": {"ends.weight": model.ends.weight}}, tmp_path / "span.pt")
    with pytest.raises(InputError, match=r"no checkpoint of the span reader: encoder\.encoder\.layer\.0"):
        export.trained(tmp_path / "span.pt")


@pytest.mark.parametrize("tokens", [20, 200])
def test_the_encoder_s_graph_computes_what_torch_does(folder, tokens):
    model = BertModel.from_pretrained(folder).eval()
    ids = torch.tensor(text(tokens).ids)
    with torch.inference_mode():
        exact = model(input_ids=ids[None]).last_hidden_state[0].mean(0).numpy()
        parts = model.embeddings
        embedded = parts.word_embeddings(ids) + parts.token_type_embeddings.weight[0] + parts.position_embeddings.weight[: len(ids)]
    for narrow, near in ((False, 1e-4), (True, 0.05)):
        pooled = onnx_model(encoder_graph.graph(folder, narrow=narrow)).of(embedded.numpy()[None])[0]
        assert np.abs(pooled - exact).mean() < near * np.abs(exact).mean()


def test_the_pinned_model_becomes_the_encoder_that_ships(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["encoder_graph", str(tmp_path / "out.onnx")])
    assert encoder_graph.main() == 0
    assert (tmp_path / "out.onnx").read_bytes() == SHIPPED.read_bytes()
    assert SHIPPED_SHA256 in capsys.readouterr().out
