import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import article, read_articles
from rag.corpus import canonical
from rag.differences import differences
from rag.types import Article, Quote, Span
from tests.conftest import ROOT, SHARED
from tests.pace import within

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "differences.jsonl").read_text().splitlines()]
MET = [case for case in CASES if not {"known_miss", "known_wrong"} & case.keys()]
MISSED = [case for case in CASES if "known_miss" in case]
WRONG = [case for case in CASES if "known_wrong" in case]


def answered(made, words, within=None):
    """A quote of the sentence, or of the whole article, with the words marked as the answer; None marks none."""
    start = made.text.index(within) if within else 0
    span = Span(start, start + len(within) if within else len(made.text))
    at = re.compile(rf"(?<![\w.,$£€]){re.escape(words)}(?!\w)").search(made.text, span.start, span.end) if words else None
    assert at or not words
    return Quote(made, span, 1.0, 1.0, span, answer=Span(*at.span()) if at else None)


def whole(number, text, words, published=None, title="Report"):
    return answered(article(f"a{number}", title, text, published=published), words)


def quotes_of(case):
    given = zip(case["texts"], case["answers"], strict=True)
    return [whole(n, text, words, date.fromisoformat(day) if day else None) for n, ((day, text), words) in enumerate(given)]


def values(question, quotes):
    return [value.value for difference in differences(question, quotes) for value in difference.values]


def found(case):
    return values(case["question"], quotes_of(case))


@pytest.mark.parametrize("case", MET, ids=lambda case: case["id"])
def test_the_answers_that_differ_are_set_side_by_side_and_no_others(case):
    assert found(case) == case["values"]


@pytest.mark.parametrize("case", MISSED, ids=lambda case: case["id"])
def test_what_is_known_to_be_missed_is_missed_and_not_wrong(case):
    assert case["values"]
    assert found(case) == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case["id"])
def test_what_is_known_to_be_wrong_is_still_wrong(case):
    assert case["values"] == []
    assert found(case)


def test_precision_and_recall_over_the_table():
    right = sum(bool(case["values"]) and found(case) == case["values"] for case in CASES)
    shown = sum(bool(found(case)) for case in CASES)
    there = sum(bool(case["values"]) for case in CASES)
    assert len(CASES) >= 250
    # measured .939 and .948
    assert right / shown >= 0.93
    assert right / there >= 0.93


def test_a_value_says_where_it_stands_and_when_it_was_published():
    first, second = date(2012, 5, 1), date(2013, 5, 1)
    quotes = [whole(0, "Guests like it. The hotel has 310 rooms.", "310", first), whole(1, "The hotel has 340 rooms, it says.", "340", second)]
    (difference,) = differences("How many rooms does the hotel have?", quotes)
    assert difference.about == "rooms"
    assert [(value.value, value.quote, value.published) for value in difference.values] == [("340", 1, second), ("310", 0, first)]
    assert [value.span for value in difference.values] == [Span(14, 17), Span(30, 33)]


def test_the_newest_stands_first_and_the_undated_last():
    days = [date(2021, 10, 1), None, date(2021, 10, 8), date(2021, 10, 3), None]
    quotes = [whole(n, f"There are {n + 1}0 ships outside the port.", f"{n + 1}0", day) for n, day in enumerate(days)]
    assert values("How many ships are outside the port?", quotes) == ["30", "40", "10", "20", "50"]


def test_an_article_s_claim_is_its_first_answer():
    made = article("a", "Report", "The hotel has 310 rooms. It has 90 rooms with a bath. It was built in stages.")
    other = whole(1, "The hotel has 340 rooms.", "340")
    first, second = answered(made, "310", "The hotel has 310 rooms."), answered(made, "90", "It has 90 rooms with a bath.")
    silent = answered(made, None, "It was built in stages.")
    assert values("How many rooms does the hotel have?", [silent, first, second, other]) == ["310", "340"]
    assert values("How many rooms does the hotel have?", [silent, other]) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("310", "310"), ("310 rooms", "310"), ("more than 310 rooms in 3 houses", None), ("rooms in", None), ("3 houses", "3")],
)
def test_the_value_is_the_one_quantity_in_the_answer(answer, expected):
    quotes = [whole(0, "The hotel has more than 310 rooms in 3 houses.", answer), whole(1, "The hotel has 40 rooms in 9 houses.", "40")]
    found = values("How many rooms does the hotel have?", quotes)
    assert found == ([] if expected is None else [expected if expected != "310" else "more than 310", "40"])


