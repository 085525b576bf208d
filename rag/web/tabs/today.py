"""Today: what is new since a day, story by story."""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from urllib.parse import urlencode

from rag import render
from rag.desks import Saved, Sought
from rag.errors import InputError
from rag.types import Briefing, Span, Story
from rag.web.action import Action, day, text
from rag.web.desk import Desk, Opened, TodayView, looking
from rag.web.markup import html
from rag.web.news import DOWNLOADS, briefing_link
from rag.web.tabs.tab import Fields, Tab
from rag.web.taking import named_file
from rag.web.visit import Visit

# the field of the page's address that leads here, and what it says of the newest day and of the last visit
_FIELD, _NEWEST, _LATELY = "today", "newest", "visit"
# so many stories, and of what is saved so much, are told of at a time
_STORIES, _SAVED = 30, 10
_WINDOW = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


def _show(desk: Desk, visit: Visit) -> str:
    briefing = _briefing(desk, visit)
    return html(
        "today",
        since=desk.today.since,
        lately=desk.today.lately,
        title=render.briefing_title(briefing),
        notes=render.briefing_notes(briefing),
        footer=render.briefing_footer(briefing),
        stories=briefing.stories,
        copied=_copied,
        published=render.published_text,
        counted=render.counted,
        downloads=DOWNLOADS,
        page=briefing_link(desk.today.since, "html"),
        feed=briefing_link(desk.today.since, "atom"),
        link=_address(desk),
        has_been=desk.since is not None,
        saved=list(_saved(desk, visit)),
    )


def _briefing(desk: Desk, visit: Visit) -> Briefing:
    lately = desk.since if desk.today.lately else None
    return visit.archive.briefing(desk.today.since, limit=_STORIES, arrived_since=lately)


def _saved(desk: Desk, visit: Visit) -> Iterator[tuple[Saved, str]]:
    """What the visitor saved last, each with how much is new in it since the day when they were last here."""
    for one in visit.desks.saved(visit.whose)[:_SAVED]:
        yield one, f"{_new(one, desk.since.date(), visit)} since {desk.since.date()}" if desk.since else ""


def _new(one: Saved, day: date, visit: Visit) -> str:
    after = max(day, one.filters.after or day)
    if one.filters.before and one.filters.before < after:
        return "nothing new"
    chosen = asdict(replace(one.filters, after=after))
    if one.sought is Sought.SEARCH:
        found = visit.archive.find(one.words, limit=1, **chosen).articles
        return f"{render.counted(found, 'new article')}" if found else "nothing new"
    quotes = len(visit.archive.ask(one.words, **chosen).quotes)
    return f"{render.counted(quotes, 'new quote')}" if quotes else "nothing new"


def _copied(story: Story, sentence: Span) -> str:
    """A sentence in quotation marks, and the line that cites it."""
    return f"“{sentence.of(story.article.text)}”\n{render.citation(story.article, sentence)}"


def _today(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, today=TodayView(day(action, "since")))


def _lately(desk: Desk, action: Action, visit: Visit) -> Desk:
    if desk.since is None:
        raise InputError("this is your first visit, or no visits are kept here; choose a day")
    return replace(desk, today=TodayView(lately=True))


def _story(desk: Desk, action: Action, visit: Visit) -> Desk:
    """The article of a story, opened at one of its sentences."""
    place, _, rest = text(action, "more").partition(" ")
    sha256, _, id = rest.partition(" ")
    article = visit.archive.article(id)
    if article is None or article.sha256 != sha256:
        raise InputError("that article has changed or was removed since its sentences were shown; open Today again")
    window = _window(place)
    if window is None or window.end > len(article.text):
        raise InputError("that sentence is not in the article; load the page again")
    return replace(desk, opened=Opened(article, window=window))


def _window(place: str) -> Span | None:
    """The window that a sentence's button names; None where it names none."""
    found = _WINDOW.fullmatch(place)
    start, end = map(int, found.groups()) if found else (0, 0)
    return Span(start, end) if start < end else None


def _take(desk: Desk, action: Action, visit: Visit) -> Desk:
    name = text(action, "more")
    if name not in DOWNLOADS:
        raise InputError(f"{name[:20]!r} is no format; choose one of {', '.join(DOWNLOADS)}")
    form = render.BRIEFING_FORMATS[name]
    file = named_file("briefing", form.suffix, form.media_type, form.written(_briefing(desk, visit), None))
    return replace(desk, file=file, said="The file is written; your browser saves it.")


def _arrive(fields: Fields, desk: Desk, visit: Visit) -> Desk | None:
    given = dict(fields)
    if _FIELD not in given:
        return None
    asked = given[_FIELD]
    # on a first visit, all is new
    lately = asked == _LATELY and desk.since is not None
    since = None if asked in ("", _NEWEST, _LATELY) else day({"since": asked}, "since")
    return looking(replace(desk, today=TodayView(since, lately)), "today")


def _address(desk: Desk) -> str:
    view = desk.today
    told = _LATELY if view.lately else view.since.isoformat() if view.since else _NEWEST
    return f"./?{urlencode({_FIELD: told})}"


TAB = Tab(
    name="today",
    label="Today",
    # each question that is saved is asked again, so not with every question that is asked
    view=lambda desk: (desk.today, desk.savings),
    show=_show,
    steps={"today": _today, "lately": _lately, "story": _story, "briefing": _take},
    arrive=_arrive,
    address=_address,
)
