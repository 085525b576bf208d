"""JSON Lines: one article a row, `{"id"?, "title", "text", "source"?, "author"?, "published"?, "updated"?, "url"?, "language"?}`."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, AnyStr

from rag.corpus.canonical_text import TITLE_CHARS, canonical, one_line, web_address
from rag.corpus.decoding import decode, utf16
from rag.corpus.draft import Draft
from rag.corpus.header import facts_of, written
from rag.corpus.lenient import lenient_article
from rag.corpus.sniffing import HEAD_BYTES, format_of
from rag.errors import InputError
from rag.given import valid
from rag.types import Article, Fact, Refusal

_OPTIONAL = ("source", "author", "published", "updated", "url", "language")
ROWS = (".jsonl", ".ndjson")
# what one worker is given at a time: half a second's work
_BUNDLE_LINES, _BUNDLE_BYTES = 32, 1_000_000
# no gold question has so many bytes
_GOLD_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """What a row came to: its article, or the reason why there is none.

    Where it gives no id, `base` is what one is made of and `digest` is of its text: `RowIds` counts further rows of one base.
    """

    read: Article | str
    base: str | None = None
    digest: str = ""


# lines with the rows that they are, in their order
ReadLines = Callable[[Iterable[bytes]], Iterable[tuple[bytes, Row]]]


def read_rows(
    path: Path, max_article_bytes: int, columns: Mapping[str, str], progress: Callable[[int], object] = int, read: ReadLines | None = None
) -> Iterator[Article | Refusal]:
    """The rows of a file, read line by line; a fact is read from the field that `columns` names for it, else from that of its own name.

    A row that cannot be taken is refused by its line number. What is added to the file while it is read is left for the next time.
    `progress` is called with the bytes of each line. `read` does what `read_row` does with each, elsewhere.
    """

    def here(lines: Iterable[bytes]) -> Iterable[tuple[bytes, Row]]:
        return ((line, read_row(line, str(path), max_article_bytes, columns)) for line in lines)

    empty = True
    ids = RowIds(path.name)
    try:
        for number, (line, row) in enumerate((read or here)(_lines(path, max_article_bytes)), start=1):
            progress(len(line))
            if not line.strip():
                continue
            empty = False
            try:
                yield ids.named(row)
            except InputError as error:
                yield Refusal(f"{path}:{number}", str(error))
    except UnicodeDecodeError:
        yield Refusal(str(path), "the file is not UTF-16 to its end; mend it, or save it as UTF-8")
    if empty:
        yield Refusal(str(path), "the file is empty")


def read_row(line: bytes, origin: str, max_article_bytes: int, columns: Mapping[str, str]) -> Row:
    """What a line of the file at `origin` comes to by itself."""
    base, digest = None, ""
    try:
        if len(line) > max_article_bytes:
            raise InputError(f"the row has too many bytes; the most is {max_article_bytes:,}")
        draft = row_draft(line, columns)
        if not draft.facts.id:
            base, digest = _base(Path(origin).name, draft), _sha256(draft.text)
        title = draft.facts.title.value if draft.facts.title else ""
        return Row(lenient_article(draft, id=draft.facts.id.value if draft.facts.id else base or "", title=title, origin=origin), base, digest)
    except InputError as error:
        return Row(str(error), base, digest)


def bundles(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Lines together, in their order: so many that handing them over costs little beside reading them.

    Where `lines` come to an end with an OSError or a UnicodeError, those before it are given first.
    """
    bundle: list[bytes] = []
    try:
        for line in lines:
            bundle.append(line)
            if len(bundle) == _BUNDLE_LINES or sum(map(len, bundle)) >= _BUNDLE_BYTES:
                yield bundle
                bundle = []
    except (OSError, UnicodeError):
        yield bundle
        raise
    if bundle:
        yield bundle


