"""Every command that the documents show runs: the real one, on small data where the document's would take minutes."""

import contextlib
import io
import itertools
import json
import logging
import os
import re
import runpy
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from rag import Archive, archive
from rag.cli import main
from tests.conftest import ROOT
from tests.store.databases import binaries

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BIN = Path(sys.executable).parent
# what `make` would prepare is what runs these tests
MAKE = ["make", "-C", str(ROOT), "-o", ".venv/ready", "-o", ".venv/ready-dev", "-o", ".venv/ready-bench", f"BIN={BIN}"]
# these would run the tests in the tests, take a quarter of an hour or a night, or need packages that only they need
NOT_RUN = ("make test", "make spans", "make reader", "make benchmark ")

# what makes a benchmark of minutes one of seconds
LESS = {
    "benchmarks.importing": ["--starts", "2"],
    "benchmarks.corpora": [],
    "benchmarks.find": ["--articles", "10", "--words", "1", "--sizes", "100"],
    "benchmarks.reading": ["--questions", "2"],
    "benchmarks.first_quote": ["--questions", "2"],
    "benchmarks.visitors": ["--visitors", "2", "--seconds", "2", "--pause", "0.5"],
    "benchmarks.api_load": ["--clients", "4", "--seconds", "2", "--overload", "1", "--most-questions", "5"],
    "benchmarks.threads": ["--threads", "4", "--each", "2", "--questions", "4"],
    "benchmarks.documents": [],
    "benchmarks.many_articles": ["--passages", "200"],
    "benchmarks.size": ["--questions", "2", "--rounds", "1", "--sizes", "100"],
    "benchmarks.copies": ["--articles", "300", "--copies", "70", "--load", "1000"],
}
# those that start an engine and a database
ON_SERVERS = {
    "benchmarks.same_answers": ["--questions", "2"],
    "benchmarks.shared_size": ["--passages", "300", "--questions", "2", "--sample", "30"],
}
# what is measured on another set than the samples
ELSEWHERE = ("benchmarks.topics titles", "benchmarks.topics fit", "--set unseen")


def blocks(name, kind):
    """The fenced blocks of that kind in a document."""
    document = next(path for path in DOCUMENTS if path.name == name).read_text()
    return [block for found, block in re.findall(r"^```(\w*)\n(.*?)^```$", document, re.DOTALL | re.MULTILINE) if found == kind]


def lines(name, start=""):
    """The commands of a document that start so."""
    typed = [line.removeprefix("$ ") for block in blocks(name, "console") for line in block.splitlines()]
    return [line for line in typed if line.startswith(start)]


