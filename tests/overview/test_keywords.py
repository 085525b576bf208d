import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.english.sentences import sentences
from rag.overview.keywords import keywords
from rag.store import stems

TEXT = (
    "People had talked for years, and on Monday they did something. A committee met. Then Safeguard Defenders counted police stations abroad. "
    "Safeguard Defenders found 54 police stations, and the Ministry of Public Security denied it. In 2022 Spain's police stations were closed."
)


def shown(text, title="", rarity=lambda stem: 1.0):
    return [span.of(text) for span in keywords(text, title, sentences(text, 700), rarity)]


def test_names_and_phrases_are_kept_whole():
    found = shown(TEXT)
    assert {"Safeguard Defenders", "Ministry of Public Security", "police stations", "Spain"} <= set(found)


def test_the_most_telling_comes_first_and_not_the_earliest():
    found = shown(TEXT)
    assert found[0] == "police stations"  # three times, where the name stands twice
    assert "People" not in found[:4]
    assert [TEXT.index(word) for word in found] != sorted(TEXT.index(word) for word in found)


def test_what_is_common_elsewhere_comes_last():
    common = set(stems("safeguard defenders"))
    assert shown(TEXT, rarity=lambda stem: 0.01 if stem in common else 1.0)[-1] == "Safeguard Defenders"


def test_a_word_of_the_title_counts_as_coming_back():
    assert "committee" not in shown(TEXT)
    assert "committee" in shown(TEXT, "A committee meets")


def test_a_capital_at_a_sentence_s_start_makes_no_name_of_a_word_that_is_also_written_small():
    text = "Stations closed. Two stations stayed. Abroad they opened."
    assert shown(text)[0].lower() == "stations"
    assert "Stations" not in shown(f"{text} Police stations.", rarity=lambda stem: 1.0)[1:]


@pytest.mark.parametrize("text", ["", "54 55 56. 1,000 2022", "the of and The Of", "She said. Monday. He says.", "? ! …"])
def test_function_words_numbers_and_marks_are_no_keywords(text):
    assert shown(text) == []


def test_one_word_is_a_keyword_if_the_title_has_it():
    assert shown("Bridge") == []
    assert shown("Bridge", "The bridge") == ["Bridge"]


WORDS = st.sampled_from(
    ["Arle", "river", "River", "the", "of", "New", "York", "54", "flood’s", "U.S.", "Díaz-Canel", ".", ",", "\n\n", "’", "“", "ﬁ", "数"]
)


@settings(max_examples=150)
@given(st.text(max_size=400) | st.lists(WORDS, max_size=60).map(" ".join))
def test_any_text_has_up_to_eight_windows_that_share_no_stem(text):
    found = keywords(text, "Arle", sentences(text, 700), len)
    assert len(found) <= 8
    assert all(0 <= span.start < span.end <= len(text) for span in found)
    assert all(any(sentence.covers(span) for sentence in sentences(text, 700)) for span in found)
    assert all(any(character.isalpha() for character in span.of(text)) and "\n" not in span.of(text) for span in found)
    bags = [set(stems(span.of(text).removesuffix("’s"))) for span in found]
    assert sum(map(len, bags)) == len(set().union(*bags))


@pytest.mark.parametrize("unit", ["word ", "x", "A b. ", "Aa ", "Aa of ", "“", "a\n\n", "X’s "])
def test_hostile_text_takes_no_long_time(unit):
    text = (unit * 30_000)[:30_000]
    spans = sentences(text, 700)
    start = time.process_time()
    assert len(keywords(text, "", spans, len)) <= 8
    assert time.process_time() - start < 5
