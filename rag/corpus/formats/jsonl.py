"""JSON Lines in another document; a file of them is read row by row, by rag.corpus.jsonl."""

from collections.abc import Iterator
from dataclasses import replace

from rag.corpus.decoding import utf16
from rag.corpus.draft import Draft
from rag.corpus.jsonl import row_draft
from rag.errors import InputError
from rag.types import Refusal


def read(data: bytes, name: str) -> Iterator[Draft | Refusal]:  # noqa: ARG001 - every reader is called alike
    """A draft a row, whose part is "row 3", and a refusal for each row that is none."""
    encoding = utf16(data)
    rows = data.decode(encoding, errors="replace").encode() if encoding else data
    for number, line in enumerate(rows.split(b"\n"), start=1):
        if line.strip():
            try:
                yield replace(row_draft(line), part=f"row {number}")
            except InputError as error:
                yield Refusal(f"row {number}", str(error))
