"""A briefing: the articles of some days as stories, each led by one of them with its main sentences."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime

from rag.briefing.grouping import Likeness, grouped, opening
from rag.copies import CopyMemory
from rag.listing import Order
from rag.overview import ArchiveRarity, main_sentences
from rag.store import Entry, Store
from rag.store.facets import days
from rag.types import Article, Briefing, Filters, Searched, Story

# each is compared with each: a thousand take a few seconds
MOST_ARTICLES = 1_000


def briefing(store: Store, filters: Filters, limit: int, longest: int, memory: CopyMemory, arrived_since: datetime | None = None) -> Briefing:
    """The stories of the articles that the filters leave, of which the first `limit` are given; of more than 1,000 articles, the newest.

    Without days it is of the newest day that these articles have, or of all where none has one. The day of an undated article is
    the one (UTC) on which its text came in. With `arrived_since` it is instead of those whose texts came in then or later, of
    whatever day they are. Sentences are cut at `longest` characters. Nothing is encoded: articles are compared by their stored
    vectors and their words.
    """
    filters, is_newest = (filters, False) if arrived_since else _of_newest_day(store, filters)
    shelf = store.shelf([], filters, Order.NEWEST, 0, MOST_ARTICLES, arrived_since=arrived_since, arrivals=True)
    with store.reading() as snapshot:
        found = snapshot.entries([listed.id for listed in shelf.entries])
        entries = [entry for entry in found.intact.values() if len(entry.vectors)]
        rarity = ArchiveRarity.everywhere(snapshot, {stem for entry in entries for stem in opening(entry)})
        alike = snapshot.alike([entry.article.id for entry in entries], replace(filters, undated=True))
        searched = snapshot.searched(filters)
    # with the store let go, since a thousand articles take a few seconds
    stories = _stories(entries, rarity, _copies([entry.article for entry in entries], alike, memory))
    by_id = {entry.article.id: entry for entry in entries}
    with store.reading() as snapshot:
        sentences = main_sentences(snapshot, [by_id[story.article.id] for story in stories[:limit]], longest)
    shown = tuple(replace(story, sentences=own) for story, own in zip(stories[:limit], sentences, strict=True))
    left_out = shelf.total - len(shelf.entries)
    if arrived_since:
        searched = _of_these(searched, entries, left_out)
    elif filters.by_day:
        searched = _with_arrivals(searched, entries, shelf.total - store.shelf([], filters, Order.NEWEST, 0, 1).total)
    searched = replace(searched, damaged=tuple(dict.fromkeys((*searched.damaged, *found.damaged))))
    return Briefing(shown, len(stories), searched, is_newest, left_out, arrived_since)


def _of_these(searched: Searched, entries: Sequence[Entry], left_out: int) -> Searched:
    """The same of these articles alone: when an article came in is no filter of a search."""
    dated = sorted(entry.article.published for entry in entries if entry.article.published)
    passages, undated = sum(len(entry.spans) for entry in entries), len(entries) - len(dated)
    earliest, latest = (dated[0], dated[-1]) if dated else (None, None)
    return Searched(len(entries) + left_out, passages, earliest, latest, undated, searched.filters, searched.damaged)


def _with_arrivals(searched: Searched, entries: Sequence[Entry], number: int) -> Searched:
    """The same with so many that are here by the day on which they came in, which is no filter of a search either."""
    filters = searched.filters
    come = [entry for entry in entries if days(entry.article)[1 if filters.guessed else 0] is None] if number else []
    guessed = [day for entry in come if (day := days(entry.article)[1])]
    return replace(
        searched,
        articles=searched.articles + number,
        passages=searched.passages + sum(len(entry.spans) for entry in come),
        undated=searched.undated + number,
        guessed=searched.guessed + len(guessed),
        undated_left_out=searched.undated_left_out - number,
        guessed_left_out=searched.guessed_left_out - sum(_lies_in(day, filters) for day in guessed),
    )


def _lies_in(day: date, filters: Filters) -> bool:
    return (filters.after or date.min) <= day <= (filters.before or date.max)


def _of_newest_day(store: Store, filters: Filters) -> tuple[Filters, bool]:
    """The filters, with the newest day that they leave where no first day is among them; and whether that is so."""
    if filters.after is not None:
        return filters, False
    newest = store.shelf([], filters, Order.NEWEST, 0, 1).entries
    day = newest[0].published if newest else None
    return (replace(filters, after=day, before=day), True) if day else (filters, False)


def _copies(articles: Sequence[Article], alike: Mapping[str, Sequence[Article]], memory: CopyMemory) -> Set[tuple[int, int]]:
    """The pairs of places of articles that are near-copies of each other, the smaller place first."""
    places = {article.id: place for place, article in enumerate(articles)}
    pairs = set()
    for place, article in enumerate(articles):
        likely = [other for other in alike.get(article.id, ()) if places.get(other.id, -1) > place]
        pairs |= {(place, places[copy.id]) for copy in memory.copies(article, likely)}
    return pairs


def _stories(entries: Sequence[Entry], rarity: Callable[[str], float], copies: Set[tuple[int, int]]) -> list[Story]:
    """All stories, the newest first, of one day those that most articles tell; without sentences yet."""
    groups, likeness = grouped(entries, rarity, copies)
    return sorted((_story(entries, group, likeness, copies) for group in groups), key=_rank)


def _story(entries: Sequence[Entry], group: Sequence[int], likeness: Likeness, copies: Set[tuple[int, int]]) -> Story:
    """The story of the articles at these places. Of its newest day's, the one that is most like all of them leads it."""
    articles = [entry.article for entry in entries]
    day = max((articles[place].published or date.min for place in group), default=date.min)
    newest = [place for place in group if (articles[place].published or date.min) == day]
    leading = min(newest, key=lambda place: (-round(float(likeness[place, group].sum()), 6), articles[place].id))
    told, copied = [leading], list[int]()
    for place in sorted(group, key=lambda place: (-_ordinal(articles[place]), articles[place].id)):
        if place != leading:
            (copied if any((min(place, other), max(place, other)) in copies for other in told) else told).append(place)
    return Story(
        article=articles[leading],
        sentences=(),
        others=tuple(articles[place] for place in told[1:]),
        copies=tuple(articles[place] for place in copied),
        arrived=entries[leading].arrived,
    )


def _rank(story: Story) -> tuple[int, int, str]:
    return -_ordinal(story.article), -story.articles, story.article.id


def _ordinal(article: Article) -> int:
    return article.published.toordinal() if article.published else 0
