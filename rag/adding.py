"""Articles into a store: what is new is cut, encoded and committed in batches, what is unchanged costs nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from rag.corpus.canonical_text import check
from rag.corpus.files import Item, ids, is_url
from rag.encoder import Encoder
from rag.errors import ArticleDamaged, InputError
from rag.passages import passages
from rag.settings import Settings
from rag.store import Entry, Store, Writer
from rag.types import Article, ArticleWarning, Document, Kept, Passage, PassedOver, Refusal

# articles are committed together once they have this many passages, enough to keep every core busy with batches, or their documents so many bytes
_COMMIT_PASSAGES = 256
_COMMIT_BYTES = 64 * 1024 * 1024
# and documents of which nothing was taken, so that few are read again after an interruption
_COMMIT_DOCUMENTS = 32


class Fate(StrEnum):
    """What became of an item."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    REMOVED = "removed"
    REFUSED = "refused"


Progress = Callable[[Fate, str], None]


@dataclass(frozen=True, slots=True)
class Files:
    """How many files and pages were looked into, and what they came to: `seen` is the sum of the others.

    Of one `with_articles` some were taken, one `unchanged` was not read, of one that is `refused` nothing was taken, and
    `Report.refused` says why; one `without_words` has none of its own, such as a sitemap.
    """

    seen: int = 0
    with_articles: int = 0
    unchanged: int = 0
    refused: int = 0
    without_words: int = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that was written, by its id, and the likeliest of the articles that it is a near-copy of."""

    id: str
    of: str


@dataclass(frozen=True, slots=True)
class Report:
    """What `add` did: the ids of articles, what was refused and why, and what of the others could not be read as it was meant.

    `files` counts those of what `rag.corpus.read_documents` gives, `passed_over` is what it did not look into, and
    `editions_removed` counts the earlier texts of what was removed. `copies` are those of the added and replaced
    articles that are near-copies of others in the archive.
    """

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    refused: tuple[Refusal, ...]
    warnings: tuple[ArticleWarning, ...] = ()
    files: Files = Files()
    passed_over: tuple[PassedOver, ...] = ()
    editions_removed: int = 0
    copies: tuple[Copy, ...] = ()


def add(
    items: Iterable[Item],
    store: Store,
    encoder: Encoder,
    settings: Settings,
    prune: Sequence[Path],
    progress: Progress,
    *,
    originals: bool = True,
    reread: bool = False,
) -> Report:
    """Adds `items` to the store as its only writer; see `Archive.add`."""
    with store.writing() as writer:
        addition = _Addition(store, writer, encoder, settings, progress, originals=originals, reread=reread)
        for item in items:
            addition.take(item)
        addition.commit()
        if prune:
            addition.prune(prune)
    return addition.report()


class _Addition:
    """One run of `add`: the articles waiting to be committed, and what became of the others."""

    def __init__(
        self, store: Store, writer: Writer, encoder: Encoder, settings: Settings, progress: Progress, *, originals: bool, reread: bool
    ) -> None:
        self._store = store
        self._writer = writer
        self._encoder = encoder
        self._settings = settings
        self._progress = progress
        self._originals = originals
        self._reread = reread
        self._seen: dict[str, Article] = {}
        self._waiting: list[tuple[Fate, Article, list[Passage]]] = []
        self._done: dict[Fate, list[str]] = {fate: [] for fate in Fate}
        self._refused: list[Refusal] = []
        # of documents that are not at their end: ids and origins of articles, refusals, and the origins of articles that the archive refused
        self._taken: list[tuple[str, str]] = []
        self._told: list[Refusal] = []
        self._untaken: set[str] = set()
        # documents that wait with their articles
        self._read: list[Kept] = []
        self._files: Counter[str] = Counter()
        self._passed_over: list[PassedOver] = []
        self._warnings: list[ArticleWarning] = []
        self._editions_removed = 0
        self._copies: list[Copy] = []

    def take(self, item: Item) -> None:
        match item:
            case Refusal():
                self._refuse_part(item)
            case Article():
                self._take_article(item)
            case Document():
                self._take_document(item)
            case Kept():
                self._take_kept(item)
            case PassedOver():
                self._passed_over.append(item)

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
        # what could not be read now may be there still: a refused file, the file of a refused part, all below a refused folder
        pruned, unread = frozenset(places), frozenset(Path(name) for refusal in self._refused for name in _named(refusal))
        gone = {
            id: origin
            for id, origin in self._store.origins().items()
            if id not in self._seen and origin and _is_below(origin, pruned) and not _is_below(origin, unread)
        }
        # what another file or page has too, which need not be among the places, stays
        for id, place in self._store.holding(gone):
            if id in gone and (_is_below(place, unread) or not (_is_below(place, pruned) or _is_gone(place))):
                self._writer.relocate(id, place)
                del gone[id]
        removed = self._writer.remove(list(gone))
        self._editions_removed += sum(removed.values())
        for id in removed:
            self._settle(Fate.REMOVED, id)

    def report(self) -> Report:
        done = {fate: tuple(ids) for fate, ids in self._done.items()}
        return Report(
            added=done[Fate.ADDED],
            unchanged=done[Fate.UNCHANGED],
            replaced=done[Fate.REPLACED],
            removed=done[Fate.REMOVED],
            refused=tuple(self._refused),
            warnings=tuple(self._warnings),
            files=Files(self._files.total(), **self._files),
            passed_over=tuple(self._passed_over),
            editions_removed=self._editions_removed,
            copies=tuple(self._copies),
        )

    def _take_article(self, article: Article) -> None:
        try:
            self._take_sound(article)
        # what is stored of it may be worth more than what comes: a repair puts it aside first
        except (InputError, ArticleDamaged) as error:
            # what the archive refuses may be taken another time: its document is not known as read
            self._untaken.add(article.origin)
            self._refuse_part(Refusal(article.origin or article.id, str(error)))

    def _take_document(self, document: Document) -> None:
        """Counts it, and notes what was in it: all that says that it is from there, whatever other documents are begun."""
        place = document.place
        ids = tuple(dict.fromkeys(id for id, origin in self._taken if origin == place))
        refused = tuple(one for one in self._told if _is_of(one, place))
        self._taken = [(id, origin) for id, origin in self._taken if origin != place]
        self._told = [one for one in self._told if not _is_of(one, place)]
        self._files["with_articles" if ids else "refused" if refused else "without_words"] += 1
        if document.sha256 and place not in self._untaken:
            self._read.append(Kept(document, ids, refused))
        if len(self._read) >= _COMMIT_DOCUMENTS and not self._waiting:
            self.commit()

    def _take_kept(self, kept: Kept) -> None:
        self._files["unchanged" if kept.ids else "refused" if kept.refused else "without_words"] += 1
        for id in kept.ids:
            try:
                self._take_unchanged(id, kept.document.place)
            except ArticleDamaged as error:
                self._refuse(Refusal(kept.document.origin, str(error)))
        for refusal in kept.refused:
            self._refuse(refusal)
        if kept.document.validators:
            # its server may call it something else now
            self._read.append(kept)

    def _take_unchanged(self, id: str, place: str) -> None:
        """An article that a document has, which was not read. Raises ArticleDamaged."""
        article = self._seen.get(id) or self._store.article(id)
        if article and article.origin != place and _is_gone(article.origin):
            self._writer.relocate(id, place)
        if article and id not in self._seen:
            self._seen[id] = article
            self._settle(Fate.UNCHANGED, id)

    def _refuse_part(self, refusal: Refusal) -> None:
        """Refuses something of a document that is not at its end."""
        self._told.append(refusal)
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
        self._seen[article.id] = replace(article, original=None)
        if old and (_same(old, article) or (_is_read_otherwise(old, article) and not self._reread)):
            original = article.original if self._originals and not old.original else None
            if article.origin not in ("", old.origin) or original:
                self._writer.relocate(article.id, article.origin or old.origin, original)
            self._settle(Fate.UNCHANGED, article.id)
        else:
            self._wait(Fate.REPLACED if old else Fate.ADDED, article if self._originals else replace(article, original=None))

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
        originals = {one.original.sha256: one.original.data or b"" for _, one, _ in self._waiting if one.original}
        many = sum(len(of_article) for _, _, of_article in self._waiting) >= _COMMIT_PASSAGES or sum(map(len, originals.values())) >= _COMMIT_BYTES
        # one that replaces another is known at once: what a file had that is not read again may be gone with it
        if fate is Fate.REPLACED or many:
            self.commit()

    def _settle(self, fate: Fate, id: str) -> None:
        self._done[fate].append(id)
        self._progress(fate, id)


def indexed_text(passage: Passage) -> str:
    """What is encoded of a passage: its words, below the title that they stand under."""
    return f"{passage.article.title}\n{passage.text}"


def _is_of(refusal: Refusal, place: str) -> bool:
    return refusal.origin == place or refusal.origin.startswith(f"{place}:")


def _named(refusal: Refusal) -> Iterator[str]:
    """What it may be a refusal of, or of a part of: parts stand behind a colon, and both have colons of their own."""
    parts = refusal.origin.split(":")
    return (":".join(parts[:count]) for count in range(1, len(parts) + 1))


def _is_below(origin: str, places: frozenset[Path]) -> bool:
    """Whether it is one of the places or lies in one; there may be thousands of either."""
    path = Path(origin)
    return not places.isdisjoint((path, *path.parents))


def _same(one: Article, other: Article) -> bool:
    """Whether two articles differ at most in where they were read from, and in who told what of them."""
    return replace(one, origin="") == replace(other, origin="")


def _is_read_otherwise(one: Article, other: Article) -> bool:
    """Whether other versions of the readers read two articles from the very same document."""
    mine, its = one.original, other.original
    return bool(mine and its and mine.sha256 == its.sha256 and mine.reader != its.reader)


def _is_taken(article: Article, holder: Article) -> bool:
    """Whether the id is that of another article, whose file is still there."""
    return not _same(holder, article) and bool(holder.origin) and holder.origin != article.origin and Path(holder.origin).exists()


def _is_gone(origin: str) -> bool:
    """Whether an article's file is no longer there; nobody looks whether a page is."""
    return bool(origin) and not is_url(origin) and not Path(origin).exists()
