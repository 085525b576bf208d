"""Rich Text Format: a real document, and ones made here for what it lacks."""

from pathlib import Path

import pytest

from rag.corpus.formats.rtf import read
from rag.errors import InputError

REAL = Path("../shared/data/formats/rtf")
FONTS = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Mincho;}{\f3\fcharset2 Symbol;}}"
STYLES = r"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2 caption;}{\s3 toc 1;}{\*\cs4 heading 2;}}"
ROW = r"\trowd\trleft0\cellx{}\cellx{}\pard\intbl "


def rtf(body, head=""):
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{FONTS}{STYLES}{head}{body}}}".encode("latin-1")


def blocks(data):
    (draft,) = read(data, "a.rtf")
    return [(part.span.of(draft.text), part.kind, part.place) for part in draft.parts]


def told(draft):
    return {name: (fact.value, fact.told_by) for name in ("title", "author", "published") if (fact := getattr(draft.facts, name))}


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
def test_a_real_document_has_its_text_and_what_it_tells():
    (draft,) = read((REAL / "test.rtf").read_bytes(), "test.rtf")
    # Word wrote the heading's style, an empty paragraph, and a body paragraph
    assert [(part.span.of(draft.text), part.kind, part.place) for part in draft.parts] == [
        ("This is a Sample RTF File", "heading", "paragraph 1"),
        ("It is included to test if the MarkItDown sample plugin can correctly convert RTF files.", "body", "paragraph 3"),
    ]
    assert told(draft) == {"title": ("This is a Sample RTF File", "header"), "author": ("Adam Fourney", "document properties")}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (r"One {\b two}\par Three\line four\tab five\par\pard\par", ["One two", "Three\nfour five"]),
        (r"a\emdash b\~c\_d\-e\{f\}\\", ["a—b\xa0c\u2011d\xade{f}\\"]),
        (r"a {\v hidden}{\deleted gone }b{\v hid\plain  c}", ["a b c"]),
        (r"a {\revised\revdttm-1483667456 b}{\revised\revdttm2147483647 c}", ["a bc"]),
        (r"{\header Page}{\footer\shp{\*\shpinst{\shptxt Box}}}{\*\annotation Note}{\listtext 1.\tab}a", ["a"]),
        (r"{\field{\*\fldinst HYPERLINK https://e.org}{\fldrslt the harbour}} is open", ["the harbour is open"]),
        (r"\u8364?10 \'80 \uc2\u8364\'80\'80x \uc0\u8364 y", ["€10 € €x €y"]),
        (r"\u-10179?\u-8704?!", ["😀!"]),
        (r"{\f1\'cf\'f0\'e8\'e2\'e5\'f2}\f2\'93\'fa\'83A\f0 \'e9", ["Привет日アé"]),
        (r"\f3\u-3991?\plain a", ["\ufffda"]),
        (r"{\upr{a}{\*\ud{b}}}{\header{\upr{a}{\*\ud{b}}}}", ["b"]),
        (r"{\pict\bin7 {{{{}}}a}b{\*\unknown c}{\nonshppict d}", ["b"]),
        (r"Outer{\shp{\*\shpinst{\sp x}{\shptxt Box\par}}} words\par End", ["Box", "Outer words", "End"]),
        ("a\r\nb\\\nc\x00d", ["ab", "cd"]),
        (r"a\'", ["a"]),
        (r"a} behind {b", ["a"]),
        (r"{{{a", ["a"]),
    ],
)
def test_the_text_is_what_is_shown(body, shown):
    assert [text for text, _, _ in blocks(rtf(body))] == shown


def test_blocks_are_marked_by_their_styles_and_know_their_paragraph():
    body = r"\pard\s1 One\par\pard\par\pard\s2 Two\par\pard\s3 Three 4\par\pard\outlinelevel1 Four\par\pard\outlinelevel9 Five\par"
    kinds = [("One", "heading", 1), ("Two", "caption", 3), ("Three 4", "related", 4), ("Four", "heading", 5), ("Five", "body", 6)]
    assert blocks(rtf(body)) == [(text, kind, f"paragraph {number}") for text, kind, number in kinds]


