"""Ranges of days: which articles are inside whose day is only guessed or not known, what is said of those that are not, and how they are let in."""

import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from rag import Archive, Filters, Settings, Verdict, cli, read_articles, render
from rag.errors import InputError
from rag.evaluation import evaluate, read_gold
from rag.store import feedback_rows
from rag.store.truth import Truth
from rag.types import Searched
from rag.verification import verify
from tests.fakes import CommonWords, HashingEncoder

DAY = date(2020, 1, 1)
WIDENED = [
    ({}, {"told"}),
    ({"guessed": True}, {"told", "guessed"}),
    ({"undated": True}, {"told", "guessed", "undated"}),
    ({"guessed": True, "undated": True}, {"told", "guessed", "undated"}),
]


@pytest.mark.parametrize(("widening", "left"), WIDENED)
def test_whatever_is_asked_of_an_archive_is_asked_of_the_same_articles(unsure, widening, left):
    filters = {"after": DAY, **widening}

    def found(hits):
        return {hit.passage.article.id for hit in hits}

    assert found(unsure.search("bridge", **filters)) == left
    assert [found(hits) for hits in unsure.search_many(["bridge", "opened"], **filters)] == [left, left]
    assert {entry.id for entry in unsure.shelf(**filters).entries} == left
    answer = unsure.ask("bridge", **filters)
    assert answer.searched == unsure.ask_many(["bridge"], **filters)[0].searched == unsure.counted(**filters)
    assert (answer.searched.articles, answer.searched.filters) == (len(left), Filters(DAY, **widening))


@pytest.mark.parametrize("name", ["guessed", "undated"])
def test_what_is_neither_true_nor_false_is_refused_by_name(unsure, name):
    with pytest.raises(InputError, match=f"{name} is 'exclude'; give True or False"):
        unsure.ask("bridge", after=DAY, **{name: "exclude"})


def test_without_days_they_restrict_nothing_and_are_not_told():
    assert not Filters(guessed=True, undated=True)
    assert render.filters_json(Filters(guessed=True, undated=True)) == {}
    assert render.filters_text(Filters(sources=("S",), undated=True)) == "source S"
    widened = Filters(DAY, guessed=True, undated=True)
    assert render.filters_json(widened) == {"after": "2020-01-01", "guessed": True, "undated": True}
    assert render.filters_text(widened) == "from 2020-01-01, guessed days too, undated articles too"


@pytest.mark.parametrize(
    ("counts", "undated", "left_out"),
    [
        ((0, 0, 0, 0), "", ""),
        ((2, 0, 0, 0), ", 2 undated", ""),
        ((2, 1, 0, 0), ", 2 undated (1 with a guessed day)", ""),
        ((0, 0, 1, 0), "", " Left out: 1 undated article (--undated include)."),
        ((0, 0, 9, 3), "", " Left out: 9 undated articles (--undated include), 3 of them guessed to be of these days (--guessed include)."),
    ],
)
def test_what_was_searched_and_what_was_left_out_is_said(counts, undated, left_out):
    searched = Searched(5, 5, None, None, counts[0], Filters(DAY), (), *counts[1:])
    assert render.searched_text(searched) == f"Searched 5 articles (5 passages){undated}; filters: from 2020-01-01.{left_out}"


def test_every_form_of_an_answer_says_it_and_it_can_be_proved(unsure):
    answer = unsure.ask("bridge", after=DAY, guessed=True)
    for written in (render.answer_text(answer), render.markdown([answer]).replace("\\", ""), render.html_document([answer])):
        assert "1 undated (1 with a guessed day); filters: from 2020-01-01, guessed days too. Left out: 1 undated article (" in written
    saved = json.loads(render.to_json(render.answer_json(answer)))
    assert {name: saved["searched"][name] for name in ("undated", "guessed", "undated_left_out", "guessed_left_out")} == {
        "undated": 1,
        "guessed": 1,
        "undated_left_out": 1,
        "guessed_left_out": 0,
    }
    assert saved["searched"]["filters"] == {"after": "2020-01-01", "guessed": True}
    assert verify(saved, unsure.article).failure is None


