"""Which articles are near-copies of one another: a signature of each, and the number of its story, which all near-copies have in common.

It is memory, not truth: a row that is lost, or of which a checksum says that the disk has
changed it, is made anew from its article. A signature that was changed finds no copies, or
likely ones that are none. And who shows copies compares their texts again, since the copy
of a copy need be none.
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property

from rag.copies import SIGNATURE_BYTES, Signatures
from rag.store.database import Database
from rag.store.joining import Joining, Wordings
from rag.types import Article

# where a row is what it should be, as far as one can see
_SOUND = f"typeof(signature) = 'blob' AND length(signature) = {SIGNATURE_BYTES} AND checksum = checksum_of(article, story)"


class Likenesses:
    def __init__(self, db: Database, article: Callable[[int], Article | None]) -> None:
        """`article` gives the article of a number, None where there is none that is what was stored."""
        self._db = db
        self._joining = Joining(self.stories_of, lambda numbers: {number: one for number in numbers if (one := article(number))}, Wordings())

    def tell(self, number: int, article: Article) -> int | None:
        """Records an article's signature and story, and gives the number of the likeliest of its near-copies. For use in a writing transaction."""
        told = self._joining.joined(number, article, self._signatures)
        row = (number, told.signature, told.story)
        self._db.execute("INSERT OR REPLACE INTO likenesses VALUES (?1, ?2, ?3, checksum_of(?1, ?3))", row)
        others = [(told.story, other) for other in told.others]
        self._db.executemany("UPDATE likenesses SET story = ?1, checksum = checksum_of(article, ?1) WHERE story = ?2", others)
        self._signatures.add(number, told.signature)
        return told.copied

    def stories_of(self, articles: Sequence[int], signature: bytes | None = None) -> dict[int, int]:
        """The story of each of the articles of these numbers of which one is known, and that has that signature where one is given."""
        asked = "article IN (SELECT value FROM json_each(?1)) AND signature = coalesce(?2, signature)"
        return dict(self._db.execute(f"SELECT article, story FROM likenesses WHERE {asked} AND {_SOUND}", (json.dumps(articles), signature)))

    def stories(self, where: str, values: Sequence[str]) -> int | None:
        """How many stories the articles `a` of which `where` is true are of, near-copies one; None where it is not known of each."""
        count, known, stories = self._db.execute(
            "SELECT count(*), count(story), count(DISTINCT story) "
            f"FROM articles a NOT INDEXED LEFT JOIN likenesses ON article = n AND {_SOUND} WHERE {where}",
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
        return Signatures(self._db.execute(f"SELECT article, signature FROM likenesses WHERE {_SOUND} ORDER BY article"))
