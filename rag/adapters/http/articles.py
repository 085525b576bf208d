"""The articles: the list, page by page, and each with its text."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rag import render
from rag.adapters.http.cursors import cursor, place
from rag.adapters.http.schemas import FullArticle, ListParameters, Shelf
from rag.adapters.http.service import Service, filters
from rag.archive import Archive
from rag.listing import Place


def articles(service: Service) -> APIRouter:
    router = APIRouter(tags=["articles"])

    @router.get("/v1/articles", operation_id="list_articles", response_model=Shelf)
    async def list_articles(request: Request, asked: Annotated[ListParameters, Query()]) -> Response:
        """The articles, a page at a time; following `next` misses and repeats nothing, whatever is added meanwhile."""
        return await service.answer(request, lambda archive: _page(archive, asked))

    @router.get("/v1/articles/{id:path}", operation_id="read_article", response_model=FullArticle)
    async def read_article(request: Request, id: str) -> Response:
        """An article with its text. Slashes in its id may stand as they are."""
        return await service.answer(request, lambda archive: _article(archive, id))

    return router


def _page(archive: Archive, asked: ListParameters) -> dict[str, Any]:
    of = [asked.words, asked.order, *map(str, (asked.after, asked.before)), asked.sources, asked.guessed, asked.undated, asked.having]
    past = place(asked.cursor, of) if asked.cursor is not None else None
    # one more than is shown tells whether there is a next page
    shelf = archive.shelf(words=asked.words, order=asked.order, limit=asked.limit + 1, past=past, **filters(asked))
    shown = shelf.entries[: asked.limit]
    return {
        "total": shelf.total,
        "articles": [render.listed_json(entry) for entry in shown],
        "next": cursor(Place.of(shown[-1], asked.order), of) if len(shelf.entries) > len(shown) else None,
    }


def _article(archive: Archive, id: str) -> dict[str, Any]:
    article = archive.article(id)
    if article is None:
        raise HTTPException(404, "No article has this id; /v1/articles lists ids.")
    editions = [render.edition_json(edition) for edition in archive.editions(id)]
    return {**render.article_json(article), "text": article.text, "editions": editions}
