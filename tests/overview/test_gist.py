import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.english.sentences import sentences
from rag.overview.gist import _lexrank, _vectors, gist
from tests.pace import within

FLOOD = "The river flooded the old town of Arle on Monday night and drove a thousand people from their homes."
DAM = "Engineers said that the dam above Arle broke because the river rose all night."
SHELTER = "Teachers opened a school near Arle, where people from flooded homes slept."
ASIDES = [
    "Bakers elsewhere sold twice as many cakes as in an ordinary spring.",
    "Chess players met in another country for a tournament of nine rounds.",
    "Shares of two mining companies rose by a tenth on a quiet market.",
    "Gardeners planted tulips along an avenue that was named after a poet.",
]


def shown(text, rarity=lambda stem: 1.0):
    return [span.of(text) for span in gist(text, sentences(text, 700), rarity)]


def test_the_sentences_that_share_most_with_the_others_are_shown_wherever_they_stand():
    text = " ".join([ASIDES[0], ASIDES[1], FLOOD, ASIDES[2], SHELTER, ASIDES[3], DAM])
    assert len({FLOOD, SHELTER, DAM}.intersection(shown(text))) >= 2  # the first three sentences have one of them


def test_sharing_a_rare_word_makes_a_sentence_more_central_than_sharing_a_common_one():
    bags = [["bread", "people"], ["coal", "people"], ["brakes", "turbine"], ["cables", "turbine"], ["people", "turbine"]]

    def ranks(rarity):
        vectors = _vectors(bags, rarity)
        return _lexrank(vectors @ vectors.T)

    alike = ranks(lambda stem: 1.0)
    assert alike[0] == pytest.approx(alike[2])
    weighed = ranks(lambda stem: 0.2 if stem == "people" else 1.0)
    assert weighed[2] > 1.2 * weighed[0]


def test_three_or_fewer_sentences_are_all_given():
    for count in range(4):
        assert shown(" ".join(ASIDES[:count])) == ASIDES[:count]


@pytest.mark.parametrize(
    "dull",
    [
        f"{FLOOD[:-1]}?",
        f"{FLOOD[:-1]} (Photograph: Arle News/AFP).",
        "The flooded river in the old town of Arle on Monday night (AP/Press)",
        "Arle river flood town.",
        f"They said the river flooded {FLOOD[18:]}",
    ],
)
def test_captions_questions_fragments_and_what_leans_on_others_are_left_out(dull):
    text = "\n\n".join([ASIDES[0], dull, DAM, SHELTER, *ASIDES[1:]])
    assert not any(sentence in dull for sentence in shown(text))


def test_the_same_is_not_said_twice():
    text = " ".join([ASIDES[0], FLOOD, ASIDES[1], FLOOD, DAM, FLOOD.replace("Monday", "Tuesday"), *ASIDES[2:]])
    assert sum(sentence.startswith("The river flooded the old town") for sentence in shown(text)) == 1


@settings(max_examples=60)
@given(st.text(max_size=600) | st.lists(st.sampled_from([FLOOD, DAM, *ASIDES, "?", "A.", "Why?", "\n\n", "“"]), max_size=12).map(" ".join))
def test_any_text_has_up_to_three_of_its_sentences_in_its_order(text):
    spans = sentences(text, 700)
    found = gist(text, spans, len)
    assert list(found) == sorted(set(found))
    assert set(found) <= set(spans)
    assert len(found) <= 3
    assert bool(found) == bool(spans)


@pytest.mark.parametrize("unit", ["word ", "x", "A b. ", "“", "a\n\n", "She said. "])
def test_hostile_text_takes_no_long_time(unit):
    text = (unit * 30_000)[:30_000]
    spans = sentences(text, 700)
    with within(20):
        assert len(gist(text, spans, len)) <= 3
