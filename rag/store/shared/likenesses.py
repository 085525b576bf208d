"""Which articles of a shared archive are near-copies of one another, as its writers find out."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from sqlalchemy import ColumnElement, Connection

from rag.copies import Signatures
from rag.store.joining import Joining, Wordings
from rag.store.shared.likeness_rows import LikenessRows
from rag.store.shared.tables import Tables
from rag.types import Article


class Likenesses:
    """Keeps signatures between one writer and the next of a store, some 550 bytes of memory an article, since reading millions takes minutes.

    For use by one writer at a time, in writing transactions. `present` holds of the rows of articles that are not gone (`Generations.of`).
    """

    def __init__(self, tables: Tables) -> None:
        self._rows = LikenessRows(tables)
        self._wordings = Wordings()
        self._signatures = Signatures(())
        # the last number of those that were read: what was told later may not have been stored
        self._last = 0
        self._is_current = False

    def begin(self) -> None:
        """Has what others wrote meanwhile read before the next article is told. For a writer that begins, and after a transaction that failed."""
        self._is_current = False

    def tell(
        self, connection: Connection, present: ColumnElement[bool], number: int, article: Article, read: Callable[[int], Article | None]
    ) -> int | None:
        """Records an article's signature and story, and gives the number of the likeliest of its near-copies.

        `read` gives the article of a row's number, None where there is none that is what was
        stored. What the article replaces has to be gone, and its own row to be there.
        """
        if not self._is_current:
            self._renew(connection, present)
        joined = Joining(partial(self._rows.story, connection, present), read, self._wordings).joined(number, article, self._signatures)
        self._rows.tell(connection, number, joined)
        self._signatures.add(number, joined.signature)
        return joined.copied

    def missing(self, connection: Connection, present: ColumnElement[bool]) -> Sequence[int]:
        """The numbers of the articles of which it is not known whether they are near-copies."""
        return self._rows.missing(connection, present)

    def _renew(self, connection: Connection, present: ColumnElement[bool]) -> None:
        """Reads the signatures that are not known yet, and forgets those of articles that are gone."""
        there = self._rows.numbers(connection, present)
        self._signatures.keep(there[there <= self._last])
        self._signatures.extend(self._rows.signatures(connection, np.setdiff1d(there, self._signatures.numbers)))
        self._last = int(there.max(initial=0))
        self._is_current = True
