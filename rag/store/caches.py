"""The caches of one generation, both searches together: built from the truth, checked before they are searched.

An article that is not what was stored is not in them; they keep which ones that
are, so that every answer can say so.
"""

import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np

from rag.arrays import Numbers, Vectors
from rag.corpus.dates import guessed_day
from rag.errors import ArchiveDamaged
from rag.store.facets import Facets
from rag.store.lexical import LexicalIndex
from rag.store.manifest import Manifest
from rag.store.truth import Indexed, LeftOut, Truth
from rag.store.vectors import VectorIndex
from rag.types import Article

FOLDER = "cache"
_VECTORS = "vectors.faiss"
_LEXICAL = "lexical"
_FACETS = "facets"


@dataclass(frozen=True, slots=True)
class Caches:
    generation: int
    token: str
    vectors: VectorIndex
    lexical: LexicalIndex
    facets: Facets
    left_out: Sequence[LeftOut]

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
        for name in (_VECTORS, _FACETS):
            if name not in data:
                raise ValueError(f"{name} is missing")
        place = root / manifest.folder if copies is None else _copied(data, copies)
        lexical = LexicalIndex.load(place / _LEXICAL)
        left_out = [LeftOut(number, id) for number, id in manifest.left_out]
        return cls(manifest.generation, manifest.token, VectorIndex.load(data[_VECTORS]), lexical, Facets.load(data[_FACETS]), left_out)

    @classmethod
    def build(cls, root: Path, truth: Truth, approximate_from: int) -> Self:
        """New caches of the generation that `truth` is reading, in place of those in `root`.

        Each build has a folder of its own; until the manifest names it, the old
        caches stand. One builder at a time: the caller holds the lock. Raises
        OSError, RuntimeError (of FAISS) or ValueError (of tantivy) where it cannot
        be written, and leaves nothing of it, and ArchiveDamaged where it cannot be
        told which articles of the truth are damaged, or all are.
        """
        folder = root / f"{truth.generation}-{uuid.uuid4().hex[:8]}"
        try:
            folder.mkdir(parents=True)
            made = cls.in_memory(truth, approximate_from, folder / _LEXICAL)
            made.vectors.save(folder / _VECTORS)
            (folder / _FACETS).write_bytes(made.facets.saved())
            for path in (folder / _LEXICAL).iterdir():
                # tantivy makes some of its files for their owner only; whoever may read the archive may read its caches
                path.chmod((folder / _VECTORS).stat().st_mode)
            left_out = [(one.number, one.id) for one in made.left_out]
            Manifest.of(root, folder.name, made.generation, made.token, left_out).write(root)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _clear(root, folder)
        return made

    @classmethod
    def in_memory(cls, truth: Truth, approximate_from: int, lexical: Path | None = None) -> Self:
        """The same, but nothing of it is kept on disk, except for the lexical index where its folder is given."""
        gathered = _Gathered()
        words = LexicalIndex.build(lexical, gathered.texts(truth.indexed()))
        if gathered.left_out and not gathered.articles:
            raise ArchiveDamaged(str(gathered.left_out[0].error))
        vectors = np.concatenate(gathered.vectors or [np.zeros((0, 1), dtype=np.float32)])
        nearest = VectorIndex.build(gathered.numbers, vectors, approximate_from)
        return cls(truth.generation, truth.token, nearest, words, Facets.of(gathered.articles), gathered.left_out)


class _Gathered:
    """What is kept of articles while their texts pass by."""

    def __init__(self) -> None:
        self.articles: list[tuple[int, Article, Numbers]] = []
        self.vectors: list[Vectors] = []
        self.left_out: list[LeftOut] = []

    def texts(self, indexed: Iterable[Indexed | LeftOut]) -> Iterator[tuple[int, str, str | None, date | None, date | None]]:
        """For every passage its number, its title and text, its source, the day that is told and the one that is told or guessed."""
        for one in indexed:
            if isinstance(one, LeftOut):
                self.left_out.append(one)
                continue
            article = one.article
            numbers = np.array([number for number, _ in one.spans], dtype=np.int64)
            self.articles.append((one.number, replace(article, text=""), numbers))
            self.vectors.append(one.vectors)
            told, known = article.published, article.published or guessed_day(article.facts)
            for number, span in one.spans:
                yield number, f"{article.title}\n{span.of(article.text)}", article.source, told, known

    @property
    def numbers(self) -> Numbers:
        return np.concatenate([np.zeros(0, dtype=np.int64), *(numbers for *_, numbers in self.articles)])


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
