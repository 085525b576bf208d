import logging
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from rag import Settings
from rag.corpus.canonical_text import documented
from rag.errors import ArchiveDamaged, ArchiveError, ArchiveMismatch, ArticleDamaged
from rag.listing import Order
from rag.repairing import repair
from rag.store import LocalStore, backup, flaws, restore
from rag.store.caches import Caches
from rag.store.locking import only_writer
from rag.store.manifest import Manifest
from rag.store.seal import seal
from rag.store.truth import Truth
from rag.store.versions import VERSION
from rag.types import Box, Fact, Facts, Filters, Kind, Part, Provenance, Span
from tests.store.contract import ENCODER, StoreContract, entry, matching, nearest, note, put


class TestLocalStore(StoreContract):
    pass


@pytest.fixture
def filled(store, make):
    put(store, *(make(f"a{n}", f"The bridge number {n} opened. Ferry {n * 7}.") for n in range(30)))
    return store


def reopened(store):
    return LocalStore(store._folder, Settings())


def test_reading_makes_no_folder(tmp_path):
    assert nearest(LocalStore(tmp_path / "none", Settings()), "bridge") == []
    assert not (tmp_path / "none").exists()


def test_a_folder_that_is_made_later_is_seen(tmp_path, make):
    reader, writer = LocalStore(tmp_path / "i", Settings()), LocalStore(tmp_path / "i", Settings())
    assert nearest(reader, "bridge") == []
    put(writer, make("a", "The bridge opened."))
    assert matching(reader, "bridge") == ["a"]


def test_another_process_s_articles_are_seen_without_reopening(filled, make):
    other = reopened(filled)
    assert matching(other, "tunnel") == []
    put(filled, make("t", "The tunnel closed."))
    assert matching(other, "tunnel") == ["t"]


def test_a_cache_that_is_behind_is_brought_up_to_date_and_the_log_says_so(filled, make, caplog):
    # a writer that was killed after its commit and before its caches were written
    truth = Truth(filled._folder)
    with truth.transaction("IMMEDIATE"):
        truth.put([entry(make("late", "The tunnel closed."))])
    truth.close()
    with caplog.at_level(logging.WARNING):
        fresh = reopened(filled)
        assert matching(fresh, "tunnel") == ["late"]
    assert "it is of generation 1, the archive of 2" in caplog.text
    assert fresh.status().caches == "brought up to date: it is of generation 1, the archive of 2"


def cache_files(folder):
    return sorted(path for path in (folder / "cache").rglob("*") if path.is_file() and path.suffix != ".lock" and path.stat().st_size)


@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_damaged_cache_file_is_never_searched(filled, harm, caplog):
    expected = nearest(filled, "bridge 3"), matching(filled, "bridge 3")
    for number in range(len(cache_files(filled._folder))):
        path = cache_files(filled._folder)[number]
        data = bytearray(path.read_bytes())
        if harm == "flip":
            # one bit, at a place that differs from file to file
            data[(number * 7919) % len(data)] ^= 1 << (number % 8)
        else:
            del data[-1]
        path.unlink()
        if harm != "remove":
            path.write_bytes(data)
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            fresh = reopened(filled)
            assert (nearest(fresh, "bridge 3"), matching(fresh, "bridge 3")) == expected, path
        assert "rebuilt from the archive" in caplog.text, path
        fresh.close()
        caplog.clear()
        assert nearest(reopened(filled), "bridge 3") == expected[0]
        assert "rebuilt" not in caplog.text


