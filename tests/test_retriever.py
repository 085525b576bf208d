import random

import numpy as np
import pytest

from rag import Settings
from rag.retriever import fused, retrieve
from rag.types import Filters
from tests.store.contract import ENCODER, EVERYTHING, put

WORDS = "bridge ferry tunnel opened closed sank today harbour toll river city mayor police report number".split()


@pytest.fixture
def filled(store, make):
    random.seed(4)
    put(store, *(make(f"a{n:02}", " ".join(random.choices(WORDS, k=12)), source=random.choice("ST")) for n in range(60)))
    return store


def found(store, query, k=10, filters=EVERYTHING, **settings):
    with store.reading() as snapshot:
        return retrieve(snapshot, query, ENCODER.encode([query])[0], k, filters, Settings(**settings)).all()


def test_the_fused_score_is_the_mean_of_cosine_and_normalised_bm25():
    # 0.5 * 0.8 + 0.5 * 2/4 = 0.65; 0.5 * 0.2 + 0.5 * 4/4 = 0.6; 0.5 * 0.9 + 0 = 0.45
    scores = fused(np.array([0.8, 0.2, 0.9], np.float32), np.array([2, 4, 0], np.float32), 0.5)
    assert np.allclose(scores, [0.65, 0.6, 0.45])


def test_without_a_matching_word_the_cosine_decides():
    assert np.allclose(fused(np.array([0.8, -0.2], np.float32), np.zeros(2, np.float32), 0.5), [0.4, -0.1])


@pytest.mark.parametrize("query", ["ferry sank today", "police report", "mayor of the harbour city", "nothing known"])
@pytest.mark.parametrize("filters", [Filters(), Filters(sources=("S",))])
def test_the_ranking_is_that_of_a_plain_computation(filled, query, filters):
    with filled.reading() as snapshot:
        near, _ = snapshot.nearest(ENCODER.encode([query])[0], 1_000, filters)
        matched, bm25 = snapshot.matching(query, 1_000, filters)
        lexical = dict(zip(matched.tolist(), bm25.tolist(), strict=True))
        passages = snapshot.passages(near.tolist()).all()
    highest = max(lexical.values(), default=1.0)
    vector = ENCODER.encode([query])[0]
    # an oracle that shares nothing with the store's searches but the BM25 scores
    plain = {
        passage.key: 0.5 * float(ENCODER.encode([passage.text])[0] @ vector) + 0.5 * lexical.get(number, 0.0) / highest
        for number, passage in passages.items()
    }
    hits = found(filled, query, 20, filters)
    # the store keeps vectors in half precision
    assert [hit.score for hit in hits] == pytest.approx(sorted(plain.values(), reverse=True)[:20], abs=2e-3)
    assert all(plain[hit.passage.key] == pytest.approx(hit.score, abs=2e-3) for hit in hits)


def test_more_hits_begin_with_the_fewer(filled):
    assert found(filled, "ferry sank", 20)[:5] == found(filled, "ferry sank", 5)


def test_asking_twice_gives_the_same(filled):
    assert found(filled, "toll river") == found(filled, "toll river")
