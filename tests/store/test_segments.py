"""Several segments searched as one, against all vectors compared."""

from itertools import pairwise

import numpy as np
import pytest

from rag.store.segments import Segment, Segments
from rag.store.truth import Indexed
from rag.store.vectors import VectorIndex, products
from rag.types import Filters, Span

DIMENSION = 16


def unit(rng, count):
    vectors = rng.standard_normal((count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)


def best(numbers, scores, k):
    return numbers[np.lexsort((numbers, -scores))[:k]].tolist()


@pytest.mark.parametrize("seed", range(8))
def test_they_find_what_comparing_all_does_also_where_many_are_the_same(make, seed):
    rng = np.random.default_rng(seed)
    # few vectors for many passages, whose numbers do not ascend from segment to segment
    vectors = unit(rng, 9)[rng.integers(0, 9, 120)]
    numbers = rng.permutation(1_000)[:120]
    numbers[:60].sort()
    sources = rng.integers(0, 3, 40)
    articles = [
        Indexed(
            n,
            make(f"a{n}", "x", source=f"S{sources[n]}"),
            [(int(number), Span(0, 1)) for number in numbers[3 * n : 3 * n + 3]],
            vectors[3 * n : 3 * n + 3],
        )
        for n in range(40)
    ]
    bounds = [0, *sorted(rng.choice(np.arange(1, 40), 3, replace=False)), 40]
    parts = [Segment.of(articles[start:end], large=20) for start, end in pairwise(bounds)]
    gone = rng.choice(40, 5, replace=False)
    segments = Segments([Segment(part.facets.without(gone), part.vectors) for part in parts])
    query = vectors[0]
    scores = products(vectors, query)
    for filters, left in (
        (Filters(), np.ones(40, dtype=bool)),
        (Filters(sources=("S1",)), sources == 1),
        (Filters(sources=("none",)), np.zeros(40, dtype=bool)),
    ):
        there = np.repeat(left & ~np.isin(np.arange(40), gone), 3)
        for k in (1, 7, 40, 500):
            found, given = segments.nearest(query, k, filters)
            assert found.tolist() == best(numbers[there], scores[there], k)
            assert np.allclose(given, segments.cosines(found, query), atol=1e-6)
            assert (np.diff(given) <= 0).all()


def test_equal_vectors_have_equal_products_wherever_they_stand():
    rng = np.random.default_rng(2)
    vector, query = unit(rng, 2)
    assert len({score for count in (1, 2, 3, 40, 201) for score in products(np.repeat(vector[None], count, axis=0), query).tolist()}) == 1


def test_passages_of_none_are_a_segment_too(make, tmp_path):
    none = np.zeros((0, DIMENSION), dtype=np.float32)
    empty = Segment.of([Indexed(1, make("a", "x"), [], none)], large=20)
    empty.save(tmp_path)
    loaded = Segment.load(tmp_path)
    joined = Segment.joined(
        [loaded, Segment.of([Indexed(2, make("b", "x"), [(5, Span(0, 1))], unit(np.random.default_rng(3), 1))], large=20)], large=20
    )
    segments = Segments([loaded, joined])
    assert segments.facets.searched(Filters()).articles == 3
    assert segments.nearest(np.ones(DIMENSION, dtype=np.float32), 3, Filters())[0].tolist() == [5]


@pytest.mark.parametrize("count", [1, 2, 15, 40])
def test_lists_of_a_few_vectors_are_made_too(count):
    vectors = unit(np.random.default_rng(4), count)
    index = VectorIndex.of([vectors], DIMENSION).with_lists()
    assert sorted(index.search(vectors[0], 100, None)[0].tolist()) == list(range(count))
