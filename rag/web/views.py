"""The parts of the page, as HTML: each a function of what it shows."""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from urllib.parse import urlencode

from markupsafe import Markup

from rag import render
from rag.archive import Archive
from rag.desks import Turn
from rag.errors import ArchiveDamaged, InputError
from rag.listing import Order
from rag.types import Answer, Article, Difference, Filters, Outcome, Quote, Searched
from rag.web.desk import Desk, ShelfView
from rag.web.marks import Mark, pieces
from rag.web.markup import html
from rag.web.originals import file_link, page_link, page_links
from rag.web.timeline import Timeline, timeline

PAGE_SIZE = 50
# text is for a terminal; it is copied from the page as it stands
_FORMATS = [(name, form.label) for name, form in render.FORMATS.items() if name != "text"]
_ORDERS = (
    (Order.NEWEST, "newest first"),
    (Order.OLDEST, "oldest first"),
    (Order.TITLE, "title"),
    (Order.SOURCE, "source"),
    (Order.LONGEST, "longest first"),
)
# the filters' boxes, as an answer names them too
_GUESSED, _UNDATED = "Guessed days too", "Undated articles too"
# asked of the samples that come with Pullquote, one of them in vain; shown where the archive holds them
_SAMPLE = "seeds/police-centres-2022-10-19"
_EXAMPLES = (
    ("How many overseas police stations does China operate?", "two sources differ"),
    ("When did the Deepwater Horizon explode?", ""),
    ("Who was the first of the trapped miners to be brought to the surface?", ""),
    ("Who won the 2022 World Cup?", "not in these articles: see what silence looks like"),
)


def conversation(desk: Desk, archive: Archive, *, kept: int = 0, can_write: bool) -> str:
    """All turns but the first `kept`, which the page has already."""
    turns = [_turn(number, turn, archive, can_write=can_write) for number, turn in enumerate(desk.turns) if number >= kept]
    if turns:
        return html("conversation", turns=turns, kept=kept, formats=_FORMATS)
    articles = archive.status().articles
    examples = _EXAMPLES if archive.article(_SAMPLE) else ()
    return html("conversation", turns=(), articles=articles, examples=examples, can_write=can_write, formats=_FORMATS)


def article(desk: Desk, archive: Archive, *, can_write: bool) -> str:
    opened = desk.opened
    if opened is None:
        return html("article", opened=None)
    one = opened.article
    now = archive.article(one.id)
    overview = archive.overview(one.id) if now and now.sha256 == one.sha256 else None
    notes, editions = archive.notes(one.id), archive.editions(one.id)
    earlier = next((edition for edition in editions if edition.article.sha256 == one.sha256), None)
    at = None if opened.at is None else opened.quotes[opened.at]
    marks = _quote_marks(one, opened.quotes, at)
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
        overview=overview,
        keywords=[span.of(one.text) for span in overview.keywords] if overview else (),
        gist=[span.of(one.text) for span in overview.gist] if overview else (),
        related=[other.article for other in overview.related] if overview else (),
        copies=overview.copies if overview else (),
        notes=notes,
        can_write=can_write,
        words=render.confidence_words,
        published=render.published_text,
        corrections=_corrections(one),
        pieces=pieces(one.text, marks),
        page_links=_page_links(at) if at and overview else (),
        first_page=page_link(now, 1) if now and overview else None,
        file=file_link(now) if now and overview else None,
    )


def shelf(asked: ShelfView, archive: Archive, *, can_write: bool) -> str:
    found = archive.shelf(words=asked.words, order=asked.order, offset=asked.offset, limit=PAGE_SIZE)
    origins = f", {render.counted(found.origins, 'origin')}" if found.origins else ""
    return html(
        "shelf",
        words=asked.words,
        order=asked.order,
        orders=_ORDERS,
        entries=found.entries,
        day=render.day_text,
        total=found.total,
        total_text=render.counted(found.total, "article") + (" with these words" if asked.words else "") + origins,
        offset=asked.offset,
        size=PAGE_SIZE,
        removing=asked.removing,
        can_write=can_write,
    )


