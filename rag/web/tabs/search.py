"""Search: every article that has some words, and what all of them have in common."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from rag import render
from rag.desks import Sought
from rag.errors import InputError
from rag.types import Filters, Finding, Found, Match, Ranking
from rag.web.action import Action, number, text
from rag.web.desk import ALL, Desk, Opened, SearchView, filtered, looking
from rag.web.keeping import saved
from rag.web.marks import Mark, Piece, pieces
from rag.web.markup import html
from rag.web.tabs.tab import Fields, Tab
from rag.web.taking import filter_fields, named_file
from rag.web.visit import Visit

PAGE_SIZE = 20
_MOST_CHARS = 1_000
_ORDERS = ((Ranking.RELEVANCE, "relevance"), (Ranking.NEWEST, "newest first"), (Ranking.OLDEST, "oldest first"))
# so many counts of each kind are in sight
_IN_SIGHT = 8
# so many lines go into a file at a time, and at most, since a browser is sent it in one piece
_TOGETHER, _MOST_LINES = 1_000, 10_000


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts of one kind: each with what a button sends to narrow by it."""

    label: str
    counts: tuple[tuple[str, int, str], ...]


def searching(desk: Desk, words: str) -> Desk:
    """The visitor led to a search for these words, among the articles that may answer."""
    return looking(replace(desk, search=SearchView(words.strip()[:_MOST_CHARS], desk.filters)), "search")


def _show(desk: Desk, visit: Visit) -> str:
    view = desk.search
    found = _found(view, visit, view.offset, PAGE_SIZE) if view.words else None
    return html(
        "search",
        view=view,
        orders=_ORDERS,
        found=found,
        total=render.found_total(found) if found else "",
        chosen=list(_chosen(view.filters)),
        facets=_facets(found, view.filters) if found else (),
        in_sight=_IN_SIGHT,
        size=PAGE_SIZE,
        snippet=_snippet,
        title=_title,
        line=_line,
        published=render.published_text,
        copies_text=render.copies_text,
        counted=render.counted,
        unread=render.unread(found.searched.damaged) if found else "",
        link=_address(desk),
        keeps=visit.desks.keeps,
        can_ask=found is not None and found.match is not Match.EMPTY_ARCHIVE,
    )


def _found(view: SearchView, visit: Visit, offset: int, limit: int) -> Found:
    return visit.archive.find(view.words, order=view.ranking, passages=view.passages, offset=offset, limit=limit, **asdict(view.filters))


def _snippet(finding: Finding) -> list[Piece]:
    start = finding.snippet.start
    return pieces(finding.snippet.of(finding.article.text), [Mark(word.moved(-start), "word") for word in finding.words])


def _title(finding: Finding) -> list[Piece]:
    return pieces(finding.article.title, [Mark(word, "word") for word in finding.title_words])


def _facets(found: Found, filters: Filters) -> Iterator[Facet]:
    """Of each kind those that do not hold already; months once they are of one year."""
    tallies = found.tallies
    known = {*(filters.sources or ()), *filters.having}
    for label, kind, counts in (
        ("Source", "source", tallies.sources),
        ("Names and keywords", "having", tallies.keywords),
        ("Year", "year", tallies.years),
        ("Month", "month", tallies.months if len(tallies.years) == 1 else ()),
    ):
        kept = tuple((tally.value, tally.articles, f"{kind} {tally.value}") for tally in counts if tally.value not in known)
        if len(kept) > (kind in ("year", "month")):
            yield Facet(label, kept)


def _chosen(filters: Filters) -> Iterator[tuple[str, str]]:
    """What each filter says, with what a button sends to take it off."""
    if filters.by_day:
        yield render.filters_text(replace(filters, sources=None, having=())), "days"
    yield from ((source, f"source {source}") for source in filters.sources or ())
    yield from ((words, f"having {words}") for words in filters.having)


def _find(desk: Desk, action: Action, visit: Visit) -> Desk:
    try:
        ranking = Ranking(text(action, "order") or Ranking.RELEVANCE)
    except ValueError:
        raise InputError("what is found cannot be sorted so; choose an order of the list") from None
    words = text(action, "words").strip()[:_MOST_CHARS]
    return replace(desk, search=replace(desk.search, words=words, ranking=ranking, passages=bool(text(action, "passages")), offset=0))


def _found_page(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, search=replace(desk.search, offset=max(0, number(action, "more"))))


def _narrow(desk: Desk, action: Action, visit: Visit) -> Desk:
    kind, _, value = text(action, "more").partition(" ")
    now = desk.search.filters
    if kind == "source":
        return _filtered(desk, visit, replace(now, sources=(*(now.sources or ()), value)))
    if kind == "having":
        return _filtered(desk, visit, replace(now, having=(*now.having, value)))
    first, last = _days(value)
    # a filter of days that is there already stays within its bounds
    after = max(day for day in (first, now.after) if day)
    before = min(day for day in (last, now.before) if day)
    if after > before:
        raise InputError("no day is in both; take the other days off first")
    # of a year or a month those are counted whose day something tells
    return _filtered(desk, visit, replace(now, after=after, before=before, guessed=False, undated=False))


