"""The caches of one generation, both searches together: built from the truth, checked before they are searched."""

import shutil
import uuid
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
    def load(cls, root: Path) -> Self | None:
        """The caches in `root`; None where there are none. Raises ValueError, saying what, where a file is damaged."""
        manifest = Manifest.read(root)
        if manifest is None:
            return None
        data = {path: manifest.verified(root, path) for path in manifest.files}
        if _VECTORS not in data:
            raise ValueError(f"{_VECTORS} is missing")
        return cls(manifest.generation, manifest.token, VectorIndex.load(data[_VECTORS]), LexicalIndex.load(root / manifest.folder / _LEXICAL))

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
        Manifest.of(root, folder.name, generation, truth.token).write(root)
        for other in root.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return cls(generation, truth.token, vectors, lexical)
