"""One gold question and its answer into figures."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.evaluation.gold import Gold
from rag.evaluation.words import Words, overlap
from rag.types import Answer, Article, Outcome, Quote, Span

FIRST = (1, 3, 5)
CHARACTERS = (300, 600, 1_200)
# the first quotes, whose words are compared with the gold's
_READ = 3
_NONE = math.nan

Figures = Mapping[str, float]


def judged(row: Gold, answer: Answer) -> Figures:
    """What an answer is worth, by name; NaN where the gold says nothing about it.

    *Shown* are the quotes of an answered question, each with its lead; the near
    misses, which are folded away below them or stand where it is silent, count in
    the figures with "near" in their names. An answer stands in a window (a quote or
    a lead) that has one of the gold's answers, or 80% of the words of one of its
    quotes. `right` is whether the first window offered has it, a quote or where
    there is none a near miss, `any_right` whether one of all such does.
    """
    answered = answer.outcome is Outcome.ANSWERED
    shown, offered = answer.quotes, answer.quotes if answered else answer.near_misses
    near = (*answer.quotes, *answer.near_misses)
    return {
        "answerable": float(row.answerable),
        "answered": float(answered),
        "answered_answerable": float(answered) if row.answerable else _NONE,
        "silent_unanswerable": _NONE if row.answerable else float(not answered),
        "confidence": offered[0].confidence if offered else 0.0,
        "right": _right(row, offered[:1]),
        "any_right": _right(row, offered),
        **{f"hit@{k}": _within(row, shown[:k], None) for k in FIRST},
        **{f"hit_or_near@{k}": _within(row, near[:k], None) for k in FIRST},
        **{f"answer@{n}": _within(row, shown, n) for n in CHARACTERS},
        **{f"answer_or_near@{n}": _within(row, near, n) for n in CHARACTERS},
        **_words(row, shown),
        **_citations(row, shown),
    }


def has_answer(row: Gold, quotes: Iterable[Quote]) -> list[bool]:
    """Of each quote, whether it has an answer by itself."""
    return [_within(row, [quote], None) == 1.0 for quote in quotes]


def altered(answer: Answer, articles: Mapping[str, Article | None]) -> tuple[int, int]:
    """How many windows the answer shows, and how many of them are not their article's bytes, as the archive has it when read anew."""
    windows = list(_windows(answer))
    return len(windows), sum(not _stands(articles.get(id), span, words) for id, span, words in windows)


def cited(answer: Answer) -> set[str]:
    """The ids of the articles that the answer shows words of."""
    return {id for id, _, _ in _windows(answer)}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A window and how many characters were shown before it; a line end stands between two."""

    words: Words
    before: int


def _shown(quotes: Iterable[Quote]) -> Iterator[_Shown]:
    before = 0
    for quote in quotes:
        for span in filter(None, (quote.lead, quote.span)):
            text = span.of(quote.article.text)
            yield _Shown(Words.of(text), before)
            before += len(text) + 1


def _right(row: Gold, quotes: Iterable[Quote]) -> float:
    """Whether they have the answer; whatever is shown of a question without one is not right."""
    return _within(row, quotes, None) if row.answerable else 0.0


def _within(row: Gold, quotes: Iterable[Quote], characters: int | None) -> float:
    """Whether an answer stands in the first so many characters shown, or (None) in all."""
    answers, sentences = [Words.of(text) for text in row.answers], [Words.of(text) for text in _quotes(row)]
    if not row.answerable or not (answers or sentences):
        return _NONE
    most = math.inf if characters is None else characters
    # of a sentence longer than that, what fits is looked for
    sentences = sentences if characters is None else [sentence.first(characters) for sentence in sentences]
    for shown in _shown(quotes):
        ends = [*(shown.words.end_of(answer) for answer in answers), *(shown.words.end_of_most(sentence) for sentence in sentences)]
        if any(end is not None and shown.before + end <= most for end in ends):
            return 1.0
    return 0.0


def _words(row: Gold, shown: Sequence[Quote]) -> Figures:
    """Those of the first three quotes, with their leads, against the gold's quotes."""
    gold = "\n".join(_quotes(row))
    figures = (_NONE, _NONE, _NONE)
    if row.answerable and gold:
        text = "\n".join(window.words.text for window in _shown(shown[:_READ]))
        figures = overlap(Words.of(text), Words.of(gold))
    return dict(zip(("word_precision@3", "word_recall@3", "word_f1@3"), figures, strict=True))


def _citations(row: Gold, shown: Sequence[Quote]) -> Figures:
    """Precision: the share of quotes from an article of the evidence (NaN without a quote); recall: the share of those articles that are quoted."""
    evidence = {item.article for item in row.evidence}
    if not row.answerable or not evidence:
        return {"citation_precision": _NONE, "citation_recall": _NONE}
    articles = [quote.article.id for quote in shown]
    precision = sum(id in evidence for id in articles) / len(articles) if articles else _NONE
    return {"citation_precision": precision, "citation_recall": len(evidence.intersection(articles)) / len(evidence)}


def _quotes(row: Gold) -> list[str]:
    return list(dict.fromkeys(item.quote for item in row.evidence if item.quote is not None))


def _windows(answer: Answer) -> Iterator[tuple[str, Span, str]]:
    """Everything of an article that the answer shows: the article's id, where, and the words."""
    for quote in (*answer.quotes, *answer.near_misses):
        for window in filter(None, (quote.span, quote.lead, quote.speaker, quote.answer)):
            yield quote.article.id, window, window.of(quote.article.text)
    for difference in answer.differences:
        for value in difference.values:
            yield answer.quotes[value.quote].article.id, value.span, value.value


def _stands(article: Article | None, span: Span, words: str) -> bool:
    return article is not None and span.of(article.text).encode() == words.encode()
