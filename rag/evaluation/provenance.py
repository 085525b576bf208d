"""What made a report: enough to make it again, and to tell whether two runs are of the same thing."""

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import rag
from rag.archive import Archive
from rag.encoder import precision_of
from rag.evaluation.gold import Gold
from rag.models.machine import cores
from rag.render import filters_json

_WEIGHTS = "reader/weights.json"


def run_of(archive: Archive, gold: Sequence[Gold]) -> dict[str, Any]:
    """What the answers depend on: the gold, the archive's state, the model, the settings, the program."""
    status = archive.status()
    folder = Path(rag.__file__).parent
    return {
        "gold": gold_sha256(gold),
        "archive": {"generation": status.generation, "token": status.token, "articles": status.articles, "passages": status.passages},
        "model": asdict(status.model) if status.model else None,
        "precision": precision_of(archive.settings),
        "settings": asdict(archive.settings),
        "span reader": archive.span_reader_sha256,
        "reader weights": hashlib.sha256((folder / _WEIGHTS).read_bytes()).hexdigest(),
        "program": _program(folder),
    }


def gold_sha256(gold: Sequence[Gold]) -> str:
    """Of what the questions say, however their file is laid out."""
    digest = hashlib.sha256()
    for row in gold:
        facts = [row.id, row.question, row.answers, [asdict(item) for item in row.evidence], row.answerable, filters_json(row.filters)]
        digest.update(json.dumps(facts).encode())
    return digest.hexdigest()


def machine() -> dict[str, Any]:
    return {"python": platform.python_version(), "system": platform.system(), "processor": platform.machine(), "cores": cores()}


def _program(folder: Path) -> str:
    """The version and a digest of the source: an edited program is another one."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return f"{rag.__version__} {digest.hexdigest()[:16]}"
