"""Unicode's composed form (NFC), in time that is in proportion to the text's length whatever the text is."""

import re
import unicodedata
from itertools import groupby

# Marks that combine with the letter before them are put in an order, and unicodedata does that by moving each past its
# neighbours: 100,000 of them in the wrong order took it ten seconds. No writing has so many on one letter.
_MANY_MARKS = re.compile(r"[^\w\s\x00-\x7f]{64,}")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text if text.isascii() else _MANY_MARKS.sub(_ordered, text))


def _ordered(run: re.Match[str]) -> str:
    """The same characters to Unicode, with their marks in order already."""
    # one by one: together they would be put in order here
    apart = "".join(unicodedata.normalize("NFD", character) for character in run[0])
    pieces = groupby(apart, key=lambda character: unicodedata.combining(character) > 0)
    return "".join("".join(sorted(piece, key=unicodedata.combining) if marks else piece) for marks, piece in pieces)
