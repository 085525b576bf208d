import json
from dataclasses import replace

import pytest

from rag import Answer, Filters, Outcome, Quote, Span
from rag.errors import InputError
from rag.evaluation import evaluate, read_gold
from rag.types import Difference, Searched, Seconds, Value

ROW = {
    "id": "g1",
    "question": "When did it open?",
    "answers": ["1932"],
    "evidence": [{"article": "a", "quote": "It opened in 1932."}],
    "answerable": True,
}


def written(path, *rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_gold_is_read_with_its_filters(tmp_path):
    (row,) = read_gold(written(tmp_path / "g.jsonl", ROW | {"filters": {"after": "1930-01-01", "sources": ["S"]}}, ""))
    assert (row.id, row.answers, row.evidence[0].article, row.evidence[0].quote) == ("g1", ("1932",), "a", "It opened in 1932.")
    assert (str(row.filters.after), row.filters.before, row.filters.sources) == ("1930-01-01", None, ("S",))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([ROW, "{broken"], "g.jsonl:2 is no gold question"),
        ([{"id": "x"}], "g.jsonl:1 is no gold question"),
        ([ROW | {"answers": []}], "answerable, but without answers"),
        ([ROW | {"filters": {"after": "soon"}}], "g.jsonl:1"),
        ([ROW, ROW], "g.jsonl:2: the id g1 was used before"),
        ([""], "has no questions"),
    ],
)
def test_malformed_gold_is_named_by_line(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        read_gold(written(tmp_path / "g.jsonl", *rows))


def test_measures_are_those_worked_out_by_hand(archive, make, tmp_path):
    archive.add([make("a", "The bridge opened in 1932. The bridge was painted in 1950."), make("b", "The ferry sank.")])
    gold = read_gold(
        written(
            tmp_path / "g.jsonl",
            ROW | {"id": "1", "question": "the bridge opened in"},  # its sentence is first
            ROW | {"id": "2", "question": "the bridge opened in", "answers": ["1950"]},  # its sentence is second
            ROW | {"id": "3", "question": "the ferry sank", "answers": ["1999"]},  # answered, and wrong
            ROW | {"id": "4", "question": "zebra quagga", "answers": ["1932"]},  # not answered
            ROW | {"id": "5", "question": "okapi gnu", "answers": [], "answerable": False},  # rightly silent
            ROW | {"id": "6", "question": "the ferry sank", "answers": [], "answerable": False},  # wrongly answered
        )
    )
    measures = evaluate(archive, gold)
    assert measures.questions == 6
    assert (measures.quote_at_1, measures.quote_at_3, measures.quote_at_5) == (1 / 4, 2 / 4, 2 / 4)
    assert (measures.answered, measures.silent, measures.verbatim) == (3 / 4, 1 / 2, 1.0)


class Answering:
    """An archive that holds one article and always gives the same answer."""

    def __init__(self, held, answer):
        self.held, self.answer = held, answer

    def ask(self, question, **filters):
        return self.answer

    def article(self, id):
        return self.held if id == self.held.id else None


@pytest.fixture
def led(make):
    """An answer of one quote with a lead and a speaker, and a value of it."""
    made = make("a", "The bridge opened in 1932. It rained. The mayor said it cost 54 pounds.")
    quote = Quote(made, Span(38, 71), 1, 1, Span(0, 71), speaker=Span(38, 47), lead=Span(0, 26))
    differences = (Difference("cost", (Value("54", 0, Span(61, 63), None),)),)
    return Answer("?", Outcome.ANSWERED, (quote,), (), Searched(1, 1, None, None, 1), Seconds(), differences)


def test_an_answer_in_a_lead_is_shown_and_one_across_the_gap_is_not(led, tmp_path):
    archive = Answering(led.quotes[0].article, led)
    rows = [ROW, ROW | {"id": "g2", "answers": ["54"]}, ROW | {"id": "g3", "answers": ["rained"]}, ROW | {"id": "g4", "answers": ["1932. The"]}]
    assert evaluate(archive, read_gold(written(tmp_path / "g.jsonl", *rows))).quote_at_1 == 2 / 4


def test_every_window_that_is_shown_is_compared_with_the_archive(led, make, tmp_path):
    gold = read_gold(written(tmp_path / "g.jsonl", ROW))
    text = led.quotes[0].article.text
    # the quote, its lead, its speaker and a value: each altered word spoils those that it stands in
    for before, after, wrong in (("1932", "1942", 1), ("rained", "poured", 0), ("mayor", "miner", 2), ("54", "55", 2), ("cost", "lost", 1)):
        assert evaluate(Answering(make("a", text.replace(before, after)), led), gold).verbatim == 1 - wrong / 4
    assert evaluate(Answering(make("b", text), led), gold).verbatim == 0
    # a value keeps words of its own
    (difference,) = led.differences
    misread = replace(led, differences=(replace(difference, values=(replace(difference.values[0], value="45"),)),))
    assert evaluate(Answering(led.quotes[0].article, misread), gold).verbatim == 3 / 4


def test_filters_are_used(archive, make, tmp_path):
    archive.add([make("a", "The bridge opened in 1932.", source="S")])
    gold = read_gold(written(tmp_path / "g.jsonl", ROW | {"question": "the bridge opened in", "filters": {"sources": ["T"]}}))
    assert gold[0].filters == Filters(sources=("T",))
    assert evaluate(archive, gold).answered == 0