def test_every_bit_of_the_vectors_and_the_manifest_is_watched(filled):
    root = filled._folder / "cache"
    for path in (root / "manifest.json", *root.rglob("*.faiss")):
        original = path.read_bytes()
        for bit in range(0, 8 * len(original), 101):
            data = bytearray(original)
            data[bit // 8] ^= 1 << bit % 8
            path.write_bytes(data)
            with pytest.raises(ValueError, match="damaged|missing"):
                Caches.load(root)
        path.write_bytes(original)
        assert Caches.load(root) is not None


def test_a_rebuilt_cache_finds_what_an_incremental_one_did(filled, make):
    put(filled, make("a3", "The bridge number 3 closed."))
    with filled.writing() as writer:
        writer.remove(["a5"])
    before = nearest(filled, "bridge 3", 50), matching(filled, "bridge 3", 50)
    for path in cache_files(filled._folder):
        path.unlink()
    fresh = reopened(filled)
    assert (nearest(fresh, "bridge 3", 50), matching(fresh, "bridge 3", 50)) == before


def test_a_truth_restored_from_a_copy_is_not_searched_by_caches_of_another(filled, make, caplog):
    filled.close()
    copy = (filled._folder / "archive.sqlite").read_bytes()
    later = reopened(filled)
    put(later, make("a3", "The tunnel closed."))
    later.close()
    (filled._folder / "archive.sqlite").write_bytes(copy)
    fresh = reopened(filled)
    assert "a3" in matching(fresh, "bridge number 3", 50)
    assert "it is of another state of the archive" in caplog.text
    # the same number again, of another text
    put(fresh, make("a3", "The harbour froze."))
    assert matching(fresh, "tunnel") == []
    assert matching(fresh, "harbour") == ["a3"]


def test_caches_that_were_published_meanwhile_are_not_overwritten(filled, make, caplog):
    fresh = reopened(filled)
    with fresh._generation() as truth:
        assert truth.generation == 1
        put(filled, make("late", "The tunnel closed."))
        # and the next are not published yet
        with closing(Truth(filled._folder)) as writer, writer.transaction("IMMEDIATE"):
            writer.put([entry(make("later", "The harbour froze."))])
        caches = fresh._current(truth)
    assert caches.generation == 2
    assert "rebuilt" not in caplog.text
    assert (matching(fresh, "tunnel"), matching(fresh, "harbour")) == (["late"], ["later"])


def test_an_archive_that_is_being_made_reads_as_empty(tmp_path):
    db = sqlite3.connect(tmp_path / "archive.sqlite")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    assert LocalStore(tmp_path, Settings()).status().articles == 0


def test_readers_do_not_disturb_the_making_of_an_archive(tmp_path, make):
    failures = []

    def read(folder):
        try:
            for _ in range(20):
                nearest(LocalStore(folder, Settings()), "bridge")
        except ArchiveError as error:
            failures.append(error)

    for n in range(5):
        readers = [threading.Thread(target=read, args=(tmp_path / str(n),)) for _ in range(3)]
        for thread in readers:
            thread.start()
        put(LocalStore(tmp_path / str(n), Settings()), make("a", "The bridge opened."))
        for thread in readers:
            thread.join()
    assert failures == []


def test_a_reader_s_look_does_not_refuse_a_writer(filled):
    stop = threading.Event()

    def look():
        while not stop.is_set():
            filled._somebody_writes()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(30):
            # what counts are the tries: on a slow machine there are few in the seconds that a writer usually waits
            with only_writer(filled._folder, 60):
                pass
    finally:
        stop.set()
        looking.join()


def test_old_caches_are_cleared_away(filled, make):
    put(filled, make("b", "More."))
    manifest = Manifest.read(filled._folder / "cache")
    assert {path.name for path in (filled._folder / "cache").iterdir()} == {"manifest.json", manifest.lexical, *manifest.segments}


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"this is no database, but a file of text" * 100, "is damaged"), (b"SQLite format 3\0" + b"\xff" * 4096, "is damaged|cannot be")],
)
def test_a_damaged_archive_says_what_is_wrong_and_what_to_do(tmp_path, content, message):
    (tmp_path / "archive.sqlite").write_bytes(content)
    with pytest.raises(ArchiveDamaged, match=message) as caught:
        LocalStore(tmp_path, Settings()).status()
    assert "archive.sqlite" in str(caught.value)


