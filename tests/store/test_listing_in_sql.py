"""What is listed and counted in the SQL of a shared archive is what an archive in a folder lists and counts."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import numpy as np
import pytest

from rag import Settings, article
from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.listing import Order, Place
from rag.store import LocalStore
from rag.store.counting import counted
from rag.store.shared.by_number import ByNumber
from rag.store.shared.generations import Generation
from rag.types import NOTHING_TOLD, Fact, Facts, Filters, Provenance
from tests.store.contract import ENCODER, entry
from tests.store.sql_rows import Rows

CAME = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
FILTERS = [
    Filters(),
    Filters(after=date(2020, 1, 1)),
    Filters(before=date(2020, 2, 2)),
    Filters(sources=("S", "\U0001f309 Post", "no such", "a\0b")),
    Filters(sources=()),
    *(Filters(date(2020, 1, 1), date(2020, 3, 1), None, guessed, undated) for guessed, undated in product((False, True), repeat=2)),
]
HAVING = [None, np.array([1, 3, 5, 7, 999]), np.zeros(0, dtype=np.int64)]


def made(id, text, about=None, **facts):
    """An article whose day is guessed where `about` says one."""
    told = Facts(published=Fact(about, Provenance.GUESSED)) if about else NOTHING_TOLD
    return replace(article(id, facts.pop("title", f"Title of {id}"), text, **facts), facts=told)


# in the order of their numbers: days told, guessed and unknown, names that sort by case, by language and by code point each otherwise
ARTICLES = [
    made("a", "Text.", source="S", published=date(2020, 1, 1)),
    made("B", "Longer text.", title="title OF B", source="s", published=date(2020, 3, 1)),
    made("c", "Text.", title="Straße 100%_", source="\U0001f309 Post", about="2020-02-02"),
    made("\u00e9", "The longest text.", title="Zebra", author="Ada Ångström"),
    made("Z", "Text.", title="\u00c9clair", source="Le Monde", author="S", published=date(2019, 12, 31)),
    made("d'", "Some text.", title="title of b", published=date(2020, 1, 1)),
    made("\ufffd", "Text.", title="\ufffd", source="\ufffd"),
    made("\U0001f309", "Text.", title="\U0001f309", source="\U0001f309", about="2020-02-01"),
]
LATE = len(ARTICLES) // 2
CAME_IN = ((ARTICLES[:LATE], CAME), (ARTICLES[LATE:], CAME + timedelta(days=9)))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request, tmp_path_factory):
    """The URL of a database."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path_factory.mktemp('text') / 'text.sqlite'}"


