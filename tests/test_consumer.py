"""A project of somebody else that uses the package passes `mypy --strict`, but for its own mistake."""

import subprocess
import sys

from tests.conftest import ROOT

PROGRAM = """
from datetime import date

from rag import Answer, Archive, Hit, Outcome, Quote, Report, read_articles


def told(quotes: list[Quote]) -> list[str]:
    return [f"{quote.text} ({quote.article.title}, {quote.span.start}-{quote.span.end})" for quote in quotes]


with Archive.open("index") as archive:
    report: Report = archive.add(read_articles("seeds"))
    hits: list[Hit] = archive.search("stations", k=3, after=date(2022, 1, 1), sources=["Sample Daily"])
    many: list[list[Hit]] = archive.search_many(["stations", "wells"], 3)
    answers: list[Answer] = archive.ask_many(["How many?", "When?"])
    answer = archive.ask("How many?")
    lines: list[str] = told(list(answer.quotes)) if answer.outcome is Outcome.ANSWERED else []
"""


# no public name is of a type of theirs, and reading them takes a minute and a half
CONFIGURATION = "[mypy]\nstrict = true\n[mypy-ray.*,torch.*,transformers.*]\nfollow_imports = skip\n"


def test_a_consumer_s_project_passes_strictly_but_for_its_own_mistake(tmp_path):
    package = tmp_path / "consumer"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "right.py").write_text(PROGRAM)
    (package / "wrong.py").write_text("from rag import Archive\n\nArchive.open('index').ask(5)\n")
    # with no configuration of ours in reach: the package's types are known by its marker alone; what mypy found before it keeps by content
    (tmp_path / "own.ini").write_text(CONFIGURATION)
    command = [sys.executable, "-m", "mypy", "--config-file", "own.ini", "--cache-dir", str(ROOT / ".mypy_cache" / "consumer"), "-p", "consumer"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={})
    *errors, summary = done.stdout.splitlines()
    assert errors == ['consumer/wrong.py:3: error: Argument 1 to "ask" of "Archive" has incompatible type "int"; expected "str"  [arg-type]']
    assert (done.returncode, summary) == (1, "Found 1 error in 1 file (checked 3 source files)")
