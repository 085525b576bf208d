import json
from datetime import UTC, datetime

import pytest

from rag import render
from rag.errors import InputError
from rag.types import Answer, Difference, Edition, Filters, Outcome, Quote, Searched, Seconds, Span, Value
from rag.verification import EarlierText, Verification, places, verification_json, verify


@pytest.fixture
def made(make):
    return make("a", "The mayor said: “It is open.” \U0001f309 Twice.", source="S")


@pytest.fixture
def answer(made):
    first = Quote(made, Span(16, 29), 0.9, 0.95, Span(0, 29), speaker=Span(4, 9), answer=Span(23, 27))
    led = Quote(made, Span(32, 38), 0.8, 0.9, Span(0, 38), lead=Span(16, 29), answer=Span(32, 37))
    difference = Difference("bridge", (Value("open", 0, Span(23, 27), None), Value("open", 1, Span(23, 27), None)))
    found = Answer("?", Outcome.ANSWERED, (first, led), (led,), Searched(1, 1, None, None, 1, Filters()), Seconds(), (difference,))
    return json.loads(render.to_json(render.answer_json(found)))


def checked(answer, made):
    return verify(answer, {made.id: made}.get)


def test_a_true_answer_matches_window_by_window(answer, made):
    # a quote and its speaker, a quote and its lead, a near miss and its lead, an answer in each of them, a value in a quote, a value in a lead
    assert (checked(answer, made).matched, checked(answer, made).failure) == (11, None)


def test_an_answer_that_was_saved_before_there_were_leads_or_answering_words_is_proved(answer, made):
    for quote in (*answer["quotes"], *answer["near_misses"]):
        del quote["lead"], quote["answer"]
    del answer["differences"]
    assert (checked(answer, made).matched, checked(answer, made).failure) == (4, None)


def test_a_quote_of_an_earlier_text_is_compared_with_that_and_said_to_be_one(answer, made, make):
    moment = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
    now = make("a", "The mayor said: “It is shut.”")
    for article in (now, None):
        found = verify(answer, {"a": article}.get, {"a": [Edition(made, moment)]}.get)
        # the near miss is counted too
        assert found == Verification(11, None, (EarlierText("a", made.sha256, moment, 3),))
    assert verification_json(found)["earlier"] == [{"article": "a", "sha256": made.sha256, "replaced": "2026-11-26T08:30:00Z", "quotes": 3}]
    answer["near_misses"][0]["text"] = "Thrice"
    assert verify(answer, {"a": now}.get, {"a": [Edition(made, moment)]}.get).failure.startswith("near miss 1: article 'a' has 'Twice.'")
    assert "was replaced since" in verify(answer, {"a": now}.get, {"a": [Edition(make("a", "Another."), moment)]}.get).failure


def test_a_quote_of_the_text_of_now_looks_for_no_other(answer, made):
    def none(id):
        raise AssertionError(id)

    assert verify(answer, {"a": made}.get, none).earlier == ()


def altered(answer, path, value):
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return answer


