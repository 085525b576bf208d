"""Of which story an article is: likely copies of it are found by their signatures, and their texts decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from rag.copies import Signatures, likeness, own_wording, signature
from rag.types import Article
from rag.values import Wording

# so many likely copies are compared with an article, the likeliest first
_MOST_COMPARED = 20
# so many words of articles that were compared are kept for the next comparison (some 200 bytes each)
_REMEMBERED_WORDS = 200_000
# Half of a text can be of one story only: an article that has less in common with several makes no one story of them.
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Joined:
    """An article's signature, its story, the stories that are that one too, and the number of the likeliest of its near-copies, if it has any."""

    signature: bytes
    story: int
    others: Sequence[int]
    copied: int | None


class Wordings:
    """The words of articles that were compared last, for the next comparison."""

    def __init__(self) -> None:
        self._known: LRUCache[tuple[int, str], Wording] = LRUCache(_REMEMBERED_WORDS, getsizeof=lambda words: 1 + len(words.words))

    def of(self, number: int, article: Article) -> Wording:
        key = number, article.sha256
        words = self._known.get(key) or own_wording(article)
        if len(words.words) < _REMEMBERED_WORDS:
            self._known[key] = words
        return words


@dataclass(frozen=True, slots=True)
class Joining:
    """Decides of one article after the other, inside a writing transaction.

    `story` gives the story of the article of a number, if it has that signature where one is given; None where there is none, or nobody knows.
    `article` gives the article of a number, None where there is none that is what was stored.
    """

    story: Callable[[int, bytes | None], int | None]
    article: Callable[[int], Article | None]
    wordings: Wordings

    def joined(self, number: int, article: Article, known: Signatures) -> Joined:
        """It joins the story of the likeliest of its near-copies among those that are known.

        And it makes one story of all with which it has half of its words in common.
        """
        words = own_wording(article)
        own = signature(words.words)
        found = self._compared(words, own, known)
        likeliest = max(found, default=None, key=lambda story: found[story][0])
        joined = [story for story, (share, _) in found.items() if story == likeliest or share >= _HALF]
        story = min([number, *joined])
        return Joined(own, story, [other for other in joined if other != story], None if likeliest is None else found[likeliest][1])

    def _compared(self, words: Wording, own: bytes, known: Signatures) -> dict[int, tuple[float, int]]:
        """Of each story that has a near-copy of these words, the first: how like it is, and its number."""
        found: dict[int, tuple[float, int]] = {}
        compared = 0
        for number in known.near(own):
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
        article = self.article(number)
        return self.wordings.of(number, article) if article else Wording("")
