"""Paths and addresses into articles: walks folders, fetches pages, and hands each document to the reader of its format."""

import hashlib
import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from rag.corpus.ahead import Begun, Elsewhere, ahead, rows_ahead
from rag.corpus.draft import Address
from rag.corpus.formats.media_types import in_utf8
from rag.corpus.jsonl import is_rows, read_rows
from rag.corpus.readers import VERSION, Readers
from rag.corpus.walk import File, located, shown, walk
from rag.corpus.whole import Read, Source, read_whole
from rag.errors import InputError
from rag.settings import Settings
from rag.types import Article, Document, Kept, NotModified, PassedOver, Provenance, Refusal, Validators

# what `read_documents` gives
Item = Article | Refusal | Document | Kept | PassedOver

# an index of sitemaps and one of these stand before a page
_MOST_SITEMAPS = 2


class Fetched(Protocol):
    """A page of the web: where it was in the end, its bytes, its type as the server tells it, "text/html; charset=utf-8", and its validators."""

    @property
    def final_url(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...
    @property
    def validators(self) -> Validators: ...


class Fetch(Protocol):
    """Fetches the page at an address, unless it is as it was; `rag.fetching.Fetcher().fetch` is one."""

    def __call__(self, url: str, known: Validators | None, /) -> Fetched | NotModified: ...


@dataclass(frozen=True, slots=True)
class Position:
    """How far reading is: in which file or page, its number from 1 among so many, and so many bytes that were read of so many in all."""

    name: str
    number: int
    files: int
    read: int
    bytes: int


def read_articles(
    *places: str | os.PathLike[str],
    settings: Settings | None = None,
    columns: Mapping[str, str] | None = None,
    fetch: Fetch | None = None,
) -> Iterator[Article | Refusal]:
    """The articles of files, folders and addresses, in the order of their names, and a refusal for each document that is none.

    Folders are walked without following links; hidden files, files of gold
    questions and the folders of saved pages are passed over. An article's id is the one that its document gives
    it, else the page's address, else its folder's and its file's name. `columns`
    says in which columns of tables and rows the facts stand ("title":
    "Headline"). Addresses are read only with `fetch`, such as `rag.fetching.Fetcher().fetch`. An
    article holds the bytes of its document until the archive has them: of many, take one at a time. Raises InputError at
    once, before anything is read, for a path that does not exist.
    """
    items = read_documents(*places, known=lambda _: None, settings=settings, columns=columns, fetch=fetch)
    return (item for item in items if isinstance(item, Article | Refusal))


def read_documents(
    *places: str | os.PathLike[str],
    known: Callable[[str], Kept | None],
    settings: Settings | None = None,
    columns: Mapping[str, str] | None = None,
    fetch: Fetch | None = None,
    apart: str | os.PathLike[str] | None = None,
    progress: Callable[[Position], object] | None = None,
    workers: Elsewhere | None = None,
) -> Iterator[Item]:
    """What `read_articles` gives, but not what is in a file or page that is as it was when it was `known` (`Archive.kept`): that is not read.

    Behind all that is in another stands its Document. What is passed over is named, and so is the folder `apart` where it lies in
    another: the archive's own. `progress` is called before each file, and while the rows of one are read.
    `workers` (`rag.workers.Workers`) read documents while those before them are taken, in the same order.
    """
    for place in places:
        if not is_url(place) and not Path(place).exists():
            raise InputError(f"{os.fspath(place)}: no such file or folder")
    choices = _Choices(settings or Settings(), columns or {}, fetch, known, located(apart) if apart else None, progress or _untold, workers)
    return _read(places, choices)


def _untold(position: Position) -> None:
    pass


def _read(places: Sequence[str | os.PathLike[str]], choices: "_Choices") -> Iterator[Item]:
    # all folders are walked first, so that it can be told how much there is to read; what is named twice is read once
    found: dict[str | File | PassedOver | Refusal, None] = {}
    for place in places:
        found |= dict.fromkeys([os.fspath(place)] if is_url(place) else walk(place, choices.apart))
    sizes = {one: one.bytes if isinstance(one, File) else 0 for one in found if isinstance(one, str | File)}
    number, read, total = 0, 0, sum(sizes.values())
    with Readers(choices.settings, choices.columns) as readers:
        reading = _Reading(readers, choices)
        for one, begun in ahead(found, reading.begin, choices.workers.most) if choices.workers else ((one, None) for one in found):
            if isinstance(one, PassedOver | Refusal):
                yield one
                continue
            number += 1
            at = Position(one if isinstance(one, str) else shown(one.path), number, len(sizes), read, total)
            choices.progress(at)
            yield from reading.address(one) if isinstance(one, str) else reading.file(one.path, at, begun)
            read += sizes[one]


def file_id(path: Path) -> str:
    """The id of a file whose header gives none: the same however the file was named when it was added."""
    return f"{path.parent.name}/{path.name}".lstrip("/")


def ids(article: Article) -> list[str]:
    """The ids that an article can have, its own first; those made of its file's name name ever more of the folders that it lies in."""
    if is_url(article.origin):
        return [article.id]
    parts = Path(article.origin).parts
    names = ["/".join(parts[-count:]).lstrip("/") for count in range(1, len(parts) + 1)]
    for at, name in enumerate(names[:2]):
        if article.id == name or article.id.startswith(f"{name}#"):
            return [longer + article.id.removeprefix(name) for longer in names[at:]]
    # a page's address is what the page says, and a book's id what its template had: several can say the same
    told = article.facts.id
    is_shared = told.told_by is Provenance.META if told else article.id == article.url
    return [article.id, *names[1:]] if names and is_shared else [article.id]


@dataclass(frozen=True, slots=True)
class _Choices:
    """What `read_documents` was called with."""

    settings: Settings
    columns: Mapping[str, str]
    fetch: Fetch | None
    known: Callable[[str], Kept | None]
    apart: Path | None
    progress: Callable[[Position], object]
    workers: Elsewhere | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One run of `read_documents`. `seen` are the addresses that were fetched: sitemaps can name each other."""

    readers: Readers
    choices: _Choices
    seen: set[str] = field(default_factory=set)

    def begin(self, one: object) -> tuple[Begun | None, int]:
        """Has a file read elsewhere, and says how many bytes that takes, where it seems that it will have to be read.

        Whether it has to, and what is wrong with it, is found out at its turn: what is taken before may change what is known.
        """
        workers = self.choices.workers
        try:
            if not (workers and isinstance(one, File) and one.path.is_file()) or shown(one.path) != str(one.path) or is_rows(one.path):
                return None, 0
            data = self._bytes(one.path)
        except (InputError, OSError):
            return None, 0
        sha256 = hashlib.sha256(data).hexdigest()
        kept = self._remembered(str(one.path))
        if kept and kept.document.sha256 == sha256:
            return None, 0
        return Begun(sha256, workers.read(data, _source(one.path), self.choices.columns)), len(data)

    def file(self, path: Path, at: Position, begun: Begun | None = None) -> Iterator[Item]:
        """What is in a file, and its Document, also where it cannot be read."""
        name = shown(path)
        try:
            if name != str(path):
                raise InputError("the file's name is not valid Unicode; rename it")
            if not path.is_file():
                raise InputError(_why_no_file(path))
            yield from self._rows(path, at) if is_rows(path) else self._whole(path, begun)
        except InputError as error:
            yield from self._refused(name, str(error))
        except OSError as error:
            yield from self._refused(name, f"the file cannot be read: {error.strerror}")

    def _refused(self, origin: str, reason: str) -> Iterator[Item]:
        yield Refusal(origin, reason)
        yield self._looked_into(origin)

    def _looked_into(self, origin: str, sha256: str = "", validators: Validators | None = None) -> Document:
        return Document(origin, sha256, VERSION, json.dumps(dict(self.choices.columns), sort_keys=True), validators)

    def _remembered(self, origin: str) -> Kept | None:
        """What is known of it, if it would be read in the same way now. What was refused is only known of the readers that did so."""
        kept, now = self.choices.known(origin), self._looked_into(origin)
        if kept is None or kept.document.columns != now.columns or (kept.refused and kept.document.reader != now.reader):
            return None
        return kept

    def _whole(self, path: Path, begun: Begun | None) -> Iterator[Item]:
        data = self._bytes(path)
        document = self._looked_into(str(path), hashlib.sha256(data).hexdigest())
        kept = self._remembered(document.origin)
        if kept and kept.document.sha256 == document.sha256:
            yield kept
            return
        # what was begun of a file that changed since is let go
        items = begun.items() if begun and begun.sha256 == document.sha256 else self._items(data, _source(path))
        is_all = yield from self._document(items, str(path))
        yield document if is_all else self._looked_into(str(path))

    def _rows(self, path: Path, at: Position) -> Iterator[Item]:
        """What is in a file of rows, which need not fit into memory: its bytes are hashed before and after, as somebody may write to it."""
        sha256 = _sha256(path)
        kept = self._remembered(str(path))
        if kept and kept.document.sha256 == sha256:
            yield kept
            return
        read = 0

        def count(bytes: int) -> None:
            nonlocal read
            read += bytes
            self.choices.progress(replace(at, read=at.read + read))

        workers, columns = self.choices.workers, self.choices.columns
        elsewhere = rows_ahead(workers, str(path), columns) if workers else None
        yield from read_rows(path, self.choices.settings.max_article_bytes, columns, count, elsewhere)
        yield self._looked_into(str(path), sha256 if _sha256(path) == sha256 else "")

    def _bytes(self, path: Path) -> bytes:
        most = self.choices.settings.max_file_bytes
        with path.open("rb") as file:
            # a file that grows meanwhile is read as far as it may be
            data = file.read(most + 1)
        if len(data) > most:
            raise InputError(f"the file has more than {most:,} bytes, the most that is read; split it")
        return data

    def address(self, url: str, behind: int = 0) -> Iterator[Item]:
        """What is at an address, which stands behind so many sitemaps, and its Document."""
        if behind > _MOST_SITEMAPS:
            reason = f"it stands behind {behind} sitemaps; the most is {_MOST_SITEMAPS}, an index and one of its own: add it by itself"
            yield from self._refused(url, reason)
            return
        if self.choices.fetch is None:
            yield from self._refused(url, "web addresses are fetched only where that is asked for (--fetch); or save the page, and add the file")
            return
        if url in self.seen:
            return
        self.seen.add(url)
        try:
            yield from self._page(url, behind, self.choices.fetch)
        except InputError as error:
            yield from self._refused(url, str(error))

    def _page(self, url: str, behind: int, fetch: Fetch) -> Iterator[Item]:
        kept = self._remembered(url)
        page = fetch(url, kept.document.validators if kept else None)
        if isinstance(page, NotModified):
            if kept is None:
                raise InputError(f"{url}: its server says that it is as it was, which nobody asked; save the page and add the file")
            yield kept
            return
        data, place = in_utf8(page.data, page.media_type), page.final_url
        document = self._looked_into(url, hashlib.sha256(data).hexdigest(), page.validators)
        if kept and (kept.document.sha256, kept.document.place) == (document.sha256, place):
            # only what its server calls it may be new
            yield replace(kept, document=document)
            return
        name = PurePosixPath(urlsplit(place).path).name or "page.html"
        is_all = yield from self._document(self._items(data, Source(name, place, place)), place, behind)
        yield document if is_all else replace(document, sha256="")

    def _items(self, data: bytes, source: Source) -> Iterable[Read]:
        if self.choices.workers:
            return self.choices.workers.read(data, source, self.choices.columns)()
        return read_whole(self.readers, data, source, self.choices.settings.max_article_bytes)

    def _document(self, read: Iterable[Read], origin: str, behind: int = 0) -> Generator[Item, None, bool]:
        """What is in a document, which stands behind so many sitemaps; returns whether that is all in it, and no pages that it only names."""
        items = unfetched = named = 0
        for item in read:
            items += 1
            match item:
                case Address() if self.choices.fetch is None:
                    unfetched += 1
                case Address(url):
                    named += 1
                    yield from self.address(url, behind + 1)
                case _:
                    yield item
        if not items:
            yield Refusal(origin, "there is no article in it")
        if unfetched:
            yield Refusal(origin, f"it only names {unfetched:,} pages of the web, which are fetched where that is asked for (--fetch)")
        return not (named or unfetched)


def _source(path: Path) -> Source:
    return Source(path.name, file_id(path), str(path))


def is_url(place: str | os.PathLike[str]) -> bool:
    return os.fspath(place).startswith(("http://", "https://"))


def _why_no_file(path: Path) -> str:
    if path.exists():
        return "this is not a regular file"
    return "this is a link to nothing" if path.is_symlink() else "it is not there any more"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
