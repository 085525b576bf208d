"""A query into a list: the articles that have its words, all of them, and behind these the ones that are near in meaning.

All is worked out on numbers of passages and articles; only the articles of the
stretch that is asked for are read, and a few more for their keywords.
"""

from dataclasses import dataclass, replace

import numpy as np

from rag.arrays import Mask, Numbers, Scores, Vectors
from rag.errors import ArticleDamaged
from rag.finding.keyphrases import keyphrases
from rag.finding.snippet import snippet
from rag.finding.tallies import by_source, by_time
from rag.retriever import fused, ranked
from rag.settings import Settings
from rag.store import Snapshot, Wanted, marks
from rag.types import Filters, Finding, Found, Match, Passage, Ranking, Span, Tallies, Tally

# so many passages, the best by BM25, are compared with the query by their vectors too; those behind stay in the order of BM25
_FUSED = 1_000
# Near in meaning are articles of the best passages of the fused ranking whose cosine to the query is at least so much.
_LOOKED_THROUGH, _NEAR, _MOST_NEAR = 100, 0.4, 20
# keywords of so many of the best passages are looked for, so many of them counted, and those that tell of several articles are kept
_READ, _COUNTED, _SEVERAL = 10, 24, 2


@dataclass(frozen=True, slots=True)
class Request:
    """What to find, and which stretch of it: `limit` lines from `offset` on.

    A line is a story, with `folded` False an article, and with `passages` each passage
    that itself has the words.
    """

    query: str
    filters: Filters
    ranking: Ranking
    offset: int
    limit: int
    folded: bool
    passages: bool


def find(snapshot: Snapshot, request: Request, vector: Vectors, settings: Settings) -> tuple[Found, list[ArticleDamaged]]:
    """What was found, without copies, and what is wrong with the articles that are left out of it; `vector` is the query's unit vector [dim]."""
    wanted = Wanted.of(request.query)
    numbers, bm25 = snapshot.every(wanted, request.filters)
    if request.passages:
        said = np.isin(numbers, snapshot.saying(numbers, wanted))
        numbers, bm25 = numbers[said], bm25[said]
    by_words = numbers[_by_relevance(snapshot, numbers, bm25, vector, settings)]
    owners = snapshot.articles_of(by_words)
    articles = np.unique(owners)
    lines = _lines(snapshot, by_words, request)
    near = _none() if request.passages else _lines(snapshot, _near(snapshot, articles, request, vector, settings), request)
    shown, damaged = _findings(snapshot, wanted, lines, near, request)
    found = Found(
        query=request.query,
        match=_match(wanted, lines, near),
        findings=shown,
        offset=request.offset,
        articles=len(articles),
        passages=len(by_words),
        lines=len(lines.numbers),
        near=len(near.numbers),
        tallies=_tallies(snapshot, wanted, by_words[_firsts(owners)], articles, request.filters),
        searched=snapshot.searched(request.filters),
    )
    return found, damaged


@dataclass(frozen=True, slots=True)
class _Lines:
    """Passages by number, one a line, and how many articles each line has folded in, int64 [lines]."""

    numbers: Numbers
    folded: Numbers


