"""What a span reader says of a passage that it has read together with a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SpanScores:
    """For each token of a passage by how much an answer is likelier to start, and to end, there than not to be there at all.

    `begins` and `ends` are the tokens' places, code points of the passage, int [n];
    `start` and `end` are differences of logits, float32 [n]: 0 means as likely as none.
    """

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    start: NDArray[np.float32]
    end: NDArray[np.float32]


class SpanReader(Protocol):
    """What reads a question and a passage together. Safe to share between threads."""

    @property
    def sha256(self) -> str:
        """Of its weights."""
        ...

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[SpanScores]:
        """The scores of each passage, a title and a text, by itself: they do not depend on the others.

        What of a text is beyond the model's reach has no scores.
        """
        ...
