"""Whose the passages are that Milvus finds: nothing is given out that the database does not have, or that the filters leave out there.

Milvus may have what was brought to it by a writer that was held up for so long that it
had been given up, and nothing that Milvus filters by is under a seal.
"""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import ColumnElement, Connection, select

from rag.arrays import Mask, Numbers
from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.store.shared.by_number import ByNumber
from rag.store.shared.collection import Collection
from rag.store.shared.dialects import among, in_parts
from rag.store.shared.facts import WAY_OUT, damaged
from rag.store.shared.tables import Tables


class Owners:
    """The articles of a generation, of whose rows `present` holds (`Generations.of`), inside one transaction."""

    def __init__(self, connection: Connection, tables: Tables, present: ColumnElement[bool]) -> None:
        self._connection = connection
        self._tables = tables
        self._present = present
        # numbers of articles by those of their passages, as far as they were looked up
        self._known: dict[int, int] = {}
        self._damaged: dict[str, ArticleDamaged] = {}

    @property
    def damaged(self) -> Sequence[ArticleDamaged]:
        """What is wrong with each article of which something was found that was not to be given out."""
        return tuple(self._damaged.values())

    def of(self, passages: Numbers) -> Numbers:
        """The number of each passage's article, int64 [n]. Raises ArchiveDamaged where a passage is lost."""
        unknown = np.array([number for number in passages.tolist() if number not in self._known], dtype=np.int64)
        found = ByNumber(self._connection, self._tables).articles_of(unknown)
        self._known |= dict(zip(unknown.tolist(), found.tolist(), strict=True))
        return np.array([self._known[number] for number in passages.tolist()], dtype=np.int64)

    def left(self, passages: Numbers, filtered: ColumnElement[bool]) -> Mask:
        """Which of the passages that were found are of articles of the generation of which `filtered` holds, bool [n]."""
        rows, articles = self._tables.passages.c, self._tables.articles
        asked = select(rows.n, rows.article).join_from(self._tables.passages, articles, rows.article == articles.c.n).where(self._present, filtered)
        found: dict[int, int] = {}
        for some in in_parts(passages):
            found.update(iter(self._connection.execute(asked.where(among(rows.n, some)))))
        self._known |= found
        return np.array([number in found for number in passages.tolist()], dtype=bool)

    def stranded(self, passages: Numbers, collection: Collection) -> Sequence[int]:
        """The numbers of those articles that Milvus has of passages which are not `left`, and the database has not.

        The other ones are damaged, or what Milvus has of them is. Raises ArchiveDamaged where one is lost of which the database has a passage.
        """
        rows, articles = self._tables.passages.c, self._tables.articles
        owned = self._tables.passages.outerjoin(articles, rows.article == articles.c.n)
        for some in in_parts(passages):
            for number, id in self._connection.execute(select(rows.n, articles.c.id).select_from(owned).where(among(rows.n, some))):
                if id is None:
                    raise ArchiveDamaged(f"the archive is damaged: passage {number} is of an article that is lost; {WAY_OUT}")
                self._damaged[id] = damaged(id)
        told = np.unique(collection.articles_of(passages))
        known: set[int] = set()
        for some in in_parts(told):
            for number, id in self._connection.execute(select(articles.c.n, articles.c.id).where(self._present, among(articles.c.n, some))):
                # a passage of it is lost
                self._damaged[id] = damaged(id)
                known.add(number)
        return [number for number in told.tolist() if number not in known]
