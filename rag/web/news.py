"""A briefing at an address of its own, to be printed, sent, or followed by a feed reader that has logged in."""

import threading
from datetime import date
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from rag import render
from rag.archive import Archive
from rag.web.action import day
from rag.web.addresses import Astray

BRIEFING = "/briefing"
# text is for a terminal
DOWNLOADS = {name: form.label for name, form in render.BRIEFING_FORMATS.items() if name != "text"}
_FORMAT = "html"


class News:
    """Answers the address."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        # one at a time: of a thousand articles it takes seconds, and all visitors' processors
        self._one = threading.Lock()

    def briefing(self, fields: QueryParams) -> Response:
        """`since` and `until` are days, `format` is one of DOWNLOADS (html where it is not given)."""
        name = fields.get("format", _FORMAT)
        if name not in DOWNLOADS:
            raise Astray(f"a briefing has no form {name[:20]!r}; it is one of {', '.join(DOWNLOADS)}", status=400)
        since, until = day(fields, "since"), day(fields, "until")
        with self._one:
            briefing = self._archive.briefing(since, until)
        form = render.BRIEFING_FORMATS[name]
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        # the page says itself what it may load
        return Response(form.written(briefing, ""), media_type=form.media_type, headers=headers)


def briefing_link(since: date | None, format: str) -> str:
    """The address, relative to the desk's."""
    return f"{BRIEFING[1:]}?{urlencode([*([('since', since.isoformat())] if since else []), ('format', format)])}"
