"""The rows of a table in RTF, which say of their cells only where they end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lxml import etree

# In twips, a millimetre: programs round each row's ends by themselves.
_NARROWEST = 60


@dataclass(slots=True)
class Edges:
    """Where the cells of a row end, in twips from its table's left; `continues` says which ones go on with the cell above."""

    left: int = 0
    right: list[int] = field(default_factory=list)
    continues: list[bool] = field(default_factory=list)
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    element: Any
    edges: Edges
    is_head: bool
    is_bold: bool


def as_table(rows: Sequence[Row]) -> Any:
    """The rows as a table of HTML. Its heads are the rows that are said again on each page, or a first one that alone is bold."""
    is_set_off = len(rows) > 1 and rows[0].is_bold and not all(row.is_bold for row in rows[1:])
    heads = [row for row in rows if row.is_head] or rows[: int(is_set_off)]
    for cell in [cell for row in heads for cell in row.element]:
        cell.tag = "th"
    _align(rows)
    table = etree.Element("table")
    table.extend(row.element for row in rows)
    return table


def _align(rows: Sequence[Row]) -> None:
    """Says of each cell how many of the table's columns and rows it spans, by where the cells of all rows end."""
    if any(len(row.edges.right) != len(row.element) for row in rows):
        return
    ends = sorted({end for row in rows for end in (row.edges.left, *row.edges.right)})
    columns = {end: number for number, end in enumerate(ends)}
    for before, end in pairwise(ends):
        # programs round each row's by itself
        columns[end] = columns[before] + (end - before > _NARROWEST)
    above: dict[int, Any] = {}
    for row in rows:
        column = columns[row.edges.left]
        if column:
            row.element.insert(0, etree.Element(row.element[0].tag, colspan=str(column)))
        for cell, end, continues in zip(row.element[1 if column else 0 :], row.edges.right, row.edges.continues, strict=True):
            if continues and column in above:
                above[column].set("rowspan", str(int(above[column].get("rowspan", "1")) + 1))
                row.element.remove(cell)
            else:
                above[column] = cell
                cell.set("colspan", str(max(1, columns[end] - column)))
            column = max(column, columns[end])
