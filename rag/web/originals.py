"""The documents that articles were read from: a PDF's page with the lines of a quote marked on it, and each file for the reader to save."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from rag import render
from rag.archive import Archive
from rag.corpus.page_pictures import PagePictures
from rag.corpus.picture import Picture, Place
from rag.errors import InputError, PullquoteError
from rag.serving.clients import Receive, Scope, Send, home
from rag.serving.telling import told
from rag.types import Article, Original, Span
from rag.web.markup import html, static
from rag.web.policy import hashed

PAGE, PICTURE, FILE = "/page", "/page.png", "/original"
# requests that are answered at a time, of all visitors and of one: each may hold a large file until the visitor has it
_MOST, _MOST_OF_ONE = 12, 6
_BUSY_SECONDS = 5
_MOST_WINDOWS = 8
_SUFFIXES = {"text": "txt", "markdown": "md", "csv_rows": "csv", "mail": "eml", "feed": "xml"}
_NO_NAME = re.compile(r"[^\w -]+")
_NAME_CHARS = 80


def page_link(article: Article, number: int, windows: Sequence[Span] = ()) -> str | None:
    """Where a page of the article's file is shown with the lines of these windows marked; None where the file is no PDF, or was not kept."""
    if article.original is None or article.original.format != "pdf":
        return None
    fields = _fields(article, number) + [("at", f"{window.start}-{window.end}") for window in windows]
    return f"{PAGE[1:]}?{urlencode(fields)}{'#marked' if windows else ''}"


def page_links(article: Article, window: Span, *others: Span) -> list[tuple[int, str]]:
    """The pages that a window stands on, each with where it is shown; windows beside it are marked too."""
    links = ((number, page_link(article, number, (window, *others))) for number in render.page_numbers(article, window))
    return [(number, link) for number, link in links if link]


def file_link(article: Article) -> str | None:
    """Where the file that the article was read from is had; None where it was not kept."""
    return f"{FILE[1:]}?{urlencode(_fields(article))}" if article.original else None


def _fields(article: Article, number: int = 0) -> list[tuple[str, object]]:
    return [("id", article.id), ("sha256", article.sha256), *([("page", number)] if number else [])]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a visitor's address asks for; the windows are of the article's text."""

    article: Article
    original: Original
    page: int
    windows: tuple[Span, ...]


class Originals:
    """An ASGI app for the three addresses."""

    def __init__(self, archive: Archive, pictures: PagePictures) -> None:
        self._archive = archive
        self._pictures = pictures
        self._inside: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        client = home(request.client.host if request.client else "")
        if self._inside.total() >= _MOST or self._inside[client] >= _MOST_OF_ONE:
            await PlainTextResponse("Too much is asked for at a time; try again.", 503, {"Retry-After": str(_BUSY_SECONDS)})(scope, receive, send)
            return
        self._inside[client] += 1
        try:
            response = await run_in_threadpool(self._answer, request)
            await response(scope, receive, send)
        finally:
            self._inside[client] -= 1
            self._inside += Counter()  # forgets who is not inside

    def _answer(self, request: Request) -> Response:
        try:
            asked = _asked(request.query_params, self._archive)
            return {PAGE: self._page, PICTURE: self._picture, FILE: self._file}[request.scope["path"]](asked)
        except PullquoteError as error:
            return PlainTextResponse(f"{told(error)}.", 404 if isinstance(error, InputError) else 500)

    def _page(self, asked: _Asked) -> Response:
        article, style, picture = asked.article, static("original.css"), self._drawn(asked)
        shown = picture.sides.turned(picture.quarters)
        numbers = render.page_numbers(article, *asked.windows)
        page = html(
            "original",
            style=Markup(style),  # noqa: S704 - it is the program's own
            article=article,
            cite=" · ".join(render.cited(article)[1:]),
            number=asked.page,
            pages=picture.pages,
            size=(max(1, round(shown.width)), max(1, round(shown.height))),
            # with its digest, so that a browser shows no picture that it keeps of another file
            picture=f"{PICTURE[1:]}?{urlencode([*_fields(article, asked.page), ('of', asked.original.sha256)])}",
            marks=[_percent(place) for place in _places(asked, picture)],
            quotes=[window.of(article.text) for window in asked.windows],
            others=[(number, page_link(article, number, asked.windows)) for number in numbers if number != asked.page],
            before=page_link(article, asked.page - 1, asked.windows) if asked.page > 1 else None,
            after=page_link(article, asked.page + 1, asked.windows) if asked.page < picture.pages else None,
            file=file_link(article),
        )
        policy = (
            f"default-src 'none'; img-src 'self'; style-src {hashed(style.encode())}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})

    def _picture(self, asked: _Asked) -> Response:
        return Response(self._drawn(asked).png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    def _file(self, asked: _Asked) -> Response:
        """The file for the browser to save and never to show: it may be a page with scripts."""
        name = _NO_NAME.sub("", asked.article.title)[:_NAME_CHARS].strip() or "article"
        suffix = _SUFFIXES.get(asked.original.format, asked.original.format)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{percent_encoded(f'{name}.{suffix}', safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return Response(self._data(asked), media_type="application/octet-stream", headers=headers)

    def _drawn(self, asked: _Asked) -> Picture:
        if asked.original.format != "pdf":
            raise InputError("the article was read from a file without pages")
        return self._pictures.draw(asked.original.sha256, asked.page, lambda: self._data(asked))

    def _data(self, asked: _Asked) -> bytes:
        data = self._archive.original(asked.article.id)
        if data is None or hashlib.sha256(data).hexdigest() != asked.original.sha256:
            raise InputError("the archive does not have this file of the article any more")
        return data


def _asked(fields: QueryParams, archive: Archive) -> _Asked:
    """Raises InputError where there is no such article or file, or the address is none that the page makes."""
    article = archive.article(fields.get("id", ""))
    if article is None or article.sha256 != fields.get("sha256"):
        raise InputError("the archive does not have this text of the article any more")
    if article.original is None:
        raise InputError("the file that the article was read from was not kept")
    try:
        page = int(fields.get("page", 1))
        windows = tuple(Span(*map(int, at.split("-"))) for at in fields.getlist("at")[:_MOST_WINDOWS])
    except (TypeError, ValueError):
        raise InputError("the address is damaged; open the page from a quote again") from None
    return _Asked(article, article.original, page, windows)


def _places(asked: _Asked, picture: Picture) -> list[Place]:
    """Where the page shows the lines that the windows stand on."""
    boxes = (part.box for window in asked.windows for part in asked.article.parts_in(window))
    return list(dict.fromkeys(picture.place(box) for box in boxes if box and box.page == asked.page))


def _percent(place: Place) -> tuple[str, ...]:
    return tuple(f"{100 * share:.3f}%" for share in place)
