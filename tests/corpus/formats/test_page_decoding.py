import pytest

from rag.corpus.formats.page_decoding import decode_page
from rag.errors import InputError

WORDS = "Žluťoučký kůň úpěl ďábelské ódy, jak řekl starosta."


def declaring(charset, said=WORDS):
    return f'<html><head><meta charset="{charset}"></head><body><p>{said}</p></body></html>'


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (declaring("utf-8").encode(), None),
        (declaring("iso-8859-1").encode(), None),
        (declaring("windows-1250").encode("cp1250"), None),
        (declaring("ISO-8859-2").encode("iso-8859-2"), None),
        (declaring("x").encode("cp1250"), "windows-1250"),
        (declaring("utf-8").encode("utf-8-sig"), "windows-1250"),
        (declaring("utf-8").encode("utf-16"), None),
        (declaring("utf-16").encode("utf-16-le"), None),
        (declaring("utf-16").encode(), None),
        (f'<?xml version="1.0" encoding="windows-1250"?><html><body><p>{WORDS}</p></body></html>'.encode("cp1250"), None),
        (f'<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1250"><p>{WORDS}'.encode("cp1250"), None),
    ],
)
def test_the_letters_are_those_that_were_written(data, charset):
    text, warnings = decode_page(data, charset)
    assert WORDS in text
    assert not warnings


@pytest.mark.parametrize(
    ("label", "encoding", "said"),
    [
        ("iso-8859-1", "cp1252", "“Quoted” – as browsers read it"),
        ("us-ascii", "cp1252", "Café"),
        ("shift_jis", "cp932", "橋が開通した①"),
        ("gb2312", "gb18030", "橋開通了"),
        ("euc-kr", "cp949", "다리가 열렸다 똠"),
        ("koi8-r", "koi8-r", "Мост открыт"),
        ("iso-2022-jp", "iso-2022-jp", "橋が開通した"),
        ("big5", "big5", "橋開通了"),
    ],
)
def test_an_encoding_is_what_browsers_take_its_name_for(label, encoding, said):
    assert said in decode_page(declaring(label, said).encode(encoding))[0]


def test_a_few_bytes_outside_of_the_encoding_are_shown_as_such_and_told():
    text, warnings = decode_page(declaring("utf-8").encode() + b"caf\xe9")
    assert text.endswith("caf\ufffd")
    assert warnings == ("1 characters are not UTF-8, as the page is said to be: each is shown as \ufffd",)


def test_a_wrong_declaration_is_refused():
    with pytest.raises(InputError, match="said to be in UTF-8, and is not"):
        decode_page(declaring("utf-8").encode("cp1250"))


def test_letters_without_a_declaration_are_inferred_and_told():
    text, warnings = decode_page(f"<html><body><p>{'Мост через реку открыли в понедельник, сказал мэр города. ' * 20}".encode("cp1251"))
    assert "Мост через реку" in text
    assert "by its letters it was read as cp1251" in warnings[0]
