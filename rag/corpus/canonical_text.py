"""The canonical text of an article, fixed once: every offset that Pullquote gives counts in it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from urllib.parse import urlsplit

from rag.errors import InputError
from rag.given import nfc, valid
from rag.types import Article, Facts, Part

TITLE_CHARS = 500
URL_CHARS = 2_000

# what Unicode and old systems use to end a line or a page
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# U+0085 is a line end
_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def canonical(text: str) -> str:
    """`text` in NFC, each line ended by a line feed, no other control character but tab, and no blank ends.

    Characters that are controls only because Windows-1252 was taken for Latin-1
    become the dashes and quotation marks that they were. Applying it twice
    changes nothing. Raises InputError for a lone surrogate,
    which no UTF-8 file can hold.
    """
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", _C1.sub(_windows_character, text))).lstrip("\ufeff")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the text has a lone surrogate at character {error.start}: it is not valid Unicode") from None
    # stripping can bare a byte-order mark, so both go together
    return nfc(text).strip(" \t\n\ufeff")


def _windows_character(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("cp1252")
    except UnicodeDecodeError:
        return match[0]


def article(
    id: str,
    title: str,
    text: str,
    *,
    source: str | None = None,
    author: str | None = None,
    published: date | None = None,
    url: str | None = None,
    origin: str = "",
) -> Article:
    """An article with its text made canonical.

    Raises InputError where the id, the title or the text is empty, a text is not
    valid Unicode, `published` is no plain date, or the URL is not http(s).
    """
    body = canonical(valid("text", text))
    if not body:
        raise InputError("the article has no text")
    return Article(
        id=one_line("id", id) or _missing("id"),
        title=one_line("title", title) or _missing("title"),
        source=one_line("source", source),
        author=one_line("author", author),
        published=_day("published", published),
        url=web_address(url),
        text=body,
        sha256=sha256(body),
        origin=valid("origin", origin),
    )


def documented(made: Article, facts: Facts, parts: Sequence[Part], updated: date | None) -> Article:
    """The article with what its document told of it, and where the document has the parts of its text.

    Raises InputError where `updated` is no plain date, or the parts do not follow each other in the text.
    """
    ends = [0, *(part.span.end for part in parts)]
    if any(part.span.start < end for part, end in zip(parts, ends, strict=False)) or ends[-1] > len(made.text):
        raise InputError("the parts of the article do not follow each other in its text")
    language = one_line("language", facts.language.value if facts.language else None)
    return replace(made, updated=_day("updated", updated), language=language, facts=facts, parts=tuple(parts))


def check(given: Article) -> None:
    """Raises InputError where an article is not one that `article` could have made: it was put together otherwise."""
    plain = article(
        given.id, given.title, given.text, source=given.source, author=given.author, published=given.published, url=given.url, origin=given.origin
    )
    made = documented(plain, given.facts, given.parts, given.updated)
    wrong = [field.name for field in fields(Article) if field.compare and getattr(given, field.name) != getattr(made, field.name)]
    if wrong:
        raise InputError(f"its {wrong[0]} is not canonical, or not of its text; make articles with rag.article()")


def one_line(name: str, value: str | None) -> str | None:
    """One line of canonical text, or None where nothing is left."""
    line = " ".join(canonical(valid(name, value or "")).split())
    if len(line) > TITLE_CHARS:
        raise InputError(f"the {name} has {len(line)} characters; the most is {TITLE_CHARS}")
    return line or None


def web_address(value: str | None) -> str | None:
    """The address as it is, or None for none. Raises InputError where it is not http(s)."""
    if not value:
        return None
    try:
        parts = urlsplit(valid("url", value))
    except ValueError:
        parts = urlsplit("")
    plain = value.isprintable() and " " not in value and len(value) <= URL_CHARS
    if not (plain and parts.scheme in ("http", "https") and parts.netloc):
        raise InputError(f"the url {value[:100]!r} is not an http or https address")
    return value


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _missing(name: str) -> str:
    raise InputError(f"the article has no {name}")


def _day(name: str, value: date | None) -> date | None:
    # a datetime is a date too, but one that neither sorts nor compares with dates
    if value is not None and type(value) is not date:
        raise InputError(f"{name} is {value!r}; give a datetime.date, such as date.fromisoformat('2022-10-19')")
    return value
