"""What a terminal shows while articles are added."""

import itertools
import re
from types import SimpleNamespace

import pytest

from rag.adding import Stored
from rag.adding_bar import AddingBar
from rag.corpus.files import Position


@pytest.fixture
def shown(capsys, monkeypatch):
    """What is drawn of these steps, each line of it; a look at the clock takes a hundredth of a second, however slow the machine is."""
    clock = itertools.count(step=0.01)
    monkeypatch.setattr("tqdm.std.time", lambda: next(clock))
    monkeypatch.setattr("rag.adding.pace.time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr("tqdm.std.tqdm.mininterval", 0, raising=False)

    def drawn(*steps):
        with AddingBar(shown=True) as bar:
            for step in steps:
                (bar.stored if isinstance(step, Stored) else bar.reading)(step)
        return [line for line in capsys.readouterr().err.split("\r") if line.strip()]

    return drawn


def test_files_bytes_passages_a_second_and_the_time_left_are_shown(shown):
    lines = shown(Position("/news/a.txt", 1, 3, 0, 84_000), Position("/news/b.jsonl", 2, 3, 42_000, 84_000), Stored(256))
    assert re.fullmatch(r"1 of 3 files \|.*\| 0.00B of 84.0kB \[00:00<\?\], a.txt *", lines[1])
    assert re.fullmatch(r"2 of 3 files \|.*\| 42.0kB of 84.0kB \[00:0.<00:0.\], [\d,]+ passages/s, b.jsonl *", lines[-1])


def test_of_pages_nobody_knows_the_bytes(shown):
    line = shown(Position("https://example.org/a", 1, 20, 0, 0))[-1]
    assert re.fullmatch(r"1 of 20 pages \|.*\| \[00:00<\?\], a *", line)


def test_that_what_was_added_is_made_searchable_is_shown_last(shown):
    assert re.fullmatch(r"Making what was added searchable \[00:0.\] *", shown(Position("a.txt", 1, 1, 0, 9), Stored(1), Stored(1, is_all=True))[-1])


def test_a_name_tells_the_terminal_nothing(shown):
    assert "\x1b" not in "".join(shown(Position("/news/\x1b[2Ja.txt", 1, 1, 0, 9)))


def test_what_is_not_shown_draws_nothing(capsys):
    with AddingBar(shown=False) as bar:
        bar.reading(Position("a.txt", 1, 1, 0, 9))
        bar.stored(Stored(1, is_all=True))
    assert capsys.readouterr().err == ""
