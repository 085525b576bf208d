"""What is damaged when search caches are built is left out of them, and every answer says so until it is whole again."""

import json
import logging
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import date

import gradio
import pytest

from rag import Archive, Outcome, Settings, Span
from rag.adapters.extracts import RetrieverSetting
from rag.cli import main
from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.evaluation import Request, run
from rag.render import answer_json, answer_text, html_document, markdown
from rag.repairing import repair
from rag.serving.warming import warm
from rag.store import backup, flaws, restore
from rag.store.manifest import FILE, FORMAT, _digest
from rag.web import pane
from rag.web.actions import perform
from rag.web.desk import Desk
from rag.web.page import _Parts
from rag.web.seat import Seat
from rag.web.tabs import TABS, ask
from rag.web.uploads import kept
from rag.web.visit import Visit
from tests.conftest import ROOT
from tests.fakes import CommonWords, HashingEncoder

QUESTION = "When was bridge 2 opened?"
NAMED = "Not read, because damaged: a1 (`pullquote repair` puts aside what is damaged)."
_OF_A1 = "(SELECT n FROM articles WHERE id = 'a1')"
# what a disk may do to each thing that is kept of an article
LEVELS = {
    "title": "UPDATE articles SET title = 'Another' WHERE id = 'a1'",
    "title that is no text": "UPDATE articles SET title = CAST(x'42ff' AS TEXT) WHERE id = 'a1'",
    "date": "UPDATE articles SET published = '2020-01-01' WHERE id = 'a1'",
    "source": "UPDATE articles SET source = 'Paper 2' WHERE id = 'a1'",
    "number of passages": "UPDATE articles SET passages = 70 WHERE id = 'a1'",
    "seal": "UPDATE articles SET seal = replace(seal, 'a', 'b') WHERE id = 'a1'",
    "text": "UPDATE articles SET text = replace(text, 'bridge', 'tunnel') WHERE id = 'a1'",
    "text that is no text": "UPDATE articles SET text = CAST(x'42ff' AS TEXT) WHERE id = 'a1'",
    "span": f"UPDATE passages SET start = start + 1 WHERE article = {_OF_A1}",
    "lost passage": f"DELETE FROM passages WHERE n = (SELECT min(n) FROM passages WHERE article = {_OF_A1})",
    "vector": f"UPDATE passages SET vector = zeroblob(length(vector)) WHERE article = {_OF_A1}",
}


@pytest.fixture
def folder(tmp_path, archive, make):
    # the hits of each question are of all articles
    archive.add(
        [
            make(f"a{n}", f"The bridge number {n} opened. Ferry {n * 7} sank. " * 30, source=f"Paper {n % 3}", published=date(2000 + n, 1, 1))
            for n in range(6)
        ]
    )
    archive.close()
    return tmp_path / "index"


def change(folder, *statements):
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def opened(folder, *, read_only=False):
    return Archive.open(folder, Settings(), HashingEncoder(), CommonWords(), read_only=read_only)


def lose_caches(folder):
    # not removed file by file: the search library may be tidying up in it still
    (folder / "cache").rename(tempfile.mkdtemp(dir=folder.parent))


def asked(folder, question=QUESTION, **filters):
    with opened(folder) as archive:
        return archive.ask(question, **filters)


def shown(answer):
    return {quote.article.id for quote in (*answer.quotes, *answer.near_misses)}