@pytest.mark.parametrize(
    ("path", "value", "failure"),
    [
        (["quotes", 0, "text"], "“It is shut.”", "quote 1: article 'a' has '“It is open.”' at characters 16 to 29, not '“It is shut.”'"),
        (["quotes", 0, "start"], 15, "quote 1: article 'a' has ' “It is open.”'"),
        (["quotes", 0, "end"], 16, "are no window"),
        (["quotes", 0, "start"], -13, "are no window"),
        (["quotes", 0, "start"], "16", "are no window"),
        (["quotes", 0, "article", "id"], "b", "article 'b' is not in the archive"),
        (["quotes", 0, "article"], None, "names no article"),
        (["quotes", 0, "article", "id"], "\ud800", "is not in the archive"),
        (["near_misses", 0, "end"], 10**9, "are no window"),
        (["quotes", 0, "start"], True, "are no window"),
        (["quotes", 0, "article", "sha256"], "0" * 64, "was replaced since"),
        (["quotes", 0, "article", "title"], "Another", "article 'a' has title 'Title of a', not 'Another'"),
        (["quotes", 0, "article", "published"], "2020-01-01", "has published None, not '2020-01-01'"),
        (["quotes", 0, "speaker", "text"], "minister", "speaker of quote 1: "),
        (["near_misses", 0, "text"], "Thrice", "near miss 1: "),
        (["quotes", 1, "lead", "text"], "“It is shut.”", "lead of quote 2: article 'a' has '“It is open.”' at characters 16 to 29, not "),
        (["near_misses", 0, "lead", "start"], 17, "lead of near miss 1: "),
        (["quotes", 1, "lead"], {}, "lead of quote 2: its offsets None to None are no window"),
        # the same words again: behind the quote, touching it, being it
        (["quotes", 0, "lead"], {"text": "Twice.", "start": 32, "end": 38}, "lead of quote 1: it ends at character 38"),
        (["quotes", 1, "lead"], {"text": "\U0001f309 ", "start": 30, "end": 32}, "lead of quote 2: it ends at character 32"),
        (["quotes", 1, "lead"], {"text": "Twice.", "start": 32, "end": 38}, "lead of quote 2: it ends at character 38"),
        (["quotes", 0, "answer", "text"], "shut", "answer of quote 1: article 'a' has 'open' at characters 23 to 27, not 'shut'"),
        (["quotes", 0, "answer", "start"], 22, "answer of quote 1: article 'a' has ' open' at characters 22 to 27"),
        (["quotes", 0, "answer", "end"], 28, "answer of quote 1: article 'a' has 'open.' at characters 23 to 28"),
        (["quotes", 0, "answer"], {}, "answer of quote 1: its offsets None to None are no window"),
        (["quotes", 0, "answer"], {"text": "", "start": 23, "end": 23}, "answer of quote 1: its offsets 23 to 23 are no window"),
        (["near_misses", 0, "answer", "text"], "twice", "answer of near miss 1: "),
        # true words of the article that are outside the quote, at its edges, or in its lead
        (["quotes", 0, "answer"], {"text": "mayor", "start": 4, "end": 9}, "answer of quote 1: characters 4 to 9 are outside its quote"),
        (["quotes", 0, "answer"], {"text": " “It", "start": 15, "end": 19}, "answer of quote 1: characters 15 to 19 are outside its quote"),
        (["quotes", 0, "answer"], {"text": "open.” ", "start": 23, "end": 30}, "answer of quote 1: characters 23 to 30 are outside its quote"),
        (["quotes", 1, "answer"], {"text": "open", "start": 23, "end": 27}, "answer of quote 2: characters 23 to 27 are outside its quote"),
        (["differences", 0, "values", 0, "value"], "shut", "value 'shut': "),
        (["differences", 0, "values", 0], {"value": "mayor", "quote": 0, "start": 4, "end": 9, "published": None}, "4 to 9 are outside its quote"),
        (["differences", 0, "values", 1], {"value": " \U0001f309", "quote": 1, "start": 29, "end": 31, "published": None}, "are outside its quote"),
        (["differences", 0, "values", 0, "published"], "2020-01-01", "value 'open': its article was published None, not '2020-01-01'"),
    ],
)
def test_the_first_window_that_does_not_match_is_named(answer, made, path, value, failure):
    assert failure in checked(altered(answer, path, value), made).failure


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {},
        {"quotes": None},
        {"quotes": [1]},
        {"quotes": [{"lead": "a string"}]},
        {"quotes": [{"speaker": ["a list"]}]},
        {"quotes": [{"answer": "54"}]},
        {"quotes": [], "near_misses": 5},
        {"quotes": [], "differences": [5]},
        {"quotes": [], "differences": [{"about": "x", "values": [{"quote": 7}]}]},
    ],
)
def test_what_is_no_answer_is_an_error(bad, made):
    with pytest.raises(InputError):
        checked(bad, made)


def test_each_character_of_the_words_that_answer_is_proved(answer, made):
    quote = answer["quotes"][0]
    words = quote["answer"]["text"]
    for at in range(len(words)):
        quote["answer"]["text"] = f"{words[:at]}x{words[at + 1 :]}"
        assert checked(answer, made).failure.startswith("answer of quote 1: ")


def test_an_answer_without_quotes_has_nothing_to_prove(made):
    assert checked({"quotes": []}, made).failure is None


def test_places_are_where_exactly_the_characters_stand(make):
    made = make("a", "aaa b \U0001f309aaa caf\u00e9")
    assert places("aa", made) == [Span(0, 2), Span(1, 3), Span(7, 9), Span(8, 10)]
    assert places("aa", made, most=3) == [Span(0, 2), Span(1, 3), Span(7, 9)]
    assert places("cafe\u0301", made) == places("AAA", made) == []
    with pytest.raises(InputError, match="the text is empty"):
        places("", made)
