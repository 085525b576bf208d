import pytest

from rag.question import Kind, parse
from rag.reader.offers import offers


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many stations are there?", Kind.NUMBER),
        ("At what price did the ferry sell?", Kind.NUMBER),
        ("How strong was the storm?", Kind.NUMBER),
        ("When did the bridge open?", Kind.DATE),
        ("In which year did the bridge open?", Kind.DATE),
        ("Where is the mine?", Kind.PLACE),
        ("Which coastal city has the station?", Kind.PLACE),
        ("Who leads the council?", Kind.PERSON),
        ("Which former minister resigned?", Kind.PERSON),
        ("Which company built the rig?", Kind.NAME),
        ("Why was the airport closed?", Kind.REASON),
        ("How did the rescue begin?", Kind.OTHER),
        ("What is a caisson?", Kind.OTHER),
        ("bridge", Kind.OTHER),
        ("¿Cuántas estaciones hay?", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_the_kind_of_answer_that_is_asked_for(text, kind):
    assert parse(text).kind is kind


def test_words_lose_case_and_possessive():
    assert {"china", "ministry"} <= parse("China's MINISTRY?").words


def test_stems_are_of_what_the_question_is_about():
    assert parse("What did Ireland do?").stems == {"ireland"}
    assert parse("How many stations are there, and who opened them?").stems == {"station", "open", "them"}
    assert parse("What?").stems == frozenset()


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("How many stations are there?", "There are fifty-four stations and 12 depots.", True),
        ("How many stations are there?", "There are seven stations.", True),
        ("When did it open?", "It opened on a Monday in May 1932.", True),
        ("Which city has a harbour?", "The harbour of Rotterdam is large.", True),
        ("Which city has a harbour, Rotterdam or Genoa?", "The harbour of Rotterdam is large.", False),
        ("Who closed the gates?", "They were closed in June.", False),
    ],
)
def test_what_is_offered_is_of_the_kind_and_new(question, sentence, found):
    assert offers(sentence, parse(question)) == found


def test_a_person_is_offered_by_a_full_name_and_a_reason_by_its_words():
    who, why = parse("Who closed it?"), parse("Why was it closed?")
    assert offers("Queen Elizabeth closed it.", who)
    assert not offers("Rotterdam closed it.", who)
    assert offers("It was shut because of the storm.", why)
    assert not offers("It was shut on Monday.", why)


def test_hostile_text_is_looked_at_in_linear_time():
    question = parse("Who?" * 1_000)
    for text in ("A" * 100_000, "a," * 50_000, "Aa " * 30_000, "'" * 100_000):
        offers(text, question)