@pytest.mark.parametrize("level", LEVELS)
def test_the_others_answer_until_it_is_whole(folder, make, level):
    change(folder, LEVELS[level])
    # the caches are of before: the damage is met among the hits, but for vectors, of which the caches have sound ones
    assert asked(folder).searched.damaged == (() if level == "vector" else ("a1",))
    lose_caches(folder)
    for _ in range(2):
        # built, then loaded
        answer = asked(folder)
        assert (answer.searched.damaged, answer.searched.articles) == (("a1",), 5)
        assert shown(answer)
        assert "a1" not in shown(answer)
    with opened(folder) as archive:
        # another program's writing beside an article that is damaged
        assert archive.add([make("new", "The tunnel number 3 opened.")]).added == ("new",)
        answer = archive.ask("When was the tunnel opened?")
        assert answer.searched.damaged == ("a1",)
        assert "new" in shown(answer)
        assert archive.write_note("a2", Span(0, 3), "mine").number
    assert asked(folder).searched.damaged == ("a1",)
    repair(folder, Settings(), HashingEncoder(), lambda: None)
    assert asked(folder).searched.damaged == ()
    with opened(folder) as archive:
        assert archive.search("bridge")
        assert archive.status().articles == len(list(archive.articles()))


@pytest.mark.parametrize("level", ["title", "text"])
def test_who_adds_it_again_is_told_and_the_others_are_added(folder, make, level):
    change(folder, LEVELS[level])
    with opened(folder) as archive:
        report = archive.add(
            [make("new", "The tunnel number 3 opened."), make("a1", "Bridge 1 opened."), make("newer", "The tunnel number 4 opened.")]
        )
        assert report.added == ("new", "newer")
        (refusal,) = report.refused
        assert "a1 is not what was stored" in refusal.reason
        assert "pullquote repair" in refusal.reason
    repair(folder, Settings(), HashingEncoder(), lambda: None)
    with opened(folder) as archive:
        archive.add([make("a1", "Bridge 1 opened.")])
        assert archive.article("a1").text == "Bridge 1 opened."


def test_it_is_named_whatever_was_asked(folder):
    change(folder, LEVELS["text"])
    lose_caches(folder)
    filters = {"sources": ["Paper 2"]}, {"after": date(2004, 1, 1)}, {"sources": ["nobody"]}, {"before": date(1990, 1, 1)}
    answers = [asked(folder, "zeppelins over Lakehurst", **chosen) for chosen in ({}, *filters)]
    assert {answer.searched.damaged for answer in answers} == {("a1",)}
    assert answers[-1].outcome is Outcome.OUTSIDE_FILTERS
    assert {answer.outcome for answer in answers} > {Outcome.OUTSIDE_FILTERS}
    for answer in answers:
        assert answer_text(answer).startswith(NAMED)
        assert NAMED in markdown([answer]).replace("\\", "")
        assert NAMED in html_document([answer])
        assert answer_json(answer)["searched"]["damaged"] == ["a1"]


def test_the_check_names_each_once(folder):
    change(folder, LEVELS["title"], "UPDATE articles SET source = 'Another' WHERE id = 'a4'")
    assert [flaw.partition(" is not what was stored: ")[0] for flaw in flaws(folder, lambda: None)] == ["article a1", "article a4"]


@pytest.mark.parametrize("level", ["UPDATE articles SET title = 'x'", "UPDATE articles SET text = 'x'"])
def test_where_no_article_is_sound_no_other_can_be_used(folder, level):
    with opened(folder) as archive:
        assert warm(archive)
    change(folder, level)
    if "text" in level:
        lose_caches(folder)
    with opened(folder) as archive:
        assert not warm(archive)
        with pytest.raises(ArchiveDamaged, match="article a0 is not what was stored") as caught:
            archive.status()
        assert not isinstance(caught.value, ArticleDamaged)


def test_the_page_says_it_before_anything_else(folder):
    change(folder, LEVELS["title"])
    lose_caches(folder)
    with opened(folder) as archive:
        for more, filters in (("When was bridge 2 opened?", {}), ("zeppelins over Lakehurst", {"sources": ["nobody"]})):
            desk = perform({"do": "ask", "more": more}, Desk(), Visit(archive, can_write=True))
            if filters:
                # counts of the filters check the rows, so they are set without
                answer = archive.ask(more, **filters)
                desk = Desk(turns=(type(desk.turns[0])(desk.turns[0].understood, answer),))
            assert NAMED in ask.show(desk, Visit(archive, can_write=True))
        assert perform({"do": "ask", "more": QUESTION}, Desk(), Visit(archive, can_write=True)).said.startswith(NAMED)
        opened_one = perform({"do": "article", "more": "a2"}, Desk(), Visit(archive, can_write=True))
        assert "The bridge number 2" in pane.show(opened_one, Visit(archive, can_write=True))


