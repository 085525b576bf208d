"""Of which story an article is: likely copies of it are found by their signatures, and their texts decide."""

from collections.abc import Callable, Mapping, Sequence
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

    `stories` gives the story of each of the articles of these numbers of which one is known, and that has that signature where one is given.
    `articles` gives those of the articles of these numbers that are there and are what was stored.
    """

    stories: Callable[[Sequence[int], bytes | None], Mapping[int, int]]
    articles: Callable[[Sequence[int]], Mapping[int, Article]]
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
        near = known.near(own)
        stories = self.stories(near, own if words.is_short else None) if near else {}
        rest = [(number, stories[number]) for number in near if number in stories]
        found: dict[int, tuple[float, int]] = {}
        read: dict[int, Wording] = {}
        compared = 0
        for place, (number, story) in enumerate(rest):
            if compared == _MOST_COMPARED:
                break
            if story in found:
                continue
            if number not in read:
                read |= self._read(_next_of_each(rest[place:], found, _MOST_COMPARED - compared), read)
            compared += 1
            share = likeness(words, read[number])
            if share:
                found[story] = share, number
        return found

    def _read(self, numbers: Sequence[int], known: Mapping[int, Wording]) -> dict[int, Wording]:
        """The words of those articles whose words are not known, none where one is not what was stored."""
        unknown = [number for number in numbers if number not in known]
        articles = self.articles(unknown)
        return {number: self.wordings.of(number, articles[number]) if number in articles else Wording("") for number in unknown}


def _next_of_each(rest: Sequence[tuple[int, int]], but: Mapping[int, object], most: int) -> list[int]:
    """The first article of each of the stories, which are compared next unless one of them is no copy and its story has others; at most so many."""
    first: dict[int, int] = {}
    for number, story in rest:
        if story not in but:
            first.setdefault(story, number)
    return list(first.values())[:most]
