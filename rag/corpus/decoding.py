"""Bytes into text: a byte-order mark decides, else UTF-8, else an encoding of one byte a letter, or Shift-JIS, where the text itself shows which.

A wrong letter is a wrong quote, and the libraries that guess always say
something. So a file is read where all that it could be in give the same
letters, or where in one of them alone its letters are one language's.
"""

import codecs
import re

from rag.errors import InputError

# of the letters in a Windows-1252 file, the most that may lie outside ASCII:
# Western European prose has under a tenth, Cyrillic or Greek read as Windows-1252 nearly all
_FOREIGN_SHARE = 0.25
# The systems before Windows, and languages of two bytes a letter, show by symbols inside words, capitals after small letters, and long runs.
_MISREAD = re.compile(r"[a-z](?:[ÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜŠŒŽŸˆ˜‚„†‡‰‹¤]|[“”¡-¬®-¶¸-¿][^\W\d_])|¤|[¡-ÿ]{4}")
# The letters outside ASCII of the languages that are written in each encoding.
_ALPHABETS = {
    "Windows-1252": "àâæçèéêëîïôœùûüÿ áéíñóúü àçèéíïòóúü àáâãçéêíóôõúü àèéìíîòóùú äöüß éëïóöü åäöé åæøé áæéíðóöúýþ".split(),
    "Windows-1250": (_LATIN2 := "áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž ąćęłńóśźż áéíóöőúüű âăîşţ ćčđšž äöüß".split()),
    "ISO-8859-2": _LATIN2,
    "Windows-1254": "âçğîıİöşûü".split(),
    "Windows-1257": "ąčęėįšųūž āčēģīķļņšūž äõöšüž".split(),
}
# In these, a character of Windows-1252 can be a letter of its own. Baltic texts show by so many that they are not taken for French.
_RIVALS = ("Windows-1250", "ISO-8859-2", "Windows-1254")
# Fewer different words may fit a wrong language by chance.
_EVIDENCE = 5
# In Shift-JIS, hiragana, katakana, and the kanji of everyday use (level 1 of JIS X 0208).
_EVERYDAY = (range(0x829F, 0x82F2), range(0x8340, 0x8397), range(0x889F, 0x9873))
# Of a text's different kanji and kana, the most that may be no everyday ones.
_RARE_SHARE = 0.2
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][¡-©¬®-´¶-¹¼-¿]|[¢-©¬®-´¶-¹¼-¾][^\W\d_]")


def _is_doubtful(byte: int) -> bool:
    """Whether a rival has another letter where Windows-1252 has what this byte is."""
    western = bytes([byte]).decode("Windows-1252", "replace")
    others = {bytes([byte]).decode(rival, "replace") for rival in _RIVALS}
    return western not in "«»\ufffd" and any(other.isalpha() and other != western for other in others)


_DOUBTFUL = [bytes([byte]).decode("Windows-1252") for byte in range(0x80, 0x100) if _is_doubtful(byte)]
_LETTERS = "".join(filter(str.isalpha, _DOUBTFUL))
# £ in "£10" is no letter, in "£ódź" it would be.
_SYMBOLS = re.escape("".join(c for c in _DOUBTFUL if not c.isalpha()))
_WORD = re.compile(rf"[\w{_SYMBOLS}]+")
_DOUBT = re.compile(rf"[{_LETTERS}]|(?<=[^\W\d_])[{_SYMBOLS}]|[{_SYMBOLS}](?=[^\W\d_])")


def decode(data: bytes, warnings: list[str] | None = None) -> str:
    """The text of a file; how its encoding was inferred, where it was, is added to `warnings`.

    Raises InputError for empty, binary and undecodable data.
    """
    if not data.strip():
        raise InputError("the file is empty")
    encoding = utf16(data)
    if encoding is None:
        if b"\0" in data:
            raise InputError("the file is binary, not text")
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            raise InputError(f"the file is UTF-8 but for byte {error.start}; mend it, or save it as UTF-8 anew") from None
        if encoding != "utf-8-sig":
            raise InputError("the file is not readable as UTF-16; save it as UTF-8") from None
        text = _inferred(data, [] if warnings is None else warnings)
    if "\0" in text:
        raise InputError("the file is binary, not text")
    return text


def utf16(data: bytes) -> str | None:
    """The UTF-16 that the data is in, by its mark or by where the zero bytes of its ASCII letters stand; None where it is in none."""
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


def _inferred(data: bytes, warnings: list[str]) -> str:
    western = data.decode("Windows-1252", errors="replace")
    doubtful = {word for word in _WORD.findall(western) if _DOUBT.search(word)}
    if not doubtful and _is_prose(western, "Windows-1252"):
        return western
    readings = {text: encoding for encoding in _ALPHABETS if (text := _in_one_language(data, encoding))}
    if len(doubtful) < _EVIDENCE:
        readings = {}
    if japanese := _japanese(data):
        readings[japanese] = "Shift-JIS"
    if len(readings) != 1:
        such = f": {min(doubtful)[:40]!r} may be meant otherwise" if doubtful else ""
        raise InputError(f"the file is not readable as UTF-8 or UTF-16, nor for certain as Windows-1252{such}; save it as UTF-8")
    ((text, encoding),) = readings.items()
    warnings.append(f"it is not UTF-8; by its letters it was read as {encoding}: look at its names before you rely on them")
    return text


def _japanese(data: bytes) -> str | None:
    """The text in Shift-JIS, as Windows has it, if its letters are then Japanese and stand beside each other; else None.

    Korean and Chinese have their everyday characters where Shift-JIS has katakana of half the width, or nothing,
    and the letters of Europe make kanji of a letter and the one after it, which stand alone.
    """
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return None
    # katakana of half the width, characters of nobody's, and what is no letter in Shift-JIS
    if re.search("[\x80-\xa0\uff61-\uff9f\ue000-\uf8ff]", text):
        return None
    # the letters of Europe are in Shift-JIS too, twice as wide
    letters = {c for c in set(text) if c.isalpha() and not c.isascii() and not "\uff21" <= c <= "\uff5a" and c not in "ー々"}
    everyday = {c for c in letters if any(int.from_bytes(c.encode("cp932")) in codes for codes in _EVERYDAY)}
    words = set(re.findall(f"[{''.join(everyday)}]{{2,}}", text)) if everyday else set()
    return text if len(words) >= _EVIDENCE and len(letters - everyday) <= _RARE_SHARE * len(letters) else None


def _in_one_language(data: bytes, encoding: str) -> str | None:
    """The text in this encoding, if all its letters are then those of one language; else None."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    letters = {c for c in text if c.isalpha() and not c.isascii()}
    fits = any(letters <= {*alphabet, *alphabet.upper()} for alphabet in _ALPHABETS[encoding])
    return text if fits and _is_prose(text, encoding) and not _SYMBOL_IN_WORD.search(text) else None


def _is_prose(text: str, encoding: str) -> bool:
    """Whether the text looks like words in a language of Latin letters, and not like those of another encoding."""
    if re.search("[\x80-\x9f\ufffd]", text) or (encoding == "Windows-1252" and _MISREAD.search(text)):
        return False
    letters = [c for c in text if c.isalpha() or not c.isascii()]
    return sum(not c.isascii() for c in letters) <= _FOREIGN_SHARE * len(letters)
