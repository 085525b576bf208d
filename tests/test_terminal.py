"""The words that answer are bold on a terminal, and nowhere else."""

import os
import pty
import subprocess
import sys

import pytest

from rag import Archive, Settings, article
from tests.conftest import ROOT
from tests.fakes import HashingEncoder

# the command line, with answers made by hand
PROGRAM = """
import sys
import rag.archive
from rag.cli import main
from tests.web.answering_app import ask
from tests.fakes import CommonWords, HashingEncoder
rag.archive.sentence_encoder = lambda *_: HashingEncoder()
rag.archive.span_reader = lambda settings: CommonWords()
rag.archive.Archive.ask = ask
sys.exit(main(sys.argv[1:]))
"""
QUESTION = "What did the lock cost: 5 dollars"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terminal") / "index"
    with Archive.open(folder, Settings(), HashingEncoder()) as archive:
        archive.add([article("lock", "A lock", "The lock cost 5 dollars in all.")])
    return folder


def command(index, *options):
    return [sys.executable, "-c", PROGRAM, "ask", QUESTION, "--index", str(index), *options]


def environment(**variables):
    return {**{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}, "TERM": "xterm", **variables}


def on_a_terminal(index, *options, **variables):
    """What the command writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command(index, *options), stdout=theirs, stderr=subprocess.PIPE, cwd=ROOT, env=environment(**variables)) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:
                break
            if not part:
                break
            written += part
        assert process.wait(120) == 0, process.stderr.read()
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def test_on_a_terminal_they_are_bold(index):
    written = on_a_terminal(index)
    assert "    The lock cost \x1b[1m5 dollars\x1b[0m in all.\n" in written
    assert written.count("\x1b") == 2


@pytest.mark.parametrize(
    ("options", "variables"), [((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"}), (("--json",), {}), (("--format", "markdown"), {})]
)
def test_where_it_is_not_wanted_or_is_another_form_no_code_is_written(index, options, variables):
    written = on_a_terminal(index, *options, **variables)
    assert "5 dollars" in written
    assert "\x1b" not in written


def test_in_a_pipe_and_in_a_file_no_code_is_written(index, tmp_path):
    piped = subprocess.run(command(index), capture_output=True, text=True, cwd=ROOT, env=environment(), check=True).stdout
    with (tmp_path / "answer.txt").open("w") as file:
        subprocess.run(command(index), stdout=file, cwd=ROOT, env=environment(), check=True)
    assert "    The lock cost 5 dollars in all.\n" in piped
    assert "\x1b" not in piped
    assert (tmp_path / "answer.txt").read_text() == piped
