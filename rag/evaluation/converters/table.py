"""A table that people write in a spreadsheet: a header, then a question a row. It has gold alone, on articles of one's own.

Columns `question` and `answers`; `id`, `article`, `quote`, `answerable`, `after`, `before` and `sources` may be there,
others are passed over. Several answers or sources are parted by "|". Commas between the cells of a .csv, tabs in a .tsv.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rag.corpus import canonical
from rag.corpus.decoding import decode
from rag.errors import InputError
from rag.evaluation.converters.collection import Collection
from rag.evaluation.converters.reading import at, keep, opened
from rag.evaluation.gold import Evidence, Gold
from rag.types import Filters

SEPARATOR = "|"
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_REQUIRED = ("question", "answers")
_COLUMNS = (*_REQUIRED, "id", "article", "quote", "answerable", "after", "before", "sources")
_YES, _NO = {"true", "yes", "1"}, {"false", "no", "0"}


def read(path: Path) -> Collection:
    """The questions of the table; one without an id is `csv-` and its row's number, 1 below the header.

    Raises InputError, naming the line, for a table that has no question and answers,
    or a row that cannot be gold.
    """
    gold: dict[str, Gold] = {}
    for number, (line, cells) in enumerate(_rows(path), start=1):
        with at(f"{path}:{line}"):
            row = _gold(cells, f"csv-{number}")
            keep(gold, row.id, row)
    with at(path):
        return Collection((), tuple(gold.values()))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The cells of each row that has any, by column, after the line that the row begins in."""
    lines = _lines(path)
    number, cells = next(lines, (1, []))
    with at(f"{path}:{number}"):
        header = _header(cells)
    for number, cells in lines:
        with at(f"{path}:{number}"):
            if len(cells) > len(header):
                raise InputError(f"the row has {len(cells)} cells, the header {len(header)}; put cells with a delimiter in them in quotation marks")
            row = {name: canonical(cell) for name, cell in zip(header, cells, strict=False) if name in _COLUMNS}
        yield number, row


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each after the line that it begins in."""
    delimiter = _DELIMITERS.get(path.suffix.lower())
    if delimiter is None:
        raise InputError(f"{path} is neither .csv (commas) nor .tsv (tabs); save the table as one of them")
    with opened(path):
        data = path.read_bytes()
    with at(path):
        rows = csv.reader(io.StringIO(decode(data), newline=""), delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 1
        with at(f"{path}:{line}"):
            try:
                cells = next(rows, None)
            except csv.Error as error:
                raise InputError(f"the row cannot be read ({error}); is a quotation mark in it not doubled, or not closed?") from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _header(cells: list[str]) -> list[str]:
    names = [canonical(cell).casefold() for cell in cells]
    for name in _COLUMNS:
        if names.count(name) > 1:
            raise InputError(f'there are {names.count(name)} columns "{name}"; keep one')
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        raise InputError(
            f"the header has no column {' and no '.join(missing)}, but {', '.join(names)[:200]!r}; "
            "name the columns so, and have commas between them in a .csv file, tabs in a .tsv file"
        )
    return names


def _gold(row: dict[str, str], id: str) -> Gold:
    answers, article, quote = _parted(row, "answers"), _line(row.get("article", "")), row.get("quote") or None
    if quote and not article:
        raise InputError("there is a quote, but no article that it is from; fill in its id")
    if not row.get("question"):
        raise InputError("the question is blank; fill it in, or take the row out")
    answerable = _answerable(row.get("answerable", ""))
    if answerable and not (answers or article):
        raise InputError("the row has neither answers nor an article; fill one in, or write no under answerable")
    if not answerable and (answers or article):
        raise InputError("the row is not answerable, but has answers or an article; take them out, or write yes under answerable")
    evidence = (Evidence(article, quote),) if article else ()
    return Gold(_line(row.get("id", "")) or id, row["question"], answers, evidence, answerable, _filters(row))


def _answerable(cell: str) -> bool:
    """What the cell says; a blank one says that the question can be answered."""
    said = cell.casefold()
    if said and said not in _YES | _NO:
        raise InputError(f"answerable is {cell[:60]!r}; write yes or no")
    return said not in _NO


def _filters(row: dict[str, str]) -> Filters:
    after, before = _day(row, "after"), _day(row, "before")
    if after and before and after > before:
        raise InputError(f"after ({after}) is later than before ({before}): no article can match; swap them")
    return Filters(after, before, tuple(map(_line, _parted(row, "sources"))) or None)


def _day(row: dict[str, str], name: str) -> date | None:
    cell = row.get(name)
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        raise InputError(f"{name} is {cell!r:.60}, no day; write it as YYYY-MM-DD") from None


def _parted(row: dict[str, str], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in row.get(name, "").split(SEPARATOR) if part.strip()))


def _line(text: str) -> str:
    return " ".join(text.split())
