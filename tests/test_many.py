"""Many questions, in one go and from many threads: the answers are those of one after the other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from rag import Archive, Outcome, Settings
from rag.errors import InputError
from rag.evaluation import read_gold
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def questions():
    return list(dict.fromkeys(row.question for row in read_gold(ROOT / "seeds" / "gold.jsonl")))[:12]


def said(answer):
    return answer.question, answer.outcome, answer.quotes, answer.near_misses, answer.differences, answer.searched


@pytest.fixture(scope="module")
def serial(seeds, questions):
    return [said(seeds.ask(question)) for question in questions]


def test_many_questions_are_answered_as_one_by_one(seeds, questions, serial, encoder):
    # nothing remembered, and the same question twice
    with Archive.open(seeds._store._folder, Settings(), encoder) as fresh:
        answers = fresh.ask_many([*questions, questions[0]])
    assert [said(answer) for answer in answers] == [*serial, serial[0]]
    assert all(answer.seconds.encode > 0 and answer.seconds.retrieve > 0 and answer.seconds.read > 0 for answer in answers)


def test_many_queries_find_what_each_finds(seeds, questions):
    filters = {"after": date(2010, 2, 1), "sources": ["Sample Daily", "Sample Wire"]}
    assert seeds.search_many(questions, 5, **filters) == [seeds.search(question, 5, **filters) for question in questions]


FILTERS = [{"after": date(2022, 1, 2)}, {"before": date(2022, 1, 2)}, {"sources": ["B"]}, {"after": date(2022, 1, 2), "sources": ["C", "D"]}]


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_hold_for_every_question_and_for_nothing_asked_later(archive, make, filters):
    archive.add([make(source, f"The bridge {source} was opened.", source=source, published=date(2022, 1, n)) for n, source in enumerate("ABC", 1)])
    # more than the encoder is given at a time
    asked = [f"Was bridge {'ABC'[n % 3]} opened in {1900 + n}?" for n in range(40)]
    free = [said(archive.ask(question)) for question in asked]
    one_by_one = [said(archive.ask(question, **filters)) for question in asked]
    assert [said(answer) for answer in archive.ask_many(asked, **filters)] == one_by_one != free
    assert archive.search_many(asked, 2, **filters) == [archive.search(question, 2, **filters) for question in asked]
    assert [said(answer) for answer in archive.ask_many(asked)] == free


def test_sixteen_threads_get_the_serial_answers(seeds, questions, serial, encoder, spans):
    with Archive.open(seeds._store._folder, Settings(), encoder, spans) as fresh, ThreadPoolExecutor(16) as pool:

        def visitor(number):
            # each begins elsewhere
            turned = questions[number:] + questions[:number]
            return sorted([said(fresh.ask(question)) for question in turned], key=lambda answer: questions.index(answer[0]))

        assert all(answers == serial for answers in pool.map(visitor, range(16)))


def test_none_and_nothing_to_search(archive, seeds):
    assert seeds.ask_many([]) == seeds.search_many([]) == []
    assert [answer.outcome for answer in archive.ask_many(["Is it?", "Was it?"])] == [Outcome.EMPTY_ARCHIVE] * 2
    assert [answer.outcome for answer in seeds.ask_many(["Is it?"], before=date(1900, 1, 1))] == [Outcome.OUTSIDE_FILTERS]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda archive: archive.ask_many(["Is it?", " "]), r"questions\[1\]: the question is empty"),
        (lambda archive: archive.search_many(["\udcff"]), r"queries\[0\]: the question .* is not valid Unicode"),
        (lambda archive: archive.ask_many("Is it?"), "questions is the string 'Is it\\?'; give a list"),
        (lambda archive: archive.search_many(["x"], 0), "k is 0"),
        (lambda archive: archive.ask_many([], sources="S"), "give a list"),
    ],
)
def test_what_cannot_be_asked_is_named(archive, call, message):
    with pytest.raises(InputError, match=message):
        call(archive)
