"""`app.py` with answers made by hand in the reader's place, for what is not about reading; all else is the real page and its server.

An article's last paragraph is its quote and, of three or more, the first its
lead. The words that answer are those behind the question's first ": ". A
question that begins with "Maybe" has near misses of weak evidence, one that
begins with "Never" those of none.
"""

import sys
from dataclasses import replace

import rag.archive
from rag import Archive
from rag.cli import main
from rag.corpus.canonical_text import canonical
from rag.differences import differences
from rag.types import Answer, Outcome, Quote, Seconds, Span
from tests.fakes import CommonWords, HashingEncoder

OUTCOMES = {"Maybe": Outcome.WEAK_EVIDENCE, "Never": Outcome.NOTHING_FOUND}


def quote_of(article, words, confidence):
    """The article's quote; None where the words that answer are not in it."""
    start = article.text.rfind("\n\n") + 2 if "\n\n" in article.text else 0
    lead = Span(0, article.text.index("\n\n")) if article.text.count("\n\n") > 1 else None
    span = Span(start, len(article.text))
    at = article.text.find(words, start)
    if at < 0:
        return None
    return Quote(article, span, confidence, confidence, Span(0, span.end), lead=lead, answer=Span(at, at + len(words)) if words else None)


def ask(archive, question, **filters):
    asked, _, words = question.partition(": ")
    words = canonical(words)
    articles = {hit.passage.article.id: hit.passage.article for hit in archive.search(question, 100, **filters)}
    found = [quote for quote in (quote_of(article, words, 0.95) for article in articles.values()) if quote]
    quotes = tuple(replace(quote, confidence=max(0.01, 0.95 - 0.2 * n)) for n, quote in enumerate(found))
    searched = archive.counted(**filters)
    outcome = OUTCOMES.get(question.split()[0], Outcome.ANSWERED)
    if outcome is not Outcome.ANSWERED:
        return Answer(question, outcome, (), quotes, searched, Seconds())
    return Answer(question, outcome, quotes, (), searched, Seconds(), differences(asked, quotes))


if __name__ == "__main__":
    rag.archive.sentence_encoder = lambda *_: HashingEncoder()
    rag.archive.span_reader = lambda settings: CommonWords()
    Archive.ask = ask
    sys.exit(main(["serve", *sys.argv[1:]]))
