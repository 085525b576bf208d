"""The articles that are on a topic, and how likely each is to be."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from rag.arrays import Vectors
from rag.overview import ArchiveRarity
from rag.store import Entry, Snapshot, stems
from rag.types import Article, Hit, Span

# so many passages are found for a topic, and so many articles looked at, those of the best passages first
PASSAGES = 200
_LOOKED_AT = 60
# what an article opens with: its title and so many sentences
_OPENING = 4
# fitted by `python -m benchmarks.topics --fit` (docs/evaluation.md)
_WEIGHTS, _BIAS = (2.63, 2.52, 12.12, 8.98), -10.59
# An article is on the topic that is likelier so than not; of less, down to the second figure, so many come near. Of the topics that
# the measures were fitted on, those on which no article is had none above .04.
_ON_TOPIC, _NEAR = 0.5, 0.05
_MOST_NEAR = 8


@dataclass(frozen=True, slots=True)
class Concerned:
    """An article that was looked at, with its sentences; `score` is its best passage's, `confidence` (0 to 1) how likely it is on the topic."""

    entry: Entry
    sentences: Sequence[Span]
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """The articles that are on a topic, and those that come near, each likeliest first."""

    on_topic: Sequence[Concerned]
    near: Sequence[Concerned]


class TopicWords:
    """A topic's stems, each weighed by how rare it is among the archive's passages."""

    def __init__(self, words: str, snapshot: Snapshot) -> None:
        own = dict.fromkeys(stems(words))
        rarity = ArchiveRarity.everywhere(snapshot, own)
        self._weights = {stem: rarity(stem) for stem in own}
        self._sum = math.fsum(self._weights.values())

    def share(self, stems: Iterable[str]) -> float:
        """The share of the topic, by weight, that these stems have: 0 to 1."""
        return math.fsum(self._weights[stem] for stem in self._weights.keys() & stems) / self._sum if self._sum else 0.0


def found(topic: TopicWords, vector: Vectors, hits: Sequence[Hit], snapshot: Snapshot, sentences: Callable[[Article], Sequence[Span]]) -> Found:
    """Which of the hits' articles are on the topic; `vector` is the topic's unit vector [dim], `sentences` gives an article's in order.

    How likely one is to be is logistic in four measures, each of which makes it likelier.
    """
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(hit.passage.article.id, hit.score)
    # the passages of one that is damaged were found intact, and the rest of it is told of when it is opened
    entries = snapshot.entries(list(best)[:_LOOKED_AT]).intact
    looked = [_looked_at(topic, vector, entry, sentences(entry.article), best[id]) for id, entry in entries.items()]
    likeliest = sorted(looked, key=lambda one: (-round(one.confidence, 9), one.entry.article.id))
    on_topic = [one for one in likeliest if one.confidence >= _ON_TOPIC]
    return Found(on_topic, [one for one in likeliest if _NEAR <= one.confidence < _ON_TOPIC][:_MOST_NEAR])


def _looked_at(topic: TopicWords, vector: Vectors, entry: Entry, spans: Sequence[Span], score: float) -> Concerned:
    return Concerned(entry, spans, score, confidence(measures(topic, vector, entry, spans)))


def measures(topic: TopicWords, vector: Vectors, entry: Entry, spans: Sequence[Span]) -> tuple[float, ...]:
    """What is measured of an article, each 0 to 1 (a cosine may be below).

    The share of the topic that its title or its first sentences have, that all of it has, the squared shares of its n passages
    summed and divided by n + 1, since of one short passage little can be told, and its nearest passage's cosine.
    """
    text, title = entry.article.text, stems(entry.article.title)
    own = [span for span in spans if entry.article.may_quote(span)]
    opening = stems(" ".join(span.of(text) for span in own[:_OPENING]))
    passages = [stems(span.of(text)) for span in entry.spans]
    return (
        max(topic.share(title), topic.share(opening)),
        topic.share({*title, *chain.from_iterable(passages)}),
        math.fsum(topic.share(passage) ** 2 for passage in passages) / (len(passages) + 1),
        float((entry.vectors @ vector).max()),
    )


def confidence(measured: Sequence[float]) -> float:
    """How likely an article is to be on the topic, from what was measured of it."""
    return 1 / (1 + math.exp(-_BIAS - math.fsum(weight * value for weight, value in zip(_WEIGHTS, measured, strict=True))))
