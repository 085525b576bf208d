"""The span reader's training, on a few real sentences and with the real model."""

import json
import random
import shutil
from contextlib import closing

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from rag.errors import InputError
from rag.models.pinned_model import pinned_folder
from rag.reader.joint_text import JointTokenizer
from rag.training.batches import ahead, batch_of, batch_to_read
from rag.training.exchange import Exchange
from rag.training.groups import Groups, Labelled, places
from rag.training.mining import hard_negatives
from rag.training.rows import Row, rows
from rag.training.span_measures import BestWords, found, reached
from rag.training.span_model import SpanModel, imitation, loss, translated
from rag.training.span_training import Plan, train
from rag.types import Span

DAM = "The dam was built by the town of Lower Ford in 1911. It is forty metres high."
MILL = "The mill on the river was opened in 1852. Its owner sold it to the railway."


def row(id, question, context, answer, title="Water"):
    spans = (Span(context.index(answer), context.index(answer) + len(answer)),) if answer else ()
    return Row("squad-dev", id, title, context, question, spans)


ROWS = [
    row("1", "Who built the dam in Lower Ford?", DAM, "the town of Lower Ford"),
    row("2", "When was the dam built?", DAM, "1911"),
    row("3", "How high is the dam?", DAM, "forty metres"),
    row("4", "When was the mill opened?", MILL, "1852"),
    row("5", "Who bought the mill in 1852?", MILL, "the railway"),
    row("6", "Who designed the dam?", DAM, ""),
]
NEGATIVES = [[3, 6], [3, 6], [3, 6], [0, 6], [0, 6], []]
ELSEWHERE = row("7", "When did Upper Wey flood in 1900?", MILL, "1852")

EVERY = [*ROWS, ELSEWHERE]


@pytest.fixture(scope="module")
def tokenizer():
    return JointTokenizer(pinned_folder())


@pytest.fixture(scope="module")
def model():
    return SpanModel(pinned_folder()).eval()


def batches(groups, seed, size=4):
    """Those of the first pass, whose rows are one block."""
    return groups.batches(next(groups.blocks(seed)), size)


def told(window):
    """The words of a window's text that answer, by their tokens' places."""
    return [(window.text.starts[first - window.text.first], window.text.ends[last - window.text.first]) for first, last in window.answers]


def test_an_answer_is_its_tokens(tokenizer):
    text = tokenizer.joined(ROWS[0].question, "Water", DAM)
    ((first, last),) = places(text, ROWS[0].answers)
    assert DAM[text.starts[first - text.first] : text.ends[last - text.first]] == "the town of Lower Ford"


def test_the_same_groups_come_from_the_same_seed_and_others_from_another(tokenizer):
    def ids(seed):
        made = batches(Groups(EVERY, [*NEGATIVES, []], tokenizer), seed)
        return [window.text.ids.tolist() for batch in made for group in batch for window in group]

    assert ids(1) == ids(1) != ids(2)


def test_only_the_first_window_of_a_group_answers_and_none_of_an_exchanged_question(tokenizer):
    made = Groups(EVERY, [*NEGATIVES, []], tokenizer)
    groups = [group for seed in range(30) for batch in batches(made, seed) for group in batch]
    assert {len(group) for group in groups} == {1, 2, 3}
    assert all(not other.answers for group in groups for other in group[1:])
    # "Who designed the dam?", and questions with another name or year in them
    assert sum(not group[0].answers for group in groups) > 30


def test_a_long_passage_is_cut_where_its_answer_is_left(tokenizer):
    filler = "Nothing happened in that long year, and nobody wrote of it. " * 60
    long = row("l", "Who built the dam?", f"{filler}{DAM} {filler}", "the town of Lower Ford")
    made = Groups([long], [[]], tokenizer)
    windows = [group[0] for seed in range(20) for batch in batches(made, seed) for group in batch]
    assert all(window.answers for window in windows)
    assert len({told(window)[0] for window in windows}) > 5


def test_another_name_or_year_takes_the_place_of_one():
    exchange, rng = Exchange(ROWS), random.Random(1)
    asked = Exchange(EVERY).exchanged(ROWS[0], rng)
    assert asked == "Who built the dam in Upper Wey?"
    # a name or year that the passage has is none that it does not answer
    assert exchange.exchanged(ROWS[4], rng) is None


