"""How often the articles' words that answer are shown, and how often silence is kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.archive import Archive
from rag.evaluation.gold import Gold
from rag.types import Answer, Outcome, Quote


@dataclass(frozen=True, slots=True)
class Measures:
    """Shares, 0 to 1. An answer is shown where a quote has one of the gold's answers in it, case ignored.

    `quote_at_k`: among the first k quotes, of the answerable questions.
    `answered`: of the answerable ones; `silent`: of the unanswerable ones.
    `verbatim`: of all quotes, those that are their article's characters.
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
    quotes = [quote for _, answer in answers for quote in (*answer.quotes, *answer.near_misses)]
    return Measures(
        questions=len(answers),
        quote_at_1=_share(_shown(row, answer, 1) for row, answer in asked),
        quote_at_3=_share(_shown(row, answer, 3) for row, answer in asked),
        quote_at_5=_share(_shown(row, answer, 5) for row, answer in asked),
        answered=_share(answer.outcome is Outcome.ANSWERED for _, answer in asked),
        silent=_share(answer.outcome is not Outcome.ANSWERED for answer in unanswerable),
        verbatim=_share(_stands(archive, quote) for quote in quotes),
    )


def _shown(row: Gold, answer: Answer, k: int) -> bool:
    words = [quote.text.casefold() for quote in answer.quotes[:k]]
    return any(wanted.casefold() in text for wanted in row.answers for text in words)


def _stands(archive: Archive, quote: Quote) -> bool:
    """Whether the archive, read anew, has the quote's bytes at its offsets."""
    article = archive.article(quote.article.id)
    return article is not None and article.text[quote.span.start : quote.span.end].encode() == quote.text.encode()


def _share(held: Iterable[bool]) -> float:
    """The share that holds; 1 where there is nothing that could fail."""
    cases = list(held)
    return sum(cases) / len(cases) if cases else 1.0
