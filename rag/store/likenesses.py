"""Which articles are near-copies of one another: a signature of each, and the number of its story, which all near-copies have in common.

It is memory, not truth: a row that is lost or damaged is made anew from its article, and
who shows copies compares their texts again, since the copy of a copy need be none.
"""

from collections.abc import Callable, Sequence
from functools import cached_property

from rag.copies import SIGNATURE_BYTES, Signatures, are_copies, own_wording, signature
from rag.store.database import Database
from rag.types import Article

# where a row is what it should be, as far as one can see
_SOUND = f"typeof(signature) = 'blob' AND length(signature) = {SIGNATURE_BYTES} AND typeof(story) = 'integer'"
# so many likely copies are compared with an article, the likeliest first
_MOST_COMPARED = 20


class Likenesses:
    def __init__(self, db: Database, article: Callable[[int], Article | None]) -> None:
        """`article` gives the article of a number, None where there is none that is what was stored."""
        self._db = db
        self._article = article

    def tell(self, number: int, article: Article) -> int | None:
        """Records an article's signature and story, and gives the number of the likeliest of its near-copies. For use in a writing transaction.

        Where these were of several stories, they are one from now on.
        """
        words = own_wording(article)
        own = signature(words.words)
        copied: dict[int, int] = {}
        compared = 0
        for other in self._signatures.near(own):
            story = self.story(other)
            if story is None or story in copied:
                continue
            near = self._article(other)
            if near and are_copies(words, own_wording(near)):
                copied[story] = other
            compared += 1
            if compared == _MOST_COMPARED:
                break
        story = min([number, *copied])
        self._db.execute("INSERT OR REPLACE INTO likenesses (article, signature, story) VALUES (?, ?, ?)", (number, own, story))
        self._db.executemany("UPDATE likenesses SET story = ? WHERE story = ?", [(story, other) for other in copied])
        self._signatures.add(number, own)
        return next(iter(copied.values()), None)

    def story(self, number: int) -> int | None:
        """The story of the article of that number; None where there is none, or nobody knows."""
        row = self._db.execute(f"SELECT story FROM likenesses WHERE article = ? AND {_SOUND}", (number,)).fetchone()
        return row[0] if row else None

    def stories(self, where: str, values: Sequence[str]) -> int | None:
        """How many stories the articles `a` of that WHERE clause are of, near-copies one; None where it is not known of each."""
        count, known, stories = self._db.execute(
            "SELECT count(*), count(story), count(DISTINCT story) "
            f"FROM articles a NOT INDEXED LEFT JOIN likenesses ON article = n AND {_SOUND} {where}",
            values,
        ).fetchone()
        return int(stories) if known == count else None

    def missing(self) -> Sequence[int]:
        """The numbers of the articles of which nothing is known."""
        rows = self._db.execute(f"SELECT n FROM articles LEFT JOIN likenesses ON article = n AND {_SOUND} WHERE article IS NULL ORDER BY n")
        return [number for (number,) in rows]

    @cached_property
    def _signatures(self) -> Signatures:
        """Those of all articles; only one writer has them at a time, and reads them when it first tells of an article."""
        rows = self._db.execute(f"SELECT article, signature FROM likenesses WHERE {_SOUND} ORDER BY article").fetchall()
        return Signatures([number for number, _ in rows], b"".join(own for _, own in rows))
