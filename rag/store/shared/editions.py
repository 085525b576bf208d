"""Earlier texts of articles in the database of a shared archive: what was quoted stays to be shown, and none of it is searched."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from rag.errors import ArchiveDamaged
from rag.store.article_rows import document_of, facts_of, parts_of
from rag.store.edition_rows import SEALED, edition_of, is_whole, told
from rag.store.inventory import Earlier, edition_row_seal
from rag.store.packed import referred
from rag.store.seal import seal
from rag.store.shared.database import MOST_VALUES, batched
from rag.store.shared.facts import WAY_OUT, Facts
from rag.store.shared.originals import Originals
from rag.store.shared.tables import Tables, key_of
from rag.types import Edition

_NUMBERS = "numbers of editions"


class Editions:
    """For use in a transaction. No two of an article have one text, and none has the text that the article has now.

    There may be millions: each is checked when it is read, all of them together by `check` alone.
    """

    def __init__(self, tables: Tables, facts: Facts, originals: Originals) -> None:
        self._table = tables.editions
        self._sealed = [self._table.c[name] for name in SEALED.split(", ")]
        self._facts = facts
        self._originals = originals

    def of(self, connection: Connection, id: str | None) -> list[Edition]:
        """The earlier texts of an article, or all, what was replaced last first. Raises ArchiveDamaged."""
        columns = self._table.c
        wanted = select(*self._sealed, columns.seal, columns.text, columns.parts, columns.key).order_by(columns.n.desc())
        rows = connection.execute(wanted if id is None else wanted.where(columns.key == key_of(id)))
        return [_checked(row) for row in rows]

    def counts(self, connection: Connection, ids: Collection[str]) -> Mapping[str, int]:
        """How many there are of each of the articles; texts are not read. Raises ArchiveDamaged."""
        counted: Counter[str] = Counter()
        for row in self._among(connection, ids):
            if not is_whole(row):
                raise _damaged(row)
            counted[row.id] += 1
        return {id: counted[id] for id in ids}

    def check(self, connection: Connection) -> None:
        """Raises ArchiveDamaged where one is lost; what the others have is not looked at. For a reading transaction."""
        self._facts.check(connection, "editions", connection.execute(select(self._table.c.seal).execution_options(yield_per=MOST_VALUES)).scalars())

    def add(self, connection: Connection, editions: Sequence[Edition]) -> None:
        if editions:
            last = self._facts.advance(connection, _NUMBERS, len(editions))
            rows = [_row(number, edition) for number, edition in enumerate(editions, last + 1)]
            connection.execute(insert(self._table), rows)
            self._facts.exchange(connection, "editions", come=[row["seal"] for row in rows])

    def remove(self, connection: Connection, texts: Collection[tuple[str, str]]) -> None:
        """Removes those that have one of the texts, each an article's id and a SHA-256: what an article has again is no earlier text."""
        wanted = set(texts)
        self._remove(connection, [row.n for row in self._among(connection, {id for id, _ in wanted}) if (row.id, row.sha256) in wanted])

    def earlier(self, connection: Connection) -> list[Earlier]:
        """All that are what was stored, what was replaced first first, by their seals; their texts are not read."""
        rows = connection.execute(select(*self._sealed, self._table.c.seal).order_by(self._table.c.n))
        return [Earlier(row.id, row.sha256, edition_row_seal(row[1:-3], row.document, moment)) for row in rows if (moment := _moment(row))]

    def find(self, connection: Connection, id: str, sha256: str) -> Edition | None:
        """The one of an article that has that text; None where there is none. Raises ArchiveDamaged where it is not what was stored."""
        return next((edition for edition in self.of(connection, id) if edition.article.sha256 == sha256), None)

    def remove_after(self, connection: Connection, count: int) -> None:
        """Removes all but the first so many."""
        behind = select(self._table.c.n).order_by(self._table.c.n).offset(count)
        self._remove(connection, list(connection.execute(behind).scalars()))

    def remove_all(self, connection: Connection, ids: Collection[str]) -> Mapping[str, int]:
        """Removes all of the articles, and gives how many each had."""
        rows = list(self._among(connection, ids))
        self._remove(connection, [row.n for row in rows])
        return Counter(row.id for row in rows)

    def _among(self, connection: Connection, ids: Iterable[str]) -> Iterator[Any]:
        """Those of the articles without their texts, sound or not."""
        keys = map(key_of, dict.fromkeys(ids))
        for some in batched(keys):
            yield from connection.execute(select(*self._sealed, self._table.c.seal).where(self._table.c.key.in_(some)))

    def _remove(self, connection: Connection, numbers: Iterable[int]) -> None:
        for some in batched(numbers):
            removal = delete(self._table).where(self._table.c.n.in_(some)).returning(self._table.c.seal, self._table.c.original)
            gone = connection.execute(removal).all()
            self._facts.exchange(connection, "editions", gone=[row.seal for row in gone])
            self._originals.release(connection, [row.original for row in gone])


def _row(number: int, edition: Edition) -> dict[str, Any]:
    article, parts = edition.article, parts_of(edition.article)
    document = document_of(article, parts)
    sealed = (number, *facts_of(article), document, edition.replaced.isoformat())
    return {
        **dict(zip(SEALED.split(", "), sealed, strict=True)),
        "key": key_of(article.id),
        "original": referred(document),
        "seal": seal(sealed),
        "text": article.text,
        "parts": parts,
    }


def _checked(row: Any) -> Edition:
    """The edition of a row of what `edition_of` takes, and the key of its article."""
    edition = edition_of(row[:-1])
    if edition is None or key_of(edition.article.id) != row.key:
        raise _damaged(row)
    return edition


def _moment(row: Any) -> datetime | None:
    """When a text was replaced whose row is what was stored."""
    return datetime.fromisoformat(row.replaced).astimezone(UTC) if is_whole(row) else None


def _damaged(row: Any) -> ArchiveDamaged:
    return ArchiveDamaged(f"{told(row)}; {WAY_OUT}")
