"""The list of all articles."""

from dataclasses import replace

from rag import render
from rag.errors import InputError
from rag.listing import Order
from rag.web.action import Action, number, text
from rag.web.desk import Desk, ShelfView
from rag.web.markup import html
from rag.web.tabs.tab import Tab
from rag.web.visit import Visit

PAGE_SIZE = 50
_ORDERS = (
    (Order.NEWEST, "newest first"),
    (Order.OLDEST, "oldest first"),
    (Order.TITLE, "title"),
    (Order.SOURCE, "source"),
    (Order.LONGEST, "longest first"),
)


def _show(desk: Desk, visit: Visit) -> str:
    asked = desk.shelf
    found = visit.archive.shelf(words=asked.words, order=asked.order, offset=asked.offset, limit=PAGE_SIZE)
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
        can_write=visit.can_write,
    )


def _shelf(desk: Desk, action: Action, visit: Visit) -> Desk:
    try:
        order = Order(text(action, "order"))
    except ValueError:
        raise InputError("articles cannot be sorted so; choose an order of the list") from None
    return replace(desk, shelf=ShelfView(text(action, "words")[:200], order))


def _page(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, shelf=replace(desk.shelf, offset=max(0, number(action, "more")), removing=""))


def _removing(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, shelf=replace(desk.shelf, removing=text(action, "more")))


def _keep(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(desk, shelf=replace(desk.shelf, removing=""))


def _remove(desk: Desk, action: Action, visit: Visit) -> Desk:
    id = text(action, "more")
    if desk.shelf.removing != id:
        raise InputError("removing an article is asked twice; choose it in the list first")
    removed = visit.archive.remove([id])
    opened = None if desk.opened and desk.opened.article.id == id else desk.opened
    said = "The article is removed." if removed else "That article was removed already."
    return replace(desk, shelf=replace(desk.shelf, removing=""), opened=opened, written=desk.written + 1, said=said)


TAB = Tab(
    name="articles",
    label="Articles",
    view=lambda desk: desk.shelf,
    show=_show,
    steps={"shelf": _shelf, "page": _page, "removing": _removing, "keep": _keep, "remove": _remove},
)
