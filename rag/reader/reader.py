"""Chooses the words to show.

The passages found are skimmed, the most promising are read by the encoder in
one pass, each with its title above it, and every sentence is scored by a
linear model over what was measured of it. The best are widened until they can
be understood alone, and carry who is speaking.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from rag.context import widen
from rag.copies import near_copies
from rag.encoder import Encoder, Tokens
from rag.reader import features, skim
from rag.reader.linear import Matrix, Weights, shipped
from rag.reader.page import Page
from rag.reader.question import Question, parse
from rag.reader.rarity import Rarity
from rag.reader.sentence_memory import SentenceMemory
from rag.reader.window import Window, window
from rag.settings import Settings
from rag.speakers import speaker
from rag.types import Hit, Outcome, Quote, Span

# Where nothing comes near, so many of the nearest sentences are shown; where something does, as many as quotes.
_FAR_MISSES = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found: quotes where the outcome is `answered`, else near misses; best first."""

    outcome: Outcome
    quotes: tuple[Quote, ...] = ()
    near_misses: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """What was read, and what was measured of its sentences: a row each, in the windows' order."""

    windows: Sequence[Window]
    measured: Matrix


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be read for a question, and what its sentences' words were found to be worth."""

    question: Question
    windows: Sequence[Window]
    rarity: Rarity

    @property
    def texts(self) -> list[str]:
        return [self.question.text, *(window.text for window in self.windows)]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A sentence as a quote by itself, and where it stands."""

    quote: Quote
    page: Page
    number: int


class Reader:
    """Safe to share between threads."""

    def __init__(self, encoder: Encoder, settings: Settings, weights: Weights | None = None) -> None:
        self._encoder = encoder
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

    def read_many(self, texts: Sequence[str], hits: Sequence[Sequence[Hit]]) -> list[Reading]:
        """As `read` for each question with its hits; the encoder reads for all of them in one go, each passage still by itself."""
        asked = zip(map(parse, texts), hits, strict=True)
        plans = [self._plan(question, self.windows(question, own)) for question, own in asked]
        read = iter(self._encoder.tokens([text for plan in plans for text in plan.texts]))
        return [self._reading(self._studied(plan, list(islice(read, len(plan.texts))))) for plan in plans]

    def read_windows(self, question: Question, windows: Sequence[Window]) -> Reading:
        """As `read`, of passages whose sentences are known."""
        return self._reading(self.study(question, windows))

    def _reading(self, study: Study) -> Reading:
        ranked = self._ranked(study)
        best = ranked[0].quote.confidence if ranked else 0.0
        if best >= self._weights.answered:
            return Reading(Outcome.ANSWERED, quotes=self._shown(ranked, self._settings.max_quotes))
        if best >= self._weights.weak:
            return Reading(Outcome.WEAK_EVIDENCE, near_misses=self._shown(ranked, self._settings.max_quotes))
        return Reading(Outcome.NOTHING_FOUND, near_misses=self._shown(ranked, _FAR_MISSES))

    def rank(self, text: str, hits: Sequence[Hit]) -> list[Quote]:
        """Every sentence that was read, as a quote by itself, best first, no two with the same words."""
        question = parse(text)
        return [choice.quote for choice in self._ranked(self.study(question, self.windows(question, hits)))]

    def study(self, question: Question, windows: Sequence[Window]) -> Study:
        """Skims the windows, reads the best, and measures their sentences."""
        plan = self._plan(question, windows)
        return self._studied(plan, self._encoder.tokens(plan.texts))

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
        return _Plan(question, skim.skim(question, windows, rarity, self._weights.skim, budget), rarity)

    def _studied(self, plan: _Plan, tokens: Sequence[Tokens]) -> Study:
        """What was measured of a plan's sentences; `tokens` are those of its texts."""
        asked, *read = tokens
        windows, read = self._read_on(plan.windows, read)
        return Study(windows, features.features(plan.question, features.asked(plan.question, asked), windows, read, plan.rarity))

    def _ranked(self, study: Study) -> list[_Choice]:
        scores = self._scores(study)
        sure = self._confidences(study)
        places = [(window, n) for window in study.windows for n in range(window.first, window.last)]
        choices = [
            _Choice(Quote(window.page.article, window.page.sentences[n], float(score), float(confidence), window.span), window.page, n)
            for (window, n), score, confidence in zip(places, scores, sure, strict=True)
        ]
        choices.sort(key=lambda choice: (-choice.quote.score, choice.quote.article.id, choice.quote.span))
        return _distinct(choices)

    def _scores(self, study: Study) -> Matrix:
        learned = self._weights.choose_among if len(study.windows) > 1 else self._weights.choose_within
        return learned(study.measured)

    def _confidences(self, study: Study) -> Matrix:
        # fitted on scores among several passages: those within one are on another scale
        rows = confidence_rows(study.measured, self._weights.choose_among(study.measured))
        return 1 / (1 + np.exp(-self._weights.confidence(rows)))

    def _read_on(self, windows: Sequence[Window], read: Sequence[Tokens]) -> tuple[list[Window], list[Tokens]]:
        """The windows that were read, cut where the model's reach ended, and after each the rest of it."""
        whole: list[tuple[Window, Tokens]] = []
        for window_, tokens in zip(windows, read, strict=True):
            parts = [(window_, tokens)]
            while rest := _beyond(*parts[-1]):
                parts[-1] = (replace(parts[-1][0], last=rest.first), parts[-1][1])
                parts.append((rest, self._encoder.tokens([rest.text])[0]))
            whole += parts
        return [window_ for window_, _ in whole], [tokens for _, tokens in whole]

    def _shown(self, choices: Sequence[_Choice], most: int) -> tuple[Quote, ...]:
        """The best choices, widened; one whose sentence an earlier quote already shows is left out."""
        shown: list[Quote] = []
        for choice in choices:
            if len(shown) == most:
                break
            if not any(_shows(quote, choice.quote) for quote in shown):
                shown.append(self._widened(choice, shown))
        return tuple(shown)

    def _widened(self, choice: _Choice, shown: Sequence[Quote]) -> Quote:
        text, page = choice.page.article.text, choice.page
        wide = widen(text, page.sentences, choice.number, self._settings.quote_chars)
        quote = replace(choice.quote, span=wide.span, lead=wide.lead)
        if any(other.article.id == quote.article.id and _meet(other.span, quote.span) for other in shown):
            quote = choice.quote
        start, end = min(quote.span.start, quote.context.start), max(quote.span.end, quote.context.end)
        return replace(quote, context=Span(start, end), speaker=speaker(text, page.sentences, quote.span))


