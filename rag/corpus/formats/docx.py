"""Word documents (Office Open XML, transitional and strict): the text of the body and its notes, as the last editor left it.

Word's XML is made into the HTML that says the same, so that both are read alike. mammoth does that too, but loses the text of
simple fields, formulas, words with their pronunciation and newer text boxes, and takes a second and 50 MB for a megabyte of XML.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from posixpath import basename, dirname, join, normpath
from typing import Any

from lxml import etree

from rag.corpus.draft import Draft, put_together
from rag.corpus.formats.markup import pieces
from rag.corpus.formats.office import attribute, drop, heading_tag, lift, number, only_html, tag_of_style, with_local_names
from rag.corpus.formats.package import Package
from rag.corpus.formats.properties import first_heading, stated_author, stated_language, stated_title
from rag.errors import InputError
from rag.types import Facts

_BEFORE_2007 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
_GONE = ("del", "moveFrom", "cellDel", "rt", "pict", "drawing", "object", "sdtPr", "instrText", "delText", "fldData")
_AROUND_BLOCKS = ("AlternateContent", "Choice", "Fallback", "sdt", "sdtContent", "customXml", "dir", "bdo")
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_CHARACTERS = {"tab": " ", "ptab": " ", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
# 9 is the text
_LEVELS = tuple("012345678")
# What the font "Symbol" has under the codes of other characters.
_SYMBOL = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\u00a3\u00b0\u00b1\u00b3\u00b4\u00b7\u00b9\u00bb",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ≤°±≥×•≠≈",
        strict=True,
    )
)
_FONTS_OF_SYMBOLS = ("Symbol", "Wingdings", "Webdings")
_CODE = re.compile("[0-9A-Fa-f]{1,4}")
_UNKNOWN = "\ufffd"
_MOST_ANCESTORS = 20
# of the bits that say which parts of its style a table shows
_FIRST_ROW = 0x20


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader is called alike
    """One draft. Insertions are text, deletions and reviewers' comments are not; headers and footers are left out, and notes stand at the end.

    Raises InputError where it is no sound Word document, has a password, or holds no text.
    """
    if data.startswith(_BEFORE_2007):
        raise InputError("the document has a password or is of Word before 2007; save it as .docx without a password")
    package = Package(data)
    targets = _targets(package, "")
    main = targets.get("officeDocument", "word/document.xml")
    root = package.xml(main)
    body = root.find("{*}body")
    if etree.QName(root).namespace not in _WORD or body is None:
        raise InputError("it is no text document of Word; save the text in it as .docx, .pdf or .txt")
    warnings = []
    if body.find(".//{*}altChunk") is not None:
        warnings.append("a document of another format that is embedded in it was not read")
    found = list(pieces(body, _as_html(with_local_names(body), package, main)))
    text, parts = put_together(found)
    if not text:
        raise InputError("the document has no text; if it is a picture of a text, save that as a PDF with a text layer")
    if _UNKNOWN in text:
        warnings.append(f"characters of a font of symbols stand as {_UNKNOWN}")
    facts = _facts(package, targets.get("core-properties", "docProps/core.xml"))
    yield Draft(text, parts, facts if facts.title else replace(facts, title=first_heading(found)), warnings=tuple(warnings))


def _facts(package: Package, core: str) -> Facts:
    """What the properties tell; their dates are those of a file, and none of a publication."""
    if core not in package:
        return Facts()
    properties = package.xml(core)
    title, author, language = (properties.findtext(f"{{*}}{name}") for name in ("title", "creator", "language"))
    return Facts(title=stated_title(title), author=stated_author(author), language=stated_language(language))


def _targets(package: Package, part: str) -> dict[str, str]:
    """The parts that a part refers to, by the last word of what they are to it; the first of each."""
    relations = join(dirname(part), "_rels", f"{basename(part)}.rels")
    found: dict[str, str] = {}
    for relation in package.xml(relations) if relations in package else ():
        kind = relation.get("Type", "").rpartition("/")[2]
        found.setdefault(kind, normpath(join("/", dirname(part), relation.get("Target", ""))).lstrip("/"))
    return found


def _is_on(switch: Any) -> bool:
    return switch is not None and attribute(switch) not in ("0", "false", "off")


def _as_html(body: Any, package: Package, main: str) -> dict[Any, str]:
    """Makes the body, with its notes, into HTML; returns the places of its blocks."""
    targets = _targets(package, main)
    _clean(body)
    places = {paragraph: f"paragraph {n}" for n, paragraph in enumerate(body.iter("p"), 1)}
    places |= _add_notes(body, package, targets)
    styles = _styles(package, targets.get("styles", "word/styles.xml"))
    for table in list(body.iter("tbl")):
        places |= _as_table(table, styles, places)
    for paragraph in list(body.iter("p")):
        paragraph.tag = _tag(paragraph, styles)
    for element in body.iter():
        _as_text(element)
    only_html(body)
    return places


def _clean(body: Any) -> None:
    """Takes out what is not shown, and puts the paragraphs of text boxes below those that the boxes are fixed to."""
    for branches in list(body.iter("AlternateContent")):
        # the same for newer programs and for older ones, which may be pictures or characters that only some can show
        shown = max(branches, key=lambda branch: sum(len(text.text or "") for text in branch.iter("t")), default=None)
        for branch in list(branches):
            if branch is not shown:
                branches.remove(branch)
    hidden = [mark.getparent().getparent() for mark in body.iter("vanish") if _is_on(mark)]
    prompts = [mark.getparent().getparent() for mark in body.iterfind(".//sdtPr/showingPlcHdr")]
    rows = [mark.getparent().getparent() for mark in body.iterfind(".//trPr/del")]
    for element in (*(run for run in hidden if run.tag == "r"), *prompts, *rows):
        drop(element)
    for mark in list(body.iterfind(".//pPr/rPr/del")):
        _join_next(mark.getparent().getparent().getparent())
    lift(body.iter("txbxContent"), ("p",))
    etree.strip_elements(body, *_GONE, with_tail=False)
    etree.strip_tags(body, *_AROUND_BLOCKS)


def _join_next(paragraph: Any) -> None:
    """Puts what a paragraph holds, whose end was deleted, before what the next one holds."""
    following = paragraph.getnext()
    if following is not None and following.tag == "p":
        after_properties = 0 if following.find("pPr") is None else 1
        following[after_properties:after_properties] = [child for child in paragraph if child.tag != "pPr"]
        drop(paragraph)


def _add_notes(body: Any, package: Package, targets: Mapping[str, str]) -> dict[Any, str]:
    """Puts the notes that the body refers to at its end, in its order; returns the places of their paragraphs."""
    notes: dict[tuple[str, str | None], Any] = {}
    for kind in _NOTES.values():
        part = targets.get(f"{kind}s", f"word/{kind}s.xml")
        if part in package:
            notes |= {(kind, attribute(note, "id")): note for note in with_local_names(package.xml(part)).iterfind(kind)}
    places: dict[Any, str] = {}
    count: Counter[str] = Counter()
    for reference in list(body.iter(*_NOTES)):
        kind = _NOTES[reference.tag]
        note = notes.pop((kind, attribute(reference, "id")), None)
        if note is not None:
            count[kind] += 1
            _clean(note)
            note.tag = "section"
            places |= dict.fromkeys(note.iter("p"), f"{kind} {count[kind]}")
            body.append(note)
    return places


def _styles(package: Package, part: str) -> dict[str | None, Any]:
    found = with_local_names(package.xml(part)).iterfind("style") if part in package else ()
    return {attribute(style, "styleId"): style for style in found}


def _ancestry(style: str | None, styles: Mapping[str | None, Any]) -> Iterator[Any]:
    """The style and those that it is based on, the nearest first."""
    for _ in range(_MOST_ANCESTORS):
        if style not in styles:
            return
        yield styles[style]
        style = attribute(styles[style].find("basedOn"))


def _tag(paragraph: Any, styles: Mapping[str | None, Any]) -> str:
    """What the paragraph is in HTML, by its style, or one that this is based on, or its own level in the outline."""
    style = attribute(paragraph.find("pPr/pStyle"))
    tag = tag_of_style(filter(None, (style, *(attribute(one.find("name")) for one in _ancestry(style, styles)))))
    level = attribute(paragraph.find("pPr/outlineLvl"))
    return heading_tag(int(level) + 1) if tag == "p" and level in _LEVELS else tag


def _as_table(table: Any, styles: Mapping[str | None, Any], places: dict[Any, str]) -> dict[Any, str]:
    """Makes a table into one of HTML; returns the places of it and of its rows, each that of its first paragraph."""
    rows = table.findall("tr")
    heads = _head_rows(table, rows, styles)
    first = {row: places.get(next(row.iter("p"), None), "") for row in rows}
    above: dict[int, Any] = {}
    for position, row in enumerate(rows):
        column = number(row.find("trPr/gridBefore"))
        tag = "th" if position < heads else "td"
        if column:
            row.insert(0, etree.Element(tag, colspan=str(column)))
        for cell in row.findall("tc"):
            merge = cell.find("tcPr/vMerge")
            width = max(1, number(cell.find("tcPr/gridSpan")))
            if merge is not None and attribute(merge) != "restart" and column in above:
                above[column].set("rowspan", str(int(above[column].get("rowspan", "1")) + 1))
                row.remove(cell)
            else:
                above[column] = cell
                cell.set("colspan", str(width))
                cell.tag = tag
            column += width
    table.tag = "table"
    return {**first, table: first.get(next(iter(rows), None), "")}


def _head_rows(table: Any, rows: Sequence[Any], styles: Mapping[str | None, Any]) -> int:
    """How many rows are heads: those that are said again on each page, or one that is set off from all others."""
    repeated = sum(1 for _ in takewhile(lambda row: _is_on(row.find("trPr/tblHeader")), rows))
    if repeated or len(rows) < 2:
        return repeated
    look = table.find("tblPr/tblLook")
    bits = attribute(look) or ""
    is_styled = attribute(look, "firstRow") in ("1", "true", "on") or bool(_CODE.fullmatch(bits) and int(bits, 16) & _FIRST_ROW)
    ancestry = _ancestry(attribute(table.find("tblPr/tblStyle")), styles)
    is_set_off = is_styled and any(attribute(part, "type") == "firstRow" and len(part) for one in ancestry for part in one.iter("tblStylePr"))
    return int(is_set_off or (_is_bold(rows[0]) and not all(map(_is_bold, rows[1:]))))


def _is_bold(row: Any) -> bool:
    runs = [run for run in row.iter("r") if any((text.text or "").strip() for text in run.iter("t"))]
    return bool(runs) and all(_is_on(run.find("rPr/b")) for run in runs)


def _as_text(element: Any) -> None:
    """Leaves an element the characters that it shows, and no others."""
    tag = element.tag
    if tag == "br" and attribute(element, "type") in ("page", "column"):
        element.tag = "pageBreak"
    elif tag == "cr":
        element.tag = "br"
    element.tail = None
    if tag == "sym":
        element.text = _symbol(element)
    elif tag != "t":
        # outside a run a tab is where one stops
        element.text = _CHARACTERS.get(tag) if element.getparent() is not None and element.getparent().tag == "r" else None


def _symbol(element: Any) -> str:
    """The character of a font; in the fonts of symbols it is another than its code says."""
    code = (attribute(element, "char") or "").upper()
    if not _CODE.fullmatch(code):
        return _UNKNOWN
    font = attribute(element, "font") or ""
    if font.startswith(_FONTS_OF_SYMBOLS) or code.startswith("F0"):
        return _SYMBOL.get(chr(int(code, 16) & 0xFF), _UNKNOWN) if font == "Symbol" else _UNKNOWN
    return chr(int(code, 16))
