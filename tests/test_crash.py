"""kill -9 at random moments of `add`: what was acknowledged stays, and search is that of an archive built afresh."""

import logging
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.kills import killed, run_and_kill, until
from benchmarks.resumed import resumed
from rag import Archive, Settings, read_articles
from tests.conftest import ROOT
from tests.fakes import HashingEncoder

KILLS = 50
SEED = 20221019
# a moment of work, in seconds
LONGEST = 0.6


def acknowledged_by(folder, first, moments, *what):
    """Starts a writer, kills it at a moment of its work, or of what follows the first that it says; gives the ids that it acknowledged."""
    anything = until(lambda line: line != "started\n") if moments.random() < 0.5 else None
    said = [line.split() for line in run_and_kill(["tests.crash_writer", str(folder), str(first), *what], moments.uniform(0, LONGEST), anything)]
    # one that says "refused" acknowledges nothing
    return [name for fate, name in said if fate in ("added", "replaced", "unchanged", "note")]


def test_kill_9_loses_no_acknowledged_article(tmp_path, caplog):
    caplog.set_level(logging.ERROR)
    moments = random.Random(SEED)
    folder, acknowledged = tmp_path / "index", set()
    for kill in range(KILLS):
        acknowledged |= set(acknowledged_by(folder, kill * 17, moments))
        with Archive.open(folder, Settings(), HashingEncoder()) as archive:
            held = {article.id: article for article in archive.articles()}
            assert acknowledged <= held.keys()
            if kill % 10 == 9:
                assert same_search(archive, held.values(), tmp_path / f"fresh{kill}")
    assert len(acknowledged) > 100


def test_kill_9_loses_nothing_that_any_change_acknowledged(tmp_path):
    found = killed(tmp_path / "index", 12, SEED, copies=3)
    assert found.wrong == []
    assert found.acknowledged > 10
    assert found.copies == 3


def test_kill_9_of_a_folder_being_added_leaves_what_an_undisturbed_run_does(tmp_path):
    kills, wrong = resumed(tmp_path, 60, 5, SEED)
    assert (kills > 2, wrong) == (True, [])


def test_kill_9_loses_no_note(tmp_path, make, caplog):
    moments = random.Random(SEED)
    folder, acknowledged = tmp_path / "index", set()
    with Archive.open(folder, Settings(), HashingEncoder()) as archive:
        archive.add([make("a", "The bridge opened.")])
        generation = archive.status().generation
    for _ in range(10):
        acknowledged |= {int(number) for number in acknowledged_by(folder, 0, moments, "notes")}
        with Archive.open(folder, Settings(), HashingEncoder()) as archive:
            assert acknowledged <= {note.number for note in archive.notes("a")}
            assert archive.search("bridge")
            assert archive.status().generation == generation
    assert len(acknowledged) > 20
    assert "rebuilt" not in caplog.text


def same_search(archive, articles, folder):
    with Archive.open(folder, Settings(), HashingEncoder()) as fresh:
        fresh.add(articles)
        queries = ["bridge number 30", "Report 7", "opened in 1950", "title"]
        return all(scores(archive.search(q, 10_000)) == pytest.approx(scores(fresh.search(q, 10_000)), abs=1e-5) for q in queries)


def scores(hits):
    """The score of every passage: their order among equals goes by number, which differs between two archives."""
    return {hit.passage.key: hit.score for hit in hits}


def test_kill_9_of_the_real_command(tmp_path):
    lines = []
    command = [sys.executable, "-m", "rag", "add", "seeds", "--index", str(tmp_path / "index")]
    writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    for line in writer.stdout:
        lines.append(line)
        writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    acknowledged = [line.split("\t")[1].strip() for line in lines if line.startswith("added\t")]
    assert acknowledged
    with Archive.open(tmp_path / "index", Settings(), HashingEncoder()) as archive:
        assert set(acknowledged) <= {article.id for article in archive.articles()} <= {a.id for a in read_articles(Path(ROOT) / "seeds")}
