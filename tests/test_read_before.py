"""Files that are as they were are not read again, and what was refused is remembered with its reason."""

import sqlite3
import subprocess
from contextlib import closing

import pytest

from rag.adding import Files
from rag.corpus import files, read_documents
from rag.corpus.readers import Readers
from rag.types import Document, Kept
from tests.fetching.site import Site, answer, fetcher, moved

PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
MAIL = "Received: x\nMessage-ID: <{0}@example.org>\nSubject: Lock {0}\nContent-Type: text/plain\n\n{1}\n"
WORDS = "The lock at the river's mouth opened in April, and boats have gone through it since then, said the harbour's office. "


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "news"
    made.mkdir()
    for n in range(3):
        (made / f"{n}.eml").write_text(MAIL.format(n, WORDS * 3 + str(n)))
    (made / "no.pdf").write_bytes(b"%PDF-1.4 nothing")
    return made


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
    (folder / "1.eml").write_text(MAIL.format(1, WORDS * 4))
    (folder / "2.eml").unlink()
    items = list(read_documents(folder, known=archive.kept))
    assert counts(archive.add(items, prune=[folder])) == (0, 1, 1, 1, 1)
    assert [type(item) for item in items if isinstance(item, Kept | Document)] == [Kept, Document, Kept]


def test_what_was_removed_from_the_archive_is_read_again(archive, folder):
    added = archive.add(read_documents(folder, known=archive.kept)).added
    archive.remove(added[:1])
    assert counts(archive.add(read_documents(folder, known=archive.kept))) == (1, 2, 0, 0, 1)


def test_other_readers_try_what_was_refused_and_leave_what_was_read(archive, folder, monkeypatch):
    archive.add(read_documents(folder, known=archive.kept))
    monkeypatch.setattr(files, "VERSION", 99)
    items = list(read_documents(folder, known=archive.kept))
    assert [type(item) for item in items if isinstance(item, Kept | Document)] == [Kept, Kept, Kept, Document]


def test_a_table_is_read_again_where_other_columns_are_named(archive, folder):
    (folder / "rows.csv").write_text("title,text,kop\nA lock,It opened.,Een sluis\n")
    archive.add(read_documents(folder, known=archive.kept))
    report = archive.add(read_documents(folder, known=archive.kept, columns={"title": "kop"}))
    assert {article.title for article in archive.articles()} >= {"Een sluis"}
    assert "A lock" not in {archive.article(id).title for id in report.added}
    assert counts(archive.add(read_documents(folder, known=archive.kept, columns={"title": "kop"})))[:3] == (0, 4, 0)


def test_rows_are_not_read_again_while_their_file_is_as_it_was(archive, folder, monkeypatch):
    rows = folder / "rows.jsonl"
    rows.write_text('{"title": "A lock", "text": "It opened."}\n{"title": "Another"}\n')
    first = archive.add(read_documents(rows, known=archive.kept))
    assert counts(first) == (1, 0, 0, 0, 1)
    with monkeypatch.context() as patch:
        patch.setattr(files, "read_rows", no_process)
        again = archive.add(read_documents(rows, known=archive.kept))
    assert (again.unchanged, again.refused) == (first.added, first.refused)
    rows.write_text('{"title": "A lock", "text": "It opened."}\n{"title": "Another", "text": "It closed."}\n')
    assert counts(archive.add(read_documents(rows, known=archive.kept))) == (1, 1, 0, 0, 0)


def test_rows_that_somebody_adds_to_while_they_are_read_are_read_again(archive, folder):
    rows = folder / "rows.jsonl"
    rows.write_text('{"title": "A lock", "text": "It opened."}\n')

    def items():
        for number, item in enumerate(read_documents(rows, known=archive.kept)):
            yield item
            if not number:
                with rows.open("a") as file:
                    file.write('{"title": "Another", "text": "It closed."}\n')

    archive.add(items())
    assert isinstance(list(read_documents(rows, known=archive.kept))[-1], Document)


