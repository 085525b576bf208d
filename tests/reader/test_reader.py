from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag import Settings, article
from rag.corpus import canonical
from rag.passages import passages
from rag.reader import Reader
from rag.reader.linear import shipped
from rag.types import Hit, Kind, Outcome, Part, Passage, Span
from tests.fakes import CommonWords
from tests.test_sentences import AWKWARD

BRIDGE = article(
    "b", "Bridge", "The bridge opened in 1932. Engineers praised it. The bridge opened in 1932. \U0001f309 Repairs of the span began in 1990."
)


# a passage that is about the question has a cosine of about 0.7 to it
def whole(made, score=0.7):
    return Hit(Passage(made, Span(0, len(made.text))), score)


@pytest.fixture(scope="module")
def reader(spans):
    return Reader(spans, Settings())


def test_the_sentence_that_answers_comes_first(reader):
    reading = reader.read("When did repairs of the bridge's span begin?", [whole(BRIDGE)])
    assert reading.outcome is Outcome.ANSWERED
    assert reading.quotes[0].text == "\U0001f309 Repairs of the span began in 1990."
    assert reading.quotes[0].answer.of(BRIDGE.text) == "1990"


FURNITURE = (
    "Bridge\n\nThe old ferry was sold.\n\nPhoto: repairs of the span began in 1991.\n\nRepairs of the span began in 1990.\n\nRepairs of the span?"
)


def parted(*kinds):
    spans, start = [], 0
    for paragraph in FURNITURE.split("\n\n"):
        spans.append(Span(start, start + len(paragraph)))
        start += len(paragraph) + 2
    return replace(article("p", "Bridge", FURNITURE), parts=tuple(Part(span, kind) for span, kind in zip(spans, kinds, strict=True)))


def test_only_what_the_article_itself_says_is_quoted_and_no_heading_alone(reader):
    made = parted(Kind.HEADING, Kind.BODY, Kind.CAPTION, Kind.BODY, Kind.COMMENT)
    reading = reader.read("When did repairs of the span begin?", [whole(made)])
    assert reading.outcome is Outcome.ANSWERED
    shown = [*reading.quotes, *reading.near_misses]
    assert shown[0].text == "Repairs of the span began in 1990."
    assert not [text for quote in shown for text in (quote.text, quote.lead.of(FURNITURE) if quote.lead else "") if "Photo" in text or "?" in text]
    assert {quote.text for quote in shown} <= {"Repairs of the span began in 1990.", "The old ferry was sold."}


@pytest.mark.parametrize(("kind", "shown"), [(Kind.BODY, "A new lock was built at Orrin. It opened in 1990."), (Kind.CAPTION, "It opened in 1990.")])
def test_a_quote_is_not_widened_over_what_is_not_the_articles_own(reader, kind, shown):
    text = "A new lock was built at Orrin. It opened in 1990."
    made = replace(article("p", "The lock", text), parts=(Part(Span(0, 30), kind), Part(Span(31, 49), Kind.BODY)))
    reading = reader.read("When did the lock at Orrin open?", [whole(made)])
    assert [*reading.quotes, *reading.near_misses][0].text == shown


def test_an_article_of_nothing_but_furniture_answers_nothing(reader):
    made = parted(*[Kind.PROMOTION] * 5)
    assert reader.read("When did repairs of the span begin?", [whole(made)]).outcome is Outcome.NOTHING_FOUND


def test_nothing_below_the_threshold_stands_among_the_quotes_and_nothing_above_it_is_folded_away(reader):
    reading = reader.read("When did repairs of the bridge's span begin?", [whole(BRIDGE)])
    assert all(quote.confidence >= shipped().answered for quote in reading.quotes)
    assert all(quote.confidence < shipped().answered for quote in reading.near_misses)
    assert len(reading.quotes) + len(reading.near_misses) == 3


def test_one_passage_alone_is_judged_as_it_is_beside_another(reader):
    # the other passage says nothing of the question; how sure the answer is must not hang on whether it was read too
    aside = article("x", "Weather", "It rained on Monday. The wind was strong in the north.")
    question = "When did repairs of the bridge's span begin?"
    alone, beside = (reader.rank(question, hits)[0] for hits in ([whole(BRIDGE)], [whole(BRIDGE), whole(aside, 0.1)]))
    assert alone.text == beside.text
    assert abs(alone.confidence - beside.confidence) < 0.02


def test_no_two_quotes_have_the_same_words(reader):
    shouted = article("c", "Bridge", "THE BRIDGE  opened in 1932.")
    texts = [quote.text.casefold().split() for quote in reader.rank("When did the bridge open?", [whole(BRIDGE), whole(shouted)])]
    assert len(texts) == 3
    assert texts[0] == "the bridge opened in 1932.".split()


def test_a_question_about_something_else_is_not_answered(reader):
    reading = reader.read("Who won the 2022 World Cup?", [whole(BRIDGE)])
    assert reading.outcome is Outcome.NOTHING_FOUND
    assert reading.quotes == ()
    assert 1 <= len(reading.near_misses) <= 8
    assert all(quote.confidence < shipped().weak for quote in reading.near_misses)


