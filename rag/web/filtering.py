"""Which articles may answer the questions to come."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from rag import render
from rag.errors import InputError
from rag.types import Filters
from rag.web.action import Action, day, whether
from rag.web.desk import Desk, filtered
from rag.web.markup import html
from rag.web.tabs.tab import Step
from rag.web.visit import Visit

# the boxes, as an answer names them too
GUESSED, UNDATED = "Guessed days too", "Undated articles too"


def show(desk: Desk, visit: Visit) -> str:
    chosen, status = desk.filters, visit.archive.status()
    left = visit.archive.counted(**asdict(chosen))
    state = f"{render.filters_text(chosen)}; {left.articles:,} of {status.articles:,} articles remain" if chosen else "none"
    return html(
        "filters",
        after=chosen.after or "",
        before=desk.until or "",
        as_of=desk.as_of or "",
        chosen=chosen.sources or (),
        guessed=chosen.guessed,
        undated=chosen.undated,
        having=chosen.having,
        guessed_label=GUESSED,
        undated_label=UNDATED,
        sources=list(status.sources.items()),
        state=state,
    )


def narrowed(desk: Desk, action: Action, visit: Visit) -> Desk:
    """With the filters that a form or an address names."""
    sources = action.get("sources") or []
    if not isinstance(sources, list):
        raise InputError("the sources are no list; load the page again")
    having = action.get("having") or []
    if not isinstance(having, list):
        raise InputError("the words to have are no list; load the page again")
    after, before, as_of = (day(action, name) for name in ("after", "before", "as_of"))
    guessed, undated = (whether(action, name) for name in ("guessed", "undated"))
    chosen = filtered(desk, Filters(after, before, tuple(map(str, sources)) or None, guessed, undated, tuple(map(str, having))), as_of)
    left = visit.archive.counted(**asdict(chosen.filters))
    return replace(chosen, said=f"The filters leave {render.counted(left.articles, 'article')}.")


def _nofilters(desk: Desk, action: Action, visit: Visit) -> Desk:
    return replace(filtered(desk, Filters(), None), said="The filters are cleared.")


STEPS: Mapping[str, Step] = {"filters": narrowed, "nofilters": _nofilters}
