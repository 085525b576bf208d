"""Bytes into text by the name of an encoding that a mail, a server or a feed gives: no wrong letter, or none at all."""

import codecs

from rag.corpus.decoding import decode
from rag.errors import InputError

# Python's name of an encoding, and the one it is read as: the larger one that Windows and the web use under that name.
_READ_AS = {name: name for name in "utf-8 utf-16 utf-16-le utf-16-be gb18030 big5hkscs euc_jp koi8-r koi8-u cp866 mac-roman mac-cyrillic".split()}
_READ_AS |= {f"iso8859-{part}": f"iso8859-{part}" for part in (*range(2, 9), 10, *range(13, 17))}
_READ_AS |= {f"cp{page}": f"cp{page}" for page in (437, 850, 852, 855, 862, 874, 932, 949, 950, *range(1250, 1259))}
_READ_AS |= {
    "ascii": "utf-8",
    "utf-8-sig": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
}
# Names in use that Python does not know.
_ALSO = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso8859-8",
}


def decode_as(data: bytes, charset: str) -> str:
    """The text of bytes that are said to be in `charset`, whose name may be written in any way that Python knows.

    Raises InputError for an encoding that is not known, and for bytes that are none in it.
    """
    encoding = encoding_of(charset)
    if encoding is None:
        raise InputError(f"its encoding, {charset[:40]!r}, is not known; save it as UTF-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"it is said to be in {charset[:40]}, but is not, from byte {error.start} on; save it as UTF-8") from None


def decode_declared(data: bytes, charset: str, warnings: list[str]) -> str:
    """The text of bytes that are said to be in `charset`, and are read by their own letters where they are not; then `warnings` says so.

    Raises InputError for an encoding that is not known, and where the letters are not certain.
    """
    try:
        return decode_as(data, charset)
    except InputError:
        # among seven bits may be the signs by which some encodings change to another alphabet
        if data.isascii() or encoding_of(charset) is None:
            raise
    text = decode(data, warnings)
    warnings.append(f"it is not in {charset[:40]}, as it says, and was read by its own letters")
    return text


def encoding_of(charset: str) -> str | None:
    """Python's name of the encoding that bytes are read in that are said to be in `charset`; None where that is not known."""
    name = charset.strip("\"' \t").lower()
    try:
        return _READ_AS.get(codecs.lookup(_ALSO.get(name, name)).name)
    # a file of Python's by that name is looked for, and none can be opened in the process that reads documents
    except (LookupError, OSError, ValueError):
        return None


def encoding_declared(label: str) -> str | None:
    """The same of a document that declares it itself.

    Whoever can read the declaration does not read UTF-16, and browsers take ASCII for Windows-1252.
    """
    encoding = encoding_of(label)
    if encoding == "utf-8" and codecs.lookup(label.strip("\"' \t")).name == "ascii":
        return "cp1252"
    return "utf-8" if encoding and encoding.startswith("utf-16") else encoding