@pytest.fixture
def rows(database):
    """Tables of a shared archive, empty."""
    with closing(Rows.at(database)) as empty:
        yield empty


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A store in a folder with the articles, half of which came in later."""
    with closing(LocalStore(tmp_path_factory.mktemp("folder") / "index", Settings())) as store:
        with store.writing() as writer:
            for some, came in CAME_IN:
                writer.put([replace(entry(one), arrived=came) for one in some], ENCODER.identity)
        with closing(sqlite3.connect(store._folder / "archive.sqlite")) as db:
            assert [id for (id,) in db.execute("SELECT id FROM articles ORDER BY n")] == [one.id for one in ARTICLES]
        yield store


@pytest.fixture(scope="module")
def both(folder, database):
    """That store, and tables with the same articles under the same numbers."""
    with closing(Rows.at(database)) as filled:
        for some, came in CAME_IN:
            filled.put(some, first=1 + ARTICLES.index(some[0]), arrived=came)
        yield folder, filled


def shelf(rows, *asked, having=None, arrived_since=None, arrivals=False, past=None):
    with rows.listing() as listing:
        return listing.shelf(*asked, past, having=having, arrived_since=arrived_since, arrivals=arrivals, editions=lambda ids: dict.fromkeys(ids, 0))


def of_folder(store, *asked, past=None, **more):
    with store._generation() as truth:
        found = truth.shelf(*asked, past, **{"having": None, "arrived_since": None, "arrivals": False} | more)
    # who writes to tables here tells of no copies
    return replace(found, origins=None)


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_leave_what_they_leave_in_a_folder(both, filters):
    store, rows = both
    for having, arrivals in product(HAVING, (False, True)):
        asked = [], filters, Order.TITLE, 0, 100
        found = shelf(rows, *asked, having=having, arrivals=arrivals)
        assert replace(found, origins=None) == of_folder(store, *asked, having=having, arrivals=arrivals)
        with rows.listing() as listing, store._generation() as truth:
            assert counted(listing.searched, filters, having) == counted(truth.searched, filters, having)


@pytest.mark.parametrize("order", Order)
def test_a_list_has_its_order_and_goes_on_behind_any_place(both, order):
    store, rows = both
    everything = shelf(rows, [], Filters(), order, 0, 100)
    assert replace(everything, origins=None) == of_folder(store, [], Filters(), order, 0, 100)
    for place, listed in enumerate(everything.entries, 1):
        behind = shelf(rows, [], Filters(), order, 0, 2, past=Place.of(listed, order))
        assert behind.entries == everything.entries[place : place + 2]
    assert shelf(rows, [], Filters(), order, 3, 2).entries == everything.entries[3:5]
    assert shelf(rows, [], Filters(), order, 2**63 - 1, 2).entries == ()


def test_a_place_that_no_article_can_have_is_one_all_the_same(both):
    _, rows = both
    assert [one.id for one in shelf(rows, [], Filters(), Order.TITLE, 0, 1, past=Place("title\0", "\0")).entries] == ["a"]


@pytest.mark.parametrize(
    "words",
    [["TITLE"], ["strasse"], ["100%_"], ["%"], ["_"], ["'"], ["ångström"], ["s", "monde"], ["TITLE", "OF", "b"], ["a\0b"], ["\\"], ["é\nle"], ["🌉"]],
)
def test_words_are_literal_text_in_any_case(both, words):
    store, rows = both
    asked = words, Filters(), Order.NEWEST, 0, 100
    assert replace(shelf(rows, *asked), origins=None) == of_folder(store, *asked)


def test_what_came_in_since_a_moment_is_listed(both):
    store, rows = both
    for since in (CAME, CAME + timedelta(seconds=1), CAME + timedelta(days=10)):
        asked = [], Filters(), Order.ARRIVED, 0, 100
        assert replace(shelf(rows, *asked, arrived_since=since), origins=None) == of_folder(store, *asked, arrived_since=since)


def test_sources_ids_origins_and_titles_are_those_of_a_folder(both):
    store, rows = both
    with rows.listing() as listing, store._generation() as truth:
        assert list(listing.sources().items()) == list(truth.sources().items())
        assert listing.origins() == truth.origins()
        asked = ["Z", "a", "no such", "b", "a\0", *truth.ids()]
        assert listing.titles(asked) == truth.titles(asked)


def test_earlier_texts_are_counted_by_who_knows_them(both):
    _, rows = both
    with rows.listing() as listing:
        asked = [], Filters(), Order.TITLE, 0, 1, None
        found = listing.shelf(*asked, having=None, arrived_since=None, arrivals=False, editions=lambda ids: dict.fromkeys(ids, 3))
    assert [one.editions for one in found.entries] == [3]


def test_each_generation_lists_its_own_articles(rows):
    rows.put([made("a", "Old.", title="Old"), made("b", "There.")], born=1)
    rows.end(1, 2)
    rows.put([made("a", "New.", title="New")], first=3, born=2)
    for generation, title in ((Generation(1, "", 0, 0, 0), "Old"), (Generation(2, "", 0, 0, 0), "New"), (None, "New")):
        with rows.listing(generation) as listing:
            assert listing.titles(["a"]) == {"a": title}
            assert (sorted(listing.origins()), listing.searched(Filters()).articles) == (["a", "b"], 2)
    with rows.listing(Generation(0, "", 0, 0, 0)) as listing:
        assert (sorted(listing.origins()), listing.searched(Filters()).articles, listing.stories) == ([], 0, 0)


@pytest.mark.parametrize("fact", ["id", "title", "origin", "characters", "arrived"])
def test_a_row_that_is_listed_and_not_what_was_stored_is_named(rows, fact):
    rows.put([made("a", "Text.")])
    rows.change(rows.tables.articles, **{fact: 7 if fact == "characters" else "x"})
    with rows.listing() as listing:
        for listed in (lambda: shelf(rows, [], Filters(), Order.TITLE, 0, 1), listing.origins):
            with pytest.raises(ArticleDamaged, match="is not what was stored; take the database back") as raised:
                listed()
            assert raised.value.id == ("x" if fact == "id" else "a")
        assert listing.titles(["a"]) == {}
        assert listing.searched(Filters()).articles == 1


def test_a_day_that_is_none_any_more_is_damage(rows):
    rows.put([made("a", "Text.", published=date(2020, 1, 1))])
    rows.change(rows.tables.articles, published="2020-99-99")
    with rows.listing() as listing:
        with pytest.raises(ArchiveDamaged, match="a day of publication is not what was stored"):
            listing.searched(Filters())
        with pytest.raises(ArticleDamaged, match="article a is not what was stored"):
            ByNumber(listing.connection, rows.tables).labels(np.array([1]))


def test_a_guessed_day_is_shown_as_the_document_told_it(rows):
    rows.put([made("a", "Text.", about="2020-02-02")])
    rows.change(rows.tables.articles, guessed="1999-09-09")
    assert [one.about for one in shelf(rows, [], Filters(), Order.TITLE, 0, 1).entries] == ["2020-02-02"]


def test_a_hundred_thousand_numbers_are_given_at_once(both):
    _, rows = both
    many = np.arange(2, 200_002)
    assert shelf(rows, [], Filters(), Order.TITLE, 0, 100, having=many).total == 7
    with rows.listing() as listing:
        numbered = ByNumber(listing.connection, rows.tables)
        assert sorted(numbered.titles(many)) == sorted(number for number, *_ in numbered.passage_texts(many)) == [2, 3, 4, 5, 6, 7, 8]


def test_passages_and_articles_are_read_by_their_numbers_in_the_order_asked(both):
    _, rows = both
    with rows.listing() as listing:
        numbered = ByNumber(listing.connection, rows.tables)
        assert numbered.articles_of(np.array([3, 1, 3])).tolist() == [3, 1, 3]
        assert numbered.articles_of(np.zeros(0, dtype=np.int64)).tolist() == []
        assert numbered.titles(np.array([2, 99])) == {2: "title OF B"}
        assert sorted(numbered.passage_texts(np.array([4, 1, 99]))) == [(1, ARTICLES[0].title, "Text."), (4, "Zebra", "The longest text.")]
        labels = numbered.labels(np.array([5, 3, 4, 5]))
        assert [date.fromordinal(day) if day else None for day in labels.days.tolist()] == [date(2019, 12, 31), None, None, date(2019, 12, 31)]
        assert [labels.names[place] if place >= 0 else None for place in labels.sources.tolist()] == ["Le Monde", "\U0001f309 Post", None, "Le Monde"]
        with pytest.raises(ArchiveDamaged, match="passage 99 is lost"):
            numbered.articles_of(np.array([1, 99]))


def test_a_passage_s_text_is_its_window_in_code_points(rows):
    rows.put([made("a", "\U0001f309 The bridge opened.")])
    rows.change(rows.tables.passages, start=2, stop=12)
    with rows.listing() as listing:
        assert [text for *_, text in ByNumber(listing.connection, rows.tables).passage_texts(np.array([1]))] == ["The bridge"]
