import encodings
import pkgutil

import pytest

from rag.corpus.charsets import decode_as, decode_declared
from rag.errors import InputError

UNREAD = "rot13 rot_13 idna punycode unicode_escape raw_unicode_escape base64 hex zlib bz2 uu undefined utf-7 hz iso2022_kr"


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("ISO-8859-1", b"\x93caf\xe9\x94", "“café”"),
        ("KOI8-R", b"\xed\xcf\xd3\xd4", "Мост"),
        ('"windows-1251"', b"\xcc\xee\xf1\xf2", "Мост"),
        ("GB2312", "镕".encode("gbk"), "镕"),
        ("x-sjis", b"\x87\x40", "①"),
        ("utf-8", b"caf\xc3\xa9", "café"),
        ("us-ascii", b"caf\xc3\xa9", "café"),
        ("ANSI_X3.4-1968", b"cafe", "cafe"),
    ],
)
def test_encodings_are_known_by_the_names_that_mails_and_servers_give_them(charset, data, text):
    assert decode_as(data, charset) == text


@pytest.mark.parametrize("charset", ["x-none", "", "\0", "../x", "x" * 10_000, *UNREAD.split()])
def test_what_is_no_encoding_of_text_is_refused(charset):
    with pytest.raises(InputError, match="is not known"):
        decode_as(b"abc", charset)


def test_whatever_is_read_keeps_ascii_as_it_is():
    for module in pkgutil.iter_modules(encodings.__path__):
        try:
            assert decode_as(b"It opened, 2021.\n", module.name) == "It opened, 2021.\n" or module.name.startswith("utf_16")
        except InputError:
            continue


def test_bytes_that_are_not_what_they_are_said_to_be_are_refused_or_read_by_their_own_letters():
    with pytest.raises(InputError, match="is said to be in utf-8, but is not, from byte 3 on"):
        decode_as(b"caf\xe9", "utf-8")
    warnings = []
    assert decode_declared(b"caf\xe9", "utf-8", warnings) == "café"
    assert "not in utf-8, as it says" in warnings[0]
    # what shifts to Japanese letters is no text in ASCII
    with pytest.raises(InputError, match="is said to be in iso-2022-jp"):
        decode_declared(b"\x1b$B\x7f\x7f\x1b(B", "iso-2022-jp", warnings)
