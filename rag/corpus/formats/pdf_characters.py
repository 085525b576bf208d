"""A page's characters, one by one, into words and lines, each with the box of its own characters.

PDFium's text and its boxes count differently where a character takes two places or none, so neither is asked for by more than one
character.
"""

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from operator import itemgetter

from pypdfium2 import raw

from rag.corpus.formats.pdf_lines import Line, Sides, Style, Word, union

# PDFium's own mark for a hyphen that ends a line
_HYPHEN = "\x02"
_BREAKS = "\r\n"
# Words further apart than so many times the font's size may be of two columns.
_WIDE = 0.7
_BOLD = 600
# of a point
_FLAT = 0.1
_FIRST_VISIBLE, _DELETE, _CODES = 0x20, 0x7F, 0x110000
_OTHER_SCRIPTS, _REPLACEMENT = "\u0370", "\ufffd"
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LAM = "\N{ARABIC LETTER LAM}"
_SURROGATES = re.compile("[\ud800-\udfff]")
# what no font shows: controls, private use, what stands for a character that is unknown
_NO_CHARACTER = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff\U000f0000-\U0010ffff]")


@dataclass(slots=True)
class Tally:
    """How many characters were read.

    `unknown` of them are none that a reader could tell; of `unmapped` ones the PDF does not say what they are, and `letters` of
    these look like small Latin letters or like another script's.
    """

    characters: int = 0
    unknown: int = 0
    unmapped: int = 0
    letters: int = 0


def read_lines(text_page: raw.FPDF_TEXTPAGE, page: int, tally: Tally) -> Iterator[Line]:
    """The lines of a page, which counts from 1, in PDFium's order; the characters are counted in `tally`."""
    return _Reading(text_page, page, _Boxes(text_page), tally).lines(raw.FPDFText_CountChars(text_page))


