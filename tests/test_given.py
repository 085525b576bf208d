"""What callers give is bounded and valid at every door; a stranger is told their mistake, and no folder of this machine."""

import re
import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from rag import Archive, Order, Settings, Span, article, cli, read_articles
from rag.errors import ArchiveDamaged, ArchiveError, ArchiveLocked, EncoderError, InputError, ReadOnly
from rag.given import MOST_SOURCES, MOST_WORDS
from rag.listing import Place
from rag.serving.telling import told
from rag.types import Article
from rag.web import filtering
from rag.web.actions import arrive, perform
from rag.web.desk import Desk
from rag.web.tabs import articles, ask
from rag.web.uploads import added
from rag.web.visit import Visit
from tests.adapters.http.conftest import client_of, opened
from tests.fakes import CommonWords, HashingEncoder

HALF = "bridge \ud800"
MANY = [f"s{n}" for n in range(300_000)]


@pytest.fixture
def bridge(archive, make):
    archive.add([make("a", "The bridge opened in 1932.", source="S", published=date(2020, 1, 1))])
    return archive


def test_as_many_words_and_sources_as_are_allowed_are_looked_for(bridge):
    words = " ".join(f"w{n}" for n in range(MOST_WORDS))
    assert bridge.shelf(words=words).total == 0
    assert bridge.shelf(words="title " * 100_000).total == 1
    assert bridge.counted(sources=["S", *MANY[: MOST_SOURCES - 1]]).articles == 1


def test_too_many_are_refused_by_name_with_the_bound_and_the_way_out(bridge):
    with pytest.raises(InputError, match=r"^words has 1,100 different words; the most is 100: leave out"):
        bridge.shelf(words=" ".join(f"w{n}" for n in range(1_100)))
    for call in (bridge.search, bridge.ask):
        with pytest.raises(InputError, match=r"^sources has 300,000 names; the most is 1,000: name fewer, or leave it out"):
            call("bridge", sources=MANY)
    for call in (bridge.counted, bridge.shelf):
        with pytest.raises(InputError, match=r"^sources has 300,000 names"):
            call(sources=MANY)


def test_each_door_says_so(bridge, monkeypatch, capsys):
    words = " ".join(f"w{n}" for n in range(1_100))
    http = opened(bridge)
    try:
        refused = client_of(http).get("/v1/articles", params={"words": words})
    finally:
        http.close()
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "words has 1,100 different words; the most is 100: leave out those that tell least.",
    )
    assert "300,000 names" in perform({"do": "filters", "sources": MANY}, Desk(), Visit(bridge, can_write=True)).said
    assert "300,000 names" in arrive([("source", name) for name in MANY], Visit(bridge, can_write=True)).said
    monkeypatch.setattr("rag.archive.Archive.open", lambda folder: bridge)
    assert cli.main(["list", "--words", words]) == 2
    assert "words has 1,100 different words" in capsys.readouterr().err
    assert perform({"do": "shelf", "words": words, "order": "newest"}, Desk(), Visit(bridge, can_write=True)).shelf.words == words[:200]


