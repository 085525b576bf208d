"""A table's row as one sentence, each cell after its column's head: "Town: Orrin, Founded: 1540."."""

from collections.abc import Sequence
from itertools import zip_longest

# Column heads of more characters are not said again in each row.
LONGEST_HEADS = 300


def column_heads(cells: Sequence[str]) -> list[str]:
    """The heads as each row says them; none where they are too long to be said again."""
    return [cell.rstrip(":") for cell in cells] if sum(map(len, cells)) <= LONGEST_HEADS else []


def row_sentence(heads: Sequence[str], cells: Sequence[str]) -> str:
    """One sentence, so that no part of a row is shown without the others; an empty cell says nothing."""
    said = ", ".join(f"{head}: {cell}" if head else cell for head, cell in zip_longest(heads, cells, fillvalue="") if cell)
    return said if not said or said[-1] in ".!?…" else f"{said}."
