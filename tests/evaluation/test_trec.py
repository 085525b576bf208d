import ir_measures
import pytest

from rag import Filters
from rag.evaluation import Evidence, Gold, evaluate
from rag.evaluation.journal import read_answers
from rag.evaluation.output import name, write_output
from tests.evaluation.scripted import Scripted, answered, quote


@pytest.fixture
def written(make, tmp_path):
    articles = [make(id, "The bridge opened in 1932.") for id in ("news/a b.txt", "100%", "c", "ü\u00a0d")]
    rankings = {"one": [articles[n] for n in (1, 0, 3, 2)], "two": articles[2:], "three": articles}
    archive = Scripted(articles, [answered(question, quote(articles[0], "The bridge opened in 1932.")) for question in rankings], rankings)
    gold = [
        Gold("q 1", "one", (), (Evidence("news/a b.txt", None), Evidence("ü\u00a0d", None)), True, Filters()),
        Gold("q2", "two", (), (Evidence("100%", None),), True, Filters()),
        Gold("q3", "three", (), (Evidence("c", None),), False, Filters()),
    ]
    report = evaluate(archive, gold, tmp_path)
    write_output(tmp_path, report, None)
    return report, tmp_path


def test_tools_of_trec_read_the_run_and_find_the_same_measures(written):
    report, folder = written
    run = list(ir_measures.read_trec_run(str(folder / "run.trec")))
    qrels = list(ir_measures.read_trec_qrels(str(folder / "qrels.trec")))
    assert {one.query_id for one in run} == {"q%201", "q2"}
    for measure in ("nDCG@10", "AP", "RR@10", "R@1", "R@5"):
        parsed = ir_measures.parse_measure(measure)
        assert ir_measures.calc_aggregate([parsed], qrels, run)[parsed] == pytest.approx(report.measures[measure].value, abs=1e-9)


def test_lines_are_trecs(written):
    _, folder = written
    assert (folder / "qrels.trec").read_text().splitlines() == ["q%201 0 news/a%20b.txt 1", "q%201 0 ü%C2%A0d 1", "q2 0 100%25 1"]
    first = (folder / "run.trec").read_text().splitlines()[0].split(" ")
    assert [first[n] for n in (0, 1, 2, 3, 5)] == ["q%201", "Q0", "100%25", "1", "pullquote"]
    scores = [float(line.split()[4]) for line in (folder / "run.trec").read_text().splitlines() if line.startswith("q%201")]
    assert scores == sorted(set(scores), reverse=True)


def test_an_id_has_no_whitespace_and_can_be_read_back():
    assert [name(id) for id in ("a b", "a%20b", "a\tb\u2003c", "plain/é")] == ["a%20b", "a%2520b", "a%09b%E2%80%83c", "plain/é"]


def test_answers_have_the_contracts_form(written):
    _, folder = written
    for row in read_answers(folder / "answers.jsonl"):
        assert row["answer"]["quotes"][0]["text"] == "The bridge opened in 1932."
        assert len(row["has_answer"]) == 1
