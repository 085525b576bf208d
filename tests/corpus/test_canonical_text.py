import hashlib
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import article
from rag.corpus import canonical
from rag.corpus.canonical_text import documented
from rag.errors import InputError
from rag.types import NOTHING_TOLD, Kind, Part, Span

UNICODE = st.text(st.characters(exclude_categories=["Cs"]))


def test_line_ends_become_line_feeds_and_controls_go():
    assert canonical("a\r\nb\rc\u2028d\x0be\x00\x1b[31mf\tg") == "a\nb\nc\nd\ne[31mf\tg"


def test_punctuation_that_was_taken_for_controls_is_mended():
    assert canonical("The war of 1990\u00962000 wasn\u0092t over.") == "The war of 1990–2000 wasn’t over."


def test_composed_and_decomposed_letters_become_the_same():
    assert canonical("e\u0301") == canonical("\u00e9") == "\u00e9"


@given(UNICODE)
def test_canonical_text_stays_as_it_is(text):
    once = canonical(text)
    assert canonical(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in once)


def test_a_lone_surrogate_is_refused_with_its_place():
    with pytest.raises(InputError, match="lone surrogate at character 3"):
        canonical("abc\ud800")


def test_an_article_carries_the_digest_of_its_text():
    made = article("id", "  A \n title ", " Body. ", source="", url="https://example.org/a")
    assert (made.title, made.text, made.source, made.url) == ("A title", "Body.", None, "https://example.org/a")
    assert made.sha256 == hashlib.sha256(b"Body.").hexdigest()


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"text": " \n\x00"}, "has no text"),
        ({"id": " "}, "has no id"),
        ({"title": "\x07"}, "has no title"),
        ({"title": "x" * 501}, "title has 501 characters; the most is 500"),
        ({"published": "2022-10-19"}, "published is '2022-10-19'; give a datetime.date"),
        ({"published": datetime(2022, 10, 19, tzinfo=UTC)}, "published is datetime.datetime.*; give a datetime.date"),
        ({"url": "javascript:alert(1)"}, "is not an http or https address"),
        ({"url": "https://[broken"}, "is not an http or https address"),
        ({"url": "https://example.org/\u202e x"}, "is not an http or https address"),
    ],
)
def test_what_makes_no_article_is_refused_with_the_reason(facts, message):
    with pytest.raises(InputError, match=message):
        article(**{"id": "i", "title": "t", "text": "x", **facts})


@pytest.mark.parametrize("spans", [[(0, 7), (6, 15)], [(8, 15), (0, 7)], [(0, 16)]])
def test_parts_that_do_not_follow_each_other_in_the_text_are_refused(spans):
    parts = [Part(Span(*span), Kind.BODY) for span in spans]
    with pytest.raises(InputError, match="parts of the article do not follow each other"):
        documented(article("i", "t", "Opened. Closed."), NOTHING_TOLD, parts, None)
