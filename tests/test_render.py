import json
import re
from dataclasses import replace
from datetime import date

import pytest

from rag import render
from rag.types import (
    Answer,
    Box,
    Difference,
    Fact,
    Facts,
    Filters,
    Hit,
    Kind,
    Outcome,
    Part,
    Passage,
    Provenance,
    Quote,
    Searched,
    Seconds,
    Span,
    Value,
)


@pytest.fixture
def quote(make):
    made = make("a", "The mayor said: “It is open.”", title="Bridge", source="S", published=date(1932, 3, 19))
    return Quote(made, Span(16, 29), 0.9, 0.95, Span(0, 29), speaker=Span(4, 9), answer=Span(23, 27))


def answered(*quotes, **facts):
    searched = Searched(1, 1, date(1932, 3, 19), date(1932, 3, 19), 0, facts.pop("filters", Filters()))
    return Answer("Is it open?", facts.pop("outcome", Outcome.ANSWERED), quotes, facts.pop("near", ()), searched, Seconds(0.1, 0.2, 0.3), **facts)


def test_json_has_the_contract_s_form(quote):
    difference = Difference("bridge", (Value("open", 0, Span(23, 27), date(1932, 3, 19)),))
    answer = answered(quote, differences=(difference,), filters=Filters(after=date(1930, 1, 1), sources=("S",)))
    assert json.loads(render.to_json(render.answer_json(answer))) == {
        "question": "Is it open?",
        "outcome": "answered",
        "topic": None,
        "quotes": [
            {
                "text": "“It is open.”", "start": 16, "end": 29, "score": 0.9, "confidence": 0.95, "parts": [],
                "article": {
                    "id": "a", "title": "Bridge", "source": "S", "author": None, "published": "1932-03-19", "url": None,
                    "updated": None, "language": None, "told": {}, "about": None, "corrections": [], "sha256": quote.article.sha256,
                },
                "context": {"start": 0, "end": 29},
                "speaker": {"text": "mayor", "start": 4, "end": 9},
                "lead": None,
                "answer": {"text": "open", "start": 23, "end": 27},
                "copies": [],
            }
        ],
        "differences": [{"about": "bridge", "values": [{"value": "open", "quote": 0, "start": 23, "end": 27, "published": "1932-03-19"}]}],
        "near_misses": [],
        "searched": {
            "articles": 1, "passages": 1, "earliest": "1932-03-19", "latest": "1932-03-19", "undated": 0,
            "guessed": 0, "undated_left_out": 0, "guessed_left_out": 0,
            "filters": {"after": "1930-01-01", "sources": ["S"]}, "damaged": [],
        },
        "seconds": {"encode": 0.1, "retrieve": 0.2, "read": 0.3},
    }  # fmt: skip


def test_a_quote_of_a_document_says_its_pages_and_what_of_it_was_told_and_guessed(quote):
    facts = Facts(title=Fact("Bridge", Provenance.PROPERTIES), published=Fact("March 1932", Provenance.GUESSED))
    parts = (Part(Span(0, 20), Kind.BODY, "page 6", Box(6, 1, 2, 3, 4)), Part(Span(21, 29), Kind.BODY, "page 7", Box(7, 1, 2, 3, 4)))
    paged = replace(quote, article=replace(quote.article, published=None, facts=facts, parts=parts))
    assert "Bridge · S · undated, about March 1932 · pp. 6, 7 · characters 16-29" in render.answer_text(answered(paged))
    shown = render.answer_json(answered(paged))["quotes"][0]
    assert shown["article"]["told"] == {"title": "document properties", "published": "guessed"}
    assert shown["article"]["about"] == "March 1932"
    assert [(part["start"], part["end"], part["place"], part["box"]["page"]) for part in shown["parts"]] == [
        (0, 20, "page 6", 6),
        (21, 29, "page 7", 7),
    ]


def test_a_quote_is_shown_as_it_stands_with_its_citation(quote):
    assert render.answer_text(answered(replace(quote, speaker=None))).startswith(
        "[1] Bridge · S · 1932-03-19 · characters 16-29 · very likely (0.95)\n    “It is open.”\n\nSearched"
    )


def test_who_speaks_is_shown_as_what_the_article_says(quote):
    assert render.answer_text(answered(quote)).startswith(
        "[1] Bridge · S · 1932-03-19 · characters 16-29 · very likely (0.95)\nattributed to: mayor · characters 4-9\n    “It is open.”\n\nSearched"
    )


