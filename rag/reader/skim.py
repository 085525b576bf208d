"""Which of the passages found are worth reading: judged from words and retrieval scores alone, before any model reads them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.reader.linear import Linear, Matrix
from rag.reader.rarity import Rarity
from rag.reader.window import Window, article_hits

NAMES = ("share", "share_with_neighbours", "share_with_title", "offers", "position", "words", "hit_gap", "article_hit")


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be read: windows, and characters in all; the first window is read whatever its length."""

    windows: int
    characters: int


def skim(windows: Sequence[Window], rarity: Rarity, learned: Linear, budget: Budget) -> list[Window]:
    """The windows to read, best first, no two with the same words.

    A window is worth the sum over its sentences of exp(score).
    """
    measured = features(windows, rarity)
    # all at once: a call for each window would cost more than the sums
    scores = np.split(learned(np.concatenate(measured)), np.cumsum([len(rows) for rows in measured])[:-1]) if measured else []
    worth = [_worth(one) for one in scores]
    chosen: dict[str, Window] = {}
    characters = 0
    for n in sorted(range(len(windows)), key=lambda n: (-worth[n], n)):
        length = len(windows[n].span)
        if chosen and (len(chosen) == budget.windows or characters + length > budget.characters):
            break
        if windows[n].text not in chosen:
            chosen[windows[n].text] = windows[n]
            characters += length
    return list(chosen.values())


def features(windows: Sequence[Window], rarity: Rarity) -> list[Matrix]:
    """For each window the features of its sentences, [sentences, NAMES]."""
    best = max((window.hit for window in windows), default=0.0)
    articles = article_hits(windows)
    return [
        np.array([[*_words(window, n, rarity), window.hit - best, articles[window.page.article.id]] for n in range(window.first, window.last)])
        for window in windows
    ]


def _words(window: Window, n: int, rarity: Rarity) -> tuple[float, ...]:
    page = window.page
    own = page.stems(n)
    text = page.text(n)
    return (
        rarity.share(own),
        rarity.share(own | page.stems(n - 1) | page.stems(n + 1)),
        rarity.share(own | page.title_stems),
        float(page.offers(n)),
        math.log1p(n),
        math.log1p(len(text.split())),
    )


def _worth(scores: Matrix) -> float:
    return float(np.exp(scores).sum())
