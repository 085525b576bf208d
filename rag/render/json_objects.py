"""JSON: the contract's form of an answer, and what the other commands print."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from rag.corpus.told import facts_json
from rag.listing import Listed
from rag.notes import Note
from rag.render.printable import printable_json
from rag.render.words import about_day
from rag.types import Answer, Article, Briefing, Difference, Edition, Filters, Finding, Found, Hit, Overview, Quote, Searched, Span, Status


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer in the form that `ask --json` prints and `verify` reads."""
    return {
        "question": answer.question,
        "outcome": answer.outcome.value,
        "topic": answer.topic,
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


def conversation_json(answers: Sequence[Answer]) -> Any:
    """The answers in the form that `verify` reads: one answer is the contract's object, several are a list of such."""
    objects = [answer_json(answer) for answer in answers]
    return objects[0] if len(objects) == 1 else objects


def hits_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The hits in the form that `search --json` prints, best first."""
    return [
        {
            "text": hit.passage.text,
            "start": hit.passage.span.start,
            "end": hit.passage.span.end,
            "score": hit.score,
            "parts": parts_json(hit.passage.article, hit.passage.span),
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
        "updated": _iso(article.updated),
        "language": article.language,
        "told": {name: by for name, (_, by) in facts_json(article.facts).items()},
        "about": about_day(article),
        "corrections": [_window_json(article, span) for span in article.corrections],
        "sha256": article.sha256,
    }


def edition_json(edition: Edition) -> dict[str, Any]:
    """An entry of `show --editions --json`."""
    return {"sha256": edition.article.sha256, "replaced": timestamp(edition.replaced), "characters": len(edition.article.text)}


def edition_text_json(edition: Edition) -> dict[str, Any]:
    """What `show --edition --json` prints: what was known of the article when that was its text, and the text."""
    return {"article": article_json(edition.article), "replaced": timestamp(edition.replaced), "text": edition.article.text}


def timestamp(moment: datetime) -> str:
    """A moment in UTC, to the second: 2026-11-26T18:50:39Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def parts_json(article: Article, span: Span) -> list[dict[str, Any]]:
    """The parts of an article that a window touches: their offsets, what they are, and where the document has them."""
    return [
        {**_span_json(part.span), "kind": part.kind.value, "place": part.place, "box": asdict(part.box) if part.box else None}
        for part in article.parts_in(span)
    ]


def filters_json(filters: Filters) -> dict[str, Any]:
    """The filters that restrict something, by name, and what widens a range of days."""
    chosen = {"after": _iso(filters.after), "before": _iso(filters.before), "sources": filters.sources, "having": filters.having or None}
    widening = {"guessed": filters.guessed, "undated": filters.undated} if filters.by_day else {}
    return {name: value for name, value in chosen.items() if value is not None} | {name: True for name, wide in widening.items() if wide}


def listed_json(listed: Listed) -> dict[str, Any]:
    """An entry of `list --json`."""
    return {**asdict(listed), "published": _iso(listed.published), "arrived": timestamp(listed.arrived) if listed.arrived else None}


def note_json(note: Note, title: str | None) -> dict[str, Any]:
    """An entry of `notes --json`; `title` is that of its article, None where that is not here."""
    return {
        "number": note.number,
        "answers": note.answers,
        "author": note.author,
        "made": timestamp(note.made),
        "text": note.text,
        "words": note.words,
        "start": note.span.start,
        "end": note.span.end,
        "article": {"id": note.article, "title": title, "sha256": note.sha256},
    }


def overview_json(overview: Overview) -> dict[str, Any]:
    """The overview in the form that `show --json` prints."""
    article = overview.article
    return {
        "article": article_json(article),
        "keywords": [_window_json(article, span) for span in overview.keywords],
        "gist": [_window_json(article, span) for span in overview.gist],
        "related": [{"score": one.score, "article": article_json(one.article)} for one in overview.related],
        "copies": [article_json(copy) for copy in overview.copies],
    }


def briefing_json(briefing: Briefing) -> dict[str, Any]:
    """The briefing in the form that `briefing --json` prints."""
    return {
        "stories": [
            {
                "article": article_json(story.article),
                "sentences": [_window_json(story.article, span) for span in story.sentences],
                "others": [article_json(other) for other in story.others],
                "copies": [article_json(copy) for copy in story.copies],
            }
            for story in briefing.stories
        ],
        "total": briefing.total,
        "is_newest": briefing.is_newest,
        "left_out": briefing.left_out,
        "arrived_since": timestamp(briefing.arrived_since) if briefing.arrived_since else None,
        "searched": _searched_json(briefing.searched),
    }


def found_json(found: Found) -> dict[str, Any]:
    """What `find --json` prints."""
    tallies = {name: [asdict(tally) for tally in getattr(found.tallies, name)] for name in ("sources", "years", "months", "keywords")}
    return {
        "query": found.query,
        "match": found.match.value,
        "articles": found.articles,
        "passages": found.passages,
        "lines": found.lines,
        "near": found.near,
        "offset": found.offset,
        "findings": [_finding_json(finding) for finding in found.findings],
        "tallies": {**tallies, "undated": found.tallies.undated, "unsourced": found.tallies.unsourced},
        "searched": _searched_json(found.searched),
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    article = finding.article
    return {
        "article": article_json(article),
        "passage": _span_json(finding.passage),
        "snippet": _window_json(article, finding.snippet),
        "words": [_window_json(article, span) for span in finding.words],
        "title_words": [{"text": span.of(article.title), **_span_json(span)} for span in finding.title_words],
        "by_meaning": finding.by_meaning,
        "folded": finding.folded,
        "copies": [article_json(copy) for copy in finding.copies],
    }


def status_json(status: Status) -> dict[str, Any]:
    """What `status --json` prints."""
    return {**asdict(status), "earliest": _iso(status.earliest), "latest": _iso(status.latest)}


def to_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return printable_json(json.dumps(value, ensure_ascii=False, indent=2))


def _quote_json(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        **_span_json(quote.span),
        "score": quote.score,
        "confidence": quote.confidence,
        "parts": parts_json(quote.article, quote.span),
        "article": article_json(quote.article),
        "context": _span_json(quote.context),
        "speaker": _window_json(quote.article, quote.speaker),
        "lead": _window_json(quote.article, quote.lead),
        "answer": _window_json(quote.article, quote.answer),
        "copies": [article_json(copy) for copy in quote.copies],
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
        "guessed": searched.guessed,
        "undated_left_out": searched.undated_left_out,
        "guessed_left_out": searched.guessed_left_out,
        "filters": filters_json(searched.filters),
        "damaged": list(searched.damaged),
    }


def _window_json(article: Article, window: Span | None) -> dict[str, Any] | None:
    return None if window is None else {"text": window.of(article.text), **_span_json(window)}


def _span_json(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
