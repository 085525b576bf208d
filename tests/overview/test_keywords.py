import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.english.sentences import sentences
from rag.models.vocabulary import vocabulary
from rag.overview.keywords import keywords
from rag.overview.rarity import english_share
from rag.store import stems
from tests.pace import within

TEXT = (
    "People had talked for years, and on Monday they did something. A committee met. Then Safeguard Defenders counted police stations abroad. "
    "Safeguard Defenders found 54 police stations, and the Ministry of Public Security denied it. In 2022 Spain's police stations were closed."
)


def rare(stem):
    """Of a stem in one passage of a thousand."""
    return 7.0


def shown(text, title="", rarity=rare):
    return [span.of(text) for span in keywords(text, title, sentences(text, 700), rarity)]


def test_names_and_phrases_are_kept_whole():
    found = shown(TEXT)
    assert {"Safeguard Defenders", "Ministry of Public Security", "police stations"} <= set(found)


def test_a_name_in_one_word_and_a_word_that_is_no_name_have_to_come_back():
    assert "Spain" not in shown(TEXT)
    assert "Spain" in shown(TEXT, "Spain closes them")
    assert "Spain" in shown(f"{TEXT} It was Spain that did.")
    text = "The capsule was built for the miners. In the capsule there was light. It left with the capsule."
    assert shown(text) == ["capsule"]
    # said twice, it has to be rarer; common in the archive or in English, it is none however often it is said
    assert shown("The capsule was built. In the capsule there was light.") == ["capsule"]
    assert shown("The capsule was built. In the capsule there was light.", rarity=lambda stem: 6.0) == []
    assert shown(text, rarity=lambda stem: 3.0) == []


@pytest.mark.parametrize(
    "text",
    [
        "The men were trapped below. They were trapped for days. Those trapped were fed.",
        "It is nefarious. Nefarious plans were made, and nefarious people came.",
        "They raced to it. He raced home. She had raced there.",
        "Some wanted to resell it. Others wanted to resell the car. They resell more.",
    ],
)
def test_a_word_that_never_stands_as_a_noun_is_none(text):
    assert shown(text) == []


def test_a_name_is_shown_in_full():
    text = "Geologists were led by Marcia McNutt. McNutt said so. Later McNutt said that Anna McNutt was not asked."
    assert shown(text)[0] == "Marcia McNutt"
    assert "McNutt" not in shown(text)
    # but by no name that only ends like it, later
    assert "Taiwan" in shown("Taiwan holds elections. The Support Taiwan group left. They saw Taiwan.")
    assert "International Organization for Migration" in shown("It was said by the International Organization for Migration in Geneva.")


def test_a_country_and_its_people_are_one_keyword():
    assert len([word for word in shown("They left Haiti. In Haiti the Haitian army met. A Haitian came.") if "Hait" in word]) == 1


def test_the_most_telling_comes_first_and_not_the_earliest():
    found = shown(TEXT)
    assert found[0] == "police stations"  # three times, where the name stands twice
    assert "People" not in found[:4]
    assert [TEXT.index(word) for word in found] != sorted(TEXT.index(word) for word in found)


def test_what_is_common_elsewhere_comes_last():
    common = set(stems("safeguard defenders"))
    assert shown(TEXT, rarity=lambda stem: 0.01 if stem in common else 6.0)[-1] == "Safeguard Defenders"


def test_a_word_of_the_title_counts_as_coming_back():
    text = "There was a committee. It sat for days."
    assert shown(text) == []
    assert shown(text, "A committee meets") == ["committee"]


def test_a_capital_at_a_sentence_s_start_makes_no_name_of_a_word_that_is_also_written_small():
    text = "Stations closed. Near two stations there was noise, and near the stations there was a crowd."
    assert shown(text) == ["stations"]
    # nor does one before a name: a verb or a heading opens the sentence
    assert shown("Citing Arle they left. They came to Arle.") == ["Arle"]


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
    found = keywords(text, "Arle", sentences(text, 700), rare)
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
    with within(5):
        assert len(keywords(text, "", spans, len)) <= 8


def test_the_vocabulary_is_in_the_order_of_how_common_words_are():
    ranks = {word: rank for rank, word in enumerate(vocabulary())}
    assert vocabulary()[:4] == ("a", "the", "of", "and")
    assert ranks["side"] < ranks["terminal"] < ranks["cholera"]
    assert english_share(*stems("side")) > 10 * english_share(*stems("cholera")) > 0
    # a word that it does not have is as rare as its last
    assert english_share("zzz") < english_share(*stems("cholera"))
