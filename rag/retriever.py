"""A question into hits: dense and lexical search over the same passages, fused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.arrays import Numbers, Scores, Vectors
from rag.errors import ArticleDamaged
from rag.settings import Settings
from rag.store import Snapshot
from rag.types import Filters, Hit


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages, best first, and what is wrong with the articles of which some would stand among them, and with those that could not be looked for."""

    hits: Sequence[Hit]
    damaged: Sequence[ArticleDamaged] = ()
    left_out: Sequence[ArticleDamaged] = ()

    def all(self) -> list[Hit]:
        """Raises ArticleDamaged where one is not what was stored."""
        for error in (*self.damaged, *self.left_out):
            raise error
        return list(self.hits)


def retrieve(snapshot: Snapshot, question: str, vector: Vectors, k: int, filters: Filters, settings: Settings) -> Retrieved:
    """The `k` best passages, best first; `vector` is the question's unit vector [dim].

    Score = w * cosine + (1 - w) * BM25 / (the question's highest BM25): a convex
    combination of the two scores, the second normalised by its theoretical
    minimum 0 and its maximum (Bruch, Gai and Ingber, "An Analysis of Fusion
    Functions for Hybrid Retrieval", 2023). Equal scores go by passage number.
    """
    best, ordered = ranked(snapshot, question, vector, k, filters, settings)
    passages = snapshot.passages(best.tolist())
    pairs = zip(best.tolist(), ordered.tolist(), strict=True)
    hits = [Hit(passages.intact[number], score) for number, score in pairs if number in passages.intact]
    return Retrieved(hits, passages.damaged, snapshot.left_out)


def ranked(snapshot: Snapshot, question: str, vector: Vectors, k: int, filters: Filters, settings: Settings) -> tuple[Numbers, Scores]:
    """The numbers of the same passages with their scores, best first."""
    near, _ = snapshot.nearest(vector, max(k, settings.candidates), filters)
    matched, bm25 = snapshot.matching(question, max(k, settings.candidates), filters)
    numbers = np.union1d(near, matched)
    scores = fused(snapshot.cosines(numbers, vector), _aligned(numbers, matched, bm25), settings.dense_weight)
    order = np.lexsort((numbers, -scores))
    return numbers[order][:k], scores[order][:k]


def fused(cosines: Scores, bm25: Scores, dense_weight: float) -> Scores:
    """The fused scores of passages with these cosines and BM25 scores (0 where no word matches), all [n]."""
    highest = bm25.max(initial=0.0)
    lexical = bm25 / highest if highest > 0 else bm25
    scores: Scores = (dense_weight * cosines + (1 - dense_weight) * lexical).astype(np.float32)
    return scores


def _aligned(numbers: Numbers, matched: Numbers, bm25: Scores) -> Scores:
    """BM25 of each of `numbers` (sorted), 0 for those that were not matched."""
    aligned = np.zeros(len(numbers), dtype=np.float32)
    aligned[np.searchsorted(numbers, matched)] = bm25
    return aligned
