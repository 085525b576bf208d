import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date

import jsonschema
import pytest
from hypothesis import given, settings

from rag import render
from rag.render.names import Name, names
from rag.types import Outcome, Span
from tests.render.answers import HOSTILE, answered, folded, naughty, pandoc, texts, whole

# what we write of CSL-JSON (csl-data.json of the Citation Style Language project), and nothing beside
_TEXT = {"type": "string", "minLength": 1}
_PERSON = {"type": "object", "properties": {"family": _TEXT, "given": _TEXT}, "required": ["family", "given"], "additionalProperties": False}
_WHOLE = {"type": "object", "properties": {"literal": _TEXT}, "required": ["literal"], "additionalProperties": False}
_DAY = {"type": "array", "prefixItems": [{"type": "integer"}] * 3, "minItems": 3, "maxItems": 3}
_ISSUED = {"type": "array", "items": _DAY, "minItems": 1, "maxItems": 1}
CSL = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
            "type": {"const": "article-newspaper"},
            "title": _TEXT,
            "container-title": _TEXT,
            "author": {"type": "array", "items": {"oneOf": [_PERSON, _WHOLE]}, "minItems": 1},
            "issued": {"type": "object", "properties": {"date-parts": _ISSUED}, "required": ["date-parts"], "additionalProperties": False},
            "URL": {"type": "string", "pattern": "^https?://[!-~]+$"},
            "note": _TEXT,
        },
        "required": ["id", "type", "title", "note"],
        "additionalProperties": False,
    },
}


@pytest.fixture
def conversation(make):
    """Two answers that quote three articles, one of them twice and with a lead."""
    lock = make("a", "The lock keeper spoke. It rained. She left.", title="Lock: a {new} one & 5% more", source="The Daily", author="J. Smith",
                published=date(1932, 3, 19), url="https://example.org/a_b?x=1&y=%20")  # fmt: skip
    ferry = make("b", "The ferry sank.", title="Ferry")
    bridge = make("c", "A bridge.", title="Lock, a new bridge", source="The Daily", author="BBC News and Agencies", published=date(1932, 5, 1))
    led = replace(whole("x"), article=lock, span=Span(34, 43), lead=Span(0, 22))
    first = answered(led, replace(led, article=ferry, span=Span(0, 15), lead=None), near=(replace(led, article=bridge),))
    return [first, answered(replace(led, lead=None, span=Span(23, 33)), replace(led, article=bridge, lead=None, span=Span(0, 9)))]


def items(answers):
    made = render.csl_json(answers)
    jsonschema.validate(made, CSL, format_checker=jsonschema.FormatChecker())
    return made


def test_an_item_for_each_quoted_article(conversation):
    lock, ferry, bridge = items(conversation)
    assert lock == {
        "id": "the-daily-1932-lock-a-new",
        "type": "article-newspaper",
        "title": "Lock: a {new} one & 5% more",
        "container-title": "The Daily",
        "author": [{"family": "Smith", "given": "J."}],
        "issued": {"date-parts": [[1932, 3, 19]]},
        "URL": "https://example.org/a_b?x=1&y=%20",
        "note": f"Quoted at characters 0-22; characters 34-43; characters 23-33 of the text with SHA-256 {conversation[0].quotes[0].article.sha256}",
    }
    assert ferry.keys() == {"id", "type", "title", "note"}
    assert (bridge["id"], bridge["author"]) == ("the-daily-1932-lock-a-new-2", [{"literal": "BBC News and Agencies"}])


