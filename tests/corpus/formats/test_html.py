import logging
import random
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import trafilatura
from lxml import html

from rag import Settings
from rag.corpus.canonical_text import canonical
from rag.corpus.formats.html import read
from rag.corpus.formats.page_decoding import decode_page
from rag.corpus.lenient import lenient_article
from rag.corpus.readers import Readers
from rag.english.sentences import sentences
from rag.errors import InputError
from rag.types import Fact, Facts, Kind, Provenance
from tests.corpus.formats.pages import ALL, PAGES, SAID, page

SHARED = Path(__file__).parents[4] / "shared/data/formats/html"
FILES = {path.name: path for path in sorted(SHARED.glob("*.html"))}
EVERY = [*PAGES, *FILES] if FILES else [*PAGES, pytest.param("", marks=pytest.mark.skip(f"{SHARED} is not on this machine"))]


def data_of(name):
    return PAGES[name] if name in PAGES else FILES[name].read_bytes()


def read_one(data):
    (draft,) = read(data, "page.html")
    return draft


def reason(data):
    with pytest.raises(InputError) as refused:
        read_one(data)
    return str(refused.value)


def tree_of(data):
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return html.document_fromstring(decode_page(data)[0].encode(), parser=parser).getroottree()


def words_of(line):
    return [word for word in line.replace("|", " ").replace("\\", " ").split() if word.strip("-")]


@pytest.mark.parametrize("name", EVERY)
def test_the_text_is_the_librarys(name):
    theirs = trafilatura.extract(data_of(name), include_comments=False, deduplicate=False, include_tables=True, include_formatting=False)
    assert read_one(data_of(name)).text == canonical(theirs)


@pytest.mark.parametrize(
    ("name", "characters", "first", "last", "title", "language"),
    [
        ("formatting.html", 844, "This is a bold (b)", "mula like a2 + b3.", ("HTML Text Formatting Examples", Provenance.GUESSED), "en"),
        ("html_description_list.html", 792, "Beverages\n        ", " text description.", ("Beverages", Provenance.GUESSED), None),
        ("html_heading_in_p.html", 130, "1st paragraph\n| 2 ", "0 | \n2nd paragraph", ("Headings inside paragraphs in HTML", Provenance.META), None),
        ("html_rich_table_cells.html", 1049, "| Basic duck facts", "to available. |  |", ("Rich Table Cells in HTML", Provenance.META), "en"),
        ("hyperlink_01.html", 48, "Something\nPlease f", "nk to:\nThis page\n.", ("Something", Provenance.GUESSED), None),
    ],
)
def test_files_as_they_come(name, characters, first, last, title, language):
    if name not in FILES:
        pytest.skip(f"{SHARED} is not on this machine")
    draft = read_one(FILES[name].read_bytes())
    assert (len(draft.text), draft.text[: len(first)], draft.text[-len(last) :]) == (characters, first, last)
    assert draft.facts == Facts(title=Fact(*title), language=language and Fact(language, Provenance.META))


@pytest.mark.parametrize("name", EVERY)
def test_a_place_holds_its_words(name):
    draft, tree = read_one(data_of(name)), tree_of(data_of(name))
    for part in draft.parts:
        if part.place:
            (element,) = tree.xpath(part.place)
            there = canonical("".join("".join(element.itertext()).replace("\xad", "").replace("\u200d", "").replace("\u200b", "").split()))
            assert all(word in there for word in words_of(part.span.of(draft.text)))


def test_nearly_every_paragraph_has_a_place():
    parts = [part for name in (*PAGES, *FILES) for part in read_one(data_of(name)).parts]
    assert sum(bool(part.place) for part in parts) >= 0.97 * len(parts)


@pytest.mark.parametrize("name", EVERY)
def test_the_parts_are_all_of_the_text_but_blanks(name):
    draft = read_one(data_of(name))
    assert [part.span.of(draft.text) for part in draft.parts] == [line.strip(" \t") for line in draft.text.split("\n") if line.strip()]
    assert all(one.span.end < other.span.start for one, other in pairwise(draft.parts))


def test_a_short_line_is_placed_in_the_article_and_not_in_the_menu():
    draft = read_one(PAGES["article between menus"])
    places = {part.span.of(draft.text): part.place for part in draft.parts}
    assert (places["News"], places["Sport"]) == ("/html/body/article/h1", "/html/body/article/h2")


def test_a_place_can_be_followed_though_an_element_has_a_colon_in_its_name():
    draft = read_one(PAGES["office"])
    assert draft.parts[8].place == "/html/body/p[9]/*[1]"


