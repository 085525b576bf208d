"""What stands above all tabs: their names, and what the archive holds."""

from rag.errors import ArchiveError
from rag.types import Status
from rag.web.desk import Desk
from rag.web.markup import html
from rag.web.tabs import TABS
from rag.web.visit import Visit


def show(desk: Desk, visit: Visit) -> str:
    tabs = [("ask", "Ask"), *((tab.name, tab.label) for tab in TABS), *([("add", "Add")] if visit.can_write else [])]
    return html("heading", tabs=tabs, at=desk.tab, status=_status(visit), can_write=visit.can_write, person=visit.person)


def _status(visit: Visit) -> Status | None:
    try:
        return visit.archive.status()
    except ArchiveError:
        # the tabs stand without it, and the other parts say what is wrong
        return None
