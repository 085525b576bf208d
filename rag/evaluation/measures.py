"""The measures of a run: what each is called, where it comes from, and how it is worked out of the questions' figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from rag.evaluation import silence
from rag.evaluation.judging import CHARACTERS, FIRST
from rag.evaluation.retrieval import NAMES
from rag.evaluation.silence import Numbers

# one column a figure, [n] in the order of the questions; NaN where a question has none
Columns = Mapping[str, Numbers]


class Group(StrEnum):
    RETRIEVAL = "retrieval: the right article"
    QUOTES = "quotes: the right words"
    SILENCE = "silence: when it should"
    LATENCY = "latency, milliseconds"


@dataclass(frozen=True, slots=True)
class Measure:
    """`of` takes the columns of `figures`, of those questions that have them all, and gives the value; `about` says what that is.

    `better` is +1 where more is better, -1 where less is.
    """

    name: str
    group: Group
    about: str
    figures: tuple[str, ...]
    of: Callable[..., float]
    better: int = 1

    def rows(self, columns: Columns) -> list[Numbers]:
        """Its columns, [m] each, of the m questions that it is about."""
        chosen = [columns[name] for name in self.figures]
        told = ~np.isnan(chosen).any(axis=0)
        return [column[told] for column in chosen]


def _mean(values: Numbers) -> float:
    return float(values.mean())


def _share(part: Numbers, whole: Numbers) -> float:
    """The sum of the parts in that of the wholes; 1 where there is nothing to be wrong."""
    return float(part.sum() / whole.sum()) if whole.any() else 1.0


def _percentile(percent: int) -> Callable[[Numbers], float]:
    return lambda values: float(np.percentile(values, percent))


def _means(group: Group, about: Mapping[str, str]) -> list[Measure]:
    return [Measure(name, group, text, (name,), _mean) for name, text in about.items()]


_RETRIEVAL = {
    "nDCG@10": "gain of the evidence's articles among the first ten, discounted by rank (Järvelin and Kekäläinen, 2002)",
    "R@1": "share of the evidence's articles that is found first",
    "R@5": "the same among the first 5",
    "R@10": "the same among the first 10",
    "R@100": "the same among the first 100, as far as the best 200 passages reach",
    "RR@10": "one over the rank of the first article of the evidence, 0 beyond ten (its mean is MRR)",
    "AP": "average precision (its mean is MAP)",
}
_QUOTES = {
    **{f"hit@{k}": f"an answer is in the first {k} quotes" if k > 1 else "an answer is in the first quote" for k in FIRST},
    **{f"hit_or_near@{k}": f"the same, near misses counted where it was silent: first {k}" for k in FIRST},
    **{f"answer@{n}": f"an answer stands within the first {n:,} characters shown" for n in CHARACTERS},
    **{f"answer_or_near@{n}": f"the same, near misses counted where it was silent: {n:,} characters" for n in CHARACTERS},
    "word_precision@3": "words of the first three quotes that are the gold's quotes' (as in SQuAD, Rajpurkar et al., 2016)",
    "word_recall@3": "words of the gold's quotes that are in the first three quotes",
    "word_f1@3": "their harmonic mean, a question's",
    "citation_precision": "share of an answer's quotes that are from an article of the evidence",
    "citation_recall": "share of the evidence's articles that are quoted",
}

MEASURES = (
    *_means(Group.RETRIEVAL, {name: _RETRIEVAL[name] for name in NAMES}),
    *_means(Group.QUOTES, _QUOTES),
    Measure("verbatim", Group.QUOTES, "windows shown that are their article's bytes: must be 1", ("verbatim_windows", "windows"), _share),
    Measure("answered", Group.SILENCE, "answerable questions that are answered", ("answered_answerable",), _mean),
    Measure("silent", Group.SILENCE, "unanswerable questions that are not answered", ("silent_unanswerable",), _mean),
    Measure("answer_rate", Group.SILENCE, "questions that are answered, at the working threshold", ("answered",), _mean),
    Measure("precision", Group.SILENCE, "answered questions whose first quote answers", ("answered", "right"), silence.precision),
    Measure("precision_any", Group.SILENCE, "answered questions of which some quote answers", ("answered", "any_right"), silence.precision),
    Measure("score", Group.SILENCE, "+1 first quote answers, 0 silent, -1 answered wrongly: the mean", ("answered", "right"), silence.score),
    Measure(
        "auroc", Group.SILENCE, "an answerable question is surer than an unanswerable one (Hanley and McNeil, 1982)",
        ("answerable", "confidence"), silence.auroc,
    ),
    Measure(
        "aurc", Group.SILENCE, "area under risk over coverage: less is better (Geifman, Uziel and El-Yaniv, 2019)",
        ("right", "confidence"), silence.aurc, better=-1,
    ),
    Measure(
        "calibration_error", Group.SILENCE, "confidence's distance from the share right, ten bins: less is better (Guo et al., 2017)",
        ("right", "confidence"), silence.calibration_error, better=-1,
    ),
    *(Measure(f"p{p}", Group.LATENCY, f"{p}% of the questions took no longer", ("milliseconds",), _percentile(p), better=-1) for p in (50, 95, 99)),
)  # fmt: skip
