"""Word documents: real ones, whose text was written down after looking at their XML, and ones made here for what these lack."""

import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from rag.corpus.formats.docx import read
from rag.errors import InputError

REAL = Path("../shared/data/formats/docx")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OTHERS = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
CORE = '<core xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">{}<t:created>2021-11-14T22:00:00Z</t:created></core>'
LATE = '<tr><trPr><gridBefore val="1"/></trPr>'
OFF = '<vanish val="0"/>'
STYLES = (
    '<style type="paragraph" styleId="berschrift1"><name val="heading 1"/></style>'
    '<style type="paragraph" styleId="Own"><name val="House head"/><basedOn val="berschrift1"/></style>'
    '<style type="paragraph" styleId="Loop"><name val="loop"/><basedOn val="Loop"/></style>'
    '<style type="paragraph" styleId="Cap"><name val="caption"/></style>'
    '<style type="paragraph" styleId="Toc"><name val="toc 1"/></style>'
    '<style type="table" styleId="Grid"><tblStylePr type="firstRow"><rPr><b/></rPr></tblStylePr></style>'
)


def docx(body, *, core="", **parts):
    """A Word document; `parts` are more of its XML, by the part's name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f'<document xmlns="{W}" {OTHERS}><body>{body}</body></document>')
        package.writestr("word/styles.xml", f'<styles xmlns="{W}">{STYLES}</styles>')
        package.writestr("docProps/core.xml", CORE.format(core))
        for name, xml in parts.items():
            package.writestr(f"word/{name}.xml", f'<{name} xmlns="{W}">{xml}</{name}>')
    return made.getvalue()


def p(text, style=""):
    return f'<p><pPr><pStyle val="{style}"/></pPr>{r(text)}</p>' if style else f"<p>{r(text)}</p>"


def r(text, properties=""):
    return f'<r><rPr>{properties}</rPr><t xml:space="preserve">{text}</t></r>'


def table(*rows, properties=""):
    cells = ["".join(cell if cell.startswith("<") else f"<tc>{p(cell)}</tc>" for cell in row) for row in rows]
    return f"<tbl><tblPr>{properties}</tblPr>{''.join(f'<tr>{row}</tr>' for row in cells)}</tbl>"


def blocks(data):
    (draft,) = read(data, "a.docx")
    return [(part.span.of(draft.text), part.kind, part.place) for part in draft.parts]


def texts(data):
    return [text for text, _, _ in blocks(data)]


def facts(draft):
    return {name: (fact.value, fact.told_by) for name in ("title", "author", "language") if (fact := getattr(draft.facts, name))}


OWN, OF_FILE = "header", "document properties"
# file: characters, blocks, first words, last words, title, author
EXPECTED = {
    "Strict.docx": (9, 1, "Some text", "Some text", None, "Cragun, Randy"),
    "Transitional.docx": (9, 1, "Some text", "Some text", None, "Cragun, Randy"),
    "docx_comments.docx": (237, 5, "Document with Comments", "This paragraph has an anonymous comment.", ("Document with Comments", OWN), None),
    "docx_lists.docx": (1412, 65, "Test Document", "labeled tins along the lower shelf.", ("Test Document", OWN), "Peter Staar"),
    "docx_page_header_footer_first_page.docx": (
        293, 5, "Page header/footer regression fixture", "This is body text on page 2.", ("Page header/footer regression fixture", OWN), None,
    ),
    "docx_rich_tables_01.docx": (13479, 54, "Changes to the DOCLANG Core Spec", "Clause 9.3.1.", None, None),
    "lorem_ipsum.docx": (3486, 5, "Lorem ipsum dolor sit amet, consectetur", "", None, "Maxim Lysak"),
    "tablecell.docx": (94, 7, "Hello world1", "Some text after", None, "Maxim Lysak"),
    "test_with_comment.docx": (
        4470, 14, "AutoGen: Enabling Next-Gen LLM", "24, 25, 26, 27, 28, 29.",
        ("AutoGen: Enabling Next-Gen LLM Applications via Multi-Agent Conversation", OWN), "Adam Fourney",
    ),
    "textbox.docx": (1895, 22, "Chiayi County Shuishang Township Nanjing", "No", ("傳染病通報作業流程", OF_FILE), "吳麗招"),
    "unit_test_headers.docx": (342, 22, "Test Document", "Paragraph 2.1.2", ("Test Document", OWN), "Peter Staar"),
    "word_tables.docx": (1478, 25, "Test with tables", "Header 0.1, Merged Cell 0.2 1.2.", ("Test with tables", OWN), "Cesar Berrospi Ramis"),
}  # fmt: skip


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
@pytest.mark.parametrize("name", EXPECTED)
def test_real_documents_have_their_text_and_what_they_tell(name):
    characters, count, first, last, title, author = EXPECTED[name]
    (draft,) = read((REAL / name).read_bytes(), name)
    assert (len(draft.text), len(draft.parts), draft.warnings) == (characters, count, ())
    assert draft.text.startswith(first)
    assert draft.text.endswith(last)
    told = {"title": title, "author": author and (author, OF_FILE), "language": ("en", OF_FILE) if name == "test_with_comment.docx" else None}
    assert facts(draft) == {fact: said for fact, said in told.items() if said}
    assert draft.facts.published is None
    assert all(re.fullmatch(r"paragraph \d+", part.place) for part in draft.parts)


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
@pytest.mark.parametrize("name", EXPECTED)
def test_real_documents_have_the_words_that_another_program_finds(name):
    mammoth = pytest.importorskip("mammoth")
    data = (REAL / name).read_bytes()
    words = Counter(re.findall(r"\w+", mammoth.extract_raw_text(io.BytesIO(data)).value))
    ours = Counter(re.findall(r"\w+", next(read(data, name)).text))
    assert not words - ours
    # heads of tables and cells that reach down are said in each row
    assert name in ("docx_rich_tables_01.docx", "word_tables.docx") or not ours - words


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
def test_rows_of_a_real_table_have_their_heads():
    rows = [text for text, kind, _ in blocks((REAL / "word_tables.docx").read_bytes()) if kind == "table row"]
    assert rows[:2] == [
        "Header 0.0: Cell 1.0, Header 0.1: Cell 1.1, Header 0.2: Cell 1.2.",
        "Header 0.0: Cell 2.0, Header 0.1: Cell 2.1, Header 0.2: Cell 2.2.",
    ]
    assert "Header 0.0: Cell 2.0, Header 0.1: Merged Cell 1.1 2.1, Header 0.2: Cell 2.2." in rows
    assert "Header 0.1: Cell 1.1." in rows


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (f"<p>{r('The city ')}<ins>{r('council ')}</ins><del><r><delText>board </delText></r></del>{r('met.')}</p>", ["The city council met."]),
        (f"<p><moveFrom>{r('a')}</moveFrom><moveTo>{r('b')}</moveTo></p>", ["b"]),
        (f"<p><pPr><rPr><del/></rPr></pPr>{r('a ')}</p>{p('b')}", ["a b"]),
        (f"<p>{r('a')}{r('hidden', '<vanish/>')}{r('b', OFF)}</p>", ["ab"]),
        (f"<p>{r('Figure ')}<fldSimple>{r('3')}</fldSimple></p>", ["Figure 3"]),
        (f"<p><r><fldChar/><instrText> PAGE </instrText></r>{r('3')}</p>", ["3"]),
        (f"<p><hyperlink>{r('a')}</hyperlink><smartTag>{r('b')}</smartTag><bdo><dir>{r('c')}</dir></bdo></p>", ["abc"]),
        ("<p><r><ruby><rt><r><t>kan</t></r></rt><rubyBase><r><t>漢</t></r></rubyBase></ruby></r></p>", ["漢"]),
        ("<p><m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></p>", ["x2"]),
        ("<p><pPr><tabs><tab/></tabs></pPr>\n  <r>\n<t>a</t><tab/><t>b</t><br/><t>c</t></r>\n<r><t>d</t></r></p>", ["a b\ncd"]),
        ("<p><r><t>a</t><br type='page'/><cr/><t>b</t><noBreakHyphen/><t>c</t><softHyphen/><t>d</t></r></p>", ["a\nb\u2011c\xadd"]),
        ("<p><r><t>5 </t><sym font='Symbol' char='F06D'/><t>m</t><sym font='Arial' char='20AC'/></r></p>", ["5 μm€"]),
        ("<p><r><t>a</t><sym font='Wingdings' char='F04A'/><sym/></r></p>", ["a\ufffd\ufffd"]),
        (f"<sdt><sdtPr><showingPlcHdr/></sdtPr><sdtContent>{p('Click here')}</sdtContent></sdt><sdt><sdtContent>{p('a')}</sdtContent></sdt>", ["a"]),
        (f"<p>{r('a')}<r><drawing><txbxContent>{p('b')}{p('c')}</txbxContent></drawing></r>{r('d')}</p>{p('e')}", ["ad", "b", "c", "e"]),
        (f"<p><mc:AlternateContent><mc:Choice><drawing/></mc:Choice><mc:Fallback>{r('😊')}</mc:Fallback></mc:AlternateContent></p>", ["😊"]),
    ],
)  # fmt: skip
def test_the_text_is_what_the_last_editor_left(body, shown):
    assert texts(docx(body)) == shown


@pytest.mark.parametrize(
    ("made", "rows"),
    [
        (table(["Town", "Founded"], ["Orrin", "1540"]), ["Town, Founded.", "Orrin, 1540."]),
        (
            table(["Town", "Founded"], ["Orrin", "1540"]).replace("<tr>", "<tr><trPr><tblHeader/></trPr>", 1),
            ["Town: Orrin, Founded: 1540."],
        ),
        (
            table(["Town", "Founded"], ["Orrin", "1540"], properties='<tblStyle val="Grid"/><tblLook val="04A0"/>'),
            ["Town: Orrin, Founded: 1540."],
        ),
        (
            table(["Town", "Founded"], ["Orrin", "1540"], properties='<tblStyle val="Grid"/><tblLook val="0400"/>'),
            ["Town, Founded.", "Orrin, 1540."],
        ),
        (
            table([f"<tc><p>{r(head, '<b/>')}</p></tc>" for head in ("Town", "Founded")], ["Orrin", "1540"]),
            ["Town: Orrin, Founded: 1540."],
        ),
        (
            table(["Founded"], ["Orrin", "1540"], properties='<tblStyle val="Grid"/><tblLook val="0020"/>').replace("<tr>", LATE, 1),
            ["Orrin, Founded: 1540."],
        ),
        (table(["a", "b"]) + table([f"<sdt><sdtContent><tc>{p('c')}</tc></sdtContent></sdt>", "d"]), ["a, b.", "c, d."]),
        (table(["a", "b"]).replace("<tr>", "<tr><trPr><del/></trPr>") + table(["c", "d"]), ["c, d."]),
    ],
)
def test_a_row_has_heads_where_the_document_sets_them_off(made, rows):
    assert [text for text, kind, _ in blocks(docx(made)) if kind == "table row"] == rows


def test_blocks_are_marked_by_their_styles_and_know_their_paragraph():
    body = p("One", "berschrift1") + p("Two", "Own") + "<p/>" + p("Three", "Loop") + p("Four", "Cap") + p("Five ... 3", "Toc") + p("Six", "Heading 2")
    body += f'<p><pPr><outlineLvl val="2"/></pPr>{r("Seven")}</p>' + table(["a", "b"], ["c", "d"]) + p("End")
    kinds = [("One", "heading", 1), ("Two", "heading", 2), ("Three", "body", 4), ("Four", "caption", 5), ("Five ... 3", "related", 6)]
    kinds += [("Six", "heading", 7), ("Seven", "heading", 8), ("a, b.", "table row", 9), ("c, d.", "table row", 11), ("End", "body", 13)]
    assert blocks(docx(body)) == [(text, kind, f"paragraph {number}") for text, kind, number in kinds]


def test_notes_stand_at_the_end_in_the_order_of_the_text_and_comments_nowhere():
    def note(kind, number, text):
        return f'<{kind} id="{number}"><p><r><{kind}Ref/></r>{r(text)}</p></{kind}>'

    body = f'<p>{r("One")}<r><endnoteReference id="4"/></r>{r(" two")}<r><footnoteReference id="2"/></r>{r(".")}'
    body += '<r><commentReference id="0"/></r><del><r><footnoteReference id="3"/></r></del></p>'
    made = docx(
        body,
        footnotes=note("footnote", 3, "deleted") + note("footnote", 2, "foot"),
        endnotes=note("endnote", 4, "end"),
        comments=f"<comment>{p('no')}</comment>",
        header1=p("Page"),
    )
    assert blocks(made) == [("One two.", "body", "paragraph 1"), ("end", "body", "endnote 1"), ("foot", "body", "footnote 1")]


def test_a_strict_document_reads_as_a_transitional_one():
    with zipfile.ZipFile(io.BytesIO(docx(p("One", "Own") + table(["a", "b"])))) as package:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as strict:
            for name in package.namelist():
                strict.writestr(name, package.read(name).decode().replace(W, STRICT))
    assert blocks(made.getvalue()) == [("One", "heading", "paragraph 1"), ("a, b.", "table row", "paragraph 2")]


@pytest.mark.parametrize(
    ("core", "told"),
    [
        (
            "<dc:title> The  harbour </dc:title><dc:creator>Desk One</dc:creator>",
            {"title": ("The harbour", OF_FILE), "author": ("Desk One", OF_FILE)},
        ),
        ("<dc:title/><dc:creator>Microsoft Office User</dc:creator>", {"title": ("Head", OWN)}),
        ("<dc:title>Untitled</dc:title><dc:language>de-AT</dc:language>", {"title": ("Head", OWN), "language": ("de", OF_FILE)}),
        (f"<dc:title>{'a' * 501}</dc:title><dc:language>deu</dc:language>", {"title": ("Head", OWN)}),
    ],
)
def test_properties_tell_what_people_wrote(core, told):
    (draft,) = read(docx(p("Before") + p("Head", "Own"), core=core), "a.docx")
    assert facts(draft) == told


def test_what_was_not_read_is_told():
    (draft,) = read(docx(p("a") + '<altChunk/><p><r><sym font="Webdings" char="F021"/></r></p>'), "a.docx")
    assert [warning.split()[:3] for warning in draft.warnings] == [["a", "document", "of"], ["characters", "of", "a"]]


def bomb(name, size):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, b" " * size)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx("<p/><p><r><drawing/></r></p>"), "no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password or is of Word before 2007"),
        (b"PK\x03\x04 and no more", "damaged or not complete"),
        (bomb("word/document.xml", 33_000_000), "more than 32 MB"),
        (docx("<p/>" * 2_500_001), "more than 2,500,000 tags"),
        (bomb("a.txt", 10), "lacks its part 'word/document.xml'"),
        (bomb("word/document.xml", 10), "'word/document.xml' is damaged"),
        (docx("<p>" * 100_000), "nested too deeply"),
        (docx(f"{p('a')}</body></document><!--").replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data, reason):
    with pytest.raises(InputError, match=reason):
        list(read(data, "a.docx"))


def test_another_document_of_office_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("_rels/.rels", '<R xmlns="r"><R Type="http://x/officeDocument" Target="xl/workbook.xml"/></R>')
        package.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>')
    with pytest.raises(InputError, match="no text document of Word"):
        list(read(made.getvalue(), "a.docx"))
