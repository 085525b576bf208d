"""A question and its hits into quotes, or the reason why there are none.

The passages are read once by the encoder, each with its title above it, and a
sentence is scored by late interaction: for every token of the question the
most similar token of the sentence, both in the context that they stand in.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.arrays import Scores
from rag.encoder import Encoder, Tokens
from rag.sentences import overlapping, sentences
from rag.settings import Settings
from rag.types import Article, Hit, Outcome, Quote, Span

# In a short question the words that only make it a question would outweigh what it is about, so half of
# the likeness and more is that of the other words alone.
_CONTENT_SHARE = 0.6
_FUNCTION_WORDS = frozenset(
    "a an and any are as at be been by did do does for from had has have how in is it its of on or s that the there these this those to was "
    "were what when where which who whom whose why with".split()
)
# A sentence's score is its MaxSim plus this share of its passage's retrieval score.
_PASSAGE_SHARE = 0.2
# Confidence = 1 / (1 + exp(-(slope * MaxSim + intercept))), fitted by benchmarks/calibration.py.
_SLOPE = 16.18
_INTERCEPT = -10.21
# A quote is shown as an answer from this confidence on; below the second, nothing comes near.
ANSWERED = 0.25
WEAK = 0.05
_NEAR_MISSES = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found: quotes where the outcome is `answered`, else near misses; best first."""

    outcome: Outcome
    quotes: tuple[Quote, ...] = ()
    near_misses: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class _Window:
    """The part of an article that is read: the hit's passage, out to the ends of its sentences."""

    article: Article
    span: Span
    sentences: Sequence[Span]
    score: float

    @property
    def text(self) -> str:
        return f"{self.article.title}\n{self.span.of(self.article.text)}"

    @property
    def offset(self) -> int:
        """What to add to an offset in the article for the one in `text`."""
        return len(self.article.title) + 1 - self.span.start


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question's tokens and how much each of them counts."""

    tokens: Tokens
    weights: Scores


class Reader:
    """Chooses the words to show. Safe to share between threads."""

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        self._encoder = encoder
        self._settings = settings

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The sentences of the best hits that answer, no two with the same words; at least one hit is needed."""
        quotes = self.rank(question, hits)
        answering = tuple(quote for quote in quotes if quote.confidence >= ANSWERED)[: self._settings.max_quotes]
        if answering:
            return Reading(Outcome.ANSWERED, quotes=answering)
        near = tuple(quotes[:_NEAR_MISSES])
        weak = any(quote.confidence >= WEAK for quote in near)
        return Reading(Outcome.WEAK_EVIDENCE if weak else Outcome.NOTHING_FOUND, near_misses=near)

    def rank(self, question: str, hits: Sequence[Hit]) -> list[Quote]:
        """Every sentence that was read, as a quote, best first."""
        windows = self._windows(hits)
        tokens, *read = self._encoder.tokens([question, *(window.text for window in windows)])
        asked = _Asked(tokens, _weights(question, tokens))
        ranked: list[Quote] = []
        while windows:
            beyond = []
            for window, there in zip(windows, read, strict=True):
                ranked += _quotes(asked, there, window)
                beyond += _beyond(there, window)
            windows, read = beyond, self._encoder.tokens([window.text for window in beyond])
        ranked.sort(key=lambda quote: (-quote.score, quote.article.id, quote.span))
        return _distinct(ranked)

    def _windows(self, hits: Sequence[Hit]) -> list[_Window]:
        """The windows to read, of the best hits with distinct words, as many as the budget holds and at least one."""
        windows: dict[str, _Window] = {}
        split: dict[str, list[Span]] = {}
        for hit in hits:
            read = sum(len(window.span) for window in windows.values())
            if windows and (len(windows) == self._settings.read_passages or read + len(hit.passage.span) > self._settings.read_chars):
                break
            article = hit.passage.article
            if article.id not in split:
                split[article.id] = sentences(article.text, self._settings.sentence_chars)
            whole = overlapping(split[article.id], hit.passage.span)
            if whole:
                window = _Window(article, Span(whole[0].start, whole[-1].end), whole, hit.score)
                windows.setdefault(window.text, window)
        return list(windows.values())


def _quotes(asked: "_Asked", tokens: Tokens, window: _Window) -> Iterator[Quote]:
    for span, likeness in zip(window.sentences, _likenesses(asked, tokens, window), strict=True):
        score = likeness + _PASSAGE_SHARE * window.score
        yield Quote(window.article, span, score, _confidence(likeness), window.span)


def _beyond(tokens: Tokens, window: _Window) -> list[_Window]:
    """The sentences after the last token that the model reached, to read on from; in other scripts than Latin it stops early."""
    reached = int(tokens.ends.max(initial=0)) - window.offset
    rest = [span for span in window.sentences if span.start >= reached]
    if not rest or len(rest) == len(window.sentences):
        return []
    return [replace(window, span=Span(rest[0].start, rest[-1].end), sentences=rest)]


def _likenesses(asked: "_Asked", tokens: Tokens, window: _Window) -> list[float]:
    """The MaxSim of each of the window's sentences, 0 to 1; 0 for one beyond the model's reach.

    MaxSim (Khattab and Zaharia, "ColBERT", 2020), as a weighted mean: over the
    question's tokens, the highest cosine to a token of the sentence.
    """
    cosines = asked.tokens.vectors @ tokens.vectors.T
    likenesses = []
    for span in window.sentences:
        inside = (tokens.starts >= span.start + window.offset) & (tokens.ends <= span.end + window.offset)
        likenesses.append(max(0.0, float(asked.weights @ cosines[:, inside].max(axis=1))) if inside.any() else 0.0)
    return likenesses


def _weights(question: str, tokens: Tokens) -> Scores:
    """How much each token of the question counts, [tokens], 1 in all."""
    words = [question[start:end].casefold() for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    content = np.array([word.isalnum() and word not in _FUNCTION_WORDS for word in words], dtype=np.float32)
    alike = np.full(len(words), 1 / max(1, len(words)), dtype=np.float32)
    return _CONTENT_SHARE * content / content.sum() + (1 - _CONTENT_SHARE) * alike if content.any() else alike


def _confidence(likeness: float) -> float:
    return 1 / (1 + math.exp(-(_SLOPE * likeness + _INTERCEPT)))


def _distinct(quotes: Sequence[Quote]) -> list[Quote]:
    """Without quotes whose words, but for case and spacing, a better one has."""
    best: dict[str, Quote] = {}
    for quote in quotes:
        best.setdefault(" ".join(quote.text.casefold().split()), quote)
    return list(best.values())
