"""How the caches of a generation are made of the truth: all of them, or from those before, of what came and went since.

Each segment and each lexical index has a folder of its own, and until the manifest
names it, what was there before stands. tantivy changes no file, but adds files and
removes some: so a lexical index that grows has the files of the one before, by
links where the file system has them. One builder at a time: the caller holds the lock.

Caches that grew find what built ones would. Only how rare a word is may differ:
tantivy counts passages that went until it merges the files that they are in.
So where these are many, all is built.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from rag.arrays import Numbers
from rag.errors import ArchiveDamaged
from rag.store.caches import Caches, bring, clear, stored_segment
from rag.store.facets import Facets, days
from rag.store.lexical import LexicalIndex, Words
from rag.store.manifest import Damaged, Manifest, fingerprint
from rag.store.segments import FACETS, Segment, Segments, to_join
from rag.store.truth import Indexed, LeftOut, Truth
from rag.types import Passage

# so many passages that went may be counted still: this share of all but the first few
_MOST_COUNTED, _FEW = 0.02, 20_000


def build(root: Path, truth: Truth, large: int) -> Caches:
    """Makes new caches in `root` of the generation that `truth` is reading; a segment of `large` passages or more has an inverted file.

    Raises OSError, RuntimeError (of FAISS) or ValueError (of tantivy) where they cannot
    be written, and leaves nothing of them, and ArchiveDamaged where it cannot be told
    which articles of the truth are damaged, or all are.
    """
    with _making(root) as made:
        gathering = _Gathering(made.save, large)
        LexicalIndex.build(made.lexical, gathering.words(truth.indexed()))
        gathering.check()
        manifest = made.publish(Manifest(truth.generation, truth.token, (), made.lexical.name, {}, _named(gathering.left_out)))
    return Caches.of(manifest, root, root)


def grow(root: Path, truth: Truth, large: int, held: Caches | None) -> Caches | None:
    """Brings the caches in `root` to the generation that `truth` is reading; segments that are `held` are not read again.

    None where they have to be built: where there are none, one of their files is
    damaged, they are of that generation already or of another history, or too much
    went. Raises what `build` raises.
    """
    try:
        change = _Change.since(root, truth)
        if change is None:
            return None
        with _making(root) as made:
            bring(change.before, root, made.lexical, _link)
            gathering = _Gathering(made.save, large)
            LexicalIndex.grow(made.lexical, gathering.words(truth.indexed(change.come)), change.went)
            kept = _joined(made, change, large)
            left_out = _named([*change.damaged, *gathering.left_out])
            files, gone = change.files(kept, made.lexical), change.gone_of(kept)
            manifest = made.publish(Manifest(truth.generation, truth.token, tuple(kept), made.lexical.name, files, left_out, gone, change.counted))
        return Caches.of(manifest, root, root, held)
    except Damaged:
        return None


def in_memory(truth: Truth, large: int) -> Caches:
    """Caches of the generation that `truth` is reading, of which nothing is kept on disk. Raises ArchiveDamaged as `build` does."""
    segments: list[Segment] = []
    gathering = _Gathering(segments.append, large)
    lexical = LexicalIndex.build(None, gathering.words(truth.indexed()))
    gathering.check()
    return Caches(truth.generation, truth.token, Segments(segments), lexical, gathering.left_out, {})


class _Gathering:
    """Segments of articles, made while their words pass by, and given to `take`."""

    def __init__(self, take: Callable[[Segment], object], large: int) -> None:
        self.left_out: list[LeftOut] = []
        self._take = take
        self._large = large
        self._waiting: list[Indexed] = []
        self._is_empty = True

    def words(self, articles: Iterable[Indexed | LeftOut]) -> Iterator[Words]:
        """Those of every passage, in order."""
        passages = 0
        for one in articles:
            if isinstance(one, LeftOut):
                self.left_out.append(one)
                continue
            yield from _words(one)
            self._waiting.append(replace(one, article=replace(one.article, text="", parts=())))
            passages += len(one.spans)
            if passages >= self._large:
                self._finish()
                passages = 0
        self._finish()

    def check(self) -> None:
        """Raises ArchiveDamaged where all articles were left out."""
        if self.left_out and self._is_empty:
            raise ArchiveDamaged(str(self.left_out[0].error))

    def _finish(self) -> None:
        if self._waiting:
            self._take(Segment.of(self._waiting, self._large))
            self._waiting.clear()
            self._is_empty = False


class _Made:
    """What is new: segments by the names of their folders, and the folder of the lexical index."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.segments: dict[str, Segment] = {}
        self.folders: list[Path] = []
        self.lexical = self._folder()

    def save(self, segment: Segment) -> None:
        folder = self._folder()
        folder.mkdir()
        segment.save(folder)
        # read from there, its vectors need no memory
        self.segments[folder.name] = Segment.load(folder)

    def publish(self, manifest: Manifest) -> Manifest:
        """Puts a manifest in place, of what `manifest` names and all that is new, and clears away what it does not name."""
        there = [path for name in (*self.segments, manifest.lexical) for path in (self.root / name).iterdir() if path.suffix != ".lock"]
        new = {path.relative_to(self.root).as_posix(): path for path in there}
        for path in (new[name] for name in new.keys() - manifest.files.keys()):
            # tantivy makes some of its files for their owner only; whoever may read the archive may read its caches
            path.chmod(self.lexical.stat().st_mode & 0o666)
        files = {name: manifest.files.get(name) or fingerprint(path) for name, path in new.items()}
        whole = replace(manifest, segments=(*manifest.segments, *self.segments), files={**manifest.files, **files})
        whole.write(self.root)
        # the manifest names them now, whatever happens from here on
        self.folders.clear()
        clear(self.root, [*whole.segments, whole.lexical])
        return whole

    def _folder(self) -> Path:
        self.folders.append(self.root / uuid.uuid4().hex[:12])
        return self.folders[-1]