@pytest.fixture
def twins(archive, tmp_path):
    """Two files with one article, which the archive has."""
    made = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in made:
        path.write_text("id: lock\ntitle: A lock\n\nIt opened in April.")
    archive.add(read_documents(*made, known=archive.kept))
    return made


def test_two_files_with_one_article_are_both_known_and_whichever_goes_the_other_has_it_still(archive, twins, monkeypatch):
    monkeypatch.setattr(Readers, "read", no_process)
    assert archive.add(read_documents(*twins, known=archive.kept)).files == Files(2, unchanged=2)
    for path, other in (twins, reversed(twins)):
        path.unlink()
        # also where only the one that went is looked at
        assert archive.add([], prune=[path]).removed == (() if other.exists() else ("lock",))
        assert not other.exists() or archive.article("lock").origin == str(other)


def test_an_article_stays_that_a_file_has_which_cannot_be_read_now(archive, twins):
    twins[0].unlink()
    twins[1].unlink()
    twins[1].symlink_to("nothing")
    folder = twins[1].parent
    report = archive.add(read_documents(folder, known=archive.kept, apart=folder / "index"), prune=[folder])
    assert (report.removed, [refusal.origin for refusal in report.refused]) == ((), [str(twins[1])])
    assert archive.article("lock").origin == str(twins[1])


def test_an_article_stays_that_a_page_has_too(archive, tmp_path):
    saved = tmp_path / "news" / "lock.txt"
    saved.parent.mkdir()
    saved.write_bytes(b"id: lock\ntitle: A lock\n\nIt opened.")
    with Site({"/a": moved("/lock"), "/lock": answer(saved.read_bytes(), content_type="text/plain", etag='"1"')}) as site:
        archive.add(read_documents(f"http://news.example:{site.port}/a", known=archive.kept, fetch=fetcher(site).fetch))
        page = archive.article("lock").origin
    assert archive.add(read_documents(saved.parent, known=archive.kept)).unchanged == ("lock",)
    assert archive.article("lock").origin == str(saved)
    saved.unlink()
    assert archive.add([], prune=[saved.parent]).removed == ()
    assert archive.article("lock").origin == page


def test_an_entry_that_cannot_be_read_now_stays_whatever_it_is_called(archive, tmp_path):
    feed = (
        '<rss version="2.0"><channel><title>News</title>'
        "<item><title>A lock</title><guid>tag:example.org,2020:1</guid><description>{}</description></item>"
        "<item><title>A bridge</title><guid>tag:example.org,2020:2</guid><description>The bridge closed in May.</description></item></channel></rss>"
    )
    path = tmp_path / "feed.xml"
    for text in ("The lock opened in April.", ""):
        path.write_text(feed.format(text))
        report = archive.add(read_documents(path, known=archive.kept), prune=[path])
    assert (report.removed, [refusal.origin for refusal in report.refused]) == ((), [f"{path}:tag:example.org,2020:1"])
    assert archive.article("tag:example.org,2020:1")


def test_what_is_remembered_of_a_document_and_damaged_keeps_nothing(archive, twins):
    with closing(sqlite3.connect(archive._store._folder / "archive.sqlite")) as db, db:
        db.execute("UPDATE documents SET found = 'x' WHERE origin = ?", (str(twins[1]),))
    twins[0].unlink()
    assert archive.add([], prune=[twins[0]]).removed == ("lock",)


def test_of_two_files_with_one_article_the_one_that_did_not_change_is_not_passed_over(archive, twins):
    twins[0].write_text("id: lock\ntitle: A lock\n\nIt opened in May.")
    report = archive.add(read_documents(*twins, known=archive.kept), prune=twins)
    assert (report.replaced, [refusal.origin for refusal in report.refused]) == (("lock",), [str(twins[1])])


