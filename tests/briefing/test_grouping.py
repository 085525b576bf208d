from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Span, article
from rag.briefing.grouping import _linked, grouped
from rag.store import Entry

DAY = date(2024, 5, 1)


def entry(id, vector, text, day=DAY):
    unit = np.array([vector], dtype=np.float32) / np.linalg.norm(vector)
    return Entry(article(id, text, f"{text}.", published=day), [Span(0, len(text))], unit)


def stories(entries, copies=frozenset()):
    return grouped(entries, lambda _: 1.0, copies)[0]


def alike(*rows):
    return np.array(rows, dtype=float)


def test_articles_on_one_event_are_one_story_and_others_are_not():
    flood = [entry("a", [1, 0.1], "River floods Arle"), entry("b", [1, 0.2], "Arle river floods homes")]
    assert stories([flood[0], entry("c", [-0.2, 1], "Chess final begins"), flood[1]]) == [[0, 2], [1]]


def test_the_same_event_a_year_later_is_another_story():
    first, second = entry("a", [1, 0], "River floods Arle"), entry("b", [1, 0], "River floods Arle", DAY + timedelta(days=365))
    assert stories([first, second]) == [[0], [1]]
    assert stories([first, entry("b", [1, 0], "River floods Arle")]) == [[0, 1]]


def test_an_undated_report_of_an_event_is_of_its_story_and_a_copy_without_a_day_parts_nothing():
    told = [entry(id, [1, 0.1], "River floods Arle") for id in "ab"]
    undated = entry("c", [1, 0.1], "River floods Arle", None)
    assert stories([*told, undated]) == [[0, 1, 2]]
    assert stories([*told, undated], {(0, 2)}) == [[0, 1, 2]]


def test_near_copies_are_one_story_whatever_their_day():
    first, second = entry("a", [1, 0], "River floods Arle"), entry("b", [1, 0], "River floods Arle", DAY + timedelta(days=60))
    assert stories([first, second], {(0, 1)}) == [[0, 1]]


def test_an_article_does_not_join_two_that_are_unlike():
    # each is like its neighbours and like no other: a chain
    number = 12
    chain = np.eye(number) + 0.5 * (np.eye(number, k=1) + np.eye(number, k=-1))
    assert max(map(len, _linked(chain))) == 2


def test_what_is_most_alike_comes_together_first():
    assert _linked(alike([1, 0.4, 0], [0.4, 1, 0.6], [0, 0.6, 1])) == [[0], [1, 2]]


def test_none_and_one_are_grouped():
    assert _linked(np.zeros((0, 0))) == []
    assert _linked(np.ones((1, 1))) == [[0]]


@settings(max_examples=60)
@given(st.integers(0, 9).flatmap(lambda size: st.lists(st.lists(st.floats(-1, 1), min_size=size, max_size=size), min_size=size, max_size=size)))
def test_every_article_is_in_one_story_and_its_stories_members_are_alike_on_average(rows):
    square = np.array(rows, dtype=float).reshape(len(rows), len(rows))
    square = (square + square.T) / 2
    groups = _linked(square)
    assert sorted(place for group in groups for place in group) == list(range(len(rows)))
    for group in groups:
        inner = [square[a, b] for a in group for b in group if a < b]
        assert len(group) == 1 or np.mean(inner) > 0.3
