"""Books (EPUB 2 and 3): the documents of the spine in their order, and what the package says of the book."""

from collections.abc import Iterator
from dataclasses import replace
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from rag.corpus.draft import Draft, Piece, put_together
from rag.corpus.formats.markup import parse, pieces
from rag.corpus.formats.package import Package
from rag.corpus.formats.properties import first_heading, stated_author, stated_language
from rag.corpus.header import written
from rag.errors import InputError
from rag.types import Fact, Facts, Provenance

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_READ = ("application/xhtml+xml", "text/html", "image/svg+xml", "text/x-oeb1-document")
# Fonts are often made unusable outside their book; the text is not touched.
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PROTECTIONS = {"META-INF/license.lcpl": "Readium LCP", "META-INF/sinf.xml": "Apple FairPlay", "META-INF/rights.xml": "Adobe ADEPT"}
# what a widespread program writes where it knows no date
_NO_DATE = "0101-01-01"
_MOST_FALLBACKS = 10


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader is called alike
    """One draft, whose parts say the chapter: the number of the document in the spine. What of it cannot be read is a warning.

    Raises InputError where it is no sound book, is copy-protected, or holds no text.
    """
    package = Package(data)
    _refuse_protected(package)
    main = next((path for root in package.xml(_CONTAINER).iterfind(".//{*}rootfile") if (path := root.get("full-path"))), "")
    main = main if main in package else unquote(main)
    book = package.xml(main)
    warnings: list[str] = []
    found = [piece for number, item in enumerate(_spine(book), 1) for piece in _chapter(package, main, number, item, warnings)]
    text, parts = put_together(found)
    if not text:
        raise InputError(f"the book has no text{f' that could be read: {warnings[0]}' if warnings else '; it may be of pictures alone'}")
    facts = _facts(book)
    yield Draft(text, parts, facts if facts.title else replace(facts, title=first_heading(found)), warnings=tuple(warnings))


def _refuse_protected(package: Package) -> None:
    if _ENCRYPTION not in package:
        return
    methods = [method.get("Algorithm") for method in package.xml(_ENCRYPTION).iterfind(".//{*}EncryptedData/{*}EncryptionMethod")]
    if any(method not in _FONTS_ONLY for method in methods):
        protection = next((protection for part, protection in _PROTECTIONS.items() if part in package), "DRM")
        raise InputError(f"the book is copy-protected ({protection}); add a copy without protection, if its publisher gives one")


def _spine(book: Any) -> list[Any]:
    """The manifest's items in the order in which they are read, each once; an item that no reader shows is replaced by its fallback."""
    manifest = {item.get("id"): item for item in book.iterfind("{*}manifest/{*}item")}
    items = []
    for reference in book.iterfind("{*}spine/{*}itemref"):
        item = manifest.get(reference.get("idref"))
        for _ in range(_MOST_FALLBACKS):
            if item is None or item.get("media-type") in _READ or item.get("fallback") not in manifest:
                break
            item = manifest[item.get("fallback")]
        items.append(reference if item is None else item)
    return list(dict.fromkeys(items))


def _chapter(package: Package, main: str, number: int, item: Any, warnings: list[str]) -> Iterator[Piece]:
    """The pieces of a document of the spine; why there are none is added to `warnings`."""
    href = item.get("href") or ""
    place = f"chapter {number}"
    if item.get("media-type") not in _READ:
        kind = item.get("media-type")
        warnings.append(f"its {place} was not read: {f'it is {kind}' if kind else 'the book does not say which part it is'}")
        return
    try:
        root = parse(package.read(normpath(join(dirname(main), unquote(urlsplit(href).path)))))
    except (InputError, ValueError) as error:
        warnings.append(f"its {place} ({href}) was not read: {error}")
        return
    for piece in pieces(root):
        yield replace(piece, place=place)


def _facts(book: Any) -> Facts:
    """What the package tells, which its publisher wrote for readers and shops: not the properties that a program keeps."""

    def told(name: str) -> list[str]:
        return [said for element in book.iterfind(f"{{*}}metadata//{{http://purl.org/dc/elements/1.1/}}{name}") if (said := _line(element))]

    def fact(said: str | None) -> Fact | None:
        return Fact(said, Provenance.META) if said else None

    own = book.get("unique-identifier")
    identifiers = [_line(element) for element in book.iterfind(".//{http://purl.org/dc/elements/1.1/}identifier") if element.get("id") == own]
    return Facts(
        id=fact(next(iter(identifiers), None)),
        title=fact(next(iter(told("title")), None)),
        author=fact(written([name for name in told("creator") if stated_author(name)])),
        source=fact(next(iter(told("publisher")), None)),
        published=fact(_published(book)),
        language=stated_language(next(iter(told("language")), None), Provenance.META),
    )


def _published(book: Any) -> str | None:
    """The date that is the publication's: in EPUB 3 the only one there may be, in EPUB 2 the one that says so.

    Where it is the very moment at which the file was made, a program wrote it for want of another.
    """
    made = [_line(element) for element in book.iterfind(".//{*}meta[@property='dcterms:modified']")]
    for date in book.iterfind(".//{http://purl.org/dc/elements/1.1/}date"):
        event = date.get("{http://www.idpf.org/2007/opf}event")
        said = _line(date)
        if (
            said
            and not said.startswith(_NO_DATE)
            and said not in made
            and (event == "publication" or (event is None and book.get("version", "").startswith("3")))
        ):
            return said
    return None


def _line(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
