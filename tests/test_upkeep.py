"""Damage to the truth is told, never answered from; a repair keeps what is intact, a copy is whole or refused."""

import html
import os
import re
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import replace as replaced
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.crowd import crowded
from benchmarks.damage import CHANGES, trials
from rag import Archive, Settings, Span
from rag.adapters.extracts import RetrieverSetting
from rag.cli import main
from rag.errors import ArchiveDamaged, ArchiveError, ArticleDamaged, InputError
from rag.evaluation import Request, run
from rag.render import answer_json, answer_text, html_document, markdown, unread
from rag.repairing import Lost, repair
from rag.store import LocalStore, backup, flaws, restore
from rag.store.database import Access
from rag.store.locking import door
from rag.store.replacing import replace
from rag.store.truth import Truth
from tests.fakes import HashingEncoder


def nothing():
    pass


@pytest.fixture
def folder(tmp_path, archive, make):
    archive.add([make(f"a{n}", f"The bridge number {n} opened. Ferry {n * 7} sank. " * 60, source=f"Paper {n % 3}") for n in range(8)])
    archive.write_note("a3", Span(0, 3), "mine")
    archive.write_note("a4", Span(0, 3), "yours")
    folder = archive._store._folder
    archive.close()
    return folder


def change(folder, *statements):
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def opened(folder):
    return Archive.open(folder, Settings(), HashingEncoder())


def contents(folder):
    with opened(folder) as archive:
        return {article.id: article for article in archive.articles()}


def test_no_change_is_answered_from_as_if_it_were_none(encoder, tmp_path):
    found = trials("seeds", 8 * len(CHANGES), 20221019, encoder, tmp_path)
    assert [one for one in found if one.fate in ("wrong", "traceback")] == []
    assert sum(one.reported for one in found) > 20


def head(at, value):
    def harm(path):
        data = bytearray(path.read_bytes())
        data[at] = value
        path.write_bytes(data)

    return harm


def instead(old, new):
    return lambda path: path.write_bytes(path.read_bytes().replace(old, new))


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda path: path.unlink(), id="deleted"),
        pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
        pytest.param(head(63, 0), id="version 0"),
        pytest.param(head(63, 1), id="version 1"),
        pytest.param(head(63, 2), id="version 2"),
        pytest.param(head(71, 0), id="of another program"),
        pytest.param(instead(b"TABLE feedback", b"TABLE feedb\x8cck"), id="a table's name"),
        # what SQLite says of it is no text
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes().replace(b"CREATE TABLE feedback", b"CREATE TABL\x8c feedback")), id="a table's text"
        ),
    ],
)
def test_a_damaged_file_is_never_an_empty_archive(folder, harm, capsys):
    harm(folder / "archive.sqlite")
    left = sorted(path.name for path in folder.iterdir())
    for command in (["status"], ["list"], ["add", "seeds"], ["status", "--check"]):
        assert main([*command, "--index", str(folder)]) == 2
        said = capsys.readouterr()
        assert "archive.sqlite is" in said.out + said.err
    assert sorted(path.name for path in folder.iterdir()) == left


def test_what_the_archive_says_of_itself_is_sealed(folder):
    for key in ("model", "token", "articles", "seal"):
        other = folder.parent / key
        shutil.copytree(folder, other)
        change(other, f"DELETE FROM meta WHERE key = '{key}'")
        with pytest.raises(ArchiveDamaged, match="what it says of itself is not what was stored"), opened(other) as archive:
            archive.search("bridge")


def test_a_page_that_is_lost_of_what_the_archive_says_of_itself_is_damage_to_who_writes(folder, make):
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        (size,), (root,) = (db.execute(sql).fetchone() for sql in ("PRAGMA page_size", "SELECT rootpage FROM sqlite_master WHERE name = 'meta'"))
    with (folder / "archive.sqlite").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with opened(folder) as archive, pytest.raises(ArchiveDamaged):
        archive.add([make("b", "The tunnel opened.")])


