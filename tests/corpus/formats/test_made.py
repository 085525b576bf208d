"""Documents as programs write them: one text by pandoc 2.17, LibreOffice 7.4 and Chromium, in each format that they have.

The texts are ours and lie beside the files, as Markdown. pandoc made `.pandoc.` files of them (`pandoc -s lock.md -o lock.pandoc.docx`, of the
changes with `--track-changes=all`), LibreOffice the others of pandoc's `.odt`, of the changes of its `.docx`
(`soffice --headless --convert-to rtf`), Chromium printed or saved pandoc's page.
"""

import json
from pathlib import Path

import pytest

from rag import Settings
from rag.corpus.readers import Readers

MADE = Path(__file__).parents[1] / "made"
EXPECTED = json.loads((Path(__file__).parent / "expected" / "made.json").read_text(encoding="utf-8"))
ROWS = [(name, row["facts"], row.get("lines", document["lines"])) for document in EXPECTED.values() for name, row in document["files"].items()]


@pytest.fixture(scope="module")
def readers():
    with Readers(Settings()) as made:
        yield made


@pytest.mark.parametrize(("name", "facts", "lines"), ROWS, ids=[name for name, _, _ in ROWS])
def test_a_document_has_its_lines_and_facts_whichever_program_wrote_it(readers, name, facts, lines):
    (draft,) = readers.read((MADE / name).read_bytes(), name)
    assert [f"{part.kind.value}: {part.span.of(draft.text)}" for part in draft.parts] == lines
    told = {of: f"{fact.value} ({fact.told_by.value})" for of in draft.facts.__slots__ if (fact := getattr(draft.facts, of))}
    assert told == facts


def test_each_file_is_written_down():
    assert {name for name, _, _ in ROWS} == {path.name for path in MADE.iterdir() if path.suffix != ".md"}
