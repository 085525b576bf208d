"""What is damaged is named and left out, on either side, and the rest is copied."""

import sqlite3
from contextlib import closing

import pytest

from rag.copying import Flaw, compare, copy
from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.repairing import repair
from rag.store.database import FILE
from tests.fakes import HashingEncoder

DAMAGED = "is not what was stored in the source"
THERE = "is not what was stored in the destination"
# of an article, with what the file then has
ARTICLE = {
    "title": "UPDATE articles SET title = 'Another' WHERE id = 'a5'",
    "text": "UPDATE articles SET text = replace(text, 'bridge', 'brigde') WHERE id = 'a5'",
    "vector": "UPDATE passages SET vector = zeroblob(128) WHERE n = (SELECT p.n FROM passages p JOIN articles a ON a.n = article WHERE id = 'a5')",
    "span": "UPDATE passages SET stop = stop - 1 WHERE n = (SELECT p.n FROM passages p JOIN articles a ON a.n = article WHERE id = 'a5')",
    "arrival": "UPDATE articles SET arrived = '2020-01-01T00:00:00+00:00' WHERE id = 'a5'",
}


def spoil(store, sql):
    """Changes the file behind the program's back."""
    store.close()
    with closing(sqlite3.connect(store._folder / FILE)) as db:
        assert db.execute(sql).rowcount > 0
        db.commit()


def flip(store, words):
    """Flips a bit of the one place in the file that has these bytes, as a disk does."""
    store.close()
    path = store._folder / FILE
    data = bytearray(path.read_bytes())
    assert data.count(words) == 1
    data[data.index(words)] ^= 4
    path.write_bytes(data)


@pytest.mark.parametrize("what", ARTICLE)
def test_a_damaged_article_is_left_out_and_the_rest_is_copied(source, destination, opened, what):
    spoil(source, ARTICLE[what])
    report = copy(opened("source"), destination)
    assert report.left_out == (Flaw("article", "a5", DAMAGED),)
    assert (report.differing, report.articles.added, report.notes, report.editions) == ((), 11, 3, 3)
    assert destination.article("a5") is None
    assert not report.is_whole


def test_after_a_repair_the_same_copy_goes_on(source, destination, opened, tmp_path):
    spoil(source, ARTICLE["vector"])
    copy(opened("source"), destination)
    repair(tmp_path / "source", destination._settings, HashingEncoder(), int)
    report = copy(opened("source"), destination)
    assert report.is_whole
    assert (report.articles.added, report.articles.unchanged) == (1, 11)


@pytest.mark.parametrize("what", ARTICLE)
def test_what_became_damaged_in_the_source_stays_whole_in_the_destination(source, destination, opened, what):
    copy(source, destination)
    before = destination.entry("a5").article
    spoil(source, ARTICLE[what])
    report = copy(opened("source"), destination)
    assert [*report.left_out, *report.differing] == [Flaw("article", "a5", DAMAGED)]
    assert destination.entry("a5").article == before


OTHERS = [
    ("UPDATE notes SET text = 'x' WHERE n = 2", "note 2 is not what was stored"),
    ("UPDATE feedback SET given = '{}' WHERE n = 1", "feedback 1 is not what was stored"),
    ("UPDATE editions SET title = 'x' WHERE n = 1", "the text of article a1 that was replaced on"),
    ("UPDATE editions SET text = 'x' WHERE n = 1", DAMAGED),
    ("DELETE FROM notes WHERE n = 2", "of its notes some are lost"),
    ("DELETE FROM editions WHERE n = 1", "of its editions some are lost"),
]


@pytest.mark.parametrize(("sql", "flaw"), OTHERS)
def test_of_notes_verdicts_and_earlier_texts_the_damaged_are_left_out(source, destination, opened, sql, flaw):
    spoil(source, sql)
    report = copy(opened("source"), destination)
    assert [flaw in one.reason for one in report.left_out] == [True]
    assert (report.differing, report.articles.added, report.notes + report.feedback + report.editions) == ((), 12, 3 + 2 + 3 - 1)


@pytest.mark.parametrize(("sql", "flaw"), OTHERS)
def test_those_that_were_copied_before_stay(source, destination, opened, sql, flaw):
    copy(source, destination)
    spoil(source, sql)
    report = copy(opened("source"), destination)
    assert any(flaw in one.reason for one in (*report.left_out, *report.differing))
    assert (report.articles.unchanged, report.notes, report.feedback, report.editions) == (12, 3, 2, 3)


def test_an_article_whose_document_is_lost_is_copied_without_it(source, destination, opened):
    spoil(source, "UPDATE originals SET packed = zeroblob(9) WHERE bytes = 8")
    report = copy(opened("source"), destination)
    assert report.differing == ()
    assert {(flaw.kind, flaw.name) for flaw in report.left_out} == {("article", "b0"), ("article", "b1")}
    assert "is copied without the file that it was read from" in report.left_out[0].reason
    assert destination.article("b0").original is None
    assert destination.original("a1") == b"The canal."


def test_where_nobody_can_tell_what_is_lost_nothing_is_copied(source, destination, opened):
    spoil(source, "DELETE FROM articles WHERE id = 'a5'")
    with pytest.raises(ArchiveDamaged, match=r"of its articles some are lost.*pullquote repair"):
        copy(opened("source"), destination)
    assert not destination._folder.exists()


def test_a_damaged_destination_is_not_written_to(source, destination, opened):
    copy(source, destination)
    spoil(destination, ARTICLE["title"])
    with pytest.raises(ArticleDamaged, match="article a5 is not what was stored"):
        copy(source, opened("destination"))


@pytest.mark.parametrize(
    ("words", "flaw"),
    [
        (b"The bridge number 4 opened.", Flaw("article", "a5", THERE)),
        (b"The tunnel closed.", Flaw("earlier text", "of article a1 with the SHA-256 ", THERE)),
    ],
)
def test_a_bit_that_flipped_in_the_destination_is_found_and_named(source, destination, opened, words, flaw):
    copy(source, destination)
    flip(destination, words)
    for find in (lambda: copy(source, opened("destination")).differing, lambda: compare(source, opened("destination"))):
        (found,) = find()
        assert (found.kind, found.reason) == (flaw.kind, flaw.reason)
        assert found.name.startswith(flaw.name)


def test_a_document_that_is_damaged_in_the_destination_is_named(source, destination, opened):
    copy(source, destination)
    spoil(destination, "UPDATE originals SET packed = zeroblob(9) WHERE bytes = 10")
    assert compare(source, opened("destination")) == (
        Flaw("article", "a1", "was read from a file that is not what was stored in the destination"),
    )  # fmt: skip


def test_what_is_removed_where_it_is_damaged_comes_again(source, destination, opened):
    copy(source, destination)
    flip(destination, b"The bridge number 4 opened.")
    with closing(opened("destination")) as store, store.writing() as writer:
        writer.remove(["a5"])
    assert copy(source, opened("destination")).is_whole
