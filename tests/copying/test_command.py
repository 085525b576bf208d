"""`pullquote copy`: what it prints, and its exit status."""

import json
import re
import sqlite3
import time
from contextlib import closing

import pytest

from rag.cli import main
from rag.copying import Step
from rag.copying.bar import CopyingBar
from rag.store.database import FILE
from tests.store.contract import put, remove


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command beside the archives; gives its status and what it printed and complained of."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        status = main(arguments)
        return status, *capsys.readouterr()

    return run


def test_it_says_what_was_copied_and_that_all_was_read_back(source, run):
    told = "source is copied to there: 12 added, 0 replaced, 0 unchanged, 0 removed; with 3 earlier texts, 3 notes, 2 verdicts"
    assert run("copy", "source", "there") == (0, f"{told}\nAll of it was read back, and is what the source holds.\n", "")
    assert "0 added, 0 replaced, 12 unchanged, 0 removed" in run("copy", "source", "there")[1]
    assert run("copy", "--verify", "source", "there") == (0, "source and there hold the same, all of it read\n", "")


def test_json_has_all_of_it(source, run):
    status, out, _ = run("copy", "source", "there", "--json")
    assert (status, json.loads(out)) == (
        0,
        {
            "articles": {"added": 12, "replaced": 0, "unchanged": 0, "removed": 0},
            "passages": 20,
            "editions": 3,
            "notes": 3,
            "feedback": 2,
            "documents": 2,
            "left_out": [],
            "differing": [],
            "rounds": 1,
            "whole": True,
        },
    )
    assert json.loads(run("copy", "source", "there", "--verify", "--json")[1]) == {"differing": []}


def test_what_is_damaged_is_named_with_the_way_out_and_the_rest_is_copied(source, run):
    source.close()
    with closing(sqlite3.connect(source._folder / FILE)) as db:
        db.execute("UPDATE articles SET text = 'x' WHERE id = 'a5'")
        db.commit()
    status, out, err = run("copy", "source", "there")
    assert (status, err) == (2, "pullquote: article a5 is not what was stored in the source\n")
    assert "11 added" in out
    assert "1 left out, 0 not as in the source, named above; `pullquote repair` makes an archive that is damaged anew" in out
    status, out, _ = run("copy", "source", "there", "--json")
    assert json.loads(out)["left_out"] == [{"kind": "article", "name": "a5", "reason": "is not what was stored in the source"}]
    assert status == 2


def test_verify_names_what_differs_and_tells_the_terminal_nothing_else(source, run, make):
    run("copy", "source", "there")
    put(source, make("\u202ec", "Another article."))
    remove(source, "b0")
    assert run("copy", "--verify", "source", "there") == (
        2,
        "article \\u202ec is missing in the destination\narticle b0 is in the destination only\nsource and there differ in 2 things\n",
        "",
    )
    assert "\u202e" not in "".join(run("copy", "source", "there")[1:])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("none", "there"), "none cannot be copied to there: there is nothing to copy; check the name of the source"),
        (("source", "./source"), "source and ./source are one archive; name another place to copy to"),
        (("--verify", "source", "none"), "none holds nothing that could be compared; check its name"),
        (("source", ""), "an archive has no name; name what is copied, and where to"),
        (("--verify", "", "source"), "an archive has no name; name what is copied, and where to"),
    ],
)
def test_what_cannot_be_copied_is_named_and_no_folder_is_made(source, run, tmp_path, arguments, named):
    assert run("copy", *arguments) == (2, "", f"pullquote: {named}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_destination_of_other_articles_is_refused_with_the_way_out(source, opened, run, make):
    put(opened("there"), make("own", "My own article."))
    status, _, err = run("copy", "source", "there")
    assert status == 2
    assert err.startswith(
        "pullquote: source cannot be copied to there: the destination holds what the source has not, or has otherwise: article own;"
    )
    assert "copy to a new place, or remove that from the destination first" in err


def test_a_copy_that_is_interrupted_says_how_it_goes_on(source, run, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("rag.copying.command.copy", interrupted)
    status, _, err = run("copy", "source", "there")
    assert status == 130
    assert "the same command goes on from there" in err


def test_the_bar_shows_how_many_of_how_many_the_rate_and_the_time_left(capsys):
    with CopyingBar(shown=True) as bar:
        for step in (Step(0, 1_200), Step(300, 1_200, 900), Step(1, 1_200, compares=True)):
            # what comes sooner is not drawn
            time.sleep(0.11)
            bar(step)
    lines = [line for line in capsys.readouterr().err.split("\r") if line.strip()]
    assert re.fullmatch(
        r"copied 300 of 1200 articles \|.*\| \[\d\d:\d\d<\d\d:\d\d\], [\d,]+ passages/s *", next(line for line in lines if " 300 " in line)
    )
    assert any(re.match(r"compared 0 of 1200 articles \|", line) for line in lines)


def test_a_bar_that_is_not_shown_draws_nothing(capsys):
    with CopyingBar(shown=False) as bar:
        bar(Step(300, 1_200, 900))
    assert capsys.readouterr().err == ""
