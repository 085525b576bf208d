"""Linear models fitted to examples, deterministically, and rounded so that they come out alike to the last digit."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from rag.reader.linear import Linear, Matrix

_DIGITS = 3
# rows [n, features], whether each answers [n], the list's weight
Listed = tuple[Matrix, Matrix, float]


def listwise(names: Sequence[str], lists: Iterable[Listed], penalty: float) -> Linear:
    """A linear model whose scores put the answering rows of each list first.

    Lists in which no row or every row answers tell nothing, and are left out.
    Minimises the weighted mean of -log of the softmax's share that falls on the
    answering rows (Cao et al., "Learning to Rank: From Pairwise Approach to
    Listwise Approach", 2007, with the top one as target), plus `penalty` times
    the squares of the weights.
    """
    telling = [one for one in lists if one[1].any() and not one[1].all()]
    means, deviations = _standard([rows for rows, _, _ in telling])
    blocks = [_scaled(rows, means, deviations) for rows, _, _ in telling]
    weights = _minimised(blocks, [one[1] for one in telling], np.array([one[2] for one in telling]), penalty)
    return _linear(names, means, deviations, weights, 0.0)


def logistic(names: Sequence[str], rows: Matrix, answers: Matrix, weights: Matrix, strength: float) -> Linear:
    """A logistic regression of `answers` [n] on `rows` [n, features]; `strength` is scikit-learn's C."""
    means, deviations = _standard([rows])
    fitted = LogisticRegression(C=strength, max_iter=5_000, tol=1e-8).fit(_scaled(rows, means, deviations), answers, sample_weight=weights)
    return _linear(names, means, deviations, fitted.coef_[0], float(fitted.intercept_[0]))


def _minimised(blocks: Sequence[Matrix], answers: Sequence[Matrix], weights: Matrix, penalty: float) -> Matrix:
    rows = np.concatenate(blocks)
    right = np.concatenate(answers)
    lengths = np.array([len(block) for block in blocks])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    owner = np.repeat(np.arange(len(blocks)), lengths)
    weights = weights / weights.sum()

    def loss(point: Matrix) -> tuple[float, Matrix]:
        scores = rows @ point
        shares = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        total, hit = np.add.reduceat(shares, starts), np.add.reduceat(shares * right, starts) + 1e-300
        slope = rows.T @ ((shares / total[owner] - shares * right / hit[owner]) * weights[owner])
        return float(weights @ np.log(total / hit) + penalty * point @ point), slope + 2 * penalty * point

    found: Matrix = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 1_000, "ftol": 1e-12, "gtol": 1e-8}).x
    return found


def _standard(blocks: Sequence[Matrix]) -> tuple[Matrix, Matrix]:
    rows = np.concatenate(blocks)
    deviations = rows.std(axis=0)
    return np.round(rows.mean(axis=0), _DIGITS), np.maximum(np.round(deviations, _DIGITS), 10.0**-_DIGITS)


def _scaled(rows: Matrix, means: Matrix, deviations: Matrix) -> Matrix:
    scaled: Matrix = np.clip((rows - means) / deviations, -4, 4)
    return scaled


def _linear(names: Sequence[str], means: Matrix, deviations: Matrix, weights: Matrix, bias: float) -> Linear:
    return Linear(tuple(names), means, deviations, np.round(weights, _DIGITS), round(bias, _DIGITS))
