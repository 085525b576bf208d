"""A store in one folder: SQLite is the truth; FAISS and tantivy are caches of it.

Readers each see one generation. Caches that are missing, damaged or behind are
rebuilt from the truth before they are searched, and the log says so; only
while somebody is writing are caches that are behind searched as they stand.
Articles that are not what was stored are left out of them, and told of.
A store that is read only keeps what it builds in a temporary folder.
"""

import logging
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from rag.arrays import Numbers, Scores, Vectors
from rag.errors import ArchiveDamaged, ArchiveError, ArchiveLocked, ArticleDamaged, ReadOnly
from rag.feedback import Feedback
from rag.listing import Order, Place, Shelf
from rag.notes import Note
from rag.settings import Settings
from rag.store.base import Delivery, Entries, Entry, Labels, Passages
from rag.store.building import build, grow, in_memory
from rag.store.caches import FOLDER, Caches
from rag.store.counting import counted
from rag.store.database import Access, check_writable, may_write
from rag.store.facets import Facets
from rag.store.identity import check_identity
from rag.store.inventory import Inventory
from rag.store.locking import WRITE_LOCK, only_builder, only_writer
from rag.store.meta import WAY_OUT
from rag.store.packed import Packed
from rag.store.replacing import made_if_absent
from rag.store.truth import Truth
from rag.store.wanted import Wanted
from rag.store.words_of_passages import WordsOfPassages
from rag.types import Article, Edition, Filters, Identity, Kept, Original, Searched, Status

_log = logging.getLogger(__name__)


