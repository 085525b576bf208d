"""Near-copies in the SQL of a shared archive, from one writer to the next."""

import random
from contextlib import closing, contextmanager, suppress
from datetime import date

import numpy as np
import pytest

from benchmarks.copies import Writer
from rag.listing import Order
from rag.store.shared.generations import Generation
from rag.store.shared.likeness_rows import LikenessRows
from rag.store.shared.likenesses import Likenesses
from rag.types import MOST_COPIES, Filters
from tests.store.sql_rows import Rows

_WRITER = Writer(7)
STORY, OTHER, THIRD = (_WRITER.prose(150) for _ in range(3))
EDITED = _WRITER.changed(STORY, 0.05)
EVERYTHING = Filters()


class Teller:
    """Writes articles and tells of them, as a store's writer does."""

    def __init__(self, rows):
        self.rows = rows
        self.likenesses = Likenesses(rows.tables)
        self.articles = {}

    def put(self, *articles):
        """The copies among the articles, each with what it copies, by number."""
        first = 1 + max(self.articles, default=0)
        self.rows.put(articles, first=first)
        self.articles |= dict(enumerate(articles, first))
        self.likenesses.begin()
        return self.tell(*range(first, first + len(articles)))

    def tell(self, *numbers):
        with self.rows.database.writing() as connection:
            return self.likenesses.tell(connection, self.rows.present, {number: self.articles[number] for number in numbers}, self.read)

    def read(self, numbers):
        return {number: one for number in numbers if (one := self.articles.get(number))}

    def missing(self):
        with self.rows.database.reading() as connection:
            return self.likenesses.missing(connection, self.rows.present)

    def alike(self, id, filters=EVERYTHING, having=None, generation=None):
        with self._reading(generation) as (connection, rows, present):
            return [one.id for one in rows.alike(connection, present, [id], filters, having, self.read).get(id, ())]

    def stories_of(self, *numbers):
        with self._reading() as (connection, rows, _):
            return rows.stories_of(connection, np.array(numbers))

    @property
    def stories(self):
        with self.rows.listing() as listing:
            return listing.stories

    @contextmanager
    def _reading(self, generation=None):
        with self.rows.database.reading() as connection:
            yield connection, LikenessRows(self.rows.tables), self.rows.generations.of(generation)


@pytest.fixture(params=["sqlite", "postgresql"])
def text(request, tmp_path):
    """The URL of a database."""
    return f"sqlite:///{tmp_path / 'text.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")


@pytest.fixture
def teller(text):
    with closing(Rows.at(text)) as rows:
        yield Teller(rows)


@pytest.fixture
def three(teller, make):
    """A story, another, and, by a later writer, a copy of the first."""
    assert teller.put(make("a", STORY, published=date(2022, 1, 2), source="S"), make("b", OTHER)) == {}
    assert teller.put(make("c", EDITED, published=date(2022, 1, 1), source="T")) == {3: 1}
    return teller


def test_copies_share_a_story_and_others_have_their_own(three):
    assert three.stories_of(1, 2, 3, 4) == {1: 1, 2: 2, 3: 1}
    assert (three.alike("a"), three.alike("c"), three.alike("b"), three.alike("unknown")) == (["c"], ["a"], [], [])
    assert three.stories == 2


def test_filters_hold_and_the_earliest_come_first(three, make):
    assert three.put(make("d", STORY), make("e", STORY, published=date(2021, 1, 1), source="S")) == {4: 1, 5: 1}
    assert three.alike("a") == ["e", "c", "d"]
    assert three.alike("a", Filters(after=date(2022, 1, 1))) == ["c"]
    assert three.alike("a", Filters(sources=("S",))) == ["e"]
    assert three.alike("a", having=np.array([4, 2])) == ["d"]


def test_what_joins_two_stories_makes_them_one(teller, make):
    words = STORY.split()
    teller.put(make("first", " ".join(words[:90])), make("last", " ".join(words[60:])))
    assert teller.stories == 2
    # of the last a part is found by it alone, which is of another story meanwhile
    assert teller.put(make("whole", STORY), make("part", " ".join(words[75:120]))) == {3: 2, 4: 2}
    assert (teller.stories, teller.missing(), teller.stories_of(1, 2, 3, 4)) == (1, [], dict.fromkeys((1, 2, 3, 4), 1))


