"""Two stores compared: all of both is read, and whatever is not the same in both is named."""

from collections.abc import Iterator

import numpy as np

from rag.arrays import STORED
from rag.copying.reading import DAMAGED, edition_name
from rag.copying.report import Flaw, Progress, Step
from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.store import Entry, Inventory, Store
from rag.store.inventory import edition_seal
from rag.types import Article, Original

_DAMAGED_THERE = "is not what was stored in the destination"
_MISSING, _ONLY = "is missing in the destination", "is in the destination only"
_FACTS = ("title", "source", "author", "published", "url", "text", "sha256", "origin", "updated", "language", "facts", "parts", "original")


def compare(source: Store, destination: Store, progress: Progress = lambda _: None) -> tuple[Flaw, ...]:
    """What is not the same in both: articles with passages, vectors and documents, earlier texts, notes, feedback, what is known of documents.

    `progress` is told of each article. Raises ArchiveDamaged where nobody can tell what one of them has lost.
    """
    return tuple(_Comparison(source, destination, progress).flaws())


class _Comparison:
    def __init__(self, source: Store, destination: Store, progress: Progress) -> None:
        self._source = source
        self._destination = destination
        self._progress = progress
        self._ours, self._theirs = source.inventory(), destination.inventory()
        # of documents, by their SHA-256, whether they are there and what was stored
        self._originals: dict[str, bool] = {}

    def flaws(self) -> Iterator[Flaw]:
        ours, theirs = self._ours, self._theirs
        if (ours.model, ours.passages) != (theirs.model, theirs.passages):
            yield Flaw("the destination", "", "has vectors of another model, or articles that were cut otherwise")
        yield from _damaged(ours, "the source", DAMAGED)
        yield from _damaged(theirs, "the destination", _DAMAGED_THERE)
        yield from self._articles()
        yield from self._editions()
        yield from self._writing()
        yield from self._documents()

    def _articles(self) -> Iterator[Flaw]:
        ours, theirs = self._ours, self._theirs
        known = {error.id for error in (*ours.damaged, *theirs.damaged) if isinstance(error, ArticleDamaged)}
        for done, id in enumerate(ours.articles, 1):
            if id in theirs.articles:
                reason = self._of_article(id)
                if reason:
                    yield Flaw("article", id, reason)
            elif id not in known:
                yield Flaw("article", id, _MISSING)
            self._progress(Step(done, len(ours.articles), compares=True))
        yield from (Flaw("article", id, _ONLY) for id in theirs.articles if id not in ours.articles and id not in known)

    def _of_article(self, id: str) -> str | None:
        """What is wrong with an article that both have."""
        try:
            our = self._source.entry(id)
        except ArchiveDamaged:
            return DAMAGED
        try:
            their = self._destination.entry(id)
        except ArchiveDamaged:
            return _DAMAGED_THERE
        if our is None or their is None:
            return "went while it was compared"
        differing = [*_differing(our.article, their.article), *_differing_passages(our, their)]
        return f"differs: {', '.join(differing)}" if differing else self._of_original(their.article.original)

    def _editions(self) -> Iterator[Flaw]:
        ours, theirs = self._ours.editions, self._theirs.editions
        there, here = set(theirs), set(ours)
        for one in ours:
            reason = self._of_edition(one.id, one.sha256, one.seal) if one in there else "is missing in the destination, or differs"
            if reason:
                yield Flaw("earlier text", edition_name(one), reason)
        yield from (Flaw("earlier text", edition_name(one), "is in the destination only, or differs") for one in theirs if one not in here)
        if here == there and ours != theirs:
            yield Flaw("earlier texts", "", "are in another order in the destination")

    def _of_edition(self, id: str, sha256: str, seal: str) -> str | None:
        """What is wrong with an earlier text that both have."""
        try:
            our = self._source.edition(id, sha256)
        except ArchiveDamaged:
            return DAMAGED
        try:
            their = self._destination.edition(id, sha256)
        except ArchiveDamaged:
            return _DAMAGED_THERE
        if our is None or their is None:
            return "went while it was compared"
        if our != their or edition_seal(their) != seal:
            return "differs"
        return self._of_original(their.article.original)

    def _of_original(self, original: Original | None) -> str | None:
        """What is wrong with a document in the destination; each is read once."""
        if original is None:
            return None
        if original.sha256 not in self._originals:
            self._originals[original.sha256] = self._is_sound(original.sha256)
        return None if self._originals[original.sha256] else "was read from a file that is not what was stored in the destination"

    def _is_sound(self, sha256: str) -> bool:
        try:
            return self._destination.original_bytes(sha256) is not None
        except ArchiveDamaged:
            return False

    def _writing(self) -> Iterator[Flaw]:
        ours, theirs = self._ours.writing, self._theirs.writing
        for kind, here, there in (
            ("note", {one.number: one for one in ours.notes}, {one.number: one for one in theirs.notes}),
            ("verdict", {one.number: one for one in ours.feedback}, {one.number: one for one in theirs.feedback}),
        ):
            for number in sorted(here.keys() | there.keys()):
                if here.get(number) != there.get(number):
                    yield Flaw(kind, str(number), _MISSING if number not in there else _ONLY if number not in here else "differs")
        if theirs.last_note < ours.last_note:
            yield Flaw("notes", "", f"may get numbers in the destination that others had in the source, up to {ours.last_note}")

    def _documents(self) -> Iterator[Flaw]:
        for origin, seal in self._ours.documents.items():
            if self._theirs.documents.get(origin) != seal:
                kept = self._source.kept(origin)
                # of one whose articles are not all there nothing can be known, and they are named
                if kept and all(id in self._theirs.articles for id in kept.ids):
                    yield Flaw("document", origin, "is not known in the destination as it is in the source: `pullquote add` would read it again")


def _damaged(inventory: Inventory, store: str, reason: str) -> Iterator[Flaw]:
    for error in inventory.damaged:
        yield Flaw("article", error.id, reason) if isinstance(error, ArticleDamaged) else Flaw(store, "", f"is damaged: {error}")


def _differing(ours: Article, theirs: Article) -> list[str]:
    return [name for name in _FACTS if getattr(ours, name) != getattr(theirs, name)]


def _differing_passages(ours: Entry, theirs: Entry) -> list[str]:
    found = {
        "passages": list(ours.spans) == list(theirs.spans),
        # bit by bit, as they are stored
        "vectors": np.array_equal(ours.vectors.astype(STORED).view(np.uint16), theirs.vectors.astype(STORED).view(np.uint16)),
        "arrived": ours.arrived == theirs.arrived,
    }
    return [name for name, is_same in found.items() if not is_same]
