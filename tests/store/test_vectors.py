import numpy as np
import pytest

from rag.store.vectors import VectorIndex

NUMBERS = np.arange(1, 2_001, dtype=np.int64) * 3
VECTORS = np.random.default_rng(1).standard_normal((2_000, 32)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
QUERY = VECTORS[77] + 0.1 * VECTORS[78]


def brute(k, allowed=None):
    scores = VECTORS @ QUERY
    if allowed is not None:
        scores = np.where(np.isin(NUMBERS, allowed), scores, -np.inf)
    return NUMBERS[np.argsort(-scores, kind="stable")[:k]].tolist()


@pytest.fixture(params=[10_000, 1], ids=["flat", "hnsw"])
def index(request):
    return VectorIndex.build(NUMBERS, VECTORS, approximate_from=request.param)


def test_which_search_it_is_is_said(index, request):
    assert index.kind == ("exact (flat)" if "flat" in request.node.name else "approximate (HNSW)")


def test_the_nearest_are_those_of_a_plain_product(index):
    numbers, scores = index.search(QUERY, 10, None)
    assert numbers.tolist() == brute(10)
    assert np.allclose(scores, np.sort(VECTORS @ QUERY)[::-1][:10], atol=1e-5)


def test_only_allowed_numbers_are_found(index):
    allowed = NUMBERS[::50]
    numbers, _ = index.search(QUERY, 10, allowed)
    assert numbers.tolist() == brute(10, allowed)
    assert index.search(QUERY, 10, NUMBERS[:0])[0].tolist() == []


def test_cosines_by_number(index):
    chosen = NUMBERS[[5, 3, 1999]]
    assert np.allclose(index.cosines(chosen, QUERY), VECTORS[[5, 3, 1999]] @ QUERY, atol=1e-6)
    assert index.cosines(NUMBERS[:0], QUERY).shape == (0,)


def test_saved_and_loaded_it_is_the_same(index, tmp_path):
    index.save(tmp_path / "v.faiss")
    loaded = VectorIndex.load((tmp_path / "v.faiss").read_bytes())
    assert loaded.kind == index.kind
    assert loaded.search(QUERY, 20, None)[0].tolist() == index.search(QUERY, 20, None)[0].tolist()


def test_equal_scores_go_by_number():
    index = VectorIndex.build(np.array([9, 4, 7]), np.tile(VECTORS[:1], (3, 1)), 10)
    assert index.search(VECTORS[0], 3, None)[0].tolist() == [4, 7, 9]
