"""Files that are as they were are not read again, and what was refused is remembered with its reason."""

import sqlite3
import subprocess
from contextlib import closing

import pytest

from rag import Archive, Settings
from rag.corpus import files, read_documents
from tests.fetching.site import Site, answer, fetcher

PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
WORDS = "The lock at the river's mouth opened in April, and boats have gone through it since then, said the harbour's office. "


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "news"
    made.mkdir()
    for n in range(3):
        (made / f"{n}.html").write_text(PAGE.format(f"Lock {n}", WORDS * 3 + str(n)))
    (made / "no.pdf").write_bytes(b"%PDF-1.4 nothing")
    return made


@pytest.fixture
def archive(tmp_path, encoder, spans):
    with Archive.open(tmp_path / "index", settings=Settings(), encoder=encoder, spans=spans) as opened:
        yield opened


def counts(report):
    return tuple(len(getattr(report, fate)) for fate in ("added", "unchanged", "replaced", "removed", "refused"))


def no_process(*_, **__):
    raise AssertionError("a document is read")


def test_a_folder_that_is_as_it_was_is_not_read_again_and_reported_the_same(archive, folder, monkeypatch):
    first = archive.add(read_documents(folder, known=archive.kept))
    assert counts(first) == (3, 0, 0, 0, 1)
    monkeypatch.setattr(subprocess, "Popen", no_process)
    again = archive.add(read_documents(folder, known=archive.kept), prune=[folder])
    assert counts(again) == (0, 3, 0, 0, 1)
    assert (again.refused, set(again.unchanged)) == (first.refused, set(first.added))


def test_only_what_changed_is_read(archive, folder):
    archive.add(read_documents(folder, known=archive.kept))
    (folder / "1.html").write_text(PAGE.format("Lock 1", WORDS * 4))
    (folder / "2.html").unlink()
    known = []
    report = archive.add(read_documents(folder, known=lambda document: known.append(archive.kept(document)) or known[-1]), prune=[folder])
    assert counts(report) == (0, 1, 1, 1, 1)
    assert [kept is None for kept in known] == [False, True, False]


def test_what_was_removed_from_the_archive_is_read_again(archive, folder):
    added = archive.add(read_documents(folder, known=archive.kept)).added
    archive.remove(added[:1])
    assert counts(archive.add(read_documents(folder, known=archive.kept))) == (1, 2, 0, 0, 1)


def test_other_readers_try_what_was_refused_and_leave_what_was_read(archive, folder, monkeypatch):
    archive.add(read_documents(folder, known=archive.kept))
    monkeypatch.setattr(files, "VERSION", 99)
    known = []
    archive.add(read_documents(folder, known=lambda document: known.append(archive.kept(document)) or known[-1]))
    assert [kept is None for kept in known] == [False, False, False, True]


def test_a_table_is_read_again_where_other_columns_are_named(archive, folder):
    (folder / "rows.csv").write_text("title,text,kop\nA lock,It opened.,Een sluis\n")
    archive.add(read_documents(folder, known=archive.kept))
    report = archive.add(read_documents(folder, known=archive.kept, columns={"title": "kop"}))
    assert {article.title for article in archive.articles()} >= {"Een sluis"}
    assert "A lock" not in {archive.article(id).title for id in report.added}
    assert counts(archive.add(read_documents(folder, known=archive.kept, columns={"title": "kop"})))[:3] == (0, 4, 0)


def test_pages_that_a_file_only_names_are_read_anew_each_time(archive, folder):
    (folder / "sitemap.xml").write_text("<urlset><url><loc>http://news.example/lock</loc></url></urlset>")
    first = archive.add(read_documents(folder, known=archive.kept))
    assert [refusal.reason[:18] for refusal in first.refused if refusal.origin.endswith("sitemap.xml")] == ["it only names 1 pa"]
    with Site({"/lock": answer(PAGE.format("Fetched", WORDS * 3).encode(), content_type="text/html")}) as site:
        (folder / "sitemap.xml").write_text(f"<urlset><url><loc>http://news.example:{site.port}/lock</loc></url></urlset>")
        fates = [counts(archive.add(read_documents(folder, known=archive.kept, fetch=fetcher(site).fetch))) for _ in range(2)]
    assert [(added, unchanged) for added, unchanged, *_ in fates] == [(1, 3), (0, 4)]
    assert site.paths.count("/lock") == 2


def test_a_file_whose_article_another_file_has_is_not_forgotten_with_that(archive, folder):
    (folder / "copy.txt").write_text("id: lock\ntitle: A lock\n\nIt opened.")
    (folder / "copy2.txt").write_text("id: lock\ntitle: A lock\n\nIt opened.")
    archive.add(read_documents(folder, known=archive.kept))
    (folder / "copy.txt").unlink()
    archive.add(read_documents(folder, known=archive.kept), prune=[folder])
    assert archive.article("lock")


def test_what_the_archive_refuses_is_tried_again(archive, folder):
    (folder / "a.txt").write_text("id: lock\ntitle: A lock\n\nIt opened.")
    (folder / "b.txt").write_text("id: lock\ntitle: A lock\n\nIt closed.")
    assert counts(archive.add(read_documents(folder, known=archive.kept))) == (4, 0, 0, 0, 2)
    (folder / "a.txt").unlink()
    assert counts(archive.add(read_documents(folder, known=archive.kept))) == (0, 3, 1, 0, 1)
    assert archive.article("lock").text == "It closed."


def test_where_memory_is_damaged_files_are_read_again(archive, folder, tmp_path):
    archive.add(read_documents(folder, known=archive.kept))
    with closing(sqlite3.connect(tmp_path / "index" / "archive.sqlite")) as db:
        db.execute("UPDATE documents SET found = replace(found, 'ids', 'sdi')")
        db.commit()
    assert counts(archive.add(read_documents(folder, known=archive.kept))) == (0, 3, 0, 0, 1)
