"""How far a measure may be off because other questions could have been asked, and whether two runs differ by more than chance."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from rag.evaluation.measures import Columns, Measure
from rag.evaluation.silence import Numbers

RESAMPLES = 1_000
SWAPS = 1_999
# the same questions give the same figures
_SEED = 0
# so many numbers are drawn at a time
_MOST_DRAWN = 4_000_000

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure's value over `questions` questions, and its 95% interval. None where it is not defined: too few questions, or of one kind."""

    value: float | None
    low: float | None
    high: float | None
    questions: int


@dataclass(frozen=True, slots=True)
class Change:
    """A measure of two runs on the same `questions`, and the probability of so great a difference if the runs were alike."""

    before: float | None
    now: float | None
    p: float | None
    questions: int


def estimate(measure: Measure, columns: Columns) -> Estimate:
    """The measure with a percentile bootstrap interval over questions (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993).

    The questions are drawn anew with replacement 1,000 times. Where all are alike
    the interval has no width, which says nothing of questions not asked.
    """
    rows = measure.rows(columns)
    count, questions = len(rows[0]), measure.questions(rows)
    value = _value(measure, rows)
    if value is None or questions < 2:
        return Estimate(value, None, None, questions)

    def of(drawn: Rows) -> float:
        return measure.of(*[row[drawn] for row in rows])

    with warnings.catch_warnings():
        # too few questions of a kind: the interval is None, which says it
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        drawn = stats.bootstrap(
            (np.arange(count),), of, vectorized=False, method="percentile", n_resamples=RESAMPLES,
            batch=max(1, _MOST_DRAWN // count), rng=np.random.default_rng(_SEED),
        )  # fmt: skip
    low, high = drawn.confidence_interval
    return Estimate(value, _number(low), _number(high), questions)


def change(measure: Measure, before: Columns, now: Columns) -> Change:
    """The measure in two runs on the same questions in the same order, with Fisher's randomisation test, two-sided.

    The runs' figures of a question are swapped at random, 1,999 times or in every
    way there is, if there are fewer (Smucker, Allan and Carterette, "A comparison of
    statistical significance tests for information retrieval evaluation", 2007).
    """
    both = [np.concatenate([before[name], now[name]]) for name in measure.figures]
    count = len(both[0]) // 2
    told = ~np.isnan(np.array(both)).any(axis=0)
    # a question counts where both runs have a figure: a precision of an answer that one run did not give has no pair
    kept = np.flatnonzero(told[:count] & told[count:])

    def difference(first: Rows, second: Rows) -> float:
        return measure.of(*[column[second] for column in both]) - measure.of(*[column[first] for column in both])

    values = [_value(measure, [column[rows] for column in both]) for rows in (kept, kept + count)]
    if None in values or len(kept) < 2:
        return Change(values[0], values[1], None, len(kept))
    if all(np.array_equal(column[kept], column[kept + count]) for column in both):
        return Change(values[0], values[1], 1.0, len(kept))
    test = stats.permutation_test(
        (kept, kept + count), difference, permutation_type="samples", vectorized=False, n_resamples=SWAPS,
        batch=max(1, _MOST_DRAWN // len(kept)), rng=np.random.default_rng(_SEED),
    )  # fmt: skip
    return Change(values[0], values[1], _number(test.pvalue), len(kept))


def _value(measure: Measure, rows: Sequence[Numbers]) -> float | None:
    return _number(measure.of(*rows)) if len(rows[0]) else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
