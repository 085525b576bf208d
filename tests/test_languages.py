"""A question in another language is told that English is understood; no English question is."""

import json

import pytest

from rag import Outcome, render
from rag.errors import InputError
from rag.given import MOST_ASKED
from rag.types import Answer, Searched, Seconds

OTHERS = [
    "Wie viele Menschen starben bei dem Erdbeben in Haiti?",
    "Wann wurde der neue Flughafen in Berlin eröffnet?",
    "Combien de personnes sont mortes dans le tremblement de terre en Haïti ?",
    "Quand le nouvel aéroport de Berlin a-t-il ouvert ?",
    "¿Cuándo se inauguró el nuevo aeropuerto de Berlín?",
    "¿Quién ganó las elecciones presidenciales en Brasil?",
    "Quante persone sono morte nel terremoto di Haiti?",
    "Quantas pessoas morreram no terremoto do Haiti?",
    "Hoeveel mensen kwamen om bij de aardbeving in Haïti?",
    "Сколько людей погибло при землетрясении на Гаити?",
    "ハイチの地震で何人が亡くなりましたか。",
]
ENGLISH = ["Djokovic visa", "Cologne?", "cholera", "Mahsa Amini", "Machu Picchu", "Is samsara liberation?", "54", "?", "BP", "Berlin Brandenburg"]


def said(question, outcome=Outcome.NOTHING_FOUND):
    return render.reason(Answer(question, outcome, (), (), Searched(1, 1, None, None, 1), Seconds()))


@pytest.mark.parametrize("question", OTHERS)
def test_a_silent_answer_to_a_question_in_another_language_says_that_english_is_understood(question):
    assert said(question).startswith("Questions are understood in English only: ask this in English. The articles do not answer this")


@pytest.mark.parametrize("question", ENGLISH)
def test_a_short_question_is_not_taken_for_one_in_another_language(question):
    assert said(question).startswith("The articles do not answer this")


def test_an_answered_question_is_not_told_so():
    assert said(OTHERS[0], Outcome.ANSWERED) == ""


def test_no_question_of_the_sets_is_told_so(shared):
    questions = [row["question"] for row in json.loads((shared / "selqa" / "selqa-ass-dev.json").read_text())]
    questions += [json.loads(row)["question"] for row in (shared / "news-dev" / "gold.jsonl").read_text().splitlines()]
    for path in sorted((shared / "clapnq").glob("*.jsonl")):
        questions += [json.loads(row)["input"] for row in path.read_text().splitlines()]
    assert [question for question in questions if "understood in English" in said(question)] == []


def test_no_title_of_the_news_is_told_so(shared):
    titles = [json.loads(row)["title"] for row in (shared / "news-dev" / "corpus.jsonl").read_text().splitlines()]
    assert [title for title in titles if "understood in English" in said(title)] == []


def test_a_question_over_the_limit_is_an_error_that_names_it(seeds):
    with pytest.raises(InputError, match=r"the question has 10,001 characters; the most is 10,000"):
        seeds.ask("x" * (MOST_ASKED + 1))
    with pytest.raises(InputError, match="the most is 10,000"):
        seeds.search("x " * MOST_ASKED)
    assert seeds.ask("x" * MOST_ASKED).outcome is Outcome.NOTHING_FOUND
