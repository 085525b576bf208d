"""The documents that articles were read from: kept once, gone with the last that refers to them, and never given out otherwise than they were."""

import hashlib
import json
import sqlite3
import zlib
from contextlib import closing
from dataclasses import replace

import pytest

from rag import Archive, Settings, read_articles
from rag.adding import batch
from rag.cli import main
from rag.corpus import read_documents
from rag.corpus.readers import VERSION
from rag.errors import ArchiveDamaged
from rag.repairing import repair
from rag.store import backup, flaws, restore
from rag.store.originals import Packed
from rag.types import Original
from tests.corpus.formats.made_pdf import shown, written
from tests.corpus.test_readers import MAIL, PAGE, zipped
from tests.fakes import HashingEncoder

PDF = written([shown("The lock at the river's mouth opened in April.", 72, 700)])
TEXT, OTHER = b"title: A lock\n\nIt opened.", b"title: A bridge\n\nIt closed."
TABLE = b"id,title,text\none,A lock,It opened in April.\ntwo,A bridge,It closed in May.\n"
MAILBOX = b"From a@example.org Thu Jan  1 10:00:00 2026\n%s\nFrom b@example.org Thu Jan  1 11:00:00 2026\n%s" % (MAIL, MAIL.replace(b"1@", b"2@"))


def nothing():
    pass


def opened(folder):
    return Archive.open(folder, Settings(), HashingEncoder())


def change(folder, *statements):
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def rows(folder):
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        return {sha256: zlib.decompress(packed) for sha256, packed in db.execute("SELECT sha256, packed FROM originals")}


def originals(archive):
    """What each article was read from, as it says, and as it is given out."""
    return {one.id: (one.original and one.original.format, archive.original(one.id)) for one in archive.articles()}


