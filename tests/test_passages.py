from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rag import Settings, article
from rag.english.sentences import sentences
from rag.errors import InputError
from rag.passages import passages
from tests.test_sentences import AWKWARD

# paragraphs that stand there more than once, which searching for a chunk's text gets wrong
REPEATED = st.lists(st.sampled_from(["Same words. ", "Same words.\n\n", "x" * 50, "é\u0301. ", "\U0001f309\r\n", " "]), max_size=60).map("".join)


def cut(text, longest, overlap):
    try:
        made = article("a", "t", text)
    except InputError:
        assume(False)
    return made, passages(made, Settings(passage_chars=longest, overlap_chars=overlap, sentence_chars=10_000))


@given(AWKWARD | REPEATED, st.integers(1, 80), st.integers(0, 40))
@example("a. a. a. a. a. a. a. a. a. a.", 5, 3)
def test_passages_cover_the_text_exactly(text, longest, overlap):
    made, found = cut(text, longest, overlap)
    covered = 0
    for passage in found:
        assert passage.span.start <= covered < passage.span.end
        assert len(passage.span) <= longest + overlap
        assert passage.text == made.text[passage.span.start : passage.span.end]
        covered = passage.span.end
    assert covered == len(made.text)


@given(AWKWARD | REPEATED, st.integers(10, 80), st.integers(5, 40))
def test_a_sentence_as_long_as_the_overlap_is_whole_in_a_passage(text, longest, overlap):
    made, found = cut(text, longest, overlap)
    for sentence in sentences(made.text, 10_000):
        if len(sentence) <= overlap:
            assert any(passage.span.covers(sentence) for passage in found)


def test_a_passage_begins_with_the_sentence_that_it_would_cut():
    made = article("a", "t", "First sentence here. The second sentence is longer. Third.")
    spans = [passage.text for passage in passages(made, replace(Settings(), passage_chars=30, overlap_chars=25))]
    assert spans == ["First sentence here. ", "The second sentence is ", "The second sentence is longer. Third."] or all(
        text.startswith(("First", "The second", "Third")) for text in spans
    )


@pytest.mark.parametrize("size", [1, 900, 901, 10_000])
def test_text_without_a_space_is_cut_at_the_limit(size):
    _, found = cut("x" * size, 900, 200)
    assert sum(len(passage.span) for passage in found) == size
