"""Answers, hits and reports for people and programs. What is escaped is escaped here and only here."""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from rag.listing import Listed
from rag.types import Answer, Article, Difference, Filters, Hit, Outcome, Quote, Searched, Span, Status

# stands between two windows of one article that do not touch
GAP = "[…]"


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer in the form that `ask --json` prints and `verify` reads."""
    return {
        "question": answer.question,
        "outcome": answer.outcome.value,
        "quotes": [_quote_json(quote) for quote in answer.quotes],
        "differences": [_difference_json(difference) for difference in answer.differences],
        "near_misses": [_quote_json(quote) for quote in answer.near_misses],
        "searched": _searched_json(answer.searched),
        "seconds": {
            "encode": round(answer.seconds.encode, 4),
            "retrieve": round(answer.seconds.retrieve, 4),
            "read": round(answer.seconds.read, 4),
        },
    }


def hits_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The hits in the form that `search --json` prints, best first."""
    return [
        {
            "text": hit.passage.text,
            "start": hit.passage.span.start,
            "end": hit.passage.span.end,
            "score": hit.score,
            "article": article_json(hit.passage.article),
        }
        for hit in hits
    ]


def article_json(article: Article) -> dict[str, Any]:
    """What identifies an article, without its text."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": _iso(article.published),
        "url": article.url,
        "sha256": article.sha256,
    }


def to_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def answer_text(answer: Answer) -> str:
    """The answer for a terminal or a chat that shows plain text: the articles' words set in from the margin, the product's beside it."""
    lines = [reason(answer)] if answer.outcome is not Outcome.ANSWERED else []
    lines += [_difference_text(difference, answer.quotes) for difference in answer.differences]
    lines += [_quote_text(number, quote) for number, quote in enumerate(answer.quotes, start=1)]
    if answer.near_misses:
        lines.append("The nearest passages, which do not answer:")
        lines += [_quote_text(None, quote) for quote in answer.near_misses]
    lines.append(searched_text(answer.searched))
    return "\n\n".join(lines)


def escaped(text: str) -> str:
    """Text for a place that reads it as HTML: there it is shown as the characters that it is."""
    return html.escape(text)


def hits_text(hits: Sequence[Hit]) -> str:
    if not hits:
        return "No passage found."
    return "\n\n".join(f"{hit.score:.3f}  {citation(hit.passage.article, hit.passage.span)}\n{_indented(hit.passage.text)}" for hit in hits)


def reason(answer: Answer) -> str:
    """Why there is no answer, and what to do next, in the product's own words and none of an article's."""
    filters = filters_text(answer.searched.filters)
    return {
        Outcome.ANSWERED: "",
        Outcome.NOTHING_FOUND: "The articles do not answer this: nothing in them comes near the question.",
        Outcome.WEAK_EVIDENCE: "The articles do not clearly answer this: the nearest passages are below. Try other words, or open them.",
        Outcome.OUTSIDE_FILTERS: f"No article is left by the filters ({filters}). Widen or lift them.",
        Outcome.EMPTY_ARCHIVE: "The archive is empty. Add articles: pullquote add FILE-OR-FOLDER",
    }[answer.outcome]


def citation(article: Article, *windows: Span) -> str:
    """Title, source, author, date and each window's character offsets, in one line."""
    parts = [article.title, article.source, article.author, _day(article.published), _characters(*windows), article.url]
    return " · ".join(part for part in parts if part)


def searched_text(searched: Searched) -> str:
    """What was searched: counts, dates and filters."""
    text = f"Searched {_count(searched.articles, 'article')} ({_count(searched.passages, 'passage')})"
    if searched.earliest:
        text += f", {searched.earliest} to {searched.latest}"
    if searched.undated:
        text += f", {searched.undated} undated"
    return f"{text}; filters: {filters_text(searched.filters)}." if searched.filters else f"{text}."


def filters_text(filters: Filters) -> str:
    parts = []
    if filters.after:
        parts.append(f"from {filters.after}")
    if filters.before:
        parts.append(f"until {filters.before}")
    if filters.sources is not None:
        parts.append(f"source {' or '.join(filters.sources)}")
    return ", ".join(parts) or "none"


def filters_json(filters: Filters) -> dict[str, Any]:
    """The filters that restrict something, by name."""
    chosen = {"after": _iso(filters.after), "before": _iso(filters.before), "sources": filters.sources}
    return {name: value for name, value in chosen.items() if value is not None}