def test_what_has_no_place_to_say_it_is_an_error(folder, tmp_path):
    change(folder, LEVELS["text"])
    lose_caches(folder)
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "1", "question": "When was bridge 2 opened?", "answerable": false}\n')
    with opened(folder) as archive:
        acts = [
            lambda: archive.search("bridge 2", 1),
            lambda: archive.search("bridge", sources=["nobody"]),
            lambda: archive.search_many(["bridge 2"]),
            lambda: RetrieverSetting(5, None, None, None, guessed=False, undated=False, quotes=False).extracts(archive, "bridge"),
            lambda: RetrieverSetting(5, None, None, None, guessed=False, undated=False, quotes=True).extracts(archive, "bridge"),
            lambda: run(archive, Request(gold=gold), lambda total: None),
        ]
        for act in acts:
            with pytest.raises(ArchiveDamaged, match="a1") as caught:
                act()
            assert "pullquote repair" in str(caught.value)
        # what is looked at for itself is not an answer
        assert archive.overview("a2").article.id == "a2"
        assert archive.article("a2")


def test_the_page_shows_what_it_can(folder):
    change(folder, LEVELS["title"])
    lose_caches(folder)
    with opened(folder) as archive, gradio.Blocks():
        visit = Visit(archive, can_write=True)
        parts = _Parts(visit, kept, people=False)
        desk = perform({"do": "ask", "more": QUESTION}, Desk(looked=frozenset({"ask", "articles"})), visit)
        conversation, _, filters, heading, *tabs, said, _, _ = parts._changed(Seat(), Desk(), desk, visit, whole=True)
        shelf = dict(zip((tab.name for tab in TABS), tabs, strict=True))["articles"]
        assert NAMED in conversation
        assert "Articles" in heading
        # lists and counts of rows are errors while one is damaged
        assert (shelf, filters) == (gradio.skip(), gradio.skip())
        assert "the archive cannot be used for this, since something in it is damaged" in said
        assert NAMED in said


@pytest.mark.parametrize("level", LEVELS)
def test_the_status_is_that_of_a_damaged_archive(folder, capsys, level):
    change(folder, LEVELS[level])
    lose_caches(folder)
    assert asked(folder).searched.damaged == ("a1",)
    assert main(["status", "--index", str(folder)]) == 2
    said = capsys.readouterr()
    assert said.out.startswith(NAMED) or "article a1 is not what was stored" in said.err
    assert main(["status", "--check", "--index", str(folder)]) == 2
    assert "article a1 is not what was stored" in capsys.readouterr().out


def test_it_is_logged_once_for_each_building_and_loading(folder, caplog):
    change(folder, LEVELS["vector"])
    lose_caches(folder)
    for _ in range(2):
        caplog.clear()
        with opened(folder) as archive:
            for _ in range(3):
                archive.ask(QUESTION)
        assert sum("left out of all that is searched, and named with every answer: article a1" in line for line in caplog.messages) == 1


def test_damage_that_goes_away_is_noticed(folder, caplog):
    whole = (folder / "archive.sqlite").read_bytes()
    change(folder, LEVELS["text"])
    damaged = (folder / "archive.sqlite").read_bytes()
    lose_caches(folder)
    assert asked(folder).searched.damaged == ("a1",)
    (folder / "archive.sqlite").write_bytes(whole)
    assert asked(folder).searched.damaged == ()
    assert "an article that it left out is what was stored again" in caplog.text
    caplog.clear()
    assert "a1" in shown(asked(folder))
    assert "rebuilt" not in caplog.text
    (folder / "archive.sqlite").write_bytes(damaged)
    assert asked(folder).searched.damaged == ("a1",)


