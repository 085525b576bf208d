"""Exported models on disk, beside an archive: `encoder/SHA-256 of the weights/`, with what they were made of and a digest of each file.

They are a cache: what is missing, damaged or made of other files is made anew.
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rag.models.model_files import ModelFiles
from rag.whole_files import WholeFiles

_log = logging.getLogger(__name__)

_GRAPH, _TOKENIZER, _FACTS = "graph.onnx", "tokenizer.json", "export.json"
# what is exported otherwise gets another number
_FORMAT = 1
# what may refuse a model today and take it in its next version
_EXPORTERS = ("torch", "transformers", "sentence-transformers", "onnxscript", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Export:
    """A model's ONNX graph, whose weights stay in the model's own files, and its tokenizer, as JSON that says where a text is cut off."""

    graph: bytes
    tokenizer: bytes


@dataclass(frozen=True, slots=True)
class Exports:
    """`archive` is the archive's folder, or the one beside it, which need not be there; only with `makes` may keeping an export make it.

    Where it is to be `read_only`, exports are read and none is kept.
    """

    archive: Path
    read_only: bool = False
    makes: bool = False

    def find(self, model: ModelFiles) -> Export | None:
        """What was kept of the very model; the log says of one that is damaged."""
        digests = self._facts(model).get("files")
        if digests is None:
            return None
        folder = self._folder(model)
        try:
            return Export(*(_verified(folder / name, digests[name]) for name in (_GRAPH, _TOKENIZER)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("%s: the exported model is made anew: %s", folder, error)
            return None

    def refuses(self, model: ModelFiles) -> bool:
        """Whether the very model was refused by the exporters that are installed."""
        return self._facts(model).get("refused_by") == _installed()

    def can_keep(self) -> bool:
        """Whether this user may write here, and the folder is there or may be made: asking makes none of an archive's."""
        folders = (self.archive / "encoder", self.archive, *(self.archive.parents if self.makes else ()))
        there = next((folder for folder in folders if folder.is_dir()), None)
        return not self.read_only and there is not None and os.access(there, os.W_OK)

    def keep(self, model: ModelFiles, export: Export) -> None:
        files = {_GRAPH: export.graph, _TOKENIZER: export.tokenizer}
        self._write(model, files, {"files": {name: _digest(content) for name, content in files.items()}})

    def refuse(self, model: ModelFiles, reason: str) -> None:
        """Keeps that the model cannot be exported, so that it is not tried at each start."""
        self._write(model, {}, {"refused": reason, "refused_by": _installed()})

    def _facts(self, model: ModelFiles) -> dict[str, Any]:
        """What is known of an export of the very model: nothing where there is none, or where it cannot be read."""
        try:
            facts = json.loads((self._folder(model) / _FACTS).read_bytes())
        except (OSError, ValueError):
            return {}
        is_its = isinstance(facts, dict) and facts.get("format") == _FORMAT and facts.get("model") == model.sha256s
        return facts if is_its else {}

    def _write(self, model: ModelFiles, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> None:
        """Two processes that write at once may mix their files, and the next makes them anew. What cannot be written is told in the log."""
        folder = self._folder(model)
        try:
            with WholeFiles(folder) as whole:
                for name, content in files.items():
                    whole.open_bytes(name).write(content)
                # last: until it is there, nothing of this counts
                json.dump({"format": _FORMAT, "model": model.sha256s, **facts}, whole.open(_FACTS), indent=1)
        except OSError as error:
            _log.warning("%s: the exported model cannot be kept: %s", folder, error.strerror)

    def _folder(self, model: ModelFiles) -> Path:
        return self.archive / "encoder" / model.weights_sha256


def _verified(path: Path, sha256: str) -> bytes:
    content = path.read_bytes()
    if _digest(content) != sha256:
        raise ValueError(f"{path.name} is damaged")
    return content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _installed() -> dict[str, str | None]:
    return {name: _version(name) for name in _EXPORTERS}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
