"""Caches that grow: what they find, what they cost, and when they are built instead."""

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import date

import numpy as np
import pytest

from rag import Settings
from rag.store import LocalStore, building, segments
from rag.store.building import grow
from rag.store.facets import Facets
from rag.store.manifest import Manifest
from rag.store.segments import to_join
from rag.store.truth import Truth
from rag.types import Filters
from tests.store.contract import entry, matching, nearest, put

WORDS = "bridge ferry harbour tunnel river mayor council vote strike storm flood train opened closed sank burned".split()
ALL_FILTERS = (
    Filters(),
    Filters(after=date(2001, 1, 1), before=date(2004, 12, 31)),
    Filters(sources=("S1", "S2")),
    Filters(after=date(2003, 1, 1), sources=("S0",), undated=True),
)


@pytest.fixture
def drawn():
    return random.Random(3)


@pytest.fixture
def article_of(make, drawn):
    def made(id):
        text = ". ".join(" ".join(drawn.choices(WORDS, k=7)) for _ in range(3)) + "."
        published = date(drawn.randint(2000, 2005), 5, 1) if drawn.random() < 0.8 else None
        return make(id, text, source=f"S{drawn.randrange(4)}", published=published)

    return made


@pytest.fixture(params=[200_000, 40], ids=["exact", "with lists"])
def store(tmp_path, request, monkeypatch):
    # sizes at which what a large archive does is seen in a small one
    monkeypatch.setattr(building, "_FEW", 0)
    monkeypatch.setattr(building, "_MOST_COUNTED", 0.3)
    monkeypatch.setattr(segments, "_FEW", 8)
    return LocalStore(tmp_path / "index", Settings(approximate_from=request.param))


def found(store):
    """What a store finds for some questions, under several filters, with its scores to a part in a million."""
    for question in ("bridge closed", "mayor vote strike", "storm"):
        for filters in ALL_FILTERS:
            yield [(id, round(score, 3)) for id, score in nearest(store, question, 500, filters)]
            yield sorted(matching(store, question, 500, filters))
            with store.reading() as snapshot:
                yield snapshot.searched(filters)


def built_anew(store, folder):
    folder.mkdir()
    shutil.copyfile(store._folder / "archive.sqlite", folder / "archive.sqlite")
    return LocalStore(folder, store._settings)


def test_caches_that_grew_find_what_built_ones_do(store, article_of, drawn, tmp_path, caplog):
    there = []
    for n in range(25):
        come = [f"a{drawn.randrange(200)}" for _ in range(drawn.choice([1, 1, 3, 12]))]
        put(store, *map(article_of, dict.fromkeys(come)))
        there = sorted({*there, *come})
        if n % 5 == 4:
            gone = drawn.sample(there, 2)
            with store.writing() as writer:
                writer.remove(gone)
            there = [id for id in there if id not in gone]
    store._truth.settle()
    other = built_anew(store, tmp_path / "other")
    for mine, its in zip(found(store), found(other), strict=True):
        assert mine == its
    assert [item.id for item in store.articles()] == there
    assert caplog.text.count("rebuilt") == caplog.text.count("there is none yet") == 1


def test_words_that_were_only_added_have_the_scores_that_all_at_once_would_give(store, article_of, tmp_path):
    for n in range(30):
        put(store, article_of(f"a{n}"))
    store._truth.settle()
    other = built_anew(store, tmp_path / "other")
    for question in ("bridge closed", "mayor vote strike opened"):
        with store.reading() as mine, other.reading() as its:
            numbers, scores = mine.matching(question, 500, Filters())
            assert numbers.tolist() == its.matching(question, 500, Filters())[0].tolist()
            assert scores.tolist() == its.matching(question, 500, Filters())[1].tolist()


def test_what_is_added_leaves_what_is_large_alone(tmp_path, make, monkeypatch):
    monkeypatch.setattr(segments, "_FEW", 5)
    store = LocalStore(tmp_path / "index", Settings(approximate_from=40))
    put(store, *(make(f"a{n}", f"The bridge number {n} opened.") for n in range(40)))
    (large,) = (name for name in Manifest.read(tmp_path / "index" / "cache").segments)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "index" / "cache" / large).iterdir()}
    assert "lists.faiss" in before
    for n in range(12):
        put(store, make(f"b{n}", f"The ferry number {n} sank."))
        names = Manifest.read(tmp_path / "index" / "cache").segments
        assert names[0] == large
        assert len(names) <= 4
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "index" / "cache" / large).iterdir()} == before
    assert store.status().search == f"approximate (IVF, SQ8) in 1 of {len(names)} segments"


