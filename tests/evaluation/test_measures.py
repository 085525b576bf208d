"""Every measure of a toy set, worked out by hand; and against other people's programs on random runs."""

from types import SimpleNamespace

import numpy as np
import pytest
import pytrec_eval
from sklearn.metrics import roc_auc_score

from rag import Filters, Hit, Passage, Span
from rag.evaluation import Evidence, Gold, evaluate
from rag.evaluation.measures import MEASURES
from rag.evaluation.retrieval import ranking, retrieval_figures
from rag.evaluation.silence import aurc, auroc, calibration_error, risk_coverage
from tests.evaluation.scripted import Scripted, answered, quote, silent


@pytest.fixture
def toy(make, monkeypatch):
    """Five questions, of which three have an answer; each takes the milliseconds that its clock says."""
    a = make("a", "The bridge opened in 1932. It rained. The mayor paid 54 pounds.")
    b = make("b", "The ferry sank on Monday. Nobody was hurt.")
    c = make("c", "A tower was built.")
    archive = Scripted(
        [a, b, make("c", "A power was built.")],
        [
            answered("q1", quote(a, "The bridge opened in 1932.", 0.9), quote(b, "Nobody was hurt.", 0.2)),
            answered("q2", quote(a, "It rained.", 0.8), quote(b, "The ferry sank on Monday.", 0.5)),
            silent("q3", quote(a, "The mayor paid 54 pounds.", 0.3)),
            answered("q4", quote(c, "A tower was built.", 0.6)),
            silent("q5", quote(c, "A tower was built.", 0.1)),
        ],
        {"q1": [a, b, c], "q2": [c, b, b], "q3": [b, a]},
    )
    gold = [
        Gold("1", "q1", ("1932",), (Evidence("a", "The bridge opened in 1932."),), True, Filters()),
        Gold("2", "q2", ("Monday",), (Evidence("b", "The ferry sank on Monday."),), True, Filters()),
        Gold("3", "q3", ("54",), (Evidence("a", None), Evidence("c", None)), True, Filters()),
        Gold("4", "q4", (), (), False, Filters()),
        Gold("5", "q5", (), (), False, Filters()),
    ]
    ticks = iter(np.cumsum([0, 0.010, 1, 0.020, 1, 0.030, 1, 0.040, 1, 0.100]))
    monkeypatch.setattr("rag.evaluation.asking.time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    return archive, gold


def test_every_measure_is_what_it_is_by_hand(toy):
    by_hand = {
        # the evidence stands first; second; second of two, of which the other is not found: 1, 1/log2(3), 0.63/(1 + 0.63)
        "nDCG@10": (1 + 0.6309297535714575 + 0.6309297535714575 / 1.6309297535714575) / 3,
        "R@1": (1 + 0 + 0) / 3,
        "R@5": (1 + 1 + 1 / 2) / 3,
        "R@10": (1 + 1 + 1 / 2) / 3,
        "R@100": (1 + 1 + 1 / 2) / 3,
        "RR@10": (1 + 1 / 2 + 1 / 2) / 3,
        "AP": (1 + 1 / 2 + (1 / 2) / 2) / 3,
        # q1 first, q2 second, q3 only as a near miss
        "hit@1": 1 / 3,
        "hit@3": 2 / 3,
        "hit@5": 2 / 3,
        "hit_or_near@1": 2 / 3,
        "hit_or_near@3": 1,
        "hit_or_near@5": 1,
        "answer@300": 2 / 3,
        "answer@600": 2 / 3,
        "answer@1200": 2 / 3,
        "answer_or_near@300": 1,
        "answer_or_near@600": 1,
        "answer_or_near@1200": 1,
        # q1 shows 8 words, q2 shows 7; each gold sentence has 5 of them; q3 has no gold sentence
        "word_precision@3": (5 / 8 + 5 / 7) / 2,
        "word_recall@3": 1,
        "word_f1@3": (10 / 13 + 10 / 12) / 2,
        # each answer quotes a and b, of which one is evidence; q3 quotes nothing
        "citation_precision": (1 / 2 + 1 / 2) / 2,
        "citation_recall": (1 + 1 + 0) / 3,
        # 2 + 2 + 1 + 1 + 1 windows, and c reads "power" by now
        "verbatim": 5 / 7,
        "answered_answerable": 2 / 3,
        "silent_unanswerable": 1 / 2,
        "answer_rate": 3 / 5,
        # of q1, q2, q4
        "precision": 1 / 3,
        "precision_any": 2 / 3,
        "score": (1 - 1 + 0 - 1 + 0) / 5,
        # of .9, .8, .3 above .6, .1: all but .3 above .6
        "auroc": 5 / 6,
        # by confidence q1 right, q2 wrong, q4 wrong, q3 right, q5 wrong
        "aurc": (0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5,
        # each in a bin of its own: .9 and right, .8, .6, .1 and wrong, .3 and right
        "calibration_error": (0.1 + 0.8 + 0.6 + 0.1 + 0.7) / 5,
        # 10, 20, 30, 40, 100: at 0.95 * 4 = 3.8 between the fourth and the fifth
        "p50": 30,
        "p95": 40 + 0.8 * 60,
        "p99": 40 + 0.96 * 60,
    }
    report = evaluate(*toy)
    assert {name: one.value for name, one in report.measures.items()} == pytest.approx(by_hand, abs=1e-9)
    assert by_hand.keys() == {measure.name for measure in MEASURES}
    questions = {name: report.measures[name].questions for name in ("AP", "word_f1@3", "citation_precision", "silent_unanswerable", "precision")}
    assert questions == {"AP": 3, "word_f1@3": 2, "citation_precision": 2, "silent_unanswerable": 2, "precision": 3}


def test_fates_are_told(toy):
    assert [one.fate.value for one in evaluate(*toy).questions] == [
        "right",
        "right, but not first",
        "silent, though there is an answer",
        "answered wrongly",
        "rightly silent",
    ]


@pytest.mark.parametrize("seed", range(40))
def test_retrieval_is_trec_evals(seed, make):
    rng = np.random.default_rng(seed)
    articles = [make(f"d{n}", "x") for n in range(150)]
    found = rng.permutation(150)[: rng.integers(1, 150)]
    # many equal scores, and articles with several passages
    scores = np.sort(rng.integers(0, 20, len(found)) / 20)[::-1]
    hits = [Hit(Passage(articles[n], Span(0, 1)), float(score)) for n, score in zip(found, scores, strict=True)]
    hits += [Hit(Passage(hit.passage.article, Span(0, 1)), 0.0) for hit in hits[:5]]
    ranked = ranking(hits)
    assert [id for id, _ in ranked] == [f"d{n}" for n in found]
    relevant = [f"d{n}" for n in rng.choice(150, rng.integers(1, 8), replace=False)]
    theirs = pytrec_eval.RelevanceEvaluator({"q": dict.fromkeys(relevant, 1)}, {"map", "ndcg_cut.10", "recall.1,5,10,100"}).evaluate(
        {"q": dict(ranked)}
    )["q"]
    first = next((rank for rank, n in enumerate(found, 1) if f"d{n}" in relevant), 11)
    ours = retrieval_figures(ranked, relevant)
    assert ours == pytest.approx(
        {
            "nDCG@10": theirs["ndcg_cut_10"],
            "AP": theirs["map"],
            "R@1": theirs["recall_1"],
            "R@5": theirs["recall_5"],
            "R@10": theirs["recall_10"],
            "R@100": theirs["recall_100"],
            "RR@10": 1 / first if first <= 10 else 0,
        },
        abs=1e-9,
    )


@pytest.mark.parametrize("seed", range(40))
def test_auroc_is_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    yes = rng.random(80) < 0.6
    confidence = np.round(rng.random(80), 1 + seed % 3)
    assert auroc(yes.astype(float), confidence) == pytest.approx(roc_auc_score(yes, confidence), abs=1e-9)


def test_auroc_needs_both_kinds():
    assert np.isnan(auroc(np.ones(3), np.array([0.1, 0.2, 0.3])))


def test_questions_of_equal_confidence_share_their_risk():
    right, confidence = np.array([1.0, 0, 1, 0]), np.array([0.9, 0.5, 0.5, 0.1])
    coverage, risk = risk_coverage(right, confidence)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1]
    # the two in the middle are half wrong each, in whichever order they stand
    assert risk.tolist() == pytest.approx([0, 0.5 / 2, 1 / 3, 2 / 4])
    assert aurc(right[[0, 2, 1, 3]], confidence[[0, 2, 1, 3]]) == pytest.approx(aurc(right, confidence))


@pytest.mark.parametrize("seed", range(10))
def test_risk_is_one_minus_the_precision_of_the_most_confident(seed):
    rng = np.random.default_rng(seed)
    right, confidence = (rng.random(60) < 0.5).astype(float), rng.permutation(60) / 60
    order = np.argsort(-confidence)
    assert risk_coverage(right, confidence)[1] == pytest.approx([1 - right[order[:n]].mean() for n in range(1, 61)])


def test_confidence_of_one_is_in_the_last_bin():
    assert calibration_error(np.array([1.0, 1]), np.array([1.0, 0.95])) == pytest.approx(0.025)