def test_at_most_eight_quotes_and_near_misses_best_first(reader):
    made = article("m", "Bridge", " ".join(f"The bridge number {n} opened in {1900 + n}." for n in range(12)))
    reading = reader.read("When did bridge number 3 open?", [whole(made)])
    shown = [*reading.quotes, *reading.near_misses]
    assert len(shown) == 8
    assert all(one == sorted(one, key=lambda quote: -quote.score) for one in ([*reading.quotes], [*reading.near_misses]))
    assert all(0 <= quote.confidence <= 1 and quote.context.covers(quote.span) for quote in shown)


def test_a_sentence_cut_by_its_passage_is_quoted_whole(reader):
    hit = Hit(Passage(BRIDGE, Span(30, 60)), 0.5)
    assert "The bridge opened in 1932." in [quote.text for quote in reader.rank("When did the bridge open?", [hit])]


def test_what_the_model_could_not_reach_is_read_on(reader):
    # a sign a token: far more than the model reads at once
    filler = " ".join("一二三四五六七八九十" * 3 + "。" for _ in range(25))
    made = article("z", "Bridge", f"{filler} The bridge opened in 1932.")
    assert reader.rank("When did the bridge open?", [whole(made)])[0].text == "The bridge opened in 1932."


def test_a_sentence_that_the_model_reached_only_in_part_is_read_to_its_end(reader):
    # the last sentence begins within reach and says when behind it
    filler = "一二三四五六七八九十。" * 24
    made = article("z", "Bridge", f"{filler} The bridge, {'as all of them, ' * 12}opened in 1932.")
    assert reader.rank("When did the bridge open?", [whole(made)])[0].answer.of(made.text) == "1932"


def test_the_budget_of_passages_is_kept_and_copies_do_not_use_it():
    read = []

    class Counting(CommonWords):
        def read(self, question, passages):
            read.extend(passages)
            return super().read(question, passages)

    copies = [whole(article(f"c{n}", "Same", "The same words.")) for n in range(5)]
    others = [whole(article(f"o{n}", "Other", f"Other words {n}.")) for n in range(5)]
    Reader(Counting(), Settings(read_passages=3)).rank("words", copies + others)
    assert len(read) == 3
    assert len(set(read)) == 3
    read.clear()
    Reader(Counting(), Settings(read_chars=40)).rank("words", copies + others)
    # 14 or 15 characters each
    assert len(read) == 2


def test_a_quote_brings_the_sentence_that_its_pronoun_needs(reader):
    made = article(
        "h", "Harbour", "Boats crowd the quay. The harbour master closed the gates on Monday. She said that the storm was to blame for it."
    )
    reading = reader.read("Was the storm to blame?", [whole(made)])
    quote = (reading.quotes or reading.near_misses)[0]
    assert quote.text == "The harbour master closed the gates on Monday. She said that the storm was to blame for it."
    assert quote.context.covers(quote.span)


def test_a_quote_carries_who_is_speaking(reader):
    made = article("w", "Water", "The river rose quickly. According to the river authority, the water stood at four metres in the old town.")
    quote = reader.read("How high did the water stand in the old town?", [whole(made)]).quotes[0]
    assert quote.speaker
    assert quote.speaker.of(made.text) == "the river authority"


def test_a_sentence_that_an_earlier_quote_shows_is_not_shown_twice(reader):
    made = article("h", "Harbour", "The harbour master closed the gates on Monday. She said that the storm had closed the gates.")
    quotes = reader.read("Who closed the gates of the harbour?", [whole(made)]).quotes
    assert quotes
    assert not any(one.span.start < other.span.end and other.span.start < one.span.end for one in quotes for other in quotes if one is not other)


def test_near_copies_with_the_same_figures_are_shown_once(reader):
    words = (
        "The ferry company said on Monday that {} people were aboard the ferry when it ran aground on the sandbank off the northern "
        "harbour in thick fog shortly before dawn, and that a tug had been sent from the mainland to pull it free at high water"
    )
    first, copy, updated = (
        article(id, "Ferry", words.format(count) + end) for id, count, end in (("a", "40", "."), ("b", "(40)", " early."), ("c", "52", "."))
    )
    texts = [quote.text for quote in reader.read("How many people were aboard the ferry?", [whole(first), whole(copy), whole(updated)]).quotes]
    assert len(texts) == 2
    assert {"40" in text for text in texts} == {True, False}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(AWKWARD.filter(canonical), st.text(min_size=1, max_size=40))
def test_every_quote_is_its_article_s_bytes(text, question):
    made = article("a", "A title", text)
    hits = [Hit(passage, 0.5) for passage in passages(made, Settings(passage_chars=40, overlap_chars=20))]
    reader = Reader(CommonWords(), Settings(sentence_chars=30, quote_chars=60))
    reading = reader.read(question, hits)
    for quote in (*reader.rank(question, hits), *reading.quotes, *reading.near_misses):
        assert quote.text.encode() == made.text[quote.span.start : quote.span.end].encode()
        assert quote.text.strip() == quote.text != ""
        assert quote.context.covers(quote.span)
        assert all(window is None or window.of(made.text) for window in (quote.lead, quote.speaker))
        assert quote.answer is None or quote.span.covers(quote.answer)
