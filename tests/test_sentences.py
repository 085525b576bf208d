import time
from itertools import pairwise

import pytest
import sentencex
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import canonical
from rag.english.sentences import overlapping, sentences
from rag.types import Span

# what trips splitters: repetition, stops inside words, quotations, emoji, combining marks, no spaces, odd line ends
AWKWARD = st.text(st.sampled_from("ab. \n\t!?\"”“’\u0301\u200d\U0001f309é\r,A'…1"), max_size=400) | st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. agreed at 4:53 p.m. local time. It paid $3.5 million.", ["The U.S. agreed at 4:53 p.m. local time.", "It paid $3.5 million."]),
        ("He said: “We hope so. It is unacceptable.” China denied.", ["He said: “We hope so. It is unacceptable.”", "China denied."]),
        ("A heading\n\nA paragraph.", ["A heading", "A paragraph."]),
        ("Again. Again. Again.", ["Again.", "Again.", "Again."]),
        ("  \n ", []),
    ],
)
def test_sentences_without_the_space_around_them(text, expected):
    assert [span.of(text) for span in sentences(text, 100)] == expected


@given(AWKWARD, st.integers(1, 60))
def test_sentences_are_in_order_short_enough_and_leave_only_space_out(text, longest):
    text = canonical(text)
    found = sentences(text, longest)
    assert all(0 < len(span) <= longest for span in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    kept = "".join(span.of(text) for span in found)
    assert "".join(kept.split()) == "".join(text.split())


@given(AWKWARD, st.integers(0, 400), st.integers(1, 50))
def test_overlapping_is_what_a_plain_scan_finds(text, start, length):
    found, window = sentences(text, 40), Span(start, start + length)
    assert overlapping(found, window) == [span for span in found if span.end > window.start and span.start < window.end]


def spans(text):
    return [(at["start_index"], at["end_index"]) for at in sentencex.get_sentence_boundaries("en", text)]


@pytest.mark.parametrize("paragraph", ["He said: “We hope so. It is.” (So. It is.) He left. ", "“Yes. " * 9, "A. B. (C.) 1. D? "])
def test_paragraphs_in_blocks_have_the_sentences_of_the_whole(paragraph):
    text = f"{paragraph}\n\n\n{paragraph}\nAnd so on.\n\n" * 200
    whole = [Span(start, end).of(text).strip() for start, end in spans(text)]
    assert [span.of(text) for span in sentences(text, 1000)] == [sentence for sentence in whole if sentence]


def test_a_long_paragraph_is_cut_between_sentences():
    text = "They left (at once), “happily.” " * 3000
    assert [span.of(text) for span in sentences(text, 1000)] == ["They left (at once), “happily.”"] * 3000


@pytest.mark.parametrize(
    "unit",
    [
        "“", "‘", "»", "„", "‹", "'", '"', "`", "`a` ", "(", "!(", "“.", "。“", ".”", "‛「»‹#", "\"\t'“-", "“ \n\n", "\n", "a\n\n", ". ", "Mr. ",
        "A. ", "1. ", "\n- ", "a.b@", "日", "́",
    ],
)  # fmt: skip
def test_hostile_text_takes_no_long_time(unit):
    text = (unit * 100_000)[:100_000]
    start = time.process_time()
    sentences(text, 1000)
    # measured: at most one second, on a busy machine; in one piece it takes sentencex up to a minute and more
    assert time.process_time() - start < 3


def test_backticks_before_other_scripts_take_no_long_time():
    start = time.process_time()
    sentences("`" * 50_000 + "日" * 50_000, 1000)
    assert time.process_time() - start < 3
