"""Figures on questions whose article no weight was fitted on."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.metrics import roc_auc_score

from rag.reader.linear import Matrix
from rag.training.corpora import Asked
from rag.training.examples import Example
from rag.types import Quote

_BINS = 10


def ranking(scores: Sequence[Matrix], examples: Sequence[Example]) -> tuple[float, float]:
    """Mean average precision, and how often the best sentence answers (P@1), over the questions that have an answer."""
    values = []
    for one, example in zip(scores, examples, strict=True):
        if example.answers.any():
            right = example.answers[np.argsort(-one, kind="stable")]
            precisions = np.cumsum(right) / np.arange(1, len(right) + 1)
            values.append((float((precisions * right).sum() / right.sum()), float(right[0])))
    precision, first = np.mean(values, axis=0)
    return float(precision), float(first)


def within(quotes: Sequence[Quote], asked: Asked, characters: int) -> bool:
    """Whether an answer stands in the first so many characters shown: leads and quotes in order, a line each."""
    shown = words(quotes)[:characters]
    if asked.answers:
        return asked.answered_by(shown)
    return any(sentence[:characters] in shown for sentence in asked.sentences)


def words(quotes: Sequence[Quote]) -> str:
    """What is shown of an answer, in order."""
    texts = [text for quote in quotes for text in ((quote.lead.of(quote.article.text),) if quote.lead else ()) + (quote.text,)]
    return "\n".join(texts)


def overlap(quotes: Sequence[Quote], asked: Asked) -> float:
    """F1 of the words shown against those of the sentences that answer, as in SQuAD (Rajpurkar et al., 2016)."""
    shown, gold = (Counter(re.findall(r"\w+", text.casefold())) for text in (words(quotes), "\n".join(asked.sentences)))
    common = (shown & gold).total()
    return 2 * common / (shown.total() + gold.total()) if common else 0.0


def auroc(yes: Sequence[float], no: Sequence[float]) -> float:
    """How often one of `yes` is above one of `no`."""
    return float(roc_auc_score([1] * len(yes) + [0] * len(no), [*yes, *no]))


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al., "On Calibration of Modern Neural Networks", 2017)."""
    sure, hit = np.array(confidences), np.array(right, dtype=float)
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    return float(sum(abs(sure[bins == n].mean() - hit[bins == n].mean()) * (bins == n).mean() for n in range(_BINS) if (bins == n).any()))
