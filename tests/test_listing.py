from datetime import UTC, date, datetime, timedelta

import pytest

from rag import Filters, Order
from rag.errors import InputError
from tests.test_docs import commands


def test_the_shelf_is_the_newest_fifty_unless_told(archive, make):
    archive.add([make(f"a{n:02}", "Text.", published=date(2000, 1, 1 + n % 28), source="S" if n % 2 else "T") for n in range(60)])
    shelf = archive.shelf()
    assert (shelf.total, len(shelf.entries)) == (60, 50)
    assert shelf.entries == tuple(sorted(shelf.entries, key=lambda listed: (-listed.published.toordinal(), listed.id)))
    assert len(archive.shelf(offset=50).entries) == 10
    assert archive.shelf(offset=10**18).entries == ()
    rest = archive.shelf(words="  TITLE a0 ", after=date(2000, 1, 5), before=date(2000, 1, 6), sources=["S"], order="oldest", limit=1_000)
    assert [listed.id for listed in rest.entries] == ["a05"]
    counted = archive.counted(after=date(2000, 1, 5), before=date(2000, 1, 6), sources=["S"])
    assert (counted.articles, counted.earliest, counted.filters.sources) == (2, date(2000, 1, 6), ("S",))
    assert archive.counted().filters == Filters()


def test_characters_are_code_points_of_the_text(archive, make):
    made = make("a", "\U0001f309 caf\u00e9")
    archive.add([made])
    assert archive.shelf().entries[0].characters == len(made.text) == 6


def test_letters_typed_in_two_parts_are_found(archive, make):
    archive.add([make("a", "Text.", title="Le caf\u00e9")])
    assert archive.shelf(words="CAFE\u0301").total == 1


def test_what_came_in_since_a_moment_is_listed(archive, make):
    before = datetime.now(UTC)
    archive.add([make("a", "The bridge opened."), make("b", "The ferry sank.")])
    after = datetime.now(UTC)
    listed = archive.shelf(order=Order.ARRIVED, arrived_since=before)
    assert [one.id for one in listed.entries] == ["a", "b"]
    for one in listed.entries:
        assert before - timedelta(seconds=1) <= one.arrived <= after
        assert (one.arrived.utcoffset(), one.arrived.microsecond) == (timedelta(), 0)
    assert archive.shelf(arrived_since=before + timedelta(days=1)).total == 0
    assert archive.titles(["a", "c"]) == {"a": "Title of a"}


def test_an_empty_archive_has_an_empty_shelf(archive):
    assert (archive.shelf().total, archive.shelf().entries, archive.counted().articles) == (0, (), 0)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"limit": 0}, "limit is 0; list 1 to 1,000"),
        ({"limit": 1_001}, "list 1 to 1,000"),
        ({"offset": -1}, "offset is -1"),
        ({"offset": 2**63}, "offset is"),
        ({"order": "best"}, "order is 'best'; it is one of newest, oldest, title, source, longest, arrived"),
        ({"arrived_since": datetime(2026, 11, 27)}, "arrived_since is datetime.*; give a datetime with a time zone"),  # noqa: DTZ001
        ({"arrived_since": date(2026, 11, 27)}, "arrived_since is datetime.date"),
        ({"words": "\udcff"}, "not valid Unicode"),
        ({"after": date(2020, 1, 2), "before": date(2020, 1, 1)}, "later than before"),
    ],
)
def test_what_cannot_be_listed_is_named(archive, asked, message):
    with pytest.raises(InputError, match=message):
        archive.shelf(**asked)


def test_the_command_s_orders_are_those_of_the_archive():
    (sort,) = [action for action in commands()["list"]._actions if action.dest == "sort"]
    assert sort.choices == list(Order)