def filters(desk: Desk, archive: Archive) -> str:
    chosen, status = desk.filters, archive.status()
    left = archive.counted(**asdict(chosen))
    state = f"{render.filters_text(chosen)}; {left.articles:,} of {status.articles:,} articles remain" if chosen else "none"
    return html(
        "filters",
        after=chosen.after or "",
        before=desk.until or "",
        as_of=desk.as_of or "",
        chosen=chosen.sources or (),
        guessed=chosen.guessed,
        undated=chosen.undated,
        guessed_label=_GUESSED,
        undated_label=_UNDATED,
        sources=list(status.sources.items()),
        state=state,
    )


def said(words: str) -> str:
    """The line under the question that says what happened; never twice the same, so that it is always shown anew."""
    return html("said", words=words, moment=datetime.now(UTC).isoformat())


def download(answers: Sequence[Answer], format: str) -> str:
    """A file for the browser to save: JSON of its name, type and bytes. Raises InputError for an unknown format."""
    form = render.FORMATS.get(format)
    if form is None:
        raise InputError(f"{format[:20]!r} is no format; choose one of {', '.join(render.FORMATS)}")
    name = f"pullquote-{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}.{form.suffix}"
    return json.dumps({"name": name, "type": form.media_type, "base64": base64.b64encode(form.written(answers).encode()).decode()})


def permalink(turn: Turn, chosen: Filters) -> str:
    """An address, relative to the page's, that asks the question again with its filters."""
    fields = [("q", turn.understood.searched)]
    fields += [(name, day.isoformat()) for name, day in (("after", chosen.after), ("before", chosen.before)) if day]
    fields += [("source", source) for source in chosen.sources or ()]
    fields += [(name, "true") for name, wide in (("guessed", chosen.guessed), ("undated", chosen.undated)) if wide]
    return f"?{urlencode(fields)}"


def _turn(number: int, turn: Turn, archive: Archive, *, can_write: bool) -> Markup:
    answer = turn.answer
    chosen = answer.searched.filters if answer else Filters()
    near, rest = _near(answer) if answer else ((), ())
    return html(
        "turn",
        number=number,
        turn=turn,
        unread=render.unread(answer.searched.damaged) if answer else "",
        reason=render.reason(answer) if answer else "",
        excluded=_excluded(answer.searched, archive) if answer and answer.outcome is not Outcome.ANSWERED else "",
        differences=[_compared(difference, answer.quotes) for difference in answer.differences] if answer else (),
        unconfirmed=render.unconfirmed(answer.quotes) if answer else "",
        searched=render.searched_text(answer.searched, undated=f"tick “{_UNDATED}”", guessed=f"tick “{_GUESSED}”") if answer else "",
        formats=_FORMATS,
        permalink=permalink(turn, chosen),
        can_write=can_write,
        near=near,
        rest=rest,
        words=render.confidence_words,
        published=render.published_text,
        corrections=_corrections,
        pages=render.pages,
        page_links=_page_links,
        quotations=render.quotations,
        quoted=render.quoted,
        more_near=render.more_near,
        copies_text=render.copies_text,
    )


def _corrections(one: Article) -> list[str]:
    return [span.of(one.text) for span in one.corrections]


def _page_links(quote: Quote) -> list[tuple[int, str]]:
    return page_links(quote.article, quote.span, *([quote.lead] if quote.lead else []))


def _compared(difference: Difference, quotes: Sequence[Quote]) -> tuple[Difference, Timeline | None, str]:
    """A difference, its values on a line of time, and of how many stories they are where some are copies."""
    return difference, timeline(difference.values), render.origins_text([quotes[value.quote] for value in difference.values])


def _near(answer: Answer) -> tuple[Sequence[Quote], Sequence[Quote]]:
    """The near misses in sight, and those folded away: all but where they may answer."""
    return render.nearest(answer) if answer.outcome is Outcome.WEAK_EVIDENCE else ((), answer.near_misses)


def _excluded(searched: Searched, archive: Archive) -> str:
    if not searched.filters:
        return ""
    try:
        status = archive.status()
    except ArchiveDamaged:
        # the answer stands without it, and says itself what of the archive is damaged
        return ""
    # of those that can be searched
    count = status.articles - len(status.damaged) - searched.articles
    return render.counted(count, "article") if count > 0 else ""


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


def _stale(one: Article, now: Article | None) -> str:
    if now is None:
        return "This article has since been removed from the archive; this is the text that was quoted."
    return "" if now.sha256 == one.sha256 else "The archive now holds another version of this article; this is the text that was quoted."
