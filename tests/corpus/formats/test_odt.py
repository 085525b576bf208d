"""OpenDocument texts: real ones, whose text was written down after looking at their XML, and ones made here for what these lack."""

import io
import zipfile
from pathlib import Path

import pytest

from rag.corpus.formats.odt import read
from rag.errors import InputError

REAL = Path("../shared/data/formats/odt")
NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
    ]
)
STYLES = """<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Illustration"/>
<style:style style:name="Hidden" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="Bold" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Illustration" style:family="paragraph" style:parent-style-name="Caption"/>"""


def odt(body, meta="", manifest="", kind="text"):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        content = f"<office:automatic-styles>{STYLES}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
        package.writestr("content.xml", f"<office:document-content {NAMES}>{content}</office:document-content>")
        dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
        package.writestr("meta.xml", f"<office:document-meta {NAMES} {dc}><office:meta>{meta}</office:meta></office:document-meta>")
        package.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return made.getvalue()


def blocks(data):
    (draft,) = read(data, "a.odt")
    return [(part.span.of(draft.text), part.kind, part.place) for part in draft.parts]


def cells(*texts):
    return "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)


def told(draft):
    return {name: (fact.value, fact.told_by) for name in ("title", "author", "language", "published") if (fact := getattr(draft.facts, name))}


OWN, OF_FILE = "header", "document properties"
AUTHOR = ("Cesar Berrospi Ramis", OF_FILE)
# file: characters, blocks, first words, last words, what it tells
EXPECTED = {
    "text_document_01.odt": (1753, 17, "Title\n\nSubtitle\n\nheading level 1.0\n\nLorem Ipsum", "X2 + Y2 = Z", {"title": ("Title", OWN)}),
    "text_document_02.odt": (454, 7, "Title\n\nheading level 1.0", "Cell 1.7.\n\nMerged cell 2x2, Merged column.", {"title": ("Title", OWN)}),
    "text_document_03.odt": (
        1195, 37, "Table with rich cells\n\nColumn A, Column B.", "Regular text in second cell",
        {"title": ("Table with rich cells", OWN), "author": AUTHOR},
    ),
}  # fmt: skip


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
@pytest.mark.parametrize("name", EXPECTED)
def test_real_documents_have_their_text_and_what_they_tell(name):
    characters, count, first, last, facts = EXPECTED[name]
    (draft,) = read((REAL / name).read_bytes(), name)
    assert (len(draft.text), len(draft.parts)) == (characters, count)
    assert draft.text.startswith(first)
    assert draft.text.endswith(last)
    assert told(draft) == facts
    assert all(part.place.startswith("paragraph ") for part in draft.parts)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d<text:soft-page-break/>e</text:p>", ["a b c\nde"]),
        ("<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p>a<text:change-start/> b<text:change-end/></text:p>", ["a b"]),
        ("<text:p>a<office:annotation><text:p>gone</text:p></office:annotation>b<office:annotation-end/>c</text:p>", ["abc"]),
        ("<text:p><text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby>字</text:p>", ["漢字"]),
        ("<text:p>a<text:span text:style-name='Hidden'>x</text:span>b</text:p><text:p text:style-name='Hidden'>y</text:p>", ["ab"]),
        ("<text:list><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p></text:list-item></text:list>", ["a", "b"]),
        ("<text:p>a<draw:frame><title>x</title><draw:text-box><text:p>c</text:p></draw:text-box></draw:frame>b</text:p>", ["ab", "c"]),
        ("<text:section text:display='none'><text:p>gone</text:p></text:section><text:p>a</text:p>", ["a"]),
        ("<text:p>a<text:hidden-text text:is-hidden='true'>x</text:hidden-text>b</text:p>", ["ab"]),
        ("<text:p>The <text:title>article</text:title> here</text:p>", ["The article here"]),
    ],
)  # fmt: skip
def test_the_text_is_what_the_last_editor_left(body, shown):
    missing = "</text:list-item></text:list>" if body.count("<text:list>") > body.count("</text:list>") else ""
    assert [text for text, _, _ in blocks(odt(body + missing))] == shown


def test_blocks_are_marked_and_know_their_paragraph():
    body = "<text:p text:style-name='P1'>One</text:p><text:h text:outline-level='12'>Two</text:h><text:p/><text:p text:style-name='P2'>Three</text:p>"
    body += "<text:table-of-content><text:table-of-content-source><text:index-title-template>gone</text:index-title-template>"
    body += "</text:table-of-content-source><text:index-body><text:p>Two 1</text:p></text:index-body></text:table-of-content>"
    head, row = (f"<table:table-row>{cells(*texts)}</table:table-row>" for texts in (("Town", "Founded"), ("Orrin", "1540")))
    body += f"<table:table><table:table-header-rows>{head}</table:table-header-rows>{row}</table:table>"
    note = (
        "<text:note text:note-class='{}'><text:note-citation>1</text:note-citation><text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    )
    body += f"<text:p>A{note.format('endnote', 'end')} B{note.format('footnote', 'foot')}.</text:p>"
    kinds = [
        ("One", "heading", "paragraph 1"),
        ("Two", "heading", "paragraph 2"),
        ("Three", "caption", "paragraph 4"),
        ("Two 1", "related", "paragraph 5"),
    ]
    kinds += [("Town: Orrin, Founded: 1540.", "table row", "paragraph 8"), ("A B.", "body", "paragraph 10")]
    assert blocks(odt(body)) == [*kinds, ("end", "body", "endnote 1"), ("foot", "body", "footnote 1")]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("Table_20_Heading", ["Town: Orrin, Founded: 1540."]),
        ("Bold", ["Town: Orrin, Founded: 1540."]),
        ("Standard", ["Town, Founded.", "Orrin, 1540."]),
    ],
)
def test_a_first_row_that_alone_is_set_off_has_the_heads(style, shown):
    head, row = (f"<table:table-row>{cells(*texts)}</table:table-row>" for texts in (("Town", "Founded"), ("Orrin", "1540")))
    head = head.replace("<text:p>", f"<text:p text:style-name='{style}'>")
    assert [text for text, _, _ in blocks(odt(f"<table:table>{head}{row}</table:table>"))] == shown


@pytest.mark.parametrize(
    ("meta", "facts"),
    [
        (
            "<dc:title>Harbour</dc:title><dc:creator>Z</dc:creator><meta:initial-creator>First</meta:initial-creator><dc:language>en-GB</dc:language>",
            {"title": ("Harbour", OF_FILE), "author": ("First", OF_FILE), "language": ("en", OF_FILE)},
        ),
        ("<dc:title/><dc:creator>Last</dc:creator><dc:date>2026-06-08T10:53:00Z</dc:date>", {"title": ("Head", OWN), "author": ("Last", OF_FILE)}),
    ],
)
def test_properties_tell_what_people_wrote(meta, facts):
    (draft,) = read(odt("<text:h>Head</text:h>", meta), "a.odt")
    assert told(draft) == facts


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (odt("<text:p/>"), "no text"),
        (odt("<text:p>a</text:p>", manifest="<encryption-data/>"), "password-protected"),
        (odt("<table:table/>", kind="spreadsheet"), "no text document"),
        (odt("<text:p>a</text:p>")[:400], "damaged or not complete"),
        (odt("<text:section>" * 3_000), "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data, reason):
    with pytest.raises(InputError, match=reason):
        list(read(data, "a.odt"))
