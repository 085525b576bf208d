"""What a browser may send, however it was made: done, or refused with a reason, and never half done."""

import copy
import threading
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag import Archive, Filters
from rag.web import filtering, pane
from rag.web.actions import arrive, perform
from rag.web.desk import Desk, looking, shown
from rag.web.page import page
from rag.web.seat import Seat
from rag.web.tabs import articles, ask
from rag.web.taking import permalink
from rag.web.visit import Visit


@pytest.fixture
def desk(archive, make):
    archive.add([make("a", "The bridge opened in 1932.", source="S", published=date(2020, 1, 1)), make("b", "The ferry sank.")])
    return perform({"do": "ask", "more": "bridge opened"}, Desk(), Visit(archive, can_write=True))


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ({}, "unknown"),
        ({"do": "dance"}, "unknown"),
        ({"do": "open", "turn": "7", "quote": "0"}, "no longer on the page"),
        ({"do": "open", "turn": "-1", "quote": "0"}, "no longer on the page"),
        ({"do": "open", "turn": "0", "quote": "99"}, "no longer on the page"),
        ({"do": "open", "turn": "x", "quote": "0"}, "no number"),
        ({"do": "article", "more": "nowhere"}, "no longer in the archive"),
        ({"do": "export", "turn": "0", "more": "exe"}, "is no format"),
        ({"do": "feedback", "turn": "0", "more": "maybe"}, "right, wrong or missing"),
        ({"do": "feedback", "turn": "0", "more": "right", "quote": "99"}, "no longer on the page"),
        ({"do": "shelf", "order": "random"}, "cannot be sorted"),
        ({"do": "remove", "more": "a"}, "asked twice"),
        ({"do": "filters", "after": "yesterday"}, "is not a day"),
        ({"do": "filters", "after": "2022-01-02", "before": "2022-01-01"}, "is later than"),
        ({"do": "filters", "sources": "S"}, "no list"),
        ({"do": "filters", "after": "2022-01-02", "undated": "include"}, "'include' is neither true nor false"),
        ({"do": "note", "more": "a", "sha256": "0", "start": "0", "end": "3", "text": "x"}, "has changed"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_changes_nothing(desk, archive, action, reason):
    after = perform(action, desk, Visit(archive, can_write=True))
    assert reason in after.said
    assert (after.turns, after.filters, after.opened, after.shelf) == (desk.turns, desk.filters, desk.opened, desk.shelf)
    assert archive.status().articles == 2
    assert archive.feedback() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "do",
                "turn",
                "quote",
                "more",
                "after",
                "before",
                "as_of",
                "guessed",
                "undated",
                "sources",
                "order",
                "words",
                "start",
                "end",
                "text",
                "sha256",
            ]
        ),
        st.one_of(
            st.text(max_size=20),
            st.integers(),
            st.none(),
            st.lists(st.text(max_size=5), max_size=3),
            st.sampled_from(["a", "0", "step", "page", "export"]),
        ),
    )
)
def test_nothing_that_is_sent_breaks_the_page(desk, archive, action):
    perform(action, desk, Visit(archive, can_write=True))
    assert archive.status().articles == 2


def test_as_of_a_day_is_the_earlier_of_the_two_last_days(desk, archive):
    after = perform({"do": "filters", "before": "2022-05-01", "as_of": "2021-01-01"}, desk, Visit(archive, can_write=True))
    assert after.filters == Filters(None, date(2021, 1, 1), None)
    assert after.as_of == date(2021, 1, 1)
    assert perform({"do": "nofilters"}, after, Visit(archive, can_write=True)).filters == Filters()


def test_an_empty_question_asks_nothing(archive):
    after = perform({"do": "ask", "more": "  "}, Desk(), Visit(archive, can_write=True))
    assert after.turns == ()
    assert after.said == "there is no question yet; type one first."


def test_an_address_asks_with_its_filters_or_not_at_all(archive, make):
    archive.add([make("a", "The bridge opened in 1932.", source="S", published=date(2020, 1, 1)), make("b", "The bridge is red.")])
    desk = arrive([("q", "bridge"), ("source", "S"), ("after", "2019-01-01")], Visit(archive, can_write=True))
    assert desk.turns[0].answer.searched.articles == 1
    refused = arrive([("q", "bridge"), ("source", "S"), ("after", "2019-13-01")], Visit(archive, can_write=True))
    assert refused.turns == ()
    assert "is not a day" in refused.said


