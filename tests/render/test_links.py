from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import render
from rag.types import Span
from tests.render.answers import texts, whole

PAGE = "https://example.org/a"


@pytest.mark.parametrize("url", [PAGE, "http://example.org:8080/a?b=c%20d&e=(f)#g", "https://[2001:db8::1]/a", "HTTPS://example.org"])
def test_an_http_address_is_safe_as_it_is(url):
    assert render.safe_url(url) == url


def test_what_no_uri_may_hold_is_percent_encoded():
    assert render.safe_url('https://example.org/Köln|"<a>`{b}^') == "https://example.org/K%C3%B6ln%7C%22%3Ca%3E%60%7Bb%7D%5E"


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org",
        "/a", "https://", "https:///a", "https://a b.example", "https://example.org/\u202egpj", "https://example.org\\@evil.example",
        "https://bank.example@evil.example/", "https://[::1", "https://example.org/\x00", "https://example.org/\ud800", "mailto:a@b.example",
    ],
)  # fmt: skip
def test_any_other_address_is_no_link(url):
    assert render.safe_url(url) is None


@given(st.text(), st.sampled_from(["", "https://", "http://example.org/"]))
def test_a_safe_address_is_plain_ascii_with_a_host(text, start):
    safe = render.safe_url(start + text)
    assert safe is None or (safe.isascii() and safe.isprintable() and not set(safe) & set(' <>"\\^`{|}') and safe.lower().startswith("http"))


def fragment(text, url=PAGE, **facts):
    return render.text_fragment(replace(whole(text, url=url), **facts))


def test_a_short_quote_is_named_whole():
    assert fragment("It cost 5-6%, a&b.") == f"{PAGE}#:~:text=It%20cost%205%2D6%25%2C%20a%26b."


def test_a_long_quote_is_named_by_its_ends():
    text = "The mayor of the town said that " + "very " * 20 + "many people had come to it."
    assert fragment(text) == f"{PAGE}#:~:text=The%20mayor%20of%20the%20town%20said,many%20people%20had%20come%20to%20it."


def test_so_is_one_of_several_lines_since_a_text_is_found_in_one_block_only():
    assert fragment("Two words\n\nthen  more") == f"{PAGE}#:~:text=Two%20words,then%20more"


def test_a_long_text_without_spaces_is_named_whole():
    assert unquote(fragment("\u6a4b" * 200)) == f"{PAGE}#:~:text={chr(0x6A4B) * 200}"


def test_the_quote_is_named_and_not_what_stands_around_it():
    assert fragment("Before. It is open. After.", span=Span(8, 19)) == f"{PAGE}#:~:text=It%20is%20open."


def test_a_lead_is_not_named_with_its_quote():
    assert fragment("Before. It is open. After.", span=Span(20, 26), lead=Span(0, 7)) == f"{PAGE}#:~:text=After."


@pytest.mark.parametrize(("given", "kept"), [("#part", "#part"), ("#", "#"), ("#part:~:text=old", "#part"), ("#:~:text=old", "#")])
def test_a_fragment_is_kept_and_an_older_directive_replaced(given, kept):
    assert fragment("Open.", url=PAGE + given) == f"{PAGE}{kept}:~:text=Open."


def test_without_a_safe_address_there_is_none():
    assert fragment("Open.", url=None) is None
    assert render.text_fragment(replace(whole("x"), article=replace(whole("x").article, url="javascript:x"))) is None


def test_white_space_alone_has_no_words_to_open_a_page_at():
    assert fragment("\xa0") is None


@given(texts.filter(str.strip))
def test_a_directive_holds_the_quotes_words_and_none_of_its_own_signs(text):
    directive = fragment(text).partition(":~:text=")[2]
    edges = [unquote(edge) for edge in directive.split(",")]
    words = " ".join(text.split())
    assert len(edges) in (1, 2)
    assert words.startswith(edges[0])
    assert words.endswith(edges[-1])
    assert not set(directive) & set("-&#\n ")


def led_to(link, page="https://desk.example/pullquote/"):
    """Where a link on the desk leads: its path, its fields and its fragment."""
    parts = urlsplit(urljoin(page, link))
    return parts.path, parse_qsl(parts.query, strict_parsing=True), parts.fragment


def test_an_article_has_an_address_that_any_id_fits_in():
    one = replace(whole("It is open.").article, id="a&b=c#d?é/../x y")
    assert led_to(render.article_link(one)) == ("/pullquote/article", [("id", one.id)], "")
    assert led_to(render.article_link(one, this_text=True))[1] == [("id", one.id), ("sha256", one.sha256)]


def test_an_address_of_words_says_of_which_text_they_are():
    one = whole("It is open.").article
    named = [("id", one.id), ("sha256", one.sha256)]
    assert led_to(render.article_link(one, Span(3, 5))) == ("/pullquote/article", [*named, ("start", "3"), ("end", "5")], "marked")
    assert led_to(render.article_link(one, Span(0, 2), Span(3, 5)))[1] == [*named, ("at", "0-2"), ("at", "3-5")]


@pytest.mark.parametrize("page", ["https://desk.example/", "https://desk.example/article?id=a#marked"])
def test_a_search_has_an_address_from_every_page_of_the_desk(page):
    assert led_to(render.find_link("Xi & “the” Bo#1"), page) == ("/", [("find", "Xi & “the” Bo#1")], "")
