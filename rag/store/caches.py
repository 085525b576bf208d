"""The caches of one generation, both searches together: built from the truth, checked before they are searched."""

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rag.store.lexical import LexicalIndex
from rag.store.manifest import Manifest
from rag.store.truth import Truth
from rag.store.vectors import VectorIndex

FOLDER = "cache"
_VECTORS = "vectors.faiss"
_LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Caches:
    generation: int
    token: str
    vectors: VectorIndex
    lexical: LexicalIndex

    @classmethod
    def load(cls, root: Path, copies: Path | None = None) -> Self | None:
        """The caches in `root`; None where there are none. Raises ValueError, saying what, where a file is damaged.

        tantivy writes lock files beside what it reads: with `copies`, a folder for
        them, it reads copies there and leaves `root` as it is.
        """
        manifest = Manifest.read(root)
        if manifest is None:
            return None
        data = {path: manifest.verified(root, path) for path in manifest.files}
        if _VECTORS not in data:
            raise ValueError(f"{_VECTORS} is missing")
        place = root / manifest.folder if copies is None else _copied(data, copies)
        return cls(manifest.generation, manifest.token, VectorIndex.load(data[_VECTORS]), LexicalIndex.load(place / _LEXICAL))

    @classmethod
    def build(cls, root: Path, truth: Truth, dimension: int, approximate_from: int) -> Self:
        """New caches of the generation that `truth` is reading, in place of those in `root`.

        Each build has a folder of its own; until the manifest names it, the old
        caches stand. One builder at a time: the caller holds the lock.
        """
        generation = truth.generation
        folder = root / f"{generation}-{uuid.uuid4().hex[:8]}"
        folder.mkdir(parents=True)
        vectors = VectorIndex.build(*truth.vectors(dimension), approximate_from)
        vectors.save(folder / _VECTORS)
        lexical = LexicalIndex.build(folder / _LEXICAL, truth.texts())
        for path in (folder / _LEXICAL).iterdir():
            # tantivy makes some of its files for their owner only; whoever may read the archive may read its caches
            path.chmod((folder / _VECTORS).stat().st_mode)
        Manifest.of(root, folder.name, generation, truth.token).write(root)
        _clear(root, folder)
        return cls(generation, truth.token, vectors, lexical)


def _copied(data: Mapping[str, bytes], copies: Path) -> Path:
    """A new folder with these files, by their path, in place of all others in `copies`."""
    folder = copies / f"copy-{uuid.uuid4().hex[:8]}"
    for path, content in data.items():
        if path != _VECTORS:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    _clear(copies, folder)
    return folder


def _clear(root: Path, keep: Path) -> None:
    for other in root.iterdir():
        if other.is_dir() and other != keep:
            shutil.rmtree(other, ignore_errors=True)
