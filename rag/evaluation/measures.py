"""How often the articles' words that answer are shown, and how often silence is kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.archive import Archive
from rag.evaluation.gold import Gold
from rag.types import Answer, Outcome, Span


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares, 0 to 1. An answer is shown where a quote or its lead has one of the gold's answers in it, case ignored.

    `quote_at_k`: among the first k quotes, of the answerable questions.
    `answered`: of the answerable ones; `silent`: of the unanswerable ones.
    `verbatim`: of all windows (quotes, near misses, their leads and speakers, the
    values of differences), those that are their article's characters.
    """

    questions: int
    quote_at_1: float
    quote_at_3: float
    quote_at_5: float
    answered: float
    silent: float
    verbatim: float


def evaluate(archive: Archive, gold: Sequence[Gold], progress: Callable[[], object] = lambda: None) -> Measures:
    """Asks every question of the archive and measures the answers."""
    answers = []
    for row in gold:
        filters = row.filters
        answers.append((row, archive.ask(row.question, after=filters.after, before=filters.before, sources=filters.sources)))
        progress()
    asked = [(row, answer) for row, answer in answers if row.answerable]
    unanswerable = [answer for row, answer in answers if not row.answerable]
    return Measures(
        questions=len(answers),
        quote_at_1=_share(_shown(row, answer, 1) for row, answer in asked),
        quote_at_3=_share(_shown(row, answer, 3) for row, answer in asked),
        quote_at_5=_share(_shown(row, answer, 5) for row, answer in asked),
        answered=_share(answer.outcome is Outcome.ANSWERED for _, answer in asked),
        silent=_share(answer.outcome is not Outcome.ANSWERED for answer in unanswerable),
        verbatim=_share(_stands(archive, *window) for _, answer in answers for window in _windows(answer)),
    )


def _shown(row: Gold, answer: Answer, k: int) -> bool:
    windows = [(quote.article, window) for quote in answer.quotes[:k] for window in (quote.lead, quote.span) if window is not None]
    words = [window.of(article.text).casefold() for article, window in windows]
    return any(wanted.casefold() in text for wanted in row.answers for text in words)


def _windows(answer: Answer) -> Iterator[tuple[str, Span, str]]:
    """Everything of an article that the answer shows: the article's id, where, and the words."""
    for quote in (*answer.quotes, *answer.near_misses):
        for window in (quote.span, quote.lead, quote.speaker):
            if window is not None:
                yield quote.article.id, window, window.of(quote.article.text)
    for difference in answer.differences:
        for value in difference.values:
            yield answer.quotes[value.quote].article.id, value.span, value.value


def _stands(archive: Archive, id: str, window: Span, words: str) -> bool:
    """Whether the archive, read anew, has the bytes of these words at these offsets."""
    article = archive.article(id)
    return article is not None and window.of(article.text).encode() == words.encode()


def _share(held: Iterable[bool]) -> float:
    """The share that holds; 1 where there is nothing that could fail."""
    cases = list(held)
    return sum(cases) / len(cases) if cases else 1.0
