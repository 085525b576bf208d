"""What is new: as JSON, and as a feed for readers and newsletters."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from rag import render
from rag.adapters.form import Briefing
from rag.adapters.http.schemas import BriefingParameters
from rag.adapters.http.service import Service
from rag.archive import Archive
from rag.render.atom_feed import briefing_atom
from rag.types import Briefing as Stories


class _Atom(Response):
    media_type = "application/atom+xml"


def briefings(service: Service) -> APIRouter:
    router = APIRouter(tags=["briefing"])

    @router.get("/v1/briefing", operation_id="read_briefing", response_model=Briefing)
    async def read_briefing(request: Request, asked: Annotated[BriefingParameters, Query()]) -> Response:
        """What is new, story by story, newest and most reported first, in the articles' own sentences."""
        return await service.answer(request, lambda archive: render.briefing_json(_briefing(archive, asked)))

    @router.get("/v1/briefing.atom", operation_id="read_briefing_feed", response_class=_Atom)
    async def read_briefing_feed(request: Request, asked: Annotated[BriefingParameters, Query()]) -> Response:
        """The same as an Atom feed (RFC 4287), whose links lead to the page."""
        base, address = str(request.base_url), str(request.url)
        return await service.written(request, lambda archive: briefing_atom(_briefing(archive, asked), base, address), "application/atom+xml")

    return router


def _briefing(archive: Archive, asked: BriefingParameters) -> Stories:
    chosen = {name: getattr(asked, name) for name in ("sources", "guessed", "undated", "having", "limit")}
    return archive.briefing(asked.since, asked.until, **chosen)
