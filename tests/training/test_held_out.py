import numpy as np
import pytest

from rag.corpus import article
from rag.training import held_out
from rag.training.corpora import Asked
from rag.training.examples import Example
from rag.types import Quote, Span


def example(*answers, sentences=()):
    asked = Asked("toy", "1", "When did the bridge open?", "t", tuple(sentences))
    return Example(asked, "given", np.zeros((len(answers), 1)), np.array(answers, dtype=bool))


def quote(text, start, end, lead=None):
    return Quote(article("a", "A", text), Span(start, end), 0.0, 0.5, Span(start, end), lead=lead)


def test_average_precision_by_hand():
    # ranked by score: wrong, right, right: (1/2 + 2/3) / 2; the second question's best is right: 1
    precision, first = held_out.ranking([np.array([0.3, 0.9, 0.5]), np.array([2.0, 1.0])], [example(1, 0, 1), example(1, 0)])
    assert precision == pytest.approx(((1 / 2 + 2 / 3) / 2 + 1) / 2)
    assert first == 0.5


def test_questions_without_an_answer_do_not_count_for_ranking():
    assert held_out.ranking([np.array([1.0]), np.array([1.0, 0.0])], [example(0), example(1, 0)]) == (1, 1)


def test_an_answer_stands_within_the_first_characters_shown():
    text = "It opened late. Nobody knew why. The strike was to blame."
    shown = [quote(text, 33, 57, Span(0, 15))]
    asked = Asked("toy", "1", "?", "t", answers=("The strike",))
    assert held_out.words(shown) == "It opened late.\nThe strike was to blame."
    assert held_out.within(shown, asked, 26)
    assert not held_out.within(shown, asked, 25)


def test_word_overlap_by_hand():
    # shown: "it opened late" (3 words), gold: "it opened in may" (4), two in common: 2 * 2 / 7
    asked = Asked("toy", "1", "?", "t", ("It opened in May.",))
    assert held_out.overlap([quote("It opened late.", 0, 15)], asked) == pytest.approx(4 / 7)
    assert held_out.overlap([], asked) == 0


def test_calibration_error_by_hand():
    # two at .95 of which one is right: .45 off; two at .15 of which none is: .15 off; each half of the weight
    assert held_out.calibration_error([0.95, 0.95, 0.15, 0.15], [True, False, False, False]) == pytest.approx(0.3)


def test_auroc_counts_the_pairs_in_the_right_order():
    assert held_out.auroc([0.9, 0.5], [0.4, 0.6]) == 0.75
