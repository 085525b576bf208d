import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from rag import Archive, Settings, Span, article
from rag.cli import main
from rag.errors import InputError, ReadOnly
from rag.exporting import annotation, export
from rag.notes import threads
from rag.repairing import repair
from rag.store import backup, restore
from tests.fakes import HashingEncoder


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


def test_a_note_says_who_wrote_it_and_is_answered(archive, held):
    note = archive.write_note("a", Span(4, 10), "Which one?", author="Ame\u0301lie")
    assert note.author == "Am\u00e9lie"
    answer = archive.answer_note(note.number, "The old one.", author="Bo")
    assert (answer.article, answer.span, answer.words, answer.answers, answer.author) == ("a", Span(4, 10), "bridge", note.number, "Bo")
    # an answer to an answer stands beside it
    again = archive.answer_note(answer.number, "Thanks.")
    other = archive.write_note("a", Span(0, 3), "Later.")
    assert archive.notes("a") == [note, answer, again, other]
    first, second = threads(archive.notes())
    assert (first.note, first.answers, second.note, second.answers) == (other, (), note, (answer, again))


def test_only_who_wrote_a_note_removes_it_and_its_answers_stay(archive, held):
    note = archive.write_note("a", Span(4, 10), "Which one?", author="Ada")
    answer = archive.answer_note(note.number, "The old one.", author="Bo")
    for author in (None, "Bo"):
        with pytest.raises(InputError, match=f"note {note.number} was written by Ada, who alone removes it"):
            archive.remove_note(note.number, author)
    assert archive.remove_note(note.number, "Ada")
    assert archive.notes() == [answer]
    (thread,) = threads(archive.notes())
    assert (thread.note, thread.answers, thread.first) == (None, (answer,), answer)
    with pytest.raises(InputError, match=f"there is no note {note.number}; perhaps it was removed"):
        archive.answer_note(note.number, "x")
    assert archive.answer_note(answer.number, "Removed?").answers == note.number
    nobodys = archive.write_note("a", Span(0, 3), "mine")
    assert archive.remove_note(nobodys.number, "Ada")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BRIDGE", ["Which one?", "The old one.", "Off."]),
        ("which", ["Which one?", "The old one."]),
        ("old bo", ["Which one?", "The old one."]),
        ("old ada", []),
        ("title", ["Which one?", "The old one.", "Off.", "Sunk."]),
        ("ferr", ["Sunk."]),
        ("  ", ["Which one?", "The old one.", "Off.", "Sunk."]),
    ],
)
def test_notes_are_searched_with_their_answers(archive, held, make, words, found):
    archive.add([make("b", "The ferry sank.")])
    note = archive.write_note("a", Span(4, 10), "Which one?", author="Ada")
    archive.answer_note(note.number, "The old one.", author="Bo")
    archive.write_note("a", Span(0, 10), "Off.")
    archive.write_note("b", Span(4, 9), "Sunk.")
    assert [one.text for one in archive.notes(words=words)] == found


