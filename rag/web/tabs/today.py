"""Today: what is new since a day, story by story."""

import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from rag import render
from rag.errors import InputError
from rag.types import Briefing, Span, Story
from rag.web.action import Action, day, text
from rag.web.desk import Desk, Opened, TodayView, looking
from rag.web.markup import html
from rag.web.news import DOWNLOADS, briefing_link
from rag.web.tabs.tab import Fields, Tab
from rag.web.taking import named_file
from rag.web.visit import Visit

# the field of the page's address that leads here, and what it says of the newest day
_FIELD, _NEWEST = "today", "newest"
_STORIES = 30
_WINDOW = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


def _show(desk: Desk, visit: Visit) -> str:
    briefing = _briefing(desk, visit)
    return html(
        "today",
        since=desk.today.since,
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
    )


def _briefing(desk: Desk, visit: Visit) -> Briefing:
    return visit.archive.briefing(desk.today.since, limit=_STORIES)


def _copied(story: Story, sentence: Span) -> str:
    """A sentence in quotation marks, and the line that cites it."""
    return f"“{sentence.of(story.article.text)}”\n{render.citation(story.article, sentence)}"


def _today(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, today=TodayView(day(action, "since")))


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
    since = None if given[_FIELD] in ("", _NEWEST) else day({"since": given[_FIELD]}, "since")
    return looking(replace(desk, today=TodayView(since)), "today")


def _address(desk: Desk) -> str:
    since: date | None = desk.today.since
    return f"./?{urlencode({_FIELD: since.isoformat() if since else _NEWEST})}"


TAB = Tab(
    name="today",
    label="Today",
    view=lambda desk: desk.today,
    show=_show,
    steps={"today": _today, "story": _story, "briefing": _take},
    arrive=_arrive,
    address=_address,
)
