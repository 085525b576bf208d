import dataclasses

import pytest

from rag.types import Filters, Hit, Kind, Part, Passage, Quote, Span


def test_a_span_is_the_characters_from_start_to_end():
    assert Span(4, 7).of("The bridge") == "bri"
    assert len(Span(4, 7)) == 3


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_that_does_not_run_forward_cannot_be_made(start, end):
    with pytest.raises(ValueError, match="runs forward"):
        Span(start, end)


@pytest.mark.parametrize(("inner", "covered"), [(Span(2, 4), True), (Span(0, 5), True), (Span(4, 6), False)])
def test_covers(inner, covered):
    assert Span(0, 5).covers(inner) is covered


def test_offsets_count_code_points_not_bytes(make):
    bridge = make("b", "\U0001f309 opens é")
    assert Passage(bridge, Span(2, 7)).text == "opens"


def test_values_cannot_be_changed(make):
    quote = Quote(make("a", "Some text."), Span(0, 4), 1.0, 0.5, Span(0, 10))
    with pytest.raises(dataclasses.FrozenInstanceError):
        quote.span = Span(0, 5)
    with pytest.raises((AttributeError, TypeError)):
        quote.text = "Other"


def test_a_passage_has_a_key_and_a_hit_a_score(make):
    hit = Hit(Passage(make("a", "Some text."), Span(5, 9)), 0.5)
    assert (hit.passage.key, hit.passage.text, hit.score) == ("a:5-9", "text", 0.5)


@pytest.mark.parametrize(
    ("span", "is_own", "may_quote"),
    [((0, 4), True, False), ((0, 10), True, True), ((5, 10), True, True), ((5, 12), False, False), ((10, 15), False, False), ((15, 16), True, True)],
)
def test_what_is_the_articles_own_and_more_than_a_heading_may_be_quoted(make, span, is_own, may_quote):
    parts = (Part(Span(0, 4), Kind.HEADING), Part(Span(5, 10), Kind.BODY), Part(Span(11, 15), Kind.CAPTION))
    made = dataclasses.replace(make("a", "Head body. capt x"), parts=parts)
    assert (made.is_own(Span(*span)), made.may_quote(Span(*span))) == (is_own, may_quote)


def test_filters_are_false_only_when_nothing_is_filtered():
    assert not Filters()
    assert Filters(sources=())
