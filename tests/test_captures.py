"""The two captured web pages, as they are: read, asked, and quoted from the right one."""

from datetime import date

import pytest

from rag import Archive, Outcome, Settings, read_articles

FIRST, SECOND = "000_fda347125e499536.txt", "001_a838ef7049ec6b88.txt"


@pytest.fixture(scope="module")
def captures(shared, tmp_path_factory, encoder, spans):
    with Archive.open(tmp_path_factory.mktemp("captures") / "index", Settings(), encoder, spans) as archive:
        report = archive.add(read_articles(shared / "seeds"))
        assert len(report.added) == 2
        yield archive


def test_title_date_and_body_without_the_furniture(captures):
    first, second = captures.articles()
    assert first.title.startswith("China Has Opened Up Secret Police Stations")
    assert first.published == date(2022, 10, 19)
    assert second.title.startswith("Human rights group says China has more secret")
    assert second.published is None
    for furniture in ("Sign in", "China Has Opened Up", "['police'", "Great Wall", "Canada probes", "23 Nov", "Start your day", "5:19"):
        assert furniture not in first.text + second.text
    assert first.text.startswith("As of this summer")
    assert second.text.endswith("to China over police stations.")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many overseas police stations does China operate?", [("54 overseas police stations", FIRST), ("more than 100", SECOND)]),
        ("In how many cities and countries are the police stations?", [("25 cities", FIRST), ("21 countries", FIRST)]),
        ("What did China's foreign ministry say in November?", [("Using this as a pretext to smear China is unacceptable", SECOND)]),
    ],
)
def test_questions_are_answered_from_the_right_article(captures, question, expected):
    answer = captures.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    for words, name in expected:
        assert any(words in quote.text and quote.article.id.endswith(name) for quote in answer.quotes), (words, [q.text for q in answer.quotes])
    assert all(quote.text.encode() == quote.article.text[quote.span.start : quote.span.end].encode() for quote in answer.quotes)


@pytest.mark.parametrize(
    ("question", "expected", "words"),
    [
        ("What did Ireland do?", "Ireland ordered a Chinese police station found on its territory to shut down", "shut down"),
        ("Which organisation reported the police stations?", "China operates more than 100 so-called police stations", "Safeguard Defenders"),
        ("What did the FBI director say?", "FBI Director Christopher Wray told", "very concerned"),
    ],
)
def test_what_it_is_not_sure_of_stands_first_among_the_nearest(captures, question, expected, words):
    answer = captures.ask(question)
    assert answer.outcome is not Outcome.NOTHING_FOUND
    first = (answer.quotes or answer.near_misses)[0]
    assert first.text.startswith(expected)
    assert words in first.answer.of(first.article.text)


def test_the_two_counts_of_stations_are_set_side_by_side(captures):
    answer = captures.ask("How many overseas police stations does China operate?")
    (difference,) = answer.differences
    assert difference.about == "stations"
    assert [value.value for value in difference.values] == ["54", "more than 100"]
    for value in difference.values:
        quote = answer.quotes[value.quote]
        assert quote.span.covers(value.span)
        assert value.span.of(quote.article.text) == value.value


def test_the_denial_is_china_s_foreign_ministry_s(captures):
    answer = captures.ask("Do Chinese officials deny running the police stations?")
    assert answer.outcome is Outcome.ANSWERED
    speaker = answer.quotes[0].speaker
    assert speaker
    assert speaker.of(answer.quotes[0].article.text) == "Ministry of Foreign Affairs"


@pytest.mark.parametrize("question", ["Who won the 2022 World Cup?", "How do I bake bread?"])
def test_what_is_not_there_is_not_answered(captures, question):
    answer = captures.ask(question)
    assert answer.outcome in (Outcome.NOTHING_FOUND, Outcome.WEAK_EVIDENCE)
    assert answer.quotes == ()
