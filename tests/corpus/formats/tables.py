"""What each file of a format is expected to give, written down after the file was looked at."""

import json
from pathlib import Path

import pytest

from rag.corpus.draft import Draft, Member
from rag.errors import InputError
from rag.types import Kind

EXPECTED = Path(__file__).parent / "expected"
FORMATS = Path(__file__).parents[3].parent / "shared/data/formats"
_SHORT = 60


def expectations(format):
    rows = json.loads((EXPECTED / f"{format}.json").read_text())
    return [pytest.param(name, row, id=name) for name, row in rows.items()]


def file(folder, name):
    path = FORMATS / folder / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path.read_bytes()


def told(read, data, name):
    """What a reader tells of a file, in the form of the tables: a text of few characters whole, of another its ends."""
    try:
        items = list(read(data, name))
    except InputError as error:
        return {"refused": str(error)}
    row = {}
    for item in items:
        if isinstance(item, Draft):
            row.setdefault("drafts", []).append(_draft(item))
        elif isinstance(item, Member):
            row.setdefault("members", []).append([item.name, len(item.data)])
        else:
            row.setdefault("refusals", []).append([item.origin, item.reason])
    return row


def _draft(draft):
    facts = {name: fact.value for name in draft.facts.__slots__ if (fact := getattr(draft.facts, name))}
    text = draft.text
    shown = {"text": text} if len(text) <= _SHORT else {"begins": text[:40], "ends": text[-30:], "characters": len(text)}
    kinds = sorted({part.kind.value for part in draft.parts} - {Kind.BODY.value})
    others = {"part": draft.part, "warnings": list(draft.warnings), "kinds": kinds}
    return facts | shown | {name: value for name, value in others.items() if value}
