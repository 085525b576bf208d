import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reader.span_scores import LONGEST_ANSWER, SpanScores
from rag.types import Span


def scores(start, end):
    """Tokens of four characters each, a space between them."""
    places = np.arange(len(start)) * 5
    return SpanScores(places, places + 4, np.array(start, dtype=np.float32), np.array(end, dtype=np.float32))


def test_the_best_span_has_the_greatest_sum_and_runs_forward():
    # the greatest start is behind the greatest end: 1 + 5 from the first to the second beats 4 + 0 and 1 + 0
    best = scores([1, -3, 4], [0, 5, 0]).best()
    assert (best.span, best.over_none) == (Span(0, 9), 6.0)


def test_of_equals_the_first_is_taken():
    assert scores([2, 2], [1, 1]).best().span == Span(0, 4)


def test_no_answer_is_longer_than_thirty_tokens():
    start, end = [9.0, *[0.0] * 39], [*[0.0] * 39, 9.0]
    best = scores(start, end).best()
    assert best.over_none == 9
    assert len(best.span) <= 5 * LONGEST_ANSWER


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=40))
def test_the_best_span_is_what_trying_all_finds(pairs):
    start, end = zip(*pairs, strict=True)
    tried = {(i, j): start[i] + end[j] for i in range(len(start)) for j in range(i, min(len(end), i + LONGEST_ANSWER))}
    assert scores(start, end).best().over_none == max(tried.values())


def test_what_lies_in_a_span_has_its_own_scores():
    inside = scores([1, 2, 3], [4, 5, 6]).within(Span(3, 14))
    assert inside.starts.tolist() == [5, 10]
    assert (inside.start_scores.tolist(), inside.end_scores.tolist()) == ([2, 3], [5, 6])


def test_mass_by_hand():
    # log(e^0 + e^0) = log 2, and log(e^1) for an end that alone counts
    assert scores([0, 0], [1, -50]).mass == pytest.approx([np.log(2), 1.0])


def test_no_token_has_no_span_and_no_mass():
    empty = scores([], [])
    assert empty.best() is None
    assert (empty.mass == -np.inf).all()
