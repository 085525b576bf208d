"""Which questions ask about a whole topic, and what the topic is."""

import json

import pytest

from rag.topics import Topic, topic_of
from tests.conftest import ROOT
from tests.pace import within

WHOLE = [
    ("What happened with the miners?", "the miners"),
    ("The latest on Haiti", "Haiti"),
    ("What’s the latest on Berlin's new airport?", "Berlin's new airport"),
    ("tell me about the oil spill please", "the oil spill"),
    ("Could you tell me more about R&D in the U.S., please?", "R&D in the U.S"),
    ("What do the articles say about cholera?", "cholera"),
    ("So, what is going on with the airport?", "the airport"),
    ("Give me an overview of the earthquake", "the earthquake"),
    ("Bring me up to date on the strike", "the strike"),
    ("Any news about the miners so far?", "the miners"),
    ("Tell me about the latest on Haiti", "Haiti"),
    ("What do we know about the spill?", "the spill"),
    ("Tell me about the miners who died", "the miners who died"),
    ("Is there any news about a ceasefire?", "a ceasefire"),
    ("What are the latest developments on the Hunter Biden case?", "the Hunter Biden case"),
]
MAY_BE_FACTS = [
    ("What happened to the price of gas?", "the price of gas"),
    ("What happened in Haiti in 2010?", "Haiti in 2010"),
    ("What happened on 9 May 2012?", "9 May 2012"),
    ("What has been happening at the mine?", "the mine"),
    ("What news of the fleet reached London?", "the fleet reached London"),
    ("What update on the app store came in May?", "the app store came in May"),
]
FACTS = [
    "How many miners were trapped?",
    "What did the foreign ministry say about the stations?",
    "What was written on the message that came up with the drill?",
    "Tell me about how the miners survived",
    "What do the articles say about who ordered the inquiry?",
    "Which companies reported on the spill?",
    "How many articles are there about cholera?",
    "What happened?",
    "What happened with that?",
    "Tell me about it",
    "What is new?",
    "Who told the newspapers about the leak?",
    "",
    "?! …",
    "about",
    "What are the Articles of Confederation?",
    "What are the articles of confederation about?",
    "Is the story about the flood true?",
    "Was the story of the miners invented?",
    "Is coverage of the war legal in Russia?",
    "Are you up to date on the miners?",
    "Tell me about Haiti. How many people live there?",
    "Tell me about the miners who died and how many were they",
]


@pytest.mark.parametrize(("question", "topic"), WHOLE)
def test_a_question_about_a_whole_topic_has_that_topic(question, topic):
    assert topic_of(question) == Topic(topic, may_be_fact=False)


@pytest.mark.parametrize(("question", "topic"), MAY_BE_FACTS)
def test_what_happened_to_or_in_something_may_be_a_fact(question, topic):
    assert topic_of(question) == Topic(topic, may_be_fact=True)


@pytest.mark.parametrize("question", FACTS)
def test_a_question_for_a_fact_or_without_a_topic_has_none(question):
    assert topic_of(question) is None


def test_a_question_that_leads_to_a_topic_over_and_over_takes_no_time():
    for question in ("news on " * 1_249 + "x", "tell me about the " * 555 + "x"):
        with within(2):
            assert topic_of(question).words.endswith("x")


def test_no_gold_question_of_the_samples_is_about_a_whole_topic():
    rows = [json.loads(row) for row in (ROOT / "seeds" / "gold.jsonl").read_text().splitlines()]
    assert [row["question"] for row in rows if topic_of(row["question"])] == []


def test_of_two_thousand_questions_for_facts_hardly_any_is_taken_for_one_about_a_topic(shared):
    questions = [row["question"] for row in json.loads((shared / "selqa" / "selqa-ass-dev.json").read_text())]
    questions += [json.loads(row)["question"] for row in (shared / "news-dev" / "gold.jsonl").read_text().splitlines()]
    assert sum(topic_of(question) is not None for question in questions) <= 3
