"""PDFs: what is read of real files and of made ones, where each line stands, and what is refused and why."""

import hashlib
import random
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from rag.corpus.canonical_text import canonical
from rag.corpus.formats.pdf import read
from rag.english.names import searched
from rag.errors import InputError
from rag.types import Fact, Kind, Provenance
from tests.conftest import SHARED
from tests.corpus.formats.made_pdf import printed, sentences, shown, wrapped, written

# a file: how long its text is, the beginning of the text's SHA-256, its first and last words, its pages and lines, title, author, language
FILES = {
    "formats/pdf/bookmark_sample.pdf": (1411, "d07b15de", "PART I - DEFINITIONS\n\nThis", "Sample Agreement — page 3", 3, 27, None, None, None),
    "formats/pdf/invisible_text_layer.pdf": (46, "ce4fdea2", "Visible heading line", "Invisible OCR text layer", 1, 2, None, None, None),
    "pdf/002-trivial-libre-office-writer.pdf": (591, "ff4ef424", "Lorem ipsum dolor", "ipsum dolor sit amet.", 1, 7, None, None, "en"),
    "pdf/google-doc-document.pdf": (1113, "03cbca88", "Example document\n\nBeau", "2021 estimate", 1, 28, "PDF Example Document", None, None),
    "pdf/imagemagick-images.pdf": (46, "988eec11", "Background", "Background", 6, 4, None, None, None),
    "pdf/libre-office-link.pdf": (34, "d0295a2b", "This is a link", "awesome blog.", 1, 1, None, None, "en"),
    "pdf/minimal-document.pdf": (596, "48979aa3", "Lorem ipsum dolor", "ipsum dolor sit amet.\n\n1", 1, 9, None, None, None),
    "pdf/multicolumn.pdf": (7142, "4a1a1368", "Two-Column Document", "\n\n3", 3, 149, "Two-Column Document with Lorem Ipsum", None, None),
    "pdf/pdflatex-4-pages.pdf": (14478, "5cc94f32", "Hello, here is some", "the language.\n\n1\n\n2\n\n3\n\n4", 4, 166, None, None, None),
    "pdf/pdflatex-outline.pdf": (7733, "58b586ea", "Contents\n\n1 Foo 2\n\n2 Bar 2", "the language. 5\n\n4", 4, 119, None, None, None),
    "pdf/reportlab-overlay.pdf": (67, "94e813c5", "Name: Foo Bar\n\nFingerprint", "12-34-2007T12:34:56", 1, 3, None, None, None),
}


def draft(data, name="page.pdf"):
    [only] = read(data, name)
    return only


def one_spaced(text):
    """Text without what a line's end adds; PDFium has a mark of its own for a hyphen there."""
    return " ".join(canonical(text.replace("\x02", "-")).split())


def whole(said, text):
    """How many of the sentences stand in one paragraph of the text."""
    paragraphs = [" ".join(re.sub(r"(?<=\w)-\n", "", paragraph).split()) for paragraph in text.split("\n\n")]
    return sum(any(sentence in paragraph for paragraph in paragraphs) for sentence in said)


def read_back(data, parts):
    """How many of the parts PDFium shows in their boxes."""
    with pypdfium2.PdfDocument(data) as document:
        found = 0
        for part, words in parts:
            page = document[part.box.page - 1].get_textpage()
            sides = (part.box.left, part.box.bottom, part.box.right, part.box.top)
            found += one_spaced(page.get_text_bounded(*sides)) == one_spaced(words)
        return found


@pytest.fixture(scope="module")
def shared():
    if not (SHARED / "pdf").is_dir():
        pytest.skip("../shared/data is not here: its files are other people's and do not ship")
    return SHARED


@pytest.mark.parametrize("file", FILES)
def test_a_real_file(shared, file):
    length, digest, first, last, pages, lines, *facts = FILES[file]
    made = draft((shared / file).read_bytes(), file)
    assert (made.text[: len(first)], made.text[-len(last) :]) == (first, last)
    assert (len(made.text), hashlib.sha256(made.text.encode()).hexdigest()[:8]) == (length, digest)
    assert (max(part.box.page for part in made.parts), len(made.parts)) == (pages, lines)
    assert [fact and fact.value for fact in (made.facts.title, made.facts.author, made.facts.language)] == facts
    assert (made.facts.published, made.facts.updated) == (None, None)