def words(line):
    """A line as a shell reads it: commands, each with the file that its output goes to."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&>")
    lexer.whitespace_split = True
    for is_joint, group in itertools.groupby(lexer, lambda word: word == "&&"):
        if not is_joint:
            command = list(group)
            end = command.index(">") if ">" in command else len(command)
            yield command[:end], "".join(command[end + 1 :])


def typed(line):
    """Types a line, in this process, since most of what a command takes is loading the model; what the last command printed."""
    for command, file in words(line):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            run(*command)
        if file:
            Path(file).write_text(out.getvalue())
    return out.getvalue()


def run(program, *arguments):
    if program == "pullquote":
        assert main(arguments) == 0
    else:
        flag, module, *rest = arguments
        assert (program, flag) == ("python", "-m")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", [module, *rest, *(LESS | ON_SERVERS)[module]])
            try:
                runpy.run_module(module, run_name="__main__")
            finally:
                # some have nothing but their figures said
                logging.disable(logging.NOTSET)


@pytest.fixture
def desk(tmp_path, monkeypatch, encoder):
    """An empty folder to work in, with the samples and the model at hand."""
    monkeypatch.setattr(archive, "sentence_encoder", lambda *_: encoder)
    monkeypatch.chdir(tmp_path)
    Path("seeds").symlink_to(ROOT / "seeds")
    return tmp_path


def test_no_command_is_left_out():
    """Each test here takes a document's lines by how they start; those of http.md and mcp.md run beside the doors' tests."""
    starts = {
        "README.md": ("pullquote ", "make run ", "make ask ", *NOT_RUN),
        "evaluation.md": ("pullquote ", "make evaluate ", "python -m benchmarks.topics ", *NOT_RUN),
        "gold.md": ("pullquote ",),
        "search.md": ("pullquote ", "python -m benchmarks.find "),
        "reader.md": (*NOT_RUN, "python -m rag.training"),
        "performance.md": ("pullquote ", "python -m benchmarks.", *NOT_RUN),
        "scale.md": ("python -m benchmarks.sizing ",),
    }
    for path in DOCUMENTS:
        if path.name not in {"http.md", "mcp.md"}:
            assert all(line.startswith(starts[path.name]) for line in lines(path.name)), path.name


def test_the_readmes_commands_run(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password of hers\n"))
    (header,) = blocks("README.md", "")
    Path("my-articles").mkdir()
    Path("my-articles/opening.txt").write_text(f"{header}\nThe bridge took eight years. It opened on 19 March 1932. Crowds came.\n")
    Path("my-articles/bridge.txt").write_text(
        "title: Cracks in the bridge\nsource: The Daily\npublished: 2023-05-04\n\n"
        "The bridge has cracks. The minister of transport ordered the inquiry on Monday. Its report is due in the autumn.\n"
    )
    gold = json.loads(blocks("gold.md", "json")[0])
    gold["evidence"][0]["article"] = "bridge-1932"
    Path("my-gold.jsonl").write_text(json.dumps(gold) + "\n")

    printed = {line: typed(line) for line in lines("README.md", "pullquote ")}

    assert len(printed) == 22
    assert all(printed[line] or ">" in line for line in printed)
    asked = next(line for line in printed if "--after" in line)
    assert "The minister of transport ordered the inquiry" in printed[asked]
    assert "The minister of transport ordered the inquiry" in Path("evidence.html").read_text()
    assert "The minister of transport ordered the inquiry" in Path("briefing.html").read_text()
    assert Path("report/report.html").stat().st_size > 10_000
    assert json.loads(Path("floors.json").read_text())
    with Archive.open("index") as opened:
        assert opened.article("bridge-1932").source == "The Daily"


def test_the_commands_for_gold_and_evaluation_run(desk):
    (squad,) = [block for block in blocks("gold.md", "json") if "paragraphs" in block]
    Path("dev-v2.0.json").write_text(squad)
    for line in [*lines("gold.md"), *lines("evaluation.md", "pullquote ")]:
        assert typed(line)


def test_the_samples_topics_are_listed(desk):
    typed("pullquote add seeds --index INDEX")
    (line,) = (line for line in lines("evaluation.md", "python ") if not any(words in line for words in ELSEWHERE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LESS, "benchmarks.topics", [])
        assert "precision" in typed(line.split("#")[0])


def test_the_commands_for_searching_run(desk):
    typed("pullquote add seeds")
    printed = {line: typed(line) for line in lines("search.md", "pullquote ")}
    assert all(printed.values())
    assert Path("police.csv").read_text().startswith("id,title")


def test_what_a_shared_archive_takes_is_counted(shared, desk):
    Path("few.jsonl").write_text(
        "".join((shared / "news-dev" / "corpus.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8"
    )
    (line,) = lines("scale.md")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LESS, "benchmarks.sizing", [])
        printed = typed(line.replace("../shared/data/news-dev/corpus.jsonl", "few.jsonl"))
    assert printed.startswith("3 articles, ")
    assert "100,000,000 passages" in printed


@pytest.mark.parametrize("line", [line for path in DOCUMENTS for line in lines(path.name, NOT_RUN)])
def test_what_takes_too_long_is_at_least_understood(line):
    ((command, _),) = words(line)
    done = subprocess.run([*MAKE, "--dry-run", *command[1:]], capture_output=True, text=True, check=True)
    assert str(BIN) in done.stdout


@pytest.mark.parametrize("line", lines("evaluation.md", "make evaluate "))
def test_a_few_questions_of_each_set_are_evaluated(line, shared, tmp_path):
    for path in ("clapnq/clapnq-dev-answerable.jsonl", "clapnq/clapnq-dev-unanswerable.jsonl", "news-dev/corpus.jsonl", "news-dev/gold.jsonl"):
        copied = tmp_path / path
        copied.parent.mkdir(exist_ok=True)
        with (shared / path).open(encoding="utf-8") as rows:
            copied.write_text("".join(itertools.islice(rows, 4)), encoding="utf-8")
    (tmp_path / "selqa").mkdir()
    selqa = json.loads((shared / "selqa" / "selqa-ass-dev.json").read_text())
    (tmp_path / "selqa" / "selqa-ass-dev.json").write_text(json.dumps(selqa[:4]))
    ((command, _),) = words(line)
    done = subprocess.run([*MAKE, *command[1:], f"DATA={tmp_path}", f"EVALUATION={tmp_path / 'out'}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the README's first command opens the page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("run")
    with (folder / "log").open("w") as log:
        # a group of its own: what `make` started ends with it
        command = [*MAKE, *shlex.split(lines("README.md", "make run ")[0], comments=True)[1:], f"PORT={port}", f"INDEX={folder / 'index'}"]
        started = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        opened = f"http://127.0.0.1:{port}"
        ends = time.monotonic() + 600
        while "Pullquote opens on" not in (folder / "log").read_text():
            assert started.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < ends
            time.sleep(0.2)
        yield opened
    finally:
        os.killpg(started.pid, signal.SIGINT)
        started.wait(120)


def test_make_run_opens_the_page(address):
    with urllib.request.urlopen(address, timeout=120) as page:
        assert b"Pullquote" in page.read()


def test_make_ask_answers(tmp_path):
    (line,) = lines("README.md", "make ask ")
    done = subprocess.run([*MAKE, *shlex.split(line)[1:], f"INDEX={tmp_path / 'index'}"], capture_output=True, text=True, check=True)
    assert "barrels" in done.stdout


@pytest.mark.usefixtures("chromium")
def test_the_benchmarks_run(shared, address, desk, monkeypatch, encoder):
    monkeypatch.setattr("rag.encoder.sentence_encoder", lambda *_: encoder)
    Path("shared").symlink_to(shared.parent)
    corpus, ran = Path("corpus.jsonl"), set()
    for line in [*lines("performance.md", ("pullquote ", "python ")), *lines("search.md", "python ")]:
        if any(module in line for module in ON_SERVERS):
            continue
        typed(line.replace("../shared", "shared").replace("http://127.0.0.1:7860", address))
        ran |= {word for word in line.split() if word in LESS}
        if "benchmarks.corpora" in line:
            corpus.write_text("".join(corpus.read_text().splitlines(keepends=True)[:5]))
    assert ran == LESS.keys()


@pytest.mark.parametrize("line", lines("performance.md", tuple(f"python -m {module} " for module in ON_SERVERS)))
def test_the_benchmarks_on_servers_run(line, shared, desk, monkeypatch, encoder):
    pytest.importorskip("milvus_lite")
    if binaries() is None:
        pytest.skip("there is no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    monkeypatch.setattr("rag.encoder.sentence_encoder", lambda *_: encoder)
    Path("shared").symlink_to(shared.parent)
    with pytest.raises(SystemExit) as ended:
        typed(line.replace("../shared", "shared"))
    assert ended.value.code == 0


def test_each_benchmark_on_servers_is_shown():
    assert {line.split()[2] for line in lines("performance.md", "python -m ")} >= ON_SERVERS.keys()
