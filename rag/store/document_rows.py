"""What was in a document, between its value and its row: with the numbers of its articles' rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any

from rag.store.seal import seal
from rag.types import Document, Kept, Refusal, Validators

# under what each article's id stands with the number of its row: another text of it has another row
_ROWS = "rows"


def row_of(kept: Kept, numbers: Mapping[str, int]) -> tuple[str | int, ...]:
    """Its origin, SHA-256, reader and columns, what was found in it, and the seal of these.

    `numbers` are those of the rows of its articles, by their ids.
    """
    document = kept.document
    validators = astuple(document.validators) if document.validators else None
    found = json.dumps({_ROWS: numbers, "refused": [(one.origin, one.reason) for one in kept.refused], "validators": validators})
    row = (document.origin, document.sha256, document.reader, document.columns, found)
    return (*row, seal(row))


def kept_of(row: Sequence[Any]) -> tuple[Kept, Mapping[str, int]] | None:
    """What was in a document, and the numbers of its articles' rows; None where what `row_of` gave is not what was stored."""
    if row[-1] != seal(row[:-1]):
        return None
    found = json.loads(row[4])
    validators = Validators(*found["validators"]) if found["validators"] else None
    refused = tuple(Refusal(origin, reason) for origin, reason in found["refused"])
    return Kept(replace(Document(*row[:4]), validators=validators), tuple(found[_ROWS]), refused), found[_ROWS]