def test_a_line_s_words_stand_in_its_box_in_real_files(shared):
    lines = []
    for file in FILES:
        made = draft((shared / file).read_bytes(), file)
        lines += [(file, part, part.span.of(made.text)) for part in made.parts]
    lines = random.Random(1).sample(lines, 500)
    found = sum(read_back((shared / file).read_bytes(), [(part, words) for at, part, words in lines if at == file]) for file in FILES)
    assert found >= 0.99 * len(lines)


def test_pages_that_are_only_pictures_are_told(shared):
    assert draft((shared / "pdf/imagemagick-images.pdf").read_bytes()).warnings == ("pages without text, only pictures: 4, 5",)


COLUMNS = "<style>article { columns: %d; column-gap: 16pt } p { %s } body { font: 11pt serif }</style>"


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("style", ["", "text-align: justify; text-indent: 1.5em; margin: 0"], ids=["blocks", "indented"])
def test_sentences_of_a_printed_page_are_whole_and_on_their_page(chromium, tmp_path, columns, style):
    said = sentences(150, columns)
    paragraphs = "".join(f"<p>{' '.join(said[at : at + 5])}</p>" for at in range(0, 150, 5))
    head = f"<!doctype html><html lang=en-GB><title>The town's year</title>{COLUMNS % (columns, style)}"
    data = printed(chromium, f"{head}<h1>The town's year</h1><article>{paragraphs}</article>", tmp_path)
    made = draft(data)
    assert whole(said, made.text) == len(said)
    assert made.facts.title == Fact("The town's year", Provenance.PROPERTIES)
    assert made.facts.language == Fact("en", Provenance.PROPERTIES)
    parts = [(part, part.span.of(made.text)) for part in made.parts]
    assert read_back(data, parts) == len(parts)
    furniture = {words for part, words in parts if part.kind is Kind.PAGE_FURNITURE}
    assert "The town's year" in " ".join(furniture)
    assert not furniture & {words for part, words in parts if part.kind is Kind.BODY}


