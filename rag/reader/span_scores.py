"""What a span reader says of a passage that it has read together with a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.types import Span

# an answer has at most so many tokens
LONGEST_ANSWER = 30


@dataclass(frozen=True, slots=True)
class SpanScores:
    """For each token of a passage by how much an answer is likelier to start, and to end, there than not to be there at all.

    `starts` and `ends` are the tokens' places, code points of the passage, int [n];
    `start_scores` and `end_scores` are differences of logits, float32 [n]: 0 means as likely as none.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    start_scores: NDArray[np.float32]
    end_scores: NDArray[np.float32]

    @property
    def mass(self) -> NDArray[np.float64]:
        """The logarithms of the sums over all tokens of exp(start) and of exp(end), [2]; -inf where there is none."""
        if not len(self.start_scores):
            return np.full(2, -np.inf)
        return np.array([np.logaddexp.reduce(self.start_scores.astype(np.float64)), np.logaddexp.reduce(self.end_scores.astype(np.float64))])

    def within(self, span: Span) -> "SpanScores":
        """The tokens that lie in `span` of the passage."""
        return self.only((self.starts >= span.start) & (self.ends <= span.end))

    def only(self, kept: NDArray[np.bool_]) -> "SpanScores":
        """The tokens that are kept, bool [n]."""
        return SpanScores(self.starts[kept], self.ends[kept], self.start_scores[kept], self.end_scores[kept])

    def best(self) -> "Best | None":
        """The span of one to thirty tokens with the greatest sum of start and end, the first of equals; None where there is no token."""
        if not len(self.start_scores):
            return None
        sums = self.start_scores[:, None] + self.end_scores[None, :]
        allowed = np.triu(np.ones_like(sums, dtype=bool)) & ~np.triu(np.ones_like(sums, dtype=bool), LONGEST_ANSWER)
        first, last = np.unravel_index(int(np.argmax(np.where(allowed, sums, -np.inf))), sums.shape)
        return Best(Span(int(self.starts[first]), int(self.ends[last])), float(sums[first, last]))


@dataclass(frozen=True, slots=True)
class Best:
    """The words of a passage that answer best, and by how much they are likelier to than none: a sum of two differences of logits."""

    span: Span
    over_none: float


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
