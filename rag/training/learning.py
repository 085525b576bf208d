"""From the data to the weights that ship beside the span reader, and what weights learned in the same way reach on articles that they did not see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.archive import Archive
from rag.encoder import sentence_encoder
from rag.errors import InputError
from rag.reader import SpanReader, measures, skim
from rag.reader.linear import Linear, Matrix, Weights
from rag.reader.reader import Reader
from rag.settings import Settings
from rag.training import corpora, examples, held_out
from rag.training.examples import FOLDS, Example, Offered
from rag.training.fitting import Listed, listwise, logistic
from rag.types import Quote

_PENALTY, _SKIM_PENALTY = 0.001, 0.01
_STRENGTH = 0.1
# a sentence's confidence is fitted on the best of each question, and on so many after it, which count for less
_BEHIND, _LESS = 4, 0.1
# where the questions that the articles answer, or do not, are told apart: this share of answered questions show a sentence that
# the data name, which means some .9 that answer: of 26 that they do not name, read one by one, 13 did
_PRECISION = 0.85
# and this share of the questions that could be answered come at least near
_NEAR = 0.98
# what is taken away, one at a time, to see what it is worth
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "nothing": (),
    "the span reader": measures.SPANS,
    "words in common": measures.LEXICAL,
    "retrieval scores": measures.RETRIEVAL,
    "all but the span reader": (*measures.LEXICAL, *measures.RETRIEVAL),
}
# CLAPnq's answers take up two sentences and a half on average
_COMPARED = 3
_CORPORA = {"news": corpora.news, "encyclopaedia": corpora.encyclopaedia, "passages": corpora.passages}

Progress = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Learned:
    weights: Weights
    report: Sequence[str]


@dataclass(frozen=True)
class _Scored:
    """A question's sentences with their scores and confidences, both by weights that were fitted on other folds."""

    example: Example
    scores: Matrix
    sure: Matrix

    @cached_property
    def order(self) -> NDArray[np.intp]:
        return np.argsort(-self.scores, kind="stable")

    @property
    def confidence(self) -> float:
        """The greatest of any sentence: it decides whether the question is answered."""
        return float(self.sure.max())

    @property
    def first(self) -> float:
        return float(self.sure[self.order[0]])

    @property
    def right(self) -> bool:
        return bool(self.example.answers[self.order[0]])

    def shows(self, threshold: float) -> bool:
        """Whether a sentence that is shown as a quote answers."""
        return bool(self.example.answers[self.sure >= threshold].any())


def learn(data: Path, work: Path, spans: SpanReader, progress: Progress) -> Learned:
    """Measures with held-out folds, then fits on everything. `progress` is called some thousands of times."""
    settings = Settings()
    found, given = _found(data, work, settings, spans, progress)
    skimmed = examples.skimmed(found)
    skims = [_skim(example for example in skimmed if example.fold != fold) for fold in range(FOLDS)]
    readers = [Reader(spans, settings, _only_skim(one)) for one in skims]
    opened = examples.studied(found, readers.__getitem__, progress)
    within = examples.studied(given, readers.__getitem__, progress)
    every = [example for example in (*opened, *within) if len(example.rows)]
    folds = [_fit(skims[fold], [example for example in every if example.fold != fold], 0.5, 0.1) for fold in range(FOLDS)]
    scored = [_scored(example, folds[example.fold]) for example in every]
    answered, weak = _thresholds(scored)
    weights = _fit(_skim(skimmed), every, answered, weak)
    report = _report(scored, answered)
    report += _shown([*found, *given], [Reader(spans, settings, replace(one, answered=answered, weak=weak)) for one in folds])
    report += _ablation(every)
    return Learned(weights, report)


def _found(data: Path, work: Path, settings: Settings, spans: SpanReader, progress: Progress) -> tuple[list[Offered], list[Offered]]:
    reader = Reader(spans, settings, _only_skim(_flat(skim.NAMES)))
    encoder = sentence_encoder(settings)
    found: list[Offered] = []
    given: list[Offered] = []
    for name, read in _CORPORA.items():
        articles, asked = read(data)
        with Archive.open(work / name, settings, encoder, spans) as archive:
            archive.add(articles)
            found += examples.open_(archive, reader, asked, progress)
            given += examples.given(one for one in asked if one.section)
    return found, given


