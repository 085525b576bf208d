"""Paths into articles: walks folders and hands each file to the reader of its kind."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from rag.corpus.canonical_text import TITLE_CHARS
from rag.corpus.draft import Draft
from rag.corpus.jsonl import ROWS, is_gold, is_rows, read_rows
from rag.corpus.lenient import lenient_article
from rag.corpus.readers import Readers
from rag.errors import InputError
from rag.settings import Settings
from rag.types import Article, Provenance, Refusal


def read_articles(*places: str | os.PathLike[str], settings: Settings | None = None) -> Iterator[Article | Refusal]:
    """The articles of files and folders, in the order of their names, and a refusal for each file that is none.

    Folders are walked without following links; hidden files and files of gold
    questions are passed over. A file's id is its header's `id`, else its
    folder's and its own name. Raises InputError at once, before anything is
    read, for a path that does not exist.
    """
    for place in places:
        if not _is_url(place) and not Path(place).exists():
            raise InputError(f"{os.fspath(place)}: no such file or folder")
    return _read_places(places, settings or Settings())


def file_id(path: Path) -> str:
    """The id of a file whose header gives none: the same however the file was named when it was added."""
    return f"{path.parent.name}/{path.name}".lstrip("/")


def ids(article: Article) -> list[str]:
    """The ids that an article can have, its own first; those made of its file's name name ever more of the folders that it lies in."""
    parts = Path(article.origin).parts
    names = ["/".join(parts[-count:]).lstrip("/") for count in range(1, len(parts) + 1)]
    for at, name in enumerate(names[:2]):
        if article.id == name or article.id.startswith(f"{name}#"):
            return [longer + article.id.removeprefix(name) for longer in names[at:]]
    # a page's address is what the page says, and several can say the same
    return [article.id, *names[1:]] if names and not article.facts.id and article.id == article.url else [article.id]


def _is_url(place: str | os.PathLike[str]) -> bool:
    return os.fspath(place).startswith(("http://", "https://"))


def _read_places(places: Sequence[str | os.PathLike[str]], limit: Settings) -> Iterator[Article | Refusal]:
    with Readers(limit.max_article_bytes) as readers:
        for place in places:
            yield from _read_place(place, limit, readers)


def _read_place(place: str | os.PathLike[str], limit: Settings, readers: Readers) -> Iterator[Article | Refusal]:
    if _is_url(place):
        yield Refusal(os.fspath(place), "web addresses cannot be added; save the page as text and add the file")
        return
    path = Path(place).resolve()
    unread: list[OSError] = []
    for file in _walk(path, unread) if path.is_dir() else [path]:
        yield from _read_file(file, limit, readers)
    for error in unread:
        yield Refusal(str(error.filename), f"the folder cannot be read: {error.strerror}")


def _walk(folder: Path, unread: list[OSError]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=unread.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and not (path.suffix.lower() in ROWS and is_gold(path)):
                yield path


def _read_file(path: Path, limit: Settings, readers: Readers) -> Iterator[Article | Refusal]:
    shown = os.fsencode(path).decode(errors="backslashreplace")
    if shown != str(path):
        yield Refusal(shown, "the file's name is not valid Unicode; rename it")
        return
    try:
        if not path.is_file():
            raise InputError("this is not a regular file")
        if is_rows(path):
            yield from read_rows(path, limit.max_article_bytes)
        else:
            yield from _read_document(path, limit, readers)
    except InputError as error:
        yield Refusal(str(path), str(error))
    except OSError as error:
        yield Refusal(str(path), f"the file cannot be read: {error.strerror}")


def _read_document(path: Path, limit: Settings, readers: Readers) -> Iterator[Article | Refusal]:
    with path.open("rb") as file:
        # a file that grows meanwhile is read as far as it was
        data = file.read(limit.max_file_bytes + 1)
    if len(data) > limit.max_file_bytes:
        raise InputError(f"the file has more than {limit.max_file_bytes:,} bytes, the most that is read; split it")
    nothing = True
    for item in readers.read(data, path.name):
        nothing = False
        if isinstance(item, Draft):
            yield _article(item, path, limit)
        else:
            yield Refusal(_part_of(path, item.origin), item.reason)
    if nothing:
        raise InputError("there is no article in it")


def _article(draft: Draft, path: Path, limit: Settings) -> Article | Refusal:
    try:
        size = len(draft.text.encode())
        if size > limit.max_article_bytes:
            raise InputError(f"the article has {size:,} bytes; the most is {limit.max_article_bytes:,}")
        id = f"{file_id(path)}#{draft.part}" if draft.part else file_id(path)
        url = draft.facts.url
        # who writes a header over a text can write an id into it
        if url and url.told_by is not Provenance.HEADER and len(url.value) <= TITLE_CHARS:
            id = url.value
        return lenient_article(draft, id=id, title=PurePath(draft.part or path.name).stem, origin=str(path))
    except InputError as error:
        return Refusal(_part_of(path, draft.part), str(error))


def _part_of(path: Path, part: str) -> str:
    return f"{path}:{part}" if part else str(path)
