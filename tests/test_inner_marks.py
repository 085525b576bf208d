import pytest

from rag import Outcome
from rag.question import parse
from rag.reader.offers import offers
from rag.store import stems
from rag.store.lexical import LexicalIndex, Words
from rag.types import Filters
from tests.pace import within

FOUND = [
    # soft hyphens and what else cannot be seen
    ("water\u00adworks", "waterworks"),
    ("water\u00ad\nworks", "waterworks"),
    ("water\u200bworks", "waterworks"),
    ("waterworks", "water\u00adworks"),
    # hyphens at line ends
    ("the com-\nmission of three", "commission"),
    ("the com-\n   mission of three", "commission"),
    ("a well-\nknown mill", "well known"),
    # codes
    ("the ORN-42 pump", "ORN42"),
    ("the ORN-42 pump", "orn42"),
    ("the ORN-42 pump", "ORN\u201142"),
    ("the ORN-42 pump", "ORN 42"),
    ("the ORN42 pump", "ORN-42"),
    ("the ORN42 pump", "orn 42"),
    ("the ORN 42 pump", "ORN42"),
    ("the ORN_42 pump", "ORN42"),
    ("the ORN-\n42 pump", "ORN42"),
    ("the T-7-B pump", "T7B"),
    ("the 42-ORN pump", "42ORN"),
    ("the ORN-42b pump", "ORN42b"),
    # apostrophes
    ("Mr O’Tarn of Orrin", "O'Tarn"),
    ("Mr O'Tarn of Orrin", "O’Tarn"),
    ("Mr O’Tarn of Orrin", "OTarn"),
    ("Mr OTarn of Orrin", "O'Tarn"),
    ("the Tarnaʻi shore", "Tarna'i"),
    ("the mill’s wheel", "mill's"),
]


@pytest.mark.parametrize(("text", "question"), FOUND)
def test_a_word_is_found_however_its_marks_are_written(tmp_path, text, question):
    other = "The 19-year-old harbour's pumps, 3 of them, don't work; it works on the 2nd."
    index = LexicalIndex.build(tmp_path / "i", [Words(1, 1, other), Words(2, 2, text)])
    numbers, _ = index.search(question, 10, Filters())
    assert numbers[0] == 2


@pytest.mark.parametrize(("text", "question"), FOUND)
def test_a_question_and_a_sentence_have_the_word_in_common(text, question):
    assert parse(question).stems & set(stems(text))


def test_the_right_code_has_more_in_common_than_another():
    asked = parse("Will the ORN20 stay?").stems
    assert len(asked & set(stems("The ORN-20 pump."))) > len(asked & set(stems("The ORN-15 pump.")))


@pytest.mark.parametrize(
    "text",
    [
        "A well-known 19-year-old won on the 2nd.",
        "It’s the mill’s, they don’t; we’ll see, I’m told, they’ve left and you’re here",
        "In the 1990s, 20km off",
        "B2B and H1N1",
    ],
)
def test_other_words_have_no_other_form(text):
    assert not stems(text)[len(stems(text.translate(str.maketrans("-’", "  ")))) :]


def test_a_word_of_the_question_with_marks_is_no_answer():
    question = parse("What did O'Tarn's water\u00adworks sell?")
    assert not offers("the O’Tarn waterworks", question)


def test_what_is_quoted_has_its_marks(archive, make):
    text = "The Water\u00adworks of Mr O’Tarn sold the ORN\u201142 pump. Nobody objected."
    archive.add([make("a", text), make("b", "The fair took weeks.")])
    answer = archive.ask("Did the waterworks of O'Tarn sell the ORN42 pump?")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.quotes[0].text == "The Water\u00adworks of Mr O’Tarn sold the ORN\u201142 pump."


@pytest.mark.parametrize("unit", ["a", "A1", "1A", "a-", "a-\n", "a'", "a's", "A-1", "A-1-", "_", "\u00ad", "日1", "A_1B-\n"])
def test_hostile_text_takes_no_long_time(unit):
    text = (unit * 100_000)[:100_000] + "é"
    # measured: at most a twentieth of it
    with within(1):
        stems(text)