@pytest.fixture
def led(make):
    """A quote whose lead stands two sentences before, in lines of its own."""
    made = make("b", "The keeper\nof the lock  spoke. It rained. She left at noon.", title="Lock")
    return Quote(made, Span(42, 59), 0.8, 0.8, Span(0, 59), lead=Span(0, 30))


def test_a_lead_is_a_second_window_before_a_visible_gap(led):
    assert render.answer_text(answered(led)).startswith(
        "[1] Lock · undated · characters 0-30 […] 42-59 · likely (0.80)\n"
        "    The keeper\n    of the lock  spoke.\n[…]\n    She left at noon.\n\nSearched"
    )
    assert render.answer_json(answered(led))["quotes"][0]["lead"] == {"text": "The keeper\nof the lock  spoke.", "start": 0, "end": 30}


def test_a_near_miss_has_its_lead_too(led):
    silent = answered(near=(led,), outcome=Outcome.WEAK_EVIDENCE)
    assert (
        "  - Lock · undated · characters 0-30 […] 42-59 · likely (0.80)\n    The keeper\n    of the lock  spoke.\n[…]\n    She"
        in render.answer_text(silent)
    )
    assert render.answer_json(silent)["near_misses"][0]["lead"]["end"] == 30


def test_a_near_miss_has_its_answer_in_json_and_a_quote_without_one_has_null(led):
    near = replace(led, answer=Span(54, 58))
    silent = render.answer_json(answered(near=(near, led), outcome=Outcome.WEAK_EVIDENCE))
    assert [one["answer"] for one in silent["near_misses"]] == [{"text": "noon", "start": 54, "end": 58}, None]


def test_no_line_of_an_article_begins_at_the_margin(make):
    made = make("a", "The lock keeper\n[…]\nattributed to: nobody\nsaid so on 3 May\n1932.")
    whole = Span(0, len(made.text))
    when = Value("3 May\n1932", 0, Span(51, 61), None)
    text = render.answer_text(answered(Quote(made, whole, 1, 1, whole, speaker=Span(4, 19)), differences=(Difference("so", (when,)),)))
    assert [line.split()[0] for line in text.splitlines() if line and not line.startswith("    ")] == ["The", "[1]", "attributed", "Searched"]
    text = render.answer_text(answered(Quote(made, whole, 1, 1, whole, speaker=whole)))
    assert [line.split()[0] for line in text.splitlines() if line and not line.startswith("    ")] == ["[1]", "attributed", "Searched"]


def test_differences_open_the_answer_and_take_no_side(make):
    first = make("a", "The lock cost $3m.", title="Lock opens", source="S", published=date(1932, 3, 19))
    second = make("b", "The lock cost about $5.2m.", title="Lock again")
    quotes = [Quote(made, Span(0, len(made.text)), 1, 1, Span(0, len(made.text))) for made in (second, first)]
    values = (Value("$3m", 1, Span(14, 17), first.published), Value("about $5.2m", 0, Span(14, 25), None))
    text = render.answer_text(answered(*quotes, differences=(Difference("cost", values), Difference("", values[:1]))))
    assert text.startswith(
        "The articles give different values for “cost”, each with its day of publication:\n"
        "    1932-03-19  $3m          [2] S · Lock opens\n"
        "    undated     about $5.2m  [1] Lock again\n\n"
        "The articles give different values, each with its day of publication:\n"
        "    1932-03-19  $3m  [2] S · Lock opens\n\n"
        "[1] Lock again · "
    )


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
        (Outcome.WEAK_EVIDENCE, "The articles may not answer this; the nearest:\n\n  - Bridge"),
        (Outcome.OUTSIDE_FILTERS, "No article is left by the filters (from 1930-01-01, until 1931-01-01, source S or T)"),
        (Outcome.EMPTY_ARCHIVE, "The archive is empty. Add articles"),
    ],
)
def test_silence_says_why_and_what_to_do(quote, outcome, words):
    filters = Filters(date(1930, 1, 1), date(1931, 1, 1), ("S", "T"))
    text = render.answer_text(answered(outcome=outcome, near=(quote,), filters=filters))
    assert words in text
    assert ("The nearest passages, which do not answer:" in text) == (outcome is not Outcome.WEAK_EVIDENCE)
    assert "[1]" not in text


