"""What a store promises, whatever keeps it: reads see one generation, writes are whole or not there.

A passage's number is its key inside a store: never used twice, so a number
that an older generation knew means the same passage or none.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from rag.arrays import Numbers, Scores, Vectors
from rag.errors import ArticleDamaged
from rag.feedback import Feedback
from rag.listing import Order, Place, Shelf
from rag.notes import Note
from rag.store.inventory import Inventory, Writing
from rag.store.wanted import Wanted
from rag.types import Article, Edition, Filters, Identity, Kept, Original, Passage, Searched, Span, Status


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with its passages and their unit vectors, float32 [len(spans), dimension], and when its text came in, None where nobody knows."""

    article: Article
    spans: Sequence[Span]
    vectors: Vectors
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries by the ids that were asked for; of articles that are not what was stored none is among them, but what is wrong with each."""

    intact: Mapping[str, Entry]
    damaged: Mapping[str, ArticleDamaged] = field(default_factory=dict)

    def all(self) -> Mapping[str, Entry]:
        """Raises ArticleDamaged where one is not what was stored."""
        for error in self.damaged.values():
            raise error
        return self.intact


@dataclass(frozen=True, slots=True)
class Delivery:
    """Some of what another store holds, for one that becomes a copy of it: of its generation `token`, with vectors of `model` and articles cut
    as `passages` says, as its `Inventory` has them.

    Articles of the ids `gone` go, and `entries` come in place of what is there under their ids; neither touches earlier texts. Of these, in
    the order of `Inventory.editions`, the first `editions_after` stay, the others go, and `editions` come behind them; with None all stay, and
    none comes. `writing` takes the place of all notes and all feedback. Originals of articles and earlier texts come with their bytes,
    unless the store has them: what has neither is taken over without its original. `state` is what `Inventory.state` was, or what the
    delivery before gave; with "" it is not looked at.
    """

    token: str
    model: Identity | None
    passages: str | None
    gone: Sequence[str] = ()
    entries: Sequence[Entry] = ()
    editions_after: int | None = None
    editions: Sequence[Edition] = ()
    writing: Writing | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages by number; of articles that are not what was stored none is among them, but what is wrong with each."""

    intact: Mapping[int, Passage]
    damaged: Sequence[ArticleDamaged] = ()

    def all(self) -> Mapping[int, Passage]:
        """Raises ArticleDamaged where one is not what was stored."""
        if self.damaged:
            raise self.damaged[0]
        return self.intact


@dataclass(frozen=True, slots=True)
class Labels:
    """What articles are told apart by: their days as `date.toordinal`, 0 for an undated one, and their sources as places in `names`, -1 for none."""

    days: Numbers
    sources: Numbers
    names: tuple[str, ...]


class Snapshot(Protocol):
    """One generation of a store, for as long as one question takes."""

    @property
    def left_out(self) -> Sequence[ArticleDamaged]:
        """What is wrong with each article that no search can find, since it was not what was stored when it was to be indexed."""
        ...

    def searched(self, filters: Filters) -> Searched:
        """What the filters leave, and in `damaged`, whatever they are, what is left out."""
        ...

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> tuple[Numbers, Scores]:
        """The passages of highest cosine to the unit `vector` [dim], best first, with their cosines."""
        ...

    def matching(self, query: str, k: int, filters: Filters) -> tuple[Numbers, Scores]:
        """The passages of highest BM25 for the query's words, best first; none that has no word of it."""
        ...

    def every(self, wanted: Wanted, filters: Filters) -> tuple[Numbers, Scores]:
        """All passages that with their title have every word, however many they are, by number, with their BM25; none where no word is looked for."""
        ...

    def saying(self, numbers: Numbers, wanted: Wanted) -> Numbers:
        """Those of the passages, all of which have every word, that have them without their title, by number."""
        ...

    def articles_of(self, numbers: Numbers) -> Numbers:
        """The numbers of the articles of the passages, int64 [n]."""
        ...

    def labels(self, articles: Numbers) -> Labels:
        """The day and the source of each of the articles with these numbers."""
        ...

    def stories(self, articles: Numbers) -> Numbers:
        """A number for each of the articles, int64 [n]: the same for those that were told to share a story."""
        ...

    def cosines(self, numbers: Numbers, vector: Vectors) -> Scores:
        """The cosine of each passage of `numbers` to the unit `vector` [dim]."""
        ...

    def passages(self, numbers: Collection[int]) -> Passages:
        """The passages with these numbers; one that is gone is left out."""
        ...

    def alike(self, ids: Collection[str], filters: Filters) -> Mapping[str, Sequence[Article]]:
        """Of each of the articles that were told to share a story with others, those that the filters leave: at most MOST_COPIES, the earliest first.

        Only their texts say whether they are near-copies still, or were copies of a third.
        """
        ...

    def entries(self, ids: Collection[str]) -> Entries:
        """Articles with their passages and their vectors, as the store keeps them, in the order of the ids; an unknown one is left out."""
        ...

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many passages, each with its article's title, each of the stems stands."""
        ...


