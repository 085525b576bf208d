"""The span reader's training, on a few real sentences and with the real model."""

import random

import numpy as np
import pytest
import torch

from rag.errors import InputError
from rag.pinned_model import pinned_folder
from rag.reader.joint_text import JointTokenizer
from rag.training.exchange import Exchange
from rag.training.groups import Groups, Labelled, places
from rag.training.mining import hard_negatives
from rag.training.rows import Row, rows
from rag.training.span_measures import Found, found, reached
from rag.training.span_model import SpanModel, loss
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
NEGATIVES = [[3], [3], [3], [0], [0], []]
ELSEWHERE = row("7", "When did Upper Wey flood in 1900?", MILL, "1852")


@pytest.fixture(scope="module")
def tokenizer():
    return JointTokenizer(pinned_folder())


@pytest.fixture(scope="module")
def model():
    return SpanModel(pinned_folder()).eval()


def told(window):
    """The words of a window's text that answer, by their tokens' places."""
    return [(window.text.starts[first - window.text.first], window.text.ends[last - window.text.first]) for first, last in window.answers]


def test_an_answer_is_its_tokens(tokenizer):
    text = tokenizer.joined(ROWS[0].question, "Water", DAM)
    ((first, last),) = places(text, ROWS[0].answers)
    assert DAM[text.starts[first - text.first] : text.ends[last - text.first]] == "the town of Lower Ford"


def test_the_same_groups_come_from_the_same_seed_and_others_from_another(tokenizer):
    def ids(seed):
        return [window.text.ids.tolist() for batch in Groups(ROWS, NEGATIVES, tokenizer).batches(seed, 0, 4) for group in batch for window in group]

    assert ids(1) == ids(1) != ids(2)


def test_only_the_first_window_of_a_group_answers_and_none_of_an_exchanged_question(tokenizer):
    made = Groups([*ROWS, ELSEWHERE], [*NEGATIVES, []], tokenizer)
    groups = [group for seed in range(30) for batch in made.batches(seed, 0, 4) for group in batch]
    assert {len(group) for group in groups} == {1, 2}
    assert all(not other.answers for group in groups for other in group[1:])
    # "Who designed the dam?", and questions with another name or year in them
    assert sum(not group[0].answers for group in groups) > 30


def test_a_long_passage_is_cut_where_its_answer_is_left(tokenizer):
    filler = "Nothing happened in that long year, and nobody wrote of it. " * 60
    long = row("l", "Who built the dam?", f"{filler}{DAM} {filler}", "the town of Lower Ford")
    made = Groups([long], [[]], tokenizer)
    windows = [group[0] for seed in range(20) for batch in made.batches(seed, 0, 4) for group in batch]
    assert all(window.answers for window in windows)
    assert len({told(window)[0] for window in windows}) > 5


def test_another_name_or_year_takes_the_place_of_one():
    exchange, rng = Exchange(ROWS), random.Random(1)
    asked = Exchange([*ROWS, ELSEWHERE]).exchanged(ROWS[0], rng)
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
    assert loss(scores, [(answering, silent)]).item() == pytest.approx((alone + shared) / 2, abs=1e-5)


def test_of_several_places_the_sum_counts(tokenizer):
    text = tokenizer.joined("Who?", "", "Romans or Romans")
    both = Labelled(text, ((text.first, text.first), (text.first + 2, text.first + 2)))
    scores = torch.full((1, len(text.ids), 2), -1e4)
    scores[:, 0] = 0
    scores[0, text.first : text.first + 3] = 1.0
    assert loss(scores, [(both,)]).item() == pytest.approx(-np.log(2 * np.e / (3 * np.e + 1)), abs=1e-5)


def test_scores_are_over_none_and_outside_the_passage_nothing_answers(model, tokenizer):
    text = tokenizer.joined("Who built the dam?", "Water", DAM)
    with torch.inference_mode():
        (scores,) = model([text]).numpy()
    assert (scores[0] == 0).all()
    assert (scores[1 : text.first] < -1e3).all()
    assert scores[-1, 0] < -1e3
    assert np.isfinite(scores[text.first : -1]).all()


def test_training_goes_on_from_where_it_stopped(tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.training.span_training._SAVED_EVERY", 2)
    plan = Plan(steps=4, windows=4, measured_every=100)

    def trained(checkpoint, stopping=None):
        model = SpanModel(pinned_folder())

        def log(line):
            if line.startswith(f"step {stopping} of"):
                raise KeyboardInterrupt

        try:
            train(model, Groups(ROWS, NEGATIVES, tokenizer), plan, checkpoint, lambda: "measured", log)
        except KeyboardInterrupt:
            return trained(checkpoint)
        return model

    whole, resumed = trained(tmp_path / "whole.pt"), trained(tmp_path / "resumed.pt", stopping=2)
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name
    before = SpanModel(pinned_folder()).state_dict()
    assert torch.equal(whole.encoder.embeddings.word_embeddings.weight, before["encoder.embeddings.word_embeddings.weight"])
    assert not torch.equal(whole.encoder.encoder.layer[5].output.dense.weight, before["encoder.encoder.layer.5.output.dense.weight"])


def test_measures_by_hand():
    # right, half right ("the town" of three words without articles), and wrongly answered where there is nothing
    answers = [Found("the Town of Lower Ford.", 3.0), Found("in 1911", 2.0), Found("forty", 1.0)]
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