@pytest.mark.parametrize(
    ("name", "line", "kind"),
    [
        ("paragraphs", "A bridge for Orrin", Kind.HEADING),
        ("lists", "- The first arch", Kind.BODY),
        ("table", "| Town | Founded |", Kind.HEADING),
        ("table", "| Orrin | 1540 |", Kind.TABLE_ROW),
        ("table", "| Towns |  |", Kind.CAPTION),
        ("details", "How long it took", Kind.HEADING),
        ("paragraphs", SAID[0], Kind.BODY),
        ("boxes", "- A bridge was decided on.", Kind.MACHINE_SUMMARY),
        ("boxes", "AI-generated summary", Kind.MACHINE_SUMMARY),
        ("boxes", "It opens in the spring.", Kind.MACHINE_SUMMARY),
        ("boxes", "Updated on Tuesday at noon.", Kind.DATELINE),
        ("boxes", "The old mill burns.", Kind.RELATED),
        ("boxes", "Give what you can.", Kind.PROMOTION),
        ("boxes", "It costs 4.2 million crowns, and not 42.", Kind.CORRECTION),
        ("boxes", SAID[0], Kind.BODY),
    ],
)
def test_kinds(name, line, kind):
    draft = read_one(PAGES[name])
    assert [part.kind for part in draft.parts if part.span.of(draft.text) == line] == [kind]


def test_a_row_of_a_table_can_be_quoted_by_itself_and_what_is_over_the_rows_cannot():
    made = lenient_article(read_one(PAGES["table"]), id="a", title="A bridge", origin="")
    quotable = [sentence.of(made.text) for sentence in sentences(made.text, 700) if made.may_quote(sentence)]
    assert [words for words in quotable if "|" in words] == ["| Orrin | 1540 |", "| Lenn | 1602 |"]
    assert SAID[0] in quotable


def test_a_box_that_holds_the_article_is_no_furniture_whatever_it_is_called():
    named = page(f'<article><div class="related-author newsletter"><h2>AI and the summary of a bridge</h2>{ALL}{ALL}</div></article>')
    assert {part.kind for part in read_one(named).parts} == {Kind.HEADING, Kind.BODY}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (page("<frameset><frame src=a.html></frameset>"), "no article text"),
        (page("<div id=app></div><script>document.write('all of it')</script>"), "no article text"),
        (b"", "empty"),
        (page("<div>" * 100_000 + ALL + "</div>" * 100_000), "nested too deeply"),
        (page("<div>" * 300 + ALL + "</div>" * 300 + ALL), "nested too deeply"),
        (page(ALL.replace("bridge", "") * 10_000), "larger than"),
        (page(f"<p {' '.join(f'a{n}=1' for n in range(200_000))}>{ALL}"), "200,001 attributes"),
        (page("<p>" + "<b>arch</b> " * 5_001), "parts of one paragraph"),
        (page("<p>" + "stone " * 1_000_000), "6,0"),
        (page(ALL + " " * 20_000_000), "larger than 20,000,000 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_by_name(data, why):
    assert why in reason(data)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_page_is_read_or_refused(seed):
    chance = random.Random(seed)
    whole = bytearray(PAGES[chance.choice(sorted(PAGES))])
    cut = whole[: chance.randrange(len(whole))]
    for _ in range(20):
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    for data in (bytes(cut), bytes(whole)):
        with suppress(InputError):
            (draft,) = read(data, "page.html")
            assert draft.text == canonical(draft.text) != ""


def test_an_element_alone_is_a_page():
    assert read_one(f"<p>{SAID[0]}".encode()).text == SAID[0]


def test_where_no_file_can_be_opened_a_page_is_read_as_here():
    dated = [
        page(f"{ALL}<p class=date>{said}</p>") for said in ("3 mai 2021, 10:00", "Updated on 3.5.21 at noon CET", "2021-05-03T10:00:00Z", "qqqq 2021")
    ]
    letters = page(ALL.replace("Orrin", "Łódź"), head="<title>A bridge</title>", encoding="cp1250")
    with Readers(Settings()) as readers:
        for data in (*PAGES.values(), *dated, letters):
            (draft,) = readers.read(data, "page.html")
            assert replace(draft, original=None) == replace(read_one(data), format="html")


def test_nothing_is_logged_of_a_page_without_text(caplog):
    with caplog.at_level(logging.DEBUG):
        reason(page(""))
    assert not caplog.records