def test_a_held_segment_is_not_read_again(tmp_path, make):
    store = LocalStore(tmp_path / "index", Settings(approximate_from=40))
    put(store, *(make(f"a{n}", f"The bridge number {n} opened.") for n in range(40)))
    assert nearest(store, "bridge")
    held = store._caches.stored
    put(store, make("b", "The ferry sank."))
    assert matching(store, "ferry") == ["b"]
    (name,) = held
    assert store._caches.stored[name] is held[name]


def test_files_of_before_are_shared_and_never_changed(tmp_path, make):
    store = LocalStore(tmp_path / "index", Settings())
    put(store, make("a", "The bridge opened."))
    caches = tmp_path / "index" / "cache"
    first = Manifest.read(caches)
    kept = tmp_path / "kept"
    shutil.copytree(caches / first.lexical, kept, copy_function=shutil.os.link)
    bytes_before = {path.name: path.read_bytes() for path in kept.iterdir()}
    put(store, make("b", "The ferry sank."))
    second = Manifest.read(caches)
    assert second.lexical != first.lexical
    shared = [
        path for path in (caches / second.lexical).iterdir() if path.name in bytes_before and path.stat().st_ino == (kept / path.name).stat().st_ino
    ]
    assert len(shared) >= 5
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == bytes_before


