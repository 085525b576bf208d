"""Folders that are followed: real files, real notices of the system, and the real command."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag import Archive, Settings
from rag.cli import main
from rag.corpus import read_documents, watching
from rag.store.locking import only_writer
from tests.conftest import ROOT
from tests.fakes import CommonWords, HashingEncoder

PROGRAM = """
import sys
import rag.archive
from rag.cli import main
from tests.fakes import CommonWords, HashingEncoder
rag.archive.sentence_encoder = lambda *_: HashingEncoder()
rag.archive.span_reader = lambda settings: CommonWords()
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "news"
    made.mkdir()
    for name in "abc":
        (made / f"{name}.txt").write_text(f"Text of {name}.")
    return made


@pytest.fixture
def followed(folder, archive, tmp_path, monkeypatch):
    """Keeps an archive in step with the folder: gives what changed and the report, pass for pass; the first is done."""
    monkeypatch.setattr(watching, "_QUIET", 0.5)
    stop = threading.Event()
    # nothing here takes so long; a test that waits for what never comes ends
    timer = threading.Timer(100, stop.set)
    timer.start()

    def passes():
        for changed in watching.changes([folder], tmp_path / "index", stop):
            items = read_documents(*changed.there, known=archive.kept, apart=tmp_path / "index")
            yield changed, archive.add(items, prune=changed.pruned)

    made = passes()
    _, report = next(made)
    assert len(report.added) == 3
    yield made
    stop.set()
    timer.cancel()
    made.close()


class Written:
    """A file that is written to again each time that it was told of, until `pieces` end, and the clock of who follows it.

    The clock goes on with each piece, by less than it takes to be quiet, and then stands still until the file is told of:
    no machine is too slow to write in time. After the last piece it goes on with each look.
    """

    def __init__(self, path, pieces, monkeypatch):
        self._path, self._pieces, self._now, self._ended = path, iter(pieces), 1.0, False
        is_followed = watching._is_followed

        def told(changed, *given):
            if changed == path:
                self._write()
            return is_followed(changed, *given)

        monkeypatch.setattr(watching, "_is_followed", told)
        monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=self._look))
        self._write()

    def _write(self):
        piece = next(self._pieces, None)
        if piece is None:
            self._ended = True
            return
        with self._path.open("a") as file:
            file.write(piece)
        self._now += 0.8 * watching._QUIET

    def _look(self):
        self._now += 0.5 * watching._QUIET if self._ended else 0
        return self._now


@contextmanager
def ended(process):
    """It ends whatever fails: nothing else would end it."""
    try:
        yield
    finally:
        process.kill()


def fates(report):
    return report.added, report.unchanged, report.replaced, report.removed, tuple(refusal.origin for refusal in report.refused)


def test_many_changes_are_one_pass_over_what_changed_alone(folder, followed):
    (folder / "a.txt").write_text("Another text.")
    (folder / "b.txt").unlink()
    (folder / "d.txt").write_text("Text of d.")
    (folder / "e.xyz").write_text("Text of e.")
    changed, report = next(followed)
    assert fates(report) == (("news/d.txt",), (), ("news/a.txt",), ("news/b.txt",), (str(folder / "e.xyz"),))
    assert changed.paths == tuple(folder / name for name in ("a.txt", "b.txt", "d.txt", "e.xyz"))


def test_a_file_that_is_saved_under_another_name_first_is_one_change(folder, followed):
    (folder / "a.txt~").write_text("Another text.")
    (folder / "a.txt~").replace(folder / "a.txt")
    assert fates(next(followed)[1]) == ((), (), ("news/a.txt",), (), ())


def test_a_file_is_taken_when_nothing_is_written_to_it_any_more(folder, followed, archive, monkeypatch):
    Written(folder / "long.txt", [*(f"Line {n}. " for n in range(15)), "The end."], monkeypatch)
    assert fates(next(followed)[1])[0] == ("news/long.txt",)
    assert archive.article("news/long.txt").text.endswith("Line 14. The end.")


def test_a_file_that_is_written_to_for_ever_holds_no_other_up(folder, followed, monkeypatch):
    monkeypatch.setattr(watching, "_LONGEST", 1.0)
    Written(folder / "log.txt", itertools.repeat("A line. "), monkeypatch)
    (folder / "d.txt").write_text("Text of d.")
    changed, report = next(followed)
    assert (changed.paths, report.added) == ((folder / "d.txt",), ("news/d.txt",))


def test_folders_that_come_and_go_are_taken_with_all_that_is_in_them(folder, followed, tmp_path):
    (tmp_path / "old" / "deep").mkdir(parents=True)
    (tmp_path / "old" / "deep" / "d.txt").write_text("Text of d.")
    (tmp_path / "old").rename(folder / "old")
    assert next(followed)[1].added == ("deep/d.txt",)
    (folder / "old").rename(tmp_path / "old")
    assert next(followed)[1].removed == ("deep/d.txt",)


def test_what_a_walk_passes_over_is_no_change(folder, followed):
    (folder / ".hidden.txt").write_text("Hidden.")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("Hidden.")
    (folder / "page_files").mkdir()
    (folder / "page_files" / "frame.txt").write_text("A frame.")
    (folder / "page.html").write_text("Text of a page.")
    (folder / "gold.jsonl").write_text('{"question": "Why?"}')
    changed, report = next(followed)
    assert (changed.there, report.added) == ((folder / "page.html",), ("news/page.html",))
    # without its page it is a folder as any other
    (folder / "page.html").unlink()
    assert next(followed)[1].added == ("page_files/frame.txt",)
    (folder / "page.html").write_text("Text of a page.")
    assert next(followed)[1].removed == ("page_files/frame.txt",)


