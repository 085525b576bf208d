"""Which articles are near-copies of one another: a signature of each, and the number of its story, which all near-copies have in common.

It is memory, not truth: a row that is lost, or of which a checksum says that the disk has
changed it, is made anew from its article. A signature that was changed finds no copies, or
likely ones that are none. And who shows copies compares their texts again, since the copy
of a copy need be none.
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property

from cachetools import LRUCache

from rag.copies import SIGNATURE_BYTES, Signatures, likeness, own_wording, signature
from rag.store.database import Database
from rag.types import Article
from rag.values import Wording

# where a row is what it should be, as far as one can see
_SOUND = f"typeof(signature) = 'blob' AND length(signature) = {SIGNATURE_BYTES} AND checksum = checksum_of(article, story)"
# so many likely copies are compared with an article, the likeliest first
_MOST_COMPARED = 20
# so many words of articles that were compared are kept for the next comparison (some 200 bytes each)
_REMEMBERED_WORDS = 200_000
# Half of a text can be of one story only: an article that has less in common with several makes no one story of them.
_HALF = 0.5


class Likenesses:
    def __init__(self, db: Database, article: Callable[[int], Article | None]) -> None:
        """`article` gives the article of a number, None where there is none that is what was stored."""
        self._db = db
        self._article = article
        self._wordings: LRUCache[tuple[int, str], Wording] = LRUCache(_REMEMBERED_WORDS, getsizeof=lambda words: 1 + len(words.words))

    def tell(self, number: int, article: Article) -> int | None:
        """Records an article's signature and story, and gives the number of the likeliest of its near-copies. For use in a writing transaction.

        It joins the story of that one, and makes one story of all with which it has half of its words in common.
        """
        words = own_wording(article)
        own = signature(words.words)
        found = self._compared(words, own)
        likeliest = max(found, default=None, key=lambda story: found[story][0])
        joined = [story for story, (share, _) in found.items() if story == likeliest or share >= _HALF]
        story = min([number, *joined])
        row = (number, own, story)
        self._db.execute("INSERT OR REPLACE INTO likenesses VALUES (?1, ?2, ?3, checksum_of(?1, ?3))", row)
        others = [(story, other) for other in joined if other != story]
        self._db.executemany("UPDATE likenesses SET story = ?1, checksum = checksum_of(article, ?1) WHERE story = ?2", others)
        self._signatures.add(number, own)
        return None if likeliest is None else found[likeliest][1]

    def _compared(self, words: Wording, own: bytes) -> dict[int, tuple[float, int]]:
        """Of each story that has a near-copy of these words, the first: how like it is, and its number."""
        found: dict[int, tuple[float, int]] = {}
        compared = 0
        for number in self._signatures.near(own):
            if compared == _MOST_COMPARED:
                break
            story = self.story(number, own if words.is_short else None)
            if story is None or story in found:
                continue
            compared += 1
            share = likeness(words, self._wording(number))
            if share:
                found[story] = share, number
        return found

    def _wording(self, number: int) -> Wording:
        """The words of an article, none where it is not what was stored."""
        article = self._article(number)
        if article is None:
            return Wording("")
        key = number, article.sha256
        words = self._wordings.get(key) or own_wording(article)
        if len(words.words) < _REMEMBERED_WORDS:
            self._wordings[key] = words
        return words

    def story(self, number: int, signature: bytes | None = None) -> int | None:
        """The story of the article of that number, if it has that signature where one is given; None where there is none, or nobody knows."""
        row = self._db.execute(
            f"SELECT story FROM likenesses WHERE article = ?1 AND signature = coalesce(?2, signature) AND {_SOUND}", (number, signature)
        ).fetchone()
        return row[0] if row else None

    def stories_of(self, articles: Sequence[int]) -> dict[int, int]:
        """The story of each of the articles of these numbers of which one is known."""
        asked = "article IN (SELECT value FROM json_each(?))"
        return dict(self._db.execute(f"SELECT article, story FROM likenesses WHERE {asked} AND {_SOUND}", (json.dumps(articles),)))

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
