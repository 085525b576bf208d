"""Paths into articles: walks folders and hands each file to the reader of its kind."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from rag.corpus.canonical_text import canonical
from rag.corpus.decoding import decode
from rag.corpus.header import Header, split_header
from rag.corpus.jsonl import is_gold, read_rows
from rag.corpus.lenient import lenient_article
from rag.corpus.markdown import plain_text
from rag.corpus.plain import read_page
from rag.errors import InputError
from rag.settings import Settings
from rag.types import Article, Refusal


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
    limit = (settings or Settings()).max_article_bytes
    return (item for place in places for item in _read_place(place, limit))


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
    return [article.id]


def _is_url(place: str | os.PathLike[str]) -> bool:
    return os.fspath(place).startswith(("http://", "https://"))


def _read_place(place: str | os.PathLike[str], limit: int) -> Iterator[Article | Refusal]:
    if _is_url(place):
        yield Refusal(os.fspath(place), "web addresses cannot be added; save the page as text and add the file")
        return
    path = Path(place).resolve()
    unread: list[OSError] = []
    for file in _walk(path, unread) if path.is_dir() else [path]:
        yield from _read_file(file, limit)
    for error in unread:
        yield Refusal(str(error.filename), f"the folder cannot be read: {error.strerror}")


def _walk(folder: Path, unread: list[OSError]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, onerror=unread.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and not (_is_jsonl(path) and is_gold(path)):
                yield path


def _is_jsonl(path: Path) -> bool:
    return path.suffix.lower() in (".jsonl", ".ndjson")


def _read_file(path: Path, limit: int) -> Iterator[Article | Refusal]:
    shown = os.fsencode(path).decode(errors="backslashreplace")
    if shown != str(path):
        yield Refusal(shown, "the file's name is not valid Unicode; rename it")
        return
    try:
        if not path.is_file():
            raise InputError("this is not a regular file")
        if _is_jsonl(path):
            yield from read_rows(path, limit)
        else:
            yield _read_text(path, limit)
    except InputError as error:
        yield Refusal(str(path), str(error))
    except OSError as error:
        yield Refusal(str(path), f"the file cannot be read: {error.strerror}")


def _read_text(path: Path, limit: int) -> Article:
    taken_apart = _KINDS.get(path.suffix.lower())
    if taken_apart is None:
        raise InputError(f"there is no reader for {path.suffix} files; add text (.txt), Markdown (.md) or JSON Lines (.jsonl)")
    size = path.stat().st_size
    if size > limit:
        raise InputError(f"the file has {size:,} bytes; the most is {limit:,}")
    inferred: list[str] = []
    header, text = split_header(canonical(decode(path.read_bytes(), inferred)))
    header, text = taken_apart(replace(header, warnings=(*inferred, *header.warnings)), text)
    return lenient_article(header, text, id=file_id(path), title=path.stem, origin=str(path))


def _plain(header: Header, text: str) -> tuple[Header, str]:
    page = read_page(text, header.title)
    return _completed(header, page.title, page.author, page.published.isoformat() if page.published else page.unclear), page.body


def _markdown(header: Header, text: str) -> tuple[Header, str]:
    title, body = plain_text(text)
    if header.title and title and title != header.title:
        body = f"{title}\n\n{body}"
    return _completed(header, title), body


def _completed(header: Header, title: str | None, author: str | None = None, published: str | None = None) -> Header:
    """The header, with what the text itself says where the header is silent."""
    return replace(
        header,
        title=header.title or title,
        author=header.author or author,
        published=header.published or published,
    )


# the seam for further kinds: a reader takes the header and the text below it, and gives both back
_KINDS: dict[str, Callable[[Header, str], tuple[Header, str]]] = {
    "": _plain,
    ".txt": _plain,
    ".text": _plain,
    ".md": _markdown,
    ".markdown": _markdown,
}
