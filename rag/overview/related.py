"""The other articles on the matter of one."""

from collections.abc import Iterable, Iterator, Sequence

from rag.arrays import unit_mean
from rag.copies import likeness
from rag.store import Entry, Snapshot
from rag.types import Article, Filters, Related
from rag.values import Wording

# Among the 400 articles of news-dev, pairs from .65 to .70 tell of one matter (two fires near one city, two Oscar nights),
# pairs from .60 to .65 share hardly more than a field (two trials, two sports). Of all pairs one in a thousand is above .67.
RELATED = 0.65
_MOST = 5
# how many passages of others, and how many articles among them, are looked at
_PASSAGES = 100
_ARTICLES = 20
# copies begin alike: so many characters of each are compared
_COMPARED = 20_000


def near(snapshot: Snapshot, entry: Entry) -> list[Entry]:
    """The other articles that have the passages nearest to the mean of the article's own."""
    numbers, _ = snapshot.nearest(unit_mean(entry.vectors), len(entry.spans) + _PASSAGES, Filters())
    # a damaged one is no suggestion, and is told of elsewhere
    found = snapshot.passages(numbers.tolist()).intact
    ids = dict.fromkeys(passage.article.id for passage in found.values() if passage.article.id != entry.article.id)
    return list(snapshot.entries(list(ids)[:_ARTICLES]).intact.values())


def related(entry: Entry, others: Sequence[Entry]) -> tuple[Related, ...]:
    """The up to five of `others` that are nearest, newest first and undated ones last.

    An article's vector is the mean of its passages'. One that is a near-copy of
    the opened article, or of one nearer to it, is left out.
    """
    vector = unit_mean(entry.vectors)
    compared = [Related(other.article, round(float(vector @ unit_mean(other.vectors)), 6)) for other in others]
    close = sorted((one for one in compared if one.score >= RELATED), key=lambda one: (-one.score, one.article.id))
    nearest = _distinct(entry.article, close)
    return tuple(sorted(nearest, key=lambda one: one.article.published.toordinal() if one.article.published else 0, reverse=True))


def _distinct(article: Article, nearest: Iterable[Related]) -> Iterator[Related]:
    """The first five that are no near-copies of the article or of each other."""
    kept = [_wording(article)]
    for one in nearest:
        wording = _wording(one.article)
        if not any(likeness(wording, other) for other in kept):
            yield one
            kept.append(wording)
        if len(kept) > _MOST:
            return


def _wording(article: Article) -> Wording:
    return Wording(article.text[:_COMPARED])
