"""The words, numbers and marks of a window, one after another.

A number in digits is one token as people write it: 816,000 and 816 000 and 816’000, 1.234.567,5, 3,5.
Every reader of numbers in the package finds and reads them with what stands here.
"""

import re
from itertools import takewhile

from rag.english.words import MONTHS
from rag.types import Span

# A space between thousands: the usual one, and those that no line may be broken at.
_SPACES = "\u00a0\u2009\u202f"
# "On May 12 300 people" has a day before its number.
_NO_DAY = "".join(rf"(?<!{month.title()} )" for month in MONTHS)
_READABLE = (
    # one mark between all thousands, and another before the decimals
    r"(?!0)\d{1,3}(?:,\d{3})+(?:\.\d+)?",
    rf"(?!0)(?<!\+)(?:\d{{1,3}}(?:['’]\d{{3}})+|\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|{_NO_DAY}\d{{1,3}}(?: \d{{3}})+)(?:[.,]\d+)?",
    r"(?!0)\d{1,3}(?:(?:\.\d{3}){2,}|(?:\.\d{3})+(?=,))(?:,\d{1,2})?",
    # lakhs and crores
    r"(?!0)\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?",
    # A comma before one or two digits parts no thousands; four digits before it may be a year.
    r"\d{1,3},\d{1,2}",
    r"0,\d+",
    r"\d+(?:\.\d+)?",
)
# A number, or what has digits with marks between them and is none: a version, a time of day, a list without spaces.
NUMERAL = rf"(?:(?:{'|'.join(_READABLE)})(?![.,:]?\d)|\d+(?:[.,:]\d+)*)"
_NUMBER = re.compile("|".join(_READABLE))
# A minus touches its number, or the currency before that, and nothing on its left; a dash between two numbers is none.
SIGN = r"(?:(?<![\w.,%)\]°–−-])(?<!\d )[–−-](?=\S{0,3}\d)|(?<!\w)minus\s)"
DASHES = frozenset("-–‑")
# Quotation marks and the like, which may stand between a number and what it counts.
MARKS = frozenset("\"“”'‘’«»*")
_TOKEN = re.compile(rf"{NUMERAL}|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
_SIGN = re.compile(SIGN, re.IGNORECASE)
_OPENING = frozenset("(\"“‘'«[{~≈*—><|+_")
_CLOSING = frozenset(')"”»]}*—…;!?+_')
_CLAUSE_ENDS = frozenset(".;!?:")
_BEFORE_SENTENCE = frozenset('.!?:“"‘')
# No step looks further ahead, or further back from the first token.
_BEYOND = [""] * 64


class Tokens:
    """The tokens of a window of a text: `texts` as they stand there, `words` in lower case; empty ones beyond the window."""

    def __init__(self, text: str, window: Span) -> None:
        self.text = text
        self._window = window
        self._spans = [match.span() for match in _TOKEN.finditer(text, window.start, min(window.end, len(text)))]
        self.texts = [text[start:end] for start, end in self._spans] + _BEYOND
        self.words = [token.lower() for token in self.texts]

    def __len__(self) -> int:
        return len(self._spans)

    def digits(self, at: int) -> bool:
        """Whether the token is a number in digits."""
        return "0" <= self.texts[at][:1] <= "9"

    def minus(self, at: int) -> bool:
        """Whether the token is the minus of the number after it."""
        return at < len(self) and _SIGN.match(self.text, self._spans[at][0]) is not None

    def capital(self, at: int) -> bool:
        return self.texts[at][:1].isupper()

    def month(self, at: int) -> int:
        """The number of the month that the token names; 0 where it names none."""
        return MONTHS.get(self.words[at], 0) if self.capital(at) else 0

    def glued(self, at: int) -> bool:
        """Whether the token follows the one before it without a space."""
        return 0 < at < len(self._spans) and self._spans[at][0] == self._spans[at - 1][1]

    def span(self, first: int, end: int) -> Span:
        if end > first:
            return Span(self._spans[first][0], self._spans[end - 1][1])
        at = self._spans[first - 1][1] if first else self._window.start
        return Span(at, at)

    def before(self, at: int, count: int) -> list[str]:
        """Up to `count` words before the token, the nearest first, none beyond the end of a sentence or clause."""
        return list(takewhile(lambda word: word not in _CLAUSE_ENDS, reversed(self.words[max(0, at - count) : at])))

    def free_before(self, at: int) -> bool:
        """Whether nothing is stuck to the token's left that could make it part of a name."""
        start = self._spans[at][0]
        mark = self.text[start - 1] if start else " "
        return mark.isspace() or mark in _OPENING or (mark == "–" and not (start > 1 and self.text[start - 2].isalnum()))

    def free_after(self, end: int) -> bool:
        """The same for the right of the token before `end`."""
        at = self._spans[end - 1][1]
        mark, after = (self.text[at : at + 1] or " "), (self.text[at + 1 : at + 2] or " ")
        if mark.isspace() or mark in _CLOSING:
            return True
        if mark in ".,:":
            return not after.isnumeric()
        return mark in "'’-–" and not after.isalnum()

    def starts_sentence(self, at: int) -> bool:
        return at == 0 or self.words[at - 1] in _BEFORE_SENTENCE


def plain(numeral: str) -> str:
    """The number with a point before its decimals, and no other mark; "" for what is none."""
    if not _NUMBER.fullmatch(numeral):
        return ""
    mark = next((mark for mark in reversed(numeral) if not mark.isdigit()), "")
    whole, _, rest = numeral.rpartition(mark or " ")
    thousands = mark in whole or mark not in ".," or (mark == "," and len(rest) == 3 and whole.isdigit() and whole != "0")
    if thousands:
        whole, rest = numeral, ""
    return "".join(filter(str.isdigit, whole)) + (f".{rest}" if rest else "")
