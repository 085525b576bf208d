"""Whether a question about a whole topic lists the articles that are on it.

python -m benchmarks.topics cases INDEX --set unseen     the labelled questions of tests/cases/topics.jsonl, asked of an archive of their articles
python -m benchmarks.topics titles INDEX                 each title of an archive as a topic; the articles that have it are on it, others may be
python -m benchmarks.topics fit SEEDS-INDEX NEWS-INDEX   fits what tells an article on the topic, on the tuned half and the samples

A listed article is right if it is labelled as on the topic; one that is labelled as arguable counts neither way.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from rag import Answer, Archive
from rag.topics import PASSAGES, TopicWords
from rag.topics.articles import measures

CASES = Path(__file__).parents[1] / "tests" / "cases" / "topics.jsonl"
# scikit-learn's C
_STRENGTH = 30.0


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the articles that are on its topic, and those of which that is arguable."""

    question: str
    topic: str
    on: frozenset[str]
    arguable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listed:
    """What was listed for a case, what beside it came near, and both likeliest first, but for what is arguable: the articles' ids."""

    case: Case
    ids: frozenset[str]
    near: frozenset[str]
    likeliest: tuple[str, ...]
    newest_first: bool

    @classmethod
    def of(cls, case: Case, answer: Answer) -> "Listed":
        quotes = answer.quotes if answer.topic else ()
        days = [quote.article.published for quote in quotes if quote.article.published]
        near = answer.near_misses if answer.topic else ()
        likeliest = sorted((*quotes, *near), key=lambda quote: -quote.confidence)
        ids = tuple(quote.article.id for quote in likeliest if quote.article.id not in case.arguable)
        return cls(case, _ids(quotes), _ids(near), ids, days == sorted(days, reverse=True))


def _ids(quotes: Sequence) -> frozenset[str]:
    """A copy of a story stands for those that it is a copy of."""
    return frozenset(one.id for quote in quotes for one in (quote.article, *quote.copies))


def labelled(name: str) -> list[Case]:
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [Case(row["question"], row["topic"], frozenset(row["on"]), frozenset(row["arguable"])) for row in rows if row["set"] == name]


def titles(archive: Archive, every: int) -> list[Case]:
    on = defaultdict(set)
    for article in archive.articles():
        on[article.title].add(article.id)
    return [Case(f"Tell me about {title}", title, frozenset(on[title])) for title in sorted(on)[::every]]


def report(found: Sequence[Listed]) -> str:
    about = [one for one in found if one.case.on]
    listed = sum(len(one.ids - one.case.arguable) for one in about)
    right = sum(len(one.ids & one.case.on) for one in about)
    there = sum(len(one.case.on) for one in about)
    near = sum(len((one.ids | one.near) & one.case.on) for one in about)
    first = sum(len(one.case.on.intersection(one.likeliest[: len(one.case.on)])) for one in about)
    exact = sum(one.ids - one.case.arguable == one.case.on for one in about)
    lines = [
        f"{len(about)} topics with {there} articles on them",
        f"of as many of the likeliest as there are on it, right: {first / there:.3f}",
        f"precision {right / max(1, listed):.3f} ({right} of {listed} listed), recall {right / there:.3f}",
        f"recall with those that come near: {near / there:.3f}; newest first: {all(one.newest_first for one in found)}",
        f"listed as labelled: {exact} of {len(about)}; nothing listed: {sum(not one.ids for one in about)}",
    ]
    absent = [one for one in found if not one.case.on]
    if absent:
        lines.append(f"{len(absent)} topics on which no article is: {sum(bool(one.ids) for one in absent)} with a list")
    return "\n".join(lines)


def rows(archive: Archive, cases: Sequence[Case]) -> Iterator[tuple[tuple[float, ...], bool]]:
    """What is measured of each article that is looked at for a topic, and whether it is on it."""
    for case in cases:
        (vector,) = archive._encoder.encode([case.topic])
        ids = dict.fromkeys(hit.passage.article.id for hit in archive.search(case.topic, PASSAGES))
        with archive._store.reading() as snapshot:
            topic = TopicWords(case.topic, snapshot)
            entries = snapshot.entries([id for id in list(ids)[:60] if id not in case.arguable]).all()
            for id, entry in entries.items():
                yield measures(topic, vector, entry, archive._reader.sentences(entry.article)), id in case.on


def fitted(examples: Sequence[tuple[tuple[float, ...], bool]]) -> str:
    measured, on = np.array([row for row, _ in examples]), np.array([on for _, on in examples])
    model = LogisticRegression(C=_STRENGTH, max_iter=5_000).fit(measured, on)
    return f"{len(on)} articles, {on.sum()} on a topic: weights {np.round(model.coef_[0], 2).tolist()}, bias {model.intercept_[0]:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("cases", "titles", "fit"))
    parser.add_argument("index", type=Path, nargs="+")
    parser.add_argument("--set", choices=("seeds", "tuned", "unseen"), default="unseen")
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    if given.what == "fit":
        examples = []
        for index, name in zip(given.index, ("seeds", "tuned"), strict=True):
            with Archive.open(index, read_only=True) as archive:
                examples += rows(archive, labelled(name))
        print(fitted(examples))
        return
    with Archive.open(given.index[0], read_only=True) as archive:
        cases = labelled(given.set) if given.what == "cases" else titles(archive, given.every)
        found = [Listed.of(case, archive.ask(case.question)) for case in cases]
    for one in found:
        if one.ids - one.case.arguable != one.case.on:
            print(f"  {one.case.topic}: missed {sorted(one.case.on - one.ids)}, wrong {sorted(one.ids - one.case.on - one.case.arguable)}")
    print(report(found))


if __name__ == "__main__":
    main()
