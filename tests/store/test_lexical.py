import math

from rag.store.lexical import LexicalIndex, Words
from rag.types import Filters

ROWS = [Words(1, 1, "bridge opened"), Words(2, 1, "bridge bridge closed today"), Words(3, 2, "ferry sank")]


def test_scores_are_bm25_with_lucene_s_constants(tmp_path):
    # Worked by hand for "bridge": 3 passages, 2 with the word, of 2, 4 and 2 words, so 8/3 on average; k1 = 1.2, b = 0.75.
    # idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6; weight = idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average)),
    numbers, scores = LexicalIndex.build(tmp_path / "i", ROWS).search("Bridges!", 10, Filters())
    idf, average = math.log(1.6), 8 / 3
    expected = {n: idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / average)) for n, tf, length in ((1, 1, 2), (2, 2, 4))}
    assert numbers.tolist() == [2, 1]
    assert all(math.isclose(score, expected[n], rel_tol=1e-4) for n, score in zip(numbers.tolist(), scores.tolist(), strict=True))


def test_accents_case_and_endings_do_not_matter(tmp_path):
    index = LexicalIndex.build(tmp_path / "i", [Words(1, 1, "The cafés of Léogâne")])
    assert index.search("CAFE leogane", 10, Filters())[0].tolist() == [1]


def test_equal_scores_go_by_number(tmp_path):
    index = LexicalIndex.build(tmp_path / "i", [Words(n, 1, "same words") for n in (5, 6, 7)])
    assert index.search("same words", 10, Filters())[0].tolist() == [5, 6, 7]


def test_of_equal_scores_the_lowest_numbers_are_found_whatever_segments_the_index_has(tmp_path):
    rows = [Words(n, 1, "same words") for n in range(1, 31)]
    LexicalIndex.build(tmp_path / "i", rows[20:])
    for start in (10, 0):
        LexicalIndex.grow(tmp_path / "i", rows[start : start + 10], ())
    index = LexicalIndex.load(tmp_path / "i")
    for k in (1, 5, 15, 29, 30, 40):
        assert index.search("same words", k, Filters())[0].tolist() == list(range(1, 31))[:k]
