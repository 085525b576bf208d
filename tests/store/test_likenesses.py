"""What a store remembers of near-copies: there after every write, and no truth where it is lost or damaged."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from benchmarks.copies import Writer
from rag.types import MOST_COPIES, Filters
from tests.store.contract import ENCODER, entry, put

_WRITER = Writer(7)
STORY, OTHER = _WRITER.prose(150), _WRITER.prose(150)
EDITED = _WRITER.changed(STORY, 0.05)
EVERYTHING = Filters()


def alike(store, id, filters=EVERYTHING):
    with store.reading() as snapshot:
        return [one.id for one in snapshot.alike([id], filters).get(id, ())]


def stories(store):
    with closing(sqlite3.connect(store._folder / "archive.sqlite")) as db:
        return dict(db.execute("SELECT id, story FROM articles LEFT JOIN likenesses ON article = n"))


def changed(store, sql):
    """Does to the file what a disk might, or an earlier program."""
    with closing(sqlite3.connect(store._folder / "archive.sqlite")) as db, db:
        db.execute(sql)


@pytest.fixture
def three(store, make):
    """A story, its copy, and another story."""
    put(store, make("a", STORY, published=date(2022, 1, 2), source="S"), make("b", OTHER))
    put(store, make("c", EDITED, published=date(2022, 1, 1), source="T"))
    return store


def test_copies_share_a_story_and_others_have_their_own(three):
    found = stories(three)
    assert found["a"] == found["c"] != found["b"]
    assert (alike(three, "a"), alike(three, "c"), alike(three, "b"), alike(three, "unknown")) == (["c"], ["a"], [], [])
    assert three.status().origins == 2


def test_a_writer_tells_which_articles_are_copies_of_which_also_within_a_batch(store, make):
    with store.writing() as writer:
        assert writer.put([entry(make("a", STORY)), entry(make("b", OTHER)), entry(make("c", EDITED))], ENCODER.identity) == {"c": "a"}
        assert writer.put([entry(make("b", STORY))], ENCODER.identity) == {"b": "a"}


def test_filters_hold_and_the_earliest_come_first(three, make):
    put(three, make("d", STORY), make("e", STORY, published=date(2021, 1, 1), source="S"))
    assert alike(three, "a") == ["e", "c", "d"]
    assert alike(three, "a", Filters(after=date(2022, 1, 1))) == ["c"]
    assert alike(three, "a", Filters(sources=("S",))) == ["e"]


def test_what_joins_two_stories_makes_them_one(store, make):
    words = STORY.split()
    put(store, make("first", " ".join(words[:90])), make("last", " ".join(words[60:])))
    assert store.status().origins == 2
    put(store, make("whole", STORY))
    assert store.status().origins == 1


def test_a_replaced_article_gets_its_new_story_and_a_removed_one_leaves_its_own(three, make):
    put(three, make("c", OTHER))
    assert (alike(three, "a"), alike(three, "b")) == ([], ["c"])
    with three.writing() as writer:
        writer.remove(["b"])
    assert alike(three, "c") == []
    assert three.status().origins == 2


def test_only_so_many_are_given_and_the_shelf_counts_all(store, make):
    put(store, *(make(f"a{n}", STORY) for n in range(MOST_COPIES + 5)), make("b", OTHER))
    assert len(alike(store, "a0")) == MOST_COPIES
    shelf = store.shelf([], EVERYTHING, "newest", 0, 3)
    assert (shelf.total, len(shelf.entries), shelf.origins) == (MOST_COPIES + 6, 3, 2)


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM likenesses",
        "DELETE FROM likenesses WHERE article = 1",
        "UPDATE likenesses SET signature = zeroblob(511)",
        "UPDATE likenesses SET story = 2",
        "UPDATE likenesses SET story = 7 WHERE article = 3",
    ],
)
def test_what_is_lost_is_told_anew_by_the_next_writer(three, make, damage):
    changed(three, damage)
    assert alike(three, "a") == []
    assert three.status().origins is None
    assert three.shelf([], EVERYTHING, "newest", 0, 3).origins is None
    with three.writing():
        pass
    assert alike(three, "a") == ["c"]
    assert three.status().origins == 2


def test_a_damaged_article_is_no_copy(three, make):
    changed(three, "UPDATE articles SET text = 'x' WHERE id = 'c'")
    assert alike(three, "a") == []
    put(three, make("d", STORY))
    assert alike(three, "d") == ["a"]


def test_what_a_damaged_copy_s_document_told_of_its_day_is_not_read(three, make):
    put(three, make("d", STORY, about="2022-01-03"))
    within = Filters(after=date(2022, 1, 1), guessed=True)
    assert alike(three, "a", within) == ["c", "d"]
    for damage in ("'x' || document", "'[1]'", "replace(document, '2022-01-03', '2022-99-99')"):
        changed(three, f"UPDATE articles SET document = {damage} WHERE id = 'd'")
        assert alike(three, "a", within) == ["c"]


def test_a_write_that_fails_leaves_nothing_behind(three, make):
    wrong = entry(make("e", STORY))
    with three.writing() as writer:
        with pytest.raises(ValueError, match="zip"):
            writer.put([entry(make("d", STORY)), type(wrong)(wrong.article, [], wrong.vectors)], ENCODER.identity)
        assert writer.put([entry(make("f", OTHER))], ENCODER.identity) == {"f": "b"}
    assert alike(three, "a") == ["c"]


def test_a_stub_with_what_an_agency_puts_below_its_stories_makes_no_one_story_of_them(store, make):
    agency = _WRITER.prose(60)
    told = [f"{_WRITER.prose(80)} {agency}" for _ in range(3)]
    stub = " ".join(told[1].split()[-len(agency.split()) - 20 :])
    put(store, *(make(f"a{n}", text) for n, text in enumerate(told)), make("stub", stub))
    assert alike(store, "stub") == ["a1"]
    assert store.status().origins == 3
