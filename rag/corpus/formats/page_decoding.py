"""The characters of a web page: its byte-order mark decides, else UTF-8 where the bytes are that, else the encoding that it declares."""

import codecs
import re

from trafilatura.utils import detect_encoding

from rag.corpus.charsets import encoding_declared
from rag.corpus.decoding import utf16
from rag.errors import InputError

# where HTML has a page declare its encoding, and room for the comments that programs put above
_DECLARED_WITHIN = 4_096
_DECLARED = re.compile(rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)|^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
# Its letters are written in bytes of ASCII, so that the page is UTF-8 too, and says nothing as that.
_SEVEN_BITS = ("iso2022", "hz")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decode_page(data: bytes, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a page, and warnings where some of its characters may not be what its writer meant.

    `charset` is what was told of the page from outside, and goes before what it declares itself. Raises InputError where
    the page is in no encoding that was told, or none was and none fits.
    """
    marked = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None) or utf16(data)
    if marked:
        return _declared(data, marked)
    declared = encoding_declared(charset or "") or encoding_declared(_label(data))
    if declared is None or not declared.startswith(_SEVEN_BITS):
        try:
            return data.decode(), ()
        except UnicodeDecodeError:
            pass
    return _declared(data, declared) if declared else _inferred(data)


def _label(data: bytes) -> str:
    """The name of the encoding that the page declares; empty where it declares none."""
    match = _DECLARED.search(data[:_DECLARED_WITHIN])
    return (match[1] or match[2]).decode("ascii", "replace") if match else ""


def _declared(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """The text in the encoding that was told, also where a few of its bytes are not in it."""
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
    shown = encoding.removesuffix("-sig").upper()
    outside = [character for character in text if not character.isascii()]
    lost = outside.count("\ufffd")
    if lost * 2 > len(outside):
        raise InputError(f"the page is said to be in {shown}, and is not; save it anew as UTF-8")
    return text, (f"{lost:,} characters are not {shown}, as the page is said to be: each is shown as \ufffd",)


def _inferred(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text in the encoding that the library infers from its letters."""
    for encoding in detect_encoding(data):
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
        return text, (f"the page does not say its encoding; by its letters it was read as {encoding}: look at its names before you rely on them",)
    raise InputError("the page does not say its encoding, and none fits; save it anew as UTF-8")
