import numpy as np
import pytest

from rag.store import vectors
from rag.store.vectors import VectorIndex

# as they are stored, in half precision
VECTORS = np.random.default_rng(1).standard_normal((60_000, 32)).astype(np.float32)
VECTORS = (VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)
QUERY = VECTORS[77] + 0.1 * VECTORS[78]


def brute(k, left=None):
    scores = VECTORS @ QUERY
    if left is not None:
        scores = np.where(left, scores, -np.inf)
    return set(np.argsort(-scores, kind="stable")[:k].tolist())


@pytest.fixture(scope="module", params=[False, True], ids=["exact", "with lists"])
def index(request):
    exact = VectorIndex.of([VECTORS[:7], VECTORS[7:]], 32)
    return exact.with_lists() if request.param else exact


def test_which_search_it_is_is_said(index, request):
    assert index.is_exact == ("exact" in request.node.name)
    assert (index.size, index.dimension) == VECTORS.shape


def test_the_nearest_are_those_of_a_plain_product(index):
    positions, scores = index.search(QUERY, 40, None)
    # random vectors have no neighbourhoods, so this is harder than text: the best is found, and most of the others
    assert 77 in positions[:40]
    assert len(brute(40) & set(positions.tolist())) >= (40 if index.is_exact else 30)
    assert np.allclose(scores, VECTORS[positions] @ QUERY, atol=1e-6)


@pytest.mark.parametrize("every", [2, 50])
def test_only_those_that_are_left_are_found(index, every, monkeypatch):
    # so that of every second one the lists are looked through
    monkeypatch.setattr(vectors, "_COMPARED_ALL", 20_000)
    left = np.zeros(len(VECTORS), dtype=bool)
    left[::every] = True
    positions, _ = index.search(QUERY, 10, left)
    assert left[positions].all()
    assert len(brute(10, left) & set(positions.tolist())) >= (10 if index.is_exact or every == 50 else 8)
    assert index.search(QUERY, 10, np.zeros(len(VECTORS), dtype=bool))[0].tolist() == []


def test_the_vectors_are_as_they_were(index):
    positions = np.array([5, 3, 59_999])
    assert (index.vectors(positions) == VECTORS[positions]).all()


def test_saved_and_loaded_it_is_the_same(index, tmp_path):
    index.save(tmp_path)
    loaded = VectorIndex.load(tmp_path)
    assert loaded.is_exact == index.is_exact
    for found, expected in zip(loaded.search(QUERY, 20, None), index.search(QUERY, 20, None), strict=True):
        assert (found == expected).all()


def test_the_same_vectors_make_the_same_lists(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        VectorIndex.of([VECTORS[:5_000]], 32).with_lists().save(tmp_path / name)
    assert (tmp_path / "a" / "lists.faiss").read_bytes() == (tmp_path / "b" / "lists.faiss").read_bytes()


def test_none_is_nearest_where_there_are_none():
    assert VectorIndex.of([], 32).search(QUERY, 3, None)[0].tolist() == []