def test_notes_stand_at_the_end():
    body = r"One{\super\chftn{\footnote\pard {\super\chftn} foot}} two{\footnote\ftnalt end}.{\deleted{\footnote gone}}\par Three"
    notes = [("foot", "body", "footnote 1"), ("end", "body", "endnote 1")]
    assert blocks(rtf(body)) == [("One two.", "body", "paragraph 1"), ("Three", "body", "paragraph 2"), *notes]


HEADS = ROW.format(100, 200) + r"{\b Town\cell Founded\cell}\row"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (HEADS + ROW.format(100, 200) + r"Orrin\cell 1540\cell\row\pard End", ["Town: Orrin, Founded: 1540.", "End"]),
        (HEADS.replace(r"\b ", "") + ROW.format(100, 200) + r"Orrin\cell 1540\cell\row", ["Town, Founded.", "Orrin, 1540."]),
        (HEADS.replace(r"\b ", "").replace(r"\trleft", r"\trhdr\trleft") + ROW.format(101, 199) + r"a\cell b\cell\row", ["Town: a, Founded: b."]),
        (ROW.format(100, 200) + r"a\par b\cell c\cell\row", ["a b, c."]),
        (ROW.format(100, 200) + r"a\cell b\cell\row\pard{\shp{\*\shpinst{\shptxt Box}}}End", ["a, b.", "Box", "End"]),
        (
            r"\trowd\cellx100\cellx200\cellx300\pard\intbl\b A\cell B\cell C\cell\row\plain" + ROW.format(200, 300) + r"d\cell e\cell\row",
            ["A: d, C: e."],
        ),
        (
            r"\trowd\trhdr\trleft100\cellx200\pard\intbl A\cell\row" + ROW.format(100, 200) + r"b\cell c\cell\row",
            ["b, A: c."],
        ),
        (
            HEADS + r"\trowd\clvmgf\cellx100\cellx200\pard\intbl a\cell b\cell\row\trowd\clvmrg\cellx100\cellx200\pard\intbl\cell c\cell\row",
            ["Town: a, Founded: b.", "Town: a, Founded: c."],
        ),
        (
            ROW.format(100, 200)
            + r"out\par\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\cellx50\cellx100\nestrow}\pard\intbl\cell c\cell\row",
            ["out", "a, b.", "c"],
        ),
    ],
)
def test_a_row_is_one_sentence_under_the_heads_of_its_columns(body, shown):
    assert [text for text, _, _ in blocks(rtf(body))] == shown


@pytest.mark.parametrize(
    ("info", "facts"),
    [
        (
            r"{\info{\title The harbour}{\author Desk One}{\author Desk Two}{\operator No One}{\creatim\yr2024}}",
            {"title": "The harbour", "author": "Desk One"},
        ),
        (r"{\info{\upr{\title ??}{\*\ud{\title \u26085?\u26412?}}}{\author Unknown}}", {"title": "日本"}),
    ],
)
def test_properties_tell_what_people_wrote(info, facts):
    (draft,) = read(rtf("a", info), "a.rtf")
    assert told(draft) == {name: (value, "document properties") for name, value in facts.items()}


def test_the_code_page_is_the_document_s():
    (draft,) = read(rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "a.rtf")
    assert draft.text == "Привет"
    (draft,) = read(rb"{\rtf1\mac caf\'8e}", "a.rtf")
    assert draft.text == "café"
    (draft,) = read(rb"{\rtf1\ansi\ansicpg932 \'93}", "a.rtf")
    assert (draft.text, len(draft.warnings)) == ("\ufffd", 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"plain words", "no RTF file"),
        (rtf(r"{\pict 00ff}\par"), "no text"),
        (rtf("{" * 100_000 + "a"), "nested too deeply"),
        (b"{\\rtf1" + rb"\trowd\cellx" * 100_000, "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data, reason):
    with pytest.raises(InputError, match=reason):
        list(read(data, "a.rtf"))
