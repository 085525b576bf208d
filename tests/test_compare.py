import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import article, read_articles
from rag.compare import differences
from rag.corpus import canonical
from rag.sentences import sentences
from rag.types import Article, Quote, Span
from tests.conftest import SHARED

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "differences.jsonl").read_text().splitlines()]
MET = [case for case in CASES if "known_miss" not in case]
MISSED = [case for case in CASES if "known_miss" in case]


def whole(number, text, published=None, title="Report"):
    made = article(f"a{number}", title, text, published=published)
    span = Span(0, len(made.text))
    return Quote(made, span, 1.0, 1.0, span)


def quotes_of(case):
    return [whole(n, text, date.fromisoformat(day) if day else None) for n, (day, text) in enumerate(case["texts"])]


def found(case):
    return [value.value for difference in differences(case["question"], quotes_of(case)) for value in difference.values]


@pytest.mark.parametrize("case", MET, ids=lambda case: case["id"])
def test_the_values_that_differ_are_found_and_no_others(case):
    assert found(case) == case["values"]


@pytest.mark.parametrize("case", MISSED, ids=lambda case: case["id"])
def test_what_is_known_to_be_missed_is_missed_and_not_wrong(case):
    assert case["values"]
    assert found(case) == []


def test_precision_and_recall_over_the_table():
    right = sum(bool(case["values"]) and found(case) == case["values"] for case in CASES)
    shown = sum(bool(found(case)) for case in CASES)
    there = sum(bool(case["values"]) for case in CASES)
    assert len(CASES) >= 250
    assert right == shown
    # measured .907, on cases most of which it was made with: of new ones expect less
    assert right / there >= 0.89


def test_a_value_says_where_it_stands_and_when_it_was_published():
    first, second = date(2012, 5, 1), date(2013, 5, 1)
    quotes = [whole(0, "The hotel has 340 rooms, it says.", second), whole(1, "Guests like it. The hotel has 310 rooms.", first)]
    (difference,) = differences("How many rooms does the hotel have?", quotes)
    assert difference.about == "rooms"
    assert [(value.value, value.quote, value.published) for value in difference.values] == [("310", 1, first), ("340", 0, second)]
    assert [value.span for value in difference.values] == [Span(30, 33), Span(14, 17)]


@pytest.mark.parametrize(
    ("question", "a", "b", "about"),
    [
        ("When did the airport open?", "The airport opened in 2012.", "The airport opened in 2020.", "open"),
        ("How much did the tunnel cost?", "The tunnel cost $3m.", "The tunnel cost $5m.", "cost"),
        ("How many people were killed in the fire?", "The fire killed 12 people.", "The fire killed 15 people.", "people"),
        ("Who owns the overseas stations?", "It owns 54 overseas stations.", "It owns 102 overseas stations.", "stations"),
    ],
)
def test_it_is_about_a_word_of_the_question(question, a, b, about):
    assert [difference.about for difference in differences(question, [whole(0, a), whole(1, b)])] == [about]


def test_a_question_may_ask_for_two_numbers():
    a, b = "There are 54 stations in 21 countries.", "There are 102 stations in 53 countries."
    question = "How many stations are there, and in how many countries?"
    assert [[value.value for value in difference.values] for difference in differences(question, [whole(0, a), whole(1, b)])] == [
        ["54", "102"],
        ["21", "53"],
    ]


def test_only_what_the_quote_shows_counts():
    made = article("a", "Report", "The hotel has 310 rooms. It was built in stages.")
    outside = Quote(made, Span(25, len(made.text)), 1.0, 1.0, Span(0, len(made.text)))
    assert differences("How many rooms does the hotel have?", [outside, whole(1, "The hotel has 340 rooms.")]) == ()


def test_the_same_source_may_differ_from_itself_on_another_day():
    quotes = [
        whole(0, "There are 40 ships outside the port.", date(2021, 10, 1)),
        whole(1, "There are 61 ships outside the port.", date(2021, 10, 8)),
    ]
    assert len(differences("How many ships are outside the port?", quotes)) == 1


def test_articles_of_the_title_s_place_may_be_compared():
    texts = ["China had 54 overseas police stations.", "It runs more than 100 overseas police stations."]
    titles = ["Rights group counts Chinese police stations", "More Chinese police stations abroad"]
    quotes = [whole(n, text, title=title) for n, (text, title) in enumerate(zip(texts, titles, strict=True))]
    assert len(differences("How many overseas police stations are there?", quotes)) == 1


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the captured pages are not on this machine")
@pytest.mark.parametrize("question", ["How many overseas police stations are there?", "How many Chinese police stations are there worldwide?"])
def test_two_captured_pages_differ_in_their_stations(question):
    articles = [made for made in read_articles(SHARED / "seeds") if isinstance(made, Article)]
    quotes = [Quote(made, span, 1.0, 1.0, span) for made in articles for span in sentences(made.text, 1000)]
    (difference,) = differences(question, quotes)
    assert [(value.value, value.published) for value in difference.values] == [("54", date(2022, 10, 19)), ("more than 100", None)]


SENTENCES = st.lists(
    st.sampled_from([case["texts"][0][1] for case in CASES] + ["", "54", "more than", "$", "in June", "\U0001f309 12 people", "1" * 50]), max_size=4
).map(" ".join)


@given(st.sampled_from([case["question"] for case in CASES]), st.lists(st.one_of(SENTENCES, st.text()).filter(canonical), max_size=4))
def test_a_value_is_its_article_s_words_inside_its_quote(question, texts):
    quotes = [whole(n, text) for n, text in enumerate(texts)]
    for difference in differences(question, quotes):
        assert len({quotes[value.quote].article.id for value in difference.values}) == len(difference.values) >= 2
        for value in difference.values:
            quote = quotes[value.quote]
            assert value.value == value.span.of(quote.article.text) != ""
            assert quote.span.covers(value.span)


@given(st.text(), st.lists(st.text().filter(canonical), max_size=3))
def test_nothing_raises(question, texts):
    differences(question, [whole(n, text) for n, text in enumerate(texts)])


@pytest.mark.parametrize("unit", ["in Aa Bb ", "how many ", "12 people killed ", "In ", "A", "Spain has ", "the 2010 x ", ". A", "Aa Bb Cc "])
def test_hostile_text_takes_no_long_time(unit):
    text = (unit * 100_000)[:20_000]
    start = time.process_time()
    differences("How many people were killed in Spain?", [whole(0, text), whole(1, f"{text}Spain")])
    assert time.process_time() - start < 3