def test_a_whole_copy_of_the_same_generation_is_searched_whole(folder, tmp_path):
    backup(folder, tmp_path / "copy", lambda: None)
    change(folder, LEVELS["text"])
    lose_caches(folder)
    with opened(folder) as archive, opened(folder) as other:
        assert archive.ask(QUESTION).searched.damaged == other.ask(QUESTION).searched.damaged == ("a1",)
        restore(folder, tmp_path / "copy", lambda: None)
        assert archive.ask(QUESTION).searched.damaged == other.ask(QUESTION).searched.damaged == ()
        assert len(archive.search("bridge", 100)) == len(other.search("bridge", 100))


@pytest.mark.parametrize("level", LEVELS)
def test_an_article_that_is_removed_and_added_anew_is_no_longer_named(folder, make, level):
    change(folder, LEVELS[level])
    lose_caches(folder)
    assert asked(folder).searched.damaged == ("a1",)
    with opened(folder) as archive:
        assert archive.remove(["a0", "a1", "nowhere", "a1"]) == ["a0", "a1"]
        assert archive.ask(QUESTION).searched.damaged == ()
        archive.add([make("a1", "The bridge number 1 opened.")])
        assert archive.ask(QUESTION).searched.damaged == ()
    assert flaws(folder, lambda: None) == []


def test_one_that_is_read_only_leaves_it_out_too(folder):
    change(folder, LEVELS["span"])
    lose_caches(folder)
    before = sorted(folder.rglob("*"))
    with opened(folder, read_only=True) as archive:
        assert archive.ask(QUESTION).searched.damaged == ("a1",)
    assert sorted(folder.rglob("*")) == before
    asked(folder)
    with opened(folder, read_only=True) as archive:
        assert archive.ask(QUESTION).searched.damaged == ("a1",)


def test_another_process_names_it(folder):
    change(folder, LEVELS["text"])
    lose_caches(folder)
    asked(folder)
    program = (
        "import sys, json; from tests.test_left_out import asked, QUESTION; from pathlib import Path\n"
        "print(json.dumps(asked(Path(sys.argv[1])).searched.damaged))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["a1"]
    assert "article a1 is not what was stored" in done.stderr


def test_the_command_line_adds_to_a_damaged_archive_and_says_so(folder, tmp_path, capsys, caplog, monkeypatch):
    monkeypatch.setattr("rag.archive.sentence_encoder", lambda *_: HashingEncoder())
    monkeypatch.setattr("rag.archive.span_reader", lambda settings: CommonWords())
    change(folder, LEVELS["title"])
    (tmp_path / "new.txt").write_text("The harbour froze in 1947.")
    index = ["--index", str(folder)]
    assert main(["add", str(tmp_path / "new.txt"), *index]) == 0
    assert "1 added, 0 unchanged, 0 replaced, 0 removed, 0 refused" in capsys.readouterr().out
    # the command line's log is its standard error
    assert "named with every answer: article a1 is not what was stored" in caplog.text
    assert main(["ask", "When did the harbour freeze?", "--json", *index]) in (0, 1)
    assert json.loads(capsys.readouterr().out)["searched"]["damaged"] == ["a1"]
    main(["ask", "When did the harbour freeze?", *index])
    assert capsys.readouterr().out.startswith(NAMED)


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["DELETE FROM articles WHERE id = 'a1'"], "of its articles some are lost, or are not what was stored;"),
        (["DELETE FROM articles WHERE id = 'a1'", "UPDATE articles SET title = 'x' WHERE id = 'a2'"], "not what was stored, a2 among them"),
        # which seals the two had cannot be told
        (["UPDATE articles SET seal = 'x' WHERE id IN ('a1', 'a2')"], "not what was stored, a1 among them"),
        ([f"UPDATE passages SET article = 70 WHERE article = {_OF_A1}"], "its passages are not those that its articles had"),
        (["UPDATE articles SET title = 'x'"], "article a0 is not what was stored"),
        (["UPDATE passages SET vector = zeroblob(1)"], "article a0 is not what was stored"),
    ],
)
def test_what_cannot_be_named_or_leaves_nothing_is_an_error_of_the_archive(folder, statements, message):
    change(folder, *statements)
    lose_caches(folder)
    with opened(folder) as archive, pytest.raises(ArchiveDamaged, match=message):
        archive.ask(QUESTION)
    assert not list(folder.glob("cache/*"))


