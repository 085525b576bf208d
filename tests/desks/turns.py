"""Turns of all kinds, made by Hypothesis, and simple ones made by hand."""

import hashlib
from dataclasses import replace

from hypothesis import strategies as st

from rag import article
from rag.desks import Turn, Understood
from rag.types import (
    Answer,
    Article,
    Box,
    Difference,
    Fact,
    Facts,
    Filters,
    Kind,
    Original,
    Outcome,
    Part,
    Provenance,
    Quote,
    Searched,
    Seconds,
    Span,
    Value,
)

TEXTS = st.text(max_size=30)
NUMBERS = st.floats(allow_nan=False)
COUNTS = st.integers(0, 10**9)
DAYS = st.none() | st.dates()
SPANS = st.tuples(COUNTS, COUNTS).map(lambda ends: Span(*sorted(ends)))
FACT = st.none() | st.builds(Fact, TEXTS, st.sampled_from(Provenance))
BOXES = st.builds(Box, st.integers(1, 99), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
PARTS = st.builds(Part, SPANS, st.sampled_from(Kind), TEXTS, st.none() | BOXES)
FILTERS = st.builds(Filters, DAYS, DAYS, st.none() | st.lists(TEXTS, max_size=2).map(tuple), st.booleans(), st.booleans())
LANGUAGES = st.none() | st.sampled_from(["en", "de"])


def _tuples(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


ARTICLES = st.builds(
    Article, TEXTS, TEXTS, st.none() | TEXTS, st.none() | TEXTS, DAYS, st.none() | TEXTS, TEXTS, st.just(""), TEXTS, DAYS, LANGUAGES,
    st.builds(Facts, FACT, FACT, FACT, FACT, FACT, FACT, FACT, FACT), _tuples(PARTS), st.just(()),
    st.none() | st.builds(Original, TEXTS, TEXTS, COUNTS),
).map(lambda one: replace(one, sha256=hashlib.sha256(one.text.encode()).hexdigest()))  # fmt: skip
WINDOWS = st.none() | SPANS
QUOTES = st.builds(Quote, ARTICLES, SPANS, NUMBERS, NUMBERS, SPANS, WINDOWS, WINDOWS, WINDOWS, _tuples(ARTICLES))
SEARCHED = st.builds(Searched, COUNTS, COUNTS, DAYS, DAYS, COUNTS, FILTERS, _tuples(TEXTS), COUNTS, COUNTS, COUNTS)
SECONDS = st.builds(Seconds, NUMBERS, NUMBERS, NUMBERS)
DIFFERENCES = st.builds(Difference, TEXTS, _tuples(st.builds(Value, TEXTS, COUNTS, SPANS, DAYS)))
ANSWERS = st.builds(Answer, TEXTS, st.sampled_from(Outcome), _tuples(QUOTES), _tuples(QUOTES), SEARCHED, SECONDS, _tuples(DIFFERENCES))
UNDERSTOOD = st.builds(Understood, TEXTS, TEXTS, _tuples(TEXTS), st.none() | COUNTS)
TURNS = st.builds(Turn, UNDERSTOOD, st.none() | ANSWERS, TEXTS)


def turn(question, *texts):
    """A question that each of the texts answers, each in an article of its own."""
    articles = [article(f"id of {text[:20]}", "A title", text) for text in texts]
    quotes = tuple(Quote(one, Span(0, len(one.text)), 1.0, 0.9, Span(0, len(one.text))) for one in articles)
    answer = Answer(question, Outcome.ANSWERED, quotes, (), Searched(1, 1, None, None, 1), Seconds())
    return Turn(Understood(question, question, (), None), answer)
