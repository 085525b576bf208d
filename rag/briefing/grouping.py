"""Which articles tell of one event."""

import math
from collections import Counter
from collections.abc import Callable, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from rag.arrays import unit_mean
from rag.store import Entry, stems

# [articles, articles], or a row of it
Likeness = NDArray[np.float64]

# News says in its title and its first lines what happened, with the names that it happened to.
_OPENING_CHARS = 600
# What these are was found on 100 articles of news-dev and 100 short reports of one agency (docs/evaluation.md, "Stories"):
# so alike two articles have to be, on average, and so much a day between them makes them less alike.
_ALIKE = 0.34
_A_DAY = 0.02


def grouped(entries: Sequence[Entry], rarity: Callable[[str], float], copies: Set[tuple[int, int]]) -> tuple[list[list[int]], Likeness]:
    """The places of the entries, those of one story together, in their order; and how alike any two are.

    Two articles are as alike as the cosine of their passages' mean vectors and that of the words (tf-idf) of title and
    opening are on average, and a little less for each day between them, where both have one; `copies`, pairs of places of which the first is the
    smaller, are wholly alike. Stories that are alike enough on average, each article of one with each of the other, become
    one, the most alike first (average linkage; Sokal and Michener, "A statistical method for evaluating systematic
    relationships", 1958): an article that is like one article of a story and unlike its others does not join it.
    """
    likeness = _likeness(entries, rarity)
    for one, other in copies:
        likeness[one, other] = likeness[other, one] = 1.0
    return _linked(likeness), likeness


def opening(entry: Entry) -> list[str]:
    """The stems of an article's title and its first lines."""
    return stems(f"{entry.article.title}\n{entry.article.text[:_OPENING_CHARS]}")


def _likeness(entries: Sequence[Entry], rarity: Callable[[str], float]) -> Likeness:
    meaning = np.array([unit_mean(entry.vectors) for entry in entries], dtype=np.float64)
    words = _words([opening(entry) for entry in entries], rarity)
    likeness: Likeness = (meaning @ meaning.T + words @ words.T) / 2 - _A_DAY * _days_between(entries)
    return likeness


def _days_between(entries: Sequence[Entry]) -> NDArray[np.int64]:
    """[articles, articles]; none where one is undated, since nothing says that they are of different days."""
    days = np.array([entry.article.published.toordinal() if entry.article.published else 0 for entry in entries], dtype=np.int64)
    dated = days > 0
    between: NDArray[np.int64] = np.abs(days[:, None] - days[None, :]) * (dated[:, None] & dated[None, :])
    return between


def _words(bags: Sequence[Sequence[str]], rarity: Callable[[str], float]) -> Likeness:
    """Each bag's stems by (1 + log tf) * idf, in unit vectors [bags, stems]."""
    columns = {stem: column for column, stem in enumerate(sorted({stem for bag in bags for stem in bag}))}
    weights = {stem: rarity(stem) for stem in columns}
    vectors = np.zeros((len(bags), len(columns)))
    for row, bag in enumerate(bags):
        for stem, times in Counter(bag).items():
            vectors[row, columns[stem]] = (1 + math.log(times)) * weights[stem]
    unit: Likeness = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


def _linked(likeness: Likeness) -> list[list[int]]:
    # rounded, so that in which order a sum was made decides nothing
    means = np.round(likeness, 9)
    np.fill_diagonal(means, -np.inf)
    groups = {place: [place] for place in range(len(means))}
    while groups:
        one, other = sorted(divmod(int(means.argmax()), len(means)))
        if not means[one, other] >= _ALIKE:
            break
        sizes = len(groups[one]), len(groups[other])
        joined = np.round((means[one] * sizes[0] + means[other] * sizes[1]) / sum(sizes), 9)
        means[one], means[:, one] = joined, joined
        means[other], means[:, other] = -np.inf, -np.inf
        means[one, one] = -np.inf
        groups[one] = sorted(groups[one] + groups.pop(other))
    return list(groups.values())
