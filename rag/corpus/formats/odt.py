"""OpenDocument texts, as LibreOffice writes them: the text of the body and its notes, as the last editor left it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from rag.corpus.draft import Draft, put_together
from rag.corpus.formats.markup import pieces
from rag.corpus.formats.office import attribute, drop, heading_tag, lift, number, only_html, tag_of_style, with_local_names
from rag.corpus.formats.package import Package
from rag.corpus.formats.properties import first_heading, stated_author, stated_language, stated_title
from rag.errors import InputError
from rag.types import Facts

_GONE = (
    "tracked-changes", "annotation", "note-citation", "ruby-text", "forms", "object", "desc",
    "table-of-content-source", "illustration-index-source", "table-index-source", "object-index-source", "user-index-source",
    "alphabetical-index-source", "bibliography-source", "covered-table-cell", "shapes",
)  # fmt: skip
_PARAGRAPHS = ("p", "h")
_TAGS = {"table-row": "tr", "table-cell": "td", "line-break": "br", "index-body": "nav", "note": "section"}
_MOST_ANCESTORS = 20


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader is called alike
    """One draft. Insertions are text, deletions and reviewers' comments are not; headers and footers are left out, and notes stand at the end.

    Raises InputError where it is no sound OpenDocument text, has a password, or holds no text.
    """
    package = Package(data)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise InputError("the document is password-protected; save it without its password")
    root = with_local_names(package.xml("content.xml"))
    body = root.find("body/text")
    if body is None:
        raise InputError("it is no text document of OpenDocument; save the text in it as .odt, .pdf or .txt")
    found = list(pieces(body, _as_html(body, _styles(root, package))))
    text, parts = put_together(found)
    if not text:
        raise InputError("the document has no text; if it is a picture of a text, save that as a PDF with a text layer")
    facts = _facts(package)
    yield Draft(text, parts, facts if facts.title else replace(facts, title=first_heading(found)))


def _facts(package: Package) -> Facts:
    """What the properties tell; their dates are those of a file, and none of a publication."""
    if "meta.xml" not in package:
        return Facts()
    properties = with_local_names(package.xml("meta.xml"))
    title, first, last, language = (properties.findtext(f"meta/{name}") for name in ("title", "initial-creator", "creator", "language"))
    return Facts(title=stated_title(title), author=stated_author(first) or stated_author(last), language=stated_language(language))


def _styles(root: Any, package: Package) -> dict[str | None, Any]:
    """The styles of paragraphs and words, by name: those of the document, and those that its own ones are based on."""
    roots = [with_local_names(package.xml("styles.xml"))] if "styles.xml" in package else []
    found = (style for one in (*roots, root) for style in one.iterfind("*/style") if attribute(style, "family") in ("paragraph", "text"))
    return {attribute(style, "name"): style for style in found}


def _as_html(body: Any, styles: Mapping[str | None, Any]) -> dict[Any, str]:
    """Makes the body into HTML, with its notes at the end; returns the places of its blocks."""
    _clean(body, styles)
    lift(body.iter("text-box"), _PARAGRAPHS)
    notes = list(body.iter("note"))
    for note in notes:
        drop(note)
    places = {paragraph: f"paragraph {n}" for n, paragraph in enumerate(body.iter(*_PARAGRAPHS), 1)}
    count: Counter[str] = Counter()
    for note in notes:
        kind = attribute(note, "note-class") or "footnote"
        count[kind] += 1
        places |= dict.fromkeys(note.iter(*_PARAGRAPHS), f"{kind} {count[kind]}")
        body.append(note)
    for block in body.iter("table", "table-row"):
        places[block] = places.get(next(block.iter(*_PARAGRAPHS), None), "")
    for table in body.iter("table"):
        _name_cells(table, styles)
    for element in body.iter():
        if element.tag in _PARAGRAPHS:
            element.tag = _tag(element, styles)
        elif element.tag in ("s", "tab"):
            element.text = " "
        element.tag = _TAGS.get(element.tag, element.tag)
    only_html(body)
    return places


def _clean(body: Any, styles: Mapping[str | None, Any]) -> None:
    """Takes out what is not shown."""
    unseen = {name for name, style in styles.items() if attribute(style.find("text-properties"), "display") == "none"}
    hidden = [element for element in body.iter("span", *_PARAGRAPHS) if attribute(element, "style-name") in unseen]
    hidden += [element for element in body.iter("section", "hidden-text", "hidden-paragraph") if attribute(element, "display") == "none"]
    hidden += [element for element in body.iter("hidden-text", "hidden-paragraph") if attribute(element, "is-hidden") == "true"]
    for element in (*hidden, *body.iterfind(".//frame/title")):
        drop(element)
    etree.strip_elements(body, *_GONE, with_tail=False)


def _name_cells(table: Any, styles: Mapping[str | None, Any]) -> None:
    """Cells are heads in a table's rows of heads, or else in a first row that alone has the style of heads or is bold."""
    rows = [row for row in table.iter("table-row") if next(row.iterancestors("table")) is table]
    heads = [row for row in rows if row.getparent().tag == "table-header-rows"]
    if not heads and len(rows) > 1 and _is_set_off(rows[0], styles) and not all(_is_set_off(row, styles) for row in rows[1:]):
        heads = rows[:1]
    for row in rows:
        for cell in row.iterfind("table-cell"):
            cell.tag = "th" if row in heads else "td"
            cell.set("colspan", str(max(1, number(cell, "number-columns-spanned"))))
            cell.set("rowspan", str(max(1, number(cell, "number-rows-spanned"))))


def _is_set_off(row: Any, styles: Mapping[str | None, Any]) -> bool:
    """Whether all words of a row are in bold, or in the style of heads."""
    said = [element for element in row.iter(*_PARAGRAPHS, "span") if (element.text or "").strip()]
    return bool(said) and all(any(_is_bold(name, styles) for one in _with_paragraph(element) for name in _ancestry(one, styles)) for element in said)


def _with_paragraph(element: Any) -> list[Any]:
    return [element, *element.iterancestors("span", *_PARAGRAPHS)]


def _is_bold(name: str, styles: Mapping[str | None, Any]) -> bool:
    style = styles.get(name)
    return name == "Table_20_Heading" or (style is not None and attribute(style.find("text-properties"), "font-weight") == "bold")


def _ancestry(paragraph: Any, styles: Mapping[str | None, Any]) -> list[str]:
    """The names of a paragraph's style and of those that it is based on, the nearest first."""
    names: list[str] = []
    name = attribute(paragraph, "style-name")
    while name and len(names) < _MOST_ANCESTORS:
        names.append(name)
        name = attribute(styles.get(name), "parent-style-name")
    return names


def _tag(paragraph: Any, styles: Mapping[str | None, Any]) -> str:
    tag = tag_of_style(name.replace("_20_", " ") for name in _ancestry(paragraph, styles))
    return heading_tag(number(paragraph, "outline-level")) if paragraph.tag == "h" and tag == "p" else tag