def listed_json(listed: Listed) -> dict[str, Any]:
    """An entry of `list --json`."""
    return {**asdict(listed), "published": _iso(listed.published)}


def listed_text(listed: Listed) -> str:
    """An article in a list, in two lines: its id, and what it is."""
    parts = [listed.title, listed.source, listed.author, _day(listed.published), _count(listed.characters, "character"), listed.url]
    return f"{listed.id}\n    {' · '.join(part for part in parts if part)}"


def status_json(status: Status) -> dict[str, Any]:
    """What `status --json` prints."""
    return {**asdict(status), "earliest": _iso(status.earliest), "latest": _iso(status.latest)}


def status_text(status: Status) -> str:
    held = Searched(status.articles, status.passages, status.earliest, status.latest, status.undated)
    model = f"{status.model.model} (weights {status.model.sha256[:12]}, {status.model.dimension} numbers a passage)" if status.model else "none yet"
    lines = [
        searched_text(held).replace("Searched", "Holds", 1),
        f"Sources: {', '.join(f'{name} ({count})' for name, count in status.sources.items()) or 'none named'}",
        f"Model: {model}",
        f"Search: {status.search}; cache: {status.caches}; generation {status.generation}",
    ]
    return "\n".join(lines)


def confidence_words(confidence: float) -> str:
    if confidence >= 0.9:
        return "very likely"
    return "likely" if confidence >= 0.7 else "possible"


def _quote_json(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        **_span_json(quote.span),
        "score": quote.score,
        "confidence": quote.confidence,
        "article": article_json(quote.article),
        "context": _span_json(quote.context),
        "speaker": _window_json(quote.article, quote.speaker),
        "lead": _window_json(quote.article, quote.lead),
    }


def _difference_json(difference: Difference) -> dict[str, Any]:
    values = [
        {"value": value.value, "quote": value.quote, **_span_json(value.span), "published": _iso(value.published)} for value in difference.values
    ]
    return {"about": difference.about, "values": values}


def _searched_json(searched: Searched) -> dict[str, Any]:
    return {
        "articles": searched.articles,
        "passages": searched.passages,
        "earliest": _iso(searched.earliest),
        "latest": _iso(searched.latest),
        "undated": searched.undated,
        "filters": filters_json(searched.filters),
    }


def _window_json(article: Article, window: Span | None) -> dict[str, Any] | None:
    return None if window is None else {"text": window.of(article.text), **_span_json(window)}


def _span_json(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _quote_text(number: int | None, quote: Quote) -> str:
    mark = f"[{number}] " if number else "  - "
    likely = f" · {confidence_words(quote.confidence)} ({quote.confidence:.2f})" if number else ""
    article, windows = quote.article, [window for window in (quote.lead, quote.span) if window is not None]
    lines = [f"{mark}{citation(article, *windows)}{likely}"]
    if quote.speaker is not None:
        # it is the article that says whose words they are, so it is cited for that too
        lines.append(f"attributed to: {_hanging(quote.speaker.of(article.text))} · {_characters(quote.speaker)}")
    lines.append(f"\n{GAP}\n".join(_indented(window.of(article.text)) for window in windows))
    return "\n".join(lines)


def _difference_text(difference: Difference, quotes: Sequence[Quote]) -> str:
    """What the articles give, as a table: it sets values side by side and takes none's part."""
    about = f" for “{difference.about}”" if difference.about else ""
    widest = max((len(value.value) for value in difference.values), default=0)
    rows = [f"The articles give different values{about}, each with its day of publication:"]
    for value in difference.values:
        article = quotes[value.quote].article
        where = " · ".join(part for part in (article.source, article.title) if part)
        rows.append(f"    {_day(value.published):10}  {_hanging(value.value):{widest}}  [{value.quote + 1}] {where}")
    return "\n".join(rows)


def _characters(*windows: Span) -> str:
    return f"characters {f' {GAP} '.join(f'{window.start}-{window.end}' for window in windows)}"


def _indented(text: str) -> str:
    """The text as it stands, set in from the margin and not wrapped: a copied line is the article's line."""
    return f"    {_hanging(text)}"


def _hanging(text: str) -> str:
    """The text as it stands, with all lines but the first set in: an article's line never begins at the margin."""
    return text.replace("\n", "\n    ")


def _day(day: date | None) -> str:
    return day.isoformat() if day else "undated"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
