"""The file beside the archive's: damage puts it aside, and never stops the archive."""

import errno
import os
import random
import sqlite3
from contextlib import closing, suppress

import pytest

from rag.desks import Desks
from rag.desks.form import FILE
from rag.errors import ArchiveDamaged, ArchiveError, InputError, PullquoteError
from tests.desks.turns import turn

BRIDGE = turn("When was the bridge opened?", "The bridge was opened in 1932.")


@pytest.fixture
def folder(tmp_path):
    """A folder with a conversation."""
    desks = Desks.open(tmp_path)
    desks.keep("", 0, BRIDGE)
    desks.close()
    return tmp_path


def aside(folder):
    return [path for path in folder.iterdir() if path.name.startswith("damaged-")]


def works(folder):
    desks = Desks.open(folder)
    number = desks.keep("", 0, BRIDGE).conversation
    assert desks.turns("", number)[0].answer == BRIDGE.answer
    desks.close()
    return desks.keeps


def spoiled(folder, change):
    data = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(change(data))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"not a database at all, but some words" * 100,
        lambda data: data[:5_000],
        lambda data: b"\0" * 100 + data[100:],
    ],
    ids=["words", "cut", "no head"],
)
def test_a_damaged_file_is_put_aside_with_a_line_and_a_new_one_is_begun(folder, caplog, change):
    spoiled(folder, change)
    spoiled_bytes = (folder / FILE).read_bytes()
    assert works(folder)
    (place,) = aside(folder)
    assert (place / FILE).read_bytes() == spoiled_bytes
    assert f"is put aside in {place}, and a new one is begun" in caplog.text


@pytest.mark.parametrize(
    "statement", ["DROP TABLE visits", "ALTER TABLE saved RENAME COLUMN words TO word", "PRAGMA application_id = 7", "PRAGMA user_version = 0"]
)
def test_a_file_with_other_tables_is_damaged(folder, statement):
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute(statement)
    assert works(folder)
    assert len(aside(folder)) == 1


def test_a_newer_programs_file_is_left_as_it_is_and_nothing_is_kept(folder, caplog):
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.execute("PRAGMA user_version = 99")
    desks = Desks.open(folder)
    assert not desks.keeps
    assert "version 99" in caplog.text
    assert aside(folder) == []


def test_an_empty_file_is_a_new_one(folder):
    (folder / FILE).write_bytes(b"")
    assert works(folder)
    assert aside(folder) == []


def test_damage_that_shows_in_use_puts_the_file_aside_and_the_next_turn_is_kept(folder):
    desks = Desks.open(folder)
    (page,) = desks._file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'turns'").fetchone()
    (size,) = desks._file.execute("PRAGMA page_size").fetchone()
    desks.close()
    spoiled(folder, lambda data: data[: (page - 1) * size] + b"\xff" * size + data[page * size :])
    desks = Desks.open(folder)
    with pytest.raises(ArchiveDamaged):
        desks.keep("", 1, BRIDGE)
    assert desks.keep("", 1, BRIDGE).turn == 1
    assert len(aside(folder)) == 1
    desks.close()


@pytest.fixture
def no_room(monkeypatch):
    """Nothing can be put aside."""

    def refused(folder, name):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("rag.store.side_file.aside", refused)
        yield patched


def test_a_damaged_file_that_cannot_be_put_aside_stops_nothing(folder, caplog, no_room):
    spoiled(folder, lambda data: b"words" * 1_000)
    desks = Desks.open(folder)
    assert (desks.keeps, desks.conversations("")) == (False, [])
    assert "it cannot be put aside: No space left on device" in caplog.text


def test_a_file_found_damaged_in_use_is_tried_again_until_it_can_be_put_aside(folder, no_room):
    desks = Desks.open(folder)
    spoiled(folder, lambda data: data[:4_096] + b"\xff" * (len(data) - 4_096))
    for _ in range(2):
        with pytest.raises(ArchiveError, match="cannot be put aside"):
            desks.keep("", 1, BRIDGE)
    no_room.undo()
    with pytest.raises(ArchiveDamaged):
        desks.conversations("")
    assert desks.keep("", 1, BRIDGE).turn == 1
    assert len(aside(folder)) == 1
    desks.close()


def test_a_file_that_is_deleted_while_it_is_open_is_begun_anew(folder):
    desks = Desks.open(folder)
    for path in folder.iterdir():
        path.unlink()
    assert desks.conversations("") == []
    desks.keep("", 0, BRIDGE)
    desks.close()
    again = Desks.open(folder)
    assert len(again.conversations("")) == 1
    again.close()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_nobody_else_can_read_what_is_kept(folder):
    desks = Desks.open(folder)
    desks.keep("", 0, BRIDGE)
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
    desks.close()


def test_no_flipped_bit_is_shown_as_what_was_kept(folder):
    whole = (folder / FILE).read_bytes()
    chance = random.Random(3)
    shown = 0
    for _ in range(300):
        at, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        (folder / FILE).write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
        for suffix in ("-wal", "-shm"):
            (folder / f"{FILE}{suffix}").unlink(missing_ok=True)
        desks = Desks.open(folder)
        for person in ("", "ada"):
            with suppress(PullquoteError):
                listed = desks.conversations(person)
                assert all(one.title == BRIDGE.understood.question and person == "" for one in listed)
                found = desks.turns(person, 1)
                assert person == ""
                assert found[0].answer == BRIDGE.answer or "the disk changed it" in found[0].problem
                shown += found[0].answer == BRIDGE.answer
        with suppress(InputError, ArchiveDamaged):
            desks.keep("", 1, BRIDGE)
        desks.close()
    assert shown > 100
