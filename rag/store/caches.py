"""The caches of one generation, all searches together, as they are searched: checked before, against their manifest.

An article that is not what was stored is not in them; they keep which ones those are,
so that every answer can say so.
"""

import shutil
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from rag.store.lexical import LexicalIndex
from rag.store.manifest import Damaged, Manifest
from rag.store.segments import Segment, Segments
from rag.store.truth import LeftOut

FOLDER = "cache"
# so often is read what others replace meanwhile
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Caches:
    """`stored` are the segments as they are on disk, by the names of their folders."""

    generation: int
    token: str
    segments: Segments
    lexical: LexicalIndex
    left_out: Sequence[LeftOut]
    stored: Mapping[str, Segment]

    @classmethod
    def load(cls, root: Path, held: "Caches | None" = None, copies: Path | None = None) -> Self | None:
        """The caches in `root`; None where there are none. Raises Damaged, saying what, where a file is.

        Segments that are `held` already are not read again. tantivy writes lock files
        beside what it reads: with `copies`, a folder for them, it reads copies there
        and leaves `root` as it is. Who does so has no lock: what others replace
        meanwhile is read anew.
        """
        manifest = Manifest.read(root)
        for _ in range(_TRIES):
            try:
                return cls._read(manifest, root, held, copies) if manifest else None
            except Damaged:
                before, manifest = manifest, Manifest.read(root)
                if manifest == before:
                    raise
        raise Damaged(f"{FOLDER} is replaced faster than it is read")

    @classmethod
    def _read(cls, manifest: Manifest, root: Path, held: "Caches | None", copies: Path | None) -> Self:
        if copies is None:
            return cls.of(manifest, root, root, held)
        # not by the index's name alone: it may be there already, and be searched
        place = copies / uuid.uuid4().hex[:12]
        bring(manifest, root, place / manifest.lexical, shutil.copyfile)
        clear(copies, [place.name])
        return cls.of(manifest, root, place, held)

    @classmethod
    def of(cls, manifest: Manifest, root: Path, place: Path, held: "Caches | None" = None) -> Self:
        """Those that a manifest describes, their segments in `root` and their lexical index in `place`. Raises Damaged."""
        known = held.stored if held else {}
        stored = {name: known.get(name) or stored_segment(root, manifest, name) for name in manifest.segments}
        manifest.check(place, manifest.in_folder(manifest.lexical))
        gone = np.array(manifest.gone, dtype=np.int64)
        segments = Segments([replace(one, facets=one.facets.without(gone)) for one in stored.values()])
        left_out = [LeftOut(number, id) for number, id in manifest.left_out]
        return cls(manifest.generation, manifest.token, segments, LexicalIndex.load(place / manifest.lexical), left_out, stored)


def stored_segment(root: Path, manifest: Manifest, name: str) -> Segment:
    """A segment of that name. Raises Damaged, naming the file, where one of its files is not what the manifest says."""
    manifest.check(root, manifest.in_folder(name))
    return Segment.load(root / name)


def bring(manifest: Manifest, root: Path, folder: Path, copy: Callable[[Path, Path], object]) -> None:
    """Copies each file of the lexical index into a new folder. Raises Damaged where one is missing."""
    folder.mkdir(parents=True)
    for path in manifest.in_folder(manifest.lexical):
        try:
            copy(root / path, folder / Path(path).name)
        except FileNotFoundError:
            raise Damaged(f"{path} is missing") from None


def clear(root: Path, keep: Sequence[str]) -> None:
    """Removes all folders in `root` but those named."""
    for other in root.iterdir():
        if other.is_dir() and other.name not in keep:
            shutil.rmtree(other, ignore_errors=True)