def test_an_archive_in_the_folder_is_no_change_of_it(folder):
    with Archive.open(folder / "index", Settings(), HashingEncoder()) as archive:
        found = watching.changes([folder], folder / "index")
        for name in "de":
            changed = next(found)
            archive.add(read_documents(*changed.there, known=archive.kept, apart=folder / "index"), prune=changed.pruned)
            (folder / f"{name}.txt").write_text(f"Text of {name}.")
        assert next(found).paths == (folder / "e.txt",)
        found.close()


def test_a_folder_that_goes_away_keeps_its_articles_until_it_is_back(folder, followed, archive, tmp_path, caplog):
    folder.rename(tmp_path / "away")

    def bring_back():
        while "is not there" not in caplog.text:
            time.sleep(0.1)
        assert len(list(archive.articles())) == 3
        (tmp_path / "away" / "a.txt").unlink()
        (tmp_path / "away").rename(folder)

    back = threading.Thread(target=bring_back)
    back.start()
    _, report = next(followed)
    back.join()
    assert fates(report) == ((), ("news/b.txt", "news/c.txt"), (), ("news/a.txt",), ())
    (folder / "d.txt").write_text("Text of d.")
    assert next(followed)[1].added == ("news/d.txt",)


def test_a_drive_that_is_unmounted_keeps_its_articles_until_it_is_mounted_again(tmp_path, archive, caplog):
    drive, elsewhere = tmp_path / "drive", tmp_path / "elsewhere"
    for folder in (drive, elsewhere):
        folder.mkdir()
    if os.getuid() or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", elsewhere], check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a drive")
    (elsewhere / "a.txt").write_text("Text of a.")

    def mount():
        subprocess.run(["mount", "--bind", elsewhere, drive], check=True)

    def mount_again():
        while "is not there" not in caplog.text:
            time.sleep(0.1)
        mount()

    mount()
    try:
        found = watching.changes([drive])
        archive.add(read_documents(*next(found).there, known=archive.kept))
        subprocess.run(["umount", drive], check=True)
        threading.Thread(target=mount_again).start()
        changed = next(found)
        assert archive.add(read_documents(*changed.there, known=archive.kept), prune=changed.pruned).unchanged == ("drive/a.txt",)
        found.close()
    finally:
        subprocess.run(["umount", drive], check=True)
        subprocess.run(["umount", elsewhere], check=True)


def test_a_whole_folder_that_went_meanwhile_has_lost_nothing(folder, tmp_path):
    changed = watching.Changes((folder,), is_whole=True)
    folder.rename(tmp_path / "away")
    assert (changed.there, changed.pruned) == ((), ())


def test_where_the_system_tells_nothing_it_is_looked(folder, archive, tmp_path, monkeypatch):
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    stop = threading.Event()
    timer = threading.Timer(100, stop.set)
    timer.start()
    found = watching.changes([folder], stop=stop)
    assert next(found).is_whole
    (folder / "d.txt").write_text("Text of d.")
    assert next(found).paths == (folder / "d.txt",)
    timer.cancel()
    found.close()


@pytest.mark.parametrize(
    ("place", "is_remote"), [("/home/x/news", False), ("/home/x/net/news", True), ("/home/my share", True), ("/home/network", False)]
)
def test_a_network_drive_is_known_by_its_mount(tmp_path, place, is_remote):
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\nhost:/a /home/x/net nfs4 rw 0 0\n//host/b /home/my\\040share cifs rw 0 0\n")
    assert watching._is_remote(Path(place), mounts) is is_remote


@pytest.mark.parametrize(
    ("place", "message"),
    [("https://example.org/", "add it without --watch"), ("LICENSE", "LICENSE is no folder"), ("missing", "missing is no folder")],
)
def test_only_folders_are_followed(place, message, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(["add", place, "--watch", "--index", str(tmp_path / "index")]) == 2
    assert message in capsys.readouterr().err


def test_the_command_follows_a_folder_until_ctrl_c_beside_others_that_write_and_read(folder, tmp_path):
    index = tmp_path / "index"
    command = [sys.executable, "-c", PROGRAM, "add", str(folder), "--watch", "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as watcher, ended(watcher):

        def until(end):
            for line in watcher.stdout:
                if line.endswith(end):
                    return

        until("3 added, 0 unchanged, 0 replaced, 0 removed, 0 refused\n")
        assert watcher.stdout.readline() == f"Follows {folder} (Ctrl-C ends it)\n"
        with Archive.open(index, Settings(), HashingEncoder(), CommonWords()) as reader:
            assert len(list(reader.articles())) == 3
            with only_writer(index, 60):
                (folder / "d.txt").write_text("The bridge opened.")
                assert "is being written to by another process" in watcher.stderr.readline()
            until("1 added, 0 unchanged, 0 replaced, 0 removed, 0 refused\n")
            assert [hit.passage.article.id for hit in reader.search("bridge", 1)] == ["news/d.txt"]
        watcher.send_signal(signal.SIGINT)
        assert watcher.stdout.read() == "passes: 2; 4 added, 0 unchanged, 0 replaced, 0 removed, 0 refused\n"
        assert watcher.wait() == 0
        assert watcher.stderr.read() == ""


def test_an_archive_that_cannot_be_opened_is_told_without_totals_of_passes(folder, capsys):
    assert main(["add", str(folder), "--watch", "--index", "elsewhere://host/archive"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "milvus+http://" in err
