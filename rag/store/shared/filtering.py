"""Which rows of articles are asked for, and in what order, as SQL: filters, words and places in a list.

What SQL cannot find out by itself is written with each row (`derived`): the day that is only guessed, and names without case.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, false, func, or_, true

from rag.arrays import Numbers
from rag.corpus.dates import guessed_day
from rag.listing import Order, Place
from rag.store.shared.dialects import among, has
from rag.store.shared.tables import Tables
from rag.types import Article, Filters


def derived(article: Article) -> Mapping[str, str | None]:
    """What an article's row has for searching and sorting, by the names of the columns; it is under no seal, and nothing of it is shown."""
    guessed = guessed_day(article.facts)
    # no word has a line feed in it, so none runs across two names
    names = "\n".join((article.title, article.source or "", article.author or ""))
    return {
        "guessed": guessed.isoformat() if guessed else None,
        "folded_source": article.source.casefold() if article.source is not None else None,
        "folded_title": article.title.casefold(),
        "folded_names": names.casefold(),
    }


class Filtering:
    """Conditions on the rows of an archive's articles."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.articles.c

    @property
    def known_day(self) -> ColumnElement[str]:
        """The day that was told, or the one that is guessed."""
        return func.coalesce(self._rows.published, self._rows.guessed)

    def left(self, filters: Filters, having: Numbers | None = None, *, arrivals: bool = False) -> ColumnElement[bool]:
        """Holds of what the filters leave, with `having` of the articles with these numbers. NULL, an unknown source, is outside every filter.

        With `arrivals` an undated article's day is that, of UTC, on which its text came in.
        """
        found: list[ColumnElement[bool]] = [true()]
        if filters.by_day:
            day = self.known_day if filters.guessed else self._rows.published
            compared = func.coalesce(day, func.substr(self._rows.arrived, 1, 10)) if arrivals else day
            # PostgreSQL takes no collation of what stands in a BETWEEN
            inside = and_(compared >= (filters.after or date.min).isoformat(), compared <= (filters.before or date.max).isoformat())
            found.append(or_(inside, day.is_(None)) if filters.undated else inside)
        if filters.sources is not None:
            found.append(self._rows.source.in_([source for source in filters.sources if _can_stand(source)]))
        if having is not None:
            found.append(among(self._rows.n, having))
        return and_(*found)

    def named(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Holds of the articles that have every one of the words in title, source or author, whatever its case."""
        return and_(true(), *(has(self._rows.folded_names, word.casefold()) if _can_stand(word) else false() for word in words))

    def in_order(self, order: Order) -> tuple[ColumnElement[object], ...]:
        """What a list is sorted by; what is not known comes last."""
        column, falls = self._sorted_by(order)
        return (column.desc() if falls else column.asc()).nulls_last(), self._rows.id.asc()

    def behind(self, order: Order, past: Place | None) -> ColumnElement[bool]:
        """Holds of what stands behind a place, of everything where there is none."""
        if past is None:
            return true()
        column, falls = self._sorted_by(order)
        later = self._rows.id > _standing(past.id)
        if past.key is None:
            return and_(column.is_(None), later)
        key = past.key
        if isinstance(key, str):
            key = _standing(key.casefold() if order in {Order.TITLE, Order.SOURCE} else key)
        return or_(column.is_(None), column < key if falls else column > key, and_(column == key, later))

    def _sorted_by(self, order: Order) -> tuple[ColumnElement[object], bool]:
        """A column, and whether what has most of it comes first."""
        rows = self._rows
        ways = {
            Order.NEWEST: (rows.published, True),
            Order.OLDEST: (rows.published, False),
            Order.TITLE: (rows.folded_title, False),
            Order.SOURCE: (rows.folded_source, False),
            Order.LONGEST: (rows.characters, True),
            Order.ARRIVED: (rows.arrived, True),
        }
        return ways[order]


def _can_stand(text: str) -> bool:
    """Whether a row may have the text: none has a NUL, and PostgreSQL is not even asked for one."""
    return "\0" not in text


def _standing(text: str) -> str:
    """The text as far as a row may have it."""
    return text.replace("\0", "")