@pytest.mark.parametrize(
    ("question", "a", "b", "expected"),
    [
        ("Who is the mayor of Lyon?", "Mayor *Anna Roy* of Lyon spoke.", "Lyon's mayor *Jean Petit* spoke.", ["Anna Roy", "Jean Petit"]),
        ("Who is Lyon's mayor?", "Mayor *Anna Roy* of Lyon spoke.", "Lyon's mayor *Jean Petit* spoke.", ["Anna Roy", "Jean Petit"]),
        ("Who is the mayor of Lyon?", "Mayor *Anna Roy* of Lyon spoke.", "Lyon's mayor *Roy* spoke.", []),
        ("Who is the mayor of Lyon?", "Mayor *Anna Roy* of Lyon spoke.", "Lyon's former mayor *Jean Petit* spoke.", []),
        ("Who is the mayor?", "Mayor *Anna Roy* of Lyon spoke.", "Nice's mayor *Jean Petit* spoke.", []),
        ("Who came to Lyon?", "To Lyon came *Anna Roy*.", "Among those in Lyon was *Jean Petit*.", []),
        ("Where is the Lyon archive?", "The Lyon archive is in *Villeurbanne*.", "The Lyon archive is in *France*.", []),
    ],
)
def test_names_differ_only_as_holders_of_a_post_that_the_question_names(question, a, b, expected):
    quotes = [whole(n, text.replace("*", ""), text.split("*")[1]) for n, text in enumerate((a, b))]
    assert values(question, quotes) == expected


@pytest.mark.parametrize(
    ("question", "a", "b"),
    [
        ("How fast was the storm?", ("Ana nears Cuba", "Ana's winds reach *80 mph*."), ("Bob nears Haiti", "Bob has winds of *120 mph*.")),
        ("How many people died in Haiti?", ("Haiti counts", "In Haiti *45* died."), ("Chile counts", "In Chile *500* died.")),
        ("How many ships did the navy lose?", ("The navy", "Off the coast of Peru *4* sank."), ("The navy", "Off the coast of Cuba *9* sank.")),
    ],
)
def test_answers_about_other_things_are_kept_apart_by_the_names_beside_them(question, a, b):
    quotes = [whole(n, text.replace("*", ""), text.split("*")[1], title=title) for n, (title, text) in enumerate((a, b))]
    assert values(question, quotes) == []


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("$500,000", "£500,000", True),
        ("$500,000", "500,000 euros", True),
        # one sum, perhaps, in two currencies; and whose dollars these are is not said
        ("$500,000", "£410,000", False),
        ("$500,000", "A$500,000", False),
        ("$500,000", "$500 000", False),
        ("$500,000", "$500 000", False),
        ("CHF 500’000", "CHF 500,000", False),
        ("€2,5 million", "€2.5 million", False),
        ("€2,5 million", "€25 million", True),
        ("−12 degrees", "12 degrees", True),
        ("-12 degrees", "−12 degrees", False),
        ("minus 12 °C", "12 °C", True),
        ("12 °C", "12 °F", True),
        ("12 degrees", "12 °C", False),
        ("12 per cent", "12 percentage points", True),
        ("12%", "12 per cent", False),
        ("12 km", "12 miles", True),
        ("816 000 tonnes", "816,000 tonnes", False),
        ("816 000 tonnes", "861,000 tonnes", True),
        ("5 and 6 boats", "14 boats", False),
        ("5 or 6 boats", "14 boats", True),
    ],
)
def test_signs_currencies_and_units_differ_and_ways_to_write_a_number_do_not(a, b, differ):
    quotes = [whole(n, f"By the count of the port it came to {words} in spring.", words) for n, words in enumerate((a, b))]
    assert values("What did it come to in spring?", quotes) == ([a.removesuffix(" boats"), b.removesuffix(" boats")] if differ else [])


@pytest.mark.parametrize(("a", "b", "differ"), [("£270", "$270", True), ("-270%", "270%", True), ("270%", "290%", False)])
def test_a_copy_of_the_same_day_differs_in_its_sign_and_currency_but_not_in_its_number(a, b, differ):
    (copied,) = (case["texts"][0][1] for case in CASES if case["id"] == "near-copies")
    quotes = [whole(n, copied.replace("270 whales were stranded on the beach", f"it was {words}"), words) for n, words in enumerate((a, b))]
    assert bool(values("How much was it?", quotes)) is differ


SEEDS = {made.id: made for made in read_articles(ROOT / "seeds") if isinstance(made, Article)}
TOLLS = [
    ("seeds/haiti-2010-01-15", "Between 45,000 and 50,000 people were killed in the Haiti earthquake", "45,000 and 50,000"),
    ("seeds/haiti-2010-02-10", "The Haitian government now says that 230,000 people were killed in the earthquake of 12 January.", "230,000"),
    ("seeds/haiti-2011-01-13", "More than 316,000 people were killed in the earthquake of January 2010", "More than 316,000"),
]


