import numpy as np
import pytest

from rag.reader import measures, skim
from rag.reader.linear import Linear, Weights, read, shipped, written


def test_a_score_is_the_weighted_sum_of_what_is_far_from_the_mean():
    model = Linear(("a", "b"), np.array([1.0, 0.0]), np.array([2.0, 1.0]), np.array([3.0, -1.0]), 0.5)
    # 0.5 + 3 * (5 - 1) / 2 - 1 * 2 = 4.5; then (-99 - 1) / 2 is held at -4: 0.5 - 12 - 0
    assert model(np.array([[5.0, 2.0], [-99.0, 0.0]])) == pytest.approx([4.5, -11.5])


def test_a_row_s_score_does_not_depend_on_the_rows_beside_it():
    rows = np.random.default_rng(0).normal(size=(50, len(measures.NAMES)))
    model = shipped().choose
    assert (model(rows)[:3] == model(rows[:3])).all()


def test_the_weights_that_ship_fit_what_is_measured():
    weights = shipped()
    assert weights.skim.names == skim.NAMES
    assert weights.choose.names == measures.NAMES
    assert weights.confidence.names == measures.NAMES
    assert 0 < weights.weak < weights.answered < 1


def test_weights_are_written_as_they_are_read():
    assert written(shipped()) == written(read(written(shipped())))
    assert isinstance(read(written(shipped())), Weights)
    assert all(len(line) < 100 for line in written(shipped()).splitlines())
