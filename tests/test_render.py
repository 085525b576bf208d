import json
from datetime import date

import pytest

from rag import render
from rag.types import Answer, Difference, Filters, Hit, Outcome, Passage, Quote, Searched, Seconds, Span, Value


@pytest.fixture
def quote(make):
    made = make("a", "The mayor said: “It is open.”", title="Bridge", source="S", published=date(1932, 3, 19))
    return Quote(made, Span(16, 29), 0.9, 0.95, Span(0, 29), speaker=Span(4, 9))


def answered(*quotes, **facts):
    searched = Searched(1, 1, date(1932, 3, 19), date(1932, 3, 19), 0, facts.pop("filters", Filters()))
    return Answer("Is it open?", facts.pop("outcome", Outcome.ANSWERED), quotes, facts.pop("near", ()), searched, Seconds(0.1, 0.2, 0.3), **facts)


def test_json_has_the_contract_s_form(quote):
    difference = Difference("bridge", (Value("open", 0, Span(23, 27), date(1932, 3, 19)),))
    answer = answered(quote, differences=(difference,), filters=Filters(after=date(1930, 1, 1), sources=("S",)))
    assert json.loads(render.to_json(render.answer_json(answer))) == {
        "question": "Is it open?",
        "outcome": "answered",
        "quotes": [
            {
                "text": "“It is open.”", "start": 16, "end": 29, "score": 0.9, "confidence": 0.95,
                "article": {
                    "id": "a", "title": "Bridge", "source": "S", "author": None, "published": "1932-03-19", "url": None,
                    "sha256": quote.article.sha256,
                },
                "context": {"start": 0, "end": 29},
                "speaker": {"text": "mayor", "start": 4, "end": 9},
            }
        ],
        "differences": [{"about": "bridge", "values": [{"value": "open", "quote": 0, "start": 23, "end": 27, "published": "1932-03-19"}]}],
        "near_misses": [],
        "searched": {
            "articles": 1, "passages": 1, "earliest": "1932-03-19", "latest": "1932-03-19", "undated": 0,
            "filters": {"after": "1930-01-01", "sources": ["S"]},
        },
        "seconds": {"encode": 0.1, "retrieve": 0.2, "read": 0.3},
    }  # fmt: skip


def test_a_quote_is_shown_as_it_stands_with_its_citation(quote):
    assert render.answer_text(answered(quote)).startswith("[1] Bridge · S · 1932-03-19 · characters 16-29 · very likely (0.95)\n    “It is open.”\n")


def test_long_lines_and_double_spaces_are_not_touched(make):
    text = "A  line  " + "that goes on " * 30 + "- and on.\nNext\tline."
    made = make("a", text)
    shown = render.answer_text(answered(Quote(made, Span(0, len(made.text)), 1, 1, Span(0, len(made.text)))))
    assert "\n".join(f"    {line}" for line in text.split("\n")) in shown
    assert "undated" in shown


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.NOTHING_FOUND, "do not answer this"),
        (Outcome.WEAK_EVIDENCE, "do not clearly answer"),
        (Outcome.OUTSIDE_FILTERS, "No article is left by the filters (from 1930-01-01, until 1931-01-01, source S or T)"),
        (Outcome.EMPTY_ARCHIVE, "The archive is empty. Add articles"),
    ],
)
def test_silence_says_why_and_what_to_do(quote, outcome, words):
    filters = Filters(date(1930, 1, 1), date(1931, 1, 1), ("S", "T"))
    text = render.answer_text(answered(outcome=outcome, near=(quote,), filters=filters))
    assert words in text
    assert "The nearest passages, which do not answer:" in text
    assert "[1]" not in text


def test_hits(quote):
    hit = Hit(Passage(quote.article, Span(0, 15)), 0.75)
    assert render.hits_text([hit]) == "0.750  Bridge · S · 1932-03-19 · characters 0-15\n    The mayor said:"
    assert render.hits_text([]) == "No passage found."
    assert render.hits_json([hit])[0] | {"article": None} == {"text": "The mayor said:", "start": 0, "end": 15, "score": 0.75, "article": None}


def test_characters_outside_ascii_stay_themselves_in_json(quote):
    assert "“It is open.”" in render.to_json(render.answer_json(answered(quote)))
