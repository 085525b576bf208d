import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.decoding import decode
from rag.errors import InputError

TEXT = "The café’s owner said “no” – twice."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encodings_that_people_have(encoding):
    assert decode(TEXT.encode(encoding)) == TEXT


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1).filter(lambda text: text.strip(" \t\n\r\x0b\x0c"))
)
def test_utf_8_always_reads_as_utf_8(text):
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"%PDF-1.7\n\0\x01\x02 some text", "binary"),
        (b"\xff\xfe\0\0T\0\0\0", "binary"),  # UTF-32: its zeros are no characters of a text
        (b"\xff\xfeT", "not readable"),  # half a character
        ("Привет, как дела".encode("koi8-r"), "not readable"),
        ("ニュースの記事です。".encode("shift_jis"), "not readable"),
        ("Wałęsa powiedział, że związek".encode("cp1250"), "not readable"),
        ("the minister’s aide said “no”".encode("mac-roman"), "not readable"),
        (("it’s €54 million " * 3).encode() + b"caf\xe9", "UTF-8 but for byte 66"),
        (b"text \x81\x8d", "not readable"),  # bytes that Windows-1252 leaves undefined
    ],
)
def test_what_cannot_be_read_for_certain_is_refused(data, reason):
    with pytest.raises(InputError, match=reason):
        decode(data)