CALLS = {
    "question": lambda a: a.ask(HALF), "query": lambda a: a.search(HALF), "questions": lambda a: a.ask_many([HALF]),
    "queries": lambda a: a.search_many(["x", HALF]),
    "sources": lambda a: a.ask("bridge", sources=["S", HALF]), "counted": lambda a: a.counted(sources=[HALF]),
    "words": lambda a: a.shelf(words=HALF), "shelf sources": lambda a: a.shelf(sources=[HALF]), "place": lambda a: a.shelf(past=Place(None, HALF)),
    "place's key": lambda a: a.shelf(past=Place(HALF, "a"), order=Order.TITLE), "article": lambda a: a.article(HALF),
    "overview": lambda a: a.overview(HALF),
    "remove": lambda a: a.remove(["a", HALF]), "notes": lambda a: a.notes(HALF), "note's article": lambda a: a.write_note(HALF, Span(0, 3), "x"),
    "note": lambda a: a.write_note("a", Span(0, 3), HALF), "comment": lambda a: a.give_feedback(a.ask("bridge"), "right", comment=HALF),
    "id": lambda _: article(HALF, "t", "x"), "title": lambda _: article("i", HALF, "x"), "text": lambda _: article("i", "t", HALF),
    "source": lambda _: article("i", "t", "x", source=HALF), "author": lambda _: article("i", "t", "x", author=HALF),
    "url": lambda _: article("i", "t", "x", url=f"http://a/{HALF}"), "origin": lambda _: article("i", "t", "x", origin=HALF),
    "a number": lambda a: a.article(5), "a number's article": lambda _: article(5, "t", "x"),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_half_a_character_is_an_input_error_wherever_it_comes_in(bridge, name):
    with pytest.raises(InputError, match=r"is not valid Unicode|give a string") as raised:
        CALLS[name](bridge)
    str(raised.value).encode()


@pytest.mark.parametrize("fact", ["id", "title", "source", "author", "url", "origin", "text", "sha256"])
def test_an_article_that_was_put_together_otherwise_is_refused(bridge, fact):
    sound = article("i", "t", "It is open.", source="s", author="w", url="http://a/", origin="o")
    for value in (HALF, "a\x1bb\n") if fact != "origin" else (HALF,):
        report = bridge.add([replace(sound, **{fact: value}), sound])
        assert len(report.refused) == 1
        assert ("i" in report.added) or ("i" in report.unchanged)
    assert isinstance(bridge.article("i"), Article)


@pytest.mark.parametrize("do", ["ask", "alone", "article", "shelf", "note", "feedback", "filters", "remove", "removing", "export", HALF])
def test_a_browser_that_sends_half_a_character_is_told_and_can_be_answered(bridge, do):
    desk = perform({"do": "ask", "more": "bridge"}, Desk(), Visit(bridge, can_write=True))
    action = {"do": do, **dict.fromkeys(("more", "words", "text", "comment", "turn", "after"), HALF), "sources": [HALF], "order": "newest"}
    after = perform(action, desk, Visit(bridge, can_write=True))
    assert "is not valid Unicode" in after.said
    for shown in (after.said, ask.show(after, Visit(bridge, can_write=True)), filtering.show(after, Visit(bridge, can_write=True))):
        shown.encode()
    articles.TAB.show(after, Visit(bridge, can_write=True)).encode()


@pytest.mark.parametrize("arguments", [["ask", "\udcff"], ["search", "\udcff"], ["list", "--words", "\udcff"], ["ask", "x", "--source", "\udcff"],
                                       ["remove", "\udcff"], ["show", "\udcff"], ["add", "\udcff"], ["verify", "\udcff"], ["eval", "\udcff"],
                                       ["convert", "csv", "\udcff", "out"]])  # fmt: skip
def test_a_command_that_is_given_half_a_character_says_so(bridge, monkeypatch, capsys, arguments):
    monkeypatch.setattr("rag.archive.Archive.open", lambda folder: bridge)
    assert cli.main(arguments) == 2
    written = capsys.readouterr().err
    assert "mistake in the program" not in written
    written.encode()


def test_a_row_with_half_a_character_is_refused_by_its_line(tmp_path):
    rows = ['{"title": "t", "text": "x", "id": "\\ud800"}', '{"title": "\\ud800", "text": "x"}', '{"title": "t", "text": "x \\udfff"}']
    rows += [f'{{"title": "t", "text": "x", "{name}": "\\ud800"}}' for name in ("source", "author", "url", "published")]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    refused = list(read_articles(tmp_path / "rows.jsonl"))
    assert [refusal.origin.rpartition(":")[2] for refusal in refused] == [str(n) for n in range(1, 8)]
    assert all(refusal.reason.isascii() for refusal in refused)


PATHS = re.compile(r"/\w+/|\\\\|archive\.sqlite|Traceback|SELECT")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("the question is empty; ask something"), "the question is empty; ask something"),
        (ReadOnly("/home/x/index was opened to be read only"), "the archive is read only here"),
        (ArchiveLocked("/home/x/index is being written to"), "the archive is being written to"),
        (ArchiveError("/home/x/index/archive.sqlite cannot be used"), "the archive cannot be used just now"),
        (ArchiveDamaged("/home/x/index/archive.sqlite is damaged"), "the archive cannot be used for this, since something in it is damaged"),
        (EncoderError("/home/x/model has no model.safetensors"), "the archive cannot be used just now"),
    ],
)
def test_a_stranger_is_told_no_folder_and_the_log_is(error, said, caplog):
    assert told(error).startswith(said)
    assert not PATHS.search(told(error))
    assert isinstance(error, InputError) or "/home/x/" in caplog.text


@pytest.fixture
def broken(tmp_path, make):
    """An archive whose file was altered behind its back: each use of it is an error that names the file."""
    with Archive.open(tmp_path / "index", Settings(), HashingEncoder(), CommonWords()) as archive:
        archive.add([make("a", "The bridge opened in 1932.")])
        db = sqlite3.connect(tmp_path / "index" / "archive.sqlite")
        db.execute("DROP TABLE articles")
        db.commit()
        db.close()
        with pytest.raises(ArchiveError, match="archive.sqlite"):
            archive.status()
        yield archive


def test_no_door_shows_a_visitor_a_path(broken, tmp_path):
    said = [perform({"do": "ask", "more": "bridge"}, Desk(), Visit(broken, can_write=True)).turns[0].problem]
    said += [
        perform({"do": "filters", "after": "2020-01-01"}, Desk(), Visit(broken, can_write=True)).said,
        perform({"do": "article", "more": "a"}, Desk(), Visit(broken, can_write=True)).said,
    ]
    said += [arrive([("q", "bridge"), ("source", "S")], Visit(broken, can_write=True)).said]
    http = opened(broken)
    client = client_of(http)
    try:
        said += [
            client.get(address).text for address in ("/v1/ask?question=bridge", "/v1/articles", "/v1/articles/a", "/v1/search?query=x", "/healthz")
        ]
    finally:
        http.close()
    (tmp_path / "a.txt").write_text("The ferry sank.")
    said += list(added(broken, [str(tmp_path / "a.txt")]))
    assert all("cannot be used" in text for text in said)
    assert not [text for text in said if str(tmp_path) in text or "sqlite" in text]
