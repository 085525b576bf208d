"""The opened article, beside whatever it was opened from; where there is none, what the archive has that is new."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag import render
from rag.errors import InputError
from rag.notes import threads
from rag.types import Article, Quote, Span
from rag.web import newest
from rag.web.action import Action, number, text
from rag.web.desk import Desk, Opened, opened_article, opened_edition, opened_quote, stepped
from rag.web.marks import Mark, pieces
from rag.web.markup import html
from rag.web.originals import file_link, page_link
from rag.web.tabs.search import searching
from rag.web.tabs.tab import Step
from rag.web.visit import Visit
from rag.web.words import correction_notes, quote_link, quote_pages


def show(desk: Desk, visit: Visit) -> str:
    opened = desk.opened
    if opened is None:
        return newest.show(visit)
    one = opened.article
    now = visit.archive.article(one.id)
    overview = visit.archive.overview(one.id) if now and now.sha256 == one.sha256 else None
    notes, editions = visit.archive.notes(one.id), visit.archive.editions(one.id)
    earlier = next((edition for edition in editions if edition.article.sha256 == one.sha256), None)
    at = None if opened.at is None else opened.quotes[opened.at]
    marks = _quote_marks(one, opened.quotes, at)
    marks += [Mark(opened.window, "here")] if opened.window else []
    marks += [Mark(word, "answer") for word in opened.words]
    marks += [Mark(note.span, "pinned", f"note-{note.number}") for note in notes if note.stands_in(one)]
    marks += [Mark(part.span, "furniture") for part in one.parts if not part.kind.is_own]
    marks += [Mark(span, "correction", f"correction-{n}") for n, span in enumerate(one.corrections)]
    if overview:
        marks += [Mark(span, "gist", f"gist-{n}") for n, span in enumerate(overview.gist)]
    return html(
        "article",
        opened=opened,
        article=one,
        link=(render.text_fragment(at) if at else None) or render.safe_url(one.url),
        stale=f"{render.earlier_text(earlier)}." if earlier else _stale(one, now),
        earlier=earlier,
        editions=editions,
        kept={edition.article.sha256 for edition in editions},
        is_there=now is not None,
        words_link=quote_link(at) if at else render.article_link(one, *_windows(opened), this_text=earlier is not None),
        text_link=render.article_link(one, this_text=True),
        overview=overview,
        keywords=[span.of(one.text) for span in overview.keywords] if overview else (),
        gist=[span.of(one.text) for span in overview.gist] if overview else (),
        related=[other.article for other in overview.related] if overview else (),
        copies=overview.copies if overview else (),
        # in the order in which they were made
        notes=threads(notes)[::-1],
        removing=desk.notes.removing,
        person=visit.person,
        writer=render.writer_text,
        can_write=visit.can_write,
        words=render.confidence_words,
        published=render.published_text,
        corrections=correction_notes(one),
        pieces=pieces(one.text, marks),
        page_links=quote_pages(at) if at and overview else (),
        first_page=page_link(now, 1) if now and overview else None,
        file=file_link(now) if now and overview else None,
    )


def _open(desk: Desk, action: Action, visit: Visit) -> Desk:
    return opened_quote(desk, number(action, "turn"), number(action, "quote"))


def _step(desk: Desk, action: Action, visit: Visit) -> Desk:
    return stepped(desk, number(action, "more"))


def _article(desk: Desk, action: Action, visit: Visit) -> Desk:
    return opened_article(desk, visit.archive, text(action, "more"))


def _edition(desk: Desk, action: Action, visit: Visit) -> Desk:
    return opened_edition(desk, visit.archive, text(action, "more"))


def _close(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, opened=None)


def _keyword(desk: Desk, action: Action, visit: Visit) -> Desk:
    return searching(desk, text(action, "more"))


def _note(desk: Desk, action: Action, visit: Visit) -> Desk:
    id, start, end = text(action, "more"), number(action, "start"), number(action, "end")
    current = visit.archive.article(id)
    if current is None or current.sha256 != text(action, "sha256"):
        raise InputError("the article has changed since it was opened; open it again, then pin the note")
    if not 0 <= start < end:
        raise InputError("nothing is selected; select the words that the note is about")
    visit.archive.write_note(id, Span(start, end), text(action, "text"), visit.person)
    return replace(desk, written=desk.written + 1, said="The note is pinned.")


def _quote_marks(one: Article, quotes: Sequence[Quote], at: Quote | None) -> list[Mark]:
    marks = []
    for quote in quotes:
        if quote.article.id == one.id and quote.article.sha256 == one.sha256:
            marks += [Mark(window, "quote") for window in (quote.span, quote.lead) if window]
    if at:
        marks += [Mark(at.span, "here"), Mark(at.context, "passage")]
        marks += [Mark(at.speaker, "speaker")] if at.speaker else []
        marks += [Mark(at.answer, "answer")] if at.answer else []
    return marks


def _windows(opened: Opened) -> list[Span]:
    return [opened.window] if opened.window else []


def _stale(one: Article, now: Article | None) -> str:
    if now is None:
        return "This article has since been removed from the archive; this is the text that was quoted."
    return "" if now.sha256 == one.sha256 else "The archive now holds another version of this article; this is the text that was quoted."


STEPS: Mapping[str, Step] = {
    "open": _open, "step": _step, "article": _article, "edition": _edition, "close": _close, "keyword": _keyword, "note": _note,
}  # fmt: skip
