"""What is measured of every sentence that was read, for choosing among them and for saying how sure the choice is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.question import Kind
from rag.reader.linear import Matrix
from rag.reader.rarity import Rarity
from rag.reader.span_scores import Best, SpanScores
from rag.reader.window import Window, article_hits
from rag.types import Span

SPANS = ("span", "alone", "among")
LEXICAL = ("share", "share_with_title")
RETRIEVAL = ("article_hit", "hit_gap")
NAMES = (*SPANS, *LEXICAL, *RETRIEVAL)

# what a sentence is worth that has no token which the model reached
_UNREAD = -20.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A row a sentence, in the windows' order: what was measured, [sentences, NAMES], and its words that answer, None where none is likelier."""

    rows: Matrix
    answers: Sequence[Span | None]


@dataclass(frozen=True, slots=True)
class _Reached:
    """A sentence's best span, and the logarithms of what falls on its tokens as starts and as ends, of all that fell on its window.

    `words` is the best span with the numbers that belong to its name.
    """

    best: Best | None
    words: Best | None
    mass: Matrix
    window_mass: Matrix


def measured(windows: Sequence[Window], scores: Sequence[SpanScores], rarity: Rarity) -> Measured:
    """Measures the windows' sentences; `scores` are those of each window's text."""
    reached = [_reached(window, own) for window, own in zip(windows, scores, strict=True)]
    total = _total(windows, reached)
    best = max((window.hit for window in windows), default=0.0)
    articles = article_hits(windows)
    rows, answers = [], []
    for window, sentences in zip(windows, reached, strict=True):
        retrieval = (articles[window.page.article.id], window.hit - best)
        for n, own in enumerate(sentences, start=window.first):
            answers.append(_answer(window, n, own.words))
            rows.append(
                (
                    own.best.over_none if own.best else _UNREAD,
                    float((own.mass - own.window_mass).mean()),
                    float((own.mass - total).mean()),
                    rarity.share(window.page.stems(n)),
                    rarity.share(window.page.stems(n) | window.page.title_stems),
                    *retrieval,
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


def _of_kind(window: Window, scores: SpanScores) -> SpanScores:
    """Without the tokens that are no answer of the kind asked for: a number is nobody."""
    if window.page.kind is not Kind.PERSON:
        return scores
    return scores.only(
        np.array([any(map(str.isalpha, window.text[start:end])) for start, end in zip(scores.starts, scores.ends, strict=True)], dtype=bool)
    )


def _reached(window: Window, scores: SpanScores) -> list[_Reached]:
    able = _of_kind(window, scores)
    window_mass = np.logaddexp(0.0, able.mass)
    found = []
    for n in range(window.first, window.last):
        sentence = window.page.sentences[n].moved(-window.span.start)
        own = able.within(sentence)
        best = own.best()
        words = best if able is scores else _with_numbers(best, scores.within(sentence))
        found.append(_Reached(best, words, np.maximum(own.mass, _UNREAD), window_mass))
    return found


def _with_numbers(best: Best | None, scores: SpanScores) -> Best | None:
    """The words that are likeliest of all tokens, where they are these and more: "50 Cent", not "Cent"."""
    whole = scores.best()
    return Best(whole.span, best.over_none) if best and whole and whole.span.covers(best.span) else best
