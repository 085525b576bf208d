"""An archive that answers and finds what it is told: what is tested is what evaluation makes of it."""

from rag import Answer, Filters, Hit, Outcome, Passage, Quote, Settings, Span
from rag.types import Searched, Seconds, Status


def quote(article, words, confidence=0.5, lead=None):
    """A quote of the article's first such words."""
    return Quote(article, span_of(article, words), confidence, confidence, span_of(article, words), lead=lead and span_of(article, lead))


def span_of(article, words):
    start = article.text.index(words)
    return Span(start, start + len(words))


def answered(question, *quotes):
    return Answer(question, Outcome.ANSWERED, quotes, (), Searched(1, 1, None, None, 1), Seconds())


def silent(question, *near_misses):
    return Answer(question, Outcome.WEAK_EVIDENCE, (), near_misses, Searched(1, 1, None, None, 1), Seconds())


class Scripted:
    """Holds articles; `answers` and `rankings` (lists of articles) are by question."""

    settings = Settings()
    span_reader_sha256 = "0" * 64

    def __init__(self, articles, answers, rankings=None):
        self.articles = {article.id: article for article in articles}
        self.answers = {answer.question: answer for answer in answers}
        self.rankings = rankings or {}
        self.token = "one"
        self.asked = []

    def article(self, id):
        return self.articles.get(id)

    def warm(self):
        pass

    def status(self):
        return Status(len(self.articles), 1, None, None, 0, {}, 1, self.token, None, "", "")

    def ask(self, question, **filters):
        self.asked.append((question, Filters(**filters)))
        return self.answers[question]

    def search(self, question, k, **filters):
        found = self.rankings.get(question, [])
        return [Hit(Passage(article, Span(0, 1)), 1 - rank / 10) for rank, article in enumerate(found)]
