"""The SQL of near-copies in a shared archive: the rows of `rag.store.likenesses`, which are memory and no truth here too."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Connection, Join, and_, bindparam, delete, distinct, func, insert, select, update

from rag.arrays import Numbers
from rag.copies import SIGNATURE_BYTES
from rag.store.shared.checksum import checksum
from rag.store.shared.database import batched
from rag.store.shared.dialects import among
from rag.store.shared.filtering import Filtering
from rag.store.shared.tables import Tables, key_of
from rag.types import MOST_COPIES, Article, Filters


class LikenessRows:
    """For use in a transaction. `present` holds of the rows of articles that count (`Generations.of`)."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._table = tables.likenesses
        self._columns = tables.likenesses.c

    def tell(self, connection: Connection, told: Mapping[int, tuple[bytes, int]], merged: Sequence[tuple[int, int]]) -> None:
        """Records signature and story of articles by their numbers, after stories became one: `merged` has each and what it is now, in order."""
        story, other, one = self._columns.story, bindparam("other", type_=BigInteger), bindparam("one", type_=BigInteger)
        self.forget(connection, np.array(list(told), dtype=np.int64))
        if merged:
            joined = update(self._table).where(story == other).values(story=one, checksum=checksum(self._columns.article, one))
            connection.execute(joined, [{"other": old, "one": new} for old, new in merged])
        rows = [{"article": n, "signature": own, "story": of, "checksum": checksum(n, of)} for n, (own, of) in told.items()]
        if rows:
            connection.execute(insert(self._table), rows)

    def forget(self, connection: Connection, articles: Numbers) -> None:
        """Removes what is known of the articles with these numbers."""
        connection.execute(delete(self._table).where(among(self._columns.article, articles)))

    def stories(self, connection: Connection, present: ColumnElement[bool], numbers: Sequence[int], signature: bytes | None) -> dict[int, int]:
        """The story of each of the articles of these numbers that counts, and has that signature where one is given; as far as it is known."""
        columns = self._columns
        asked = select(columns.article, columns.story).join_from(self._table, self._tables.articles, self._joins)
        some = asked.where(present, among(columns.article, np.array(numbers, dtype=np.int64)))
        return dict(iter(connection.execute(some if signature is None else some.where(columns.signature == signature))))

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
        read: Callable[[Collection[int]], Mapping[int, Article]],
    ) -> dict[str, list[Article]]:
        """Of each article that shares its story with others, those that the filters leave, the earliest first; one that is damaged is left out.

        `read` gives those of the articles of some numbers that are what was stored.
        """
        own = self._own(connection, present, ids)
        left = and_(present, Filtering(self._tables).left(filters, having))
        first = self._first_of(connection, left, {story for _, story in own.values()})
        others = {id: [one for one in first.get(story, ()) if one != number][:MOST_COPIES] for id, (number, story) in own.items()}
        articles = read({number for some in others.values() for number in some})
        return {id: [articles[number] for number in some if number in articles] for id, some in others.items()}

    def _own(self, connection: Connection, present: ColumnElement[bool], ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """Number and story of each of the articles of which a story is known, in the order in which they were asked for."""
        rows, keys = self._tables.articles.c, {key_of(id): id for id in ids}
        asked = select(rows.key, rows.n, self._columns.story).join_from(self._table, self._tables.articles, self._joins).where(present)
        found = {row.key: (row.n, row.story) for some in batched(keys) for row in connection.execute(asked.where(rows.key.in_(some)))}
        return {id: found[key] for key, id in keys.items() if key in found}

    def _first_of(self, connection: Connection, left: ColumnElement[bool], stories: Collection[int]) -> dict[int, list[int]]:
        """The numbers of each story's first articles: one more than are named, since it may be the one that is asked about."""
        rows, story = self._tables.articles.c, self._columns.story
        place = func.row_number().over(partition_by=story, order_by=(rows.published.asc().nulls_last(), rows.id)).label("place")
        wanted = among(story, np.array(list(stories), dtype=np.int64))
        placed = select(story, rows.n, place).join_from(self._table, self._tables.articles, self._joins).where(left, wanted).subquery()
        asked = select(placed.c.story, placed.c.n).where(placed.c.place <= MOST_COPIES + 1).order_by(placed.c.story, placed.c.place)
        found: dict[int, list[int]] = {}
        for of, number in connection.execute(asked):
            found.setdefault(of, []).append(number)
        return found

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
        return and_(func.length(columns.signature) == SIGNATURE_BYTES, columns.checksum == checksum(columns.article, columns.story))
