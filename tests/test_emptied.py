"""A folder in which nothing can be read any more has lost nothing by `--sync`: a disk that is not mounted looks like that."""

import os
import shutil
import subprocess

import pytest

from rag.adding.addition import _EMPTIED
from rag.cli import main
from rag.corpus import read_documents
from tests.fakes import CommonWords, HashingEncoder


@pytest.fixture
def folder(tmp_path):
    """Two articles in a folder, two in one below it, one in another."""
    made = tmp_path / "news"
    for name in ("a.txt", "b.txt", "disk/deep/c.txt", "disk/d.txt", "other/e.txt"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(f"Text of {name}.")
    return made


@pytest.fixture
def sync(archive, folder):
    archive.add(read_documents(folder, known=archive.kept))

    def synced(*places, **choices):
        places = places or (folder,)
        report = archive.add(read_documents(*places, known=archive.kept), prune=places, **choices)
        return [id.rpartition("/")[2] for id in report.removed], [(refusal.origin, refusal.reason) for refusal in report.refused]

    return synced


def emptied(place, count):
    return str(place), _EMPTIED.format(count)


def test_a_named_folder_that_is_empty_loses_nothing_unless_that_is_asked_for(archive, folder, sync):
    shutil.rmtree(folder)
    folder.mkdir()
    assert sync() == ([], [emptied(folder, 5)])
    assert archive.status().articles == 5
    assert "(5 in all)" in emptied(folder, 5)[1]
    assert sorted(sync(emptied=True)[0]) == ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"]


def test_folders_that_are_there_and_empty_are_the_highest_told_once(folder, sync):
    for name in ("a.txt", "b.txt", "disk/deep/c.txt", "disk/d.txt", "other/e.txt"):
        (folder / name).unlink()
    assert sync() == ([], [emptied(folder, 5)])


def test_a_folder_below_that_is_empty_loses_nothing_and_the_others_are_in_step(folder, sync):
    shutil.rmtree(folder / "disk")
    (folder / "disk").mkdir()
    (folder / "a.txt").unlink()
    assert sync() == (["a.txt"], [emptied(folder / "disk", 2)])


def test_a_folder_that_is_gone_itself_has_lost_all(folder, sync):
    shutil.rmtree(folder / "disk")
    (folder / "other" / "e.txt").rename(folder / "other" / "f.txt")
    removed, refused = sync()
    assert (sorted(removed), refused) == (["c.txt", "d.txt", "e.txt"], [])


def test_what_nobody_can_read_keeps_no_folder_alive(folder, sync):
    (folder / "other" / "e.txt").unlink()
    (folder / "other" / "e.xyz").write_bytes(b"\0\1")
    (folder / "other" / ".hidden.txt").write_text("Hidden.")
    removed, refused = sync()
    assert removed == []
    assert [origin for origin, _ in refused] == [str(folder / "other" / "e.xyz"), str(folder / "other")]
    assert refused[1] == emptied(folder / "other", 1)


def test_a_hidden_folder_that_is_named_is_as_any_other(archive, tmp_path):
    hidden = tmp_path / ".news"
    hidden.mkdir()
    (hidden / "a.txt").write_text("Text of a.")
    archive.add(read_documents(hidden, known=archive.kept))
    (hidden / "a.txt").unlink()
    report = archive.add(read_documents(hidden, known=archive.kept), prune=[hidden])
    assert ([refusal.origin for refusal in report.refused], report.removed) == ([str(hidden)], ())


def test_a_file_that_is_named_itself_and_is_gone_is_gone(archive, folder, sync):
    (folder / "other" / "e.txt").unlink()
    report = archive.add([], prune=[folder / "other" / "e.txt"])
    assert (report.removed, report.refused) == (("other/e.txt",), ())


def test_what_was_in_an_empty_folder_too_stays(archive, folder, sync):
    for name in ("copy.txt", "disk/copy.txt"):
        (folder / name).write_text("id: lock\ntitle: A lock\n\nIt opened in April.")
    sync()
    shutil.rmtree(folder / "disk")
    (folder / "disk").mkdir()
    (folder / "copy.txt").unlink()
    assert sync() == ([], [emptied(folder / "disk", 3)])
    assert archive.article("lock")


def test_a_disk_that_is_not_mounted_costs_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("rag.archive.sentence_encoder", lambda *_: HashingEncoder())
    monkeypatch.setattr("rag.archive.span_reader", lambda settings: CommonWords())
    drive = tmp_path / "drive"
    drive.mkdir()
    if os.getuid() or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", drive], check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a drive")
    command = ["add", str(drive), "--sync", "--index", str(tmp_path / "index")]
    try:
        (drive / "a.txt").write_text("Text of a.")
        assert main(command) == 0
    finally:
        subprocess.run(["umount", drive], check=True)
    capsys.readouterr()
    assert main(command) == 1
    said = capsys.readouterr()
    assert "0 added, 0 unchanged, 0 replaced, 0 removed, 1 refused" in said.out
    assert said.err == "refused {}: {}\n".format(*emptied(drive, 1))
    assert main([*command, "--emptied"]) == 0
    assert "1 removed, 0 refused" in capsys.readouterr().out


def test_what_may_be_removed_is_said_only_where_something_is(tmp_path, capsys):
    assert main(["add", str(tmp_path), "--emptied", "--index", str(tmp_path / "index")]) == 2
    assert "add --sync" in capsys.readouterr().err
