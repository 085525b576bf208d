"""What a tab of the page is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag.web.action import Action
from rag.web.desk import Desk
from rag.web.visit import Visit

Step = Callable[[Desk, Action, Visit], Desk]
Fields = Sequence[tuple[str, str]]


def _arrives_nowhere(fields: Fields, desk: Desk, visit: Visit) -> Desk | None:
    return None


def _no_address(desk: Desk) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab beside the conversation.

    `view` is what of the desk it shows, so that it is made anew only when that changes; `show` makes its HTML.
    `steps` are what a visitor can do in it, by the name that a button's `data-do` sends. `arrive` makes the desk of a visitor whose
    address has fields of this tab, None where it has none; `address` is where the tab is had again as it is, relative to the page, empty
    where it has no address. The first of `scripts` makes its HTML, unless there is one alone.
    """

    name: str
    label: str
    view: Callable[[Desk], object]
    show: Callable[[Desk, Visit], str]
    steps: Mapping[str, Step]
    arrive: Callable[[Fields, Desk, Visit], Desk | None] = _arrives_nowhere
    address: Callable[[Desk], str] = _no_address
    scripts: tuple[str, ...] = ("page.js",)
