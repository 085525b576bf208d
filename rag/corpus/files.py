"""Paths and addresses into articles: walks folders, fetches pages, and hands each document to the reader of its format."""

import hashlib
import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from rag.corpus.draft import Address, Draft
from rag.corpus.formats.media_types import in_utf8
from rag.corpus.jsonl import ROWS, is_gold, is_rows, read_rows
from rag.corpus.lenient import drafted, part_of
from rag.corpus.readers import VERSION, Readers
from rag.errors import InputError
from rag.settings import Settings
from rag.types import Article, Document, Kept, Refusal

# an index of sitemaps and one of these stand before a page
_MOST_SITEMAPS = 2


class Fetched(Protocol):
    """A page of the web: where it was in the end, its bytes, and its type as the server tells it, "text/html; charset=utf-8"."""

    @property
    def final_url(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def media_type(self) -> str: ...


def read_articles(
    *places: str | os.PathLike[str],
    settings: Settings | None = None,
    columns: Mapping[str, str] | None = None,
    fetch: Callable[[str], Fetched] | None = None,
) -> Iterator[Article | Refusal]:
    """The articles of files, folders and addresses, in the order of their names, and a refusal for each document that is none.

    Folders are walked without following links; hidden files and files of gold
    questions are passed over. An article's id is the one that its document gives
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
    known: Callable[[Document], Kept | None],
    settings: Settings | None = None,
    columns: Mapping[str, str] | None = None,
    fetch: Callable[[str], Fetched] | None = None,
) -> Iterator[Article | Refusal | Document | Kept]:
    """What `read_articles` gives, but of a file that is `known` (`Archive.kept`): it is not read.

    Behind all that is in another file stands its Document. Files of rows are read row by row, and have none.
    """
    for place in places:
        if not _is_url(place) and not Path(place).exists():
            raise InputError(f"{os.fspath(place)}: no such file or folder")
    return _read(places, _Choices(settings or Settings(), columns or {}, fetch, known))


def _read(places: Sequence[str | os.PathLike[str]], choices: "_Choices") -> Iterator[Article | Refusal | Document | Kept]:
    with Readers(choices.settings, choices.columns) as readers:
        reading = _Reading(readers, choices)
        for place in places:
            yield from reading.place(place)


def file_id(path: Path) -> str:
    """The id of a file whose header gives none: the same however the file was named when it was added."""
    return f"{path.parent.name}/{path.name}".lstrip("/")


def ids(article: Article) -> list[str]:
    """The ids that an article can have, its own first; those made of its file's name name ever more of the folders that it lies in."""
    if _is_url(article.origin):
        return [article.id]
    parts = Path(article.origin).parts
    names = ["/".join(parts[-count:]).lstrip("/") for count in range(1, len(parts) + 1)]
    for at, name in enumerate(names[:2]):
        if article.id == name or article.id.startswith(f"{name}#"):
            return [longer + article.id.removeprefix(name) for longer in names[at:]]
    # a page's address is what the page says, and several can say the same
    return [article.id, *names[1:]] if names and not article.facts.id and article.id == article.url else [article.id]


@dataclass(frozen=True, slots=True)
class _Choices:
    """What `read_articles` was called with."""

    settings: Settings
    columns: Mapping[str, str]
    fetch: Callable[[str], Fetched] | None
    known: Callable[[Document], Kept | None]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One run of `read_articles`. `seen` are the addresses that were fetched: sitemaps can name each other."""

    readers: Readers
    choices: _Choices
    seen: set[str] = field(default_factory=set)

    def place(self, place: str | os.PathLike[str]) -> Iterator[Article | Refusal | Document | Kept]:
        if _is_url(place):
            yield from self._address(os.fspath(place))
            return
        path = Path(place).resolve()
        unread: list[OSError] = []
        for file in _walk(path, unread) if path.is_dir() else [path]:
            yield from self._file(file)
        for error in unread:
            yield Refusal(str(error.filename), f"the folder cannot be read: {error.strerror}")

    def _file(self, path: Path) -> Iterator[Article | Refusal | Document | Kept]:
        shown = os.fsencode(path).decode(errors="backslashreplace")
        if shown != str(path):
            yield Refusal(shown, "the file's name is not valid Unicode; rename it")
            return
        try:
            if not path.is_file():
                raise InputError("this is not a regular file")
            if is_rows(path):
                yield from read_rows(path, self.choices.settings.max_article_bytes, self.choices.columns)
            else:
                yield from self._unless_known(path, self._bytes(path))
        except InputError as error:
            yield Refusal(str(path), str(error))
        except OSError as error:
            yield Refusal(str(path), f"the file cannot be read: {error.strerror}")

    def _unless_known(self, path: Path, data: bytes) -> Iterator[Article | Refusal | Document | Kept]:
        columns = json.dumps(dict(self.choices.columns), sort_keys=True)
        document = Document(str(path), hashlib.sha256(data).hexdigest(), VERSION, columns)
        if kept := self.choices.known(document):
            yield kept
            return
        if (yield from self._document(data, path.name, file_id(path), str(path))):
            yield document

    def _bytes(self, path: Path) -> bytes:
        most = self.choices.settings.max_file_bytes
        with path.open("rb") as file:
            # a file that grows meanwhile is read as far as it may be
            data = file.read(most + 1)
        if len(data) > most:
            raise InputError(f"the file has more than {most:,} bytes, the most that is read; split it")
        return data

    def _address(self, url: str, behind: int = 0) -> Iterator[Article | Refusal]:
        """What is at an address, which stands behind so many sitemaps."""
        if behind > _MOST_SITEMAPS:
            yield Refusal(url, f"it stands behind {behind} sitemaps; the most is {_MOST_SITEMAPS}, an index and one of its own: add it by itself")
            return
        if self.choices.fetch is None:
            yield Refusal(url, "web addresses are fetched only where that is asked for (--fetch); or save the page, and add the file")
            return
        if url in self.seen:
            return
        self.seen.add(url)
        try:
            page = self.choices.fetch(url)
            name = PurePosixPath(urlsplit(page.final_url).path).name or "page.html"
            yield from self._document(in_utf8(page.data, page.media_type), name, page.final_url, page.final_url, behind)
        except InputError as error:
            yield Refusal(url, str(error))

    def _document(self, data: bytes, name: str, id: str, origin: str, behind: int = 0) -> Generator[Article | Refusal, None, bool]:
        """What is in a document, which stands behind so many sitemaps; returns whether that is all in it, and no pages that it only names."""
        items = unfetched = named = 0
        for item in self.readers.read(data, name):
            items += 1
            match item:
                case Draft():
                    yield drafted(item, id=id, name=name, origin=origin, max_bytes=self.choices.settings.max_article_bytes)
                case Address() if self.choices.fetch is None:
                    unfetched += 1
                case Address(url):
                    named += 1
                    yield from self._address(url, behind + 1)
                case Refusal(part, reason):
                    yield Refusal(part_of(origin, part), reason)
        if not items:
            yield Refusal(origin, "there is no article in it")
        if unfetched:
            yield Refusal(origin, f"it only names {unfetched:,} pages of the web, which are fetched where that is asked for (--fetch)")
        return not (named or unfetched)


def _is_url(place: str | os.PathLike[str]) -> bool:
    return os.fspath(place).startswith(("http://", "https://"))


def _walk(folder: Path, unread: list[OSError]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=unread.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and not (path.suffix.lower() in ROWS and is_gold(path)):
                yield path