def row_draft(line: bytes, columns: Mapping[str, str]) -> Draft:
    """What a row tells, facts from the fields that `columns` names for them. Raises InputError where it is no row of an article."""
    warnings: list[str] = []
    try:
        row = json.loads(_decoded(line, warnings))
    except (ValueError, RecursionError) as error:
        raise InputError(f"the row is not JSON: {str(error)[:100]}") from None
    if not isinstance(row, dict):
        raise InputError("the row is not a JSON object")
    row |= {fact: row.get(name) for fact, name in columns.items()}
    title, text = _string(row, "title"), _string(row, "text")
    optional = {name: written(row.get(name)) for name in _OPTIONAL}
    warnings += [f'"{name}" is {str(row[name])[:60]!a}, which says nothing' for name in _OPTIONAL if row.get(name) and not optional[name]]
    return Draft(canonical(valid("text", text)), facts=facts_of({"id": _given_id(row), "title": title, **optional}), warnings=tuple(warnings))


def article_row(article: Article) -> dict[str, Any]:
    """The row that `read_rows` makes the article of."""
    facts = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "updated": article.updated.isoformat() if article.updated else None,
        "url": article.url,
    }
    return {name: value for name, value in facts.items() if value is not None}


def is_rows(path: Path) -> bool:
    """Whether the file is read row by row: by its name, or by what it begins with."""
    if path.suffix.lower() in ROWS:
        return True
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        return format_of(head, path.name) == "jsonl"
    except InputError:
        return False


def is_gold(path: Path) -> bool:
    """Whether the file's first row is a gold question: those files lie beside articles and are none."""
    try:
        row = json.loads(next(_lines(path, _GOLD_BYTES), b"").decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "question" in row and "text" not in row


class RowIds:
    """Ids for the rows of the file `name` that have none, the same ones each time that it is read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._texts: dict[str, list[str]] = {}

    def of(self, draft: Draft) -> str:
        """The row's address, else of what a correction of its text leaves as it is; further rows to which that applies are counted."""
        return self._counted(_base(self._name, draft), _sha256(draft.text))

    def named(self, row: Row) -> Article:
        """The article of a row under its id. Raises InputError with the reason where there is none."""
        id = row.base and self._counted(row.base, row.digest)
        if isinstance(row.read, str):
            raise InputError(row.read)
        return replace(row.read, id=one_line("id", id) or row.read.id) if id != row.base else row.read

    def _counted(self, base: str, digest: str) -> str:
        texts = self._texts.setdefault(base, [])
        if digest not in texts:
            texts.append(digest)
        count = texts.index(digest) + 1
        return base if count == 1 else f"{base}#{count}"


def _lines(path: Path, most: int) -> Iterator[bytes]:
    """The lines of a file, of one in UTF-16 as UTF-8; of a line of more than `most` bytes only so much as shows that it is longer.

    Raises UnicodeDecodeError where a file in UTF-16 is cut off.
    """
    with path.open("rb") as file:
        encoding = utf16(file.read(HEAD_BYTES))
        file.seek(0)
        if encoding is None:
            yield from _bounded(file, b"\n", most)
            return
    with path.open(encoding=encoding, errors="surrogatepass", newline="\n") as text:
        for line in _bounded(text, "\n", most):
            yield line.encode(errors="surrogatepass")


def _bounded(file: IO[AnyStr], newline: AnyStr, most: int) -> Iterator[AnyStr]:
    left = os.fstat(file.fileno()).st_size
    while left > 0 and (line := file.readline(most + 1)):
        yield line
        left -= len(line)
        while left > 0 and line and not line.endswith(newline):
            line = file.readline(most + 1)
            left -= len(line)


def _decoded(line: bytes, warnings: list[str]) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return decode(line, warnings)
    except InputError:
        raise InputError("the row is not UTF-8, nor for certain in another encoding; save the file as UTF-8") from None


def _string(row: dict[str, object], name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise InputError(f'"{name}" is not a string')
    if not value:
        raise InputError(f'the row has no "{name}"')
    return value


def _given_id(row: dict[str, object]) -> str | None:
    value = row.get("id")
    if isinstance(value, (list, dict)):
        raise InputError('"id" is not a string')
    return written(value)


def _base(name: str, draft: Draft) -> str:
    """What the id of a row without one is made of, in the file `name`."""
    facts = draft.facts
    return _address(facts.url) or f"{name}#{_digest(facts.title, facts.source, facts.published)}"


def _address(url: Fact | None) -> str | None:
    try:
        address = web_address(url.value if url else None)
    except InputError:
        return None
    return address if address and len(address) <= TITLE_CHARS else None


def _digest(*facts: Fact | None) -> str:
    return _sha256("\n".join(fact.value if fact else "" for fact in facts))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
