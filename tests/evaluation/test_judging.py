"""One question, its answer, and what it is worth."""

import math
from dataclasses import replace

import pytest

from rag import Filters, Span
from rag.evaluation import Evidence, Gold
from rag.evaluation.judging import altered, cited, has_answer, judged
from rag.types import Difference, Value
from tests.evaluation.scripted import answered, quote, silent


def gold(answers=(), quotes=(), article="a", answerable=True):
    evidence = tuple(Evidence(article, words) for words in quotes)
    return Gold("g", "?", tuple(answers), evidence, answerable, Filters())


@pytest.fixture
def bridge(make):
    return make("a", "The bridge opened in 1932. It rained. The mayor said it cost 54 pounds.")


def test_an_answer_in_a_lead_is_shown_and_one_across_the_gap_is_not(bridge):
    shown = answered("?", quote(bridge, "The mayor said it cost 54 pounds.", lead="The bridge opened in 1932."))
    found = [judged(gold([answer]), shown)["hit@1"] for answer in ("1932", "54", "rained", "1932. The")]
    assert found == [1, 1, 0, 0]


@pytest.mark.parametrize(("filler", "within"), [(294, [1, 1, 1]), (295, [0, 1, 1])])
def test_an_answer_stands_within_so_many_characters_if_its_last_character_does(make, filler, within):
    # filler, a space and five digits: they end at 300, or one later
    words = f"{'x' * filler} 54321."
    figures = judged(gold(["54321"]), answered("?", quote(make("a", words), words)))
    assert [figures[f"answer@{n}"] for n in (300, 600, 1200)] == within


@pytest.mark.parametrize(("filler", "within"), [(283, 1), (284, 0)])
def test_characters_of_earlier_quotes_leads_and_line_ends_count(make, filler, within):
    # the first quote has one character more, then a line end, "Lead.", a line end, "It was 54": 300 in all, or one more
    text = make("a", f"{'x' * filler}. Lead. It was 54.")
    figures = judged(gold(["54"]), answered("?", quote(text, f"{'x' * filler}."), quote(text, "It was 54.", lead="Lead.")))
    assert (figures["answer@300"], figures["answer@600"], figures["hit@1"], figures["hit@3"]) == (within, 1, 0, 1)


def test_most_words_of_a_gold_sentence_are_enough(bridge):
    shown = answered("?", quote(bridge, "The bridge opened in 1932."))
    assert judged(gold(quotes=["The bridge opened 1932 in"]), shown)["hit@1"] == 1
    assert judged(gold(quotes=["The bridge opened in May of that year"]), shown)["hit@1"] == 0


def test_a_gold_sentence_longer_than_the_cut_counts_by_what_fits(make):
    sentence = " ".join(f"w{n}" for n in range(100))
    long = make("a", sentence)
    assert len(sentence) > 300
    assert judged(gold(quotes=[sentence]), answered("?", quote(long, sentence)))["answer@300"] == 1


def test_what_the_gold_does_not_tell_is_no_figure(bridge):
    shown = answered("?", quote(bridge, "It rained."))
    figures = judged(Gold("g", "?", (), (Evidence("a", None),), True, Filters()), shown)
    assert all(math.isnan(figures[name]) for name in ("right", "hit@1", "answer@300", "word_f1@3", "silent_unanswerable"))
    assert (figures["citation_precision"], figures["citation_recall"]) == (1, 1)
    unanswerable = judged(gold(answerable=False), shown)
    assert all(math.isnan(unanswerable[name]) for name in ("hit@1", "answer@300", "citation_recall", "answered_answerable"))
    assert (unanswerable["right"], unanswerable["silent_unanswerable"]) == (0, 0)


def test_near_misses_are_offered_and_not_shown(bridge):
    figures = judged(gold(["1932"]), silent("?", quote(bridge, "The bridge opened in 1932.", 0.4)))
    assert (figures["hit@1"], figures["hit_or_near@1"], figures["right"], figures["answered"], figures["confidence"]) == (0, 1, 1, 0, 0.4)


def test_each_quote_is_said_to_have_an_answer_or_not(bridge):
    quotes = [quote(bridge, "It rained."), quote(bridge, "The bridge opened in 1932.")]
    assert has_answer(gold(["1932"]), quotes) == [False, True]
    assert has_answer(gold(answerable=False), quotes) == [False, False]


def test_every_window_that_is_shown_is_compared_with_the_archive(bridge, make):
    one = quote(bridge, "The mayor said it cost 54 pounds.", lead="The bridge opened in 1932.")
    one = type(one)(one.article, one.span, 1, 1, one.context, Span(38, 47), one.lead)
    answer = answered("?", one)
    answer = replace(answer, differences=(Difference("cost", (Value("54", 0, Span(61, 63), None),)),))
    assert cited(answer) == {"a"}
    # the quote, its lead, its speaker and a value: each altered word spoils those that it stands in
    for before, after, wrong in (("1932", "1942", 1), ("rained", "poured", 0), ("mayor", "miner", 2), ("54", "55", 2), ("cost", "lost", 1)):
        assert altered(answer, {"a": make("a", bridge.text.replace(before, after))}) == (4, wrong)
    assert altered(answer, {"a": None}) == (4, 4)
    assert altered(answer, {}) == (4, 4)
