import json
import os
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rag import Settings
from rag.errors import ReadOnly
from rag.store import LocalStore, caches
from rag.store.database import Access
from rag.store.truth import Truth
from tests.conftest import ROOT
from tests.store.contract import entry, matching, nearest, note, put


@pytest.fixture
def folder(tmp_path, make):
    with closing(LocalStore(tmp_path / "index", Settings())) as store:
        put(store, *(make(f"a{n}", f"The bridge number {n} opened. Ferry {n * 7}.") for n in range(30)))
        store.add_note(note(store.article("a3"), "mine"))
    return tmp_path / "index"


def listing(folder):
    return {path.relative_to(folder): path.stat().st_mtime_ns for path in folder.rglob("*")}


@contextmanager
def opened(folder):
    with closing(LocalStore(folder, Settings(), read_only=True)) as store:
        yield store


def test_it_leaves_no_trace(folder, caplog):
    before = listing(folder)
    with opened(folder) as store:
        assert matching(store, "ferry 21")[0] == "a3"
        assert nearest(store, "ferry 21")
        assert [kept.text for kept in store.notes("a3")] == ["mine"]
        temporary = Path(store._temporary.name)
        assert temporary.is_dir()
    assert listing(folder) == before
    assert not temporary.exists()
    assert "rebuilt" not in caplog.text


def test_a_folder_that_is_not_there_is_empty_and_is_not_made(tmp_path):
    with opened(tmp_path / "none") as store:
        assert nearest(store, "bridge") == []
    assert not (tmp_path / "none").exists()


def test_what_would_change_it_is_refused_with_the_way_out(folder):
    with opened(folder) as store:
        made = store.article("a3")
        changes = [lambda: put(store, made), lambda: store.add_note(note(made, "x")), lambda: store.remove_note(1), lambda: store.add_feedback(None)]
        for change in changes:
            with pytest.raises(ReadOnly, match="opened to be read only; to change it, open it without read_only=True"):
                change()


@pytest.mark.parametrize("harm", ["behind", "damaged", "missing"])
def test_caches_that_cannot_be_searched_are_built_elsewhere(folder, make, harm, caplog):
    if harm == "behind":
        with closing(Truth(folder)) as truth, truth.transaction("IMMEDIATE"):
            truth.put([entry(make("late", "The tunnel closed."))])
    else:
        (path,) = folder.rglob("*.faiss")
        path.write_bytes(b"") if harm == "damaged" else shutil.rmtree(folder / "cache")
    before = listing(folder)
    with opened(folder) as store:
        assert matching(store, "ferry 21")[0] == "a3"
        assert matching(store, "tunnel") == (["late"] if harm == "behind" else [])
    assert listing(folder) == before
    assert "rebuilt" in caplog.text


def test_what_another_writes_is_seen(folder, make):
    with opened(folder) as store, closing(LocalStore(folder, Settings())) as writer:
        assert matching(store, "tunnel") == []
        for n in range(3):
            put(writer, make(f"t{n}", f"The tunnel number {n} closed."))
            assert len(matching(store, "tunnel")) == n + 1
        writer.close()
        assert len(matching(store, "tunnel")) == 3


def test_caches_of_before_are_searched_while_somebody_writes(folder, make, caplog):
    with opened(folder) as store, closing(LocalStore(folder, Settings())) as other:
        nearest(store, "bridge")
        with other.writing() as writer:
            writer.put([entry(make("t", "The tunnel closed."))], writer._truth.identity)
            assert matching(store, "tunnel") == []
            assert store.article("t")
        assert "rebuilt" not in caplog.text
        assert matching(store, "tunnel") == ["t"]


def test_caches_that_it_has_read_already_are_read_again(folder, make, caplog):
    with opened(folder) as store:
        nearest(store, "bridge")
        # by a writer that was killed after its commit and before its caches were written
        with closing(Truth(folder)) as truth, truth.transaction("IMMEDIATE"):
            truth.put([entry(make("late", "The tunnel closed."))])
        assert matching(store, "tunnel") == ["late"]
        assert store.status().caches == "rebuilt: it is of generation 1, the archive of 2"


def test_caches_that_are_replaced_while_it_reads_them_are_read_anew(folder, make, monkeypatch, caplog):
    copyfile = shutil.copyfile
    with closing(LocalStore(folder, Settings())) as writer, opened(folder) as store:

        def outrun(path, copy):
            monkeypatch.setattr(caches.shutil, "copyfile", copyfile)
            put(writer, make("late", "The tunnel closed."))
            copyfile(path, copy)

        monkeypatch.setattr(caches.shutil, "copyfile", outrun)
        assert nearest(store, "ferry 21")
        assert matching(store, "tunnel") == ["late"]
    assert "rebuilt" not in caplog.text


def test_a_file_that_changes_while_it_is_read_as_unchanging_is_an_error(folder):
    with closing(Truth(folder, Access.READ_ONLY)) as truth:
        with pytest.raises(Exception, match="was written to while it was read; try again"), truth.transaction():
            os.utime(folder / "archive.sqlite")
        assert not truth.is_current


# from here on as another user: root may write wherever it likes


@pytest.fixture
def nobody(folder, another_user):
    """Starts a reader that may write nothing; give it "open" or "again", and it says what it found."""
    for place in (folder, *folder.parents):
        if place.stat().st_uid == os.getuid() and place not in (Path("/"), Path("/tmp")):
            place.chmod(place.stat().st_mode | 0o055)
    started = []

    def ask(word="open"):
        if not started:
            command = [sys.executable, "-m", "tests.store.reader", str(folder)]
            started.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        print(word, file=started[0].stdin, flush=True)
        return json.loads(started[0].stdout.readline())

    yield ask
    for process in started:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def test_another_user_reads_what_it_may_not_write(folder, nobody, make):
    found = nobody()
    assert (found["matching"][0], found["articles"], found["notes"], found["caches"]) == ("a3", 30, ["mine"], "current")
    with closing(LocalStore(folder, Settings())) as writer:
        # a log lies beside the archive while somebody has it open
        put(writer, make("t", "Ferry 21, ferry 21, ferry 21."))
        writer.notes(None)
        assert (folder / "archive.sqlite-wal").exists()
        assert nobody("again")["matching"][0] == "t"
        put(writer, make("u", "The tunnel."))
        assert nobody("again")["articles"] == 32
    assert nobody("again")["articles"] == 32
    assert nobody("open")["articles"] == 32


@pytest.mark.parametrize("memory", ["kept", "lost"])
def test_another_user_after_a_writer_that_was_killed(folder, nobody, make, memory):
    # a copy of the files as they lie during a write is what a kill leaves
    with closing(Truth(folder)) as truth:
        with truth.transaction("IMMEDIATE"):
            truth.put([entry(make("late", "Ferry 21, ferry 21, ferry 21."))])
        left = {path: path.read_bytes() for path in folder.glob("archive.sqlite*")}
    for path, data in left.items():
        path.write_bytes(data)
    assert (folder / "archive.sqlite-wal").stat().st_size
    if memory == "lost":
        (folder / "archive.sqlite-shm").unlink()
        assert "somebody who may write in its folder has to open it once" in nobody()["error"]
        with closing(LocalStore(folder, Settings())) as owner:
            owner.status()
    found = nobody()
    assert (found["matching"][0], found["articles"]) == ("late", 31)
    assert found["caches"] == ("current" if memory == "lost" else "rebuilt: it is of generation 1, the archive of 2")
