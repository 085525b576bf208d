"""How well confidence tells when to be silent.

All take one value a question, [n]: `right` (1 where the first quote offered
answers; never for a question without an answer), `answered` (1 or 0),
`confidence` (0 to 1).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Numbers = NDArray[np.float64]

BINS = 10


def auroc(answerable: Numbers, confidence: Numbers) -> float:
    """How often an answerable question's confidence is above an unanswerable one's, equal ones half: Mann and Whitney's U (Hanley and McNeil, 1982).

    NaN unless there are both.
    """
    yes = int(answerable.sum())
    no = len(answerable) - yes
    if not yes or not no:
        return float("nan")
    return float((rankdata(confidence)[answerable > 0].sum() - yes * (yes + 1) / 2) / (yes * no))


def risk_coverage(right: Numbers, confidence: Numbers) -> tuple[Numbers, Numbers]:
    """Coverage and risk, each [n]: if only the i most confident questions were answered, the share answered and the share of those that is wrong.

    El-Yaniv and Wiener, "On the Foundations of Noise-free Selective
    Classification", 2010. Questions of equal confidence count as their mean, so
    that their order does not matter.
    """
    falling, group = np.unique(-confidence, return_inverse=True)
    counts = np.bincount(group, minlength=len(falling))
    wrong = np.bincount(group, weights=1 - right, minlength=len(falling)) / np.maximum(counts, 1)
    answered = np.arange(1, len(right) + 1)
    return answered / len(right), np.cumsum(np.repeat(wrong, counts)) / answered


def aurc(right: Numbers, confidence: Numbers) -> float:
    """The area under the risk-coverage curve: the mean risk over all coverages (Geifman, Uziel and El-Yaniv, 2019). Less is better."""
    return float(risk_coverage(right, confidence)[1].mean())


def calibration_error(right: Numbers, confidence: Numbers) -> float:
    """The mean distance of confidence from the share that is right, over ten bins of equal width (Guo et al., 2017). Less is better."""
    return float(sum(count * abs(sure - share) for count, sure, share in reliability(right, confidence)) / len(right))


def reliability(right: Numbers, confidence: Numbers) -> list[tuple[int, float, float]]:
    """Of each bin with questions: how many, their mean confidence, the share that is right."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    inside = [bins == n for n in range(BINS)]
    return [(int(held.sum()), float(confidence[held].mean()), float(right[held].mean())) for held in inside if held.any()]


def precision(answered: Numbers, right: Numbers) -> float:
    """Of the answered questions, the share that is right; NaN if none is answered."""
    return float((answered * right).sum() / answered.sum()) if answered.any() else float("nan")


def score(answered: Numbers, right: Numbers) -> float:
    """The mean of +1 for a right answer, 0 for silence and -1 for a wrong answer."""
    return float((answered * (2 * right - 1)).mean())
