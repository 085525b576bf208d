"""What is left of an archive that is damaged: all that can be read and is what was stored."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.feedback import Feedback
from rag.notes import Note
from rag.store.base import Entry
from rag.store.database import Access
from rag.store.meta import WAY_OUT
from rag.store.truth import ORIGIN, Truth
from rag.types import Article, Edition, Identity, Original

# rows that are looked for one by one in a gap, which damage may have made endless
_MOST_BETWEEN = 10_000_000

_BOTH_WAYS = ("SELECT n FROM {} NOT INDEXED ORDER BY n", "SELECT n FROM {} NOT INDEXED ORDER BY n DESC")


@dataclass(frozen=True, slots=True)
class Remnant:
    """What is left of an article in a damaged file: all of it, the article without its passages or vectors, or its name and origin as they read.

    `arrived` is when the article's text came in, None where nobody knows.
    """

    name: str
    origin: str
    article: Article | None
    entry: Entry | None
    arrived: datetime | None = None


class Salvage(Truth):
    """A connection to a file whatever it is like; each method gives what it can. Raises ArchiveDamaged where it is no database any more."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, Access.SALVAGE)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps others from writing meanwhile: a note that somebody is about to write waits, and its writer is told that the file was replaced."""
        with self._db.tolerant():
            self.settle()
        with self._db.held():
            yield

    @property
    def bound(self) -> tuple[Identity, str] | None:
        """The model of the vectors and how articles were cut, None where that cannot be read."""
        with self._db.tolerant():
            identity, passages = self.identity, self.passage_settings
            return (identity, passages) if identity and passages else None
        return None

    def remnants(self) -> Iterator[Remnant]:
        """What is left of each article, whatever the file is like, in the order of their numbers."""
        for number in self._numbers("articles"):
            yield self._remnant(number)

    def flaws(self, progress: Callable[[], object]) -> Iterator[str]:
        """All that is not what was stored, for a person to read; `progress` is called for each article."""
        yield from self._flaws_of_the_whole()
        looked_at: set[str] = set()
        for remnant in self.remnants():
            progress()
            if remnant.article and self._has_lost_original(remnant.article, looked_at):
                yield f"the file that article {remnant.name} was read from is not what was stored; the article itself is"
            if remnant.entry is None:
                what = "its text is intact" if remnant.article else f"it was read from {remnant.origin or 'a program'}"
                yield f"article {remnant.name} is not what was stored: {what}"
        for number in self._numbers("editions"):
            try:
                with self._db.told():
                    earlier = self.editions.edition(number).article
            except ArchiveDamaged as error:
                yield str(error)
                continue
            if self._has_lost_original(earlier, looked_at):
                yield f"the file that an earlier text of article {earlier.id} was read from is not what was stored; the text itself is"

    def _has_lost_original(self, article: Article, looked_at: set[str]) -> bool:
        """Whether what it was read from is not what was stored; each document is looked at, and told of, once."""
        if article.original is None or article.original.sha256 in looked_at:
            return False
        looked_at.add(article.original.sha256)
        return self.original_left(article.original) is None

    def _flaws_of_the_whole(self) -> Iterator[str]:
        rows = self.check_rows, self._check_owners, self.editions.check, lambda: self.notes.of(None), self.feedback.all, self.originals.check
        for check in (self._check_pages, self._meta.facts, *rows):
            try:
                with self._db.told():
                    check()
            except ArticleDamaged:
                # named with all others that are damaged
                continue
            except ArchiveDamaged as error:
                yield str(error)

    def _remnant(self, number: int) -> Remnant:
        article = entry = arrived = None
        name, origin = f"the article in row {number}", ""
        with self._db.tolerant():
            row = self._row("n = ?", number)
            if row:
                name, origin = str(row[1]), str(row[1 + ORIGIN])
                article = self._article(row)
                arrived = self._arrival(row)
                entry = self._entry(row, article)
        return Remnant(name, origin, article, entry, arrived)

    def original_left(self, original: Original) -> Original | None:
        """The document with its bytes; None where they are not what was stored."""
        with self._db.tolerant():
            packed = self.originals.packed(original.sha256)
            data = packed.unpacked() if packed else None
            return None if data is None else replace(original, data=data)
        return None

    @property
    def has_lost_rows(self) -> bool:
        """Whether articles may be gone of which not even the name is left: the seals that are there are not those that were."""
        with self._db.tolerant():
            self._meta.check("articles", (sealed for (sealed,) in self._db.execute("SELECT seal FROM articles NOT INDEXED")))
            return False
        return True

    def notes_left(self) -> list[Note | None]:
        """Each note that is what was stored, None for one that is not."""
        with self._db.tolerant():
            return self.notes.each()
        return []

    @property
    def last_note(self) -> int:
        """The greatest number that a note has had, 0 where that cannot be read."""
        with self._db.tolerant():
            return self.notes.last
        return 0

    def feedback_left(self) -> list[Feedback | None]:
        """The same of feedback."""
        with self._db.tolerant():
            return self.feedback.each()
        return []

    def editions_left(self) -> Iterator[Edition | None]:
        """Each earlier text that is what was stored, in the order in which they were replaced; None for one that is not."""
        for number in self._numbers("editions"):
            found = None
            with self._db.tolerant():
                found = self.editions.edition(number)
            yield found

    def _numbers(self, table: str) -> list[int]:
        """The numbers of a table's rows, also where a page in their midst cannot be read: from both ends, and all between."""
        up, down = (self._until_damage(way.format(table)) for way in _BOTH_WAYS)
        between = range(max(up) + 1, min(down)) if up and down else range(0)
        return sorted({*up, *down, *between[:_MOST_BETWEEN]})

    def _until_damage(self, rows: str) -> list[int]:
        found: list[int] = []
        with self._db.tolerant():
            found.extend(n for (n,) in self._db.execute(rows) if isinstance(n, int))
        return found

    def _check_pages(self) -> None:
        (first,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if first != "ok":
            raise ArchiveDamaged(f"{self._db.path} is damaged: {first}; {WAY_OUT}")
