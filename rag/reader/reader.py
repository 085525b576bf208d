"""Chooses the words to show.

The passages found are skimmed, and a span reader reads the most promising
together with the question. Every sentence is scored by a small linear model
over what that and the search say of it. Those that answer are widened until
they can be understood alone, and carry the answering words and who is speaking.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.question import Question, parse
from rag.reader import skim
from rag.reader.linear import Matrix, Weights, shipped
from rag.reader.measures import Measured, measured
from rag.reader.page import Page
from rag.reader.rarity import Rarity
from rag.reader.sentence_memory import SentenceMemory
from rag.reader.span_scores import SpanReader, SpanScores
from rag.reader.widening import widened
from rag.reader.window import Window, window
from rag.settings import Settings
from rag.types import Article, Hit, Outcome, Quote, Span
from rag.values import figures, near_copies

_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found, best first: quotes where the outcome is `answered`, and what comes near besides."""

    outcome: Outcome
    quotes: tuple[Quote, ...] = ()
    near_misses: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """What was read, and what was measured of its sentences: a row each, in the windows' order."""

    windows: Sequence[Window]
    measured: Measured


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be read for a question, and what its sentences' words were found to be worth."""

    question: Question
    windows: Sequence[Window]
    rarity: Rarity

    @property
    def passages(self) -> list[tuple[str, str]]:
        return [(window.page.article.title, window.text) for window in self.windows]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A sentence as a quote by itself, and where it stands."""

    quote: Quote
    page: Page
    number: int


class Reader:
    """Safe to share between threads."""

    def __init__(self, spans: SpanReader, settings: Settings, weights: Weights | None = None) -> None:
        self._spans = spans
        self._settings = settings
        self._given = weights
        self._sentences = SentenceMemory(settings.sentence_chars, settings.remembered_sentences)

    @property
    def _weights(self) -> Weights:
        return self._given or shipped()

    def read(self, text: str, hits: Sequence[Hit]) -> Reading:
        """The sentences of the best hits that answer the question, each with the context that it needs; at least one hit is needed."""
        question = parse(text)
        return self.read_windows(question, self.windows(question, hits))

    def read_windows(self, question: Question, windows: Sequence[Window]) -> Reading:
        """As `read`, of passages whose sentences are known."""
        return self._reading(self.study(question, windows))

    def _reading(self, study: Study) -> Reading:
        ranked = self._ranked(study)
        best = max((choice.quote.confidence for choice in ranked), default=0.0)
        most = self._settings.max_quotes
        if best < self._weights.answered:
            return Reading(Outcome.WEAK_EVIDENCE if best >= self._weights.weak else Outcome.NOTHING_FOUND, near_misses=self._shown(ranked, most))
        answering = [choice for choice in ranked if choice.quote.confidence >= self._weights.answered]
        quotes = self._shown(answering, most)
        rest = [choice for choice in ranked if choice.quote.confidence < self._weights.answered]
        return Reading(Outcome.ANSWERED, quotes, self._shown(rest, most, quotes))

    def sentences(self, article: Article) -> Sequence[Span]:
        """The article's sentences in order, remembered for the next questions."""
        return self._sentences.of(article)

    def rank(self, text: str, hits: Sequence[Hit]) -> list[Quote]:
        """Every sentence that was read, as a quote by itself, best first, no two with the same words."""
        question = parse(text)
        return [choice.quote for choice in self._ranked(self.study(question, self.windows(question, hits)))]

    def study(self, question: Question, windows: Sequence[Window]) -> Study:
        """Skims the windows, reads the best, and measures their sentences."""
        plan = self._plan(question, windows)
        read, scores = self._read_on(question, plan.windows, self._spans.read(question.text, plan.passages))
        return Study(read, measured(read, scores, plan.rarity))

    def windows(self, question: Question, hits: Iterable[Hit]) -> list[Window]:
        """The hits' passages, out to the ends of their sentences."""
        pages: dict[str, Page] = {}
        found = []
        for hit in hits:
            article = hit.passage.article
            if article.id not in pages:
                pages[article.id] = Page(article, self._sentences.of(article), question)
            found.append(window(pages[article.id], hit.passage.span, hit.score))
        return [one for one in found if one]

    def _plan(self, question: Question, windows: Sequence[Window]) -> _Plan:
        rarity = Rarity(question.stems, (w.page.stems(n) for w in windows for n in range(w.first, w.last)))
        budget = skim.Budget(self._settings.read_passages, self._settings.read_chars)
        return _Plan(question, skim.skim(windows, rarity, self._weights.skim, budget), rarity)

    def _ranked(self, study: Study) -> list[_Choice]:
        rows = study.measured.rows
        scores = self._weights.choose(rows)
        sure = self.confidences(rows)
        places = [(window, n) for window in study.windows for n in range(window.first, window.last)]
        choices = [
            _Choice(Quote(window.page.article, window.page.sentences[n], float(score), float(confidence), window.span, answer=answer), window.page, n)
            for (window, n), score, confidence, answer in zip(places, scores, sure, study.measured.answers, strict=True)
            if window.page.article.may_quote(window.page.sentences[n])
        ]
        choices.sort(key=lambda choice: (-choice.quote.score, choice.quote.article.id, choice.quote.span))
        return _distinct(choices)

    def confidences(self, rows: Matrix) -> Matrix:
        """How likely each sentence is to answer, [sentences], from what was measured of it."""
        return 1 / (1 + np.exp(-self._weights.confidence(rows)))

    def _read_on(self, question: Question, windows: Sequence[Window], read: Sequence[SpanScores]) -> tuple[list[Window], list[SpanScores]]:
        """The windows that were read, cut where the model's reach ended, and after each the rest of it."""
        whole: list[tuple[Window, SpanScores]] = []
        for window_, scores in zip(windows, read, strict=True):
            parts = [(window_, scores)]
            while rest := _beyond(*parts[-1]):
                parts[-1] = (replace(parts[-1][0], last=rest.first), parts[-1][1])
                parts.append((rest, self._spans.read(question.text, [(rest.page.article.title, rest.text)])[0]))
            whole += parts
        return [window_ for window_, _ in whole], [scores for _, scores in whole]

    def _shown(self, choices: Sequence[_Choice], most: int, before: Sequence[Quote] = ()) -> tuple[Quote, ...]:
        """The best choices, widened, `most` with those shown before; one whose sentence an earlier quote already shows is left out."""
        shown = list(before)
        for choice in choices:
            if len(shown) == most:
                break
            if not any(_shows(quote, choice.quote) for quote in shown):
                shown.append(self._widened(choice, shown))
        return tuple(shown[len(before) :])

    def _widened(self, choice: _Choice, shown: Sequence[Quote]) -> Quote:
        page = choice.page
        earlier = [other.span for other in shown if other.article.id == choice.quote.article.id]
        return widened(choice.quote, page.sentences, choice.number, self._settings.quote_chars, earlier)


def _beyond(window: Window, scores: SpanScores) -> Window | None:
    """The sentences after a window's own first one from where the model did not reach the end; in other scripts than Latin it stops early."""
    text = window.page.article.text
    reached = int(scores.ends.max(initial=0)) + window.span.start
    ends = ((n, window.page.sentences[n].end) for n in range(window.first + 1, window.last))
    # a mark at a sentence's end may have no token
    first = next((n for n, end in ends if end > reached and _WORD.search(text, reached, end)), None)
    return None if first is None else replace(window, first=first)


def _distinct(choices: Sequence[_Choice]) -> list[_Choice]:
    """Without those whose words, but for case and spacing, a better one has."""
    best: dict[str, _Choice] = {}
    for choice in choices:
        best.setdefault(" ".join(choice.quote.text.casefold().split()), choice)
    return list(best.values())


def _shows(shown: Quote, quote: Quote) -> bool:
    """Whether `shown` has the quote's words already, or nearly, with the same figures."""
    if shown.article.id == quote.article.id:
        return shown.span.covers(quote.span) or bool(shown.lead and shown.lead.covers(quote.span))
    return near_copies(shown.text, quote.text) and figures(shown.text) == figures(quote.text)
