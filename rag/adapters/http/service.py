"""What the routes share: the archive, asked in the line's threads, and its answers as JSON."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from rag.adapters.http.line import Closed, Line
from rag.adapters.http.schemas import Filtered, FilteredParameters
from rag.archive import Archive


class Gone(Exception):
    """The client went while it waited: nobody is there to be answered."""


@dataclass(frozen=True, slots=True)
class Service:
    archive: Archive
    line: Line

    async def answer(self, request: Request, work: Callable[[Archive], Any]) -> Response:
        """What `work` makes of the archive, as JSON. Raises what `written` raises."""
        # written in the line's threads too: a thousand passages take a while
        return await self.written(request, lambda archive: as_json(work(archive)), "application/json")

    async def written(self, request: Request, work: Callable[[Archive], bytes], media_type: str) -> Response:
        """What `work` writes, without holding up others; a client that goes gives its place up. Raises Full, Closed and Gone."""
        place = asyncio.wrap_future(self.line.enter(lambda: work(self.archive)))
        gone = asyncio.ensure_future(_gone(request))
        either: set[asyncio.Future[Any]] = {place, gone}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not place.done():
                raise Gone
            if place.cancelled():
                raise Closed
            return Response(place.result(), media_type=media_type)
        finally:
            gone.cancel()
            place.cancel()


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def filters(asked: Filtered | FilteredParameters) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in ("after", "before", "sources", "guessed", "undated", "having")}


def json_only(request: Request) -> None:
    """Raises an HTTPException, 415, for a body that is not said to be plain JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "The body has to be JSON, not compressed, with Content-Type: application/json.")


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