def _skim(skimmed: Iterable[Example]) -> Linear:
    return listwise(skim.NAMES, _lists(skimmed), _SKIM_PENALTY)


def _lists(listed: Iterable[Example]) -> list[Listed]:
    """What the choice is learned from: news has no licence, and only helps to say how sure to be."""
    return [(one.rows, one.answers, 1.0) for one in listed if one.setting != "without" and one.asked.corpus != "news"]


def _fit(skimming: Linear, listed: Sequence[Example], answered: float, weak: float) -> Weights:
    choose = listwise(measures.NAMES, _lists(listed), _PENALTY)
    rows, right, counts = (np.concatenate(column) for column in zip(*[_best(one, choose) for one in listed if one.setting != "given"], strict=True))
    return Weights(skimming, choose, logistic(measures.NAMES, rows, right, counts, _STRENGTH), answered, weak)


def _best(example: Example, choose: Linear) -> tuple[Matrix, Matrix, Matrix]:
    order = np.argsort(-choose(example.rows), kind="stable")[: 1 + _BEHIND]
    return example.rows[order], example.answers[order], np.array([1.0, *[_LESS] * _BEHIND])[: len(order)]


def _scored(example: Example, weights: Weights) -> _Scored:
    return _Scored(example, weights.choose(example.rows), 1 / (1 + np.exp(-weights.confidence(example.rows))))


def _thresholds(scored: Sequence[_Scored]) -> tuple[float, float]:
    """From which confidence on a question is answered, and from which on something comes near; both to two digits."""
    # half of these have no answer; of the news questions many are answered by articles that the data do not hold, and of the
    # passages' questions many are made to trick
    asked = [one for one in scored if one.example.setting != "given" and one.example.asked.corpus in ("selqa", "clapnq")]
    steps = np.arange(0.05, 0.95, 0.01)
    shown = {step: [one.shows(step) for one in asked if one.confidence >= step] for step in steps}
    answered = next((step for step in steps if shown[step] and np.mean(shown[step]) >= _PRECISION), None)
    if answered is None:
        raise InputError(f"at no confidence does {_PRECISION:.0%} of the answered questions show an answer; the span reader needs more training")
    could = [one.confidence for one in asked if one.example.answers.any()]
    return round(float(answered), 2), round(float(np.quantile(could, 1 - _NEAR)), 2)


def _report(scored: Sequence[_Scored], answered: float) -> list[str]:
    def part(corpus: str, setting: str, answerable: bool | None = None) -> list[_Scored]:
        return [
            one
            for one in scored
            if one.example.asked.corpus == corpus
            and one.example.setting == setting
            and answerable in (None, bool(one.example.asked.sentences or one.example.asked.answers))
        ]

    selqa = part("selqa", "given")
    sections = [one.example for one in selqa]
    there, gone = part("selqa", "open"), part("selqa", "without")
    answerable, near = part("clapnq", "open", answerable=True), part("clapnq", "open", answerable=False)
    passage, beside = part("clapnq", "given", answerable=True), part("clapnq", "given", answerable=False)
    away = part("clapnq", "without")
    news = part("news", "open")
    asked, tricked = part("passages", "open", answerable=True), part("passages", "open", answerable=False)
    every = [*there, *gone, *answerable, *near, *news, *asked, *tricked]
    shown = [one for one in every if one.confidence >= answered]
    return [
        _line("SelQA sections, the reader: MAP, P@1", held_out.ranking([one.scores for one in selqa], sections)),
        _line(
            "an answering sentence was read: SelQA, news, passages",
            [_share(bool(one.example.answers.any()) for one in o) for o in (there, news, asked)],
        ),
        _line(
            "near-miss AUROC: CLAPnq open, given the passage, passages open",
            [_auroc(answerable, near), _auroc(passage, beside), _auroc(asked, tricked)],
        ),
        _line("off-topic AUROC: SelQA, CLAPnq", [_auroc(there, gone), _auroc(answerable, away)]),
        _line(
            "calibration error: all, SelQA, CLAPnq, news, passages",
            [_error(o) for o in (every, there + gone, answerable + near, news, asked + tricked)],
        ),
        _line(f"precision at {answered}: of the first quote", [_share(one.right for one in shown)]),
        _line(f"precision at {answered}: of the quotes shown", [_share(one.shows(answered) for one in shown)]),
        _line(
            f"quotes shown at {answered}: mean, news",
            [_quotes_shown(shown, answered), _quotes_shown([one for one in shown if one in news], answered)],
        ),
        _line(
            f"answered at {answered}: SelQA, its article away, CLAPnq, near misses, news, passages, those that trick",
            [_share(one.confidence >= answered for one in o) for o in (there, gone, answerable, near, news, asked, tricked)],
        ),
    ]


