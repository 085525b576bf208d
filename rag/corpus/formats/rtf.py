"""Rich Text Format: the text of the body and its notes, as the last editor left it.

It is made into the HTML that says the same, so that both are read alike. striprtf knows the destinations and the encodings of
fonts. Its converter is not used: it shows deleted and hidden words, drops notes, puts addresses of links into sentences, and
leaves characters beyond the first 65,536 in halves that no text may have.
"""

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree
from striprtf.striprtf import charset_map, destinations

from rag.corpus.draft import Draft, put_together
from rag.corpus.formats.markup import pieces
from rag.corpus.formats.office import heading_tag, tag_of_style
from rag.corpus.formats.properties import first_heading, stated_author, stated_title
from rag.corpus.formats.rtf_rows import Edges, Row, as_table
from rag.errors import InputError
from rag.types import Facts

_TOKEN = re.compile(r"\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n\0]+)|[\r\n\0\\]", re.DOTALL)
_CHARACTERS = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "zwj": "\u200d", "zwnj": "\u200c", "~": "\xa0", "-": "\xad", "_": "\u2011",
    "\\": "\\",
}  # fmt: skip
_ENCODINGS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}
_CODE_PAGES = {65001: "utf-8", 10000: "mac_roman", 0: "cp1252"}
# What is not shown, and nothing in it: furniture of pages, marks of lists, and what is said in Unicode again.
_OUTSIDE = frozenset(
    "header headerl headerr headerf footer footerl footerr footerf annotation listtext pntext ftnsep aftnsep ftnsepc aftnsepc upr".split()
)
# What is not shown, but for what in it says otherwise.
_SKIPPED = (frozenset(destinations) | _OUTSIDE | {"nonshppict", "*"}) - {"result", "object"}
_SWITCHES = {"v": "is_hidden", "deleted": "is_deleted", "b": "is_bold"}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_UNKNOWN = "\ufffd"
_MOST_NESTED = 1_000


@dataclass(slots=True)
class _Group:
    """What holds for the words of a group until they say otherwise.

    `destination` is empty for what is shown; `level` is 1 in a table, 2 in one in its cells or deeper.
    """

    destination: str = ""
    is_outside: bool = False
    encoding: str | None = None
    is_hidden: bool = False
    is_deleted: bool = False
    is_bold: bool = False
    style: int = 0
    outline: int | None = None
    level: int = 0
    after_unicode: int = 1
    opens_flow: bool = False


@dataclass(slots=True)
class _Flow:
    """A text of its own: the body, a note, whose `name` says of which kind it is, or a text box."""

    name: str = ""
    root: Any = field(default_factory=lambda: etree.Element("section"))
    words: list[str] = field(default_factory=list)
    is_bold: bool = True
    is_head: bool = False
    edges: Edges = field(default_factory=Edges)
    # of a table and of one in its cells: the blocks of the cell, the cells of the row, the rows
    blocks: tuple[list[Any], list[Any]] = field(default_factory=lambda: ([], []))
    cells: tuple[list[Any], list[Any]] = field(default_factory=lambda: ([], []))
    rows: tuple[list[Row], list[Row]] = field(default_factory=lambda: ([], []))


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader is called alike
    """One draft. Deletions and reviewers' comments are no text; headers and footers are left out, and notes stand at the end.

    Raises InputError where it is no RTF, its groups are nested more than 1,000 deep, or it holds no text.
    """
    start = data.lstrip()
    if not start.startswith(b"{\\rtf"):
        raise InputError("it is no RTF file, though it is called one; save the text in it as .rtf, .docx or .txt")
    document = _Document()
    body = document.read(start.decode("latin-1"))
    found = list(pieces(body, document.places))
    text, parts = put_together(found)
    if not text:
        raise InputError("the document has no text; if it is a picture of a text, save that as a PDF with a text layer")
    warnings = (f"characters that its fonts or its encoding do not tell stand as {_UNKNOWN}",) if _UNKNOWN in text else ()
    title = stated_title(document.told["title"]) or first_heading(found)
    yield Draft(text, parts, Facts(title=title, author=stated_author(document.told["author"])), warnings=warnings)


