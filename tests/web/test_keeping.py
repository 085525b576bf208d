"""Turns are kept as they are answered, for whom they are, and shown all the same where they cannot be."""

from dataclasses import replace

import pytest

from rag.desks import Desks, Limits
from rag.desks.form import FILE
from rag.web.actions import arrive, perform
from rag.web.desk import Desk
from rag.web.keeping import fields
from rag.web.tabs import ask, conversations
from rag.web.visit import Visit

BRIDGE = {"do": "ask", "more": "When was the bridge opened?"}


@pytest.fixture
def bridge(archive, make):
    archive.add([make("a", "The bridge was opened in 1932."), make("b", "The lock was opened in 1933.")])
    return archive


@pytest.fixture
def visit(bridge, tmp_path):
    with Desks.open(tmp_path / "index") as desks:
        yield Visit(bridge, can_write=True, desks=desks)


def test_an_address_opens_the_conversation_as_it_was(visit):
    first = perform(BRIDGE, Desk(), visit)
    assert arrive(fields(first), visit).said == "1 question, as it was answered."
    desk = perform({"do": "ask", "more": "And who paid?"}, first, visit)
    again = arrive([("conversation", str(desk.conversation))], visit)
    assert again.said == "2 questions, as they were answered."
    assert again.turns == desk.turns
    assert fields(again) == fields(desk) == [("conversation", str(desk.conversation))]


@pytest.mark.parametrize("number", ["7", "-1", "0", str(2**80), "one", "1; DROP TABLE turns"])
def test_an_address_of_no_conversation_says_so(visit, number):
    perform(BRIDGE, Desk(), visit)
    desk = arrive([("conversation", number)], visit)
    assert desk.turns == ()
    assert "not here" in desk.said or "no number" in desk.said


def test_a_question_searched_otherwise_takes_the_place_of_the_first(visit):
    desk = perform({"do": "ask", "more": "And the lock?"}, perform(BRIDGE, Desk(), visit), visit)
    assert desk.turns[1].understood.carried
    desk = perform({"do": "alone", "turn": "1"}, desk, visit)
    assert not desk.turns[1].understood.carried
    assert visit.desks.turns("", desk.conversation) == list(desk.turns)


def test_an_answer_that_cannot_be_kept_is_shown_and_it_is_said(visit):
    (pages,) = visit.desks._file.execute("PRAGMA page_count").fetchone()
    visit.desks._file.execute(f"PRAGMA max_page_count = {pages}")
    desk = Desk()
    for _ in range(30):
        desk = perform(BRIDGE, desk, visit)
        if "not kept" in desk.said:
            break
    assert "1 quote from 1 article. This is not kept: the archive cannot be used just now" in desk.said
    assert desk.turns[-1].answer.quotes
    assert not desk.turns[-1].number
    visit.desks._file.execute("PRAGMA max_page_count = 100000")
    assert perform(BRIDGE, desk, visit).turns[-1].number


def test_what_goes_to_make_room_is_said(bridge, tmp_path):
    with Desks.open(tmp_path / "desks", limits=Limits(conversations=1, turns=1)) as desks:
        visit = Visit(bridge, can_write=True, desks=desks)
        desk = perform(BRIDGE, Desk(), visit)
        desk = perform(BRIDGE, desk, visit)
        assert desk.said.endswith("The oldest question of this conversation went to make room.")
        assert perform(BRIDGE, Desk(), visit).said.endswith("The oldest conversation went to make room.")


def test_a_conversation_is_deleted_only_when_asked_twice(visit):
    desk = perform(BRIDGE, Desk(), visit)
    number = str(desk.conversation)
    assert "asked twice" in perform({"do": "delete", "more": number}, desk, visit).said
    desk = perform({"do": "delete", "more": number}, perform({"do": "deleting", "more": number}, desk, visit), visit)
    assert (desk.turns, desk.conversation) == ((), 0)
    assert visit.desks.conversations("") == []


def test_a_title_is_shown_as_the_characters_that_it_is(visit):
    desk = perform({"do": "ask", "more": "Who <script>opened</script> the bridge?"}, Desk(), visit)
    shown = conversations.TAB.show(desk, visit)
    assert "<script" not in shown
    assert "Who &lt;script&gt;opened&lt;/script&gt; the bridge?" in shown


def test_where_no_file_can_be_made_the_page_goes_on_and_says_so(bridge, tmp_path):
    (tmp_path / "taken").write_text("no folder")
    with Desks.open(tmp_path / "taken") as desks:
        visit = Visit(bridge, can_write=True, desks=desks)
        desk = perform(BRIDGE, arrive([], visit), visit)
        assert desk.turns[0].answer.quotes
        assert "cannot be written to" in conversations.TAB.show(desk, visit)
        assert "read only here" in perform({"do": "save", "turn": "0"}, desk, visit).said


def test_a_damaged_file_does_not_stop_an_answer(visit):
    desk = perform(BRIDGE, Desk(), visit)
    with visit.desks._file.path.open("r+b") as file:
        file.seek(0)
        file.write(b"x" * 40_000)
    answered = perform(BRIDGE, desk, visit)
    assert answered.turns[-1].answer.quotes
    assert perform(BRIDGE, answered, visit).turns[-1].number


def test_a_search_is_saved_with_its_filters_and_its_address_finds_it_again(visit):
    desk = arrive([("find", "opened lock"), ("order", "newest")], visit)
    desk = perform({"do": "save_search"}, desk, visit)
    assert desk.said == "The search is saved, in “Conversations”."
    (saved,) = visit.desks.saved("")
    assert (saved.sought, saved.words) == ("search", "opened lock")
    again = arrive([tuple(pair.split("=")) for pair in saved.address.removeprefix("./?").replace("+", " ").split("&")], visit)
    assert again.search == desk.search
    assert "opened lock" in conversations.TAB.show(again, visit)


def test_no_step_or_address_leads_into_anothers_conversation(visit):
    ada, ben = (replace(visit, person=name) for name in ("ada", "ben"))
    desk = perform(BRIDGE, arrive([], ada), ada)
    number, turn = str(desk.conversation), desk.turns[0].number
    assert arrive([("conversation", number)], ada).turns
    for who in (ben, visit):
        tried = arrive([("conversation", number)], who)
        for action in (
            {"do": "reopen", "more": number}, {"do": "take", "turn": number, "more": "json"}, {"do": "rename", "more": number, "title": "mine"},
            {"do": "deleting", "more": number}, {"do": "delete", "more": number},
        ):  # fmt: skip
            tried = perform(action, tried, who)
            assert (tried.turns, tried.file) == ((), "")
        assert "bridge" not in conversations.TAB.show(tried, who)
        assert not visit.desks.exchange(who.whose, turn, desk.turns[0])
    assert [one.title for one in visit.desks.conversations("ada")] == ["When was the bridge opened?"]


def test_the_start_page_opens_where_what_is_kept_cannot_be_read(bridge, tmp_path):
    with Desks.open(tmp_path / "index") as desks:
        perform(BRIDGE, Desk(), Visit(bridge, can_write=True, desks=desks))
    # opened anew, so that nothing of it is in memory when it is spoiled
    with Desks.open(tmp_path / "index") as desks:
        file = tmp_path / "index" / FILE
        data = file.read_bytes()
        file.write_bytes(data[:4_096] + b"\xff" * (len(data) - 4_096))
        assert "read the articles’ own words" in ask.show(Desk(), Visit(bridge, can_write=True, desks=desks))
