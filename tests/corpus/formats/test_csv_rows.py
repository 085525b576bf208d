import pytest

from rag.corpus.draft import Draft
from rag.corpus.formats.csv_rows import read
from rag.errors import InputError
from rag.types import Fact, Provenance

from . import tables

PEOPLE = (
    '"Index", "Customer Id", "First Name", "Last Name", "Company", "City", "Country", "Phone 1", "Phone 2", "Email", "Subscription Date", "Website"'
)
NUMBERS = '"1", "2", "3", "4"'
COMPANIES = ["Rasmussen Group", "Vega-Gentry", "Murillo-Perry"]
# None of the files has a column that is named as one of texts. Of each: its columns, that of a text, the texts, and what is refused.
FILES = {
    "csv-comma.csv": (PEOPLE, "Company", [*COMPANIES, "Dominguez, Mcmillan and Donovan", "Martin, Lang and Andrade"], []),
    "csv-semicolon.csv": (PEOPLE, "Company", [*COMPANIES, "Dominguez;Mcmillan and Donovan", "Martin;Lang and Andrade"], []),
    "csv-tab.csv": (PEOPLE, "Company", [*COMPANIES, "Dominguez\tMcmillan and Donovan", "Martin\tLang and Andrade"], []),
    "csv-pipe.csv": (PEOPLE, "Company", [*COMPANIES, "Dominguez|Mcmillan and Donovan", "Martin|Lang and Andrade"], []),
    "csv-single-column.csv": (
        '"Industry"',
        "Industry",
        ["Accounting/Finance", "Automotive", "Healthcare", "Hospitality/Travel", "Sales", "Other"],
        [],
    ),
    "csv-comma-in-cell.csv": (NUMBERS, "2", ["b", ",", "b", "b"], []),
    "csv-inconsistent-header.csv": ('"1", "2", "3"', "2", [], ["row 2", "row 3", "row 4", "row 5"]),
    "csv-too-few-columns.csv": (NUMBERS, "4", ["d", "d", "d"], ["row 3"]),
    "csv-too-many-columns.csv": (NUMBERS, "4", ["d", "d", "d"], ["row 3"]),
    "test_mskanji.csv": ('"名前", "年齢", "住所"', "住所", ["東京", "大阪", "名古屋"], []),
}


def rows(text, **names):
    return list(read(text.encode(), "rows.csv", names))


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_its_columns_where_none_is_named_as_one_of_texts(name):
    with pytest.raises(InputError, match="--map text=COLUMN") as refused:
        list(read(tables.file("csv", name), name))
    assert f"has the text is not known: {FILES[name][0]};" in str(refused.value)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_by_the_columns_that_somebody_names(name):
    _, column, texts, refused = FILES[name]
    items = list(read(tables.file("csv", name), name, {"text": column}))
    assert [item.text for item in items if isinstance(item, Draft)] == texts
    assert [item.origin for item in items if not isinstance(item, Draft)] == refused


def test_a_table_in_shift_jis_says_so():
    first, *_ = read(tables.file("csv", "test_mskanji.csv"), "x.csv", {"text": "住所", "author": "名前"})
    assert (first.text, first.facts.author.value) == ("東京", "佐藤太郎")
    assert "Shift-JIS" in first.warnings[0]


def test_the_heads_say_what_is_in_their_columns():
    (draft,) = rows(
        "Headline;By;Date;GUID;Canonical URL;Outlet;Lang;Last-Modified;Body\nA;B C;2020-01-02;7;https://e.org/a;The D;en-GB;2020-02-03;Words.\n",
        author="By",
    )
    facts = {name: getattr(draft.facts, name).value for name in draft.facts.__slots__}
    assert facts == {
        "id": "7", "title": "A", "author": "B C", "source": "The D", "published": "2020-01-02", "updated": "2020-02-03",
        "url": "https://e.org/a", "language": "en-GB",
    }  # fmt: skip
    assert draft.facts.title.told_by is Provenance.HEADER
    assert (draft.text, draft.part, draft.parts[0].place) == ("Words.", "row 2", "row 2")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_cells_keep_what_parts_columns_and_rows(delimiter):
    (draft,) = rows(f'title{delimiter}text\r\n"A {delimiter} ""b"""{delimiter}"One.\r\n\r\nTwo{delimiter}end"\r\n')
    assert draft.facts.title.value == f'A {delimiter} "b"'
    assert draft.text == f"One.\n\nTwo{delimiter}end"


def test_rows_count_as_in_a_spreadsheet_and_are_refused_by_that_number():
    items = rows('title,text,date\nA,One.,2020-01-01\n\n"B"x,Two.,\nC,Three.\nD,Four.,,\nE,five, six, seven\nF,,\n"G,Eight.\n')
    assert [(item.part, item.text) if isinstance(item, Draft) else (item.origin, item.reason) for item in items] == [
        ("row 2", "One."),
        ("row 4", "its quotation marks do not match: double those inside a cell, and put the whole cell in them"),
        ("row 5", "Three."),
        ("row 6", "Four."),
        ("row 7", "the row has 4 cells where the first has 3; put a cell that has what parts the columns in quotation marks"),
        ("row 8", 'the row has nothing in the column "text"'),
        ("row 9", "its quotation marks do not match: double those inside a cell, and put the whole cell in them"),
    ]
    assert items[2].warnings == ("the row has 2 cells where the first has 3: what stands in the others is not known",)


def test_ids_are_the_rows_own_or_their_addresses_or_stay_when_others_come_between():
    def ids(text):
        return [(row.facts.id.value, row.facts.id.told_by) for row in rows(text)]

    head = "id,title,url,text\n"
    row = ",Bridge,,It opened.\n"
    ((own, of_row), (address, _), (made, of_file)) = ids(f"{head}7,A,https://e.org/a,One.\n,B,https://e.org/b,Two.\n{row}")
    assert (own, of_row, address, of_file) == ("7", Provenance.HEADER, "https://e.org/b", Provenance.FILE_NAME)
    assert ids(f"{head},Other,,Words.\n{row}")[1] == (made, of_file)
    assert made.startswith("rows.csv#")


def test_a_text_longer_than_the_librarys_limit_is_read():
    (draft,) = rows(f"title,text\nA,{'word ' * 50_000}\n")
    assert len(draft.text) == 249_999


@pytest.mark.parametrize(
    ("text", "names", "reason"),
    [
        ("title,text\n", {}, "no rows below its heads"),
        ("title,text\na,b\n", {"title": "Headline"}, 'no column "Headline"; it has "title", "text"'),
        ("title,text\na,b\n", {"colour": "title"}, '"colour" is nothing that an article has'),
        ("", {}, "empty"),
        ("title,text" + ",x" * 1_000, {}, "more than 1,000 columns"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text, names, reason):
    with pytest.raises(InputError, match=reason):
        rows(text, **names)


def test_what_says_nothing_is_no_fact():
    (draft,) = rows("title,author,text\nnull,~,Words.\n")
    assert draft.facts.title is draft.facts.author is None
    assert isinstance(draft.facts.id, Fact)