def _days(time: str) -> tuple[date, date]:
    """The first and the last day of a year or a month, as YYYY or YYYY-MM."""
    try:
        year, month = int(time[:4]), int(time[5:]) if time[4:] else None
        return date(year, month or 1, 1), date(year, month or 12, monthrange(year, month or 12)[1])
    except ValueError:
        raise InputError("that is no month of the list; load the page again") from None


def _widen(desk: Desk, action: Action, visit: Visit) -> Desk:
    kind, _, value = text(action, "more").partition(" ")
    now = desk.search.filters
    if kind == "days":
        return _filtered(desk, visit, Filters(sources=now.sources, having=now.having))
    if kind == "source":
        return _filtered(desk, visit, replace(now, sources=tuple(source for source in now.sources or () if source != value) or None))
    return _filtered(desk, visit, replace(now, having=tuple(words for words in now.having if words != value)))


def _filtered(desk: Desk, visit: Visit, filters: Filters) -> Desk:
    # what cannot be a filter is refused before it is shown as one
    visit.archive.counted(**asdict(filters))
    return replace(desk, search=replace(desk.search, filters=filters, offset=0))


def _finding(desk: Desk, action: Action, visit: Visit) -> Desk:
    """The article of a line of the list, opened at its snippet."""
    view = desk.search
    asked = text(action, "more")
    shown = next((finding for finding in _found(view, visit, view.offset, PAGE_SIZE).findings if _line(finding) == asked), None)
    if shown is None:
        raise InputError("that line is no longer in the list; search again")
    return replace(desk, opened=Opened(shown.article, window=shown.snippet, words=shown.words))


def _line(finding: Finding) -> str:
    """What a line's button sends: what it shows and not its place, since lines move when articles come and go."""
    return f"{finding.snippet.start}-{finding.snippet.end} {finding.article.sha256} {finding.article.id}"


def _within(desk: Desk, action: Action, visit: Visit) -> Desk:
    """The articles of the search are those that answer the questions to come."""
    view = desk.search
    within = replace(view.filters, having=tuple(dict.fromkeys((*view.filters.having, view.words))))
    left = visit.archive.counted(**asdict(within))
    asking = looking(filtered(desk, within, None), "ask")
    return replace(asking, said=f"The filters leave {render.counted(left.articles, 'article')}: ask within these.")


def _table(desk: Desk, action: Action, visit: Visit) -> Desk:
    view = desk.search
    if not view.words:
        raise InputError("nothing is searched for yet; type some words")
    findings: list[Finding] = []
    offset, total = 0, 1
    while offset < min(total, _MOST_LINES):
        found = _found(view, visit, offset, _TOGETHER)
        findings += found.findings
        offset, total = offset + _TOGETHER, found.lines + found.near
    file = named_file("search", "csv", "text/csv", render.found_csv(findings))
    lines = f"The first {_MOST_LINES:,} of {render.counted(total, 'line')}" if total > _MOST_LINES else render.counted(len(findings), "line")
    return replace(desk, file=file, said=f"{lines}: the file is written; your browser saves it.")


def _save(desk: Desk, action: Action, visit: Visit) -> Desk:
    view = desk.search
    first = replace(desk, search=replace(view, offset=0))
    return saved(desk, visit, Sought.SEARCH, view.words, view.filters, _address(first))


def _arrive(fields: Fields, desk: Desk, visit: Visit) -> Desk | None:
    given = dict(fields)
    if "find" not in given:
        return None
    # what the address's filters leave is searched, and any question may be asked of all
    view = SearchView(filters=desk.filters)
    started = replace(desk, search=view, filters=ALL, until=None, as_of=None, said="")
    asked: Action = {"words": given["find"], "order": given.get("order", ""), "passages": given.get("passages", "")}
    found = _find(started, asked, visit)
    first = given.get("from", "1")
    offset = max(0, int(first) - 1) if first.isascii() and first.isdigit() and len(first) < len(str(2**53)) else 0
    return looking(replace(found, search=replace(found.search, offset=offset)), "search")


def _address(desk: Desk) -> str:
    view = desk.search
    if not view.words:
        return "./"
    fields: list[tuple[str, Any]] = [("find", view.words)]
    fields += filter_fields(view.filters)
    fields += [("order", view.ranking.value)] if view.ranking is not Ranking.RELEVANCE else []
    fields += [("passages", "true")] if view.passages else []
    fields += [("from", view.offset + 1)] if view.offset else []
    return f"./?{urlencode(fields)}"


TAB = Tab(
    name="search",
    label="Search",
    view=lambda desk: desk.search,
    show=_show,
    steps={
        "find": _find, "found": _found_page, "narrow": _narrow, "widen": _widen, "finding": _finding, "within": _within, "table": _table,
        "save_search": _save,
    },
    arrive=_arrive,
    address=_address,
    scripts=("search.js", "page.js"),
)  # fmt: skip
