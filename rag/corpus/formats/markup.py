"""The text of HTML and XHTML as it is shown, all of it: what formats made of markup share, before anything is taken for furniture."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html.entities import html5
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from lxml import etree

from rag.corpus.charsets import encoding_declared
from rag.corpus.decoding import decode
from rag.corpus.draft import Piece
from rag.corpus.table_rows import LONGEST_HEADS, column_heads, row_sentence
from rag.errors import InputError
from rag.types import Kind

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form header hgroup hr "
    "html legend li main menu nav ol optgroup option p pre search section summary table tbody td text tfoot th thead tr ul xmp".split()
)
# What no reader sees, what is shown only where something else cannot be, and the pronunciation over a word, which would stand inside it.
_UNSEEN = frozenset(
    "annotation annotation-xml applet audio canvas datalist desc head iframe metadata noembed noframes noscript object rp rt script select style "
    "template textarea title video".split()
)
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
# the number of a note, and the way back from it; in Word's formats they are no text either
_NOTE_MARKS = frozenset(("noteref", "backlink", "doc-noteref", "doc-backlink"))
_MARKED = ("role", "epub:type", "{http://www.idpf.org/2007/ops}type")
_KINDS = dict.fromkeys(_HEADINGS, Kind.HEADING) | {"caption": Kind.CAPTION, "figcaption": Kind.CAPTION, "nav": Kind.RELATED}
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BLANKS_IN_LINE = re.compile(r" {2,}")
_BLANKS_AT_LINE_END = re.compile(r" *\n *")
# in mails, the rest of a preview is filled with these
_INVISIBLE = re.compile("[\\s\\u00ad\\u034f\\u200b-\\u200f\\u2060\\ufeff]*")
_SHOWN_AS = {"br": "\n", "q": "“"}
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
# A row with one of these in a cell, or with so long a cell, lays out a page.
_LAID_OUT = ("{*}table", "{*}pre", *(f"{{*}}{name}" for name in sorted(_HEADINGS)))
_LONGEST_CELL = 500
# the most that a cell may span in HTML
_MOST_COLUMNS = 1_000
_MOST_HEADS = 3
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENTITY = re.compile(rb"&([A-Za-z_][\w.-]{0,60});")
_XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")
_DECLARED = re.compile(rb"""<meta\s[^>]*charset\s*=\s*["']?\s*([\w.:-]+)|^\s*<\?xml\s[^>]*encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_FIRST_BYTES = 1_024


@dataclass(slots=True)
class _Table:
    """What the rows so far tell of the next: the rows of heads, whether others came, and cells that reach down, by column."""

    lays_out: bool
    heads: list[list[str]] = field(default_factory=list)
    has_rows: bool = False
    reaching: dict[int, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that has begun; `place`, `kind`, `keeps_blanks` and `table` are those of the block that its text stands in."""

    tag: str
    path: str
    place: str
    kind: Kind
    keeps_blanks: bool
    table: _Table | None
    seen: dict[str, int] = field(default_factory=dict)


def parse(data: bytes | str) -> Any:
    """The root element (lxml's): of XHTML that is sound XML as that, else of HTML as browsers read it.

    Bytes are in the encoding of their byte-order mark, in the one they declare, or as text files are. No entity but
    HTML's characters is resolved, and nothing is fetched.
    Raises InputError where there is no element, or elements are nested too deeply.
    """
    text = data if isinstance(data, str) else _decoded(data)
    encoded = text.lstrip("\ufeff \t\r\n\f").encode("utf-8", "replace")
    is_xhtml = encoded.startswith(b"<?xml") or b"http://www.w3.org/1999/xhtml" in encoded[:_FIRST_BYTES]
    root = _xhtml(encoded) if is_xhtml else None
    return _html(encoded) if root is None else root


def pieces(root: Any, places: Mapping[Any, str] = MappingProxyType({})) -> Iterator[Piece]:
    """The visible blocks in their order, each with the place of the innermost block that holds it: what `places` says of that
    element, else its XPath.

    Lines end only at `<br>` and in preformatted text. A table's row is one sentence, each cell after its column's
    head; where a row only lays out a page, the blocks in its cells stand by themselves.
    """
    return _blocks(root, "" if root.getparent() is None else root.getroottree().getpath(root), places)


def _blocks(root: Any, path: str, places: Mapping[Any, str]) -> Iterator[Piece]:
    words: list[str] = []
    opened: list[_Open] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            around = opened[-1] if opened else _Open("", "", "", Kind.BODY, False, None)
            own = _open(element, around, "" if opened else path, places)
            if own.tag in _BLOCKS:
                yield from _block(words, around)
            opened.append(own)
            is_seen = own.tag not in _UNSEEN and not _is_hidden(element) and not _is_note_mark(element)
            row = _row(element, own.table, own.place) if is_seen and own.tag == "tr" and own.table else None
            yield from row or ()
            if is_seen and row is None:
                words.append(_SHOWN_AS.get(own.tag, "") + _spaced(element.text, own))
            else:
                walk.skip_subtree()
            continue
        if event == "end":
            own = opened.pop()
            if own.tag == "table" and own.table and not own.table.has_rows:
                yield from _said((), own.table.heads, own.place)
            if own.tag in _BLOCKS or not opened:
                yield from _block(words, own)
            words.append("”" if own.tag == "q" else "")
        if opened:
            words.append(_spaced(element.tail, opened[-1]))


def _open(element: Any, around: _Open, path: str, places: Mapping[Any, str]) -> _Open:
    """The element, whose path is the next one under that of `around` where it is empty."""
    tag = _tag(element)
    name = tag if _NAME.fullmatch(tag) else "*"
    for counted in (tag, "*"):
        around.seen[counted] = around.seen.get(counted, 0) + 1
    path = path or f"{around.path}/{name}[{around.seen[name]}]"
    return _Open(
        tag,
        path,
        places.get(element, path) if tag in _BLOCKS or not around.path else around.place,
        around.kind if around.kind is not Kind.BODY else _KINDS.get(tag, Kind.BODY),
        around.keeps_blanks or tag in ("pre", "xmp"),
        _Table(element.get("role") in ("presentation", "none")) if tag == "table" else around.table,
    )


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_UNSEEN_STYLE.search(element.get("style", "")))


def _is_note_mark(element: Any) -> bool:
    return any(said in _NOTE_MARKS for name in _MARKED for said in element.get(name, "").split())


def _spaced(text: str | None, around: _Open) -> str:
    return (text or "") if around.keeps_blanks else _BLANKS.sub(" ", text or "")


def _block(words: list[str], around: _Open) -> Iterator[Piece]:
    """The words as a piece, if they show anything; they are taken out of the list."""
    text = "".join(words).strip()
    words.clear()
    if not around.keeps_blanks:
        text = _BLANKS_AT_LINE_END.sub("\n", _BLANKS_IN_LINE.sub(" ", text))
    if not _INVISIBLE.fullmatch(text):
        yield Piece(text, around.kind, around.place)


def _row(row: Any, table: _Table, place: str) -> list[Piece] | None:
    """The sentence of a row, nothing of one that is kept as heads, or None where its blocks stand by themselves."""
    if table.lays_out or next(row.iter(*_LAID_OUT), None) is not None:
        return None
    cells = [cell for cell in row if _tag(cell) in ("td", "th") and not _is_hidden(cell)]
    texts = [" ".join(" ".join(piece.text.split()) for piece in _blocks(cell, ".", {})) for cell in cells]
    is_heads = _tag(row.getparent()) == "thead" or all(_tag(cell) == "th" for cell in cells)
    is_heads = is_heads and not table.has_rows and len(table.heads) < _MOST_HEADS
    is_alone = not table.reaching and (len(cells) < 2 or (not (is_heads or table.heads) and sum(map(bool, texts)) == 1))
    if not cells or is_alone or max(map(len, texts)) > _LONGEST_CELL:
        table.reaching = {}
        return None
    if not is_heads and not table.has_rows:
        # a head that reaches down is no cell
        table.reaching = {column: ("", rows) for column, (_, rows) in table.reaching.items()}
    columns = _columns(cells, texts, table, in_each=is_heads)
    if is_heads:
        table.heads.append(columns)
        return []
    heads = column_heads([" ".join(dict.fromkeys(filter(None, head))) for head in zip_longest(*table.heads, fillvalue="")])
    # a row that has nothing of its own says nothing again
    said = list(_said(heads, [columns] if any(texts) else (), place))
    if said and not table.has_rows:
        table.has_rows = True
        return [*_said((), () if heads else table.heads, place), *said]
    return said


def _columns(cells: Sequence[Any], texts: Sequence[str], table: _Table, *, in_each: bool) -> list[str]:
    """The text of each column; of a cell over several columns it stands in the first, or `in_each`."""
    columns: list[str] = []
    reaching = {column: (text, rows - 1) for column, (text, rows) in table.reaching.items() if rows > 1}
    for cell, text in zip(cells, texts, strict=True):
        columns += _from_above(len(columns), table)
        wide = min(_span(cell, "colspan"), max(1, _MOST_COLUMNS - len(columns)))
        own = [text, *([text if in_each else ""] * (wide - 1))]
        if (rows := _span(cell, "rowspan")) > 1:
            reaching |= {len(columns) + n: (said, rows - 1) for n, said in enumerate(own)}
        columns += own
    columns += _from_above(len(columns), table)
    # what is too long for a head is too long to be said again as a cell
    table.reaching = reaching if sum(len(text) + 1 for text, _ in reaching.values()) <= LONGEST_HEADS else {}
    return columns


def _from_above(column: int, table: _Table) -> Iterator[str]:
    while column in table.reaching:
        yield table.reaching[column][0]
        column += 1


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _said(heads: Sequence[str], rows: Iterable[Sequence[str]], place: str) -> Iterator[Piece]:
    for row in rows:
        if said := row_sentence(heads, row):
            yield Piece(said, Kind.TABLE_ROW, place)


def _decoded(data: bytes) -> str:
    declared = None if data.startswith(_MARKS) else _DECLARED.search(data[:_FIRST_BYTES])
    if declared is None:
        return decode(data)
    encoding = encoding_declared((declared[1] or declared[2]).decode("ascii", "replace"))
    if encoding:
        with suppress(UnicodeError):
            return data.decode(encoding)
    return decode(data)


def _xhtml(data: bytes) -> Any | None:
    """The root, or None where the data is not sound XML."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(_ENTITY.sub(_character, data), parser)
    except etree.XMLSyntaxError:
        return None


def _character(entity: re.Match[bytes]) -> bytes:
    """HTML's character, or the entity's name as it is written: what a document's own ones stand for is not looked up."""
    name = entity[1].decode()
    return entity[0] if name in _XML_ENTITIES else html5.get(f"{name};", f"&amp;{name};").encode()


def _html(data: bytes) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    # the parser stops there, so that what follows would be lost
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise InputError("its elements are nested too deeply; save it anew with a program that shows it well")
    if any(error.type == etree.ErrorTypes.ERR_NO_MEMORY for error in parser.error_log):
        raise InputError("it is too large to be read; split it")
    if root is None:
        raise InputError("the page has no element that could hold text")
    return root
