"""A damaged archive made whole again, of all that is intact in it."""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from rag.encoder import Encoder
from rag.errors import ArchiveDamaged, ArchiveMismatch, InputError
from rag.passages import passages
from rag.settings import Settings
from rag.store import Entry, Writing, replacing
from rag.store.database import FILE, Access, check_writable
from rag.store.locking import only_writer
from rag.store.replacing import workshop
from rag.store.salvage import Salvage
from rag.store.truth import Truth
from rag.types import Article, Identity

_TOGETHER = 64
# an article without its passages or vectors, and when its text came in
Unencoded = tuple[Article, datetime | None]


@dataclass(frozen=True, slots=True)
class Lost:
    """An article that must be added again: its id and where it was read from, as far as they can be read."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair kept: how many articles as they were, the ids of those encoded anew, what is lost, and where the old file is.

    `editions_lost` counts earlier texts of articles; those of an article that is lost are kept, for when it is added again.
    An article whose original is lost is kept without it, and so is an earlier text.

    `has_unnamed` says that there may have been articles of which not even a name is left.
    """

    kept: int
    encoded: tuple[str, ...]
    lost: tuple[Lost, ...]
    has_unnamed: bool
    notes_lost: int
    feedback_lost: int
    editions_lost: int
    originals_lost: int
    aside: Path | None


def repair(folder: Path, settings: Settings, encoder: Encoder, progress: Callable[[], object]) -> Repaired:
    """Puts the archive's file aside and makes a new one of what is intact in it; `progress` is called for each article.

    Vectors and passages that are damaged are made anew from an intact text.
    Raises ArchiveLocked while somebody writes, ArchiveMismatch where vectors must
    be made anew by another model than the archive's, ReadOnly where this user may not
    write to it, InputError where there is no archive.
    """
    check_writable(folder)
    if not (folder / FILE).exists():
        raise InputError(f"{folder} has no {FILE} that could be repaired; `pullquote restore` puts a copy there")
    # one of an older version, if it can be, is brought to this one first
    with suppress(ArchiveDamaged):
        Truth(folder, Access.WRITE).close()
    with only_writer(folder), workshop(folder) as made:
        try:
            salvage = Salvage(folder)
        except ArchiveDamaged:
            # no database any more: nothing in it can be read
            with closing(Truth(made, Access.WRITE)) as new:
                new.settle()
            return Repaired(0, (), (), True, 0, 0, 0, 0, replacing.replace(folder, made / FILE, "damaged"))
        with closing(salvage), salvage.held():
            with closing(Truth(made, Access.WRITE)) as new:
                found = _Repair(salvage, new, settings, encoder).done(progress)
            return replace(found, aside=replacing.replace(folder, made / FILE, "damaged"))


class _Repair:
    def __init__(self, salvage: Salvage, new: Truth, settings: Settings, encoder: Encoder) -> None:
        self._salvage = salvage
        self._new = new
        self._settings = settings
        self._encoder = encoder
        identity, cut = salvage.bound or (None, "")
        # articles that were cut otherwise are cut anew
        self._bound = identity if cut == settings.passages else None
        # by their SHA-256
        self._originals_lost: set[str] = set()

    def done(self, progress: Callable[[], object]) -> Repaired:
        """What is kept; the old file is not put aside yet."""
        kept, anew, lost = self._keep(progress)
        self._encode(anew)
        editions_lost = self._keep_editions()
        notes_lost, feedback_lost = self._keep_writing()
        has_unnamed = self._salvage.has_lost_rows
        self._new.settle()
        encoded = tuple(article.id for article, _ in anew)
        return Repaired(
            kept, encoded, tuple(lost), has_unnamed, notes_lost, feedback_lost, editions_lost, originals_lost=len(self._originals_lost), aside=None
        )

    def _keep(self, progress: Callable[[], object]) -> tuple[int, list[Unencoded], list[Lost]]:
        """Puts what is whole; gives how many that were, the articles without their passages or vectors, and what is lost."""
        batch: list[Entry] = []
        anew: list[Unencoded] = []
        lost: list[Lost] = []
        seen: set[str] = set()
        kept = 0
        for remnant in self._salvage.remnants():
            progress()
            article = remnant.article
            if article is None or article.id in seen:
                lost.append(Lost(remnant.name, remnant.origin))
                continue
            seen.add(article.id)
            self._keep_original(article)
            if remnant.entry and self._bound:
                batch.append(remnant.entry)
                kept += 1
            else:
                anew.append((article, remnant.arrived))
            if len(batch) == _TOGETHER:
                self._put(batch, self._bound)
                batch = []
        self._put(batch, self._bound)
        return kept, anew, lost

    def _keep_editions(self) -> int:
        """Puts earlier texts, one after the other; gives how many are lost."""
        lost = 0
        for edition in self._salvage.editions_left():
            kept = [replace(edition, article=self._keep_original(edition.article))] if edition else []
            with self._new.transaction("IMMEDIATE"):
                self._new.editions.add(kept)
            lost += edition is None
        return lost

    def _keep_original(self, article: Article) -> Article:
        """Puts what it was read from, once, and gives the article: without it where that is lost."""
        if article.original is None:
            return article
        with self._new.transaction("IMMEDIATE"):
            left = self._new.originals.keep(article.original)
            if left is None and article.original.sha256 not in self._originals_lost:
                left = self._salvage.original_left(article.original)
                if left:
                    self._new.originals.keep(left)
                else:
                    self._originals_lost.add(article.original.sha256)
        return article if left else replace(article, original=None)

    def _keep_writing(self) -> tuple[int, int]:
        """Puts people's own notes and feedback; gives how many of each are lost."""
        notes, feedback = self._salvage.notes_left(), self._salvage.feedback_left()
        left = Writing(tuple(note for note in notes if note), tuple(given for given in feedback if given), self._salvage.last_note)
        with self._new.transaction("IMMEDIATE"):
            self._new.take_writing(left)
        return notes.count(None), feedback.count(None)

    def _encode(self, articles: Sequence[Unencoded]) -> None:
        """Cuts and encodes articles whose text is all that is intact."""
        for article, arrived in articles:
            if self._bound and self._bound != self._encoder.identity:
                raise ArchiveMismatch(
                    f"article {article.id} must be encoded anew by {self._bound.model}, not by {self._encoder.identity.model}; "
                    "set PULLQUOTE_MODEL to that model"
                )
            cut = passages(article, self._settings)
            vectors = self._encoder.encode([passage.indexed_text for passage in cut])
            self._put([Entry(article, [passage.span for passage in cut], vectors, arrived)], self._encoder.identity)

    def _put(self, entries: Sequence[Entry], identity: Identity | None) -> None:
        if entries and identity:
            with self._new.transaction("IMMEDIATE"):
                self._new.bind(identity, self._settings.passages)
                self._new.put(entries)
