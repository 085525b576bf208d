"""The sentences that say most of an article."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.corpus.line_forms import CREDIT
from rag.english.context import widen
from rag.store import stems
from rag.types import Span
from rag.values import near_copies

Matrix = NDArray[np.float64]

_SENTENCES = 3
# of a text in tiny sentences, so many are compared with each other: 30,000 characters of news have some 250
_COMPARED = 400
# LexRank's chance of going on from any sentence at all, instead of from a similar one
_RESTART = 0.15
# what the first sentence gains, where the best rank is 1; the n-th gains 1/√n of it
_LEAD = 0.4
# a sentence whose cosine to a chosen one is higher says the same
_SAME = 0.5
# fewer words are a heading, an exclamation or a fragment
_FEWEST_WORDS = 8
# how far a sentence is widened, in characters, to see whether it stands alone
_WIDEST = 600
_STOP = re.compile(r"[.!…]\W*$")
_QUESTION = re.compile(r"\?\W*$")


def gist(text: str, sentences: Sequence[Span], rarity: Callable[[str], float]) -> tuple[Span, ...]:
    """The three of `sentences` that say most of the article, in its order; all of them where they are no more than that.

    Ranked by continuous LexRank (Erkan and Radev, "LexRank: Graph-based Lexical
    Centrality as Salience in Text Summarization", 2004) over tf-idf vectors, to
    which position is added and from which repetition is left out, as in MEAD
    (Radev et al., "Centroid-based summarization of multiple documents", 2004):
    news tells the main thing first. Sentences that lean on others are taken
    where too few stand alone; captions, questions and fragments after those.
    """
    if len(sentences) <= _SENTENCES:
        return tuple(sentences)
    sentences = sentences[:_COMPARED]
    scores, likeness = salience([stems(span.of(text)) for span in sentences], rarity)
    ranked = sorted(range(len(sentences)), key=lambda n: (-round(float(scores[n]), 9), n))
    whole = [n for n in ranked if is_sentence(sentences[n].of(text))]
    alone = (n for n in whole if stands_alone(text, sentences, n))
    chosen: list[int] = []
    for offered, most in ((alone, _SAME), (whole, _SAME), (ranked, 1.0)):
        for n in _still(offered, chosen):
            if not any(likeness[n, other] > most or near_copies(sentences[n].of(text), sentences[other].of(text)) for other in chosen):
                chosen.append(n)
    return tuple(sentences[n] for n in sorted(chosen))


def salience(bags: Sequence[Sequence[str]], rarity: Callable[[str], float]) -> tuple[Matrix, Matrix]:
    """How much each sentence, as its stems, says of all of them, [sentences], by LexRank and position; and their cosines, [sentences, sentences]."""
    vectors = _vectors(bags, rarity)
    likeness = vectors @ vectors.T
    scores: Matrix = _lexrank(likeness) + _LEAD / np.sqrt(np.arange(1, len(bags) + 1))
    return scores, likeness


def is_sentence(shown: str) -> bool:
    """Whether it is a statement of some length, and no heading, question, fragment or picture's credit."""
    return bool(len(shown.split()) >= _FEWEST_WORDS and _STOP.search(shown) and not _QUESTION.search(shown) and not CREDIT.search(shown))


def stands_alone(text: str, sentences: Sequence[Span], n: int) -> bool:
    """Whether the words of sentence `n` lean on no earlier sentence."""
    wide = widen(text, sentences, n, _WIDEST)
    return wide.lead is None and wide.span.start == sentences[n].start


def _still(offered: Iterable[int], chosen: Sequence[int]) -> Iterable[int]:
    """Those offered, while there are too few chosen: the rest need not be looked at."""
    for n in offered:
        if len(chosen) == _SENTENCES:
            return
        if n not in chosen:
            yield n


def _vectors(bags: Sequence[Sequence[str]], rarity: Callable[[str], float]) -> Matrix:
    """Each bag's stems by tf * idf, in unit vectors [bags, stems]; a bag without any is a zero vector."""
    columns = {stem: column for column, stem in enumerate(dict.fromkeys(stem for bag in bags for stem in bag))}
    vectors = np.zeros((len(bags), len(columns)))
    for row, bag in enumerate(bags):
        for stem, times in Counter(bag).items():
            vectors[row, columns[stem]] = times
    vectors *= [rarity(stem) for stem in columns]
    unit: Matrix = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


def _lexrank(likeness: Matrix) -> Matrix:
    """The stationary distribution p = d/N + (1 - d) Wᵀp of a walk over similar sentences, scaled so that the best has 1."""
    number = len(likeness)
    # without itself: a sentence that is like no other would else keep what it has
    others = likeness * (1 - np.eye(number))
    sums = others.sum(axis=1, keepdims=True)
    # from such a sentence, one goes on to any
    walk = np.where(sums > 0, others / np.maximum(sums, 1e-12), 1 / number)
    ranks: Matrix = np.linalg.solve(np.eye(number) - (1 - _RESTART) * walk.T, np.full(number, _RESTART / number))
    ranks /= ranks.max()
    return ranks