def across(said, columns):
    """Pages whose columns are written line by line across, each with a head and a number."""
    lines = [line for at in range(0, len(said), 4) for line in wrapped("   " + " ".join(said[at : at + 4]), 500 // columns // 6)]
    pages = []
    for start in range(0, len(lines), 50 * columns):
        part = lines[start : start + 50 * columns]
        order = [(row, column) for row in range(50) for column in range(columns) if column * 50 + row < len(part)]
        text = "".join(shown(part[column * 50 + row], 50 + column * 512 / columns, 740 - 13 * row) for row, column in order)
        pages.append(shown("The Daily, 12 May", 250, 770) + text + shown(str(len(pages) + 1), 300, 30))
    return written(pages)


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_that_are_written_across_are_read_one_after_the_other(columns):
    said = sentences(120)
    made = draft(across(said, columns))
    assert whole(said, made.text) == len(said)
    kinds = [part.kind for part in made.parts]
    pages = max(part.box.page for part in made.parts)
    assert kinds.count(Kind.PAGE_FURNITURE) == 2 * pages


@pytest.mark.parametrize("lower", [0, 3, 6])
def test_columns_whose_lines_are_not_level_with_each_other_and_a_line_over_both(lower):
    said = sentences(30)
    left, right = (wrapped(" ".join(part), 40) for part in (said[2:18], said[18:]))
    top = "".join(shown(line, 60, 740 - 13 * row) for row, line in enumerate(wrapped(" ".join(said[:2]), 90)))
    rows = [
        (shown(one, 60, 690 - 13 * row), shown(other, 320, 690 - lower - 13 * row)) for row, (one, other) in enumerate(zip(left, right, strict=False))
    ]
    rest = "".join(shown(line, 60, 690 - 13 * row) for row, line in enumerate(left) if row >= len(right))
    rest += "".join(shown(line, 320, 690 - lower - 13 * row) for row, line in enumerate(right) if row >= len(left))
    assert whole(said, draft(written([top + "".join(map("".join, rows)) + rest])).text) == len(said)


TURNED = {
    "/Rotate 90": ("0 1 -1 0", lambda row: (60 + 13 * row, 60)),
    "/Rotate 180": ("-1 0 0 -1", lambda row: (550, 60 + 13 * row)),
    "/Rotate 270": ("0 -1 1 0", lambda row: (550 - 13 * row, 740)),
    "/CropBox [30 30 600 780]": ("1 0 0 1", lambda row: (60, 740 - 13 * row)),
    "/MediaBox [1000 0 1612 792]": ("1 0 0 1", lambda row: (1060, 740 - 13 * row)),
}


@pytest.mark.parametrize("page", TURNED)
def test_a_page_that_is_turned_or_moved(page):
    matrix, place = TURNED[page]
    said = sentences(20)
    lines = wrapped(" ".join(said), 80)
    data = written(["".join(shown(line, *place(row), matrix=matrix) for row, line in enumerate(lines))], page=page)
    made = draft(data)
    assert whole(said, made.text) == len(said)
    assert read_back(data, [(part, part.span.of(made.text)) for part in made.parts]) == len(made.parts) == len(lines)


def test_lines_from_the_top_down(chromium, tmp_path):
    page = "<!doctype html><p style='writing-mode: vertical-rl; height: 300px'>" + "The bridge opened on Monday after two years of work. " * 3
    assert whole(["The bridge opened on Monday after two years of work."], draft(printed(chromium, page, tmp_path)).text)


@pytest.mark.parametrize(
    "words", ["افتتح الجسر يوم الاثنين بعد عامين من العمل", "הגשר נפתח ביום שני לאחר שנתיים של עבודות"], ids=["Arabic", "Hebrew"]
)
def test_words_from_the_right_to_the_left(chromium, tmp_path, words):
    page = f"<!doctype html><meta charset=utf-8><body style='direction: rtl; font: 12pt DejaVu Sans'><p>{words}."
    assert draft(printed(chromium, page, tmp_path)).text.startswith(f"{words}.")


LINES = ["They had been there for an exam-", "ple of what the year 2010-", "2012 was, and cost 1.5 mil-", "lion pounds between them all in the end."]


def page_of(lines, top=700, left=60, size=10, leading=13):
    return "".join(shown(line, left, top - leading * row, size) for row, line in enumerate(lines))


def test_a_hyphen_at_a_line_s_end_stays_and_the_whole_word_is_found():
    text = draft(written([page_of(LINES)])).text
    assert text == "They had been there for an exam-\nple of what the year 2010-2012 was, and cost 1.5 mil-\nlion pounds between them all in the end."
    assert {"example", "million"} <= set(searched(text).split())


def test_what_stands_at_a_page_s_end_does_not_part_a_sentence():
    texts = [
        ["The bridge was closed for as long as the engineers of the town", "needed, which was longer than"],
        ["anybody had expected when it was opened. It is open again now."],
    ]
    pages = [shown("The Daily", 60, 770, 8) + page_of(text, 740) + shown(f"- {7 + at} -", 300, 30, 8) for at, text in enumerate(texts)]
    pages[0] += shown("1 A note in smaller letters that says where it comes from.", 60, 80, 7)
    made = draft(written(pages))
    assert [(part.kind, part.place, part.span.of(made.text)) for part in made.parts] == [
        (Kind.BODY, "page 1", "The bridge was closed for as long as the engineers of the town"),
        (Kind.BODY, "page 1", "needed, which was longer than"),
        (Kind.BODY, "page 2", "anybody had expected when it was opened. It is open again now."),
        (Kind.BODY, "page 1", "1 A note in smaller letters that says where it comes from."),
        (Kind.PAGE_FURNITURE, "page 1", "The Daily"),
        (Kind.PAGE_FURNITURE, "page 1", "- 7 -"),
        (Kind.PAGE_FURNITURE, "page 2", "The Daily"),
        (Kind.PAGE_FURNITURE, "page 2", "- 8 -"),
    ]


def test_headings_captions_rows_and_paragraphs():
    rows = [("Town", "Founded", "People"), ("Orrin", "1540", "12,000"), ("Tavistoke", "1611", "9,500")]
    cells = "".join(shown(cell, 60 + 150 * column, 500 - 13 * row) for row, line in enumerate(rows) for column, cell in enumerate(line))
    text = "".join(page_of(wrapped(" ".join(sentences(3, seed)), 80), top) for seed, top in ((1, 700), (2, 640)))
    page = shown("A year in the harbour", 60, 740, 18) + text + shown("Figure 1: The harbour in May.", 60, 560, 9) + cells
    made = draft(written([page], information="/Title (untitled)"))
    paragraphs = made.text.split("\n\n")
    assert (paragraphs[1], paragraphs[2]) == (" ".join(sentences(3)), " ".join(sentences(3, 2)))
    kinds = {part.span.of(made.text): part.kind for part in made.parts}
    assert kinds["A year in the harbour"] is Kind.HEADING
    assert kinds["Figure 1: The harbour in May."] is Kind.CAPTION
    assert kinds["Orrin 1540 12,000"] is Kind.TABLE_ROW
    assert made.facts.title == Fact("A year in the harbour", Provenance.GUESSED)


@pytest.mark.parametrize(
    ("title", "author", "told"),
    [
        ("A bridge opens", "The staff", ("A bridge opens", "The staff")),
        ("Microsoft Word - bridge.doc", "user", (None, None)),
        ("untitled", "anonymous", (None, None)),
        ("other.pdf", "12", (None, None)),
        ("other_bridge_2", "The staff", (None, "The staff")),
        ("Bridge", "", (None, None)),
    ],
)
def test_a_title_that_nobody_gave_is_none(title, author, told):
    information = f"/Title ({title}) /Author ({author}) /CreationDate (D:20220403193102)"
    facts = draft(written([page_of(LINES)], information=information), "bridge.pdf").facts
    assert tuple(fact and fact.value for fact in (facts.title, facts.author)) == told
    assert facts.published is None


CODES = {"A": "D83DDE00", "B": "D83D", "E": "0628", "F": "06440627", "G": "FEFB"}
MAPPED = f"""/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange
{len(CODES)} beginbfchar {" ".join(f"<{ord(code):x}> <{units}>" for code, units in CODES.items())} endbfchar endcmap end"""


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        ("CAD", "C\N{GRINNING FACE}D"),
        ("CBD", "C\ufffdD"),
        # a lam with an alef as one sign, left of a beh
        ("FE", "بلا"),
        ("GE", "بلا"),
    ],
    ids=["two halves of a character", "a half of a character", "a sign of two letters", "a letter of two"],
)
def test_what_a_font_says_of_its_characters(codes, text):
    body = f"<< /Length {len(MAPPED)} >>\nstream\n{MAPPED}\nendstream"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >>"
    data = written([f"BT /F2 10 Tf 60 700 Td ({codes}) Tj ET"], resources="/Font << /F2 6 0 R >>", objects=(body.encode(), font))
    assert draft(data).text == text