def _none() -> _Lines:
    return _Lines(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def _by_relevance(snapshot: Snapshot, numbers: Numbers, bm25: Scores, vector: Vectors, settings: Settings) -> Numbers:
    """The order of the passages, best first: the first by BM25 by their fused scores, the rest as they are."""
    order = np.lexsort((numbers, -bm25))
    best = order[:_FUSED]
    scores = fused(snapshot.cosines(numbers[best], vector), bm25[best], settings.dense_weight)
    order[:_FUSED] = best[np.lexsort((numbers[best], -scores))]
    return order


def _near(snapshot: Snapshot, articles: Numbers, request: Request, vector: Vectors, settings: Settings) -> Numbers:
    """The passages near in meaning of other articles than those, one of each, best first."""
    best, _ = ranked(snapshot, request.query, vector, _LOOKED_THROUGH, request.filters, settings)
    best = best[snapshot.cosines(best, vector) >= _NEAR]
    best = best[~np.isin(snapshot.articles_of(best), articles)]
    return best[_firsts(snapshot.articles_of(best))][:_MOST_NEAR]


def _lines(snapshot: Snapshot, numbers: Numbers, request: Request) -> _Lines:
    """The lines of passages that stand best first."""
    articles = snapshot.articles_of(numbers)
    if not request.passages:
        first = _firsts(articles)
        numbers, articles = numbers[first], articles[first]
    if request.ranking is not Ranking.RELEVANCE:
        order = _by_day(snapshot.labels(articles).days, newest=request.ranking is Ranking.NEWEST)
        numbers, articles = numbers[order], articles[order]
    if request.passages or not request.folded:
        return _Lines(numbers, np.zeros(len(numbers), dtype=np.int64))
    stories = snapshot.stories(articles)
    first = _firsts(stories)
    known, counts = np.unique(stories, return_counts=True)
    return _Lines(numbers[first], counts[np.searchsorted(known, stories[first])] - 1)


def _firsts(values: Numbers) -> Numbers:
    """Where each of the different values first stands, ascending."""
    return np.sort(np.unique(values, return_index=True)[1])


def _by_day(days: Numbers, *, newest: bool) -> Numbers:
    """The order of the days, undated ones last; equal ones stay as they are."""
    undated: Mask = days == 0
    return np.lexsort((-days if newest else days, undated))


def _findings(snapshot: Snapshot, wanted: Wanted, lines: _Lines, near: _Lines, request: Request) -> tuple[list[Finding], list[ArticleDamaged]]:
    """The findings of the stretch that is asked for, and what is wrong with those left out of it."""
    stretch = slice(request.offset, request.offset + request.limit)
    numbers, folded = (np.concatenate(pair)[stretch].tolist() for pair in ((lines.numbers, near.numbers), (lines.folded, near.folded)))
    passages = snapshot.passages(numbers)
    by_words = len(lines.numbers) - request.offset
    found = [
        replace(_finding(passages.intact[number], wanted), by_meaning=place >= by_words, folded=count)
        for place, (number, count) in enumerate(zip(numbers, folded, strict=True))
        if number in passages.intact
    ]
    return found, list(passages.damaged)


def _finding(passage: Passage, wanted: Wanted) -> Finding:
    article = passage.article
    shown, words = snippet(article.text, passage.span, wanted)
    title = marks(wanted.windows(article.title, Span(0, len(article.title))))
    return Finding(article, passage.span, shown, words, title)


def _match(wanted: Wanted, lines: _Lines, near: _Lines) -> Match:
    if len(lines.numbers):
        return Match.WORDS
    if not wanted.stems:
        return Match.NO_WORDS
    return Match.MEANING if len(near.numbers) else Match.NOTHING_FOUND


def _tallies(snapshot: Snapshot, wanted: Wanted, best: Numbers, articles: Numbers, filters: Filters) -> Tallies:
    """Counts over `articles`; `best` are their best passages, the best first."""
    labels = snapshot.labels(articles)
    passages = snapshot.passages(best[:_READ].tolist()).intact
    phrases = keyphrases(snapshot, [passages[number] for number in best[:_READ].tolist() if number in passages], wanted.stems, _COUNTED)
    return Tallies(
        sources=by_source(labels),
        years=by_time(labels.days, "Y"),
        months=by_time(labels.days, "M"),
        undated=int(np.count_nonzero(labels.days == 0)),
        unsourced=int(np.count_nonzero(labels.sources < 0)),
        keywords=tuple(_counted(snapshot, phrases, articles, filters)),
    )


def _counted(snapshot: Snapshot, phrases: list[str], articles: Numbers, filters: Filters) -> list[Tally]:
    """Those of several of the articles: what most of them have, and few others, comes first."""
    ranked = []
    for phrase in phrases:
        having = np.unique(snapshot.articles_of(snapshot.every(Wanted.of(phrase), filters)[0]))
        count = len(np.intersect1d(having, articles, assume_unique=True))
        if count >= _SEVERAL:
            ranked.append((-count * count / len(having), Tally(phrase, count)))
    return [tally for _, tally in sorted(ranked, key=lambda one: (one[0], one[1].value))]
