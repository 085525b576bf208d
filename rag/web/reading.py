"""An article at an address of its own, to be sent and opened by itself: its words, those that the address names marked and in sight."""

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import Response

from rag import render
from rag.archive import Archive
from rag.types import Article, Edition, Overview, Passage, Span
from rag.web.addresses import Astray, alone, windows
from rag.web.marks import Mark, pieces
from rag.web.originals import file_link, page_links

ARTICLE = "/article"


class Reading:
    """Answers the address."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def article(self, fields: QueryParams) -> Response:
        """`id` is the article's, `sha256` that of the text in which the named windows are counted; without it they are of the present text."""
        now = self._archive.article(fields.get("id", ""))
        if now is None:
            raise Astray("the archive has no article with this address: it was removed, or the link is incomplete")
        marked = windows(fields)
        edition = self._edition(now, fields.get("sha256", now.sha256))
        one = edition.article if edition else now
        if any(window.end > len(one.text) for window in marked):
            raise Astray(
                f"this address is damaged: it names words beyond the article’s {len(one.text):,} characters; copy the link again",
                status=400,
                instead=render.article_link(now),
            )
        return alone("alone_article", **_shown(one, marked, edition, None if edition else self._archive.overview(now.id)))

    def _edition(self, now: Article, sha256: str) -> Edition | None:
        """The earlier text with that checksum; None where it is the present one. Raises Astray where the archive has neither."""
        if sha256 == now.sha256:
            return None
        for edition in self._archive.editions(now.id):
            if edition.article.sha256 == sha256:
                return edition
        raise Astray(
            "this article has changed since, and the archive does not have the text that was quoted any more", instead=render.article_link(now)
        )


def _shown(one: Article, marked: Sequence[Span], edition: Edition | None, overview: Overview | None) -> dict[str, Any]:
    """What the template is given; the overview is that of the present text."""
    first = Passage(one, marked[0]) if marked else None
    address = (render.text_fragment(first) if first else None) or render.safe_url(one.url)
    return {
        "article": one,
        "windows": marked,
        "cite": render.cited(one, *marked)[1:],
        "address": address,
        "page_links": page_links(one, *marked) if marked and overview else (),
        "file": file_link(one) if overview else None,
        "replaced": render.day_text(edition.replaced.date()) if edition else "",
        "corrections": [span.of(one.text) for span in one.corrections],
        "pieces": pieces(one.text, _marks(one, marked)),
        "keywords": [span.of(one.text) for span in overview.keywords] if overview else (),
        "related": [other.article for other in overview.related] if overview else (),
        "copies": overview.copies if overview else (),
        "article_link": render.article_link,
        "find_link": render.find_link,
        "published": render.published_text,
    }


def _marks(one: Article, marked: Sequence[Span]) -> list[Mark]:
    marks = [Mark(window, "marked", "" if number else "marked") for number, window in enumerate(marked)]
    marks += [Mark(part.span, "furniture") for part in one.parts if not part.kind.is_own]
    return marks + [Mark(span, "correction", f"correction-{number}") for number, span in enumerate(one.corrections)]