PICTURE = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream"
# a font whose codes have names that no list knows
NAMELESS = b"<< /Type /Font /Subtype /TrueType /BaseFont /Helvetica /Encoding << /Differences [33 /g1 /g2 /g3 /g4 /g5 /g6] >> >>"
LONG = "".join(f"({'a' * 30_000}) Tj\n" for _ in range(51))
REFUSED = {
    "no text layer": written(["q 500 0 0 500 0 0 cm /I Do Q"], resources="/XObject << /I 5 0 R >>", objects=(PICTURE,)),
    "no text layer, only pictures or nothing": written([""]),
    "it has no pages": written([]),
    "structure cannot be read": b"%PDF-1.7\n" + b"nothing of a PDF " * 100,
    "the PDF is damaged": b"",
    "do not say which characters": written(
        ["BT /F2 10 Tf 60 700 Td (" + '!"#$%&' * 20 + ") Tj ET"], resources="/Font << /F2 5 0 R >>", objects=(NAMELESS,)
    ),
    "over 1,500,000 characters": written([f"BT /F1 1 Tf 1 1 Td {LONG} ET"]),
    "10,001 pages": written([""] * 10_001),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_cannot_be_read_is_refused_with_the_reason(reason):
    with pytest.raises(InputError, match=reason):
        draft(REFUSED[reason])


def test_a_password_is_asked_for(shared):
    with pytest.raises(InputError, match="password-protected; save it without its password"):
        draft((shared / "pdf/libreoffice-writer-password.pdf").read_bytes())


def test_every_fourth_page_that_is_damaged_is_told():
    data = written([page_of(LINES)] * 4).replace(b"/Type /Page /Parent", b"/Type /Pege /Parent", 1)
    made = draft(data)
    assert "1 of its 4 pages" in made.warnings[0]


HARMED = Path(__file__).with_name("harmed_pdfs.py")


def test_harmed_copies_end_in_a_draft_or_a_reason(shared, tmp_path):
    sources = [str(shared / file) for file in ("pdf/multicolumn.pdf", "pdf/minimal-document.pdf", "formats/pdf/bookmark_sample.pdf")]
    (tmp_path / "columns.pdf").write_bytes(across(sentences(60), 2))
    done = subprocess.run([sys.executable, HARMED, *sources, tmp_path / "columns.pdf"], capture_output=True, text=True, check=True, timeout=240)
    assert done.stdout.split("\n")[-2].startswith("160 copies, 0 otherwise"), done.stdout
