"""The sentence of an article that says most about a topic, as a quote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from rag.overview.gist import is_sentence, salience, stands_alone
from rag.overview.rarity import ArchiveRarity
from rag.reader import widened
from rag.store import Snapshot, stems
from rag.topics.articles import Concerned, TopicWords
from rag.types import Quote, Span

# of a long article, so many sentences are weighed against each other: those that have most of the topic, the first where equal
_WEIGHED = 100
# what a sentence gains that has all of the topic by itself, and together with its title, where the best rank is 1
_ALONE, _WITH_TITLE = 0.3, 1.5
# so many of the best are looked at for one that stands alone
_TRIED = 3


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The stems of each sentence that is weighed, by the sentence's number, ascending, and what each gains for what it has of the topic."""

    words: Mapping[int, Sequence[str]]
    shares: Mapping[int, float]

    @classmethod
    def of(cls, one: Concerned, topic: TopicWords) -> Self:
        article = one.entry.article
        words = {n: stems(span.of(article.text)) for n, span in enumerate(one.sentences) if article.may_quote(span)}
        title = stems(article.title)
        shares = {n: _ALONE * topic.share(own) + _WITH_TITLE * topic.share({*own, *title}) for n, own in words.items()}
        return cls({n: words[n] for n in sorted(sorted(words, key=lambda n: (-shares[n], n))[:_WEIGHED])}, shares)

    @property
    def all_stems(self) -> set[str]:
        return {stem for own in self.words.values() for stem in own}


def key_quotes(articles: Sequence[Concerned], topic: TopicWords, snapshot: Snapshot, longest: int) -> list[Quote]:
    """Of each article the sentence that says most about the topic, widened to at most `longest` characters until it can be understood alone.

    What a gist goes by (LexRank and position) and the share of the topic's words that the sentence has are added, as in
    Otterbacher, Erkan and Radev, "Biased LexRank: Passage retrieval using random walks with question-based priors", 2009. One that
    stands alone goes before a better one that does not, if it is among the best three and has as much of the topic. Headings,
    questions and fragments come last. `confidence` is the article's. One of which nothing may be quoted is left out.
    """
    weighed = [_Weighed.of(one, topic) for one in articles]
    rarity = ArchiveRarity.everywhere(snapshot, {stem for own in weighed for stem in own.all_stems})
    return [_quote(one, topic, _ranked(one, own, rarity), longest) for one, own in zip(articles, weighed, strict=True) if own.words]


def _quote(one: Concerned, topic: TopicWords, ranked: Sequence[int], longest: int) -> Quote:
    article, spans = one.entry.article, one.sentences
    able = [n for n in ranked[:_TRIED] if topic.share(stems(spans[n].of(article.text))) >= topic.share(stems(spans[ranked[0]].of(article.text)))]
    number = next((n for n in able if stands_alone(article.text, spans, n)), ranked[0])
    quote = Quote(article, spans[number], one.score, one.confidence, _passage(one.entry.spans, spans[number]))
    return widened(quote, spans, number, longest)


def _ranked(one: Concerned, weighed: _Weighed, rarity: ArchiveRarity) -> list[int]:
    """The numbers of the sentences that were weighed, best first."""
    ranks, _ = salience(list(weighed.words.values()), rarity.outside(one.entry, weighed.all_stems))
    worth = {n: round(float(rank) + weighed.shares[n], 9) for n, rank in zip(weighed.words, ranks, strict=True)}
    return sorted(worth, key=lambda n: (not is_sentence(one.sentences[n].of(one.entry.article.text)), -worth[n], n))


def _passage(passages: Sequence[Span], sentence: Span) -> Span:
    """The passage that the sentence stands in, or its own window where it is in none wholly."""
    return next((passage for passage in passages if passage.covers(sentence)), sentence)