@pytest.fixture
def index(archive):
    return archive._store._folder


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("a.html", PAGE, [("html", PAGE)]),
        ("a.pdf", PDF, [("pdf", PDF)]),
        ("a.txt", TEXT, [("text", TEXT)]),
        ("a.eml", MAIL, [("mail", MAIL)]),
        ("a.mbox", MAILBOX, [("mail", MAIL + b"\n"), ("mail", MAIL.replace(b"1@", b"2@"))]),
        ("a.csv", TABLE, [("csv_rows", TABLE)] * 2),
        ("a.zip", zipped(page_html=PAGE, b_pdf=PDF), [("html", PAGE), ("pdf", PDF)]),
        ("a.jsonl", b'{"title": "A lock", "text": "It opened."}\n', [(None, None)]),
        ("rows.zip", zipped(rows_jsonl=b'{"title": "A lock", "text": "It opened."}\n'), [(None, None)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_innermost_document_is_kept_as_it_was_and_a_row_of_json_lines_has_none(archive, index, files, name, data, kept):
    (files / name).write_bytes(data)
    archive.add(read_articles(files))
    assert sorted(originals(archive).values(), key=str) == sorted(kept, key=str)
    # once each, under the digest of its bytes
    assert rows(index) == {hashlib.sha256(one).hexdigest(): one for _, one in kept if one}
    assert archive.status().originals == sum(len(zlib.compress(one)) for one in {one for _, one in kept if one})


def test_an_article_says_what_it_was_read_from_and_by_which_readers(archive, files):
    (files / "a.pdf").write_bytes(PDF)
    (article,) = read_articles(files)
    archive.add([article])
    said = archive.article(article.id).original
    assert (said, said.data) == (Original(hashlib.sha256(PDF).hexdigest(), "pdf", VERSION), None)
    assert archive.original("unknown") is None


def test_a_document_goes_with_the_last_article_that_was_read_from_it(archive, index, files):
    (files / "a.csv").write_bytes(TABLE)
    archive.add(read_articles(files))
    archive.remove(["one"])
    assert archive.original("two") == TABLE
    (files / "a.csv").write_bytes(TABLE.replace(b"May", b"June"))
    archive.add(read_articles(files / "a.csv"))
    assert set(rows(index).values()) >= {TABLE.replace(b"May", b"June")}
    archive.remove(["one", "two"])
    assert (rows(index), archive.status().originals) == ({}, 0)


def test_that_of_the_same_text_under_other_facts_goes(archive, index, files):
    for title in ("A lock", "The lock"):
        (files / "a.txt").write_text(f"title: {title}\n\nIt opened.")
        report = archive.add(read_articles(files))
    assert (report.replaced, archive.editions(report.replaced[0])) == (("files/a.txt",), [])
    assert list(rows(index).values()) == [b"title: The lock\n\nIt opened."]


def test_what_an_earlier_text_was_read_from_stays(archive, index, files):
    (files / "a.txt").write_bytes(TEXT)
    archive.add(read_articles(files))
    change(
        index,
        "INSERT INTO editions (id, title, sha256, origin, document, replaced, seal, text, parts) "
        "SELECT 'another', title, sha256, origin, document, '', '', text, parts FROM articles",
    )
    archive.remove([one.id for one in archive.articles()])
    assert list(rows(index).values()) == [TEXT]


def test_none_is_kept_where_that_is_asked_for_and_reading_again_keeps_it(archive, index, files):
    (files / "a.txt").write_bytes(TEXT)
    archive.add(read_documents(files, known=archive.kept), originals=False)
    (article,) = archive.articles()
    assert (article.original, rows(index)) == (None, {})
    # it is unchanged all the same
    assert archive.add(read_documents(files, known=archive.kept)).unchanged == (article.id,)
    assert archive.original(article.id) is None
    assert archive.add(read_articles(files)).unchanged == (article.id,)
    assert archive.original(article.id) == TEXT
    assert replace(archive.article(article.id), original=None) == article
    assert flaws(index, nothing) == []


def test_newer_readers_change_no_text_of_a_document_that_is_kept_unless_it_is_read_again(archive, make):
    digest = hashlib.sha256(PDF).hexdigest()
    before = replace(make("a", "The lock ope ned."), original=Original(digest, "pdf", 1, PDF))
    after = replace(make("a", "The lock opened."), original=Original(digest, "pdf", 2, PDF))
    archive.add([before])
    assert archive.add([after]).unchanged == ("a",)
    assert (archive.article("a").text, archive.article("a").original) == (before.text, before.original)
    assert archive.add([after], originals=False).unchanged == ("a",)
    assert archive.original("a") == PDF
    # another file is another matter, and so are other columns of a table
    assert archive.add([replace(after, original=Original("0" * 64, "pdf", 2, b"x"))]).replaced == ("a",)
    archive.add([before])
    assert archive.add([replace(after, original=replace(after.original, reader=1))]).replaced == ("a",)
    archive.add([before])
    assert archive.add([after], reread=True).replaced == ("a",)
    assert archive.article("a").original == after.original


def test_an_article_of_another_archive_comes_without_what_is_not_here(archive, tmp_path, files):
    (files / "a.txt").write_bytes(TEXT)
    archive.add(read_articles(files))
    with opened(tmp_path / "other") as other:
        other.add(archive.articles())
        assert [one.original for one in other.articles()] == [None]
        other.add(read_articles(files))
        assert list(originals(other).values()) == [("text", TEXT)]


def test_articles_do_not_wait_with_more_than_so_many_bytes(archive, files, monkeypatch):
    monkeypatch.setattr(batch, "_BYTES", 3 * len(TEXT))
    for n in range(12):
        (files / f"{n}.txt").write_bytes(TEXT + b"%d" % n)
    waiting, most = 0, []

    def read():
        nonlocal waiting
        for one in read_articles(files):
            waiting += 1
            most.append(waiting)
            yield replace(one, id=one.origin)

    def done(fate, name):
        nonlocal waiting
        waiting -= 1

    archive.add(read(), progress=done)
    # those that are encoded, and those that wait to be
    assert 3 <= max(most) <= 6


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE originals SET packed = zeroblob(20)",
        "UPDATE originals SET bytes = bytes - 1",
        "UPDATE originals SET bytes = -1",
        "UPDATE originals SET bytes = 9223372036854775807, packed = zeroblob(20)",
        "DELETE FROM originals",
    ],
)
def test_one_that_is_not_what_was_stored_is_named_and_the_article_is_sound(archive, index, files, damage, capsys):
    (files / "a.txt").write_bytes(TEXT)
    (files / "b.txt").write_bytes(OTHER)
    archive.add(read_articles(files))
    a, b = sorted(archive.articles(), key=lambda one: one.origin)
    change(index, f"{damage} WHERE sha256 = '{a.original.sha256}'")
    with pytest.raises(ArchiveDamaged, match=f"the file that article {a.id} was read from is"):
        archive.original(a.id)
    assert (archive.original(b.id), archive.article(a.id)) == (OTHER, a)
    assert main(["status", "--check", "--index", str(index)]) == 2
    assert f"the file that article {a.id} was read from is not what was stored" in capsys.readouterr().out
    done = repair(index, Settings(), HashingEncoder(), nothing)
    assert (done.kept, done.originals_lost, flaws(index, nothing)) == (2, 1, [])
    assert originals(archive) == {a.id: (None, None), b.id: ("text", OTHER)}
    archive.add(read_articles(files))
    assert archive.original(a.id) == TEXT


