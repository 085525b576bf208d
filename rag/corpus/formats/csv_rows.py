"""CSV: an article a row, its facts and its text in columns whose heads say which is which."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rag.corpus.decoding import decode
from rag.corpus.draft import Draft, Piece, put_together
from rag.corpus.header import facts_of, told_in, written
from rag.corpus.jsonl import RowIds
from rag.errors import InputError
from rag.types import ARTICLE_COLUMNS, Fact, Provenance, Refusal

_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 1_000
_MOST_NAMED, _LONGEST_NAMED = 20, 60


def read(data: bytes, name: str, names: Mapping[str, str] | None = None) -> Iterator[Draft | Refusal]:
    """A draft for each row below the heads.

    `names` says which column a fact stands in ("title": "Headline"); of the others the heads tell. What parts the columns
    (a comma, a semicolon, a tab or a stroke) is seen in the heads. Rows are counted as a spreadsheet does, blank ones too.
    Raises InputError where no column has texts, one in `names` is missing, or there is no row.
    """
    warnings: list[str] = []
    text = decode(data, warnings)
    # the limit is the module's; 131,072 characters are no long article
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    delimiter, heads = _heads(text, names or {})
    columns = _columns(heads, names or {})
    ids = RowIds(name)
    empty = True
    for number, row in _rows(text, delimiter):
        try:
            yield _draft(number, row, heads, columns, ids, warnings)
        except InputError as error:
            yield Refusal(f"row {number}", str(error))
        empty = False
    if empty:
        raise InputError("the table has no rows below its heads")


def _heads(text: str, names: Mapping[str, str]) -> tuple[str, list[str]]:
    """The delimiter by which the first row has the most names that are known, or else the most cells, and that row.

    Raises InputError for a table of too many columns.
    """

    def heads(delimiter: str) -> list[str]:
        row = next(filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), [])
        return [head.strip().lstrip("\ufeff") for head in row[: _MOST_COLUMNS + 1]]

    def is_known(head: str) -> bool:
        return bool(told_in(head)) or head in names.values()

    rows = {delimiter: heads(delimiter) for delimiter in _DELIMITERS}
    best = max(rows, key=lambda delimiter: (sum(map(is_known, rows[delimiter])), len(rows[delimiter])))
    if len(rows[best]) > _MOST_COLUMNS:
        raise InputError(f"the table has more than {_MOST_COLUMNS:,} columns; leave out those that are not needed")
    return best, rows[best]


def _columns(heads: Sequence[str], names: Mapping[str, str]) -> dict[str, int]:
    """The number of each fact's column, from 0 on, and of the text's; the first, where several tell the same."""
    found = ", ".join(f'"{head[:_LONGEST_NAMED]}"' for head in heads[:_MOST_NAMED])
    for fact, head in names.items():
        if fact not in ARTICLE_COLUMNS:
            raise InputError(f'"{fact}" is nothing that an article has; that is: {", ".join(ARTICLE_COLUMNS)}')
        if head not in heads:
            raise InputError(f'the table has no column "{head}"; it has {found}')
    columns = {told: place for place, head in reversed(list(enumerate(heads))) if (told := told_in(head))}
    columns |= {fact: heads.index(head) for fact, head in names.items()}
    if "text" not in columns:
        raise InputError(f"which of its columns has the text is not known: {found}; say which, as in --map text=COLUMN")
    return columns


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """The rows below the heads that are not blank, each after its number; None for one whose quotation marks do not match."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, heads_seen = 0, False
    while True:
        number += 1
        try:
            row: list[str] | None = next(rows)
        except StopIteration:
            return
        except csv.Error:
            row = None
        blank = row is not None and not any(map(str.strip, row))
        if heads_seen and not blank:
            yield number, row
        heads_seen = heads_seen or not blank


def _draft(number: int, row: list[str] | None, heads: Sequence[str], columns: Mapping[str, int], ids: RowIds, warnings: Sequence[str]) -> Draft:
    """The draft of a row. Raises InputError where it is not certain which cell is in which column, or there is no text."""
    if row is None:
        raise InputError("its quotation marks do not match: double those inside a cell, and put the whole cell in them")
    sizes = f"the row has {len(row)} cells where the first has {len(heads)}"
    if any(cell.strip() for cell in row[len(heads) :]):
        raise InputError(f"{sizes}; put a cell that has what parts the columns in quotation marks")
    said = {fact: value for fact, place in columns.items() if place < len(row) and (value := written(row[place]))}
    text, parts = put_together([Piece(said.pop("text", ""), place=f"row {number}")])
    if not text:
        raise InputError(f'the row has nothing in the column "{heads[columns["text"]]}"')
    draft = Draft(text, parts, facts_of(said), part=f"row {number}")
    if draft.facts.id is None:
        made = Fact(ids.of(draft), Provenance.HEADER if draft.facts.url else Provenance.FILE_NAME)
        draft = replace(draft, facts=replace(draft.facts, id=made))
    short = [f"{sizes}: what stands in the others is not known"] if len(row) < len(heads) else []
    return replace(draft, warnings=(*warnings, *short))
