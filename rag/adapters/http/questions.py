"""Asking, searching, and proving what was answered."""

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rag import render
from rag.adapters.form import Answer, Found, Hit
from rag.adapters.http.schemas import Ask, AskParameters, FindParameters, SavedAnswer, SavedAnswers, Search, SearchParameters, Verification
from rag.adapters.http.service import Service, filters, json_only
from rag.archive import Archive
from rag.verification import verification_json, verify


def questions(service: Service) -> APIRouter:
    router = APIRouter(tags=["questions"])

    @router.post("/v1/ask", operation_id="ask", response_model=Answer, dependencies=[Depends(json_only)])
    async def ask(request: Request, asked: Ask) -> Response:
        """Answers a question with quotes, or says why there are none: `outcome` tells, and the status is 200 either way."""
        return await service.answer(request, lambda archive: _answer(archive, asked))

    @router.get("/v1/ask", operation_id="ask_by_address", response_model=Answer)
    async def ask_by_address(request: Request, asked: Annotated[AskParameters, Query()]) -> Response:
        """The same, for an address that can be typed."""
        return await service.answer(request, lambda archive: _answer(archive, asked))

    @router.post("/v1/search", operation_id="search", response_model=list[Hit], dependencies=[Depends(json_only)])
    async def search(request: Request, asked: Search) -> Response:
        """The passages nearest to a query, best first."""
        return await service.answer(request, lambda archive: _hits(archive, asked))

    @router.get("/v1/search", operation_id="search_by_address", response_model=list[Hit])
    async def search_by_address(request: Request, asked: Annotated[SearchParameters, Query()]) -> Response:
        """The same, for an address that can be typed."""
        return await service.answer(request, lambda archive: _hits(archive, asked))

    @router.get("/v1/find", operation_id="find", response_model=Found)
    async def find(request: Request, asked: Annotated[FindParameters, Query()]) -> Response:
        """All articles that have the query's words, counted, with what they have in common; and behind them those near in meaning."""
        return await service.answer(request, lambda archive: _found(archive, asked))

    @router.post("/v1/verify", operation_id="verify", response_model=Verification, dependencies=[Depends(json_only)])
    async def verify_answer(request: Request, form: SavedAnswer | SavedAnswers) -> Response:
        """Compares all words that a saved answer, or a list of answers, quotes with the archive, character for character."""
        # as it was sent: the schema is for its form only
        saved = await request.json()
        return await service.answer(request, lambda archive: _verdict(archive, saved))

    return router


def _answer(archive: Archive, asked: Ask | AskParameters) -> dict[str, Any]:
    return render.answer_json(archive.ask(asked.question, **filters(asked)))


def _hits(archive: Archive, asked: Search | SearchParameters) -> list[dict[str, Any]]:
    return render.hits_json(archive.search(asked.query, asked.k, **filters(asked)))


def _found(archive: Archive, asked: FindParameters) -> dict[str, Any]:
    chosen = {name: getattr(asked, name) for name in ("order", "offset", "limit", "folded", "passages")}
    return render.found_json(archive.find(asked.query, **chosen, **filters(asked)))


def _verdict(archive: Archive, saved: object) -> dict[str, Any]:
    # an article that is quoted often is read once
    return verification_json(verify(saved, cache(archive.article), cache(archive.editions)))
