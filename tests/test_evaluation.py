import json

import pytest

from rag import Filters
from rag.errors import InputError
from rag.evaluation import evaluate, read_gold

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


def test_filters_are_used(archive, make, tmp_path):
    archive.add([make("a", "The bridge opened in 1932.", source="S")])
    gold = read_gold(written(tmp_path / "g.jsonl", ROW | {"question": "the bridge opened in", "filters": {"sources": ["T"]}}))
    assert gold[0].filters == Filters(sources=("T",))
    assert evaluate(archive, gold).answered == 0