def test_a_question_that_leaves_the_damaged_article_out_is_answered(folder):
    change(folder, "UPDATE articles SET title = 'Another' WHERE id = 'a1'")
    with opened(folder) as archive:
        assert archive.search("bridge 2", sources=["Paper 2"])
        assert archive.article("a2")
        with pytest.raises(ArchiveDamaged, match="article a1 is not what was stored"):
            archive.search("bridge 1", sources=["Paper 1"])


def test_a_passage_that_a_table_and_its_index_give_to_two_articles_is_damage(folder):
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        ((index, as_it_was),) = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'passages' AND sql IS NOT NULL")
    written = "UPDATE sqlite_master SET sql = '{}' WHERE name = '{}'"
    # with a condition that no row meets, SQLite leaves the index as it is
    change(folder, "PRAGMA writable_schema = ON", written.format(f"{as_it_was} WHERE n < 0", index))
    change(folder, "UPDATE passages SET article = 2 WHERE article = 1")
    change(folder, "PRAGMA writable_schema = ON", written.format(as_it_was, index))
    with opened(folder) as archive, pytest.raises(ArchiveDamaged, match="is of an article that does not have it"):
        archive.search("bridge", 1_000)


def test_an_answer_says_whose_words_it_could_not_read(folder, tmp_path):
    change(folder, "UPDATE articles SET text = replace(text, 'bridge', 'tunnel') WHERE id = 'a1'")
    with opened(folder) as archive:
        whole = archive.ask("When was bridge 2 opened?")
        assert whole.searched.damaged == ("a1",)
        shown = [*whole.quotes, *whole.near_misses]
        assert shown
        assert "a1" not in {quote.article.id for quote in shown}
        # of filters that leave it out there is nothing to say
        assert archive.ask("When was bridge 2 opened?", sources=["Paper 2"]).searched.damaged == ()
    assert answer_json(whole)["searched"]["damaged"] == ["a1"]
    told = "Not read, because damaged: a1 (`pullquote repair` puts aside what is damaged)."
    assert answer_text(whole).startswith(told)
    for text in (answer_text(whole), markdown([whole]).replace("\\", ""), html_document([whole])):
        assert told in html.unescape(text)
    with opened(folder) as archive:
        # a list of quotes has no place to say it, and figures would be those of another archive
        with pytest.raises(ArchiveDamaged, match="Not read, because damaged: a1"):
            RetrieverSetting(5, None, None, None, guessed=False, undated=False, quotes=True).extracts(archive, "When was bridge 2 opened?")
        gold = tmp_path / "gold.jsonl"
        gold.write_text('{"id": "1", "question": "When was bridge 2 opened?", "answerable": false}\n')
        with pytest.raises(ArchiveDamaged, match="Not read, because damaged: a1"):
            run(archive, Request(gold=gold), lambda total: None)
    assert unread(("a", "b", "c", "d", "e")).startswith("Not read, because damaged: a, b, c and 2 more (")
    change(folder, "UPDATE articles SET text = 'x' WHERE source = 'Paper 1'")
    # where nothing else was found, there is no answer that could say it
    with opened(folder) as archive, pytest.raises(ArticleDamaged, match="article a. is not what was stored") as caught:
        archive.ask("When was bridge 1 opened?", sources=["Paper 1"])
    assert caught.value.id in ("a1", "a4", "a7")


def test_a_lost_note_is_told(folder):
    change(folder, "DELETE FROM notes WHERE article = 'a3'")
    with opened(folder) as archive, pytest.raises(ArchiveDamaged, match="of its notes some are lost"):
        archive.notes("a4")