@pytest.mark.parametrize(
    "change", ["text = replace(text, 'opened', 'closed')", "title = 'Another'", "published = '2020-01-01'", "arrived = '2026-11-27T00:00:00+00:00'"]
)
def test_an_altered_article_is_not_given_out(filled, change):
    with sqlite3.connect(filled._folder / "archive.sqlite") as db:
        db.execute(f"UPDATE articles SET {change} WHERE id = 'a3'")
    db.close()
    opened = reopened(filled)
    with pytest.raises(ArchiveDamaged, match="article a3 is not what was stored"):
        opened.article("a3")
    with opened.reading() as snapshot:
        found = snapshot.entries(["a3", "a2"])
        assert (list(found.intact), list(found.damaged)) == (["a2"], ["a3"])


def test_a_newer_format_is_not_touched(filled):
    with sqlite3.connect(filled._folder / "archive.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ArchiveMismatch, match="version 99, this program reads 1 to 6"):
        reopened(filled)


@pytest.mark.parametrize(
    "change", ["text = 'no'", "words = 'A ferry'", "start = 1", "article = 'a4'", "author = 'Eve'", "author = NULL", "answers = 1"]
)
def test_an_altered_note_is_not_given_out(filled, change):
    number = filled.add_note(replace(note(filled.article("a3"), "mine"), author="Ada")).number
    with sqlite3.connect(filled._folder / "archive.sqlite") as db:
        db.execute(f"UPDATE notes SET {change}")
    db.close()
    with pytest.raises(ArchiveDamaged, match=rf"note {number} is not what was stored; remove it with Archive.remove_note\({number}\)"):
        reopened(filled).notes(None)
    assert filled.remove_note(number)
    assert filled.notes(None) == []


# what version 1 of this program made; written out, so that it stays what it was
VERSION_1 = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE articles (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, author TEXT,
        published TEXT, url TEXT, text TEXT NOT NULL, sha256 TEXT NOT NULL, origin TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE passages (
        n INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (n) ON DELETE CASCADE,
        start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL
    ) STRICT;
    CREATE INDEX passages_of_article ON passages (article);
    CREATE TABLE generations (n INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE) STRICT;
    PRAGMA user_version = 1;
"""


@pytest.fixture
def old(filled, tmp_path):
    """The same articles in an archive of version 1."""
    (tmp_path / "old").mkdir()
    filled.close()
    shutil.copytree(filled._folder / "cache", tmp_path / "old" / "cache")
    with closing(sqlite3.connect(tmp_path / "old" / "archive.sqlite")) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(VERSION_1)
        db.execute("ATTACH ? AS new", (str(filled._folder / "archive.sqlite"),))
        db.execute("INSERT INTO meta SELECT * FROM new.meta WHERE key IN ('model', 'weights', 'dimension', 'passages')")
        for table in ("passages", "generations"):
            db.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
        rows = db.execute("SELECT n, id, title, source, author, published, url, text, sha256, origin FROM new.articles").fetchall()
        db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [(*row, seal(row[1:])) for row in rows])
        db.commit()
    return tmp_path / "old"


# what version 3 made
VERSION_3 = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE passages (
        n INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (n) ON DELETE CASCADE,
        start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL
    ) STRICT;
    CREATE INDEX passages_of_article ON passages (article);
    CREATE TABLE generations (n INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE notes (
        n INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, sha256 TEXT NOT NULL, start INTEGER NOT NULL,
        stop INTEGER NOT NULL, words TEXT NOT NULL, text TEXT NOT NULL, made TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT;
    CREATE INDEX notes_of_article ON notes (article);
    CREATE TABLE feedback (n INTEGER PRIMARY KEY AUTOINCREMENT, given TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
    CREATE TABLE "articles" (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, author TEXT,
        published TEXT, url TEXT, sha256 TEXT NOT NULL, origin TEXT NOT NULL, characters INTEGER NOT NULL,
        passages INTEGER NOT NULL, spans TEXT NOT NULL, vectors TEXT NOT NULL, seal TEXT NOT NULL, text TEXT NOT NULL
    ) STRICT;
    PRAGMA user_version = 3;
    PRAGMA application_id = 0x50717465;
"""
# and what version 4 made of that
VERSION_4 = """
    DROP TABLE articles;
    CREATE TABLE "articles" (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT, author TEXT,
        published TEXT, url TEXT, sha256 TEXT NOT NULL, origin TEXT NOT NULL, characters INTEGER NOT NULL,
        passages INTEGER NOT NULL, spans TEXT NOT NULL, vectors TEXT NOT NULL, document TEXT, seal TEXT NOT NULL, text TEXT NOT NULL,
        parts TEXT NOT NULL
    ) STRICT;
    CREATE TABLE documents (
        origin TEXT PRIMARY KEY, sha256 TEXT NOT NULL, reader INTEGER NOT NULL, columns TEXT NOT NULL, found TEXT NOT NULL, seal TEXT NOT NULL
    ) STRICT;
    INSERT INTO documents VALUES ('a3.txt', '0', 1, '{}', '{"ids": ["a3"], "refused": []}', '0');
    PRAGMA user_version = 4;
"""
# and what version 5 made of that
VERSION_5 = """
    DELETE FROM documents;
    CREATE TABLE editions (
        n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, title TEXT NOT NULL, source TEXT, author TEXT, published TEXT, url TEXT,
        sha256 TEXT NOT NULL, origin TEXT NOT NULL, document TEXT, replaced TEXT NOT NULL, seal TEXT NOT NULL, text TEXT NOT NULL, parts TEXT NOT NULL
    ) STRICT;
    CREATE INDEX editions_of_text ON editions (id, sha256);
    CREATE TABLE originals (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, packed BLOB NOT NULL) STRICT;
    CREATE TABLE likenesses (
        article INTEGER PRIMARY KEY REFERENCES articles (n) ON DELETE CASCADE, signature BLOB NOT NULL, story INTEGER NOT NULL,
        checksum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX likenesses_of_story ON likenesses (story);
    PRAGMA user_version = 5;
"""
_NOTES = "n, article, sha256, start, stop, words, text, made, seal"
_SEALED = "n, id, title, source, author, published, url, sha256, origin, characters, passages, spans, vectors, seal, text"


@pytest.fixture(params=[3, 4, 5])
def sealed(filled, tmp_path, request):
    """The same articles, and a note beside one that was removed, in an archive of version 3, 4 or 5."""
    (tmp_path / "sealed").mkdir()
    _, last = (filled.add_note(note(filled.article("a3"), text)) for text in ("first", "second"))
    filled.remove_note(last.number)
    filled.close()
    shutil.copytree(filled._folder / "cache", tmp_path / "sealed" / "cache")
    with closing(sqlite3.connect(tmp_path / "sealed" / "archive.sqlite")) as db:
        db.executescript(VERSION_3)
        db.execute("ATTACH ? AS new", (str(filled._folder / "archive.sqlite"),))
        columns = _SEALED
        if request.param >= 4:
            db.executescript(VERSION_4)
            columns += ", document, parts"
        if request.param == 5:
            db.executescript(VERSION_5)
            for table in ("editions", "originals", "likenesses"):
                db.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
        db.execute(f"INSERT INTO articles ({columns}) SELECT {columns} FROM new.articles")
        db.execute(f"INSERT INTO notes ({_NOTES}) SELECT {_NOTES} FROM new.notes")
        db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'notes'", (last.number,))
        for table in ("meta", "passages", "generations", "feedback"):
            db.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
        db.commit()
    return tmp_path / "sealed"


@pytest.mark.parametrize("read_only", [False, True])
def test_an_archive_of_version_3_to_5_is_read_as_it_is_and_upgraded_by_the_first_writer(sealed, make, read_only, caplog):
    there = version(sealed)
    with closing(LocalStore(sealed, Settings(), read_only=read_only)) as store:
        before = list(store.articles())
        assert (len(before), matching(store, "ferry 21")[0], version(sealed)) == (30, "a3", there)
        (kept,) = store.notes(None)
        assert (kept.text, kept.author, kept.answers) == ("first", None, None)
        listed = store.shelf([], Filters(), Order.ARRIVED, 0, 30).entries
        assert {one.arrived for one in listed} == {None}
        assert flaws(sealed, int) == []
        if not read_only:
            put(store, make("new", "The tunnel closed."))
            assert version(sealed) == VERSION
            assert [article for article in store.articles() if article.id != "new"] == before
            assert store.notes(None) == [kept]
            # the number of the one that was removed stays its own
            assert store.add_note(note(before[3], "third")).number == kept.number + 2
            assert flaws(sealed, int) == []
    assert "rebuilt" not in caplog.text


def test_what_was_damaged_in_an_archive_of_version_3_to_5_is_so_in_this_one(sealed, make):
    with closing(sqlite3.connect(sealed / "archive.sqlite")) as db:
        db.execute("UPDATE articles SET title = 'Another' WHERE id = 'a3'")
        db.commit()
    with closing(LocalStore(sealed, Settings())) as store:
        put(store, make("new", "The tunnel closed."))
    assert version(sealed) == VERSION
    assert ["article a3 is not what was stored" in flaw for flaw in flaws(sealed, int)] == [True]


def test_an_article_that_the_table_s_index_has_lost_is_there(filled, make):
    filled.close()
    file = filled._folder / "archive.sqlite"
    with closing(sqlite3.connect(file)) as db:
        (size,), (root,) = (
            db.execute(sql).fetchone()
            for sql in ("PRAGMA page_size", "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_articles_1'")
        )
    data = bytearray(file.read_bytes())
    page = slice((root - 1) * size, root * size)
    data[page] = data[page].replace(b"a29", b"a2z")
    file.write_bytes(data)
    with closing(reopened(filled)) as store:
        assert (store.article("a29").id, store.article("unknown")) == ("a29", None)
        put(store, make("new", "The tunnel closed."))
        with store.writing() as writer:
            writer.remove(["a3", "new"])
        # known once, and gone
        assert (store.article("a29").id, store.article("a3"), store.article("new")) == ("a29", None, None)
        put(store, make("a3", "The tunnel opened."))
        assert store.article("a3").text == "The tunnel opened."


TOLD = Facts(title=Fact("Title of d", Provenance.JSON_LD), published=Fact("about 2020", Provenance.GUESSED))
PARTS = (
    Part(Span(0, 7), Kind.HEADING, "/html/body/h1"),
    Part(Span(8, 15), Kind.BODY, "page 2", Box(2, 72.0, 90.25, 300.0, 101.5)),
)


def documented_article(make):
    return documented(make("d", "Opened. Closed."), TOLD, PARTS, date(2021, 4, 5))


def test_what_a_document_told_and_where_it_has_its_parts_is_kept(filled, make):
    put(filled, documented_article(make))
    found = reopened(filled).article("d")
    assert (found.facts, found.parts, found.updated) == (TOLD, PARTS, date(2021, 4, 5))


@pytest.mark.parametrize(
    "damage",
    [
        "document = replace(document, 'json-ld', 'meta')",
        "document = NULL",
        "document = '{'",
        "parts = replace(parts, 'page 2', 'page 3')",
        "parts = ''",
    ],
)
def test_what_a_document_told_is_checked(filled, make, damage):
    put(filled, documented_article(make))
    filled.close()
    with closing(sqlite3.connect(filled._folder / "archive.sqlite")) as db:
        db.execute(f"UPDATE articles SET {damage} WHERE id = 'd'")
        db.commit()
    with closing(reopened(filled)) as store:
        with pytest.raises(ArticleDamaged):
            store.article("d")
        assert store.article("a3").parts == ()


def version(folder):
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        return db.execute("PRAGMA user_version").fetchone()[0]


@pytest.mark.parametrize("read_only", [False, True])
def test_an_archive_of_version_1_is_read_as_it_is(old, read_only, caplog):
    with closing(LocalStore(old, Settings(), read_only=read_only)) as store:
        assert matching(store, "ferry 21")[0] == "a3"
        assert store.shelf(["title"], Filters(), Order.NEWEST, 0, 5).total == 30
        assert store.notes(None) == store.feedback() == []
    assert version(old) == 1
    assert "rebuilt" not in caplog.text


@pytest.mark.parametrize("write", ["put", "note"])
def test_the_first_writer_upgrades_it_and_open_readers_see_that(old, make, write, caplog):
    with closing(LocalStore(old, Settings())) as reader, closing(LocalStore(old, Settings())) as writer:
        before = list(reader.articles())
        assert reader.notes("a3") == []
        if write == "put":
            put(writer, make("new", "The tunnel closed."))
        kept = writer.add_note(note(before[3], "mine"))
        assert reader.notes(before[3].id) == [kept]
        assert [article for article in reader.articles() if article.id != "new"] == before
        assert version(old) == VERSION
        assert matching(reader, "ferry 21")[0] == "a3"
    assert "rebuilt" not in caplog.text


def test_an_old_archive_is_checked_copied_and_repaired(old, tmp_path):
    with closing(LocalStore(old, Settings())) as store:
        before = list(store.articles())
    assert flaws(old, int) == []
    assert version(old) == 1
    backup(old, tmp_path / "copy", int)
    done = repair(old, Settings(), ENCODER, int)
    assert (done.kept, done.encoded, done.lost, done.has_unnamed) == (30, (), (), False)
    # a copy made by a program of that version
    restore(tmp_path / "back", done.aside / "archive.sqlite", int)
    restore(tmp_path / "copied", tmp_path / "copy", int)
    for folder in (old, tmp_path / "back", tmp_path / "copied"):
        with closing(LocalStore(folder, Settings())) as store:
            assert list(store.articles()) == before


def test_an_old_archive_s_damaged_article_stays_damaged(old):
    with closing(sqlite3.connect(old / "archive.sqlite")) as db:
        db.execute("UPDATE articles SET title = 'Another' WHERE id = 'a3'")
        db.commit()
    assert ["article a3 is not what was stored" in flaw for flaw in flaws(old, int)] == [True]
    done = repair(old, Settings(), ENCODER, int)
    assert (done.kept, [lost.name for lost in done.lost]) == (29, ["a3"])


def test_two_writers_upgrade_it_once(old):
    made = LocalStore(old, Settings()).article("a3")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: LocalStore(old, Settings()).add_note(note(made, f"{n}")), range(8)))
    assert sorted(kept.text for kept in LocalStore(old, Settings()).notes("a3")) == [str(n) for n in range(8)]


def test_other_passage_settings_are_refused(filled):
    other = LocalStore(filled._folder, Settings(passage_chars=300))
    with pytest.raises(ArchiveMismatch, match=r"passages of 900\+200 characters, not 300\+200"):
        other.check(ENCODER.identity)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="cannot be made"), LocalStore(tmp_path / "file" / "index", Settings()).writing():
        pass


def test_many_readers_and_a_writer_agree(filled, make):
    wrong = []

    def read():
        store = reopened(filled)
        for _ in range(20):
            found = nearest(store, "The bridge number 3 opened. Ferry 21.", 1)
            if found != [("a3", 1.0)]:
                wrong.append(found)
        store.close()

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    for n in range(10):
        put(filled, make(f"b{n}", f"Number {n} is about a tunnel."))
    for thread in readers:
        thread.join()
    assert wrong == []
