import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.words import Words
from rag.values import figures, near_copies, wording
from tests.pace import within

LONG = "The council of the town met on the first evening of spring and heard what its treasurer had to say of the harbour: {}, she said, in the year."


def words(text):
    return [word for word, _ in wording(text)]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("$40,000", "£40,000"),
        ("€40,000", "¥40,000"),
        ("A$40,000", "NZ$40,000"),
        ("40 dollars", "40 euros"),
        ("USD 40", "CHF 40"),
        ("−7 degrees", "7 degrees"),
        ("-7 degrees", "7 degrees"),
        ("–7 degrees", "7 degrees"),
        ("minus 7 degrees", "7 degrees"),
        ("-$7 million", "$7 million"),
        ("7 °C", "7 °F"),
        ("7 degrees Celsius", "7 degrees Fahrenheit"),
        ("7%", "7 boats"),
        ("7 per cent", "7 percentage points"),
        ("7 km", "7 miles"),
        ("7 kg", "7 tonnes"),
        ("7 million", "7 billion"),
    ],
)
def test_what_differs_in_sign_currency_or_unit_is_other_words_other_figures_and_no_copy(a, b):
    assert words(a) != words(b)
    assert Words.of(b).end_of(Words.of(a)) is None
    assert not near_copies(f"It was {a}.", f"It was {b}.")
    # of long texts a word may differ, so that their figures are compared
    assert near_copies(LONG.format(a), LONG.format(b))
    assert figures(LONG.format(a)) != figures(LONG.format(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("47 500 tonnes", "47,500 tonnes"),
        ("47 500 tonnes", "47,500 tonnes"),
        ("47 500 tonnes", "47,500 tonnes"),
        ("47 500 tonnes", "47,500 tonnes"),
        ("47'500 tonnes", "47,500 tonnes"),
        ("47’500 tonnes", "47,500 tonnes"),
        ("2 047 500 tonnes", "2047500 tonnes"),
        ("2.047.500 tonnes", "2,047,500 tonnes"),
        ("20,47,500 tonnes", "2,047,500 tonnes"),
        ("2,5 million people", "2.5 million people"),
        ("47 500,25 euros", "€47,500.25"),
        ("47.500,25 euros", "€47,500.25"),
        ("0,125 litres", "0.125 litres"),
        ("$3.5m", "3.5 million dollars"),
        ("US$40", "USD 40"),
        ("£2bn", "2 billion pounds"),
        ("7%", "7 per cent"),
        ("7 °C", "7 degrees Celsius"),
        ("7 km", "7 kilometres"),
        ("−7", "-7"),
        ("minus 7", "–7"),
    ],
)
def test_ways_to_write_one_number_are_the_same_words(a, b):
    assert words(a) == words(b)
    assert Words.of(f"It was {b}.").end_of(Words.of(a)) == len(f"It was {b}")
    assert figures(a) == figures(b)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20-30", ["20", "30"]),
        ("7%-9%", ["7", "%", "9", "%"]),
        ("mid-2022", ["mid", "2022"]),
        ("2022-10-19", ["2022", "10", "19"]),
        ("F-16 or A320", ["f", "16", "or", "a320"]),
        ("On May 12 300 came", ["on", "may", "12", "300", "came"]),
        ("in 2010 300 came", ["in", "2010", "300", "came"]),
        ("version 1.2.3 at 5:19", ["version", "1.2.3", "at", "5:19"]),
        ("3,5,7", ["3,5,7"]),
        ("3,500", ["3500"]),
        ("1.234", ["1.234"]),
        ("020 794", ["020", "794"]),
    ],
)
def test_a_dash_is_no_minus_and_a_space_no_mark_of_thousands_where_they_are_not(text, expected):
    assert words(text) == expected


def test_a_number_stands_in_one_with_a_unit_and_not_in_another():
    assert Words.of("It cost $40.").end_of(Words.of("40")) == len("It cost $40")
    assert Words.of("It fell by 40%.").end_of(Words.of("40")) == len("It fell by 40")
    assert Words.of("It fell to −40.").end_of(Words.of("40")) is None


def test_figures_are_told_by_what_they_are_worth():
    assert figures("One ship of 2,000 metres, or 2 km, at 5:19: five or six, 12%, −$3") == [
        (2000.0, "m"), (2000.0, "m"), "5:19", (5.0, ""), (6.0, ""), (12.0, "%"), (-3.0, "USD"),
    ]  # fmt: skip


@given(st.integers(0, 10**14), st.sampled_from([",", " ", "\u2009", "\u202f", "\u00a0", "'", "\u2019"]))
def test_any_whole_number_is_the_same_with_any_mark_between_its_thousands(number, mark):
    assert words(f"{number:,}".replace(",", mark)) == [str(number)]


@given(st.text())
def test_words_end_in_order_and_nothing_raises(text):
    ends = [end for _, end in wording(text)]
    assert ends == sorted(ends)
    assert all(0 < end <= len(text) for end in ends)
    figures(text)


@pytest.mark.parametrize(
    "unit", ["1,", "11,", "111,", "111 ", "1.", "minus ", "-", "$", "US$", "USD ", "1 million ", "\u00b0", "per cent ", "a", "\u5317"]
)
def test_hostile_text_takes_no_long_time(unit):
    text = (unit * 100_000)[:100_000]
    with within(5):
        words(text)
        figures(text)