@pytest.fixture
def corrected(folder, make):
    """The same, with two articles replaced twice."""
    with opened(folder) as archive:
        for word in ("tunnel", "road"):
            archive.add(make(id, f"The {word} of {id} opened.") for id in ("a1", "a2"))
    return folder


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM editions WHERE n = 1", "of its editions some are lost"),
        ("UPDATE editions SET id = 'a3' WHERE n = 1", r"the text of article a3 that was replaced on \S+ is not what was stored"),
        ("UPDATE editions SET replaced = '2020-01-01T00:00:00+00:00' WHERE n = 1", "replaced on 2020-01-01 is not what was stored"),
        ("UPDATE editions SET text = replace(text, 'opened', 'closed') WHERE n = 1", r"the text of article a1 that was replaced on \S+ is not"),
        ("UPDATE editions SET parts = '[]' WHERE n = 1", r"the text of article a1 that was replaced on \S+ is not"),
    ],
)
def test_an_earlier_text_that_is_not_what_was_stored_is_told_and_a_repair_keeps_the_others(corrected, capsys, statement, told):
    with opened(corrected) as archive:
        before = archive.editions()
    change(corrected, statement)
    with opened(corrected) as archive, pytest.raises(ArchiveDamaged, match=told):
        archive.editions("a1")
    with pytest.raises(ArchiveDamaged, match=told):
        backup(corrected, corrected.parent / "copy", nothing)
    assert main(["status", "--check", "--index", str(corrected)]) == 2
    (said,) = capsys.readouterr().out.splitlines()
    assert re.search(told, said)
    done = repair(corrected, Settings(), HashingEncoder(), nothing)
    assert (done.kept, done.lost, done.editions_lost) == (8, (), int("lost" not in told))
    assert flaws(corrected, nothing) == []
    with opened(corrected) as archive:
        # the last in the list was the first to be replaced
        assert archive.editions() == before[:-1]


def test_earlier_texts_are_copied_and_outlast_the_loss_of_their_article(corrected, tmp_path):
    with opened(corrected) as archive:
        before, lost = archive.editions(), archive.article("a1")
    backup(corrected, tmp_path / "copy", nothing)
    restore(tmp_path / "restored", tmp_path / "copy", nothing)
    change(corrected, "UPDATE articles SET text = 'x' WHERE id = 'a1'")
    repair(corrected, Settings(), HashingEncoder(), nothing)
    for folder in (tmp_path / "restored", corrected):
        with opened(folder) as archive:
            assert archive.editions() == before
    with opened(corrected) as archive:
        archive.add([lost])
        assert [edition.article.text for edition in archive.editions("a1")] == [
            edition.article.text for edition in before if edition.article.id == "a1"
        ]


def test_who_removes_a_lost_article_is_told_that_its_earlier_texts_were_there(corrected, capsys):
    change(corrected, "UPDATE articles SET text = 'x' WHERE id = 'a1'")
    repair(corrected, Settings(), HashingEncoder(), nothing)
    assert main(["remove", "a1", "--index", str(corrected)]) == 0
    assert capsys.readouterr().out == "1 removed (with 2 earlier texts)\n"
    with opened(corrected) as archive:
        assert {edition.article.id for edition in archive.editions()} == {"a2"}
        assert archive.remove(["a1"]) == []
    assert flaws(corrected, nothing) == []


def test_check_names_all_that_is_damaged(folder, capsys):
    assert (main(["status", "--check", "--index", str(folder)]), capsys.readouterr().out) == (0, "Everything is what was stored.\n")
    change(
        folder,
        "UPDATE articles SET published = '2020-01-01' WHERE id = 'a1'",
        "UPDATE passages SET vector = zeroblob(128) WHERE article = (SELECT n FROM articles WHERE id = 'a2')",
        "UPDATE articles SET arrived = NULL WHERE id = 'a4'",
        "UPDATE notes SET text = 'no' WHERE article = 'a3'",
        "UPDATE notes SET author = 'Eve' WHERE article = 'a4'",
    )
    assert main(["status", "--check", "--index", str(folder)]) == 2
    said = capsys.readouterr().out
    assert "article a4 is not what was stored: it was read from a program" in said
    assert "article a1 is not what was stored: it was read from a program" in said
    assert "article a2 is not what was stored: its text is intact" in said
    assert "note 1 is not what was stored" in said