@contextmanager
def _making(root: Path) -> Iterator[_Made]:
    """New folders in `root`, of which none is left where something is raised before they are published."""
    made = _Made(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
        yield made
    except BaseException:
        for folder in made.folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise


@dataclass(frozen=True, slots=True)
class _Change:
    """What is other than in the caches in `root` that the manifest `before` describes: numbers of articles that came, that went, and that are gone.

    Gone are those that went since and those that had gone before; `damaged` are those
    of them whose rows are there. The lexical index counts `counted` of their passages.
    """

    before: Manifest
    root: Path
    facets: Mapping[str, Facets]
    come: Sequence[int]
    went: Sequence[int]
    gone: Numbers
    counted: int
    damaged: Sequence[LeftOut]

    @classmethod
    def since(cls, root: Path, truth: Truth) -> Self | None:
        """None where caches cannot grow by it. Raises Damaged where one of their files is, ArchiveDamaged where an article is lost."""
        before = Manifest.read(root)
        if before is None or before.token == truth.token or not truth.has_been(before.token):
            return None
        facets = {name: _facets(root, before, name) for name in before.segments}
        sound, damaged = truth.numbers()
        indexed = Facets.joined(list(facets.values()))
        numbers, passages = indexed.articles[:2]
        gone = np.setdiff1d(numbers, sound)
        went = np.setdiff1d(gone, before.gone)
        counted = before.counted + int(passages[np.isin(numbers, went)].sum())
        has_returned = len(np.setdiff1d(before.gone, gone)) > 0
        if has_returned or counted > _MOST_COUNTED * max(0, len(indexed.passages) - _FEW):
            return None
        before.check(root, before.in_folder(before.lexical))
        return cls(before, root, facets, np.setdiff1d(sound, numbers).tolist(), went.tolist(), gone, counted, damaged)

    def segment(self, name: str) -> Segment:
        """One of those before, without what is gone. Raises Damaged."""
        segment = stored_segment(self.root, self.before, name)
        return replace(segment, facets=segment.facets.without(self.gone))

    def gone_of(self, names: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the articles that are gone and that segments of these names have."""
        return tuple(number for name in names for number in np.intersect1d(self.facets[name].articles[0], self.gone).tolist())

    def files(self, names: Iterable[str], lexical: Path) -> dict[str, tuple[int, str]]:
        """What is known of the files in segments of these names, and of those that a lexical index has from before."""
        known = {path: self.before.files[path] for name in names for path in self.before.in_folder(name)}
        for path in self.before.in_folder(self.before.lexical):
            brought = lexical / Path(path).name
            # of all its files these alone keep their names when they change
            if brought.suffix != ".json" and brought.exists():
                known[f"{lexical.name}/{brought.name}"] = self.before.files[path]
        return known


def _joined(made: _Made, change: _Change, large: int) -> list[str]:
    """Makes one segment of those that are to be one, new or not, and gives the names of those before that stay."""
    sizes = {name: len(facets.passages) for name, facets in change.facets.items()}
    sizes |= {name: segment.vectors.size for name, segment in made.segments.items()}
    names = [list(sizes)[place] for place in to_join(sizes.values(), large)]
    if names:
        parts = [made.segments.pop(name) if name in made.segments else change.segment(name) for name in names]
        made.save(Segment.joined(parts, large))
    return [name for name in change.facets if name not in names]


def _facets(root: Path, manifest: Manifest, name: str) -> Facets:
    path = f"{name}/{FACETS}"
    manifest.check(root, [path])
    return Facets.load((root / path).read_bytes())


def _named(left_out: Iterable[LeftOut]) -> tuple[tuple[int, str], ...]:
    return tuple((one.number, one.id) for one in left_out)


def _words(one: Indexed) -> Iterator[Words]:
    told, known = days(one.article)
    for number, span in one.spans:
        yield Words(number, one.number, Passage(one.article, span).indexed_text, one.article.source, told, known)


def _link(path: Path, copy: Path) -> None:
    try:
        os.link(path, copy)
    except FileNotFoundError:
        raise
    except OSError:
        # a file system without links, or a file of another user
        shutil.copyfile(path, copy)