@dataclass(slots=True)
class _Reading:
    """A page's characters on their way into words, and these into lines."""

    handle: raw.FPDF_TEXTPAGE
    page: int
    box_of: "_Boxes"
    tally: Tally
    word: list[str] = field(default_factory=list)
    boxes: list[Sides] = field(default_factory=list)
    words: list[tuple[Word, int]] = field(default_factory=list)

    def lines(self, count: int) -> Iterator[Line]:
        """The lines, each ended where PDFium ends it, behind a hyphen that ends one, and at a wide space."""
        first = 0
        for index in range(count):
            character = self._character(index)
            if character.isspace():
                self._end_word(first)
                if character in _BREAKS:
                    yield from self._end_line()
                continue
            if not self.word:
                first = index
            self.word.append("-" if character == _HYPHEN else character)
            self.boxes.append(self.box_of(index))
            if character == _HYPHEN:
                self._end_word(first)
                yield from self._end_line()
        self._end_word(first)
        yield from self._end_line()

    def _character(self, index: int) -> str:
        code = raw.FPDFText_GetUnicode(self.handle, index)
        if _FIRST_VISIBLE < code < _DELETE:
            return chr(code)
        character = chr(code) if code < _CODES else _REPLACEMENT
        is_hyphen = character == _HYPHEN and raw.FPDFText_IsHyphen(self.handle, index) == 1
        if is_hyphen or not _NO_CHARACTER.match(character):
            return character
        if code < _FIRST_VISIBLE or code == _DELETE:
            # a code that no font names: what has no height is a space
            if self.box_of(index).height < _FLAT:
                return " "
            character = _REPLACEMENT
        self.tally.unknown += 1
        return character

    def _end_word(self, first: int) -> None:
        if not self.word:
            return
        self.words.append((Word(_text(self.word, self.boxes), union(self.boxes)), first))
        self.tally.characters += len(self.word)
        # a word is of one font, or nearly always
        if raw.FPDFText_HasUnicodeMapError(self.handle, first):
            self.tally.unmapped += len(self.word)
            self.tally.letters += sum(map(_is_letter, self.word))
        self.word, self.boxes = [], []

    def _end_line(self) -> Iterator[Line]:
        """The words so far as lines; what stands nowhere on the page is left out."""
        found = [(word, at) for word, at in self.words if _is_placed(word.sides)]
        self.words = []
        if found:
            yield from self._parted(found)

    def _parted(self, found: list[tuple[Word, int]]) -> Iterator[Line]:
        """The lines that wide spaces make of a line."""
        style, base = self._style(found)
        turned = [word.sides.turned(style.turn) for word, _ in found]
        apart = [max(right.left - left.right, left.left - right.right) for left, right in pairwise(turned)]
        ends = [at for at, space in enumerate(apart, 1) if space >= _WIDE * style.size]
        for start, end in pairwise([0, *ends, len(found)]):
            own_style, own_base = self._style(found[start:end]) if ends else (style, base)
            words = tuple(word for word, _ in found[start:end])
            yield Line(self.page, words, replace(own_style, turn=style.turn), union(turned[start:end]), own_base, start > 0)

    def _style(self, found: list[tuple[Word, int]]) -> tuple[Style, float]:
        """How a line is set, by the word in its middle, and how high its letters stand."""
        word, index = found[len(found) // 2]
        matrix = raw.FS_MATRIX()
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetMatrix(self.handle, index, matrix)
        raw.FPDFText_GetCharOrigin(self.handle, index, x, y)
        turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4 if _all_finite(matrix.a, matrix.b) else 0
        size = raw.FPDFText_GetFontSize(self.handle, index) * math.hypot(matrix.c, matrix.d)
        if turn == 0 and len(found) == 1 and len(word.text) > 2 and word.sides.height > 2 * max(word.sides.width, size):
            turn = 3  # upright letters from the top down
        # a font without a size has the height of its letters
        height = word.sides.turned(turn).height
        size = size if _all_finite(size) and height / 4 < size else height
        origin = Sides(x.value, y.value, x.value, y.value).turned(turn)
        base = origin.bottom if _all_finite(origin.bottom) else word.sides.turned(turn).bottom
        bold = all(raw.FPDFText_GetFontWeight(self.handle, at) >= _BOLD for at in (found[0][1], index, found[-1][1]))
        return Style(max(size, 0.1), turn, bold), base


class _Boxes:
    """The boxes of a page's characters."""

    def __init__(self, handle: raw.FPDF_TEXTPAGE) -> None:
        self._handle = handle
        self._corners = (ctypes.c_double * 4)()
        left, right, bottom, top = (ctypes.byref(ctypes.c_double.from_buffer(self._corners, 8 * at)) for at in (0, 2, 1, 3))
        self._sides = (left, right, bottom, top)

    def __call__(self, index: int) -> Sides:
        raw.FPDFText_GetCharBox(self._handle, index, *self._sides)
        return Sides(*self._corners[:])


def _text(word: list[str], boxes: list[Sides]) -> str:
    """The characters as they are read; two halves of one are put together, and a half without the other is an unknown character."""
    text = "".join(word)
    if _LEFTWARD.search(text):
        text = "".join(_as_read(word, boxes))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATES.search(text) else text


def _as_read(word: list[str], boxes: list[Sides]) -> Iterator[str]:
    """The characters, Hebrew and Arabic ones from the right to the left wherever they stand so: some files draw them from the left."""
    for is_leftward, run in groupby(zip(word, boxes, strict=True), key=lambda at: _LEFTWARD.match(at[0]) is not None):
        found = list(run)
        steps = [second.left - first.left for (_, first), (_, second) in pairwise(found)]
        if is_leftward and sum(step > 0 for step in steps) > sum(step < 0 for step in steps):
            found.reverse()
        for _, together in groupby(found, key=itemgetter(1)):
            letters = [letter for letter, _ in together]
            # PDFium turns round the letters of one sign, but for a lam with an alef that Unicode has as one
            yield from letters if not is_leftward or letters[0] == _LAM else reversed(letters)


def _is_letter(character: str) -> bool:
    """Whether it is a small Latin letter or another script's."""
    return "a" <= character <= "z" or (character >= _OTHER_SCRIPTS and character.isalpha())


def _is_placed(sides: Sides) -> bool:
    return _all_finite(sides.left, sides.bottom, sides.right, sides.top)


def _all_finite(*values: float) -> bool:
    return all(map(math.isfinite, values))
