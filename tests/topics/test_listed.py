"""What a person gets who asks about a whole topic: the articles on it, a sentence each, newest first."""

import json
from dataclasses import replace
from datetime import date

import pytest

from benchmarks.topics import Listed, labelled
from rag import Archive, Outcome, Settings, article, render
from rag.types import MOST_ON_TOPIC
from rag.verification import verify

STORM = (
    "A storm named Odile tore the roofs off forty houses in Marlow on Monday night, the town's mayor said. Nobody was hurt, since all had been "
    "told to leave. Schools will stay shut until Thursday. Workers put up tents on the sports field, and a bakery gave away bread for nothing."
)
STORIES = [
    article("storm", "Storm Odile hits Marlow", STORM, source="The Daily", published=date(2021, 3, 2)),
    article("wire", "From the wire", STORM.replace("forty", "40"), source="Wire", published=date(2021, 3, 1)),
    article(
        "rebuilt",
        "Marlow rebuilds",
        "Roofs that storm Odile tore off in Marlow are back, a year on. The town spent two million on them.",
        published=date(2022, 3, 4),
    ),
    article("undated", "How Odile got its name", "Storm Odile was named after a ship's cook. The list of names for storms is made each spring."),
    article("chess", "Chess", "Players met in another country for a tournament of nine rounds of chess.", published=date(2022, 5, 5)),
]


@pytest.fixture(scope="module")
def storms(tmp_path_factory, encoder, spans):
    with Archive.open(tmp_path_factory.mktemp("storms") / "index", Settings(), encoder, spans) as opened:
        opened.add(STORIES)
        yield opened


def ids(quotes):
    return [quote.article.id for quote in quotes]


def test_the_articles_on_the_topic_are_listed_newest_first_each_with_its_main_sentence(seeds):
    answer = seeds.ask("What happened with the miners?")
    assert (answer.outcome, answer.topic) == (Outcome.ANSWERED, "the miners")
    assert [quote.text for quote in answer.quotes] == [
        "All 33 miners trapped in the San José mine in Chile are free after 69 days underground.",
        "All 33 men trapped in the San José mine in northern Chile are alive.",
    ]
    assert [quote.article.published for quote in answer.quotes] == [date(2010, 10, 14), date(2010, 8, 24)]
    assert verify(render.answer_json(answer), seeds.article).failure is None


def test_copies_of_one_story_are_one_entry_and_what_is_undated_comes_last(storms):
    answer = storms.ask("The latest on storm Odile")
    assert ids(answer.quotes) == ["rebuilt", "wire", "undated"]
    assert ids(quote for quote in answer.quotes if quote.copies) == ["wire"]
    assert [copy.id for copy in answer.quotes[1].copies] == ["storm"]


def test_filters_hold_for_a_list(storms):
    answer = storms.ask("The latest on storm Odile", before=date(2021, 12, 31))
    assert ids(answer.quotes) == ["wire"]
    assert storms.ask("The latest on storm Odile", sources=["The Daily"]).quotes[0].copies == ()
    left_out = storms.ask("The latest on storm Odile", after=date(2030, 1, 1))
    assert (left_out.outcome, left_out.topic) == (Outcome.OUTSIDE_FILTERS, None)


def test_a_sentence_that_leans_on_an_earlier_one_is_shown_with_it(seeds):
    (near,) = seeds.ask("What do the articles say about Tony Hayward?").near_misses
    assert near.text.startswith("The spill has already reshaped BP. The company announced")


def test_an_article_that_hardly_touches_the_topic_comes_near_and_is_not_silence(seeds):
    answer = seeds.ask("Tell me about cholera")
    assert (answer.outcome, answer.quotes, answer.topic) == (Outcome.WEAK_EVIDENCE, (), "cholera")
    assert [quote.text for quote in answer.near_misses] == ["The cholera epidemic has killed more than 3,000 people so far."]
    assert render.reason(answer) == "No article is surely on “cholera”; the nearest:"


@pytest.mark.parametrize("question", ["Tell me about Mount Everest", "The latest on the World Cup", "What happened with Brexit?"])
def test_a_topic_on_which_no_article_is_is_met_with_silence_and_the_reason(seeds, question):
    answer = seeds.ask(question)
    assert (answer.outcome, answer.quotes, answer.topic) == (Outcome.NOTHING_FOUND, (), None)
    assert render.reason(answer).startswith("The articles do not answer this")


