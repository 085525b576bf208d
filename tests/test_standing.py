import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.differences import Standing, standing, wanted
from rag.types import Span
from rag.values import quantities
from tests.pace import within

FACT, PLAN, MOVED, CHANCE, DENIED = Standing.FACT, Standing.PLAN, Standing.MOVED, Standing.CHANCE, Standing.DENIED


def said(text, asked=""):
    """How each value of a sentence is said, in order."""
    whole = Span(0, len(text))
    return [standing(text, whole, value, frozenset(asked.lower().split())) for value in quantities(text, whole)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The airport opened on Saturday, 31 October 2020, as planned.", FACT),
        ("The airport will open on 3 June 2012.", FACT | PLAN),
        ("The airport will now open on 3 June 2012.", MOVED),
        ("The airport is due to open in May 2012.", PLAN),
        ("The airport opens in May 2012.", FACT),
        ("The airport could open in May 2012.", CHANCE),
        ("If the doors close, the airport opens in May 2012.", CHANCE),
        ("The airport was due to open on 3 June 2012.", DENIED),
        ("The airport was first meant to open on 3 June 2012.", DENIED),
        ("The airport will not, the operator said, open on 3 June 2012.", DENIED),
        ("The airport won't open on 3 June 2012.", DENIED),
        ("On 3 June 2012, the airport did not open.", DENIED),
        ("The opening was called off on Tuesday, 8 May 2012.", DENIED),
        ("The opening was postponed on 8 May 2012.", DENIED),
        ("The opening was postponed to 8 May 2012.", MOVED),
        ("The opening was postponed until 8 May 2012.", MOVED),
        ("The mayor announced late on Tuesday, 8 May 2012, that the airport opened.", DENIED),
        ("The mayor said that the airport opened on 8 May 2012.", FACT),
        ("The airport did not open until 31 October 2020.", FACT),
        ("The airport will not open before May 2012.", FACT | PLAN),
    ],
)
def test_a_day(text, expected):
    assert said(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The fire killed 12 people.", FACT),
        ("The fire killed not only 12 people.", FACT),
        ("The fire, which was not put out, killed 12 people.", FACT),
        ("The fire did not kill 12 people.", DENIED),
        ("The ministry denied that 12 people died.", DENIED),
        ("Reports that 12 people were killed in the fire are false.", DENIED),
        ("Some 12 people may have been killed.", CHANCE),
        ("The hall will cost $12 million.", PLAN),
        ("The hall is expected to cost $12 million.", PLAN),
        ("The hall was supposed to cost $12 million.", DENIED),
    ],
)
def test_an_amount(text, expected):
    assert said(text) == [expected]


def test_each_value_has_its_own_clause():
    text = "The airport, which was due to open on 3 June 2012, opened on 31 October 2020 but is expected to close in 2050."
    assert said(text) == [DENIED, FACT, PLAN]


def test_what_the_question_asks_for_is_no_denial():
    assert said("The opening was called off on 8 May 2012.", asked="When was the opening called off") == [FACT]
    assert said("The airline has not flown 12 people home.", asked="How many people has it not flown home") == [FACT]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did the airport open?", FACT),
        ("When will the airport open?", FACT | PLAN | MOVED),
        ("When is the opening?", FACT | PLAN | MOVED),
        ("How much could it cost?", FACT | PLAN | MOVED | CHANCE),
    ],
)
def test_a_question_wants_plans_where_it_asks_for_them(question, expected):
    assert wanted(question) == expected


@pytest.mark.parametrize("unit", ["not ", "was due to ", "a, ", "said ", "on Tuesday, ", "12 people ", "to be 12 ", "from ", "put x x x ", "("])
def test_hostile_text_takes_no_long_time(unit):
    text = f"{(unit * 20_000)[:20_000]} on 3 May 2012 {(unit * 20_000)[:20_000]}"
    whole = Span(0, len(text))
    (day,) = [value for value in quantities(text, whole) if value.span.of(text) == "3 May 2012"]
    with within(2):
        for _ in range(100):
            standing(text, Span(max(0, day.span.start - 400), day.span.end + 400), day)


@given(st.text(), st.text())
def test_nothing_raises(text, question):
    said(text, question)
    wanted(question)
