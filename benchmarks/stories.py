"""How well articles are grouped into stories: pairwise precision and recall and B-cubed, against labels; and how long a briefing takes.

python -m benchmarks.stories [--news ../shared/data/news-dev/corpus.jsonl] [--reports FILE] [--many 1000]

The labels (benchmarks/stories.json) are ids alone. `--reports` is gensim's test file lee_background.cor: short reports of
one agency, a line each, without titles and days; the first eight words are taken for a title, and for a day, since the
file is in the order of time, the last of 2001 less one for every nine reports. With `--many`, a briefing of as many
articles of one day is timed: those of the news, again and again with other ids.
"""

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from rag import Archive, Article, article, read_articles

_LABELS = Path(__file__).with_name("stories.json")
_EVER = date(1, 1, 1)


def measures(stories: Sequence[set[str]], labelled: Mapping[str, int]) -> str:
    """Pairs that are rightly together, of those that are and of those that should be; B-cubed (Bagga and Baldwin, 1998) precision and recall."""
    found = {id: number for number, story in enumerate(stories) for id in story}
    pairs = list(itertools.combinations(sorted(labelled), 2))
    together = {pair for pair in pairs if found[pair[0]] == found[pair[1]]}
    right = {pair for pair in pairs if labelled[pair[0]] == labelled[pair[1]]}
    both = len(together & right)
    precision, recall = _b_cubed(found, labelled), _b_cubed(labelled, found)
    return (
        f"pairs: precision {both}/{len(together)}, recall {both}/{len(right)}; "
        f"B-cubed: precision {precision:.3f}, recall {recall:.3f}, F {2 * precision * recall / (precision + recall):.3f}"
    )


def _b_cubed(found: Mapping[str, int], labelled: Mapping[str, int]) -> float:
    ids = sorted(labelled.keys() & found.keys())
    shares = []
    for id in ids:
        group = [other for other in ids if found[other] == found[id]]
        shares.append(sum(labelled[other] == labelled[id] for other in group) / len(group))
    return sum(shares) / len(shares)


def _labelled(part: Mapping[str, Sequence[str] | Sequence[Sequence[str]]]) -> dict[str, int]:
    """A number of its story for each article; one that is in none of several is a story by itself."""
    numbers = {id: number for number, id in enumerate(part["articles"])}
    first = {id: story[0] for story in part["stories"] for id in story}
    return {id: numbers[first.get(id, id)] for id in numbers}


def _grouped(articles: Sequence[Article], folder: str) -> list[set[str]]:
    with Archive.open(folder) as archive:
        archive.add(articles)
        briefing = archive.briefing(_EVER, limit=200)
    assert briefing.total == len(briefing.stories)
    return [{one.id for one in (story.article, *story.others, *story.copies)} for story in briefing.stories]


def _reports(path: str) -> Iterator[Article]:
    for number, line in enumerate(Path(path).read_text(encoding="utf-8", errors="replace").splitlines()):
        day = date(2001, 12, 31) - timedelta(days=number // 9)
        yield article(f"lee-{number:03}", " ".join(line.split()[:8]), line, source="ABC", published=day)


def _timed(articles: Sequence[Article], many: int) -> str:
    """A day of as many articles: those there are, in other places of their texts, so that few are near-copies."""
    pieces = [(one, start) for start in range(0, 40_000, 2_000) for one in articles if len(one.text) >= start + 1_500]
    day = [article(f"{one.id}#{start}", one.title, one.text[start : start + 4_000], published=_EVER) for one, start in pieces[:many]]
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add(day)
        started = time.perf_counter()
        briefing = archive.briefing(_EVER)
        return f"{briefing.searched.articles:,} articles of one day, {briefing.total:,} stories: {time.perf_counter() - started:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--news", default="../shared/data/news-dev/corpus.jsonl")
    parser.add_argument("--reports")
    parser.add_argument("--many", type=int, default=0)
    given = parser.parse_args()
    corpora = {"news-dev": [one for one in read_articles(given.news) if isinstance(one, Article)]}
    if given.reports:
        corpora["lee"] = list(_reports(given.reports))
    for name, articles in corpora.items():
        by_id = {one.id: one for one in articles}
        for part, labels in json.loads(_LABELS.read_text())[name].items():
            labelled = _labelled(labels)
            with tempfile.TemporaryDirectory() as folder:
                stories = _grouped([replace(by_id[id], original=None) for id in labelled], folder)
            print(f"{name}, {part}, {len(labelled)} articles: {measures(stories, labelled)}", flush=True)
    if given.many:
        print(_timed(corpora["news-dev"], given.many))


if __name__ == "__main__":
    main()