def test_what_happened_to_something_keeps_the_fact_that_answers_it(seeds):
    answer = seeds.ask("What happened to the opening of Berlin's airport on 3 June 2012?")
    assert (answer.outcome, answer.topic) == (Outcome.ANSWERED, None)
    assert [quote.text for quote in answer.quotes] == ["Berlin's new airport will not open on 3 June 2012 as planned."]


def test_what_happened_somewhere_is_a_list_where_no_fact_answers_it(seeds):
    answer = seeds.ask("What happened in Haiti?")
    assert (answer.outcome, answer.topic) == (Outcome.ANSWERED, "Haiti")
    assert ids(answer.quotes) == ["seeds/haiti-2011-01-13", "seeds/haiti-2010-02-10", "seeds/haiti-2010-01-15"]


def test_where_neither_a_fact_nor_an_article_is_sure_what_comes_near_the_question_is_shown(seeds):
    answer = seeds.ask("What happened to BP's chief executive?")
    assert (answer.outcome, answer.topic) == (Outcome.WEAK_EVIDENCE, None)
    assert any("Bob Dudley would replace Tony Hayward" in near.text for near in answer.near_misses)


def test_an_empty_archive_says_so(archive):
    answer = archive.ask("What happened with the miners?")
    assert (answer.outcome, answer.topic) == (Outcome.EMPTY_ARCHIVE, None)


def test_how_likely_an_article_is_on_the_topic_grows_with_what_it_says_of_it(storms):
    answer = storms.ask("The latest on storm Odile")
    by_id = {quote.article.id: quote.confidence for quote in (*answer.quotes, *answer.near_misses)}
    assert by_id["wire"] > 0.5
    assert "chess" not in by_id


def test_at_most_so_many_articles_are_listed_and_the_list_says_so(archive, make):
    archive.add([make(f"a{n}", f"Bridge number {n} was opened by the mayor of town {n}.", title="The bridge") for n in range(MOST_ON_TOPIC + 3)])
    answer = archive.ask("Tell me about the bridge")
    assert len(answer.quotes) == MOST_ON_TOPIC
    assert render.reason(answer) == "At least 40 articles on “the bridge”, newest first:"


def test_every_form_shows_a_dated_list(seeds):
    answer = seeds.ask("What happened with the miners?")
    text = render.answer_text(answer)
    assert text.startswith("2 articles on “the miners”, newest first:\n\n[1] 2010-10-14 · Last of 33 Chilean miners")
    assert text.index("[1] 2010-10-14") < text.index("[2] 2010-08-24")
    markdown = render.markdown([answer])
    assert "2 articles on “the miners”, newest first:" in markdown
    assert markdown.index("**1** · 2010-10-14 · very likely") < markdown.index("**2** · 2010-08-24 · very likely")
    page = render.html_document([answer])
    assert "<p>2 articles on “the miners”, newest first:</p>" in page
    assert page.index("<bdi>2010-10-14</bdi> · very likely") < page.index("<bdi>2010-08-24</bdi> · very likely")
    assert json.loads(render.to_json(render.answer_json(answer)))["topic"] == "the miners"


@pytest.mark.parametrize("case", labelled("seeds"), ids=lambda case: case.topic)
def test_no_article_of_the_samples_is_listed_for_a_topic_that_it_is_not_on(seeds, case):
    found = Listed.of(case, seeds.ask(case.question))
    assert found.ids <= case.on | case.arguable
    assert case.on <= found.ids | found.near


def test_a_topic_s_words_are_literal_in_every_form(seeds):
    answer = replace(seeds.ask("What happened with the miners?"), topic="<b>the</b> *miners*")
    assert "2 articles on “&lt;b&gt;the&lt;/b&gt; *miners*”" in render.html_document([answer])
    assert "2 articles on “&#60;b>the&#60;/b> \\*miners\\*”" in render.markdown([answer])
    assert "on “the\\x1b miners”" in render.answer_text(replace(answer, topic="the\x1b miners"))
