"""A number in digits as people write it: 816,000 and 816 000 and 816’000, 1.234.567,5, 3,5, with a minus before it or not.

Every reader of numbers in the package finds and reads them with what stands here.
"""

import re

from rag.english.words import MONTHS

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
MINUS = frozenset("-–−")
# A minus touches its number, or the currency before that, and nothing on its left; a dash between two numbers is none.
SIGN = r"(?:(?<![\w.,%)\]°–−-])(?<!\d )[–−-](?=\S{0,3}\d)|(?<!\w)minus\s)"


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
