"""What a visitor can do, by name: the steps of all parts of the page."""

from collections.abc import Mapping
from dataclasses import replace

from rag.errors import InputError, PullquoteError
from rag.serving.telling import told
from rag.web import filtering, keeping, pane
from rag.web.action import Action, number, text
from rag.web.desk import Desk, looking
from rag.web.tabs import TABS, ask
from rag.web.tabs.tab import Fields, Step
from rag.web.visit import Visit

_NAMES = {"ask", "add", *(tab.name for tab in TABS)}


def perform(action: Action, desk: Desk, visit: Visit) -> Desk:
    """The desk after one action; where it is refused, the same desk with the reason said."""
    try:
        step = _STEPS.get(text(action, "do"))
        if step is None:
            raise InputError("the page asked for something unknown; load it again")
        return step(replace(desk, said="", file=""), action, visit)
    except PullquoteError as error:
        return replace(desk, said=f"{told(error)}.", file="")


def arrive(fields: Fields, visit: Visit) -> Desk:
    """The desk of a visitor whose address has these fields: `q` is asked with the filters `after`, `before`, `source`, `having` …
    `conversation` is the number of one that is reopened, and `tab` the one that is looked at.

    Nothing is asked where a filter is refused: an answer without it would be another.
    """
    given = dict(fields)
    sources, having = ([value for name, value in fields if name == field] for field in ("source", "having"))
    desk = Desk(since=keeping.last_visit(visit))
    try:
        if sources or having or given.get("after") or given.get("before"):
            desk = filtering.narrowed(desk, {**given, "sources": sources, "having": having}, visit)
        if given.get("q", "").strip():
            return ask.STEPS["ask"](desk, {"more": given["q"]}, visit)
        if given.get("conversation", "").strip():
            desk = keeping.reopened(desk, visit, number(given, "conversation"))
        if given.get("tab"):
            desk = looking(_tab(desk, {"more": given["tab"]}, visit), given["tab"])
        return next((found for tab in TABS if (found := tab.arrive(fields, desk, visit))), desk)
    except PullquoteError as error:
        return replace(desk, said=f"{told(error)}.")


def _tab(desk: Desk, action: Action, visit: Visit) -> Desk:  # noqa: ARG001
    """The visitor looks at another tab, which the browser has opened already."""
    name = text(action, "more")
    if name not in _NAMES:
        raise InputError("there is no such tab; load the page again")
    return replace(desk, tab=name, looked=desk.looked | {name})


_STEPS: Mapping[str, Step] = {
    "tab": _tab, **ask.STEPS, **pane.STEPS, **filtering.STEPS, **{name: step for tab in TABS for name, step in tab.steps.items()},
}  # fmt: skip
