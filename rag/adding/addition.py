"""One run of `add`: articles are cut, encoded and committed batch by batch, and what became of each is told."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rag.adding.batch import Batch, Cut
from rag.adding.encoding import Elsewhere, Encoded, Encoding
from rag.adding.places import emptied, folder_of, is_below, is_gone
from rag.adding.report import Choices, Copy, Fate, Files, Report, Stored
from rag.arrays import Vectors
from rag.corpus.canonical_text import check
from rag.corpus.files import Item, ids
from rag.encoder import Encoder
from rag.errors import ArchiveDamaged, ArticleDamaged, InputError
from rag.passages import passages
from rag.settings import Settings
from rag.store import Store, Writer
from rag.types import Article, ArticleWarning, Document, Kept, Passage, PassedOver, Refusal

# documents of which nothing was taken are committed too, so that few are read again after an interruption
_COMMIT_DOCUMENTS = 32
_EMPTIED = (
    "nothing in it can be read now; what the archive has from it is kept ({:,} in all), since a disk that is not mounted looks like that: "
    "mount it, or have it removed where that is asked for (--emptied)"
)


def add(items: Iterable[Item], store: Store, encoder: Encoder, settings: Settings, choices: Choices, elsewhere: Elsewhere | None = None) -> Report:
    """Adds `items` to the store as its only writer; see `Archive.add`."""
    cut = elsewhere.passages if elsewhere else passages
    with store.writing() as writer, Encoding(encoder, elsewhere) as encoding:
        addition = _Addition(store, writer, encoding, lambda article: cut(article, settings), choices)
        for item in items:
            addition.take(item)
        addition.commit()
        if choices.prune:
            addition.prune(choices.prune)
        choices.stored(addition.stored(is_all=True))
    return addition.report()


class _Addition:
    """The articles that wait to be encoded and committed, and what became of the others."""

    def __init__(self, store: Store, writer: Writer, encoding: Encoding, cut: Callable[[Article], Sequence[Passage]], choices: Choices) -> None:
        self._store = store
        self._writer = writer
        self._encoding = encoding
        self._cut = cut
        self._choices = choices
        # the ids of all articles so far; those that are not committed yet, by id, since they cannot be read from the store
        self._seen: set[str] = set()
        self._uncommitted: dict[str, Article] = {}
        self._waiting = Batch()
        self._done: dict[Fate, list[str]] = {fate: [] for fate in Fate}
        self._refused: list[Refusal] = []
        # of documents that are not at their end: ids and origins of articles, refusals, and the origins of articles that the archive refused
        self._taken: list[tuple[str, str]] = []
        self._told: list[Refusal] = []
        self._untaken: set[str] = set()
        # the folders of what could be read
        self._living: set[str] = set()
        self._files: Counter[str] = Counter()
        self._passed_over: list[PassedOver] = []
        self._warnings: list[ArticleWarning] = []
        self._passages = 0
        self._editions_removed = 0
        self._copies: list[Copy] = []

    def take(self, item: Item) -> None:
        self._put(self._encoding.done())
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
        self._hand_over()
        self._put(self._encoding.end())

    def _hand_over(self) -> None:
        """Has what is waiting encoded while reading goes on, and commits meanwhile what was encoded before: batch by batch, in their order."""
        batch, self._waiting = self._waiting, Batch()
        self._put(self._encoding.begin(batch))

    def _put(self, encoded: Iterable[Encoded]) -> None:
        for one in encoded:
            self._put_batch(one)

    def _put_batch(self, encoded: Encoded) -> None:
        batch = encoded.batch
        if batch.cut:
            copied = self._writer.put(batch.entries(encoded.vectors), self._encoding.identity)
            self._copies += [Copy(id, of) for id, of in copied.items()]
            for cut in batch.cut:
                del self._uncommitted[cut.article.id]
                self._settle(cut.fate, cut.article.id)
            self._passages += len(encoded.vectors)
            self._choices.stored(self.stored())
        if batch.documents:
            self._writer.keep(batch.documents)

    def stored(self, *, is_all: bool = False) -> Stored:
        return Stored(self._passages, is_all)

    def prune(self, places: Sequence[Path]) -> None:
        """Removes the articles that came from `places` earlier and were not among the items."""
        # what could not be read now may be there still: a refused file, the file of a refused part, all below a refused folder
        pruned, unread = frozenset(places), frozenset(Path(name) for refusal in self._refused for name in _named(refusal))
        gone = {
            id: origin
            for id, origin in self._store.origins().items()
            if id not in self._seen and origin and is_below(origin, pruned) and not is_below(origin, unread)
        }
        # what another file or page has too, which need not be among the places, stays
        held = self._store.holding(gone)
        for id, place in held:
            if id in gone and (is_below(place, unread) or not (is_below(place, pruned) or is_gone(place))):
                self._writer.relocate(id, place)
                del gone[id]
        if not self._choices.emptied:
            self._spare(gone, held, pruned)
        removed = self._writer.remove(list(gone))
        self._editions_removed += sum(removed.values())
        for id in removed:
            self._settle(Fate.REMOVED, id)

    def _spare(self, gone: dict[str, str], held: Iterable[tuple[str, str]], places: frozenset[Path]) -> None:
        """Takes out of `gone` what was in folders in which nothing could be read, and refuses these."""
        was_in = [*gone.items(), *((id, place) for id, place in held if id in gone)]
        for folder, left in emptied(was_in, places, self._living).items():
            self._refuse(Refusal(str(folder), _EMPTIED.format(len(left))))
            for id in left:
                gone.pop(id, None)

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
        self._living.add(folder_of(article.origin))
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
            self._waiting.documents.append(Kept(document, ids, refused))
        if len(self._waiting.documents) >= _COMMIT_DOCUMENTS and not self._uncommitted:
            self.commit()

    def _take_kept(self, kept: Kept) -> None:
        self._files["unchanged" if kept.ids else "refused" if kept.refused else "without_words"] += 1
        if kept.ids:
            self._living.add(folder_of(kept.document.place))
        for id in kept.ids:
            try:
                self._take_unchanged(id, kept.document.place)
            except ArticleDamaged as error:
                self._refuse(Refusal(kept.document.origin, str(error)))
        for refusal in kept.refused:
            self._refuse(refusal)
        if kept.document.validators:
            # its server may call it something else now
            self._waiting.documents.append(kept)

    def _take_unchanged(self, id: str, place: str) -> None:
        """An article that a document has, which was not read. Raises ArticleDamaged."""
        article = self._held(id)
        if article and article.origin != place and is_gone(article.origin):
            self._writer.relocate(id, place)
        if article and id not in self._seen:
            self._seen.add(id)
            self._settle(Fate.UNCHANGED, id)

    def _refuse_part(self, refusal: Refusal) -> None:
        """Refuses something of a document that is not at its end."""
        self._told.append(refusal)
        self._refuse(refusal)

    def _refuse(self, refusal: Refusal) -> None:
        self._refused.append(refusal)
        self._choices.progress(Fate.REFUSED, refusal.origin)

    def _take_sound(self, article: Article) -> None:
        check(article)
        article = self._under_its_id(article)
        twin = self._held(article.id) if article.id in self._seen else None
        if twin and not self._is_as_it_was(twin, article):
            raise InputError(f"its id {article.id} is that of another article in this batch, from {twin.origin or 'a program'}; give it its own")
        self._taken.append((article.id, article.origin))
        if twin:
            return
        old = self._store.article(article.id)
        self._warnings += [ArticleWarning(article.id, article.origin, reason) for reason in article.warnings]
        self._seen.add(article.id)
        if old and self._is_as_it_was(old, article):
            original = article.original if self._choices.originals and not old.original else None
            if article.origin not in ("", old.origin) or original:
                self._writer.relocate(article.id, article.origin or old.origin, original)
            self._settle(Fate.UNCHANGED, article.id)
        else:
            self._wait(Fate.REPLACED if old else Fate.ADDED, article if self._choices.originals else replace(article, original=None))

    def _held(self, id: str) -> Article | None:
        """The article as it will be in the archive once all so far is committed. Raises ArticleDamaged."""
        return self._uncommitted.get(id) or self._store.article(id)

    def _is_as_it_was(self, old: Article, article: Article) -> bool:
        """Whether nothing is to be written: the two are the same, or what is kept of their document is not to be read anew."""
        return _same(old, article) or (_is_read_otherwise(old, article) and not self._choices.reread)

    def _under_its_id(self, article: Article) -> Article:
        """The article under the id that it has already; else under the shortest that no other file has which is still there."""
        if len(candidates := ids(article)) == 1:
            return article
        free = None
        for id in candidates:
            named, holder = replace(article, id=id), self._held(id)
            if holder and holder.origin == article.origin:
                return named
            if free is None and (holder is None or not _is_taken(named, holder)):
                free = named
        return free or article

    def _wait(self, fate: Fate, article: Article) -> None:
        self._uncommitted[article.id] = article
        before = self._vectors_before(article.id) if fate is Fate.REPLACED else {}
        self._waiting.add(Cut(fate, article, self._cut(article), before))
        # one that replaces another is known at once: what a file had that is not read again may be gone with it
        if fate is Fate.REPLACED:
            self.commit()
        elif self._waiting.is_full:
            self._hand_over()

    def _vectors_before(self, id: str) -> dict[str, Vectors]:
        """The vectors of an article's texts, by text; none where it is damaged. Raises ArchiveMismatch where they are of another model."""
        self._store.check(self._encoding.identity)
        entry = None
        with suppress(ArchiveDamaged):
            entry = self._store.entry(id)
        if entry is None:
            return {}
        return {Passage(entry.article, span).indexed_text: vector for span, vector in zip(entry.spans, entry.vectors, strict=True)}

    def _settle(self, fate: Fate, id: str) -> None:
        self._done[fate].append(id)
        self._choices.progress(fate, id)


def _is_of(refusal: Refusal, place: str) -> bool:
    return refusal.origin == place or refusal.origin.startswith(f"{place}:")


def _named(refusal: Refusal) -> Iterator[str]:
    """What it may be a refusal of, or of a part of: parts stand behind a colon, and both have colons of their own."""
    parts = refusal.origin.split(":")
    return (":".join(parts[:count]) for count in range(1, len(parts) + 1))


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
