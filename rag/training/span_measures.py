"""What a span reader reaches on questions asked of their own passage, as SQuAD measures it."""

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from rag.reader.joint_text import JointTokenizer
from rag.reader.span_scores import SpanScores
from rag.training.batches import batch_to_read
from rag.training.rows import Row
from rag.training.span_model import SpanModel

_TOGETHER = 32


@dataclass(frozen=True, slots=True)
class BestWords:
    """The words that a reader would answer with, and by how much they are better than none."""

    text: str
    over_none: float


@dataclass(frozen=True, slots=True)
class Reached:
    """Over all questions as SQuAD 2.0 scores them, with the best threshold for silence; `auroc` of answerable against not."""

    exact: float
    f1: float
    answerable_exact: float
    answerable_f1: float
    auroc: float

    def __str__(self) -> str:
        return (
            f"exact match {self.exact:.3f}, F1 {self.f1:.3f}; of the answerable {self.answerable_exact:.3f}, {self.answerable_f1:.3f}; "
            f"AUROC {self.auroc:.3f}"
        )


def found(model: SpanModel, tokenizer: JointTokenizer, rows: Sequence[Row]) -> list[BestWords]:
    """The best span of at most 30 tokens of each row's passage."""
    texts = [tokenizer.joined(row.question, row.title, row.context) for row in rows]
    answers: dict[int, BestWords] = {}
    order = sorted(range(len(rows)), key=lambda n: len(texts[n].ids))
    for start in range(0, len(order), _TOGETHER):
        some = order[start : start + _TOGETHER]
        with torch.inference_mode():
            scores = model(batch_to_read([texts[n] for n in some])).cpu().numpy()
        for n, row_scores in zip(some, scores, strict=True):
            text = texts[n]
            own = row_scores[text.first : text.first + len(text.starts)]
            best = SpanScores(text.starts, text.ends, own[:, 0], own[:, 1]).best()
            answers[n] = BestWords(best.span.of(rows[n].context), best.over_none) if best else BestWords("", 0.0)
    return [answers[n] for n in range(len(rows))]


def reached(answers: Sequence[BestWords], rows: Sequence[Row]) -> Reached:
    golds = [[span.of(row.context) for span in row.answers] for row in rows]
    exact = np.array([max((float(_plain(one.text) == _plain(gold)) for gold in own), default=0.0) for one, own in zip(answers, golds, strict=True)])
    f1 = np.array([max((_f1(one.text, gold) for gold in own), default=0.0) for one, own in zip(answers, golds, strict=True)])
    over, there = np.array([one.over_none for one in answers]), np.array([bool(own) for own in golds])
    auroc = float(roc_auc_score(there, over)) if 0 < there.sum() < len(there) else float("nan")
    return Reached(_best(over, exact, there), _best(over, f1, there), exact[there].mean(), f1[there].mean(), auroc)


def _best(over: np.ndarray, right: np.ndarray, there: np.ndarray) -> float:
    """The mean at the threshold where it is highest: what is below it is silent, which is right where no answer is there."""
    order = np.argsort(-over, kind="stable")
    answered = np.concatenate([[0.0], np.cumsum(right[order])])
    silent = (~there).sum() - np.concatenate([[0.0], np.cumsum(~there[order])])
    return float((answered + silent).max() / len(over))


def _plain(text: str) -> str:
    """As SQuAD's own script compares: lower case, no punctuation, articles or double spaces."""
    text = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def _f1(answer: str, gold: str) -> float:
    shown, wanted = Counter(_plain(answer).split()), Counter(_plain(gold).split())
    common = (shown & wanted).total()
    return 2 * common / (shown.total() + wanted.total()) if common else 0.0