class LocalStore:
    """Safe to share between threads: each question holds the store for the milliseconds of its search."""

    def __init__(self, folder: Path, settings: Settings, *, read_only: bool = False) -> None:
        self._access = Access.READ_ONLY if read_only or not may_write(folder) else Access.READ
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._folder = folder
        self._settings = settings
        self._passage_settings = settings.passages
        self._truth = Truth(folder, self._access)
        self._caches: Caches | None = None
        self._history = "current"
        self._lock = threading.RLock()

    @contextmanager
    def reading(self) -> Iterator["LocalSnapshot"]:
        with self._generation() as truth:
            yield LocalSnapshot(truth, self._current(truth))

    @contextmanager
    def writing(self) -> Iterator["LocalWriter"]:
        self._make_folder()
        with only_writer(self._folder), closing(Truth(self._folder, Access.WRITE)) as truth:
            truth.tell_missing()
            with truth.transaction():
                before = truth.generation
            yield LocalWriter(truth, self._match, self._passage_settings)
            with truth.transaction("IMMEDIATE"):
                has_changed = truth.generation != before
                if has_changed:
                    # looked for once, and not at each of many commits
                    truth.originals.drop_unreferred()
            if has_changed:
                self._publish(truth)

    def check(self, identity: Identity) -> None:
        with self._generation() as truth:
            self._match(truth, identity, self._passage_settings)

    def article(self, id: str) -> Article | None:
        with self._generation() as truth:
            return truth.article(id)

    def entry(self, id: str) -> Entry | None:
        with self._generation() as truth:
            return truth.entry(id)

    def original(self, id: str) -> bytes | None:
        with self._generation() as truth:
            packed = truth.original(id)
        # with the store let go, since a large one takes a second
        return _unpacked(packed, f"the file that article {id} was read from")

    def original_bytes(self, sha256: str) -> bytes | None:
        with self._generation() as truth:
            packed = truth.originals.packed(sha256)
        return _unpacked(packed, f"the file with the SHA-256 {sha256}, which articles were read from,")

    def articles(self) -> Iterator[Article]:
        with self._generation() as truth:
            ids = truth.ids()
        for id in ids:
            article = self.article(id)
            if article:
                yield article

    def editions(self, article: str | None) -> list[Edition]:
        with self._generation() as truth:
            return truth.editions.of(article)

    def edition(self, id: str, sha256: str) -> Edition | None:
        with self._generation() as truth:
            return truth.editions.find(id, sha256)

    def inventory(self) -> Inventory:
        with self._generation() as truth:
            return truth.inventory()

    def has_been(self, token: str) -> bool:
        with self._generation() as truth:
            return truth.has_been(token)

    def counted(self, filters: Filters) -> Searched:
        with self._generation() as truth:
            truth.check_rows()
            return counted(truth.searched, filters, self._having(truth, filters))

    def shelf(
        self,
        words: Sequence[str],
        filters: Filters,
        order: Order,
        offset: int,
        limit: int,
        past: Place | None = None,
        *,
        arrived_since: datetime | None = None,
        arrivals: bool = False,
    ) -> Shelf:
        with self._generation() as truth:
            having = self._having(truth, filters)
            return truth.shelf(words, filters, order, offset, limit, past, having=having, arrived_since=arrived_since, arrivals=arrivals)

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        with self._generation() as truth:
            return truth.titles(ids)

    def notes(self, article: str | None) -> list[Note]:
        with self._generation() as truth:
            return truth.notes.of(article)

    def add_note(self, note: Note) -> Note:
        with self._annotating() as truth:
            return truth.notes.add(note)

    def answer_note(self, number: int, text: str, author: str | None, made: datetime) -> Note | None:
        with self._annotating() as truth:
            return truth.notes.answer(number, text, author, made)

    def remove_note(self, number: int, author: str | None = None) -> bool:
        with self._annotating() as truth:
            return truth.notes.remove(number, author)

    def feedback(self) -> list[Feedback]:
        with self._generation() as truth:
            return truth.feedback.all()

    def add_feedback(self, feedback: Feedback) -> Feedback:
        with self._annotating() as truth:
            return truth.feedback.add(replace(feedback, generation=truth.generation))

    def kept(self, origin: str) -> Kept | None:
        with self._generation() as truth:
            return truth.kept(origin)

    def holding(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        with self._generation() as truth:
            return truth.holding(ids)

    def origins(self) -> dict[str, str]:
        with self._generation() as truth:
            return truth.origins()

    def status(self) -> Status:
        with self.reading() as snapshot:
            return snapshot.status(self._history)

    def close(self) -> None:
        with self._lock:
            self._truth.close()
            if self._temporary:
                self._temporary.cleanup()
                self._temporary = None

    def _having(self, truth: Truth, filters: Filters) -> Numbers | None:
        return LocalSnapshot(truth, self._current(truth)).having(filters) if filters.having else None

    @contextmanager
    def _annotating(self) -> Iterator[Truth]:
        """A writing transaction beside the articles: it waits for a commit of theirs, not for the end of an `add`."""
        self._make_folder()
        with closing(Truth(self._folder, Access.WRITE)) as truth, truth.transaction("IMMEDIATE"):
            yield truth

    @contextmanager
    def _generation(self) -> Iterator[Truth]:
        """The truth inside one reading transaction, by one thread at a time."""
        with self._lock:
            if not self._truth.is_current:
                self._truth.close()
                self._truth = Truth(self._folder, self._access)
                if self._caches and self._caches.left_out:
                    # what they left out may be whole in the file that is there now, of the same generation
                    self._caches = None
            with self._truth.transaction():
                yield self._truth

    def _current(self, truth: Truth) -> Caches | None:
        """Caches that may be searched for the generation that `truth` is reading; None while nothing is indexed."""
        if truth.identity is None:
            return None
        held = self._caches
        if held is None or not self._serves(held, truth):
            with self._only_builder():
                found = self._stored(truth)
                self._caches = found if isinstance(found, Caches) else self._renewed(truth, found)
            self._tell_left_out(self._caches)
        return self._caches

    def _stored(self, truth: Truth) -> Caches | str:
        """The caches on disk, or why others have to be made."""
        try:
            caches = Caches.load(self._folder / FOLDER, self._caches, self._scratch() if self._read_only else None)
        except (ValueError, RuntimeError) as error:
            return str(error)
        except OSError as error:
            return f"{Path(error.filename or FOLDER).name} cannot be copied: {error.strerror}"
        return (self._behind(caches, truth) or caches) if caches else "there is none yet"

    def _behind(self, caches: Caches, truth: Truth) -> str | None:
        """What caches lack of the generation that `truth` is reading."""
        if not self._serves(caches, truth):
            if caches.generation >= truth.generation:
                return "it is of another state of the archive"
            return f"it is of generation {caches.generation}, the archive of {truth.generation}"
        if any(truth.is_sound(one.number) for one in caches.left_out):
            return "an article that it left out is what was stored again"
        return None

    def _renewed(self, truth: Truth, reason: str) -> Caches:
        """Other caches than those on disk, after saying how they are made, and why."""

        def tell(how: str) -> None:
            self._history = f"{how}: {reason}"
            _log.warning("%s: the search cache is %s from the archive: %s", self._folder, how, reason)

        return self._made(truth, tell)

    def _made(self, truth: Truth, tell: Callable[[str], None]) -> Caches:
        """New caches on disk, or in memory alone where they cannot be written: what is kept can be searched all the same."""
        root, large = self._scratch() if self._read_only else self._folder / FOLDER, self._settings.approximate_from
        try:
            caches = grow(root, truth, large, self._caches)
            tell("brought up to date" if caches else "rebuilt")
            return caches or build(root, truth, large)
        # FAISS and tantivy tell so that a disk is full
        except (OSError, RuntimeError, ValueError) as error:
            tell("rebuilt in memory")
            _log.warning(
                "%s: the search cache cannot be written: %s; searching goes on from memory, and each program that is started builds it anew; "
                "make room, or make the folder writable",
                self._folder,
                getattr(error, "strerror", None) or error,
            )
            return in_memory(truth, large)

    def _serves(self, caches: Caches, truth: Truth) -> bool:
        """Whether caches are of the generation that `truth` is reading, of an earlier one while somebody writes, or of a later one."""
        if caches.token == truth.token:
            return True
        return self._somebody_writes() if truth.has_been(caches.token) else self._is_later(caches, truth)

    def _is_later(self, caches: Caches, truth: Truth) -> bool:
        """Whether caches are of a generation that was written after the reading transaction began."""
        with closing(Truth(self._folder, self._access)) as now, now.transaction():
            return now.has_been(caches.token) and now.has_been(truth.token)

    def _publish(self, truth: Truth) -> None:
        """Makes what was written searchable, for this process and for others."""
        with self._only_builder(), truth.transaction():
            caches = self._made(truth, lambda _: None)
        self._tell_left_out(caches)
        with self._lock:
            self._caches = caches

    def _tell_left_out(self, caches: Caches) -> None:
        for one in caches.left_out:
            _log.error("%s: left out of all that is searched, and named with every answer: %s", self._folder, one.error)

    def _match(self, truth: Truth, identity: Identity, passages: str) -> None:
        check_identity(self._folder, truth.identity, identity, truth.passage_settings, passages)

    @property
    def _read_only(self) -> bool:
        return self._access is Access.READ_ONLY

    def _scratch(self) -> Path:
        """A temporary folder for what a store that is read only has to write somewhere."""
        if self._temporary is None:
            try:
                self._temporary = tempfile.TemporaryDirectory(prefix="pullquote-")
            except OSError as error:
                raise ArchiveError(f"no temporary folder can be made: {error.strerror}; set TMPDIR to one that can be written") from error
        return Path(self._temporary.name)

    def _make_folder(self) -> None:
        check_writable(self._folder)
        if self._read_only:
            raise ReadOnly(f"{self._folder} was opened to be read only; to change it, open it without read_only=True")
        made_if_absent(self._folder)

    def _somebody_writes(self) -> bool:
        if self._read_only and not (self._folder / WRITE_LOCK).exists():
            return False
        try:
            with only_writer(self._folder, wait=0):
                return False
        except ArchiveLocked:
            return True
        except ArchiveError:
            # who may not touch the lock cannot know, and builds caches of its own rather than search old ones
            return False

    def _only_builder(self) -> AbstractContextManager[None]:
        # the caches of one that is read only are nobody else's
        return nullcontext() if self._read_only else only_builder(self._folder)


class LocalSnapshot(WordsOfPassages):
    """The truth and its caches while a reading transaction lasts."""

    def __init__(self, truth: Truth, caches: Caches | None) -> None:
        super().__init__()
        self._truth = truth
        self._caches = caches

    @property
    def _facets(self) -> Facets | None:
        """Of all that is indexed, where that is the very generation that is read."""
        return self._caches.segments.facets if self._caches and self._caches.token == self._truth.token else None

    @property
    def left_out(self) -> Sequence[ArticleDamaged]:
        return [one.error for one in self._caches.left_out] if self._caches else ()

    def searched(self, filters: Filters) -> Searched:
        # while somebody writes, what is there already may not be indexed yet
        found = counted((self._facets or self._truth).searched, filters, self.having(filters))
        return replace(found, damaged=tuple(dict.fromkeys((*(error.id for error in self.left_out), *found.damaged))))

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> tuple[Numbers, Scores]:
        return self._caches.segments.nearest(vector, k, filters, self.having(filters)) if self._caches else _nothing()

    def matching(self, query: str, k: int, filters: Filters) -> tuple[Numbers, Scores]:
        return self._caches.lexical.search(query, k, filters, self.having(filters)) if self._caches else _nothing()

    def every(self, wanted: Wanted, filters: Filters) -> tuple[Numbers, Scores]:
        if not self._caches:
            return _nothing()
        return self._as_quoted(*self._caches.lexical.every(wanted.stems, filters, self.having(filters)), wanted)

    def articles_of(self, numbers: Numbers) -> Numbers:
        return self._caches.segments.facets.articles[0][self._caches.segments.places(numbers)] if self._caches else _nothing()[0]

    def _titles(self, articles: Numbers) -> dict[int, str]:
        return self._truth.titles_by_number(articles)

    def _passage_texts(self, numbers: Numbers) -> Iterator[tuple[int, str, str]]:
        return self._truth.passage_texts(numbers)

    def labels(self, articles: Numbers) -> Labels:
        return self._caches.segments.facets.labels(articles) if self._caches else Labels(_nothing()[0], _nothing()[0], ())

    def stories(self, articles: Numbers) -> Numbers:
        known = self._truth.stories_of(articles)
        # of an article of which nothing is known the story is its own, and stories are numbered as articles are
        return np.array([known.get(number, number) for number in articles.tolist()], dtype=np.int64)

    def cosines(self, numbers: Numbers, vector: Vectors) -> Scores:
        return self._caches.segments.cosines(numbers, vector) if self._caches else _nothing()[1]

    def passages(self, numbers: Collection[int]) -> Passages:
        found = self._truth.passages(numbers)
        if not self._facets:
            return found
        # those that a writer removed since the caches were made are gone; of their own generation none is
        owners = self._facets.owners(set(numbers) - found.intact.keys())
        damaged = {error.id: error for error in (*found.damaged, *(self._truth.left_out(owner).error for owner in owners))}
        return Passages(found.intact, list(damaged.values()))

    def alike(self, ids: Collection[str], filters: Filters) -> dict[str, list[Article]]:
        return self._truth.alike(ids, filters, self.having(filters))

    def entries(self, ids: Collection[str]) -> Entries:
        intact, damaged = {}, {}
        for id in dict.fromkeys(ids):
            try:
                entry = self._truth.entry(id)
            except ArticleDamaged as error:
                damaged[id] = error
                continue
            if entry:
                intact[id] = entry
        return Entries(intact, damaged)

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        return self._caches.lexical.frequencies(stems) if self._caches else dict.fromkeys(stems, 0)

    def status(self, history: str) -> Status:
        """Raises ArchiveDamaged where a row is not what was stored."""
        self._truth.check_rows()
        all_of_it = self._truth.searched(Filters())
        return Status(
            articles=all_of_it.articles,
            passages=all_of_it.passages,
            earliest=all_of_it.earliest,
            latest=all_of_it.latest,
            undated=all_of_it.undated,
            sources=self._truth.sources(),
            generation=self._truth.generation,
            token=self._truth.token,
            model=self._truth.identity,
            search=self._caches.segments.kind if self._caches else "nothing to search yet",
            caches=history,
            damaged=tuple(error.id for error in self.left_out),
            guessed=all_of_it.guessed,
            originals=self._truth.originals.size,
            origins=self._truth.stories,
        )


class LocalWriter:
    """Each call is one transaction: on return it is on disk."""

    def __init__(self, truth: Truth, match: Callable[[Truth, Identity, str], None], passage_settings: str) -> None:
        self._truth = truth
        self._match = match
        self._passage_settings = passage_settings

    def put(self, entries: Sequence[Entry], identity: Identity) -> dict[str, str]:
        with self._truth.transaction("IMMEDIATE"):
            self._match(self._truth, identity, self._passage_settings)
            self._truth.bind(identity, self._passage_settings)
            return self._truth.put(entries)

    def relocate(self, id: str, origin: str, original: Original | None = None) -> None:
        with self._truth.transaction("IMMEDIATE"):
            self._truth.relocate(id, origin, original)

    def keep(self, documents: Sequence[Kept]) -> None:
        with self._truth.transaction("IMMEDIATE"):
            self._truth.keep(documents)

    def remove(self, ids: Sequence[str]) -> dict[str, int]:
        with self._truth.transaction("IMMEDIATE"):
            return self._truth.remove(ids)

    def take_over(self, delivery: Delivery) -> str:
        with self._truth.transaction("IMMEDIATE"):
            if delivery.model and delivery.passages:
                self._match(self._truth, delivery.model, delivery.passages)
            return self._truth.take_over(delivery)


def _unpacked(packed: Packed | None, what: str) -> bytes | None:
    """The bytes of a document; None where there is none. Raises ArchiveDamaged where they are not what was stored."""
    if packed is None:
        return None
    data = packed.unpacked()
    if data is None:
        raise ArchiveDamaged(f"{what} is not what was stored; {WAY_OUT}")
    return data


def _nothing() -> tuple[Numbers, Scores]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
