"""Bytes into text, by a fixed order of encodings.

A statistical guess would be right more often on exotic files and wrong without
a word on some plain ones, and a wrong letter is a wrong quote. So: a byte-order
mark decides; else UTF-8; else Windows-1252 where the result looks like it.
"""

import codecs
import re

from rag.errors import InputError

# of the letters in a Windows-1252 file, the most that may lie outside ASCII:
# Western European prose has under a tenth, Cyrillic or Greek read as Windows-1252 nearly all
_FOREIGN_SHARE = 0.25
# other 8-bit encodings show by symbols inside words and capitals after small letters
_MISREAD = re.compile(r"[a-z](?:[ÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜ]|[¡-¬®-¶¸-¿][^\W\d_])")


def decode(data: bytes) -> str:
    """The text of a file. Raises InputError for empty, binary and undecodable data."""
    if not data.strip():
        raise InputError("the file is empty")
    encoding = _utf16(data)
    if encoding is None:
        if b"\0" in data:
            raise InputError("the file is binary, not text")
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            raise InputError(f"the file is UTF-8 but for byte {error.start}; mend it, or save it as UTF-8 anew") from None
        text = _windows_1252(data) if encoding == "utf-8-sig" else _undecodable()
    if "\0" in text:
        raise InputError("the file is binary, not text")
    return text


def _utf16(data: bytes) -> str | None:
    """The UTF-16 that the data is in, by its mark or by where the zero bytes of its ASCII letters stand."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(data) % 2:
        return None
    pairs = len(data) // 2
    even, odd = data[::2].count(0), data[1::2].count(0)
    if odd > 0.4 * pairs and even == 0:
        return "utf-16-le"
    if even > 0.4 * pairs and odd == 0:
        return "utf-16-be"
    return None


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether more of the characters outside ASCII are UTF-8 than are not: Windows-1252 text has next to none."""
    outside = [c for c in data.decode(errors="replace") if not c.isascii()]
    return outside.count("\ufffd") * 2 < len(outside)


def _windows_1252(data: bytes) -> str:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        _undecodable()
    letters = [c for c in text if c.isalpha() or not c.isascii()]
    if sum(not c.isascii() for c in letters) > _FOREIGN_SHARE * len(letters) or _MISREAD.search(text):
        _undecodable()
    return text


def _undecodable() -> str:
    raise InputError("the file is not readable as UTF-8, UTF-16 or Windows-1252; save it as UTF-8")
