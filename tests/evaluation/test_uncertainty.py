import itertools

import numpy as np
import pytest

from rag.evaluation.measures import MEASURES
from rag.evaluation.uncertainty import change, estimate

BY_NAME = {measure.name: measure for measure in MEASURES}
HIT, AUROC, PRECISION = BY_NAME["hit@1"], BY_NAME["auroc"], BY_NAME["precision"]


def test_an_interval_is_as_wide_as_the_binomial_says():
    # 200 of 400 right: the standard error is sqrt(.5 * .5 / 400) = .025, and 1.96 of them .049
    one = estimate(HIT, {"hit@1": np.repeat([1.0, 0.0], 200)})
    assert one.value == 0.5
    assert one.low == pytest.approx(0.451, abs=0.006)
    assert one.high == pytest.approx(0.549, abs=0.006)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(60):
        one = estimate(HIT, {"hit@1": (rng.random(80) < 0.7).astype(float)})
        held += one.low <= 0.7 <= one.high
    # 57 of 60 are expected; under 50 would be one in a thousand
    assert held >= 50


def test_the_same_questions_have_the_same_interval():
    column = {"hit@1": (np.random.default_rng(0).random(50) < 0.5).astype(float)}
    assert estimate(HIT, column) == estimate(HIT, column)


def test_what_is_not_defined_is_none():
    assert estimate(HIT, {"hit@1": np.full(3, np.nan)}).value is None
    alone = estimate(HIT, {"hit@1": np.array([1.0])})
    assert (alone.value, alone.low, alone.questions) == (1, None, 1)
    assert estimate(AUROC, {"answerable": np.ones(9), "confidence": np.linspace(0, 1, 9)}).value is None
    # one of three: some draws have none of it
    assert estimate(AUROC, {"answerable": np.array([1.0, 1, 0]), "confidence": np.array([0.9, 0.8, 0.1])}).low is None
    assert estimate(PRECISION, {"answered": np.zeros(9), "right": np.zeros(9)}).value is None


def test_questions_without_a_figure_are_left_out():
    one = estimate(HIT, {"hit@1": np.array([1.0, np.nan, 0.0, np.nan])})
    assert (one.value, one.questions) == (0.5, 2)


def exact_p(before, now):
    """The share of all ways to swap the two runs' figures that differ at least as much."""
    differences = np.array(now) - np.array(before)
    signs = np.array(list(itertools.product([1, -1], repeat=len(before))))
    return float((abs((signs * differences).mean(axis=1)) >= abs(differences.mean()) - 1e-12).mean())


def test_few_questions_are_swapped_in_every_way():
    before, now = [0.0, 0, 0, 1, 0, 1, 0, 0], [1.0, 1, 1, 1, 1, 0, 1, 0]
    one = change(HIT, {"hit@1": np.array(before)}, {"hit@1": np.array(now)})
    assert (one.before, one.now, one.questions) == (2 / 8, 6 / 8, 8)
    assert one.p == pytest.approx(exact_p(before, now))
    # five of six changes are for the better: 2 * (1 + 6) / 2**6
    assert one.p == pytest.approx(2 * 7 / 64)


def test_runs_that_are_alike_do_not_differ():
    column = {"hit@1": np.array([1.0, 0, 1])}
    assert change(HIT, column, column).p == 1


def test_like_runs_differ_at_five_percent_about_five_times_in_a_hundred():
    rng = np.random.default_rng(5)
    found = sum(
        change(HIT, {"hit@1": (rng.random(40) < 0.5).astype(float)}, {"hit@1": (rng.random(40) < 0.5).astype(float)}).p < 0.05 for _ in range(60)
    )
    assert found <= 9


def test_a_real_difference_in_order_is_told():
    rng = np.random.default_rng(7)
    answerable = (np.arange(120) < 80).astype(float)
    poor, good = rng.random(120), rng.random(120) + answerable
    one = change(AUROC, {"answerable": answerable, "confidence": poor}, {"answerable": answerable, "confidence": good})
    assert one.now == 1
    assert one.p < 0.01


def test_only_questions_that_both_runs_have_a_figure_of_are_compared():
    one = change(HIT, {"hit@1": np.array([1.0, np.nan, 0])}, {"hit@1": np.array([0.0, 1, np.nan])})
    assert (one.before, one.now, one.questions) == (1, 0, 1)