def test_guessed_days_and_undated_articles_are_asked_where_their_boxes_are_ticked(unsure):
    form = {"do": "filters", "after": "2020-01-01", "guessed": "true", "undated": "true"}
    desk = perform(form, Desk(), Visit(unsure, can_write=True))
    assert (desk.filters, desk.said) == (Filters(date(2020, 1, 1), guessed=True, undated=True), "The filters leave 3 articles.")
    asked = perform({"do": "ask", "more": "bridge"}, desk, Visit(unsure, can_write=True))
    link = permalink(asked.turns[0], asked.turns[0].answer.searched.filters)
    assert link == "?q=bridge&after=2020-01-01&guessed=true&undated=true"
    again = arrive([("q", "bridge"), ("after", "2020-01-01"), ("undated", "true")], Visit(unsure, can_write=True))
    assert again.turns[0].answer.searched.filters == Filters(date(2020, 1, 1), undated=True)
    # a follow-up has them too, and so has a question that is asked again in its own words
    assert perform({"do": "ask", "more": "And the ferry?"}, desk, Visit(unsure, can_write=True)).turns[0].answer.searched.filters == desk.filters
    assert perform({"do": "alone", "turn": "0"}, asked, Visit(unsure, can_write=True)).turns[0].answer.searched.filters == desk.filters
    assert perform({"do": "filters", "after": "2020-01-01"}, desk, Visit(unsure, can_write=True)).filters == Filters(date(2020, 1, 1))


def test_the_last_day_and_what_was_known_are_two_things(desk, archive):
    after = perform({"do": "filters", "before": "2022-05-01", "as_of": "2021-01-01"}, desk, Visit(archive, can_write=True))
    form = filtering.show(after, Visit(archive, can_write=True))
    assert 'name="before" value="2022-05-01"' in form
    assert 'name="as_of" value="2021-01-01"' in form


def test_every_part_can_be_drawn_after_every_step(desk, archive):
    last = str(len(shown(desk.turns[0])) - 1)
    steps = [
        {"do": "open", "turn": "0", "quote": last},
        {"do": "ask", "more": "And the ferry?"},
        {"do": "alone", "turn": "1"},
        {"do": "alone", "turn": "0"},
        {"do": "lift", "turn": "0"},
        {"do": "removing", "more": "a"},
        {"do": "remove", "more": "a"},
        {"do": "step", "more": "-1"},
        *({"do": "ask", "more": f"ferry {n}"} for n in range(50)),
        {"do": "shelf", "words": "", "order": "title"},
        {"do": "clear"},
    ]
    for action in steps:
        desk = perform(action, desk, Visit(archive, can_write=True))
        opened = pane.show(desk, Visit(archive, can_write=True))
        assert ask.show(desk, Visit(archive, can_write=True))
        assert articles.TAB.show(desk, Visit(archive, can_write=True))
        if desk.opened and not archive.article(desk.opened.article.id):
            assert "removed from the archive" in opened


def test_steps_that_overlap_do_not_undo_each_other():
    seat = copy.deepcopy(Seat())
    seat.take(Desk())
    started, go_on = threading.Event(), threading.Event()

    def slow(desk):
        started.set()
        go_on.wait(90)
        return replace(desk, written=desk.written + 1)

    slowly = threading.Thread(target=seat.step, args=(slow,))
    slowly.start()
    started.wait(90)
    quickly = threading.Thread(target=seat.step, args=(lambda desk: replace(desk, said="quick"),))
    quickly.start()
    go_on.set()
    slowly.join(90)
    quickly.join(90)
    _, now = seat.step(lambda desk: desk)
    assert (now.written, now.said) == (1, "quick")
    assert not copy.deepcopy(seat).taken()


def test_a_search_that_takes_long_does_not_come_over_what_was_typed_since(archive, make, monkeypatch):
    archive.add([make("a", "The bridge opened in 1932.")])
    blocks = page(archive, can_write=True)
    act = next(one.fn for one in blocks.fns.values() if one.name == "_act")
    seat, visitor, shown = Seat(), SimpleNamespace(username=None), {}
    seat.take(looking(Desk(), "search"))
    started, go_on = threading.Event(), threading.Event()

    def find(words, **options):
        if words == "br":
            started.set()
            go_on.wait(90)
        return Archive.find(archive, words, **options)

    def search(words):
        parts = act(seat, SimpleNamespace(_data={"do": "find", "words": words}), visitor)
        shown[words] = [part for part in parts if isinstance(part, str) and words in part]

    monkeypatch.setattr(archive, "find", find)
    slowly = threading.Thread(target=search, args=("br",))
    slowly.start()
    started.wait(90)
    search("bridge")
    go_on.set()
    slowly.join(90)
    # the results, and the page's address
    assert {words: len(parts) for words, parts in shown.items()} == {"bridge": 2, "br": 0}


def test_old_turns_go_so_that_a_visitor_s_memory_is_bounded(desk, archive):
    for n in range(60):
        desk = perform({"do": "ask", "more": f"ferry {n}"}, desk, Visit(archive, can_write=True))
    assert len(desk.turns) == 50
    assert desk.turns[-1].understood.question == "ferry 59"