def arrivals(folder):
    with opened(folder) as archive:
        return {listed.id: listed.arrived for listed in archive.shelf().entries}


def test_when_a_text_came_in_outlasts_copies_and_repairs(folder, tmp_path):
    # as if some of them had come long ago, and of others nobody knew
    moments = {f"a{n}": datetime(2026, 11, 1 + n, 8, 30, 59, tzinfo=UTC) if n < 5 else None for n in range(8)}
    with closing(Truth(folder, Access.WRITE)) as truth, truth.transaction("IMMEDIATE"):
        entries = [replaced(truth.entry(id), arrived=moment) for id, moment in moments.items()]
        truth.remove(list(moments))
        truth.put(entries)
    assert arrivals(folder) == moments
    backup(folder, tmp_path / "copy", nothing)
    restore(tmp_path / "restored", tmp_path / "copy", nothing)
    # their texts are intact: they are encoded anew
    change(folder, "UPDATE passages SET start = 1 WHERE article IN (SELECT n FROM articles WHERE id IN ('a2', 'a6'))")
    assert repair(folder, Settings(), HashingEncoder(), nothing).encoded == ("a2", "a6")
    assert arrivals(folder) == arrivals(tmp_path / "restored") == moments
    assert flaws(folder, nothing) == []


def test_a_repair_keeps_what_is_intact_and_names_what_is_not(folder, caplog):
    before = contents(folder)
    change(
        folder,
        "UPDATE articles SET text = replace(text, 'opened', 'closed') WHERE id = 'a1'",
        "UPDATE passages SET start = 1 WHERE article = (SELECT n FROM articles WHERE id = 'a2')",
        "DELETE FROM articles WHERE id = 'a5'",
        "UPDATE notes SET text = 'no' WHERE article = 'a3'",
    )
    damaged = (folder / "archive.sqlite").read_bytes()
    with opened(folder) as reader:
        assert reader.article("a0")
        done = repair(folder, Settings(), HashingEncoder(), nothing)
        assert (done.kept, done.encoded, done.lost, done.notes_lost) == (5, ("a2",), (Lost("a1", ""),), 1)
        # a5 went with its name
        assert done.has_unnamed
        assert (done.aside / "archive.sqlite").read_bytes() == damaged
        assert flaws(folder, nothing) == []
        # who had the archive open sees the new file
        assert {article.id for article in reader.articles()} == before.keys() - {"a1", "a5"}
    assert contents(folder) == {id: article for id, article in before.items() if id not in ("a1", "a5")}
    with opened(folder) as archive:
        assert [(note.number, note.text) for note in archive.notes()] == [(2, "yours")]
        assert archive.search("bridge 2")[0].passage.article.id == "a2"
        archive.add([before["a1"], before["a5"]])
    assert contents(folder) == before


@pytest.mark.parametrize("table", ["meta", "generations", "passages"])
def test_a_repair_makes_anew_what_can_be_made(folder, table):
    before = contents(folder)
    change(folder, f"DELETE FROM {table}")
    done = repair(folder, Settings(), HashingEncoder(), nothing)
    assert not done.lost
    assert contents(folder) == before
    assert flaws(folder, nothing) == []


def test_a_repair_of_what_is_no_database_puts_it_aside(folder):
    (folder / "archive.sqlite").write_bytes(b"not a database" * 1_000)
    done = repair(folder, Settings(), HashingEncoder(), nothing)
    assert (done.aside / "archive.sqlite").read_bytes().startswith(b"not a database")
    assert contents(folder) == {}


