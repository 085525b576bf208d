"""Measures of a run against qrels, by ir_measures; a document is an article."""

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
import numpy as np

from rag.types import Hit

NAMES = ("nDCG@10", "R@1", "R@5", "R@10", "R@100", "RR@10", "AP")

# an article's id and its score, best first
Ranking = Sequence[tuple[str, float]]


def ranking(hits: Iterable[Hit]) -> list[tuple[str, float]]:
    """The hits' articles, each at its best passage, with strictly falling scores.

    trec_eval goes by the score alone, in single precision, and orders equal scores
    by document id: a score that does not fall is lowered by the least that shows,
    so that every tool sees the order that the reader saw.
    """
    best: dict[str, np.float32] = {}
    last = np.float32(np.inf)
    for hit in hits:
        if hit.passage.article.id not in best:
            last = min(np.float32(hit.score), np.nextafter(last, np.float32(-np.inf)))
            best[hit.passage.article.id] = last
    return [(id, float(score)) for id, score in best.items()]


def retrieval_figures(ranked: Ranking, relevant: Iterable[str]) -> Mapping[str, float]:
    """The measures of one question, NAMES; `relevant` are its articles, of which there is at least one.

    nDCG@10 (Järvelin and Kekäläinen, 2002), recall at 1, 5, 10 and 100, reciprocal
    rank at 10 (MRR is its mean), and average precision, as trec_eval has them.
    """
    measures = [ir_measures.parse_measure(name) for name in NAMES]
    found = ir_measures.iter_calc(measures, {"q": dict.fromkeys(relevant, 1)}, {"q": dict(ranked)})
    return {str(metric.measure): float(metric.value) for metric in found}
