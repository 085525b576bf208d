"""The newest articles, where no other is opened."""

from rag import render
from rag.listing import Order
from rag.web.markup import html
from rag.web.visit import Visit

_MOST = 12


def show(visit: Visit) -> str:
    return html("newest", entries=visit.archive.shelf(order=Order.NEWEST, limit=_MOST).entries, day=render.day_text)
