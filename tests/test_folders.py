"""Folders of everything: every file is counted once, and what is not added is named with the reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag import Archive, Settings
from rag.corpus import read_documents
from rag.corpus.files import Position
from rag.corpus.walk import located
from tests.conftest import ROOT
from tests.fakes import HashingEncoder
from tests.other_user import NOBODY


def is_of(name, path):
    return name == str(path) or name.startswith(f"{path}:")


def test_the_report_of_a_folder_of_everything_adds_up(shared, archive):
    # under the names that articles are known to be from, wherever a link leads
    there = [located(path) for path in (shared / "formats").rglob("*") if path.is_file()]
    first, again = (archive.add(read_documents(shared / "formats", known=archive.kept)) for _ in range(2))
    for report in (first, again):
        files = report.files
        assert files.seen == files.with_articles + files.unchanged + files.refused + files.without_words
        assert files.seen + len(report.passed_over) == len(there)
        # some have an article that another has too
        having = {path for path in there if (kept := archive.kept(str(path))) and kept.ids}
        assert files.with_articles + files.unchanged == len(having) > 100
        # all the others are named, each with a reason
        assert files.refused == len(there) - len(having) > 20
        assert all(any(is_of(refusal.origin, path) and refusal.reason for refusal in report.refused) for path in there if path not in having)
        assert len(report.added) + len(report.unchanged) == archive.status().articles
        assert {article.origin for article in archive.articles()} <= set(map(str, having))
    assert (first.unchanged, again.added, again.files.with_articles) == ((), (), 0)


def test_what_is_passed_over_is_named_with_the_reason(tmp_path):
    (tmp_path / "news" / ".git").mkdir(parents=True)
    (tmp_path / "news" / ".git" / "a.txt").write_text("Hidden.")
    (tmp_path / "news" / ".hidden.txt").write_text("Hidden.")
    (tmp_path / "news" / "gold.jsonl").write_text('{"question": "Why?"}')
    (tmp_path / "news" / "loop").symlink_to(tmp_path)
    (tmp_path / "news" / "index").mkdir()
    (tmp_path / "news" / "a.txt").write_text("The bridge opened.")
    for name in ("A page_files", "old_files", "no page_files", "_files"):
        (tmp_path / "news" / name).mkdir()
        (tmp_path / "news" / name / "frame.txt").write_text(f"A frame of {name}.")
    (tmp_path / "news" / "A page.html").write_text("<html><head><title>A page</title></head><body><p>The lock opened.</p></body></html>")
    (tmp_path / "news" / "old.htm").symlink_to("A page.html")
    with Archive.open(tmp_path / "news" / "index", Settings(), HashingEncoder()) as archive:
        report = archive.add(read_documents(tmp_path / "news", known=archive.kept, apart=tmp_path / "news" / "index"))
    assert {Path(one.origin).name: one.reason for one in report.passed_over} == {
        ".git": "hidden",
        ".hidden.txt": "hidden",
        "gold.jsonl": "gold questions",
        "loop": "a link to a folder",
        "index": "the archive",
        "A page_files": "the folder of a saved page",
        "old_files": "the folder of a saved page",
    }
    assert {"no page_files/frame.txt", "_files/frame.txt", "news/a.txt"} <= set(report.added)
    assert report.files.seen == 5


@pytest.mark.parametrize(
    "name", ["Ünïcode.txt", "новости.txt", "新聞.txt", "أخبار.txt", "वार्ता.txt", "🌉.txt", "a b\tc.txt", "line\nbreak.txt", "-x.txt", "#?%.txt"]
)
def test_names_in_every_script_are_read_and_known_again(archive, tmp_path, name):
    (tmp_path / name).write_text("The bridge opened.")
    report = archive.add(read_documents(tmp_path / name, known=archive.kept))
    assert len(report.added) == 1
    assert archive.add(read_documents(tmp_path, known=archive.kept), prune=[tmp_path]).unchanged == report.added


def test_what_cannot_be_read_is_refused_by_name_and_the_rest_is_added(archive, tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "gone.txt").write_text("It opened.")
    (folder / "nothing.txt").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "z.txt").write_text("The bridge opened.")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("The lock opened.")
    Path(os.fsdecode(os.fsencode(folder) + b"/.\xff")).write_text("Hidden.")

    def progress(position):
        # after all folders were walked
        (folder / "gone.txt").unlink(missing_ok=True)

    report = archive.add(read_documents(folder, known=archive.kept, progress=progress))
    assert len(report.added) == 1
    assert {Path(refusal.origin).name: refusal.reason for refusal in report.refused} == {
        "gone.txt": "it is not there any more",
        "nothing.txt": "this is a link to nothing",
        "pipe.jsonl": "this is not a regular file",
        "\\xff.txt": "the file's name is not valid Unicode; rename it",
    }
    assert (report.files.seen, report.files.refused, len(report.passed_over)) == (5, 4, 1)


def test_a_link_to_a_file_is_one_article_however_it_is_named(archive, tmp_path):
    for name in ("news", "real"):
        (tmp_path / name).mkdir()
    (tmp_path / "real" / "b.txt").write_text("The bridge opened.")
    (tmp_path / "news" / "a.txt").symlink_to(tmp_path / "real" / "b.txt")
    assert archive.add(read_documents(tmp_path / "news", known=archive.kept)).added == ("news/a.txt",)
    assert archive.add(read_documents(tmp_path / "news" / "a.txt", known=archive.kept)).unchanged == ("news/a.txt",)


# Python itself may not be readable for another user, so all that reading needs is loaded before
READ_BY_ANOTHER = f"""
import os, sys
from rag.corpus import read_documents
list(read_documents(sys.argv[1], known=lambda _: None))
os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})
for item in read_documents(sys.argv[1], known=lambda _: None):
    print(type(item).__name__, getattr(item, "origin", ""), getattr(item, "reason", ""), sep="|")
