"""Nothing that a stranger named, and nothing that an article says, tells a terminal anything or forges a line."""

import json
import logging
import os
import subprocess
import sys
import traceback
import unicodedata
from contextlib import redirect_stderr
from dataclasses import replace

import pytest

from rag import Archive, Settings, article, cli, render
from rag.corpus import canonical
from rag.render.printable import printable_json
from tests.conftest import ROOT
from tests.fakes import CommonWords, HashingEncoder

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
TELLING = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(c) in BIDI]
TELLING += ["\u200e", "\u200f", "\u061c"]
KNOWN = frozenset(TELLING)
FORGED = "\x1b]0;title\x07\x1b[2J\x9b31m\nadded\tX\u202e\u2066\u2028"


def told(text):
    """The characters of what was printed that tell a terminal something, but for line feeds and tabs."""
    return {c for c in text if c in KNOWN and c not in "\n\t"}


def test_what_tells_a_terminal_something_is_escaped_and_nothing_else_is():
    for character in TELLING:
        assert render.printable(f"a{character}b") == f"a{ascii(character)[1:-1]}b"
    other = "".join(map(chr, sorted(set(range(0x110000)) - set(map(ord, TELLING)))))
    assert render.printable(other) == other
    assert render.printable("a\nb\tc\r\n", lines=True) == "a\nb\tc\\r\n"


def test_json_stays_the_json_that_it_was():
    # apart: JSON writes a high surrogate before a low one as it writes the one character that they are in UTF-16
    value = {" ".join(TELLING): [" ".join(TELLING)]}
    written = render.to_json(value)
    assert not told(written)
    assert json.loads(written) == value
    assert printable_json(written) == written


def test_article_text_has_no_control_characters_and_its_bidi_controls_are_escaped_only_where_it_is_shown():
    text = canonical(f"One{''.join(map(chr, range(0xA0)))}{FORGED}two.")
    assert {c for c in text if unicodedata.category(c) == "Cc"} <= {"\n", "\t"}
    assert "\u202e" in text
    assert "\\u202e" in render.printable(text, lines=True)


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Runs a command on an archive that holds what no rule of reading would let in."""
    monkeypatch.setattr("rag.archive.sentence_encoder", lambda *_: HashingEncoder())
    monkeypatch.setattr("rag.archive.span_reader", lambda settings: CommonWords())
    facts = dict.fromkeys(("title", "source", "author"), f"Lock {FORGED}") | {"url": f"http://a/{FORGED}"}
    index = tmp_path / "index"
    with Archive.open(index, Settings(), HashingEncoder(), CommonWords()) as archive:
        one = article("lock", "A lock", f"The lock cost 5 dollars\u202e in all, said the mayor. {FORGED}")
        other = article("dam", "A dam", "The dam cost 7 dollars in all.")
        monkeypatch.setattr("rag.adding.addition._Addition._take_article", lambda addition, item: addition._wait("added", item))
        archive.add([replace(one, id=f"lock{FORGED}", **facts), replace(other, **facts)])
    monkeypatch.undo()
    monkeypatch.setattr("rag.archive.sentence_encoder", lambda *_: HashingEncoder())
    monkeypatch.setattr("rag.archive.span_reader", lambda settings: CommonWords())
    capfd.readouterr()

    def ran(*arguments):
        try:
            status = cli.main([*map(str, arguments), "--index", str(index)])
        except SystemExit as ended:
            status = ended.code
        out, err = capfd.readouterr()
        return status, out, err

    return ran


COMMANDS = (
    ("list",), ("list", "--source", FORGED), ("status",), ("search", "lock dollars"), ("ask", "What did the lock cost in dollars"),
    ("ask", "zebra", "--source", FORGED), ("ask", "zebra", "--after", "2020-01-01", "--source", f"Lock {FORGED}"),
    ("show", f"lock{FORGED}"), ("show", FORGED), ("remove", FORGED), ("add", FORGED), ("verify", FORGED), ("export", f"/dev/null/{FORGED}"),
    ("eval", FORGED), ("convert", "csv", FORGED, "out"), ("convert", FORGED, "a", "b"), (FORGED,), ("list", FORGED), ("list", "--sort", FORGED),
    ("serve", "--auth", FORGED), ("serve", "--allow-host", FORGED), ("mcp", "--http", "--token-file", FORGED),
)  # fmt: skip


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{COMMANDS.index(command)}-{render.printable(command[0])[:8]}")
def test_no_command_tells_a_terminal_anything(run, command, form):
    _, out, err = run(*command, *form)
    assert not told(out + err)
    assert not [line for line in (out + err).splitlines() if line.startswith(("added", "X", "\t"))]
    if form and out:
        json.loads(out)


def test_a_file_named_like_a_line_of_the_program_forges_none(tmp_path):
    """As its user starts it, with a name that is no valid Unicode among them."""
    folder = tmp_path / "articles"
    folder.mkdir()
    names = [f"a{mark}.bin".encode() for mark in ("\n", "\nadded\tX", "\x1b[2J", "\u202e", "\x9b", "\r")]
    for name in [*names, b"\xff.txt", b"\x1b[31m\nadded\tlock.txt"]:
        (folder / os.fsdecode(name)).write_bytes(b"The lock cost 5 dollars.")
    done = subprocess.run([sys.executable, "-m", "rag", "add", folder, "--index", tmp_path / "index"], capture_output=True, cwd=ROOT, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == 0
    assert not told(out + err)
    assert sum(line.startswith("refused\t") for line in out.splitlines()) == 7
    assert [line for line in out.splitlines() if line.startswith("added")] == ["added\tarticles/[31m added lock.txt"]
    assert sum(line.startswith("refused ") for line in err.splitlines()) == 7


def test_what_is_logged_is_one_line_and_where_it_happened(capsys):
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(render.PrintableLog())
    log = logging.Logger("test")
    log.addHandler(handler)
    log.error("the folder %s", FORGED)
    try:
        raise ValueError(FORGED)
    except ValueError:
        log.exception("stopped")
    written = capsys.readouterr().err
    assert not told(written)
    assert written.splitlines()[0] == f"the folder {render.printable(FORGED)}"
    assert "Traceback" in written


def test_what_a_library_prints_of_an_error_tells_a_terminal_nothing(capsys):
    with redirect_stderr(render.PrintableStream(sys.stderr)):
        try:
            raise ValueError(FORGED)
        except ValueError:
            traceback.print_exc()
    written = capsys.readouterr().err
    assert not told(written)
    assert written.startswith("Traceback (most recent call last):\n")


def test_a_mistake_in_the_program_is_shown_without_telling_anything(run, monkeypatch):
    def broken(*arguments, **options):
        raise RuntimeError(FORGED)

    monkeypatch.setattr("rag.archive.Archive.status", broken)
    status, _, err = run("status")
    assert status == 2
    assert "RuntimeError" in err
    assert not told(err)
