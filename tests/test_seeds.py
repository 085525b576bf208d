"""The sample articles and their gold questions: well formed, true to each other, and answered well enough."""

import json
from dataclasses import replace

import numpy as np
import pytest

from rag import read_articles
from rag.evaluation import Request, run
from rag.evaluation.floors import read_floors
from rag.evaluation.journal import read_answers
from rag.evaluation.measures import MEASURES, Group
from rag.reader import Reader
from rag.reader.linear import shipped
from rag.retriever import Retrieved, retrieve
from rag.verification import verify
from tests.conftest import ROOT

ARTICLES = {article.id: article for article in read_articles(ROOT / "seeds")}
ROWS = [json.loads(line) for line in (ROOT / "seeds" / "gold.jsonl").read_text().splitlines()]


def test_every_article_is_a_dated_sample_with_a_source():
    assert len(ARTICLES) == 12
    for article in ARTICLES.values():
        assert article.published
        assert article.source.startswith("Sample ")
        assert article.text.endswith("This is a sample article written for Pullquote.")


def test_the_gold_has_the_questions_it_should():
    assert len(ROWS) >= 60
    assert sum(not row["answerable"] for row in ROWS) >= 15
    assert sum(bool(row.get("filters")) for row in ROWS) >= 10


@pytest.mark.parametrize("row", [row for row in ROWS if row["answerable"]], ids=lambda row: row["id"])
def test_the_evidence_stands_in_its_article_and_holds_the_answers(row):
    quotes = [item["quote"] for item in row["evidence"]]
    assert all(item["quote"] in ARTICLES[item["article"]].text for item in row["evidence"])
    assert all(any(answer in quote for quote in quotes) for answer in row["answers"])


GOLD, FLOORS = ROOT / "seeds" / "gold.jsonl", ROOT / "tests" / "seeds_floors.json"


def test_the_gold_questions_are_answered_as_well_as_before(seeds, tmp_path):
    result = run(seeds, Request(gold=GOLD, floors=FLOORS, out=tmp_path), lambda total: None)
    assert not result.failures, result.text()
    assert result.report.measures["verbatim"].value == 1
    # what is written can be proved like any saved answer
    assert verify([row["answer"] for row in read_answers(tmp_path / "answers.jsonl")], seeds.article).failure is None


def test_a_reader_that_shows_sentences_in_the_articles_order_falls_through_the_floors(seeds, monkeypatch):
    monkeypatch.setattr(Reader, "_weights", replace(shipped(), choose=lambda rows: -np.arange(len(rows), dtype=float)))
    failures = run(seeds, Request(gold=GOLD, floors=FLOORS), lambda total: None).failures
    assert any(failure.startswith("hit_or_near@1 is ") for failure in failures)


def test_a_retriever_that_finds_the_worst_passages_falls_through_the_floors(seeds, monkeypatch):
    def worst_first(*given):
        return Retrieved(retrieve(*given).all()[::-1])

    monkeypatch.setattr("rag.archive.retrieve", worst_first)
    failures = run(seeds, Request(gold=GOLD, floors=FLOORS), lambda total: None).failures
    assert any(failure.startswith("nDCG@10 is ") for failure in failures)


def test_every_measure_but_latency_has_a_floor():
    assert read_floors(FLOORS).floors.keys() == {measure.name for measure in MEASURES if measure.group is not Group.LATENCY}


@pytest.mark.parametrize("happened", ["were killed", "died"])
def test_the_tolls_of_three_articles_stand_in_one_table_the_newest_first(seeds, happened):
    answer = seeds.ask(f"How many people {happened} in the Haiti earthquake?")
    (difference,) = answer.differences
    assert [value.value for value in difference.values] == ["More than 316,000", "230,000", "Between 45,000 and 50,000"]
    # what stands beside an answer for saying otherwise is a quote, and no near miss as well
    shown = [quote.span for quote in (*answer.quotes, *answer.near_misses)]
    assert len(answer.quotes) == len(set(shown[:3])) == 3
    assert len(shown) == len({(quote.article.id, quote.span) for quote in (*answer.quotes, *answer.near_misses)})


def test_nothing_is_shown_beside_what_is_not_answered(seeds):
    answer = seeds.ask("How many people live in Berlin?")
    assert (answer.quotes, answer.differences) == ((), ())
