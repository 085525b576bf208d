"""Articles into a store: what is new is cut, encoded and committed in batches, what is unchanged costs nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from rag.corpus.canonical_text import check
from rag.corpus.files import ids
from rag.encoder import Encoder
from rag.errors import ArticleDamaged, InputError
from rag.passages import passages
from rag.settings import Settings
from rag.store import Entry, Store, Writer
from rag.types import Article, ArticleWarning, Document, Kept, Passage, Refusal

# articles are committed together once they have this many passages: enough to keep every core busy with batches
_COMMIT_PASSAGES = 256


class Fate(StrEnum):
    """What became of an item."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    REMOVED = "removed"
    REFUSED = "refused"


Progress = Callable[[Fate, str], None]
# what `rag.corpus.read_articles` gives
Item = Article | Refusal | Document | Kept


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that was written, by its id, and the likeliest of the articles that it is a near-copy of."""

    id: str
    of: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `add` did: the ids of articles, what was refused and why, and what of the others could not be read as it was meant.

    `copies` are those of the added and replaced ones that are near-copies of others in the archive.
    """

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[ArticleWarning, ...] = ()
    copies: tuple[Copy, ...] = ()


def add(items: Iterable[Item], store: Store, encoder: Encoder, settings: Settings, prune: Sequence[Path], progress: Progress) -> Report:
    """Adds `items` to the store as its only writer; see `Archive.add`."""
    with store.writing() as writer:
        addition = _Addition(store, writer, encoder, settings, progress)
        for item in items:
            addition.take(item)
        addition.commit()
        if prune:
            addition.prune(prune)
    return addition.report()