@pytest.mark.parametrize(
    ("count", "left_out"), [(3, None), (4, "1 more that comes near: not shown here."), (8, "5 more that come near: not shown here.")]
)
def test_where_the_articles_may_not_answer_a_terminal_shows_three(make, count, left_out):
    made = make("a", "Rain. " * count)
    near = tuple(Quote(made, Span(6 * n, 6 * n + 5), 1, 0.3, Span(0, 5)) for n in range(count))
    text = render.answer_text(answered(near=near, outcome=Outcome.WEAK_EVIDENCE))
    assert [line for line in text.splitlines() if line.startswith("  - ")] == [
        f"  - Title of a · undated · characters {6 * n}-{6 * n + 5} · unlikely (0.30)" for n in range(3)
    ]
    assert [line for line in text.splitlines() if "not shown" in line] == ([left_out] if left_out else [])
    far = render.answer_text(answered(near=near, outcome=Outcome.NOTHING_FOUND))
    assert "The nearest passages, which do not answer:\n\n  - Title of a" in far
    assert far.count("  - ") == 3
    assert [line for line in far.splitlines() if "not shown" in line] == ([left_out] if left_out else [])


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_beside_quotes_that_answer_nothing_that_only_comes_near_is_read(quote, led, form):
    assert render.FORMATS[form].written([answered(quote, near=(led,) * 5)]) == render.FORMATS[form].written([answered(quote)])


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1, "very likely"), (0.9, "very likely"), (0.899, "likely"), (0.7, "likely"), (0.699, "possible"), (0.4, "possible"),
        (0.399, "unlikely"), (0.15, "unlikely"), (0.149, "very unlikely"), (0.01, "very unlikely"), (0, "very unlikely"),
    ],
)  # fmt: skip
def test_words_for_confidence_follow_its_figure(confidence, words):
    assert render.confidence_words(confidence) == words


def test_the_words_that_answer_are_bold_for_a_terminal_and_plain_elsewhere(quote):
    bold, plain = render.answer_text(answered(quote), bold=True), render.answer_text(answered(quote))
    assert "    “It is \x1b[1mopen\x1b[0m.”\n" in bold
    assert bold.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain
    assert "\x1b" not in plain
    assert "\x1b" not in render.answer_text(answered(replace(quote, answer=None)), bold=True)
    assert "\x1b" not in render.FORMATS["text"].written([answered(quote)])


def test_bold_begins_anew_on_each_line_and_never_reaches_the_margin(make):
    made = make("a", "It cost\n5 dollars\nin all.")
    text = render.answer_text(answered(Quote(made, Span(0, 25), 1, 1, Span(0, 25), answer=Span(3, 20))), bold=True)
    assert "    It \x1b[1mcost\x1b[0m\n    \x1b[1m5 dollars\x1b[0m\n    \x1b[1min\x1b[0m all." in text


def test_an_article_tells_a_terminal_nothing(make):
    made = make("a", "The \x1b[31mred\x1b]0;owned\x07 \x9b1m lock\x1b[0m cost \x085m.", title="\x1b[2JLock")
    at = made.text.index("cost")
    text = render.answer_text(answered(Quote(made, Span(0, len(made.text)), 1, 1, Span(0, 4), answer=Span(at, at + 4))), bold=True)
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f][^a-zA-Z]*.", text) == ["\x1b[1m", "\x1b[0m"]


@pytest.mark.parametrize("written", [render.answer_text, lambda one: render.markdown([one]), lambda one: render.html_document([one])])
def test_an_answer_that_is_outside_its_quote_is_a_mistake_and_never_shown(quote, written):
    wrong = answered(replace(quote, answer=Span(4, 9)))
    with pytest.raises(ValueError, match="outside its quote"):
        written(wrong)


def test_hits(quote):
    hit = Hit(Passage(quote.article, Span(0, 15)), 0.75)
    assert render.hits_text([hit]) == "0.750  Bridge · S · 1932-03-19 · characters 0-15\n    The mayor said:"
    assert render.hits_text([]) == "No passage found."
    shown = {"text": "The mayor said:", "start": 0, "end": 15, "score": 0.75, "parts": [], "article": None}
    assert render.hits_json([hit])[0] | {"article": None} == shown


def test_characters_outside_ascii_stay_themselves_in_json(quote):
    assert "“It is open.”" in render.to_json(render.answer_json(answered(quote)))
