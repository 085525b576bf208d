"""What is measured of every sentence that was read, for choosing among them and for saying how sure the choice is."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.reader.linear import Matrix
from rag.reader.rarity import Rarity
from rag.reader.span_scores import Best, SpanScores
from rag.reader.window import Window, article_hits
from rag.types import Span

SPANS = ("span", "alone", "among")
LEXICAL = ("share", "share_with_title")
RETRIEVAL = ("article_hit", "hit_gap")
AGREEMENT = ("support",)
FORM = ("position", "is_question", "unstopped")
NAMES = (*SPANS, *LEXICAL, *RETRIEVAL, *AGREEMENT, *FORM)

# what a sentence is worth that has no token which the model reached
_UNREAD = -20.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A row a sentence, in the windows' order: what was measured, [sentences, NAMES], and its words that answer, None where none is likelier."""

    rows: Matrix
    answers: Sequence[Span | None]


@dataclass(frozen=True, slots=True)
class _Reached:
    """A sentence's best span, and the logarithms of what falls on its tokens as starts and as ends, of all that fell on its window."""

    best: Best | None
    mass: Matrix
    window_mass: Matrix


def measured(windows: Sequence[Window], scores: Sequence[SpanScores], rarity: Rarity) -> Measured:
    """Measures the windows' sentences; `scores` are those of each window's text."""
    reached = [_reached(window, own) for window, own in zip(windows, scores, strict=True)]
    total = _total(windows, reached)
    support = _Support(windows, reached)
    best = max((window.hit for window in windows), default=0.0)
    articles = article_hits(windows)
    rows, answers = [], []
    for window, sentences in zip(windows, reached, strict=True):
        retrieval = (articles[window.page.article.id], window.hit - best)
        for n, own in enumerate(sentences, start=window.first):
            answers.append(_answer(window, n, own.best))
            rows.append(
                (
                    own.best.over_none if own.best else _UNREAD,
                    float((own.mass - own.window_mass).mean()),
                    float((own.mass - total).mean()),
                    rarity.share(window.page.stems(n)),
                    rarity.share(window.page.stems(n) | window.page.title_stems),
                    *retrieval,
                    support.of(window, own),
                    *_form(window, n),
                )
            )
    return Measured(np.array(rows, dtype=np.float64).reshape(-1, len(NAMES)), answers)


def _total(windows: Sequence[Window], reached: Sequence[Sequence[_Reached]]) -> Matrix:
    """The logarithms of all that fell on any sentence, and one for none; a sentence in two windows counts once, as the greater."""
    greatest: dict[tuple[str, int], Matrix] = {}
    for window, sentences in zip(windows, reached, strict=True):
        for n, own in enumerate(sentences, start=window.first):
            place = window.page.article.id, n
            greatest[place] = np.maximum(greatest.get(place, own.mass), own.mass)
    total: Matrix = np.logaddexp.reduce([np.zeros(2), *greatest.values()])
    return total


def _answer(window: Window, n: int, best: Best | None) -> Span | None:
    """The best span in whole words, since a model's tokens may be parts of one; none where none is likelier."""
    if best is None or best.over_none <= 0:
        return None
    text, sentence, found = window.page.article.text, window.page.sentences[n], best.span.moved(window.span.start)
    start, end = found.start, found.end
    while start > sentence.start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < sentence.end and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Span(start, end)


def _reached(window: Window, scores: SpanScores) -> list[_Reached]:
    inside = [scores.within(window.page.sentences[n].moved(-window.span.start)) for n in range(window.first, window.last)]
    window_mass = np.logaddexp(0.0, scores.mass)
    return [_Reached(own.best(), np.maximum(own.mass, _UNREAD), window_mass) for own in inside]


def _form(window: Window, n: int) -> tuple[float, ...]:
    text = window.page.text(n)
    bare = text.rstrip("\"'”’)]")
    return (
        math.log1p(n),
        float(bare.endswith("?")),
        float(not bare.endswith((".", "!", "?"))),
    )


class _Support:
    """How well an answer is borne out by what answers in other articles.

    Answers repeat where articles tell of one event, and chance words do not
    (redundancy: Clarke, Cormack and Lynam, "Exploiting Redundancy in Question
    Answering", 2001).
    """

    def __init__(self, windows: Sequence[Window], reached: Sequence[Sequence[_Reached]]) -> None:
        self._claims: dict[str, dict[str, float]] = {}
        for window, sentences in zip(windows, reached, strict=True):
            best = max((own.best for own in sentences if own.best), key=lambda found: found.over_none, default=None)
            if best:
                claims = self._claims.setdefault(_said(window, best), {})
                known = claims.get(window.page.article.id, 0.0)
                claims[window.page.article.id] = max(known, 1 / (1 + math.exp(-max(best.over_none, _UNREAD) / 2)))

    def of(self, window: Window, own: _Reached) -> float:
        if not own.best:
            return 0.0
        claims = self._claims.get(_said(window, own.best), {})
        return math.log1p(math.fsum(sure for id, sure in claims.items() if id != window.page.article.id))


def _said(window: Window, best: Best) -> str:
    words = re.findall(r"\w+", best.span.moved(window.span.start).of(window.page.article.text).casefold())
    return " ".join(word for word in words if word not in ("a", "an", "the"))