def test_check_names_that_of_an_earlier_text_too(archive, index, files):
    for data in (TEXT, OTHER):
        (files / "a.txt").write_bytes(data)
        archive.add(read_articles(files))
    change(index, f"UPDATE originals SET packed = zeroblob(length(packed)) WHERE sha256 = '{hashlib.sha256(TEXT).hexdigest()}'")
    assert flaws(index, nothing) == ["the file that an earlier text of article files/a.txt was read from is not what was stored; the text itself is"]
    assert repair(index, Settings(), HashingEncoder(), nothing).originals_lost == 1
    assert flaws(index, nothing) == []


def test_one_that_is_lost_is_missed_where_they_are_counted(archive, index, files, capsys):
    (files / "a.txt").write_bytes(TEXT)
    archive.add(read_articles(files))
    change(index, "DELETE FROM originals")
    assert (archive.status().originals, archive.status().articles) == (None, 1)
    assert main(["status", "--index", str(index)]) == 2
    assert "Originals: some are lost; `pullquote status --check` names them" in capsys.readouterr().out
    # of one that nothing refers to, too
    change(index, "UPDATE articles SET document = NULL")
    assert any("of its originals some are lost" in flaw for flaw in flaws(index, nothing))


def test_no_more_is_unpacked_than_a_document_has():
    bomb = zlib.compress(bytes(50_000_000))
    assert Packed(hashlib.sha256(bytes(50_000_000)).hexdigest(), 1_000, bomb).unpacked() is None


def test_copies_have_them(archive, index, files, tmp_path):
    (files / "a.txt").write_bytes(TEXT)
    (files / "b.txt").write_bytes(OTHER)
    archive.add(read_articles(files))
    before = originals(archive)
    backup(index, tmp_path / "copy", nothing)
    restore(tmp_path / "restored", tmp_path / "copy", nothing)
    with opened(tmp_path / "restored") as restored:
        assert originals(restored) == before


def test_the_command_line_writes_one_and_overwrites_nothing(archive, index, files, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("rag.archive.sentence_encoder", lambda *_: HashingEncoder())
    (files / "a.pdf").write_bytes(PDF)
    (files / "b.txt").write_bytes(TEXT)
    assert main(["add", str(files / "b.txt"), "--no-originals", "--index", str(index)]) == 0
    assert main(["add", str(files / "a.pdf"), "--index", str(index)]) == 0
    capsys.readouterr()
    show = ["show", "files/a.pdf", "--original", str(tmp_path / "out"), "--index", str(index)]
    assert main(show) == 0
    assert (tmp_path / "out").read_bytes() == PDF
    assert capsys.readouterr().out == f"{tmp_path / 'out'}: {len(PDF):,} bytes, pdf, read by version {VERSION} of the readers\n"
    assert main(show) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["show", "files/a.pdf", "--original", str(tmp_path / "2"), "--json", "--index", str(index)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"file": str(tmp_path / "2"), "bytes": len(PDF), "sha256": hashlib.sha256(PDF).hexdigest(), "format": "pdf", "reader": VERSION}
    for id, reason in (("files/b.txt", "was not kept"), ("unknown", "no article has the id unknown")):
        assert main(["show", id, "--original", str(tmp_path / "3"), "--index", str(index)]) == 2
        assert reason in capsys.readouterr().err
    assert not (tmp_path / "3").exists()
    assert main(["status", "--index", str(index)]) == 0
    assert f"Originals: {len(zlib.compress(PDF)):,} bytes" in capsys.readouterr().out
