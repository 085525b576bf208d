import pytest

from rag.evaluation.words import Words, overlap


@pytest.mark.parametrize(
    ("answer", "text", "end"),
    [
        ("1932", "It opened in 1932.", 17),
        ("SYDNEY harbour", "The Sydney  Harbour Bridge", 19),
        ("nine", "nineteen stations", None),
        ("4", "It cost 4.5 billion, or 45 each.", None),
        ("4.5", "It cost 4.5 billion", 11),
        ("5000", "It leaked 5,000 barrels", 15),
        ("5,000", "It leaked 5000 barrels", 14),
        ("Ben & Jerry's", "Ben & Jerry’s said so", 13),
        ("25 cities in 21 countries", "over 25 cities in 21 countries on", 30),
        ("٥٤", "There are ٥٤ stations", 12),
        ("北京", "他住在北京。", 5),
        ("🌉", "a 🌉 b", 3),
        ("&", "a and b", None),
        ("the bridge", "the old bridge", None),
        ("harbour sydney", "Sydney Harbour", None),
    ],
)
def test_an_answer_ends_where_its_last_word_does(answer, text, end):
    assert Words.of(text).end_of(Words.of(answer)) == end


def test_most_of_a_sentence_is_eight_words_of_ten_and_not_seven():
    sentence = Words.of("one two three four five six seven eight nine ten")
    assert Words.of("eight seven six five four three two one").end_of_most(sentence) == len("eight seven six five four three two one")
    assert Words.of("seven six five four three two one").end_of_most(sentence) is None
    # a word counts as often as the sentence has it
    assert Words.of("one one one one one one one one one one").end_of_most(sentence) is None


def test_the_end_is_where_the_eighth_was_read():
    assert Words.of("x a b c d e").end_of_most(Words.of("a b c d e")) == len("x a b c d")


def test_the_first_characters_keep_whole_words():
    assert Words.of("It opened in 1932").first(15).words == ("it", "opened", "in")


def test_overlap_is_squads():
    # two of four words shown, two of three wanted: F1 = 2 * 1/2 * 2/3 / (1/2 + 2/3) = 4/7
    assert overlap(Words.of("the bridge opened yesterday"), Words.of("Bridge opened 1932")) == pytest.approx((1 / 2, 2 / 3, 4 / 7))
    assert overlap(Words.of(""), Words.of("a")) == (0, 0, 0)
    assert overlap(Words.of("a a"), Words.of("a")) == pytest.approx((1 / 2, 1, 2 / 3))
