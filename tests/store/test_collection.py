"""The Milvus side of a shared archive, against a Milvus Lite server."""

import os
import random
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rag.errors import ArchiveDamaged, ArchiveError, ArchiveMismatch
from rag.store.lexical import LexicalIndex, Words, stems
from rag.store.shared import searching
from rag.store.shared.address import Address
from rag.store.shared.bm25 import Statistics, as_words, in_words
from rag.store.shared.collection import _OWNER, Collection, Row, _schema
from rag.store.shared.milvus import Milvus, pymilvus
from rag.store.shared.searching import Searching
from rag.store.shared.view import View
from rag.types import Filters
from tests.store.engines import free_port, milvus_lite

ALL = View(10_000)
DIMENSION = 16
WORDS = [f"{first}{last}" for first in ("bridg", "ferr", "harb", "tunn", "canal", "dam", "quay") for last in ("o", "um", "ert", "ix", "all")]


def connected(address, name, token=""):
    return Milvus(Address(address, name, "sqlite://", token))


@pytest.fixture
def collection(milvus):
    made = Collection(connected(milvus, f"c{uuid.uuid4().hex[:12]}"), "archive-1")
    made.make(DIMENSION)
    yield made
    made.milvus.close()


@pytest.fixture(scope="module")
def fifty(milvus):
    """Of fifty passages that say the same; the last one's day is guessed."""
    made = Collection(connected(milvus, "fifty"), "archive-1")
    made.make(DIMENSION)
    *told, guessed = rows(["one word"] * 50)
    made.insert([*told, replace(guessed, told=0, known=date(2022, 1, 1).toordinal())])
    return made


def vectors(count, seed=1):
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)


def texts(count, seed=1):
    chosen = random.Random(seed)
    # some far longer than the lengths that are kept as they are; the first words are the commonest
    return [" ".join(WORDS[int(chosen.random() ** 2 * len(WORDS))] for _ in range(chosen.choice((3, 9, 30, 77, 300)))) for _ in range(count)]


