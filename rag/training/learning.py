"""From the data to the weights that ship, and what weights learned in the same way reach on articles that they did not see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.archive import Archive
from rag.encoder import Encoder, SentenceEncoder
from rag.reader import features, skim
from rag.reader.linear import Linear, Matrix, Weights
from rag.reader.reader import CONFIDENCE, Reader, confidence_rows
from rag.settings import Settings
from rag.token_memory import TokenMemory
from rag.training import corpora, examples, held_out
from rag.training.examples import FOLDS, Example, Found
from rag.training.fitting import Listed, listwise, logistic
from rag.types import Quote

# how much a question counts: quiz questions on news are few and the real case; those on an encyclopaedia are many and easy
_NEWS, _ENCYCLOPAEDIA = 3.0, 1.0
_PENALTY = 0.01
_STRENGTH = 0.1
# where the questions that the articles answer, or do not, are told apart: this share of answered questions show an answer,
_PRECISION = 0.9
# and this share of the questions that could be answered come at least near
_NEAR = 0.98
_REMEMBERED = 3_000_000
# what is taken away, one at a time, to see what it is worth
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "nothing": (),
    "words in common": features.LEXICAL,
    "the title among them": ("share_with_title", "share_of_title"),
    "late interaction": features.LATE,
    "of it, the asking words": ("maxsim_asking", "asking_new"),
    "of it, same or like": ("same_or_like", "same_or_like_least"),
    "of it, pooled": ("pooled",),
    "neighbours' likeness": features.NEIGHBOURS,
    "retrieval scores": features.RETRIEVAL,
    "form and position": features.FORM,
    "the kind of answer": features.KINDS,
    "candidates and their support": features.CANDIDATES,
}
# CLAPnq's answers take up two sentences and a half on average
_COMPARED = 3

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
        return float(self.sure[self.order[0]])

    @property
    def right(self) -> bool:
        return bool(self.example.answers[self.order[0]])

    def shows(self, most: int) -> bool:
        return bool(self.example.answers[self.order[:most]].any())


def learn(data: Path, work: Path, progress: Progress) -> Learned:
    """Measures with held-out folds, then fits on everything. `progress` is called some thousands of times."""
    settings = Settings()
    encoder = TokenMemory(SentenceEncoder(settings), _REMEMBERED)
    found, given = _found(data, work, settings, encoder, progress)
    skimmed = examples.skimmed(found)
    skims = [_skim(example for example in skimmed if example.fold != fold) for fold in range(FOLDS)]
    readers = [Reader(encoder, settings, _only_skim(one)) for one in skims]
    opened = examples.studied(found, readers.__getitem__, progress)
    within = examples.studied(given, readers.__getitem__, progress)
    folds = []
    for fold in range(FOLDS):
        others = [example for example in (*opened, *within) if example.fold != fold]
        folds.append(_fit(skims[fold], others, 0.5, 0.1))
    scored = [_scored(example, folds[example.fold]) for example in (*opened, *within) if len(example.rows)]
    answered, weak = _thresholds(scored, settings.max_quotes)
    weights = _fit(_skim(skimmed), [*opened, *within], answered, weak)
    report = _report(scored, answered, settings.max_quotes, encoder)
    report += _shown([*found, *given], [Reader(encoder, settings, _with(one, answered, weak)) for one in folds])
    report += _ablation([example for example in (*opened, *within) if len(example.rows)])
    return Learned(weights, report)


def _found(data: Path, work: Path, settings: Settings, encoder: Encoder, progress: Progress) -> tuple[list[Found], list[Found]]:
    reader = Reader(encoder, settings, _only_skim(_flat(skim.NAMES)))
    found: list[Found] = []
    given: list[Found] = []
    for name, (articles, asked) in (("news", corpora.news(data)), ("encyclopaedia", corpora.encyclopaedia(data))):
        with Archive.open(work / name, settings, encoder) as archive:
            archive.add(articles)
            found += examples.open_(archive, reader, asked, progress)
            given += examples.given(one for one in asked if one.section)
    return found, given


def _skim(skimmed: Iterable[Example]) -> Linear:
    lists = [_listed(example) for example in skimmed if example.setting == "open"]
    return listwise(skim.NAMES, [], lists, _PENALTY)[1]


def _choosing(listed: Sequence[Example]) -> tuple[Linear, Linear]:
    within = [_listed(example) for example in listed if example.setting == "given"]
    among = [_listed(example) for example in listed if example.setting == "open"]
    return listwise(features.NAMES, within, among, _PENALTY)


def _fit(skimming: Linear, listed: Sequence[Example], answered: float, weak: float) -> Weights:
    choosing = _choosing(listed)
    # a second split would keep the confidence from seeing scores of sentences that the choice was fitted on; with forty
    # weights on a thousand questions it changes little, and the held-out figures show what is left
    best = [_best(example, choosing) for example in listed if example.setting != "given" and len(example.rows)]
    rows, right, counts = (np.array(column) for column in zip(*best, strict=True))
    return Weights(skimming, *choosing, logistic(CONFIDENCE, rows, right, counts, _STRENGTH), answered, weak)


def _listed(example: Example) -> Listed:
    return example.rows, example.answers, _weight(example)


def _weight(example: Example) -> float:
    return _NEWS if example.asked.corpus == "news" else _ENCYCLOPAEDIA


def _best(example: Example, choosing: tuple[Linear, Linear]) -> tuple[Matrix, bool, float]:
    scores = choosing[1](example.rows)
    best = int(np.argmax(scores))
    return confidence_rows(example.rows, scores)[best], bool(example.answers[best]), _weight(example)


def _scored(example: Example, weights: Weights) -> _Scored:
    among = weights.choose_among(example.rows)
    scores = weights.choose_within(example.rows) if example.setting == "given" else among
    return _Scored(example, scores, 1 / (1 + np.exp(-weights.confidence(confidence_rows(example.rows, among)))))


def _thresholds(scored: Sequence[_Scored], most: int) -> tuple[float, float]:
    """From which confidence on a question is answered, and from which on something comes near; both to two digits."""
    # of the news questions many are answered by articles that the data do not hold
    asked = [one for one in scored if one.example.setting != "given" and one.example.asked.corpus != "news"]
    steps = np.arange(0.05, 0.95, 0.01)
    answered = next(step for step in steps if np.mean([one.shows(most) for one in asked if one.confidence >= step]) >= _PRECISION)
    could = [one.confidence for one in asked if one.shows(most)]
    return round(float(answered), 2), round(float(np.quantile(could, 1 - _NEAR)), 2)


def _report(scored: Sequence[_Scored], answered: float, most: int, encoder: Encoder) -> list[str]:
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
    every = [*there, *gone, *answerable, *near, *news]
    shown = [one for one in every if one.confidence >= answered]
    return [
        _line("SelQA sections, the reader: MAP, P@1", held_out.ranking([one.scores for one in selqa], sections)),
        _line("SelQA sections, cosine alone: MAP, P@1", held_out.ranking(held_out.by_cosine(sections, encoder), sections)),
        _line("SelQA sections, BM25 alone: MAP, P@1", held_out.ranking(held_out.by_bm25(sections), sections)),
        _line("an answering sentence was read: SelQA, news", [_share(bool(one.example.answers.any()) for one in o) for o in (there, news)]),
        _line("near-miss AUROC: open, given the passage", [_auroc(answerable, near), _auroc(passage, beside)]),
        _line("off-topic AUROC: SelQA, CLAPnq", [_auroc(there, gone), _auroc(answerable, away)]),
        _line("calibration error: all, SelQA, CLAPnq, news", [_error(o) for o in (every, there + gone, answerable + near, news)]),
        _line(f"precision at {answered}: of the first quote", [_share(one.right for one in shown)]),
        _line(f"precision at {answered}: of the quotes shown", [_share(one.shows(most) for one in shown)]),
        _line(
            f"answered at {answered}: SelQA, its article away, CLAPnq, near misses, news",
            [_share(one.confidence >= answered for one in o) for o in (there, gone, answerable, near, news)],
        ),
    ]


def _shown(found: Sequence[Found], readers: Sequence[Reader]) -> list[str]:
    """What the whole reader shows, context and all: its quotes, or its near misses where it does not answer."""
    reached: dict[str, list[list[float]]] = {"selqa": [], "news": []}
    overlaps = []
    for one in found:
        if one.asked.corpus not in reached and one.setting != "given":
            continue
        if one.setting == "open":
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
    models = [_choosing([one for one in examples if one.fold != fold]) for fold in range(FOLDS)]
    figures: list[float] = []
    for corpus, setting in (("selqa", "given"), ("selqa", "open"), ("news", "open")):
        part = [one for one in examples if (one.asked.corpus, one.setting) == (corpus, setting)]
        figures += held_out.ranking([models[one.fold][setting == "open"](one.rows) for one in part], part)
    return _line(f"without {name}: MAP, P@1 on SelQA sections, SelQA open, news", figures)


def _blanked(example: Example, names: Sequence[str]) -> Example:
    """The example with these features the same everywhere, so that they tell nothing."""
    rows = example.rows.copy()
    rows[:, [features.NAMES.index(name) for name in names]] = 0.0
    return replace(example, rows=rows)


def _quotes(reader: Reader, found: Found) -> Sequence[Quote]:
    """What is shown: quotes, or near misses where the question is not answered."""
    reading = reader.read_windows(found.question, found.windows)
    return reading.quotes or reading.near_misses


def _share(held: Iterable[bool]) -> float:
    return float(np.mean(list(held)))


def _auroc(yes: Sequence[_Scored], no: Sequence[_Scored]) -> float:
    return held_out.auroc([one.confidence for one in yes], [one.confidence for one in no])


def _error(scored: Sequence[_Scored]) -> float:
    return held_out.calibration_error([one.confidence for one in scored], [one.right for one in scored])


def _line(name: str, figures: Iterable[float]) -> str:
    return f"{name}: {', '.join(f'{figure:.3f}' for figure in figures)}"


def _flat(names: Sequence[str]) -> Linear:
    count = len(names)
    return Linear(tuple(names), np.zeros(count), np.ones(count), np.zeros(count), 0.0)


def _only_skim(skimming: Linear) -> Weights:
    return Weights(skimming, _flat(features.NAMES), _flat(features.NAMES), _flat(CONFIDENCE), 0.5, 0.1)


def _with(weights: Weights, answered: float, weak: float) -> Weights:
    return Weights(weights.skim, weights.choose_within, weights.choose_among, weights.confidence, answered, weak)