def test_of_a_damaged_row_no_day_is_read(unsure, tmp_path):
    with closing(sqlite3.connect(tmp_path / "index" / "archive.sqlite")) as db:
        db.execute("UPDATE articles SET document = 'no JSON' WHERE id = 'guessed'")
        db.commit()
    with closing(Truth(tmp_path / "index")) as truth, truth.transaction():
        searched = truth.searched(Filters(DAY, guessed=True, undated=True))
    assert (searched.articles, searched.undated, searched.guessed, searched.damaged) == (2, 1, 0, ("guessed",))


PAGES = {
    "told": '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-05-03"}</script>',
    "guessed": "<p class=date>May 4, 2021</p>",
    "old": "<p class=date>May 4, 2001</p>",
    "undated": "",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The folder of an archive of pages, one with a date for machines, two with one for readers, one without."""
    folder = tmp_path_factory.mktemp("pages")
    for name, dated in PAGES.items():
        said = f"<p>The {name} bridge over the river was opened with a parade of boats, and the mayor spoke to all who came to see it.</p>"
        (folder / f"{name}.html").write_text(
            f"<html><head><title>The {name} bridge</title></head><body><article>{dated}{said}</article></body></html>"
        )
    with Archive.open(folder / "index", Settings(), HashingEncoder(), CommonWords()) as archive:
        report = archive.add(read_articles(*sorted(folder.glob("*.html"))))
    assert len(report.added) == len(PAGES), report
    return folder / "index"


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ((), {"told"}),
        (("--guessed", "include"), {"told", "guessed"}),
        (("--undated", "include"), {"told", "guessed", "old", "undated"}),
        (("--guessed", "include", "--undated", "include"), {"told", "guessed", "undated"}),
        (("--guessed", "exclude", "--undated", "exclude"), {"told"}),
    ],
)
def test_commands_let_in_what_was_read_of_pages(pages, monkeypatch, capsys, options, left):
    monkeypatch.setattr("rag.archive.sentence_encoder", lambda *_: HashingEncoder())
    monkeypatch.setattr("rag.archive.span_reader", lambda settings: CommonWords())

    def ran(*command):
        status = cli.main([*command, "--after", "2021-01-01", *options, "--index", str(pages)])
        assert status in (0, 1)
        return capsys.readouterr().out

    listed = ran("list")
    assert {name for name in PAGES if f"The {name} bridge" in listed} == left
    assert ("undated, about 2021-05-04" in listed) is ("guessed" in left)
    assert {hit["article"]["title"] for hit in json.loads(ran("search", "bridge", "--json"))} == {f"The {name} bridge" for name in left}
    searched = json.loads(ran("ask", "Which bridge was opened?", "--json"))["searched"]
    assert (searched["articles"], searched["undated"]) == (len(left), len(left) - 1)
    assert ("Left out: 3 undated articles (--undated include), 1 of them guessed" in ran("ask", "Which bridge was opened?")) is (len(left) == 1)


def test_a_status_counts_both(pages, capsys):
    assert cli.main(["status", "--index", str(pages)]) == 0
    assert "Holds 4 articles (4 passages), 2021-05-03 to 2021-05-03, 3 undated (2 with a guessed day)." in capsys.readouterr().out


def test_feedback_becomes_gold_that_is_asked_alike(unsure, tmp_path):
    unsure.give_feedback(unsure.ask("the bridge opened in", after=DAY, undated=True), Verdict.RIGHT, 0)
    (one,) = unsure.feedback()
    assert one.filters == Filters(DAY, undated=True)
    row = {"id": "g", "question": one.question, "answers": ["1932"], "answerable": True, "filters": render.filters_json(one.filters)}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row))
    gold = read_gold(tmp_path / "gold.jsonl")
    assert gold[0].filters == one.filters
    assert evaluate(unsure, gold).measures["hit@1"].value == 1


def test_feedback_of_an_earlier_version_is_read_as_it_was(unsure, monkeypatch):
    now = feedback_rows._facts
    monkeypatch.setattr(feedback_rows, "_facts", lambda one: {name: fact for name, fact in now(one).items() if name not in ("guessed", "undated")})
    unsure.give_feedback(unsure.ask("the bridge opened in", after=DAY, guessed=True), Verdict.RIGHT, 0)
    (one,) = unsure.feedback()
    assert (one.filters, one.quotes[0].article) == (Filters(DAY), "told")