def test_what_is_told_at_once_is_what_is_told_one_by_one(teller, text, make):
    words = [_WRITER.prose(120).split() for _ in range(4)]
    # parts of a story that are no copies of each other, and what makes them one
    ways = [slice(65), slice(55, 120), slice(9), slice(25), slice(95, 120), slice(120)]
    drawn = random.Random(3)
    articles = [make(f"a{n}", " ".join(drawn.choice(words)[drawn.choice(ways)])) for n in range(40)]
    with closing(Rows.at(text)) as rows:
        single, at_once, one_by_one = Teller(rows), {}, {}
        for start in range(0, 40, 10):
            at_once |= teller.put(*articles[start : start + 10])
            single.rows.put(articles[start : start + 10], first=start + 1)
            single.articles |= dict(enumerate(articles[start : start + 10], start + 1))
            for number in range(start + 1, start + 11):
                one_by_one |= single.tell(number)
            assert (at_once, teller.stories_of(*range(1, 41))) == (one_by_one, single.stories_of(*range(1, 41)))


def test_what_is_gone_is_no_copy_and_is_still_one_of_its_generation(three, make):
    before = Generation(1, "", 0, 0, 0)
    three.rows.end(1, 2)
    assert (three.alike("c"), three.alike("c", generation=before)) == ([], ["a"])
    # while one writer writes
    three.articles[4] = make("d", STORY)
    three.rows.put([three.articles[4]], first=4)
    assert three.tell(4) == {4: 3}
    assert three.stories == 2


def test_a_writer_forgets_what_is_gone_and_learns_what_others_wrote(three, make):
    another = Teller(three.rows)
    another.articles = dict(three.articles)
    another.put(make("d", OTHER))
    three.rows.end(1, 2)
    three.articles = dict(another.articles)
    assert three.put(make("e", OTHER), make("f", STORY)) == {5: 2, 6: 3}
    assert three.likenesses._signatures.numbers.tolist() == [2, 3, 4, 5, 6]


def test_a_number_that_was_told_and_not_stored_is_read_again(three, make):
    with suppress(RuntimeError), three.rows.database.writing() as connection:
        three.likenesses.tell(connection, three.rows.present, {4: make("lost", STORY)}, three.read)
        raise RuntimeError("killed")
    another = Teller(three.rows)
    another.articles = three.articles
    another.put(make("d", THIRD))
    assert three.put(make("e", THIRD)) == {5: 4}
    assert sorted(three.likenesses._signatures.numbers.tolist()) == [1, 2, 3, 4, 5]
    assert three.put(make("f", " ".join(OTHER.split()[:100]))) == {6: 2}


@pytest.mark.parametrize("damage", [{"signature": bytes(511)}, {"story": 7}, {"checksum": 0}])
def test_what_is_damaged_is_told_anew(three, damage):
    three.rows.change(three.rows.tables.likenesses, **damage)
    assert (three.alike("a"), three.stories, three.stories_of(1, 2, 3)) == ([], None, {})
    assert three.missing() == [1, 2, 3]
    three.likenesses.begin()
    assert three.tell(1, 2, 3) == {3: 1}
    assert (three.alike("a"), three.stories, three.missing()) == (["c"], 2, [])


def test_a_damaged_article_is_no_copy(three, make):
    del three.articles[3]
    assert three.alike("a") == []
    three.articles[3] = None
    assert three.put(make("d", EDITED)) == {4: 1}


def test_only_so_many_are_given_and_the_shelf_counts_all(teller, make):
    teller.put(*(make(f"a{n}", STORY) for n in range(MOST_COPIES + 5)), make("b", OTHER))
    assert len(teller.alike("a0")) == MOST_COPIES
    with teller.rows.listing() as listing:
        asked = [], EVERYTHING, Order.NEWEST, 0, 3, None
        shelf = listing.shelf(*asked, having=None, arrived_since=None, arrivals=False, editions=lambda ids: dict.fromkeys(ids, 0))
    assert (shelf.total, len(shelf.entries), shelf.origins) == (MOST_COPIES + 6, 3, 2)


def test_what_is_forgotten_is_not_known(three):
    with three.rows.database.writing() as connection:
        LikenessRows(three.rows.tables).forget(connection, np.array([1, 3]))
    assert (three.stories_of(1, 2, 3), three.missing()) == ({2: 2}, [1, 3])
