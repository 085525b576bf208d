"""What people keep: each their own, in bounds, and nothing of another's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rag.desks import Desks, Limits, Sought
from rag.desks.form import FILE, FORM
from rag.errors import ArchiveError, InputError, ReadOnly
from rag.store.side_file import SideFile
from rag.types import Filters
from tests.desks.turns import turn

BRIDGE = turn("When was the bridge opened?", "The bridge was opened in 1932.")
LOCK = turn("Who paid for the lock?", "The county paid for the lock.", "The bridge was opened in 1932.")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def timed(tmp_path, clock):
    file = SideFile(tmp_path / FILE, FORM)
    yield Desks(file, clock=clock)
    file.close()


def questions(desks, person, number):
    return [one.understood.question for one in desks.turns(person, number)]


def test_a_conversation_is_called_by_its_first_question_and_lists_its_turns_in_order(timed, clock):
    filed = timed.keep("", 0, BRIDGE)
    clock.now += timedelta(minutes=5)
    assert timed.keep("", filed.conversation, LOCK).conversation == filed.conversation
    (listed,) = timed.conversations("")
    assert (listed.title, listed.begun, listed.last, listed.questions) == ("When was the bridge opened?", NOON, clock.now, 2)
    assert [replace(one, number=0) for one in timed.turns("", listed.number)] == [BRIDGE, LOCK]


def test_what_had_a_question_last_comes_first(timed, clock):
    first = timed.keep("", 0, BRIDGE).conversation
    clock.now += timedelta(seconds=1)
    second = timed.keep("", 0, LOCK).conversation
    clock.now += timedelta(seconds=1)
    assert [one.number for one in timed.conversations("")] == [second, first]
    timed.keep("", first, LOCK)
    assert [one.number for one in timed.conversations("")] == [first, second]


def test_a_question_of_any_characters_is_kept_and_found(desks):
    odd = turn("\ud800 What\0of\n\tÉ’s … “straße”?", "It is so.")
    number = desks.keep("", 0, odd).conversation
    assert desks.turns("", number)[0].understood == odd.understood
    assert [one.number for one in desks.conversations("", "STRASSE é’S")] == [number]
    assert desks.conversations("")[0].title == "? What\0of É’s … “straße”?"


def test_words_are_looked_for_in_titles_and_in_all_questions(desks):
    number = desks.keep("", 0, BRIDGE).conversation
    desks.keep("", number, LOCK)
    desks.keep("", 0, turn("Who paid?", "Nobody paid."))
    assert [one.number for one in desks.conversations("", "bridge LOCK")] == [number]
    assert len(desks.conversations("", "who paid")) == 2
    desks.rename("", number, "Works on the river")
    assert [one.number for one in desks.conversations("", "river lock")] == [number]
    assert desks.conversations("", "100% of _") == []


def test_a_renamed_conversation_keeps_its_name(desks):
    number = desks.keep("", 0, BRIDGE).conversation
    desks.rename("", number, "  The\n river ")
    desks.keep("", number, LOCK)
    assert desks.conversations("")[0].title == "The river"


@pytest.mark.parametrize(
    ("title", "message"), [(" \n", "the title is empty"), ("x" * 201, "201 characters; the most is 200"), ("\ud800", "not valid")]
)
def test_a_title_that_is_none_is_refused(desks, title, message):
    number = desks.keep("", 0, BRIDGE).conversation
    with pytest.raises(InputError, match=message):
        desks.rename("", number, title)
    assert desks.conversations("")[0].title == "When was the bridge opened?"


def test_a_turn_that_is_asked_otherwise_takes_the_place_of_the_first(desks):
    filed = desks.keep("", 0, BRIDGE)
    desks.keep("", filed.conversation, LOCK)
    other = turn("When was the bridge opened?", "Some say 1931.")
    assert desks.exchange("", filed.turn, other)
    assert [replace(one, number=0) for one in desks.turns("", filed.conversation)] == [other, LOCK]


def test_two_pages_of_one_conversation_lose_no_turn(desks, tmp_path):
    other = Desks.open(tmp_path / "index")
    number = desks.keep("", 0, BRIDGE).conversation
    for n in range(5):
        desks.keep("", number, turn(f"here {n}?", "So."))
        other.keep("", number, turn(f"there {n}?", "So."))
    other.close()
    assert questions(desks, "", number)[1:] == [f"{where} {n}?" for n in range(5) for where in ("here", "there")]


def test_a_question_after_its_conversation_was_deleted_begins_another(desks):
    number = desks.keep("", 0, BRIDGE).conversation
    assert desks.delete("", number)
    filed = desks.keep("", number, LOCK)
    assert filed.conversation != number
    assert questions(desks, "", filed.conversation) == ["Who paid for the lock?"]


@pytest.mark.parametrize("number", [0, -1, 99, 2**70])
def test_a_conversation_that_is_not_there_is_named(desks, number):
    with pytest.raises(InputError, match="not here"):
        desks.turns("", number)
    with pytest.raises(InputError, match="not here"):
        desks.rename("", number, "mine")
    assert not desks.delete("", number)


def test_what_is_deleted_leaves_nothing_in_the_folder(desks, tmp_path):
    kept = desks.keep("", 0, BRIDGE).conversation
    gone = desks.keep("", 0, turn("What of the Zeppelin?", "A zeppelin " + "flew over it. " * 500)).conversation
    held = lambda: b"".join(path.read_bytes() for path in (tmp_path / "index").iterdir())  # noqa: E731
    (row,) = desks._file.execute("SELECT packed FROM turns WHERE conversation = ?", (gone,)).fetchall()
    assert b"Zeppelin" in held()
    assert row[0] in held()
    desks.delete("", gone)
    assert b"Zeppelin" not in held()
    assert row[0] not in held()
    assert desks._file.execute("SELECT count(*) FROM texts").fetchone() == (1,)
    assert questions(desks, "", kept) == ["When was the bridge opened?"]


def test_a_text_that_two_conversations_quote_is_kept_once_and_as_long_as_either(desks):
    first, second = (desks.keep("", 0, one).conversation for one in (BRIDGE, LOCK))
    assert desks._file.execute("SELECT count(*) FROM texts").fetchone() == (2,)
    desks.delete("", first)
    assert replace(desks.turns("", second)[0], number=0) == LOCK
    desks.delete("", second)
    assert desks._file.execute("SELECT (SELECT count(*) FROM texts) + (SELECT count(*) FROM articles)").fetchone() == (0,)


def test_the_oldest_turns_and_conversations_go_and_it_is_said(tmp_path):
    desks = Desks.open(tmp_path, limits=Limits(conversations=2, turns=3))
    first = desks.keep("", 0, BRIDGE).conversation
    for n in range(3):
        filed = desks.keep("", first, turn(f"{n}?", "So."))
    assert filed.turns_gone == 1
    assert questions(desks, "", first) == ["0?", "1?", "2?"]
    desks.keep("another", 0, BRIDGE)
    assert desks.keep("", 0, BRIDGE).conversations_gone == 0
    assert desks.keep("", 0, LOCK).conversations_gone == 1
    assert len(desks.conversations("")) == 2
    assert len(desks.conversations("another")) == 1
    desks.close()


def test_bytes_are_bounded_a_person_and_what_is_more_by_itself_is_refused(tmp_path):
    noise = "".join(chr(33 + n * n * 7919 % 9_973 % 900) for n in range(3_000))
    desks = Desks.open(tmp_path, limits=Limits(bytes=9_000))
    numbers = [desks.keep("", 0, turn(f"{n}?", noise[n:])).conversation for n in range(5)]
    kept = {one.number for one in desks.conversations("")}
    assert 0 < len(kept) < 5
    assert kept == set(numbers[-len(kept) :])
    with pytest.raises(InputError, match="quotes more than is kept"):
        desks.keep("", 0, turn("all?", *(noise[n:] for n in range(9))))
    assert {one.number for one in desks.conversations("")} == kept
    desks.close()


def test_saved_questions_and_searches_are_listed_once_each_and_removed(timed):
    filters = Filters(date(2022, 1, 1), None, ("The Daily",), undated=True, having=("a bridge",))
    asked = timed.save("", Sought.QUESTION, " Who paid? ", filters, "?q=Who+paid%3F")
    found = timed.save("", Sought.SEARCH, "cholera", Filters(), "?search=cholera")
    assert timed.save("", Sought.QUESTION, "Who paid?", filters, "?q=Who+paid%3F") == asked
    assert timed.saved("") == [found, asked]
    assert (asked.words, asked.filters, asked.made) == ("Who paid?", filters, NOON)
    assert timed.saved("another") == []
    assert not timed.unsave("another", asked.number)
    assert timed.unsave("", asked.number)
    assert timed.saved("") == [found]


def test_what_cannot_be_saved_is_named(tmp_path):
    desks = Desks.open(tmp_path, limits=Limits(saved=1))
    for words, address in (("", "?q="), ("who?", " "), ("x" * 10_001, "?q=")):
        with pytest.raises(InputError, match="give 1 to"):
            desks.save("", Sought.QUESTION, words, Filters(), address)
    desks.save("", Sought.QUESTION, "who?", Filters(), "?q=who")
    with pytest.raises(InputError, match="the most; remove one first"):
        desks.save("", Sought.QUESTION, "what?", Filters(), "?q=what")
    desks.close()


def test_the_last_visit_is_the_one_before_the_one_that_is_now(timed, clock):
    assert timed.visit("") is None
    clock.now += timedelta(minutes=40)
    assert timed.visit("") is None
    left = clock.now
    clock.now += timedelta(days=1)
    assert timed.visit("") == left
    clock.now += timedelta(minutes=59)
    assert timed.visit("") == left, "a reload is no other visit"
    assert timed.visit("another") is None
    clock.now += timedelta(hours=1)
    assert timed.visit("") == clock.now - timedelta(hours=1)


def test_a_read_only_page_keeps_nothing_and_lists_nothing(tmp_path):
    kept = Desks.open(tmp_path)
    number = kept.keep("", 0, BRIDGE).conversation
    kept.close()
    desks = Desks.open(tmp_path, read_only=True)
    assert not desks.keeps
    assert (desks.conversations(""), desks.saved(""), desks.visit("")) == ([], [], None)
    with pytest.raises(InputError, match="not here"):
        desks.turns("", number)
    for step in (
        lambda: desks.keep("", 0, BRIDGE), lambda: desks.exchange("", 1, BRIDGE), lambda: desks.rename("", number, "mine"),
        lambda: desks.delete("", number), lambda: desks.unsave("", 1), lambda: desks.save("", Sought.SEARCH, "x", Filters(), "?"),
    ):  # fmt: skip
        with pytest.raises(ReadOnly):
            step()
    desks.close()
    assert not Desks.open(tmp_path / "not there", read_only=True).keeps
    assert not (tmp_path / "not there").exists()


def test_where_no_file_can_be_made_nothing_is_kept(tmp_path, caplog):
    (tmp_path / "file").write_text("not a folder")
    assert not Desks.open(tmp_path / "file").keeps
    assert "no conversation is kept" in caplog.text


def test_a_full_disk_loses_the_new_turn_and_nothing_else(desks):
    number = desks.keep("", 0, BRIDGE).conversation
    (pages,) = desks._file.execute("PRAGMA page_count").fetchone()
    desks._file.execute(f"PRAGMA max_page_count = {pages}")
    noise = "".join(map(chr, range(1_000, 40_000)))
    with pytest.raises(ArchiveError, match="full"):
        desks.keep("", number, turn("more?", noise))
    assert questions(desks, "", number) == ["When was the bridge opened?"]
    desks._file.execute("PRAGMA max_page_count = 100000")
    desks.keep("", number, turn("more?", noise))
    assert len(desks.turns("", number)) == 2


@pytest.mark.parametrize("change", ["UPDATE texts SET packed = x'00'", "UPDATE articles SET told = x'00'", "DELETE FROM texts"])
def test_a_text_that_was_damaged_is_whole_again_once_an_answer_quotes_it(desks, change):
    number = desks.keep("", 0, BRIDGE).conversation
    desks._file.execute("PRAGMA foreign_keys = OFF")
    desks._file.execute(change)
    desks._file.execute("PRAGMA foreign_keys = ON")
    desks.keep("", number, BRIDGE)
    assert [one.answer for one in desks.turns("", number)] == [BRIDGE.answer] * 2


def test_a_damaged_conversation_is_not_gone_on_with_as_if_it_were_whole(desks):
    number = desks.keep("", 0, BRIDGE).conversation
    desks._file.execute("UPDATE conversations SET title = 'another title'")
    assert desks.keep("", number, LOCK).conversation != number
    with pytest.raises(InputError, match="not here"):
        desks.rename("", number, "a title")
    assert [one.title for one in desks.conversations("")] == ["Who paid for the lock?"]


def test_words_are_looked_for_in_a_persons_own_questions_alone(desks):
    for person in ("ada", "otto"):
        desks.keep(person, 0, BRIDGE)
    looked_at = []
    desks._file._db.create_function("folded", 1, lambda text: looked_at.append(text) or text.casefold())
    assert len(desks.conversations("ada", "bridge lock")) == 0
    assert len(looked_at) == 3
