"""The SQL of near-copies in a shared archive: the rows of `rag.store.likenesses`, which are memory and no truth here too."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Join, and_, delete, distinct, func, insert, select, update

from rag.arrays import Numbers
from rag.copies import SIGNATURE_BYTES
from rag.store.joining import Joined
from rag.store.shared.database import batched
from rag.store.shared.dialects import among
from rag.store.shared.filtering import Filtering
from rag.store.shared.tables import Tables, key_of
from rag.types import MOST_COPIES, Article, Filters

# a prime, so that a bit that changes in either of two numbers changes what is left of it
_PRIME = 2**31 - 1


class LikenessRows:
    """For use in a transaction. `present` holds of the rows of articles that count (`Generations.of`)."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._table = tables.likenesses
        self._columns = tables.likenesses.c

    def tell(self, connection: Connection, number: int, joined: Joined) -> None:
        """Records what was decided of the article of that number."""
        connection.execute(delete(self._table).where(self._columns.article == number))
        row = {"article": number, "signature": joined.signature, "story": joined.story, "checksum": _checksum(number, joined.story)}
        connection.execute(insert(self._table), row)
        for other in joined.others:
            of_other = update(self._table).where(self._columns.story == other)
            connection.execute(of_other.values(story=joined.story, checksum=_checksum(self._columns.article, joined.story)))

    def forget(self, connection: Connection, articles: Numbers) -> None:
        """Removes what is known of the articles with these numbers."""
        connection.execute(delete(self._table).where(among(self._columns.article, articles)))

    def story(self, connection: Connection, present: ColumnElement[bool], number: int, signature: bytes | None = None) -> int | None:
        """The story of an article that counts, if it has that signature where one is given; None where there is none, or nobody knows."""
        columns = self._columns
        asked = select(columns.story).join_from(self._table, self._tables.articles, self._joins).where(present, columns.article == number)
        found = asked if signature is None else asked.where(columns.signature == signature)
        return connection.execute(found).scalar_one_or_none()

    def stories_of(self, connection: Connection, articles: Numbers) -> dict[int, int]:
        """The story of each of the articles of these numbers of which one is known."""
        columns = self._columns
        found: dict[int, int] = {}
        for some in batched(articles.tolist()):
            asked = select(columns.article, columns.story).where(among(columns.article, np.array(some)), self._sound)
            found.update(iter(connection.execute(asked)))
        return found

    def counted(self, connection: Connection, where: ColumnElement[bool]) -> tuple[int, int | None]:
        """Of how many articles `where` holds, and of how many stories these are, near-copies one; None where it is not known of each."""
        story = self._columns.story
        asked = select(func.count(), func.count(story), func.count(distinct(story))).select_from(self._known).where(where)
        count, known, stories = connection.execute(asked).one()
        return int(count), int(stories) if known == count else None

    def missing(self, connection: Connection, present: ColumnElement[bool]) -> Sequence[int]:
        """The numbers of the articles that count of which nothing is known."""
        number = self._tables.articles.c.n
        asked = select(number).select_from(self._known).where(present, self._columns.article.is_(None)).order_by(number)
        return list(connection.execute(asked).scalars())

    def numbers(self, connection: Connection, present: ColumnElement[bool]) -> Numbers:
        """Those of the articles that count of which something is known, ascending."""
        number = self._columns.article
        asked = select(number).join_from(self._table, self._tables.articles, self._joins).where(present).order_by(number)
        return np.array(connection.execute(asked).scalars().all(), dtype=np.int64)

    def signatures(self, connection: Connection, articles: Numbers) -> Iterator[tuple[int, bytes]]:
        """The signatures of the articles of these numbers, in their order."""
        columns = self._columns
        for some in batched(articles.tolist()):
            asked = select(columns.article, columns.signature).where(among(columns.article, np.array(some))).order_by(columns.article)
            yield from ((number, own) for number, own in connection.execute(asked))

    def alike(
        self,
        connection: Connection,
        present: ColumnElement[bool],
        ids: Collection[str],
        filters: Filters,
        having: Numbers | None,
        article: Callable[[int], Article | None],
    ) -> dict[str, list[Article]]:
        """Of each article that shares its story with others, those that the filters leave, the earliest first; one that is damaged is left out.

        `article` gives the article of a row's number, None where it is not what was stored.
        """
        rows = self._tables.articles.c
        left = and_(present, Filtering(self._tables).left(filters, having))
        found = {}
        for id in dict.fromkeys(ids):
            own = connection.execute(select(rows.n).where(present, rows.key == key_of(id))).scalar_one_or_none()
            story = None if own is None else self.story(connection, present, own)
            if own is not None and story is not None:
                found[id] = [one for number in self._of_story(connection, left, story, own) if (one := article(number))]
        return found

    def _of_story(self, connection: Connection, left: ColumnElement[bool], story: int, but: int) -> Sequence[int]:
        rows = self._tables.articles.c
        others = select(rows.n).join_from(self._table, self._tables.articles, self._joins).where(left, self._columns.story == story, rows.n != but)
        return connection.execute(others.order_by(rows.published.asc().nulls_last(), rows.id).limit(MOST_COPIES)).scalars().all()

    @property
    def _known(self) -> Join:
        """Each article with its row here, with NULLs where there is none that is what it should be."""
        return self._tables.articles.outerjoin(self._table, self._joins)

    @property
    def _joins(self) -> ColumnElement[bool]:
        return and_(self._columns.article == self._tables.articles.c.n, self._sound)

    @property
    def _sound(self) -> ColumnElement[bool]:
        """Holds where a row is what it should be, as far as one can see."""
        columns = self._columns
        return and_(func.length(columns.signature) == SIGNATURE_BYTES, columns.checksum == _checksum(columns.article, columns.story))


def _checksum(article: Any, story: Any) -> Any:
    """Of two numbers, or of two columns: SQL can make it as well as Python."""
    return article % _PRIME * _PRIME + story % _PRIME