def test_a_hard_negative_is_another_passage_without_the_answer(tmp_path, hashing):
    near = row("8", "What else was built by the town?", "The town built the dam and a school in 1911.", "a school")
    negatives = hard_negatives(
        [*ROWS, near, *(row(f"f{n}", f"Filler {n}?", f"Filler text {n}.", "Filler") for n in range(30))], hashing, tmp_path, print
    )
    assert 3 in negatives[1]
    # it has "1911", which answers
    assert 6 not in negatives[1]
    assert not any(n in negatives[1] for n in (0, 1, 2, 5))
    assert negatives[5] == []


def test_the_loss_by_hand(tokenizer):
    text = tokenizer.joined("Who?", "", "Romans built")
    answering, silent = Labelled(text, ((text.first, text.first),)), Labelled(text, ())
    scores = torch.full((2, len(text.ids), 2), -1e4)
    scores[:, 0] = 0
    scores[0, text.first : text.first + 2] = torch.tensor([[2.0, 2.0], [0.0, 0.0]])
    scores[1, text.first : text.first + 2] = torch.tensor([[1.0, 1.0], [0.0, 0.0]])
    e = np.exp
    # by themselves: the first's answer has e^2 of e^2 + 1 + 1 for none; in the second, none has 1 of e + 1 + 1
    alone = -(np.log(e(2) / (e(2) + 2)) + np.log(1 / (e(1) + 2))) / 2
    # together: e^2 of all that either says and one for none
    shared = -np.log(e(2) / (e(2) + 1 + e(1) + 1 + 1))
    assert loss(scores, batch_of([(answering, silent)])).item() == pytest.approx((alone + shared) / 2, abs=1e-5)


def test_of_several_places_the_sum_counts(tokenizer):
    text = tokenizer.joined("Who?", "", "Romans or Romans")
    both = Labelled(text, ((text.first, text.first), (text.first + 2, text.first + 2)))
    scores = torch.full((1, len(text.ids), 2), -1e4)
    scores[:, 0] = 0
    scores[0, text.first : text.first + 3] = 1.0
    assert loss(scores, batch_of([(both,)])).item() == pytest.approx(-np.log(2 * np.e / (3 * np.e + 1)), abs=1e-5)


def test_scores_are_over_none_and_outside_the_passage_nothing_answers(model, tokenizer):
    text = tokenizer.joined("Who built the dam?", "Water", DAM)
    with torch.inference_mode():
        (scores,) = model(batch_to_read([text])).numpy()
    assert (scores[0] == 0).all()
    assert (scores[1 : text.first] < -1e3).all()
    assert scores[-1, 0] < -1e3
    assert np.isfinite(scores[text.first : -1]).all()


def test_questions_are_told_apart_in_a_batch(tokenizer):
    """What is shared is of each question by itself, whoever stands beside."""
    text = tokenizer.joined("Who?", "", "Romans built")
    answering, silent = Labelled(text, ((text.first, text.first + 1),)), Labelled(text, ())
    torch.manual_seed(1)
    scores = torch.randn(3, len(text.ids), 2)
    scores[:, 0] = 0
    windows = [silent, answering, silent]
    alone = [loss(scores[[n]], batch_of([(window,)])) for n, window in enumerate(windows)]
    # of a question with one window, what is shared is that window's own
    pair = 2 * loss(scores[:2], batch_of([(silent, answering)])) - (alone[0] + alone[1]) / 2
    expected = (sum(alone) / 3 + (pair + alone[2]) / 2) / 2
    assert loss(scores, batch_of([(silent, answering), (silent,)])).item() == pytest.approx(expected.item(), abs=1e-5)


def test_who_says_what_the_teacher_says_has_nothing_to_learn(tokenizer):
    text = tokenizer.joined("Who?", "", "Romans built")
    batch = batch_of([(Labelled(text, ()), Labelled(text, ())), (Labelled(text, ()),)])
    torch.manual_seed(1)
    teacher = torch.randn(3, len(text.ids), 2)
    teacher[:, 0] = 0
    scores = teacher.clone().requires_grad_()
    least = imitation(scores, teacher, batch)
    least.backward()
    # of [CLS] there is nothing to learn: it is what the others are measured by
    assert scores.grad[:, 1:].abs().max().item() == pytest.approx(0, abs=1e-6)
    for _ in range(10):
        moved = teacher + torch.randn_like(teacher) / 10
        moved[:, 0] = 0
        assert imitation(moved, teacher, batch) > least