def test_the_schema_refuses_what_it_should(conversation):
    (item, *_) = render.csl_json(conversation)
    for wrong in ({"type": "book"}, {"author": []}, {"author": [{"family": "Smith"}]}, {"issued": {"date-parts": [[1932]]}}, {"URL": "x"}, {"x": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([item | wrong], CSL)


def test_an_entry_as_it_is_written(conversation):
    assert render.bibtex(conversation[:1]).split("\n\n")[0] == (
        "@article{the-daily-1932-lock-a-new,\n"
        "  title = {{Lock: a \\textbraceleft{}new\\textbraceright{} one \\& 5\\% more}},\n"
        "  journal = {{The Daily}},\n"
        "  entrysubtype = {newspaper},\n"
        "  author = {Smith, J.},\n"
        "  date = {1932-03-19},\n"
        "  url = {https://example.org/a_b?x=1&y=%20},\n"
        f"  note = {{Quoted at characters 0-22; characters 34-43 of the text with SHA-256 {conversation[0].quotes[0].article.sha256}}},\n"
        "}"
    )


def test_near_misses_are_no_sources(conversation):
    silent = [answered(outcome=Outcome.WEAK_EVIDENCE, near=conversation[0].quotes)]
    assert (render.bibtex(silent), render.csl_json(silent)) == ("", [])
    assert json.loads(pandoc(render.bibtex(silent), "biblatex", "csljson")) == []


def test_texts_of_an_article_that_was_replaced_are_cited_apart(make):
    old, new = make("a", "It is shut."), make("a", "It is open.")
    quotes = [replace(whole("x"), article=text, span=Span(0, 11)) for text in (old, new)]
    assert [item["id"] for item in items([answered(quote) for quote in quotes])] == ["title-of-a", "title-of-a-2"]


def test_keys_are_ascii_and_unique():
    quotes = [replace(whole("x"), article=replace(whole("x").article, id=str(number), title=title))
              for number, title in enumerate(["Lock", "Lock", "Lock 2", "Łódź Köln", "\u6a4b", "\u6a4b"])]  # fmt: skip
    keys = [item["id"] for item in items([answered(*quotes)])]
    assert keys[:4] == ["the-daily-1932-lock", "the-daily-1932-lock-2", "the-daily-1932-lock-2-2", "the-daily-1932-odz-koln"]
    assert len(set(keys)) == 6


def test_pandoc_reads_both_alike(conversation):
    from_bibtex = json.loads(pandoc(render.bibtex(conversation), "biblatex", "csljson"))
    ours = items(conversation)
    # pandoc drops \textbraceleft, which TeX prints
    ours[0]["title"] = ours[0]["title"].replace("{", "").replace("}", "")
    assert from_bibtex == ours
    for text, reader in ((render.bibtex(conversation), "bibtex"), (render.to_json(ours), "csljson")):
        shown = folded(pandoc(text, reader, "plain", "--citeproc"))
        assert "Smith, J. 1932." in shown
        assert "The Daily, March 19, 1932. https://example.org/a_b?x=1&y=%20." in shown
        assert "BBC News and Agencies. 1932." in shown


def compared(text):
    """The text without what TeX's reader in pandoc makes typographic (quotation marks) or drops (named braces)."""
    return folded(text.translate(str.maketrans("", "", "‘’“”`'\"{}")))


def bibtex_keeps(titles):
    quotes = [
        replace(whole("x"), article=replace(whole("x").article, id=str(number), title=title, author=title)) for number, title in enumerate(titles)
    ]
    read = json.loads(pandoc(render.bibtex([answered(*quotes)]), "biblatex", "csljson"))
    assert [compared(item["title"]) for item in read] == [compared(title) for title in titles]
    items([answered(*quotes)])


def test_hostile_titles_come_back_from_bibtex():
    bibtex_keeps([folded(text) for text in HOSTILE if compared(text)])


def test_naughty_titles_come_back_from_bibtex(shared):
    bibtex_keeps([folded(text)[:500] for text in naughty(shared) if compared(text)])


@settings(max_examples=25)
@given(texts.map(folded).filter(compared))
def test_any_title_comes_back_from_bibtex(title):
    bibtex_keeps([title])


@settings(max_examples=200)
@given(texts)
def test_every_field_is_balanced_and_every_item_valid(text):
    quote = replace(whole("x"), article=replace(whole("x").article, title=text, source=text, author=text))
    written = render.bibtex([answered(quote)])
    depth = 0
    for character in written:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    (item,) = items([answered(quote)])
    assert item["title"] == text


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (None, []),
        ("", []),
        ("The Daily's staff", [Name("The Daily's staff")]),
        ("Associated Press", [Name("Associated Press")]),
        ("Jane Smith", [Name("Jane Smith")]),
        ("J. Smith", [Name("Smith", "J.")]),
        ("Jane Q. Smith-Jones", [Name("Smith-Jones", "Jane Q.")]),
        ("Smith, Jane Q.", [Name("Smith", "Jane Q.")]),
        ("Smith, Jane", [Name("Smith, Jane")]),
        ("Reuters, London", [Name("Reuters, London")]),
        ("J. van der Berg", [Name("J. van der Berg")]),
        ("The J. Paul Getty Trust", [Name("The J. Paul Getty Trust")]),
        ("U.S. Army", [Name("U.S. Army")]),
        ("Jane Smith and John Doe", [Name("Jane Smith"), Name("John Doe")]),
        ("Jane Smith, John Doe, and A. Roe", [Name("Jane Smith"), Name("John Doe"), Name("Roe", "A.")]),
        ("Smith, J. and Doe, K.", [Name("Smith", "J."), Name("Doe", "K.")]),
        ("Smith, Jane; Doe, J.", [Name("Smith, Jane"), Name("Doe", "J.")]),
        ("Jane Smith, New York", [Name("Jane Smith, New York")]),
        ("Jane Smith and agencies", [Name("Jane Smith and agencies")]),
        ("Johnson and Johnson", [Name("Johnson and Johnson")]),
        ("Food and Agriculture Organization", [Name("Food and Agriculture Organization")]),
        ("Marine Science and Technology Institute", [Name("Marine Science and Technology Institute")]),
        ("BBC News & Sky News", [Name("BBC News & Sky News")]),
        ("C. O'Brien III", [Name("C. O'Brien III")]),
        ("J. Roe Jr.", [Name("J. Roe Jr.")]),
        ("J. Roe, Jr.", [Name("J. Roe, Jr.")]),
        ("J. Roe PhD", [Name("J. Roe PhD")]),
        ("Ms. J. Roe", [Name("Ms. J. Roe")]),
        ("L. Van Roe", [Name("L. Van Roe")]),
        ("M. de la Roe", [Name("M. de la Roe")]),
        ("O. bin Roe", [Name("O. bin Roe")]),
        ("S. Al-Roe", [Name("S. Al-Roe")]),
        ("al-Roe, S.", [Name("al-Roe", "S.")]),
        ("van der Roe, J.", [Name("van der Roe", "J.")]),
        ("By J. Roe", [Name("Roe", "J.")]),
        ("by: Jane Roe and K. Lind", [Name("Jane Roe"), Name("Lind", "K.")]),
        ("By The Associated Press", [Name("The Associated Press")]),
        ("Byron Roe", [Name("Byron Roe")]),
        ("J. Roe, staff writer", [Name("Roe", "J.")]),
        ("J. Roe, Daily Correspondent, and Jane Lind, editor", [Name("Roe", "J."), Name("Jane Lind")]),
        ("J. Roe and the Associated Press", [Name("Roe", "J."), Name("the Associated Press")]),
        ("J. Roe, K. Lind and L. Orr", [Name("Roe", "J."), Name("Lind", "K."), Name("Orr", "L.")]),
        ("J. Roe, K. Lind", [Name("Roe", "J."), Name("Lind", "K.")]),
        ("J. Park", [Name("Park", "J.")]),
        ("J. Roe in Oslo", [Name("Roe", "J.")]),
        ("Jane Smith in New York and K. Lind in Oslo", [Name("Jane Smith"), Name("Lind", "K.")]),
        ("J. Roe for the Daily News", [Name("Roe", "J.")]),
        ("By Jane Roe, for The Evening Post", [Name("Jane Roe")]),
        ("J. Roe for Skyline", [Name("Roe", "J.")]),
        ("Shoes for Children", [Name("Shoes for Children")]),
        ("Red Shoes for Children", [Name("Red Shoes for Children")]),
        ("J. Roe (Oslo), K. Lind (Tarn)", [Name("Roe", "J."), Name("Lind", "K.")]),
        ("J. Roe | Sky News", [Name("Roe", "J.")]),
        ("Jane Roe - The Evening Post", [Name("Jane Roe")]),
        ("Jane Roe | Kay Lind", [Name("Jane Roe | Kay Lind")]),
        ("Jane Roe, Sky News", [Name("Jane Roe")]),
        ("Roe Holdings, Ltd", [Name("Roe Holdings, Ltd")]),
        ("Women in Science", [Name("Women in Science")]),
        ("Amnesty International in Norway", [Name("Amnesty International in Norway")]),
        ("Written by J. Roe", [Name("Roe", "J.")]),
        ("Reporting by J. Roe; written by K. Lind", [Name("Roe", "J."), Name("Lind", "K.")]),
        ("Roe, J.A., Lind, K., & Orr, L.-M.", [Name("Roe", "J. A."), Name("Lind", "K."), Name("Orr", "L.-M.")]),
        ("van Roe, J., Lind, K.", [Name("van Roe", "J."), Name("Lind", "K.")]),
        ("J. Roe III and K. Lind Jr.", [Name("J. Roe III"), Name("K. Lind Jr.")]),
        ("Dr. Jane Roe and Ms. K. Lind", [Name("Dr. Jane Roe"), Name("Ms. K. Lind")]),
    ],
)  # fmt: skip
def test_names(author, expected):
    assert list(names(author)) == expected


@given(texts)
def test_a_byline_gains_no_word(text):
    kept = " ".join(f"{name.given} {name.family}" for name in names(text))
    assert Counter(re.findall(r"\w+", kept)) <= Counter(re.findall(r"\w+", text))