"""


@pytest.mark.usefixtures("another_user")
def test_what_may_not_be_read_is_refused_by_name_and_the_rest_is_read(tmp_path):
    for path in (tmp_path, *tmp_path.parents):
        path.chmod(path.stat().st_mode | 0o005)
    for name in ("listed", "shut", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("The bridge opened.")
    (tmp_path / "open" / "b.txt").write_text("The lock opened.")
    for path, mode in (("listed", 0o744), ("shut", 0o700), ("open", 0o755), ("open/a.txt", 0o600), ("open/b.txt", 0o644)):
        (tmp_path / path).chmod(mode)
    done = subprocess.run([sys.executable, "-c", READ_BY_ANOTHER, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True)
    found = [line.replace(f"{tmp_path}/", "").split("|") for line in done.stdout.splitlines()]
    assert [name for kind, name, _ in found if kind == "Article"] == ["open/b.txt"]
    assert {name: reason for kind, name, reason in found if kind == "Refusal"} == {
        "listed/a.txt": "the file cannot be read: Permission denied",
        "open/a.txt": "the file cannot be read: Permission denied",
        "shut": "the folder cannot be read: Permission denied",
    }


def test_how_far_reading_is_is_told_in_files_and_bytes_of_rows_too(tmp_path):
    (tmp_path / "a.txt").write_text("The bridge opened.")
    (tmp_path / "b.jsonl").write_text('{"title": "A", "text": "B"}\n' * 2)
    (tmp_path / "c.txt").write_text("It closed.")
    told = []
    list(read_documents(tmp_path, known=lambda _: None, progress=told.append))
    names = {name: str(tmp_path / name) for name in ("a.txt", "b.jsonl", "c.txt")}
    assert told == [
        Position(names["a.txt"], 1, 3, 0, 84),
        Position(names["b.jsonl"], 2, 3, 18, 84),
        Position(names["b.jsonl"], 2, 3, 46, 84),
        Position(names["b.jsonl"], 2, 3, 74, 84),
        Position(names["c.txt"], 3, 3, 74, 84),
    ]
