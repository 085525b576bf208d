"""A linear model whose weights are numbers in a file that can be read."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_MODELS = ("skim", "choose", "confidence")


@dataclass(frozen=True, slots=True)
class Linear:
    """bias + the sum over the features of weight * (value - mean) / deviation, that quotient kept within -4 and 4.

    `names` are the features in the order of a matrix's columns; the arrays are [features].
    """

    names: tuple[str, ...]
    means: Matrix
    deviations: Matrix
    weights: Matrix
    bias: float

    def __call__(self, matrix: Matrix) -> Matrix:
        """The score of each row of a matrix [n, features]: [n]."""
        # summed column by column, in one order: a row's score does not depend on the rows beside it
        scores = np.full(len(matrix), self.bias)
        for column, weight in enumerate(self.weights):
            scores += weight * np.clip((matrix[:, column] - self.means[column]) / self.deviations[column], -4, 4)
        return scores


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned beside the span reader: which passages to read, which sentence to choose, how sure to be.

    A question is answered where the best sentence's confidence is at least
    `answered`; below `weak`, nothing comes near.
    """

    skim: Linear
    choose: Linear
    confidence: Linear
    answered: float
    weak: float


def read(content: str) -> Weights:
    """The weights in a file's content."""
    parts: dict[str, dict[str, Any]] = json.loads(content)
    skim, choose, confidence = (_linear(parts[name]["bias"], parts[name]["features"]) for name in _MODELS)
    return Weights(skim, choose, confidence, **parts["thresholds"])


def written(weights: Weights) -> str:
    """The file's content for these weights: for each feature its mean, deviation and weight."""
    parts: dict[str, Any] = {name: _part(getattr(weights, name)) for name in _MODELS}
    parts["thresholds"] = {"answered": weights.answered, "weak": weights.weak}
    text = json.dumps(parts, indent=1)
    # a feature's three numbers in one line
    return re.sub(r"\[\s+(\S+)\s+(\S+)\s+(\S+)\s+\]", r"[\1 \2 \3]", text) + "\n"


@cache
def shipped() -> Weights:
    """The weights that ship, made by `make reader`."""
    return read((Path(__file__).parent / "weights.json").read_text())


def _linear(bias: float, features: Mapping[str, Sequence[float]]) -> Linear:
    means, deviations, weights = np.array(list(features.values()), dtype=np.float64).T
    return Linear(tuple(features), means, deviations, weights, bias)


def _part(linear: Linear) -> dict[str, Any]:
    rows = zip(linear.means.tolist(), linear.deviations.tolist(), linear.weights.tolist(), strict=True)
    return {"bias": linear.bias, "features": dict(zip(linear.names, rows, strict=True))}
