"""What a search asks of articles and passages by their numbers, many at a time; nothing of it is shown, so nothing is checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection, Integer, cast, func, select

from rag.arrays import Numbers
from rag.errors import ArchiveDamaged
from rag.store.base import Labels
from rag.store.shared.dialects import among, in_parts
from rag.store.shared.facts import WAY_OUT, damaged
from rag.store.shared.tables import Tables

_UNDATED, _NO_SOURCE = 0, -1


@dataclass(frozen=True, slots=True)
class ByNumber:
    """For use in a transaction: a number means the same row, or none, in each generation."""

    connection: Connection
    tables: Tables

    def articles_of(self, passages: Numbers) -> Numbers:
        """The number of each passage's article, int64 [n]. Raises ArchiveDamaged where a passage is lost."""
        rows = self.tables.passages.c
        owners: dict[int, int] = {}
        for some in in_parts(passages):
            owners.update(iter(self.connection.execute(select(rows.n, rows.article).where(among(rows.n, some)))))
        wanted = passages.tolist()
        lost = next((number for number in wanted if number not in owners), None)
        if lost is not None:
            raise ArchiveDamaged(f"the archive is damaged: passage {lost} is lost; {WAY_OUT}")
        return np.array([owners[number] for number in wanted], dtype=np.int64)

    def passage_texts(self, passages: Numbers) -> Iterator[tuple[int, str, str]]:
        """Number, article's title and own text of each passage that is there."""
        rows, articles = self.tables.passages.c, self.tables.articles.c
        # PostgreSQL takes no larger numbers for places in a text
        start, length = cast(rows.start + 1, Integer), cast(rows.stop - rows.start, Integer)
        asked = select(rows.n, articles.title, func.substr(articles.text, start, length)).join_from(
            self.tables.passages, self.tables.articles, articles.n == rows.article
        )
        for some in in_parts(passages):
            yield from ((number, title, text) for number, title, text in self.connection.execute(asked.where(among(rows.n, some))))

    def titles(self, articles: Numbers) -> dict[int, str]:
        """Those of the articles that are there, by their numbers."""
        rows = self.tables.articles.c
        found: dict[int, str] = {}
        for some in in_parts(articles):
            found.update(iter(self.connection.execute(select(rows.n, rows.title).where(among(rows.n, some)))))
        return found

    def labels(self, articles: Numbers) -> Labels:
        """The day and the source of each of the articles; one that is not there has neither. Raises ArticleDamaged where a day is none any more."""
        rows = self.tables.articles.c
        places: dict[str, int] = {}
        found = {}
        asked = select(rows.n, rows.id, rows.published, rows.source)
        for some in in_parts(articles):
            for number, id, published, source in self.connection.execute(asked.where(among(rows.n, some))):
                place = _NO_SOURCE if source is None else places.setdefault(source, len(places))
                found[number] = _ordinal(published, id), place
        labels = [found.get(number, (_UNDATED, _NO_SOURCE)) for number in articles.tolist()]
        days, sources = np.array(labels, dtype=np.int64).reshape(-1, 2).T
        return Labels(days, sources, tuple(places))


def _ordinal(day: str | None, id: str) -> int:
    try:
        return date.fromisoformat(day).toordinal() if day else _UNDATED
    except ValueError:
        raise damaged(id) from None