def test_a_repair_around_a_page_that_is_lost(folder):
    before = contents(folder)
    path = folder / "archive.sqlite"
    data = bytearray(path.read_bytes())
    start = data.index(b"Ferry 21 sank") // 4096 * 4096
    data[start : start + 4096] = bytes(4096)
    path.write_bytes(data)
    repair(folder, Settings(), HashingEncoder(), nothing)
    kept = contents(folder)
    assert 0 < len(kept) < 8
    assert kept.items() <= before.items()
    assert flaws(folder, nothing) == []


def test_an_intact_archive_comes_out_of_a_repair_as_it_was(folder):
    before = contents(folder)
    done = repair(folder, Settings(), HashingEncoder(), nothing)
    assert (done.kept, done.encoded, done.lost, done.has_unnamed, done.notes_lost) == (8, (), (), False, 0)
    assert contents(folder) == before


def test_copies_taken_while_somebody_writes_are_whole(folder, tmp_path, make):
    going = threading.Event()

    def write():
        with opened(folder) as archive:
            n = 0
            while not going.is_set():
                archive.add([make(f"b{n}", f"The tunnel {n} closed.")])
                archive.write_note(f"b{n}", Span(0, 3), "seen")
                n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(10):
            backup(folder, tmp_path / f"copy{n}", nothing)
    finally:
        going.set()
        writer.join()
    for n in range(10):
        restore(tmp_path / "from copies", tmp_path / f"copy{n}", nothing)
        assert contents(tmp_path / "from copies").keys() >= {f"a{n}" for n in range(8)}


def test_a_restored_copy_is_what_was_copied_and_what_was_there_is_kept(folder, tmp_path, make):
    before = contents(folder)
    backup(folder, tmp_path / "copy", nothing)
    with opened(folder) as archive:
        archive.remove(["a1"])
        archive.add([make("new", "The tunnel closed.")])
        aside = restore(folder, tmp_path / "copy", nothing)
        # who had it open searches the restored one
        assert archive.search("bridge 1")[0].passage.article.id == "a1"
    assert contents(folder) == before
    restore(tmp_path / "other", aside / "archive.sqlite", nothing)
    assert contents(tmp_path / "other").keys() == (before.keys() - {"a1"}) | {"new"}


def test_a_damaged_copy_is_refused_and_all_stays_as_it_was(folder, tmp_path):
    before = contents(folder)
    backup(folder, tmp_path / "copy", nothing)
    with closing(sqlite3.connect(tmp_path / "copy")) as db:
        db.execute("UPDATE articles SET title = 'x' WHERE id = 'a1'")
        db.commit()
    with pytest.raises(ArchiveDamaged, match="article a1 is not what was stored"):
        restore(folder, tmp_path / "copy", nothing)
    assert contents(folder) == before
    assert not [path for path in folder.iterdir() if path.name.startswith((".making", "replaced"))]