class _Document:
    """What was read so far; `places` are those of the blocks, and `told` is what the document says of itself."""

    def __init__(self) -> None:
        self.places: dict[Any, str] = {}
        self.told = {"title": "", "author": ""}
        self._group = _Group()
        self._outer: list[_Group] = []
        self._flow = _Flow()
        self._flows: list[_Flow] = []
        self._notes: list[_Flow] = []
        self._paragraphs = 0
        self._styles: dict[int, str] = {}
        self._fonts: dict[int, str] = {}
        self._font = self._default_font = 0
        self._encoding = "cp1252"
        self._decoding = ""
        self._decoder = codecs.getincrementaldecoder("cp1252")("replace")
        self._to_skip = 0
        self._commands: dict[str, Callable[[str, int | None], None]] = {
            "{": self._open,
            "}": self._close,
            "u": self._unicode,
            "f": self._set_font,
            "deff": self._set_default_font,
            "plain": self._reset_words,
            "pard": self._reset_paragraph,
            "ftnalt": self._make_endnote,
            "ud": self._take_unicode,
            **dict.fromkeys(("par", "sect", "page", "\n", "\r"), self._end_paragraph),
            **dict.fromkeys(("cell", "nestcell"), self._end_cell),
            **dict.fromkeys(("row", "nestrow"), self._end_row),
            **dict.fromkeys(("trowd", "trhdr"), self._start_row),
            **dict.fromkeys(("trleft", "clvmrg", "cellx"), self._set_edge),
            **dict.fromkeys(("title", "author", "fonttbl", "stylesheet"), self._set_destination),
            **dict.fromkeys(("fcharset", "cpg"), self._set_charset),
            **dict.fromkeys(("ansicpg", *_ENCODINGS), self._set_encoding),
            **dict.fromkeys(("s", "outlinelevel", "uc"), self._set_number),
            **dict.fromkeys(("intbl", "itap"), self._set_level),
            **dict.fromkeys(("footnote", "shptxt", "dptxbxtext"), self._open_flow),
        }

    def read(self, source: str) -> Any:
        """The document as HTML; `source` has a character for each byte."""
        position = 0
        while position < len(source) and (match := _TOKEN.match(source, position)):
            position = match.end()
            word, number, byte, symbol, brace, run = match.groups()
            if byte or run:
                self._take(bytes.fromhex(byte) if byte else run.encode("latin-1"))
            elif word == "bin":
                position += max(0, int(number or 0))
            elif symbol and symbol in "{}":
                self._take(symbol.encode())
            elif brace or word or symbol:
                self._obey(brace or word or symbol, None if number is None else int(number))
                if brace == "}" and not self._outer:
                    # what stands behind the document is none of it
                    break
        self._flush()
        while self._outer:
            self._close()
        self._end_flow()
        count: Counter[str] = Counter()
        for note in self._notes:
            count[note.name] += 1
            self.places |= dict.fromkeys(note.root.iter(), f"{note.name} {count[note.name]}")
            self._flow.root.append(note.root)
        return self._flow.root

    def _take(self, data: bytes) -> None:
        skipped, self._to_skip = self._to_skip, max(0, self._to_skip - len(data))
        encoding = self._group.encoding or self._encoding
        if encoding != self._decoding:
            self._flush()
            self._decoding, self._decoder = encoding, codecs.getincrementaldecoder(encoding)("replace")
        self._say(self._decoder.decode(data[skipped:]))

    def _flush(self) -> None:
        """Ends a character of several bytes that does not go on."""
        self._say(self._decoder.decode(b"", True))
        self._decoder.reset()

    def _say(self, text: str) -> None:
        group = self._group
        if not text or group.is_outside:
            return
        if group.destination in self.told:
            self.told[group.destination] += text
        elif group.destination == "stylesheet":
            self._styles[group.style] = self._styles.get(group.style, "") + text
        elif not (group.destination or group.is_hidden or group.is_deleted):
            self._flow.words.append(text)
            self._flow.is_bold &= group.is_bold or not text.strip()

    def _obey(self, word: str, number: int | None) -> None:
        self._flush()
        self._to_skip = 0
        if word in self._commands:
            self._commands[word](word, number)
        elif word in _SWITCHES:
            setattr(self._group, _SWITCHES[word], number != 0)
        elif word in _CHARACTERS:
            self._say(_CHARACTERS[word])
        elif word in _SKIPPED:
            self._group.destination = "skipped"
            self._group.is_outside |= word in _OUTSIDE

    def _open(self, _word: str, _number: int | None) -> None:
        if len(self._outer) >= _MOST_NESTED:
            raise InputError("its groups are nested too deeply; save it anew with a program that shows it well")
        self._outer.append(self._group)
        self._group = replace(self._group, opens_flow=False)

    def _close(self, _word: str = "}", _number: int | None = None) -> None:
        if not self._outer:
            return
        if self._group.opens_flow:
            self._end_flow()
            ended, self._flow = self._flow, self._flows.pop()
            if ended.name:
                self._notes.append(ended)
            else:
                self._flow.root.append(ended.root)
        self._group = self._outer.pop()

    def _open_flow(self, word: str, _number: int | None) -> None:
        if self._group.is_outside or self._group.is_hidden or self._group.is_deleted or self._group.opens_flow:
            self._group.destination = "skipped"
            return
        if not self._group.level:
            self._end_table(0)
        self._group = _Group(after_unicode=self._group.after_unicode, opens_flow=True)
        self._flows.append(self._flow)
        self._flow = _Flow(name="footnote" if word == "footnote" else "")

    def _end_flow(self) -> None:
        self._end_paragraph()
        self._end_table(0)

    def _end_paragraph(self, _word: str = "par", _number: int | None = None) -> None:
        if self._group.destination:
            return
        self._paragraphs += not any(flow.name for flow in (*self._flows, self._flow))
        if self._group.level:
            self._flow.blocks[self._group.level - 1].append(self._block("p"))
            return
        self._end_table(0)
        self._flow.root.append(self._block(self._tag()))
        self._flow.is_bold = True

    def _tag(self) -> str:
        level = self._group.outline
        return heading_tag(level + 1) if level is not None and level < 9 else tag_of_style([self._styles.get(self._group.style, "").strip("; ")])

    def _block(self, tag: str) -> Any:
        """The words so far as an element."""
        # a character in two halves becomes one
        text = "".join(self._flow.words).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        first, *lines = _PRIVATE.sub(_UNKNOWN, _NOT_XML.sub("", text)).split("\n")
        block = etree.Element(tag)
        block.text = first
        for line in lines:
            etree.SubElement(block, "br").tail = line
        self.places[block] = f"paragraph {self._paragraphs}"
        self._flow.words.clear()
        return block

    def _end_cell(self, word: str, _number: int | None) -> None:
        if self._group.destination:
            return
        level = int(word == "nestcell")
        self._paragraphs += not self._flow.name
        if not level:
            self._end_table(1)
        cell = etree.Element("td")
        cell.extend([*self._flow.blocks[level], self._block("p")])
        self.places[cell] = self.places[cell[0]]
        self._flow.blocks[level].clear()
        self._flow.cells[level].append(cell)

    def _end_row(self, word: str, _number: int | None) -> None:
        flow, level = self._flow, int(word == "nestrow")
        # the row of a table in a cell ends where its properties are, which are not shown
        if self._group.is_outside or not flow.cells[level]:
            return
        row = etree.Element("tr")
        row.extend(flow.cells[level])
        self.places[row] = self.places[row[0]]
        flow.rows[level].append(Row(row, flow.edges, flow.is_head, flow.is_bold))
        flow.cells[level].clear()
        flow.is_bold = True

    def _end_table(self, level: int) -> None:
        """Puts the rows so far into a table."""
        rows = self._flow.rows[level]
        if not rows:
            return
        table = as_table(rows)
        self.places[table] = self.places[rows[0].element]
        rows.clear()
        if level:
            self._flow.blocks[0].append(table)
        else:
            self._flow.root.append(table)

    def _unicode(self, _word: str, number: int | None) -> None:
        if number is not None:
            self._say(chr(number % 65_536))
        self._to_skip = self._group.after_unicode

    def _set_destination(self, word: str, _number: int | None) -> None:
        # whoever edited a document last may stand as an author too, behind the first
        self._group.destination = "skipped" if self.told.get(word) else word

    def _set_font(self, _word: str, number: int | None) -> None:
        if self._group.destination == "fonttbl":
            self._font = number or 0
        else:
            self._group.encoding = self._fonts.get(number or 0)

    def _set_charset(self, word: str, number: int | None) -> None:
        known = _code_page(number) if word == "cpg" else charset_map.get(number or 0)
        if self._group.destination == "fonttbl" and known and _is_known(known):
            self._fonts[self._font] = known

    def _set_encoding(self, word: str, number: int | None) -> None:
        self._encoding = _code_page(number) if word == "ansicpg" else _ENCODINGS[word]

    def _set_default_font(self, _word: str, number: int | None) -> None:
        self._default_font = number or 0

    def _reset_words(self, _word: str, _number: int | None) -> None:
        group = self._group
        group.is_hidden = group.is_deleted = group.is_bold = False
        group.encoding = self._fonts.get(self._default_font)

    def _reset_paragraph(self, _word: str, _number: int | None) -> None:
        self._group.level, self._group.style, self._group.outline = 0, 0, None

    def _set_number(self, word: str, number: int | None) -> None:
        setattr(self._group, {"s": "style", "outlinelevel": "outline", "uc": "after_unicode"}[word], max(0, number or 0))

    def _set_level(self, word: str, number: int | None) -> None:
        self._group.level = max(1, self._group.level) if word == "intbl" else min(2, max(0, number or 0))

    def _start_row(self, word: str, _number: int | None) -> None:
        self._flow.is_head = word == "trhdr"
        if word == "trowd":
            self._flow.edges = Edges()

    def _set_edge(self, word: str, number: int | None) -> None:
        edges = self._flow.edges
        if word == "trleft":
            edges.left = number or 0
        elif word == "clvmrg":
            edges.goes_on = True
        else:
            edges.right.append(number or 0)
            edges.continues.append(edges.goes_on)
            edges.goes_on = False

    def _take_unicode(self, _word: str, _number: int | None) -> None:
        """Goes on as before the group that says the same twice, in an encoding and in Unicode."""
        if len(self._outer) > 1:
            self._group = replace(self._outer[-2], opens_flow=False)

    def _make_endnote(self, _word: str, _number: int | None) -> None:
        if self._flow.name:
            self._flow.name = "endnote"


def _code_page(number: int | None) -> str:
    name = _CODE_PAGES.get(number or 0, f"cp{number}")
    return name if _is_known(name) else "cp1252"


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True
