import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Span
from rag.web.marks import Mark, pieces


def test_overlapping_marks_cut_the_text_where_each_begins_and_ends():
    cut = pieces("abcdef", [Mark(Span(1, 4), "quote", "q"), Mark(Span(3, 6), "passage")])
    assert [(piece.text, piece.looks, piece.names) for piece in cut] == [
        ("a", (), ()), ("bc", ("quote",), ("q",)), ("d", ("passage", "quote"), ()), ("ef", ("passage",), ()),
    ]  # fmt: skip


def test_a_text_without_marks_is_one_piece_and_an_empty_one_none():
    assert [piece.text for piece in pieces("abc", [])] == ["abc"]
    assert pieces("", [Mark(Span(0, 0), "quote")]) == []


def test_a_mark_beyond_the_text_is_an_error():
    with pytest.raises(ValueError, match="beyond"):
        pieces("abc", [Mark(Span(1, 4), "quote")])


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_joined_the_pieces_are_the_text_and_each_mark_covers_its_own_characters(text, edges):
    marks = [Mark(Span(min(pair), max(pair)), f"m{n}", f"n{n}") for n, pair in enumerate(edges) if max(pair) <= len(text)]
    cut = pieces(text, marks)
    assert "".join(piece.text for piece in cut) == text
    for mark in marks:
        assert "".join(piece.text for piece in cut if mark.look in piece.looks) == mark.span.of(text)
        assert sum(mark.name in piece.names for piece in cut) == (len(mark.span) > 0)