def test_a_file_system_without_links_has_copies(tmp_path, make, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(building.os, "link", refused)
    store = LocalStore(tmp_path / "index", Settings())
    put(store, make("a", "The bridge opened."))
    put(store, make("b", "The ferry sank."))
    assert matching(LocalStore(tmp_path / "index", Settings()), "ferry") == ["b"]


def test_where_too_much_went_all_is_built(store, make, monkeypatch):
    monkeypatch.setattr(building, "_MOST_COUNTED", 0.1)
    put(store, *(make(f"a{n}", f"The bridge number {n} opened.") for n in range(30)))
    with store.writing() as writer:
        writer.remove(["a1", "a2"])
    assert (Manifest.read(store._folder / "cache").counted, len(matching(store, "bridge", 50))) == (2, 28)
    with store.writing() as writer:
        writer.remove(["a3", "a4"])
    # three in thirty would be a tenth
    assert (Manifest.read(store._folder / "cache").counted, len(matching(store, "bridge", 50))) == (0, 26)


@pytest.mark.parametrize("name", ["vectors.faiss", "facets", "lists.faiss", ".idx", "meta.json"])
def test_nothing_grows_on_a_damaged_file(tmp_path, make, name):
    store = LocalStore(tmp_path / "index", Settings(approximate_from=40))
    put(store, *(make(f"a{n}", f"The bridge number {n} opened.") for n in range(40)))
    store.close()
    (path,) = (path for path in (tmp_path / "index" / "cache").rglob(f"*{name}"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()
    path.write_bytes(data)
    writer = LocalStore(tmp_path / "index", Settings(approximate_from=40))
    put(writer, make("b", "The ferry sank."))
    fresh = LocalStore(tmp_path / "index", Settings(approximate_from=40))
    assert (matching(fresh, "ferry"), len(matching(fresh, "bridge", 99)), len(nearest(fresh, "ferry", 99))) == (["b"], 40, 41)
    assert fresh.status().caches == "current"


def test_what_cannot_be_read_is_built_anew_on_disk(tmp_path, make):
    store = LocalStore(tmp_path / "index", Settings())
    put(store, make("a", "The bridge opened."))
    # such as a disk gives no more
    (path,) = (tmp_path / "index" / "cache").rglob("*.idx")
    path.unlink()
    path.mkdir()
    put(store, make("b", "The ferry sank."))
    fresh = LocalStore(tmp_path / "index", Settings())
    assert (matching(fresh, "ferry"), fresh.status().caches) == (["b"], "current")


def test_a_program_that_is_ended_once_the_manifest_is_written_leaves_all_of_it(tmp_path, make, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    store = LocalStore(tmp_path / "index", Settings())
    put(store, make("a", "The bridge opened."))
    monkeypatch.setattr(building, "clear", interrupted)
    with pytest.raises(KeyboardInterrupt):
        put(store, make("b", "The ferry sank."))
    fresh = LocalStore(tmp_path / "index", Settings())
    assert (matching(fresh, "ferry"), fresh.status().caches) == (["b"], "current")
    monkeypatch.undo()
    put(fresh, make("c", "The tunnel closed."))
    caches = tmp_path / "index" / "cache"
    manifest = Manifest.read(caches)
    assert {path.name for path in caches.iterdir()} == {"manifest.json", manifest.lexical, *manifest.segments}


def test_caches_that_are_in_memory_alone_are_said_to_be_so(tmp_path, make):
    store = LocalStore(tmp_path / "index", Settings())
    put(store, make("a", "The bridge opened."))
    store.close()
    shutil.rmtree(tmp_path / "index" / "cache")
    (tmp_path / "index" / "cache").write_text("no folder")
    fresh = LocalStore(tmp_path / "index", Settings())
    assert (matching(fresh, "bridge"), fresh.status().caches) == (["a"], "rebuilt in memory: manifest.json cannot be read: Not a directory")


def test_an_article_that_was_damaged_and_is_whole_again_is_found_after_the_next_add(store, make):
    put(store, *(make(f"a{n}", f"The bridge number {n} opened.") for n in range(30)))
    file = store._folder / "archive.sqlite"

    def titled(title):
        with closing(sqlite3.connect(file)) as db:
            db.execute("UPDATE articles SET title = ? WHERE id = 'a3'", (title,))
            db.commit()

    titled("Another")
    put(store, make("b", "The ferry sank."))
    assert ("a3" in matching(store, "bridge", 50), len(nearest(store, "bridge", 50))) == (False, 30)
    titled("Title of a3")
    put(store, make("c", "The ferry sailed."))
    assert ("a3" in matching(store, "bridge", 50), len(nearest(store, "bridge", 50))) == (True, 32)


def test_a_history_that_was_left_is_not_grown_on(tmp_path, make):
    store = LocalStore(tmp_path / "index", Settings())
    put(store, make("a", "The bridge opened."))
    store.close()
    copy = (tmp_path / "index" / "archive.sqlite").read_bytes()
    later = LocalStore(tmp_path / "index", Settings())
    put(later, make("b", "The ferry sank."))
    later.close()
    (tmp_path / "index" / "archive.sqlite").write_bytes(copy)
    truth = Truth(tmp_path / "index")
    with truth.transaction("IMMEDIATE"):
        truth.put([entry(make("c", "The tunnel closed."))])
    with truth.transaction():
        assert grow(tmp_path / "index" / "cache", truth, 200_000, None) is None
    truth.close()
    fresh = LocalStore(tmp_path / "index", Settings())
    assert [matching(fresh, word) for word in ("bridge", "ferry", "tunnel")] == [["a"], [], ["c"]]


@pytest.mark.parametrize(
    ("sizes", "joined"),
    [
        ([], []),
        ([5], []),
        ([50_000, 12], []),
        ([9_000, 12], [0, 1]),
        # the small ones are together half as many as the next
        ([20_000, 6_000, 4_000], [0, 1, 2]),
        ([20_001, 6_000, 4_000], [1, 2]),
        # one that is large stays, whatever comes
        ([200_000, 150_000, 90_000], [1, 2]),
        ([200_000, 9_000, 8_000], [1, 2]),
    ],
)
def test_which_are_joined(sizes, joined):
    assert to_join(sizes, 200_000) == joined


def test_facets_that_are_joined_and_saved_are_the_same(make):
    parts = [
        Facets.of([(1, make("a", "x", source="S", published=date(2001, 1, 1)), np.array([1, 2]))]),
        Facets.of(
            [(2, make("b", "x"), np.array([3])), (4, make("c", "x", source="T"), np.array([5, 6])), (5, make("d", "x", source="S"), np.array([7]))]
        ),
    ]
    joined = Facets.joined([parts[0], parts[1].without(np.array([4]))])
    assert joined.left(Filters(sources=("S",))).tolist() == [True, True, False, False, False, True]
    assert joined.searched(Filters()).articles == 3
    assert joined.present().passages.tolist() == [1, 2, 3, 7]
    loaded = Facets.load(joined.present().saved())
    assert loaded.searched(Filters(sources=("S",))) == joined.searched(Filters(sources=("S",)))
    assert loaded.left(Filters()) is None