class Writer(Protocol):
    def put(self, entries: Sequence[Entry], identity: Identity) -> Mapping[str, str]:
        """Adds articles, each in place of the one with its id, whose text, if it is another, is kept. On return they survive a killed process.

        One that has its text already came in when that did, whatever its entry says.

        Gives the ids of those that are near-copies of others, each with the likeliest that it is one of.

        Raises ArchiveMismatch where the archive's vectors are of another model than `identity`.
        """
        ...

    def relocate(self, id: str, origin: str, original: Original | None = None) -> None:
        """Records that an article, unchanged, was read from elsewhere, and where none was kept, the document."""
        ...

    def keep(self, documents: Sequence[Kept]) -> None:
        """Records what was in documents, so that they need not be read again while they are unchanged.

        One whose articles are not all here is left out.
        """
        ...

    def remove(self, ids: Sequence[str]) -> Mapping[str, int]:
        """Removes articles with their earlier texts, and gives of each how many it had; one that is lost may have some still."""
        ...

    def take_over(self, delivery: Delivery) -> str:
        """Takes over, all of it or nothing, what another store holds, as it is there; gives `Inventory.state`.

        On return it survives a killed process.

        Articles come as they are: with the moments of their entries, None too, and the text that they take the place of becomes no
        earlier one; vectors are kept as they are, float16. Notes and feedback keep their numbers, the generations among them, and no
        note will get a number up to `last_note`. Near-copies are told as by `put`. From then on `Inventory.copied` is `delivery.token`,
        until anything but this changes articles, earlier texts, notes or feedback.

        Raises ArchiveMismatch where the archive's vectors are of another model, or its articles cut otherwise, than the delivery's, and
        where it is no longer in the delivery's `state`: what somebody wrote meanwhile would be taken for a part of the copy.
        """
        ...


class Store(Protocol):
    def reading(self) -> AbstractContextManager[Snapshot]:
        """One generation to search."""
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """The only writer; what it wrote can be searched when the context ends. Raises ArchiveLocked, ReadOnly."""
        ...

    def check(self, identity: Identity) -> None:
        """Raises ArchiveMismatch where the archive's vectors are of another model than `identity`."""
        ...

    def article(self, id: str) -> Article | None: ...

    def entry(self, id: str) -> Entry | None:
        """An article with its passages and their vectors, as the store keeps them; None for an unknown id."""
        ...

    def original(self, id: str) -> bytes | None:
        """The document that an article was read from; None where it was not kept. Raises ArchiveDamaged where it is not what was stored."""
        ...

    def original_bytes(self, sha256: str) -> bytes | None:
        """The document of that SHA-256, which an article or an earlier text names; None where it is not here. Raises as `original` does."""
        ...

    def articles(self) -> Iterator[Article]:
        """All articles, in the order of their ids."""
        ...

    def editions(self, article: str | None) -> list[Edition]:
        """The earlier texts of an article, or of all, what was replaced last first: no text twice, and none that the article has now."""
        ...

    def edition(self, id: str, sha256: str) -> Edition | None:
        """The earlier text of an article that has that SHA-256; None where there is none. Raises ArchiveDamaged where it is not what was stored."""
        ...

    def inventory(self) -> Inventory:
        """All that is here, of one generation, told by seals. Raises ArchiveDamaged where nobody can tell what is lost."""
        ...

    def has_been(self, token: str) -> bool:
        """Whether this or an earlier generation of this very store has that token."""
        ...

    def counted(self, filters: Filters) -> Searched:
        """What the filters leave."""
        ...

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
        """Of the articles that the filters leave and that have all `words` in title, source or author, `limit` from `offset` on.

        With `past` the offset counts from behind that place of the order; with `arrived_since` only those are left whose texts came in then or later.
        With `arrivals` the day of an article that the filters take for undated is the one (UTC) on which its text came in.
        """
        ...

    def titles(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The title of each of the articles that is here and whose row is what was stored."""
        ...

    def notes(self, article: str | None) -> list[Note]:
        """The notes on an article, be it there or not, or all notes, in the order in which they were made."""
        ...

    def add_note(self, note: Note) -> Note:
        """Keeps a note, also beside a writer, and gives it back with its number; on return it survives a killed process."""
        ...

    def answer_note(self, number: int, text: str, author: str | None, made: datetime) -> Note | None:
        """Keeps an answer as `add_note` keeps a note: to the note of that number, or to the one that it answers; None where it is not there."""
        ...

    def remove_note(self, number: int, author: str | None = None) -> bool:
        """Whether there was such a note; its answers stay. Raises InputError where another than `author` wrote it."""
        ...

    def feedback(self) -> list[Feedback]:
        """All feedback, in the order in which it was given."""
        ...

    def add_feedback(self, feedback: Feedback) -> Feedback:
        """Keeps feedback, as `add_note` keeps a note, with its number and this generation's."""
        ...

    def kept(self, origin: str) -> Kept | None:
        """What was in the document that was read from there; None where that is not known, or not all of it is here as it was."""
        ...

    def holding(self, ids: Iterable[str]) -> Sequence[tuple[str, str]]:
        """Each of the articles with the place of each document that is known to have it."""
        ...

    def origins(self) -> Mapping[str, str]:
        """Where each article was read from, by its id."""
        ...

    def status(self) -> Status: ...

    def close(self) -> None: ...