def _quotes_shown(scored: Sequence[_Scored], answered: float) -> float:
    return float(np.mean([int((one.sure >= answered).sum()) for one in scored]))


def _shown(found: Sequence[Offered], readers: Sequence[Reader]) -> list[str]:
    """What the whole reader shows, context and all: its quotes, and then its near misses."""
    reached: dict[str, list[list[float]]] = {"selqa": [], "clapnq": [], "news": [], "passages": []}
    overlaps = []
    for one in found:
        if one.setting == "open" and (one.asked.sentences or one.asked.answers):
            quotes = _quotes(readers[one.fold], one)
            reached[one.asked.corpus].append([float(held_out.within(quotes, one.asked, characters)) for characters in (300, 600, 1_200)])
        elif one.setting == "given" and one.asked.corpus == "clapnq" and one.asked.sentences:
            overlaps.append(held_out.overlap(_quotes(readers[one.fold], one)[:_COMPARED], one.asked))
    lines = [
        _line(f"{corpus}, the whole reader: an answer within 300, 600, 1,200 characters", np.mean(rows, axis=0)) for corpus, rows in reached.items()
    ]
    return [*lines, _line(f"CLAPnq, given the passage: word F1 of the first {_COMPARED} quotes", [float(np.mean(overlaps))])]


def _ablation(examples: Sequence[Example]) -> list[str]:
    return [_without(name, [_blanked(example, names) for example in examples]) for name, names in _GROUPS.items()]


def _without(name: str, examples: Sequence[Example]) -> str:
    models = [listwise(measures.NAMES, _lists(one for one in examples if one.fold != fold), _PENALTY) for fold in range(FOLDS)]
    figures: list[float] = []
    for corpus, setting in (("selqa", "given"), ("selqa", "open"), ("passages", "open"), ("news", "open")):
        part = [one for one in examples if (one.asked.corpus, one.setting) == (corpus, setting)]
        figures += held_out.ranking([models[one.fold](one.rows) for one in part], part)
    return _line(f"without {name}: MAP, P@1 on SelQA sections, SelQA open, passages, news", figures)


def _blanked(example: Example, names: Sequence[str]) -> Example:
    """The example with these features the same everywhere, so that they tell nothing."""
    rows = example.rows.copy()
    rows[:, [measures.NAMES.index(name) for name in names]] = 0.0
    return replace(example, rows=rows)


def _quotes(reader: Reader, found: Offered) -> Sequence[Quote]:
    """What is shown, the near misses last."""
    reading = reader.read_windows(found.question, found.windows)
    return [*reading.quotes, *reading.near_misses]


def _share(held: Iterable[bool]) -> float:
    return float(np.mean(list(held)))


def _auroc(yes: Sequence[_Scored], no: Sequence[_Scored]) -> float:
    return held_out.auroc([one.confidence for one in yes], [one.confidence for one in no])


def _error(scored: Sequence[_Scored]) -> float:
    return held_out.calibration_error([one.first for one in scored], [one.right for one in scored])


def _line(name: str, figures: Iterable[float]) -> str:
    return f"{name}: {', '.join(f'{figure:.3f}' for figure in figures)}"


def _flat(names: Sequence[str]) -> Linear:
    count = len(names)
    return Linear(tuple(names), np.zeros(count), np.ones(count), np.zeros(count), 0.0)


def _only_skim(skimming: Linear) -> Weights:
    return Weights(skimming, _flat(measures.NAMES), _flat(measures.NAMES), 0.5, 0.1)
