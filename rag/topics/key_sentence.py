"""The sentence of an article that says most about a topic, as a quote."""

from collections.abc import Sequence

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


def key_quote(one: Concerned, topic: TopicWords, snapshot: Snapshot, longest: int) -> Quote | None:
    """The article's sentence that says most about the topic, widened to at most `longest` characters until it can be understood alone.

    What a gist goes by (LexRank and position) and the share of the topic's words that the sentence has are added, as in
    Otterbacher, Erkan and Radev, "Biased LexRank: Passage retrieval using random walks with question-based priors", 2009. One that
    stands alone goes before a better one that does not, if it is among the best three and has as much of the topic. Headings,
    questions and fragments come last. `confidence` is the article's. None where nothing of the article may be quoted.
    """
    article, spans = one.entry.article, one.sentences
    ranked = _ranked(one, topic, snapshot)
    if not ranked:
        return None
    able = [n for n in ranked[:_TRIED] if topic.share(stems(spans[n].of(article.text))) >= topic.share(stems(spans[ranked[0]].of(article.text)))]
    number = next((n for n in able if stands_alone(article.text, spans, n)), ranked[0])
    quote = Quote(article, spans[number], one.score, one.confidence, _passage(one.entry.spans, spans[number]))
    return widened(quote, spans, number, longest)


def _ranked(one: Concerned, topic: TopicWords, snapshot: Snapshot) -> list[int]:
    """The numbers of the sentences that may be quoted and were weighed, best first."""
    article = one.entry.article
    words = {n: stems(span.of(article.text)) for n, span in enumerate(one.sentences) if article.may_quote(span)}
    title = stems(article.title)
    shares = {n: _ALONE * topic.share(own) + _WITH_TITLE * topic.share({*own, *title}) for n, own in words.items()}
    weighed = sorted(sorted(words, key=lambda n: (-shares[n], n))[:_WEIGHED])
    if not weighed:
        return []
    rarity = ArchiveRarity.of(snapshot, one.entry, {stem for n in weighed for stem in words[n]})
    ranks, _ = salience([words[n] for n in weighed], rarity)
    worth = {n: round(float(rank) + shares[n], 9) for n, rank in zip(weighed, ranks, strict=True)}
    return sorted(weighed, key=lambda n: (not is_sentence(one.sentences[n].of(article.text)), -worth[n], n))


def _passage(passages: Sequence[Span], sentence: Span) -> Span:
    """The passage that the sentence stands in, or its own window where it is in none wholly."""
    return next((passage for passage in passages if passage.covers(sentence)), sentence)
