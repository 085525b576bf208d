from datetime import UTC, datetime, timedelta

import pytest

from rag import Archive, Settings, Span
from rag.errors import InputError, ReadOnly


@pytest.fixture
def held(archive, make):
    made = make("a", "The bridge opened in 1932 — at last.")
    archive.add([made])
    return made


def test_a_note_is_pinned_to_the_words(archive, held):
    before = datetime.now(UTC)
    note = archive.write_note("a", Span(4, 10), "Which one?\n<b>")
    assert (note.article, note.sha256, note.span, note.words, note.text) == ("a", held.sha256, Span(4, 10), "bridge", "Which one?\n<b>")
    assert note.made.utcoffset() == timedelta()
    assert note.made.microsecond == 0
    assert timedelta(seconds=-1) <= note.made - before <= timedelta(seconds=60)
    assert archive.notes("a") == archive.notes() == [note]
    assert note.stands_in(held)


def test_offsets_are_code_points_and_may_reach_the_end(archive, make):
    archive.add([make("a", "\U0001f309 bridge")])
    assert archive.write_note("a", Span(0, 1), "x").words == "\U0001f309"
    assert archive.write_note("a", Span(2, 8), "x").words == "bridge"


def test_a_note_outlives_a_new_text_and_is_not_pinned_anew(archive, make, held):
    note = archive.write_note("a", Span(4, 10), "mine")
    archive.add([make("a", "Now the bridge is closed.")])
    assert archive.notes("a") == [note]
    assert not note.stands_in(archive.article("a"))
    archive.add([held])
    assert note.stands_in(archive.article("a"))


def test_a_note_outlives_its_article(archive, held):
    note = archive.write_note("a", Span(4, 10), "mine")
    archive.remove(["a"])
    assert archive.notes("a") == archive.notes() == [note]
    archive.add([held])
    assert note.stands_in(archive.article("a"))


def test_a_note_is_removed_for_good(archive, held):
    note = archive.write_note("a", Span(4, 10), "mine")
    assert not any(archive.remove_note(number) for number in (note.number + 1, 0, -1, 10**30))
    assert archive.remove_note(note.number)
    assert archive.notes() == []


@pytest.mark.parametrize(
    ("id", "span", "text", "message"),
    [
        ("b", Span(0, 1), "x", "no article has the id 'b'"),
        ("a", Span(3, 3), "x", "characters 3 to 3 are no selection"),
        ("a", Span(4, 37), "x", "characters 4 to 37 are no selection of 'a', which has 36"),
        ("a", Span(0, 3), " \n", "the note is empty"),
        ("a", Span(0, 3), "x" * 10_001, "10,001 characters; the most is 10,000"),
        ("a", Span(0, 3), "\udcff", "the note .* is not valid Unicode"),
        ("\udcff", Span(0, 3), "x", "the id .* is not valid Unicode"),
    ],
)
def test_what_cannot_be_noted_is_named(archive, held, id, span, text, message):
    with pytest.raises(InputError, match=message):
        archive.write_note(id, span, text)
    assert archive.notes() == []


def test_the_longest_note_is_kept(archive, held):
    assert archive.write_note("a", Span(0, 3), "\0" + "x" * 9_999) == archive.notes("a")[0]


def test_a_read_only_archive_takes_nothing(archive, held, tmp_path, hashing):
    archive.write_note("a", Span(4, 10), "mine")
    answer = archive.ask("the bridge opened in")
    with Archive.open(tmp_path / "index", Settings(), hashing, read_only=True) as opened:
        assert [quote.text for quote in opened.ask("the bridge opened in").quotes] == [quote.text for quote in answer.quotes]
        assert opened.notes() == archive.notes()
        changes = [
            lambda: opened.add([held]),
            lambda: opened.remove(["a"]),
            lambda: opened.write_note("a", Span(0, 3), "x"),
            lambda: opened.remove_note(1),
            lambda: opened.give_feedback(answer, "right"),
        ]
        for change in changes:
            with pytest.raises(ReadOnly, match="without read_only=True"):
                change()
