"""Which articles of a shared archive are near-copies of one another, as its writers find out."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sqlalchemy import ColumnElement, Connection

from rag.copies import Signatures
from rag.store.joining import Joined, Joining, Wordings
from rag.store.shared.likeness_rows import LikenessRows
from rag.store.shared.tables import Tables
from rag.types import Article

_Read = Callable[[Sequence[int]], Mapping[int, Article]]


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
        """Has what others wrote meanwhile read before the next articles are told. For a writer that begins, and after a transaction that failed."""
        self._is_current = False

    def tell(self, connection: Connection, present: ColumnElement[bool], articles: Mapping[int, Article], read: _Read) -> dict[int, int]:
        """Records signatures and stories of articles by their numbers, one after the other; gives of each near-copy the number of its likeliest one.

        `read` gives those of the articles of some numbers that are there and are what was
        stored. What the articles replace has to be gone, and their own rows to be there.
        """
        if not self._is_current:
            self._renew(connection, present)
        told = _Told(articles, lambda numbers, signature: self._rows.stories(connection, present, numbers, signature), read)
        joining, copied = Joining(told.stories, told.articles, self._wordings), {}
        for number, article in articles.items():
            joined = joining.joined(number, article, self._signatures)
            told.add(number, joined)
            self._signatures.add(number, joined.signature)
            if joined.copied is not None:
                copied[number] = joined.copied
        self._rows.tell(connection, told.rows, told.merged)
        return copied

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


class _Told:
    """What is decided of several articles, until all of it is written at once: for each of them the database would be asked as often as for all."""

    def __init__(self, articles: Mapping[int, Article], stories: Callable[[Sequence[int], bytes | None], Mapping[int, int]], read: _Read) -> None:
        """`stories` and `read` give what was there before, as `Joining` takes it."""
        self._articles = articles
        self._stories = stories
        self._read = read
        # signature and story of each article of which it is decided already
        self.rows: dict[int, tuple[bytes, int]] = {}
        # stories, each with the one that it is too, in the order in which they became one
        self.merged: list[tuple[int, int]] = []

    def add(self, number: int, joined: Joined) -> None:
        merged = [(other, joined.story) for other in joined.others]
        self.rows = {own: (signature, _after(merged, story)) for own, (signature, story) in self.rows.items()} if merged else self.rows
        self.rows[number] = joined.signature, joined.story
        self.merged += merged

    def stories(self, numbers: Sequence[int], signature: bytes | None) -> dict[int, int]:
        before = [number for number in numbers if number not in self.rows]
        found = {number: _after(self.merged, story) for number, story in self._stories(before, signature).items()} if before else {}
        own = {number: self.rows[number] for number in numbers if number in self.rows}
        return found | {number: story for number, (its, story) in own.items() if signature in (None, its)}

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        before = [number for number in numbers if number not in self.rows]
        read = self._read(before) if before else {}
        return {**read, **{number: self._articles[number] for number in numbers if number in self.rows}}


def _after(merged: Sequence[tuple[int, int]], story: int) -> int:
    """What a story is called after stories became one."""
    for other, one in merged:
        story = one if story == other else story
    return story