# What confidence is judged by: few measures, so that it holds for questions unlike those that it was fitted on.
_JUDGED = (
    "maxsim", "maxsim_content", "maxsim_least", "same_or_like", "same_or_like_least", "maxsim_asking", "precision", "pooled",
    "asking_new", "share", "share_with_title", "share_of_title", "names", *features.RETRIEVAL, *features.KINDS,
)  # fmt: skip
_COLUMNS = [features.NAMES.index(name) for name in _JUDGED]
CONFIDENCE = (*_JUDGED, "score")


def confidence_rows(measured: Matrix, scores: Matrix) -> Matrix:
    """Of each sentence's measures [n, features.NAMES] and score [n] what confidence is judged by, [n, CONFIDENCE]."""
    return np.column_stack([measured[..., _COLUMNS], scores])


def _beyond(window: Window, tokens: Tokens) -> Window | None:
    """The sentences after the last token that the model reached; in other scripts than Latin it stops early."""
    reached = int(tokens.ends.max(initial=0)) - window.offset
    first = next((n for n in range(window.first, window.last) if window.page.sentences[n].start >= reached), window.last)
    return replace(window, first=first) if window.first < first < window.last else None


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
    return near_copies(shown.text, quote.text) and _figures(shown.text) == _figures(quote.text)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,:]\d+)*", text)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
