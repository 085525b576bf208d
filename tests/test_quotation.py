from itertools import pairwise

import pytest
from hypothesis import given

from rag.english.phrases import Referent, gender, kind, tokens
from rag.english.quotations import MASK, masked, quotations
from rag.types import Span
from tests.pace import within
from tests.test_sentences import AWKWARD


def whole(text):
    return Span(0, len(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor said “yes” and «no».", ["“yes”", "«no»"]),
        ('"Yes," the mayor said. "No."', ['"Yes,"', '"No."']),
        ("„Yes“, said the mayor.", ["„Yes“"]),
        ('“Yes," said the mayor.', ['“Yes,"']),
        ("‘The boats’ owners agree,’ he said.", ["‘The boats’ owners agree,’"]),
        ("'It doesn't change,' he said.", ["'It doesn't change,'"]),
        ("The fishermen’s wives’ clubs of the ’60s don’t meet.", []),
        ("Fishermen's wives' clubs of the '60s don't meet, rock 'n' roll clubs do.", []),
        ("She said “the ‘old’ pier, and the “new” one”.", ["“the ‘old’ pier, and the “new”"]),
        # a quotation left open goes on in the next paragraph, which opens with the same mark
        ("“One.\n\n“Two,” he said.", ["“One.\n\n“Two,”"]),
        ('"One.\n\n"Two," he said.', ['"One.\n\n"Two,"']),
        # a forgotten closing mark reaches no further than its paragraph
        ("He said “yes.\n\nThe pier is old.", ["“yes."]),
        ('A pier of 6" planks.\n\nThe pier is "old".', ['"old"']),
        ("", []),
    ],
)
def test_marks_in_pairs(text, expected):
    assert [span.of(text) for span in quotations(text, whole(text))] == expected


def test_a_quotation_is_one_token():
    text = "The mayor said: “We wait.”"
    assert [token.word for token in tokens(text, whole(text), quotations(text, whole(text)))] == ["The", "mayor", "said", ":", MASK * 10]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the harbour master", Referent.PERSON),
        ("a spokeswoman for Northgate Council", Referent.PERSON),
        ("officials", Referent.MANY),
        ("Northgate Council", Referent.BODY),
        ("South Bay", Referent.BODY),
        ("the report", Referent.DOCUMENT),
        ("the tide", Referent.UNKNOWN),
        ("Tidewatch", Referent.UNKNOWN),
        ("", Referent.UNKNOWN),
    ],
)
def test_what_a_phrase_names(text, expected):
    assert kind(tokens(text, whole(text), [])) is expected


def test_a_title_or_role_tells_he_from_she():
    assert [gender(tokens(text, whole(text), [])) for text in ("the chairwoman", "the spokesman", "the mayor")] == ["she", "he", ""]


@given(AWKWARD)
def test_quotations_are_in_order_disjoint_and_masked(text):
    found = quotations(text, whole(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= span.start < span.end <= len(text) for span in found)
    assert len(masked(text, whole(text), found)) == len(text)


@pytest.mark.parametrize("piece", ['"', "“", "'a ", "‘a ", "s' ", '" “a', "a'", "“a\n\n", "A.", "a-", "€’", "‘’"])
def test_hostile_text_takes_no_long_time(piece):
    text = (piece * 100_000)[:100_000]
    with within(1):
        quotations(text, whole(text))