def test_the_command_lists_notes_newest_first_with_answers(tmp_path, capsys):
    folder = str(tmp_path / "index")
    with Archive.open(folder, Settings(), HashingEncoder()) as archive:
        archive.add([article("a", "A bridge", "The bridge opened in 1932.")])
        note = archive.write_note("a", Span(4, 10), "Which one?\nSay.", author="A\x1bda")
        archive.answer_note(note.number, "The old one.", author="Bo")
        archive.write_note("a", Span(0, 3), "Later.")
        lost = archive.write_note("a", Span(0, 3), "Gone.")
        archive.answer_note(lost.number, "Still here.")
        archive.remove_note(lost.number)
    day = note.made.date().isoformat()
    assert main(["notes", "--index", folder]) == 0
    assert capsys.readouterr().out == (
        f"removed · A bridge\n    “The”\n    {day}\n        Still here.\n\n"
        f"{day} · A bridge\n    “The”\n    Later.\n\n"
        f"{day} · A\\x1bda · A bridge\n    “bridge”\n    Which one?\n    Say.\n    {day} · Bo\n        The old one.\n"
    )
    assert main(["notes", "--index", folder, "--words", "old", "--article", "a", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    made = note.made.isoformat().replace("+00:00", "Z")
    assert first == {
        "number": 1, "answers": None, "author": "A\x1bda", "made": made, "text": "Which one?\nSay.", "words": "bridge", "start": 4, "end": 10,
        "article": {"id": "a", "title": "A bridge", "sha256": note.sha256},
    }  # fmt: skip
    assert (second["text"], second["answers"]) == ("The old one.", 1)
    assert main(["notes", "--index", folder, "--article", "b"]) == 0
    assert capsys.readouterr().out == "No note found.\n"


letters = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)
written = st.lists(st.tuples(letters, st.none() | letters, st.none() | st.integers(0, 5), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=25)
@given(written)
def test_notes_and_answers_come_back_as_they_were_given(tmp_path_factory, written):
    """Of each its text, its author, the place of the note that it answers, and whether it is removed."""
    folder = tmp_path_factory.mktemp("notes")
    with Archive.open(folder / "index", Settings(), HashingEncoder()) as archive:
        archive.add([article("a", "A bridge", "The bridge opened in 1932.")])
        made = []
        for text, author, answered, _ in written:
            if answered is None or answered >= len(made):
                made.append(archive.write_note("a", Span(4, 10), text, author))
            else:
                made.append(archive.answer_note(made[answered].number, text, author))
        for note, (_, _, _, removed) in zip(made, written, strict=True):
            assert not removed or archive.remove_note(note.number, note.author)
        left = [note for note, (_, _, _, removed) in zip(made, written, strict=True) if not removed]
        assert archive.notes() == left
        export(archive, folder / "out")
        rows = [json.loads(line) for line in Path(folder / "out" / "notes.jsonl").read_text().splitlines()]
        by_number = {note.number: note for note in left}
        assert rows == [annotation(note, archive.article("a"), by_number.get(note.answers or 0)) for note in left]
        told = [(row["body"]["value"], row.get("creator", {}).get("name"), row["pullquote"].get("answers")) for row in rows]
        assert told == [(note.text, note.author, note.answers) for note in left]
    backup(folder / "index", folder / "copy", int)
    restore(folder / "restored", folder / "copy", int)
    repair(folder / "index", Settings(), HashingEncoder(), int)
    for kept in ("restored", "index"):
        with Archive.open(folder / kept, Settings(), HashingEncoder()) as archive:
            assert archive.notes() == left
            assert archive.write_note("a", Span(0, 3), "next").number == made[-1].number + 1


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


@pytest.mark.parametrize(
    ("number", "text", "author", "message"),
    [
        (2, "x", None, "there is no note 2"),
        (-1, "x", None, "there is no note -1"),
        (10**30, "x", None, "there is no note 1000"),
        (1, " ", None, "the answer is empty"),
        (1, "x" * 10_001, None, "the answer has 10,001 characters; the most is 10,000"),
        (1, "\udcff", None, "the answer .* is not valid Unicode"),
        (1, "x", " ", "the author is empty"),
        (1, "x", "\udcff", "the author .* is not valid Unicode"),
    ],
)
def test_what_cannot_be_answered_is_named(archive, held, number, text, author, message):
    note = archive.write_note("a", Span(0, 3), "mine")
    with pytest.raises(InputError, match=message):
        archive.answer_note(number, text, author)
    assert archive.notes() == [note]


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
            lambda: opened.answer_note(1, "x"),
            lambda: opened.remove_note(1),
            lambda: opened.give_feedback(answer, "right"),
        ]
        for change in changes:
            with pytest.raises(ReadOnly, match="without read_only=True"):
                change()