@pytest.mark.parametrize(
    "question",
    [
        "How many people were killed in the Haiti earthquake?",
        "How many people died in the Haiti earthquake?",
        "What was the death toll of the earthquake?",
    ],
)
def test_the_tolls_of_the_samples_stand_in_one_table(question):
    quotes = [answered(SEEDS[id], words, sentence) for id, sentence, words in TOLLS]
    assert values(question, quotes) == ["More than 316,000", "230,000", "Between 45,000 and 50,000"]
    assert values(question, quotes[::-1]) == ["More than 316,000", "230,000", "Between 45,000 and 50,000"]


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the captured pages are not on this machine")
@pytest.mark.parametrize("question", ["How many overseas police stations are there?", "How many Chinese police stations are there worldwide?"])
def test_two_captured_pages_differ_in_their_stations(question):
    first, second = (made for made in read_articles(SHARED / "seeds") if isinstance(made, Article))
    quotes = [answered(first, "54", "China was operating 54 overseas police stations"), answered(second, "more than 100")]
    (difference,) = differences(question, quotes)
    assert difference.about == "stations"
    assert [(value.value, value.published) for value in difference.values] == [("54", date(2022, 10, 19)), ("more than 100", None)]


UNSEEN = [json.loads(line) for line in (Path(__file__).parent / "cases" / "unseen_differences.jsonl").read_text().splitlines()]
NEWS = SHARED / "news-dev" / "corpus.jsonl"


def pairs():
    """The labelled pairs of news sentences: the question, the quotes, and whether their answers differ."""
    articles = {made.id: made for made in read_articles(NEWS) if isinstance(made, Article)}
    for row in UNSEEN:
        spans = [(articles[said["article"]], Span(said["start"], said["end"]), said["answer"]) for said in row["sentences"]]
        quotes = [Quote(made, span, 1.0, 1.0, span, answer=Span(*answer) if answer else None) for made, span, answer in spans]
        yield row["question"], quotes, row["differ"]


@pytest.mark.skipif(not NEWS.is_file(), reason="../shared/data is not here: the news articles are other people's and do not ship")
def test_pairs_of_news_sentences_that_were_labelled_before_the_rules_were_made():
    found = [(bool(differences(question, quotes)), differ) for question, quotes, differ in pairs()]
    right = sum(shown and differ for shown, differ in found)
    assert len(found) >= 200
    # measured 26 of 40 shown, of 44 that are there
    assert right / sum(shown for shown, _ in found) >= 0.62
    assert right / sum(differ for _, differ in found) >= 0.54


SENTENCES = st.lists(
    st.sampled_from([case["texts"][0][1] for case in CASES] + ["", "54", "more than", "$", "in June", "Ms Roy", "\U0001f309 12 people", "1" * 50]),
    max_size=4,
).map(" ".join)


@st.composite
def quoted(draw, number):
    made = article(f"a{number}", draw(st.sampled_from(["Report", "Ana nears Cuba"])), draw(st.one_of(SENTENCES, st.text()).filter(canonical)))
    start, first, last, end = sorted(draw(st.tuples(*[st.integers(0, len(made.text))] * 4)))
    return Quote(made, Span(start, end), 1.0, 1.0, Span(0, len(made.text)), answer=draw(st.sampled_from([None, Span(first, last)])))


QUOTES = st.integers(0, 4).flatmap(lambda count: st.tuples(*map(quoted, range(count))))


@given(st.one_of(st.sampled_from([case["question"] for case in CASES]), st.just("Who is the mayor of Lyon?"), st.text()), QUOTES)
def test_a_value_is_its_article_s_words_inside_its_quote_and_nothing_raises(question, quotes):
    for difference in differences(question, quotes):
        assert len({quotes[value.quote].article.id for value in difference.values}) == len(difference.values) >= 2
        for value in difference.values:
            quote = quotes[value.quote]
            assert value.value == value.span.of(quote.article.text) != ""
            assert quote.span.covers(value.span)


@pytest.mark.parametrize("unit", ["in Aa Bb ", "how many ", "12 people killed ", "In ", "A", "Spain has ", "the 2010 x ", ". A", "Aa Bb Cc "])
def test_hostile_text_takes_no_long_time(unit):
    text = (unit * 100_000)[:20_000]
    quotes = [whole(n, f"{text} Spain counts 5{n} dead. {text}", f"5{n}") for n in range(2)]
    with within(3):
        differences("How many people were killed in Spain?", quotes)