class _Addition:
    """One run of `add`: the articles waiting to be committed, and what became of the others."""

    def __init__(self, store: Store, writer: Writer, encoder: Encoder, settings: Settings, progress: Progress) -> None:
        self._store = store
        self._writer = writer
        self._encoder = encoder
        self._settings = settings
        self._progress = progress
        self._seen: dict[str, Article] = {}
        self._waiting: list[tuple[Fate, Article, list[Passage]]] = []
        self._done: dict[Fate, list[str]] = {fate: [] for fate in Fate}
        self._refused: list[Refusal] = []
        # since the last document: ids and origins of articles, and how many refusals there were before
        self._taken: list[tuple[str, str]] = []
        self._told = 0
        # documents that wait with their articles
        self._read: list[Kept] = []
        self._warnings: list[ArticleWarning] = []
        self._copies: list[Copy] = []

    def take(self, item: Item) -> None:
        match item:
            case Refusal():
                self._refuse(item)
            case Article():
                self._take_article(item)
            case Document():
                self._take_document(item)
            case Kept():
                self._take_kept(item)

    def commit(self) -> None:
        """Encodes and commits what is waiting; only then is it acknowledged, and are its documents known as read."""
        if self._waiting:
            self._commit_articles()
        if self._read:
            self._writer.keep(self._read)
            self._read.clear()

    def _commit_articles(self) -> None:
        cut = [passage for _, _, of_article in self._waiting for passage in of_article]
        vectors = self._encoder.encode([indexed_text(passage) for passage in cut])
        entries, start = [], 0
        for _, article, of_article in self._waiting:
            stop = start + len(of_article)
            entries.append(Entry(article, [passage.span for passage in of_article], vectors[start:stop]))
            start = stop
        copied = self._writer.put(entries, self._encoder.identity)
        self._copies += [Copy(id, of) for id, of in copied.items()]
        for fate, article, _ in self._waiting:
            self._settle(fate, article.id)
        self._waiting.clear()

    def prune(self, places: Sequence[Path]) -> None:
        """Removes the articles that came from `places` earlier and were not among the items."""
        # what could not be read now may be there still: a refused file, the file of a refused row, all below a refused folder
        kept = [Path(name) for refusal in self._refused for name in (refusal.origin, refusal.origin.rpartition(":")[0]) if name]
        gone = [
            id
            for id, origin in self._store.origins().items()
            if id not in self._seen and origin and _is_below(origin, places) and not _is_below(origin, kept)
        ]
        for id in self._writer.remove(gone):
            self._settle(Fate.REMOVED, id)

    def report(self) -> Report:
        done = {fate: tuple(ids) for fate, ids in self._done.items()}
        return Report(
            done[Fate.ADDED],
            done[Fate.UNCHANGED],
            done[Fate.REPLACED],
            done[Fate.REMOVED],
            tuple(self._refused),
            tuple(self._warnings),
            tuple(self._copies),
        )

    def _take_article(self, article: Article) -> None:
        try:
            self._take_sound(article)
        # what is stored of it may be worth more than what comes: a repair puts it aside first
        except (InputError, ArticleDamaged) as error:
            # what the archive refuses may be taken another time: such a document has an article that is not there
            self._taken.append((article.id, ""))
            self._refuse(Refusal(article.origin or article.id, str(error)))

    def _take_document(self, document: Document) -> None:
        """Notes what was in it, all of which was taken since the last one; rows of other files may have been too."""
        ids = tuple(id for id, origin in self._taken if origin in ("", document.origin))
        told = self._refused[self._told :]
        refused = tuple(one for one in told if one.origin == document.origin or one.origin.startswith(f"{document.origin}:"))
        self._read.append(Kept(document, ids, refused))
        self._taken.clear()
        self._told = len(self._refused)

    def _take_kept(self, kept: Kept) -> None:
        for id in kept.ids:
            try:
                article = self._store.article(id)
            except ArticleDamaged as error:
                self._refuse(Refusal(kept.document.origin, str(error)))
                continue
            if article:
                self._seen.setdefault(id, article)
            self._settle(Fate.UNCHANGED, id)
        for refusal in kept.refused:
            self._refuse(refusal)

    def _refuse(self, refusal: Refusal) -> None:
        self._refused.append(refusal)
        self._progress(Fate.REFUSED, refusal.origin)

    def _take_sound(self, article: Article) -> None:
        check(article)
        article = self._under_its_id(article)
        twin = self._seen.get(article.id)
        if twin and not _same(twin, article):
            raise InputError(f"its id {article.id} is that of another article in this batch, from {twin.origin or 'a program'}; give it its own")
        self._taken.append((article.id, article.origin))
        if twin:
            return
        old = self._store.article(article.id)
        self._warnings += [ArticleWarning(article.id, article.origin, reason) for reason in article.warnings]
        self._seen[article.id] = article
        if old and _same(old, article):
            if article.origin not in ("", old.origin):
                self._writer.relocate(article.id, article.origin)
            self._settle(Fate.UNCHANGED, article.id)
        else:
            self._wait(Fate.REPLACED if old else Fate.ADDED, article)

    def _under_its_id(self, article: Article) -> Article:
        """The article under the id that it has already; else under the shortest that no other file has which is still there."""
        if len(candidates := ids(article)) == 1:
            return article
        free = None
        for id in candidates:
            named, holder = replace(article, id=id), self._seen.get(id) or self._store.article(id)
            if holder and holder.origin == article.origin:
                return named
            if free is None and (holder is None or not _is_taken(named, holder)):
                free = named
        return free or article

    def _wait(self, fate: Fate, article: Article) -> None:
        self._waiting.append((fate, article, passages(article, self._settings)))
        if sum(len(of_article) for _, _, of_article in self._waiting) >= _COMMIT_PASSAGES:
            self.commit()

    def _settle(self, fate: Fate, id: str) -> None:
        self._done[fate].append(id)
        self._progress(fate, id)


def indexed_text(passage: Passage) -> str:
    """What is encoded of a passage: its words, below the title that they stand under."""
    return f"{passage.article.title}\n{passage.text}"


def _is_below(origin: str, places: Sequence[Path]) -> bool:
    return any(Path(origin).is_relative_to(place) for place in places)


def _same(one: Article, other: Article) -> bool:
    """Whether two articles differ at most in where they were read from, and in who told what of them."""
    return replace(one, origin="") == replace(other, origin="")


def _is_taken(article: Article, holder: Article) -> bool:
    """Whether the id is that of another article, whose file is still there."""
    return not _same(holder, article) and bool(holder.origin) and holder.origin != article.origin and Path(holder.origin).exists()
