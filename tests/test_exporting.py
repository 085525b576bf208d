import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from rag import Archive, Settings, Span, Verdict, read_articles
from rag.errors import ArchiveDamaged, InputError
from rag.evaluation import read_gold
from rag.exporting import Exported, export

FILES = ["articles.jsonl", "editions.jsonl", "feedback.jsonl", "gold.jsonl", "notes.jsonl"]


@pytest.fixture
def full(archive, make):
    """An archive with all that can be exported."""
    archive.add(
        [
            make("news/a b#1%", "The bridge opened in 1932.\n\n“Café” \U0001f309 \\u2028 <b>", source="S", author="W", published=date(1932, 3, 19)),
            make("b", "The ferry sank.\tIt was red.", title="Ferry — “sunk”", url="https://example.org/?a=1&b=2"),
        ]
    )
    archive.write_note("news/a b#1%", Span(4, 10), "mine \u2028 and\nmore")
    archive.give_feedback(archive.ask("the bridge opened in \u2028 \x85 1932"), Verdict.RIGHT, 0, "yes\u2029")
    archive.give_feedback(archive.ask("the ferry sank"), Verdict.WRONG, 0)
    return archive


def rows(path):
    # not only at line feeds: some readers end a line at other characters too
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_articles_are_added_again_as_they_were(full, tmp_path, hashing):
    assert export(full, tmp_path / "out") == Exported(articles=2, notes=1, feedback=2, gold=1, editions=0, left_out=1)
    assert listing(tmp_path / "out") == FILES
    with Archive.open(tmp_path / "again", Settings(), hashing) as again:
        report = again.add(read_articles(tmp_path / "out" / "articles.jsonl"))
        assert (len(report.added), report.refused) == (2, ())
        facts = [[(a.id, a.title, a.source, a.author, a.published, a.url, a.text, a.sha256) for a in each.articles()] for each in (full, again)]
        assert facts[0] == facts[1]


def test_a_folder_of_exports_is_added_whole(full, tmp_path, hashing):
    export(full, tmp_path / "out")
    with Archive.open(tmp_path / "again", Settings(), hashing) as again:
        assert len(again.add(read_articles(tmp_path / "out" / "articles.jsonl", tmp_path / "out" / "gold.jsonl")).added) == 2


