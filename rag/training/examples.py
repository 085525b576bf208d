"""What the reader measures of each question's sentences, with which of them answer."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.archive import Archive
from rag.question import Question, parse
from rag.reader import skim
from rag.reader.linear import Matrix
from rag.reader.page import Page
from rag.reader.rarity import Rarity
from rag.reader.reader import Reader
from rag.reader.window import Window
from rag.training.corpora import Asked
from rag.types import Hit

FOLDS = 5
# with the question's own article taken away, more passages must have been found
_HITS = 40
_HITS_WITHOUT = 120


@dataclass(frozen=True, slots=True)
class Example:
    """A question's sentences [n, features], and whether each answers [n].

    `setting`: "given" the section alone, "open" over the archive, "without" its article there.
    """

    asked: Asked
    setting: str
    rows: Matrix
    answers: Matrix

    @property
    def fold(self) -> int:
        return zlib.crc32(self.asked.topic.encode()) % FOLDS


@dataclass(frozen=True, slots=True)
class Offered:
    """A question and the windows that retrieval offers the reader."""

    asked: Asked
    setting: str
    question: Question
    windows: Sequence[Window]

    @property
    def fold(self) -> int:
        return zlib.crc32(self.asked.topic.encode()) % FOLDS


def given(asked: Iterable[Asked]) -> list[Offered]:
    """Each question with its own section as the one window, its sentences as the data give them."""
    found = []
    for one in asked:
        question = parse(one.question)
        page = Page(one.section.article, one.section.sentences, question) if one.section else None
        if page:
            found.append(Offered(one, "given", question, [Window(page, 0, len(page.sentences), 1.0)]))
    return found


def open_(archive: Archive, reader: Reader, asked: Iterable[Asked], progress: Callable[[], object]) -> list[Offered]:
    """Each question with what its archive offers; for one with a section also once more without its topic's articles."""
    found = []
    for one in asked:
        hits = archive.search(one.question, _HITS_WITHOUT if one.section else _HITS)
        question = parse(one.question)
        windows = reader.windows(question, hits[:_HITS])
        found.append(Offered(one if one.topic else replace(one, topic=_topic(one, hits)), "open", question, windows))
        if one.section:
            rest = [hit for hit in hits if hit.passage.article.title != one.section.article.title][:_HITS]
            found.append(Offered(replace(one, sentences=(), answers=()), "without", question, reader.windows(question, rest)))
        progress()
    return found


def skimmed(found: Sequence[Offered]) -> list[Example]:
    """The sentences of everything found, as the skim measures them."""
    examples = []
    for one in found:
        rarity = Rarity(one.question.stems, (w.page.stems(n) for w in one.windows for n in range(w.first, w.last)))
        rows = skim.features(one.windows, rarity)
        examples.append(_example(one, one.windows, np.concatenate(rows) if rows else np.zeros((0, len(skim.NAMES)))))
    return examples


def studied(found: Iterable[Offered], reader: Callable[[int], Reader], progress: Callable[[], object]) -> list[Example]:
    """The sentences of what a fold's reader chooses to read, as it measures them."""
    examples = []
    for one in found:
        study = reader(one.fold).study(one.question, one.windows)
        examples.append(_example(one, study.windows, study.measured.rows))
        progress()
    return examples


def _example(one: Offered, windows: Sequence[Window], rows: Matrix) -> Example:
    texts = (window.page.text(n) for window in windows for n in range(window.first, window.last))
    return Example(one.asked, one.setting, rows, np.array([one.asked.answered_by(text) for text in texts], dtype=bool))


def _topic(one: Asked, hits: Sequence[Hit]) -> str:
    """The best article that holds the answer, else the best one."""
    holding = (hit.passage.article.id for hit in hits if one.answered_by(hit.passage.text))
    return next(holding, hits[0].passage.article.id)
