import numpy as np
import pytest

from rag.corpus import article
from rag.english.sentences import sentences
from rag.question import parse
from rag.reader.measures import NAMES, measured
from rag.reader.page import Page
from rag.reader.rarity import Rarity
from rag.reader.span_scores import SpanScores
from rag.reader.window import Window
from rag.types import Span

QUESTION = parse("Who built the dam?")


def window(id, text, hit=0.5, question=QUESTION):
    made = article(id, "Water", text)
    spans = sentences(text, 500)
    return Window(Page(made, spans, question), 0, len(spans), hit)


def said(text, answer, score):
    """The scores of a reader that finds `answer` in the text, by so much likelier than none, and one word at a time."""
    words, at = [], 0
    for word in text.split():
        words.append((text.index(word, at), text.index(word, at) + len(word)))
        at = words[-1][1]
    places = np.array(words)
    found = np.array([score if text[a:b].strip(".") == answer else -5.0 for a, b in words], dtype=np.float32)
    return SpanScores(places[:, 0], places[:, 1], found, found)


def column(rows, name):
    return rows[:, NAMES.index(name)]


def test_each_sentence_has_its_own_best_span():
    text = "The town is old. Romans built it."
    one = window("a", text)
    found = measured([one], [said(text, "Romans", 3.0)], Rarity(QUESTION.stems, []))
    assert column(found.rows, "span").tolist() == [-10.0, 6.0]
    assert found.answers[1] == Span(17, 23)
    assert found.answers[1].of(text) == "Romans"


def test_an_answer_is_whole_words_and_none_where_none_is_likelier():
    text = "Built in 1932. Nobody knows."
    # two tokens, of parts of words
    parts = SpanScores(np.array([11, 22]), np.array([12, 24]), np.array([3.0, -1.0], dtype=np.float32), np.array([3.0, -1.0], dtype=np.float32))
    when = parse("When was the dam built?")
    found = measured([window("a", text, question=when)], [parts], Rarity(when.stems, []))
    assert found.answers[0].of(text) == "1932"
    assert found.answers[1] is None


def test_a_number_is_nobody():
    text = "Built in 1932 by Romans."
    scores = said(text, "1932", 3.0)
    for asked, answer, worth in (("When was the dam built?", "1932", 6.0), ("Who built the dam?", None, -10.0)):
        question = parse(asked)
        found = measured([window("a", text, question=question)], [scores], Rarity(question.stems, []))
        assert (found.answers[0] and found.answers[0].of(text), column(found.rows, "span")[0]) == (answer, worth)


def test_a_number_stays_with_its_name():
    text = "Sued by 50 Cent."
    who = parse("Who sued?")
    likely = np.array([-5.0, -5.0, 3.0, 1.0], dtype=np.float32)
    places = np.array([(0, 4), (5, 7), (8, 10), (11, 15)])
    scores = SpanScores(places[:, 0], places[:, 1], likely, likely[[0, 1, 3, 2]])
    found = measured([window("a", text, question=who)], [scores], Rarity(who.stems, []))
    assert found.answers[0].of(text) == "50 Cent"


def test_what_falls_on_a_sentence_is_a_share_of_its_window_and_of_all():
    text = "Romans built it."
    alone = measured([window("a", text)], [said(text, "Romans", 3.0)], Rarity(QUESTION.stems, []))
    # e^3 and two of e^-5 against those and one for none
    mass = np.exp(3) + 2 * np.exp(-5)
    assert column(alone.rows, "alone") == pytest.approx(np.log(mass / (1 + mass)))
    assert column(alone.rows, "among") == pytest.approx(column(alone.rows, "alone"))
    # a sentence in two windows counts once
    twice = measured([window("a", text), window("a", text)], [said(text, "Romans", 3.0)] * 2, Rarity(QUESTION.stems, []))
    assert column(twice.rows, "among") == pytest.approx([column(alone.rows, "alone")[0]] * 2)
    both = measured([window("a", text), window("b", text)], [said(text, "Romans", 3.0)] * 2, Rarity(QUESTION.stems, []))
    assert column(both.rows, "among") == pytest.approx(np.log(mass / (1 + 2 * mass)))


def test_what_the_reader_did_not_reach_is_measured_as_no_answer():
    text = "Romans built it. Nobody knows when."
    short = said(text, "Romans", 3.0).within(Span(0, 16))
    found = measured([window("a", text)], [short], Rarity(QUESTION.stems, []))
    assert found.answers[1] is None
    assert column(found.rows, "span")[1] == -20
    assert np.isfinite(found.rows).all()


def test_nothing_read_has_no_rows():
    assert measured([], [], Rarity(QUESTION.stems, [])).rows.shape == (0, len(NAMES))
