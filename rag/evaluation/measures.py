"""The measures of a run: what each is called, where it comes from, and how it is worked out of the questions' figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from rag.evaluation import silence
from rag.evaluation.judging import CHARACTERS, FIRST
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
    """`of` takes the columns of `figures`, of those questions that have them all, and gives the value.

    `about` says in plain words what that is, `source` where it comes from. `better`
    is +1 where more is better, -1 where less is. `over` is the 0-or-1 figure of the
    questions that it is a share of, where those are not all. `reach` is how far one
    question can move its own part of a mean.
    """

    name: str
    group: Group
    about: str
    figures: tuple[str, ...]
    of: Callable[..., float]
    source: str = ""
    better: int = 1
    over: str = ""
    reach: int = 1

    def rows(self, columns: Columns) -> list[Numbers]:
        """Its columns, [m] each, of the m questions that have them."""
        chosen = [columns[name] for name in self.figures]
        told = ~np.isnan(chosen).any(axis=0)
        return [column[told] for column in chosen]

    def questions(self, rows: Sequence[Numbers]) -> int:
        """How many questions it is a share, a mean or an order of."""
        return int(rows[self.figures.index(self.over)].sum()) if self.over else len(rows[0])


def _mean(values: Numbers) -> float:
    return float(values.mean())


def _share(part: Numbers, whole: Numbers) -> float:
    """The sum of the parts in that of the wholes; 1 where there is nothing to be wrong."""
    return float(part.sum() / whole.sum()) if whole.any() else 1.0


def _percentile(percent: int) -> Callable[[Numbers], float]:
    return lambda values: float(np.percentile(values, percent))


def _means(group: Group, *told: tuple[str, str, str]) -> list[Measure]:
    return [Measure(name, group, about, (name,), _mean, source) for name, about, source in told]


_SQUAD = "Rajpurkar et al., SQuAD, 2016; articles are kept"

MEASURES = (
    *_means(
        Group.RETRIEVAL,
        ("nDCG@10", "articles of the evidence among the first ten, discounted by rank", "Järvelin and Kekäläinen, 2002"),
        ("R@1", "share of the evidence's articles that stands first", "trec_eval's recall"),
        ("R@5", "among the first 5", "trec_eval's recall"),
        ("R@10", "among the first 10", "trec_eval's recall"),
        ("R@100", "among the first 100, as far as the 200 best passages reach", "trec_eval's recall"),
        ("RR@10", "one over the rank of its first article, 0 beyond ten", "MRR: Voorhees, TREC-8, 1999"),
        ("AP", "average precision", "MAP: Buckley and Voorhees, 2000"),
    ),
    *_means(
        Group.QUOTES,
        *((f"hit@{k}", f"an answer is in the first {k} quotes" if k > 1 else "an answer is in the first quote", "success at k") for k in FIRST),
        *((f"hit_or_near@{k}", f"first {k}; near misses count where it was silent", "success at k") for k in FIRST),
        *((f"answer@{n}", f"an answer stands in the first {n:,} characters shown", "") for n in CHARACTERS),
        *((f"answer_or_near@{n}", f"first {n:,} characters; near misses count where it was silent", "") for n in CHARACTERS),
        ("word_precision@3", "words of the first three quotes that are the gold's quotes'", _SQUAD),
        ("word_recall@3", "words of the gold's quotes that are in the first three", _SQUAD),
        ("word_f1@3", "their harmonic mean, a question's", _SQUAD),
        ("citation_precision", "share of an answer's quotes that are of the evidence's articles", "after Gao et al., ALCE, 2023"),
        ("citation_recall", "share of the evidence's articles that are quoted", "after Gao et al., ALCE, 2023"),
    ),
    Measure("verbatim", Group.QUOTES, "windows shown that are their article's bytes: must be 1", ("verbatim_windows", "windows"), _share),
    *_means(
        Group.SILENCE,
        ("answered_answerable", "answerable questions that are answered", ""),
        ("silent_unanswerable", "unanswerable questions that are not answered", ""),
    ),
    Measure("answer_rate", Group.SILENCE, "all questions that are answered, at the working threshold", ("answered",), _mean),
    *(
        Measure(name, Group.SILENCE, about, ("answered", figure), silence.precision, "selective accuracy: El-Yaniv and Wiener, 2010", over="answered")
        for name, about, figure in (
            ("precision", "answered questions whose first quote answers", "right"),
            ("precision_any", "answered questions of which some quote answers", "any_right"),
        )
    ),
    Measure("score", Group.SILENCE, "mean of +1 first quote answers, 0 silent, -1 answered wrongly", ("answered", "right"), silence.score, reach=2),
    Measure(
        "auroc", Group.SILENCE, "an answerable question is surer than an unanswerable one", ("answerable", "confidence"), silence.auroc,
        "Hanley and McNeil, 1982",
    ),
    Measure(
        "aurc", Group.SILENCE, "area under risk over coverage; less is better", ("right", "confidence"), silence.aurc,
        "Geifman, Uziel and El-Yaniv, 2019", better=-1,
    ),
    Measure(
        "calibration_error", Group.SILENCE, "confidence's distance from the share right; less is better", ("right", "confidence"),
        silence.calibration_error, "ten bins: Guo et al., 2017", better=-1,
    ),
    *(Measure(f"p{p}", Group.LATENCY, f"{p}% of the questions took no longer", ("milliseconds",), _percentile(p), better=-1) for p in (50, 95, 99)),
)  # fmt: skip