def test_files_stay_whose_they_were(folder, tmp_path):
    path = folder / "archive.sqlite"
    path.chmod(0o640)
    if os.getuid() == 0:
        os.chown(path, 65534, 65534)
    before = path.stat()
    backup(folder, tmp_path / "copy", nothing)
    repair(folder, Settings(), HashingEncoder(), nothing)
    restore(folder, tmp_path / "copy", nothing)
    for made in (path, tmp_path / "copy"):
        assert (made.stat().st_mode, made.stat().st_uid, made.stat().st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_bad_names_are_told(folder, tmp_path):
    with pytest.raises(InputError, match=r"has no archive\.sqlite that could be repaired"):
        repair(tmp_path / "nowhere", Settings(), HashingEncoder(), nothing)
    (tmp_path / "empty").touch()
    with pytest.raises(InputError, match="is empty"):
        restore(folder, tmp_path / "empty", nothing)
    (tmp_path / "letter").write_text("This is no copy of an archive.")
    with pytest.raises(ArchiveDamaged, match=f"^{tmp_path / 'letter'} is damaged"):
        restore(folder, tmp_path / "letter", nothing)
    assert len(contents(folder)) == 8
    with pytest.raises(InputError, match="holds no archive"):
        backup(tmp_path / "nowhere", tmp_path / "copy", nothing)
    (tmp_path / "copy").touch()
    with pytest.raises(InputError, match="is there already"):
        backup(folder, tmp_path / "copy", nothing)
    assert not (tmp_path / "nowhere").exists()
    with pytest.raises(InputError, match="none cannot be read: No such file"):
        restore(folder, tmp_path / "none", nothing)
    (tmp_path / "text").write_text("hello")
    with pytest.raises(ArchiveDamaged, match="damaged"):
        restore(folder, tmp_path / "text", nothing)


def test_a_note_that_is_written_into_a_replaced_file_is_refused(folder, tmp_path, monkeypatch):
    backup(folder, tmp_path / "copy", nothing)
    monkeypatch.setattr("rag.store.database._WAIT_SECONDS", 1)
    with closing(LocalStore(folder, Settings())) as store, closing(Truth(folder)) as held:
        with held.transaction("IMMEDIATE"):
            restore(folder, tmp_path / "copy", nothing)
        with pytest.raises(ArchiveError, match="was replaced meanwhile"), held.transaction("IMMEDIATE"):
            pass
        assert len(store.notes(None)) == 2


@pytest.fixture
def backwards(monkeypatch, folder):
    """A clock that is set back a day whenever it is looked at; what is called gives all files a time of before too."""

    class Backwards(datetime):
        day = datetime(2026, 1, 1, tzinfo=UTC)

        @classmethod
        def now(cls, tz=None):
            cls.day -= timedelta(days=1)
            return cls.day

    def files_too():
        for path in folder.parent.rglob("*"):
            os.utime(path, (Backwards.now().timestamp(),) * 2)

    for module in ("rag.archive", "rag.store.replacing"):
        monkeypatch.setattr(f"{module}.datetime", Backwards)
    return files_too


def test_nothing_hangs_on_a_clock_that_is_set_back(folder, tmp_path, make, backwards, caplog):
    with opened(folder) as reader, Archive.open(folder, Settings(), HashingEncoder(), read_only=True) as looker:

        def agreed():
            backwards()
            assert flaws(folder, nothing) == []
            with opened(folder) as fresh:
                assert fresh.status().caches == "current"
                seen = [
                    [[hit.passage.key for hit in archive.search("tunnel", 2)], [note.text for note in archive.notes()], archive.article("a1").text]
                    for archive in (fresh, reader, looker)
                ]
            assert seen[0] == seen[1] == seen[2]
            return seen[0]

        with opened(folder) as archive:
            archive.add([make("b0", "The tunnel closed."), make("a1", "The bridge is a tunnel now.")])
            assert agreed()[0] == ["a1:0-27", "b0:0-18"]
            # in the order in which they were written, whatever the clock said
            for n in range(3):
                archive.write_note("b0", Span(0, 3), f"note {n}")
            assert [note.text for note in archive.notes("b0")] == ["note 0", "note 1", "note 2"]
            assert agreed()[1] == ["mine", "yours", "note 0", "note 1", "note 2"]
            archive.remove(["b0"])
        assert "b0:0-18" not in agreed()[0]
        backup(folder, tmp_path / "copy", nothing)
        before = agreed()
        with opened(folder) as archive:
            archive.add([make("a1", "The bridge is a bridge again.")])
        restored = restore(folder, tmp_path / "copy", nothing)
        with opened(folder) as archive:
            archive.search("tunnel")
        assert agreed() == before
        repaired = [repair(folder, Settings(), HashingEncoder(), nothing).aside for _ in range(2)]
        with opened(folder) as archive:
            archive.search("tunnel")
        assert agreed() == before
    assert len({restored, *repaired}) == 3


def test_a_note_gets_no_number_that_one_had_before_a_repair(folder):
    with opened(folder) as archive:
        removed = archive.write_note("a1", Span(0, 3), "wrong").number
        archive.remove_note(removed)
    repair(folder, Settings(), HashingEncoder(), nothing)
    with opened(folder) as archive:
        assert archive.write_note("a1", Span(0, 3), "right").number == removed + 1
    # a count that is damaged is not gone on with
    change(folder, "UPDATE sqlite_sequence SET seq = 1 << 60 WHERE name = 'notes'")
    repair(folder, Settings(), HashingEncoder(), nothing)
    with opened(folder) as archive:
        assert archive.write_note("a1", Span(0, 3), "right too").number == removed + 2


def test_a_file_that_is_replaced_while_it_is_copied_or_checked_is_no_missing_one(folder, tmp_path, monkeypatch):
    backup(folder, tmp_path / "whole", nothing)

    class Overtaken(Truth):
        def __init__(self, *given):
            super().__init__(*given)
            if given == (folder,):
                restore(folder, tmp_path / "whole", nothing)

    change(folder, "UPDATE articles SET title = 'x' WHERE id = 'a1'")
    with monkeypatch.context() as patched:
        patched.setattr("rag.store.upkeep.Truth", Overtaken)
        with pytest.raises(ArchiveDamaged, match="of which the first: article a1"):
            backup(folder, tmp_path / "copy", nothing)
        backup(folder, tmp_path / "copy", nothing)
    assert flaws(folder, nothing) == []


def test_nobody_opens_a_file_while_another_takes_its_place(folder, tmp_path):
    backup(folder, tmp_path / "copy", nothing)
    with ThreadPoolExecutor(1) as pool:
        with door(folder):
            restoring = pool.submit(restore, folder, tmp_path / "copy", nothing)
            # who is about to open the file, or to close it, is waited for
            assert not wait([restoring], 1).done
            assert not list(folder.glob("replaced-*/archive.sqlite"))
        assert (restoring.result(120) / "archive.sqlite").exists()


def test_who_opens_a_file_that_was_just_repaired_shares_its_log_with_everybody(folder, monkeypatch):
    early = []

    def replaced(*given):
        aside = replace(*given)
        # as another thread might before the repair is done
        early.append(Truth(folder))
        return aside

    monkeypatch.setattr("rag.repairing.replacing.replace", replaced)
    repair(folder, Settings(), HashingEncoder(), nothing)
    with closing(early[0]):
        assert (folder / "archive.sqlite-shm").exists()
        assert early[0].generation


def test_nobody_opens_or_closes_the_file_while_another_is_put_in_its_place(folder):
    held = Truth(folder)
    with ThreadPoolExecutor(2) as threads:
        with door(folder, shut=True):
            waiting = [threads.submit(held.close), threads.submit(lambda: Truth(folder).close())]
            assert not wait(waiting, timeout=0.3).done
        assert len(wait(waiting, timeout=120).done) == 2


def test_a_crowd_reads_nothing_wrong_and_loses_nothing(tmp_path):
    writers, readers, lost = crowded(tmp_path / "index", 2, 2, 2, 20221019, least=11)
    assert (writers.wrong, readers.wrong, lost) == ([], [], [])
    assert writers.left
    assert sum(readers.done.values()) > 20
    assert readers.told == {}


def test_the_command_line_copies_restores_and_repairs(folder, tmp_path, capsys):
    index = ["--index", str(folder)]
    assert main(["backup", str(tmp_path / "copy"), *index]) == 0
    change(folder, "UPDATE articles SET title = 'x' WHERE id = 'a1'")
    assert main(["status", *index]) == 2
    assert main(["repair", *index]) == 0
    assert "7 articles kept, 0 encoded anew, 1 lost" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "copy"), *index]) == 0
    assert "what was there is in" in capsys.readouterr().out
    assert main(["status", "--check", *index]) == 0
