"""What lists and counts the articles of a shared archive, their texts unread.

A row that is shown is checked against its seal. Counting reads no seals: a damaged row
is counted by what it has now, since checking all rows at every question would take
seconds where there are millions.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, true

from rag.arrays import Numbers
from rag.errors import ArchiveDamaged
from rag.listing import Listed, Order, Place, Shelf
from rag.store.article_rows import day_of, guessed_of, moment_of, second_of
from rag.store.sealed_rows import SEALED, Row, row_is_sound
from rag.store.shared.database import MOST_VALUES, batched
from rag.store.shared.facts import WAY_OUT, damaged
from rag.store.shared.filtering import Filtering
from rag.store.shared.likeness_rows import LikenessRows
from rag.store.shared.tables import Tables, key_of
from rag.types import Filters, Searched

_NAMES = tuple(SEALED.split(", "))


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles of whose rows `present` holds (`Generations.of`), inside one transaction."""

    connection: Connection
    tables: Tables
    present: ColumnElement[bool]

    def searched(self, filters: Filters, having: Numbers | None = None) -> Searched:
        """What the filters leave, with `having` of the articles with these numbers; seals are not read, so none is named as damaged.

        Raises ArchiveDamaged where a day is none any more.
        """
        rows, filtering = self.tables.articles.c, Filtering(self.tables)
        counts = func.count(), func.coalesce(func.sum(rows.passages), 0), func.count(rows.published), func.count(filtering.known_day)
        asked = select(*counts, func.min(rows.published), func.max(rows.published)).where(self.present, filtering.left(filters, having))
        articles, passages, dated, known, earliest, latest = self.connection.execute(asked).one()
        undated = articles - dated
        return Searched(articles, int(passages), _day(earliest), _day(latest), undated, filters, guessed=known - dated)

    def shelf(  # noqa: PLR0913 - each by name
        self,
        words: Sequence[str],
        filters: Filters,
        order: Order,
        offset: int,
        limit: int,
        past: Place | None,
        *,
        having: Numbers | None,
        arrived_since: datetime | None,
        arrivals: bool,
        editions: Callable[[Collection[str]], Mapping[str, int]],
    ) -> Shelf:
        """The articles that the filters leave and that have every one of `words` in title, source or author; those behind `past`.

        `editions` counts the earlier texts of articles. Raises ArticleDamaged where a row that is listed is not what was stored.
        """
        filtering = Filtering(self.tables)
        came = self.tables.articles.c.arrived >= second_of(arrived_since) if arrived_since else true()
        matching = and_(self.present, filtering.left(filters, having, arrivals=arrivals), filtering.named(words), came)
        total, stories = LikenessRows(self.tables).counted(self.connection, matching)
        stretch = self._sealed().where(matching, filtering.behind(order, past)).order_by(*filtering.in_order(order))
        found = [_checked(row) for row in self.connection.execute(stretch.limit(limit).offset(min(offset, total)))]
        counts = editions([facts["id"] for facts in found])
        listed = tuple(_listed(facts, counts[facts["id"]]) for facts in found)
        return Shelf(total, listed, stories)

    @property
    def stories(self) -> int | None:
        """How many stories all articles are of, near-copies one; None where it is not known of each."""
        return LikenessRows(self.tables).counted(self.connection, self.present)[1]

    def sources(self) -> dict[str, int]:
        """How many articles each named source has, by name; seals are not read."""
        source = self.tables.articles.c.source
        asked = select(source, func.count()).where(self.present, source.is_not(None)).group_by(source).order_by(source)
        return dict(iter(self.connection.execute(asked)))

    def titles(self, ids: Iterable[str]) -> dict[str, str]:
        """The title of each of the articles that is here and whose row is what was stored."""
        found, wanted = {}, list(dict.fromkeys(ids))
        for some in batched(wanted):
            of_keys = self._sealed().where(self.present, self.tables.articles.c.key.in_([key_of(id) for id in some]))
            found.update({row[1]: row[2] for row in self.connection.execute(of_keys) if row_is_sound(row)})
        return {id: found[id] for id in wanted if id in found}

    def origins(self) -> dict[str, str]:
        """Where each article was read from, by its id. Raises ArticleDamaged where a row is not what was stored."""
        return {facts["id"]: facts["origin"] for facts in map(_checked, self._streamed(self._sealed()))}

    def _sealed(self) -> Select[*Row]:
        """Rows as their seals are checked."""
        columns = self.tables.articles.c
        return select(columns.n, *(columns[name] for name in _NAMES), columns.seal)

    def _streamed(self, asked: Select[*Row]) -> Iterator[Row]:
        """All that is present, not all of it in memory at a time."""
        yield from self.connection.execute(asked.where(self.present), execution_options={"yield_per": MOST_VALUES})


def _day(published: str | None) -> date | None:
    """One that was counted, under no seal."""
    try:
        return day_of(published)
    except ValueError:
        raise ArchiveDamaged(f"the archive is damaged: a day of publication is not what was stored; {WAY_OUT}") from None


def _checked(row: Row) -> Mapping[str, Any]:
    """The facts of a row, by the names of their columns."""
    if not row_is_sound(row):
        raise damaged(row[1])
    return dict(zip(_NAMES, row[1:-1], strict=True))


def _listed(facts: Mapping[str, Any], editions: int) -> Listed:
    names = ("id", "title", "source", "author", "published", "url", "characters", "arrived")
    id, title, source, author, published, url, characters, arrived = (facts[name] for name in names)
    # not the column that is searched, which is under no seal
    guessed = None if published else guessed_of(facts["document"])
    about = guessed.isoformat() if guessed else None
    return Listed(id, title, source, author, day_of(published), url, characters, about, editions, moment_of(arrived))
