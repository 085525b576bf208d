"""The documents that articles were read from: a PDF's page with the lines of a quote marked on it, and each file for the reader to save."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from rag import render
from rag.archive import Archive
from rag.corpus.page_pictures import PagePictures
from rag.corpus.picture import Picture, Place
from rag.errors import InputError
from rag.types import Article, Original, Span
from rag.web.addresses import Astray, alone, windows

PAGE, PICTURE, FILE = "/page", "/page.png", "/original"
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
    """Answers the three addresses."""

    def __init__(self, archive: Archive, pictures: PagePictures) -> None:
        self._archive = archive
        self._pictures = pictures

    def page(self, fields: QueryParams) -> Response:
        asked = self._asked(fields)
        article, picture = asked.article, self._drawn(asked)
        shown = picture.sides.turned(picture.quarters)
        numbers = render.page_numbers(article, *asked.windows)
        return alone(
            "original",
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

    def picture(self, fields: QueryParams) -> Response:
        return Response(self._drawn(self._asked(fields)).png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    def file(self, fields: QueryParams) -> Response:
        """The file for the browser to save and never to show: it may be a page with scripts."""
        asked = self._asked(fields)
        name = _NO_NAME.sub("", asked.article.title)[:_NAME_CHARS].strip() or "article"
        suffix = _SUFFIXES.get(asked.original.format, asked.original.format)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{percent_encoded(f'{name}.{suffix}', safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return Response(self._data(asked), media_type="application/octet-stream", headers=headers)

    def _asked(self, fields: QueryParams) -> _Asked:
        """Raises InputError where there is no such article or file, or the address is none that the page makes."""
        article = self._archive.article(fields.get("id", ""))
        if article is None or article.sha256 != fields.get("sha256"):
            instead = render.article_link(article) if article else ""
            raise Astray("the archive does not have this text of the article any more", instead=instead)
        if article.original is None:
            raise InputError("the file that the article was read from was not kept")
        try:
            page = int(fields.get("page", 1))
        except ValueError:
            raise Astray("this address is damaged: it names no page; open the page from a quote again", status=400) from None
        return _Asked(article, article.original, page, windows(fields))

    def _drawn(self, asked: _Asked) -> Picture:
        if asked.original.format != "pdf":
            raise InputError("the article was read from a file without pages")
        return self._pictures.draw(asked.original.sha256, asked.page, lambda: self._data(asked))

    def _data(self, asked: _Asked) -> bytes:
        data = self._archive.original(asked.article.id)
        if data is None or hashlib.sha256(data).hexdigest() != asked.original.sha256:
            raise InputError("the archive does not have this file of the article any more")
        return data


def _places(asked: _Asked, picture: Picture) -> list[Place]:
    """Where the page shows the lines that the windows stand on."""
    boxes = (part.box for window in asked.windows for part in asked.article.parts_in(window))
    return list(dict.fromkeys(picture.place(box) for box in boxes if box and box.page == asked.page))


def _percent(place: Place) -> tuple[str, ...]:
    return tuple(f"{100 * share:.3f}%" for share in place)
