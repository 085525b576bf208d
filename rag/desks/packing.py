"""A turn as bytes, and back: the very same values, windows onto the very same texts.

An article stands in it as a reference, so that one that many answers quote is
kept once. What is not given of an article is what no archive keeps of it: its
warnings, and its document's bytes.
"""

import hashlib
import json
import zlib
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from rag.desks.turn import Turn
from rag.errors import ArchiveDamaged
from rag.types import Article, Filters, Original

_REFERENCE = "$article"


def packed(turn: Turn) -> tuple[bytes, dict[str, Article]]:
    """A turn as bytes, and the articles that it refers to, by their keys."""
    articles: dict[str, Article] = {}

    def referred(article: Article) -> dict[str, str]:
        key = key_of(article)
        articles[key] = article
        return {_REFERENCE: key}

    # JSON does not know articles, which are left as they are
    body = json.dumps(_turns().unstructure(turn), default=referred)
    return zlib.compress(body.encode()), articles


def unpacked(body: bytes, article_of: Callable[[str], Article]) -> Turn:
    """The turn of such bytes, with the articles of these keys."""

    def found(pairs: dict[str, Any]) -> Any:
        return article_of(pairs[_REFERENCE]) if _REFERENCE in pairs else pairs

    return _turns().structure(json.loads(zlib.decompress(body), object_hook=found), Turn)


def key_of(article: Article) -> str:
    """Of an article's text and of all that is known of it: the SHA-256 of `told`, in hexadecimal."""
    return hashlib.sha256(told(article)).hexdigest()


def told(article: Article) -> bytes:
    """All of an article but its text, which its SHA-256 stands for."""
    return json.dumps(_articles().unstructure(article), sort_keys=True).encode()


def article_of(key: str, told: bytes, text: str) -> Article:
    """The article of what was `told` of it and its text. Raises ArchiveDamaged where they are not those of the key."""
    if hashlib.sha256(told).hexdigest() != key:
        raise ArchiveDamaged("an article that an answer quotes is not what was kept")
    article = _articles().structure({**json.loads(told), "text": text}, Article)
    if hashlib.sha256(text.encode()).hexdigest() != article.sha256:
        raise ArchiveDamaged(f"the text of {article.id} that an answer quotes is not what was kept")
    return article


def filters_json(filters: Filters) -> str:
    """Filters as JSON, whatever they hold."""
    return json.dumps(_turns().unstructure(filters))


def filters_of_json(written: str) -> Filters:
    """What `filters_json` gave."""
    return _turns().structure(json.loads(written), Filters)


@cache
def _turns() -> Converter:
    converter = _converter()
    converter.register_unstructure_hook(Article, lambda article: article)
    converter.register_structure_hook(Article, lambda article, _: article)
    # these are of when and where it is shown
    converter.register_unstructure_hook(Turn, make_dict_unstructure_fn(Turn, converter, number=_OMIT, replaced=_OMIT, removed=_OMIT))
    return converter


@cache
def _articles() -> Converter:
    converter = _converter()
    converter.register_unstructure_hook(Original, make_dict_unstructure_fn(Original, converter, data=_OMIT))
    converter.register_unstructure_hook(Article, make_dict_unstructure_fn(Article, converter, text=_OMIT, warnings=_OMIT))
    return converter


def _converter() -> Converter:
    converter = Converter()
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda day, _: date.fromisoformat(day))
    return converter


_OMIT = override(omit=True)