def rows(said, seed=1):
    """One of each text: two in an article, of five sources, the first undated, the others days apart from 2020 on."""
    start = date(2020, 1, 1).toordinal()
    day = [start + n if n else 0 for n in range(len(said))]
    return [
        Row(n + 1, n // 2 + 1, day[n], day[n], n % 5, as_words(stems(text)), vector)
        for n, (text, vector) in enumerate(zip(said, vectors(len(said), seed), strict=True))
    ]


def statistics(said, asked):
    found = [stems(text) for text in said]
    return Statistics(len(said), sum(map(len, found)), {stem: sum(stem in one for one in found) for stem in asked})


def test_vectors_come_back_as_they_were_stored(collection):
    stored = rows(texts(20))
    collection.insert(stored)
    found = collection.vectors([3, 7, 99])
    assert found.keys() == {3, 7}
    for article, (numbers, of_it) in found.items():
        assert numbers.tolist() == [2 * article - 1, 2 * article]
        assert of_it.astype(np.float16).tobytes() == np.array([stored[n - 1].vector for n in numbers]).astype(np.float16).tobytes()


def test_nearest_and_cosines_are_exact(collection):
    stored = rows(texts(300))
    collection.insert(stored)
    collection.flush()
    asked = vectors(1, seed=5)[0]
    exact = np.array([row.vector for row in stored]) @ asked
    numbers, scores = Searching(collection).nearest(asked, 40, ALL)
    assert numbers.tolist() == (np.argsort(-exact)[:40] + 1).tolist()
    np.testing.assert_allclose(scores, exact[numbers - 1], atol=1e-6)
    np.testing.assert_allclose(Searching(collection).cosines(numbers[::-1], asked), scores[::-1], atol=1e-6)
    with pytest.raises(ArchiveDamaged, match="1 of its passages are missing"):
        Searching(collection).cosines(np.array([1, 5_000]), asked)


def test_of_equal_scores_the_lowest_numbers_are_found(collection):
    same = vectors(1)[0]
    collection.insert([replace(row, vector=same, words="same") for row in rows(texts(30))][::-1])
    for k in (1, 7, 29, 40):
        assert Searching(collection).nearest(same, k, ALL)[0].tolist() == list(range(1, 31))[:k]
        assert Searching(collection).matching(["same"], k, ALL, Statistics(30, 30, {"same": 30}))[0].tolist() == list(range(1, 31))[:k]


def test_words_are_weighed_as_in_the_local_index(collection, tmp_path):
    said = texts(400)
    collection.insert(rows(said))
    local = LexicalIndex.build(tmp_path / "i", [Words(n + 1, n // 2 + 1, text) for n, text in enumerate(said)])
    for question in ("canalo bridgo", "harbix", "quayall tunnert damum ferrix", "nothing"):
        asked = stems(question)
        counted = statistics(said, asked)
        numbers, scores = Searching(collection).matching(asked, 60, ALL, counted)
        expected, weights = local.search(question, 60, Filters())
        assert numbers.tolist() == expected.tolist()
        np.testing.assert_allclose(scores, weights, rtol=2e-6)
        every, weights = local.every(asked, Filters())
        numbers, scores = Searching(collection).every(asked, ALL, counted)
        assert numbers.tolist() == every.tolist()
        np.testing.assert_allclose(scores, weights, rtol=2e-6)


def test_all_that_have_a_word_are_found_however_many_are_given_at_one_time(collection, monkeypatch):
    said = [f"{'common ' * (n % 7 + 1)} {'both' if n % 3 else ''}" for n in range(90)]
    collection.insert(rows(said))
    monkeypatch.setattr(searching, "_WITH_WORDS", 20)
    numbers, _ = Searching(collection).every(["common", "both"], View(90), statistics(said, ["common", "both"]))
    assert numbers.tolist() == [n + 1 for n in range(90) if n % 3]
    # where the archive's counts say too little, too
    assert len(Searching(collection).every(["common"], View(90), Statistics(90, 600, {"common": 1}))[0]) == 90


@pytest.mark.parametrize(
    ("view", "left"),
    [
        (View(30), range(1, 31)),
        (View(0), []),
        (View(50, hidden=(1, 2, 25)), range(5, 49)),
        # articles in a row, beside each other and by themselves, of which some have nothing here
        (View(50, hidden=(*range(-95, 6), 8, 10, *range(20, 130))), [*range(11, 15), 17, 18, *range(21, 39)]),
        (View(50, sources=(0, 3)), [n for n in range(1, 51) if (n - 1) % 5 in {0, 3}]),
        (View(50, sources=()), []),
        (View(50, having=np.array([2, 4], dtype=np.int64)), [3, 4, 7, 8]),
        (View(50, having=np.zeros(0, dtype=np.int64)), []),
        (View(50, filters=Filters(after=date(2020, 1, 11), before=date(2020, 1, 20))), range(11, 21)),
        (View(50, filters=Filters(before=date(2020, 1, 3), undated=True)), [1, 2, 3, 50]),
        (View(50, filters=Filters(after=date(2021, 1, 1), guessed=True)), [50]),
        (View(50, filters=Filters(after=date(2021, 1, 1))), []),
    ],
)
def test_a_view_leaves_what_it_says(fifty, view, left):
    counted, search = Statistics(50, 100, {"word": 50}), Searching(fifty)
    assert sorted(search.nearest(vectors(1)[0], 50, view)[0].tolist()) == list(left)
    assert search.matching(["word"], 50, view, counted)[0].tolist() == list(left)
    assert search.every(["word"], view, counted)[0].tolist() == list(left)


def test_articles_in_a_row_are_left_out_by_their_ends_and_many_rows_as_they_are(fifty):
    every_third, rows_of_them = tuple(range(1, 50_000, 3)), tuple(n for n in range(100, 50_000) if n % 200)
    (one,) = View(50, hidden=tuple(range(3, 50_000))).expressions()
    assert one == "passage <= 50 and (article < 3 or article > 49999)"
    for hidden in (every_third, rows_of_them):
        (expression,) = View(50, hidden=hidden).expressions()
        left = [n for n in range(1, 51) if (n + 1) // 2 not in set(hidden)]
        assert sorted(row["passage"] for row in fifty.milvus.ask("query", filter=expression, output_fields=["passage"])) == left
        assert expression.count(" and ") < 20


def test_many_articles_that_alone_may_answer_are_asked_for_in_parts(collection):
    collection.insert(rows(texts(100)))
    having = np.arange(11, 25_000, dtype=np.int64)
    assert len(list(View(100, having=having).expressions())) == 3
    assert sorted(Searching(collection).nearest(vectors(1)[0], 200, View(100, having=having))[0].tolist()) == list(range(21, 101))


def test_rows_that_are_inserted_again_are_there_once_and_removed_ones_never(collection):
    stored = rows(texts(60))
    for _ in range(2):
        collection.insert(stored)
        assert len(Searching(collection).nearest(stored[0].vector, 200, ALL)[0]) == 60
        collection.flush()
    for _ in range(2):
        collection.remove([1, 30, 77])
        assert sorted(Searching(collection).nearest(stored[0].vector, 200, ALL)[0].tolist()) == list(range(3, 59))


def test_a_collection_of_somebody_else_is_not_written_to(collection):
    collection.insert(rows(texts(4)))
    other = Collection(collection.milvus, "archive-2")
    for attempt in (lambda: other.make(DIMENSION), other.check, lambda: other.insert(rows(texts(9))), lambda: other.remove([1])):
        with pytest.raises(ArchiveMismatch, match=f"{collection.milvus.collection} belongs to another"):
            attempt()
    assert len(collection.vectors([1, 2, 3])) == 2
    collection.make(DIMENSION)


def test_a_missing_collection_and_an_engine_that_is_away_are_told(milvus):
    gone = Collection(connected(milvus, "never_made"), "archive-1")
    with pytest.raises(ArchiveDamaged, match=r"never_made is damaged: its collection is missing in Milvus; take Milvus back"):
        Searching(gone).nearest(vectors(1)[0], 3, ALL)
    away = Collection(connected(f"http://127.0.0.1:{free_port()}", "c", token="somebody:verysecret"), "archive-1")
    with pytest.raises(ArchiveError, match=r"Milvus cannot be used for milvus\+http://127.0.0.1:\d+/c: ") as error:
        away.check()
    assert "verysecret" not in str(error.value)
    with pytest.raises(ArchiveError, match="Milvus cannot be used"):
        away.make(DIMENSION)


def test_after_milvus_was_restarted_the_same_connection_goes_on(tmp_path):
    port = free_port()
    with milvus_lite(tmp_path, port) as address:
        made = Collection(connected(address, "kept"), "archive-1")
        made.make(DIMENSION)
        stored = rows(texts(10))
        made.insert(stored)
    with pytest.raises(ArchiveError, match="Milvus cannot be used"):
        made.check()
    with milvus_lite(tmp_path, port):
        # what was acknowledged is there, though nothing was flushed
        assert len(Searching(made).nearest(stored[0].vector, 20, ALL)[0]) == 10
        made.milvus.close()


def test_many_may_ask_at_once(collection):
    stored = rows(texts(100))
    collection.insert(stored)
    collection.flush()
    search = Searching(collection)
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda row: search.nearest(row.vector, 1, ALL)[0].tolist(), stored))
    assert found == [[row.passage] for row in stored]


def test_stems_are_taken_apart_by_any_tokenizer_and_come_back():
    odd = ["plain", "日本", "0x41", "0xg", "a'b", "ß", "naïve", "x", "0", "l'été", "𝒜"]
    words = as_words(odd)
    assert set(words) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert in_words(words) == odd
    assert len({*words.split(" ")}) == len(odd)
    assert in_words(as_words([])) == []
    long = in_words(as_words(["stem"] * 20_000))
    assert len(as_words(["stem"] * 20_000)) <= 65_535
    assert long == ["stem"] * 13_107


def test_the_client_takes_over_no_settings_of_the_working_folder(tmp_path):
    (tmp_path / ".env").write_text("PULLQUOTE_TAKEN_OVER=1\n")
    code = "import os; from rag.store.shared.milvus import pymilvus; pymilvus(); print({k for k in os.environ if 'TAKEN' in k or 'DOTENV' in k})"
    said = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_a_collection_whose_maker_was_killed_is_made_to_its_end(milvus):
    made = Collection(connected(milvus, f"c{uuid.uuid4().hex[:12]}"), "archive-1")
    made.milvus.ask("create_collection", schema=_schema("archive-1", DIMENSION), consistency_level="Strong", properties={_OWNER: "archive-1"})
    some = pymilvus().MilvusClient.prepare_index_params()
    some.add_index("article", index_type="INVERTED")
    made.milvus.ask("create_index", index_params=some, sync=False)
    made.make(DIMENSION)
    assert len(made.milvus.ask("list_indexes")) == 3
    made.make(DIMENSION)
    made.milvus.close()


def test_a_collection_that_was_begun_for_another_model_is_made_anew(collection):
    collection.insert(rows(texts(4)))
    collection.make(DIMENSION)
    assert len(collection.vectors([1, 2])) == 2
    collection.make(DIMENSION * 2)
    assert len(collection.milvus.ask("list_indexes")) == 3
    row = replace(rows(texts(1))[0], vector=np.repeat(vectors(1)[0], 2))
    collection.insert([row])
    assert collection.vectors([1, 2])[1][1].tolist() == [row.vector.tolist()]
    assert collection.vectors([1, 2]).keys() == {1}
    # that of somebody else is left
    with pytest.raises(ArchiveMismatch, match="belongs to another"):
        Collection(collection.milvus, "archive-2").make(DIMENSION)
    assert len(collection.vectors([1, 2])) == 1