def test_pages_of_the_web_that_are_as_they_were_are_neither_sent_nor_read_again(archive, monkeypatch):
    page = PAGE.format("Fetched", WORDS * 3).encode()
    head = {"content_type": "text/html", "etag": '"1"', "last_modified": "Sat, 19 Mar 1932 10:00:00 GMT"}
    with Site({"/a": moved("/lock"), "/lock": answer(page, **head)}) as site:
        address = f"http://news.example:{site.port}/a"

        def add(known=archive.kept):
            report = archive.add(read_documents(address, known=known, fetch=fetcher(site).fetch))
            return counts(report), report.files, {name: site.requests[-1].fields.get(name) for name in ("if-none-match", "if-modified-since")}

        nothing = {"if-none-match": None, "if-modified-since": None}
        assert add() == ((1, 0, 0, 0, 0), Files(1, with_articles=1), nothing)
        asked = {"if-none-match": '"1"', "if-modified-since": "Sat, 19 Mar 1932 10:00:00 GMT"}
        with monkeypatch.context() as patch:
            patch.setattr(Readers, "read", no_process)
            site.answers["/lock"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
            assert add() == ((0, 1, 0, 0, 0), Files(1, unchanged=1), asked)
            # the same bytes under another validator, which is asked with from then on
            site.answers["/lock"] = answer(page, content_type="text/html", etag='"2"')
            assert add() == ((0, 1, 0, 0, 0), Files(1, unchanged=1), asked)
        site.answers["/lock"] = answer(page.replace(b"April", b"May"), content_type="text/html", etag='"3"')
        assert add() == ((0, 0, 1, 0, 0), Files(1, with_articles=1), {"if-none-match": '"2"', "if-modified-since": None})
        assert add(known=lambda _: None)[2] == nothing
        archive.remove([article.id for article in archive.articles()])
        assert add() == ((1, 0, 0, 0, 0), Files(1, with_articles=1), nothing)


def test_a_page_that_is_as_it_was_is_asked_for_again_where_it_was_refused_by_other_readers(archive, monkeypatch):
    with Site({"/a.png": answer(b"\x89PNG\r\n", content_type="image/png", etag='"1"')}) as site:
        address = f"http://news.example:{site.port}/a.png"
        first = archive.add(read_documents(address, known=archive.kept, fetch=fetcher(site).fetch))
        monkeypatch.setattr(files, "VERSION", 99)
        again = archive.add(read_documents(address, known=archive.kept, fetch=fetcher(site).fetch))
        assert first.refused == again.refused != ()
        assert "if-none-match" not in site.requests[-1].fields


def test_the_pages_of_a_sitemap_are_asked_each_only_whether_it_changed(archive, folder):
    with Site({"/lock": answer(PAGE.format("Fetched", WORDS * 3).encode(), content_type="text/html", etag='"1"')}) as site:
        (folder / "sitemap.xml").write_text(f"<urlset><url><loc>http://news.example:{site.port}/lock</loc></url></urlset>")
        offline = archive.add(read_documents(folder, known=archive.kept))
        assert [refusal.reason[:18] for refusal in offline.refused if refusal.origin.endswith("sitemap.xml")] == ["it only names 1 pa"]
        reports = [archive.add(read_documents(folder, known=archive.kept, fetch=fetcher(site).fetch)) for _ in range(2)]
        asked = [request.fields.get("if-none-match") for request in site.requests if request.path == "/lock"]
    assert [counts(report)[:2] for report in reports] == [(1, 3), (0, 4)]
    assert [report.files for report in reports] == [
        Files(6, with_articles=1, unchanged=3, refused=1, without_words=1),
        Files(6, unchanged=4, refused=1, without_words=1),
    ]
    # the site sent it twice: what was refused to be asked is asked in full
    assert asked == [None, '"1"']


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
        db.execute("UPDATE documents SET found = replace(found, 'rows', 'wors')")
        db.commit()
    assert counts(archive.add(read_documents(folder, known=archive.kept))) == (0, 3, 0, 0, 1)