def test_passages_that_are_lost_or_no_one_s_are_found_beside_a_damaged_article(folder):
    change(folder, LEVELS["number of passages"])
    with closing(sqlite3.connect(folder / "archive.sqlite")) as db:
        ((index, as_it_was),) = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'passages' AND sql IS NOT NULL")
    written = "UPDATE sqlite_master SET sql = '{}' WHERE name = '{}'"
    # with a condition that no row meets, SQLite leaves the index as it is: the table gives a1's passage to a2, the index to a1 as before
    change(folder, "PRAGMA writable_schema = ON", written.format(f"{as_it_was} WHERE n < 0", index))
    a_passage = f"(SELECT min(n) FROM passages WHERE article = {_OF_A1})"
    change(folder, f"UPDATE passages SET article = (SELECT n FROM articles WHERE id = 'a2') WHERE n = {a_passage}")
    change(folder, "PRAGMA writable_schema = ON", written.format(as_it_was, index))
    lose_caches(folder)
    with opened(folder) as archive, pytest.raises(ArchiveDamaged, match="its passages are not those that its articles had"):
        archive.ask(QUESTION)


def test_a_page_of_a_long_text_that_cannot_be_read_is_its_article_s_damage(folder, make):
    with opened(folder) as archive:
        archive.add([make("long", "The bridge of all bridges opened. " * 2_000)])
    path = folder / "archive.sqlite"
    data = bytearray(path.read_bytes())
    # the last page of the text names none after it: here one that is not there
    start = data.rindex(b"of all bridges opened. The bridge") // 4096 * 4096
    while data[start : start + 4] == bytes(4):
        start -= 4096
    data[start : start + 4] = b"\x7f\xff\xff\xff"
    path.write_bytes(data)
    lose_caches(folder)
    answer = asked(folder)
    assert answer.searched.damaged == ("long",)
    assert shown(answer)


def test_counts_are_of_what_is_sound_while_somebody_writes(folder, make):
    change(folder, LEVELS["source"])
    with opened(folder) as archive:
        with archive._store.writing():
            answer = archive.ask(QUESTION)
            assert (answer.searched.articles, answer.searched.damaged) == (6, ("a1",))
        with archive._store.writing() as writer:
            writer.remove(["a5"])
            answer = archive.ask(QUESTION)
            assert (answer.searched.articles, answer.searched.damaged) == (4, ("a1",))
            assert archive.ask(QUESTION, sources=["Paper 1"]).searched.articles == 1
        assert archive.ask(QUESTION).searched.articles == 4


def test_caches_of_before_are_of_another_format(folder, caplog):
    path = folder / "cache" / FILE
    before = path.read_text().replace(f'"format": {FORMAT}', '"format": 1')
    assert before != path.read_text()
    signed = json.loads(before)
    del signed["contents"]["format"], signed["contents"]["left_out"]
    signed["sha256"] = _digest(signed["contents"])
    path.write_text(json.dumps(signed))
    with caplog.at_level(logging.WARNING):
        assert asked(folder).searched.damaged == ()
    assert "manifest.json is of another version of the program" in caplog.text


def test_all_that_was_found_is_damaged(folder):
    change(folder, "UPDATE articles SET text = 'x' WHERE source = 'Paper 1'")
    with opened(folder) as archive, pytest.raises(ArticleDamaged):
        archive.ask("When was bridge 1 opened?", sources=["Paper 1"])
    lose_caches(folder)
    answer = asked(folder, sources=["Paper 1"])
    assert (answer.outcome, answer.searched.damaged) == (Outcome.OUTSIDE_FILTERS, ("a1", "a4"))
