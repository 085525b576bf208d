from dataclasses import replace

import pytest
from hypothesis import given

from rag import render
from rag.errors import InputError
from rag.types import Span
from rag.verification import verify
from tests.render.answers import answered, texts, whole


@pytest.fixture
def answers():
    return [answered(whole("It is open.")), answered(whole("It is open."), question="And then?")]


def test_one_answer_is_the_contracts_object_and_several_are_a_list(answers):
    assert render.conversation_json(answers[:1]) == render.answer_json(answers[0])
    assert render.conversation_json(answers) == [render.answer_json(answer) for answer in answers]
    assert render.conversation_json([]) == []


def test_verify_proves_each_answer_and_names_the_one_that_does_not_match(answers):
    find = {"a": answers[0].quotes[0].article}.get
    saved = render.conversation_json(answers)
    assert (verify(saved, find).matched, verify(saved, find).failure) == (2, None)
    saved[1]["quotes"][0]["text"] = "It is shut."
    verdict = verify(saved, find)
    assert verdict.matched == 1
    assert verdict.failure.startswith("answer 2, quote 1: article 'a' has 'It is open.' at characters 0 to 11")


@pytest.mark.parametrize(
    ("bad", "message"), [([], "it has no answer"), ([[]], "answer 1: this is not an answer"), ([{"quotes": []}, 5], "answer 2: ")]
)
def test_what_is_no_conversation_is_an_error(bad, message):
    with pytest.raises(InputError, match=message):
        verify(bad, {}.get)


def test_a_copied_quote_has_its_lead_as_a_quotation_of_its_own_its_gap_and_its_citation():
    quote = replace(whole("The keeper\nspoke. It rained. It's  open.", url="https://example.org/a"), span=Span(29, 40), lead=Span(0, 17))
    assert render.quoted(quote) == (
        "“The keeper\nspoke.” […] “It's  open.”\nA bridge opens · The Daily · 1932-03-19 · characters 0-17 […] 29-40 · https://example.org/a"
    )


def test_what_is_copied_is_plain_words(make):
    quote = replace(whole("It cost *5* dollars."), answer=Span(8, 11))
    assert render.quoted(quote).startswith("“It cost *5* dollars.”\nA bridge opens")


@given(texts)
def test_words_survive_in_what_is_copied_in_plain_text_and_in_json(text):
    quote = whole(text)
    assert render.quoted(quote).startswith(f"“{text}”\n")
    # but for what would tell a terminal something
    assert "    " + render.printable(text, lines=True).replace("\n", "\n    ") in render.answer_text(answered(quote))
    assert render.conversation_json([answered(quote)])["quotes"][0]["text"] == text