def test_training_goes_on_from_where_it_stopped(tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.training.span_training._SAVED_EVERY", 2)
    plan = Plan(steps=4, windows=4, rate=1e-4, measured_every=100)
    teacher = SpanModel(pinned_folder(), seed=2).eval()

    def trained(checkpoint, stopping=None):
        model = SpanModel(pinned_folder())

        def log(line):
            if line.startswith(f"step {stopping} of"):
                raise KeyboardInterrupt

        with closing(ahead(Groups(EVERY, [*NEGATIVES, []], tokenizer), 1, plan.windows)) as batches:
            try:
                train(model, batches, plan, checkpoint, lambda: "measured", log, teacher=teacher)
            except KeyboardInterrupt:
                return trained(checkpoint)
        return model

    whole, resumed = trained(tmp_path / "whole.pt"), trained(tmp_path / "resumed.pt", stopping=2)
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name
    before = SpanModel(pinned_folder()).state_dict()
    assert torch.equal(whole.encoder.embeddings.word_embeddings.weight, before["encoder.embeddings.word_embeddings.weight"])
    assert not torch.equal(whole.encoder.encoder.layer[5].output.dense.weight, before["encoder.encoder.layer.5.output.dense.weight"])


def test_a_teacher_reads_the_same_words_by_its_own_numbers(model, tokenizer, tmp_path):
    """Of a model with another order of words, all of which learns."""
    order = np.random.default_rng(1).permutation(30_522)
    folder = tmp_path / "teacher"
    shutil.copytree(pinned_folder(), folder)
    file = json.loads((folder / "tokenizer.json").read_text())
    file["model"]["vocab"] = {word: int(order[n]) for word, n in file["model"]["vocab"].items()}
    for special in file["added_tokens"]:
        special["id"] = int(order[special["id"]])
    for special in file["post_processor"]["special_tokens"].values():
        special["ids"] = [int(order[n]) for n in special["ids"]]
    (folder / "tokenizer.json").write_text(json.dumps(file))
    weights = load_file(folder / "model.safetensors")
    words = weights["embeddings.word_embeddings.weight"]
    weights["embeddings.word_embeddings.weight"] = torch.empty_like(words).index_copy(0, torch.from_numpy(order), words)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"pad_token_id": int(order[0])}))
    teacher = SpanModel(folder, words=translated(folder)).eval()
    batch = batch_to_read([tokenizer.joined("Who built the dam?", "Water", DAM), tokenizer.joined("When?", "", MILL)])
    with torch.inference_mode():
        assert torch.allclose(teacher(batch), model(batch), atol=1e-4)
    assert len(teacher.learned()) > len(model.learned())


def test_measures_by_hand():
    # right, half right ("the town" of three words without articles), and wrongly answered where there is nothing
    answers = [BestWords("the Town of Lower Ford.", 3.0), BestWords("in 1911", 2.0), BestWords("forty", 1.0)]
    asked = [ROWS[0], ROWS[1], ROWS[5]]
    figures = reached(answers, asked)
    assert (figures.answerable_exact, figures.answerable_f1) == pytest.approx((1 / 2, (1 + 2 / 3) / 2))
    # silent below 2: the third is right too
    assert (figures.exact, figures.f1) == pytest.approx((2 / 3, (1 + 2 / 3 + 1) / 3))
    assert figures.auroc == 1


def test_a_reader_answers_with_words_of_the_passage(model, tokenizer):
    assert all(one.text in asked.context for one, asked in zip(found(model, tokenizer, ROWS), ROWS, strict=True))


def test_the_rows_are_true_to_their_passages(shared):
    dev, learned = rows(shared, "dev"), rows(shared, "train")
    assert len(learned) > 45_000
    assert all(span.of(one.context).strip() for one in dev for span in one.answers)
    # split by article
    assert not {(one.corpus, one.title) for one in dev if one.title} & {(one.corpus, one.title) for one in learned}


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InputError, match="squad-dev"):
        rows(tmp_path, "dev")
