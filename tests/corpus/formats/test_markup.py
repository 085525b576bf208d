"""What is shown of HTML and XHTML: all of it, in its order, each block with its place."""

import pytest

from rag.corpus.formats.markup import parse, pieces
from rag.errors import InputError

TOWNS = "<table><tr><th>Town<th>Founded"
XHTML = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'


def shown(markup):
    return [(piece.text, piece.kind) for piece in pieces(parse(markup))]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>The ferry <b>left</b>\n  the<i>\nharbour</i>.</p>after<p>The end", ["The ferry left the harbour.", "after", "The end"]),
        ("<p>One<br>two <br/> three<wbr>four", ["One\ntwo\nthreefour"]),
        ("<pre>  a\n   b</pre><p>c", ["a\n   b", "c"]),
        ("<div>a<p>b</p>c<div><div>d</div></div></div>", ["a", "b", "c", "d"]),
        ("<ul><li>a<li>b<ol><li>c</ol>d</ul><dl><dt>e<dd>f</dl><blockquote>g</blockquote>", list("abcdefg")),
        ("<p>a<!-- b -->c<?d?>e<script>f</script>g<style>h</style><template><p>i</template>", ["aceg"]),
        ("<p hidden>a</p><p style='Display : none'>b</p><div style='mso-hide:all'><p>c</div><p>d", ["d"]),
        ("<p>a&nbsp;b&shy;c&euro;<p>&nbsp;<p>&zwnj;&nbsp;&#847;", ["a\xa0b\xadc€"]),
        ("<p>He said <q>no</q>.", ["He said “no”."]),
        ("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字</ruby>", ["漢字"]),
        ("<p>He said so.<sup><a role='doc-noteref'>1</a></sup> She did.<a epub:type='noteref other'>2</a>", ["He said so. She did."]),
        (XHTML.format("<p xmlns:e='http://www.idpf.org/2007/ops'>So.<a e:type='noteref'>1</a> No.<a role='doc-backlink'>↩</a></p>"), ["So. No."]),
        ("plain words", ["plain words"]),
        (XHTML.format("<p>a&nbsp;b<a id='x'/>c&amp;d</p><![CDATA[e]]>"), ["a\xa0bc&d", "e"]),
        (XHTML.format("<p>unclosed<p>&own;"), ["unclosed", "&own;"]),
        ("<?xml version='1.0'?><!DOCTYPE html [<!ENTITY own SYSTEM 'a.txt'>]><html><body><p>a&own;b</p></body></html>", ["a&own;b"]),
        ("<svg><title>a</title><text>b</text><text>c</text></svg>", ["b", "c"]),
    ],
)
def test_visible_blocks_stand_in_their_order(markup, text):
    assert shown(markup) == [(words, "body") for words in text]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"{TOWNS}<tr><td>Orrin<td>1540<tr><td>Tarn<td>", ["Town: Orrin, Founded: 1540.", "Town: Tarn."]),
        ("<table><tr><td>Orrin<td>1540<br>or so!", ["Orrin, 1540 or so!"]),
        (TOWNS, ["Town, Founded."]),
        ("<table><thead><tr><td>a<td colspan=2>b<tr><td><td>c<td>d<tbody><tr><td>1<td>2<td>3", ["a: 1, b c: 2, b d: 3."]),
        (f"{TOWNS}<tr><td rowspan=2>Orrin<td>1540<tr><td>1541", ["Town: Orrin, Founded: 1540.", "Town: Orrin, Founded: 1541."]),
        (f"{TOWNS}<tr><td><p>Orrin<p>and Tarn<td><ul><li>1540<li>1312</ul>", ["Town: Orrin and Tarn, Founded: 1540 1312."]),
        (f"<table><tr><th>{'long ' * 70}<th>b<tr><td>1<td>2", [f"{('long ' * 70).strip()}, b.", "1, 2."]),
        (f"{TOWNS}<tr hidden><td>a<td>b<tr><td>c<td>d", ["Town: c, Founded: d."]),
    ],
)
def test_a_row_of_facts_is_one_sentence(markup, text):
    assert shown(markup) == [(words, "table row") for words in text]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<table role=presentation><tr><td>a<td>b", ["a", "b"]),
        ("<table><tr><td><p>a<p>b", ["a", "b"]),
        ("<table><tr><td><table><tr><td>a</table><td>b", ["a", "b"]),
        ("<table><tr><td>&nbsp;<td>a<td>", ["a"]),
        (f"{TOWNS}<tr><td colspan=2>North<tr><td>{'a' * 600}<td>b", ["North", "a" * 600, "b"]),
    ],
)
def test_of_a_table_that_lays_out_a_page_the_blocks_stand_by_themselves(markup, text):
    assert [(words, kind) for words, kind in shown(markup) if kind != "table row"] == [(words, "body") for words in text]


def test_headings_captions_and_lists_of_links_are_marked():
    markup = "<nav><h2>a</h2></nav><h1>b</h1><h6>c<small>d</small></h6><figure><img alt=x><figcaption><p>e</figcaption></figure>"
    markup += "<table><caption>f</caption><tr><td>g<td>h</table>"
    kinds = ["related", "heading", "heading", "caption", "caption", "table row"]
    assert shown(markup) == list(zip(["a", "b", "cd", "e", "f", "g, h."], kinds, strict=True))


def test_each_place_is_an_xpath_to_the_words():
    root = parse("<p>a<p>b<i><o:p>c</o:p></i><div>d<x.y><p hidden>n</p><p>e</p></x.y><table><tr><td>f<td>g</table>h</div>")
    found = list(pieces(root))
    assert [piece.text for piece in found] == ["a", "bc", "d", "e", "f, g.", "h"]
    for piece in found:
        (element,) = root.xpath(piece.place)
        assert piece.text.replace(", ", "").rstrip(".") in "".join(element.itertext())
    assert next(pieces(root.find("body/div"))).place == "/html/body/div"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>Café".encode(), "Café"),
        ("\ufeff<p>Café".encode(), "Café"),
        ("<p>Café".encode("utf-16"), "Café"),
        ("<meta charset=koi8-r><p>Привет".encode("koi8-r"), "Привет"),
        ("<meta http-equiv=content-type content='text/html; charset=iso-8859-1'><p>“Café”".encode("cp1252"), "“Café”"),
        ("<?xml version='1.0' encoding='Shift_JIS'?><p>日本".encode("shift_jis"), "日本"),
        ("<meta charset=no-such><p>Café".encode(), "Café"),
        ("<meta charset=utf-16le><p>Café".encode(), "Café"),
        ("<meta charset=hex><p>Café".encode(), "Café"),
    ],
)
def test_bytes_are_in_the_encoding_that_they_declare(data, text):
    assert [words for words, _ in shown(data)] == [text]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<div>" * 100_000 + "a", "nested too deeply"),
        (XHTML.format("<i>" * 100_000), "nested too deeply"),
        ("<!-- a -->", "no element"),
        (b" ", "empty"),
    ],
)
def test_what_holds_no_text_or_hides_it_is_refused(markup, reason):
    with pytest.raises(InputError, match=reason):
        parse(markup)


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    (tmp_path / "secret").write_text("secret")
    own = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
    doctype = f"<?xml version='1.0'?><!DOCTYPE html [<!ENTITY e0 'ha'>{own}<!ENTITY s SYSTEM '{(tmp_path / 'secret').as_uri()}'>]>"
    text = "".join(words for words, _ in shown(f"{doctype}<html><body><p>a &e9; b &s; c</p></body></html>"))
    assert "haha" not in text
    assert "secret" not in text