def test_a_note_is_a_web_annotation(full, tmp_path):
    export(full, tmp_path / "out")
    (row,) = rows(tmp_path / "out" / "notes.jsonl")
    (note,) = full.notes()
    assert row["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (row["type"], row["created"]) == ("Annotation", note.made.isoformat().replace("+00:00", "Z"))
    assert row["body"] == {"type": "TextualBody", "value": "mine \u2028 and\nmore", "format": "text/plain"}
    assert row["target"]["source"] == "articles.jsonl#news/a%20b%231%25"
    position, quote = row["target"]["selector"]
    assert position == {"type": "TextPositionSelector", "start": 4, "end": 10}
    assert quote == {"type": "TextQuoteSelector", "exact": "bridge", "prefix": "The ", "suffix": " opened in 1932.\n\n“Café” \U0001f309 \\u202"}
    assert row["pullquote"] == {"number": note.number, "article": "news/a b#1%", "sha256": note.sha256}


def test_an_answer_is_a_reply_to_its_note(full, tmp_path):
    (note,) = full.notes()
    answer = full.answer_note(note.number, "no", author="Ada")
    export(full, tmp_path / "out")
    first, second = rows(tmp_path / "out" / "notes.jsonl")
    assert "creator" not in first
    assert (second["motivation"], second["creator"]) == ("replying", {"type": "Person", "name": "Ada"})
    assert second["target"] == [first["id"], first["target"]]
    assert second["pullquote"] == {"number": answer.number, "article": "news/a b#1%", "sha256": note.sha256, "answers": note.number}
    full.remove_note(note.number)
    export(full, tmp_path / "later")
    (row,) = rows(tmp_path / "later" / "notes.jsonl")
    assert row == second | {"target": first["target"]}


def test_a_note_on_an_earlier_text_is_the_same_annotation_until_that_is_removed(full, make, tmp_path):
    export(full, tmp_path / "before")
    full.add([make("news/a b#1%", "The bridge closed.")])
    export(full, tmp_path / "replaced")
    full.remove(["news/a b#1%"])
    export(full, tmp_path / "removed")
    (before,), (replaced,), (removed,) = (rows(tmp_path / name / "notes.jsonl") for name in ("before", "replaced", "removed"))
    assert replaced == before
    assert removed["id"] == before["id"]
    assert removed["target"]["selector"][1] == {"type": "TextQuoteSelector", "exact": "bridge"}


def test_an_earlier_text_is_no_row_of_an_article(full, make, tmp_path, hashing):
    old = full.article("news/a b#1%")
    full.add([make(old.id, "The bridge closed.")])
    (edition,) = full.editions()
    assert export(full, tmp_path / "out").editions == 1
    (row,) = rows(tmp_path / "out" / "editions.jsonl")
    assert (row["article"]["text"], row["sha256"]) == (old.text, old.sha256)
    assert row["replaced"] == edition.replaced.isoformat().replace("+00:00", "Z")
    with Archive.open(tmp_path / "again", Settings(), hashing) as again:
        assert len(again.add(read_articles(tmp_path / "out" / "editions.jsonl")).refused) == 1


def test_feedback_is_what_was_shown_and_said_and_gold_is_read(full, tmp_path):
    export(full, tmp_path / "out")
    first, second = rows(tmp_path / "out" / "feedback.jsonl")
    assert (first["question"], first["comment"]) == ("the bridge opened in \u2028 \x85 1932", "yes\u2029")
    assert (first["verdict"], first["quote"], first["outcome"], second["verdict"]) == ("right", 0, "answered", "wrong")
    held = full.article(first["quotes"][0]["article"])
    assert first["quotes"][0]["text"] == held.text[first["quotes"][0]["start"] : first["quotes"][0]["end"]]
    (gold,) = read_gold(tmp_path / "out" / "gold.jsonl")
    assert (gold.question, gold.answers) == (first["question"], (first["quotes"][0]["text"],))


def test_nothing_is_overwritten_unless_forced_and_nothing_else_touched(full, make, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    (out / "notes.jsonl").write_text("old")
    with pytest.raises(InputError, match=r"has notes.jsonl already; .* --force"):
        export(full, out)
    assert listing(out) == ["mine.txt", "notes.jsonl"]
    assert (out / "notes.jsonl").read_text() == "old"
    export(full, out, force=True)
    assert listing(out) == sorted([*FILES, "mine.txt"])
    assert len(rows(out / "notes.jsonl")) == 1
    assert (out / "mine.txt").read_text() == "mine"


def test_an_export_that_fails_leaves_the_earlier_one(full, tmp_path):
    out = tmp_path / "out"
    export(full, out)
    before = {path: path.read_bytes() for path in out.iterdir()}
    # the articles before the damaged one are written by then
    with closing(sqlite3.connect(tmp_path / "index" / "archive.sqlite")) as db:
        db.execute("UPDATE articles SET title = 'Another' WHERE id = 'news/a b#1%'")
        db.commit()
    assert next(full.articles()).id == "b"
    with pytest.raises(ArchiveDamaged, match="news/a b#1%"):
        export(full, out, force=True)
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_an_empty_archive_exports_empty_files(archive, tmp_path):
    assert export(archive, tmp_path / "out") == Exported(0, 0, 0, 0, 0, 0)
    assert listing(tmp_path / "out") == FILES


def test_a_folder_that_cannot_be_made_is_named(archive, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file.out cannot be written"):
        export(archive, tmp_path / "file" / "out")
