"""Small inputs made after public reports of comparable tools: a question, its articles, and what is right."""

import json

import pytest

from rag import Archive, Outcome, Settings, read_articles
from rag.render import csl_json
from rag.render.words import confidence_words
from rag.web.followup import understood


@pytest.fixture
def ask(shared, tmp_path, encoder, spans):
    """Asks a case's question of its articles."""

    def asked(case, question=None):
        folder = next((shared / "reports").glob(f"{case}-*"))
        given = json.loads((folder / "case.json").read_text())
        with Archive.open(tmp_path / "index", Settings(), encoder, spans) as archive:
            archive.add(read_articles(*(folder / name for name in given["articles"])))
            return archive.ask(question or given["question"])

    return asked


def test_nobody_is_named_who_did_what_the_articles_do_not_tell(ask):
    answer = ask(67)
    assert answer.outcome is not Outcome.ANSWERED
    assert all(confidence_words(quote.confidence) not in ("likely", "very likely") for quote in answer.near_misses)


def test_what_has_nothing_to_do_with_the_question_is_no_quote(ask):
    answer = ask(69)
    assert answer.outcome is Outcome.ANSWERED
    (quote,) = answer.quotes
    assert quote.answer.of(quote.article.text) == "340"
    assert all(confidence_words(quote.confidence) in ("unlikely", "very unlikely") for quote in answer.near_misses)


def test_the_answer_is_found_in_a_sentence_with_a_pronoun_and_shown_with_whom_it_means(ask):
    answer = ask(70)
    assert answer.outcome is Outcome.ANSWERED
    first = answer.quotes[0]
    assert first.answer.of(first.article.text) == "2004"
    assert "Ruth Amsel" in first.text or "Ruth Amsel" in first.lead.of(first.article.text)


def test_a_request_for_an_explanation_is_searched_with_the_question_before():
    assert "Aurora" in understood("explain that more", ["When did the ferry Aurora sink near Skarholm?"]).carried


def test_a_name_with_a_title_follows_up():
    assert "tram" in understood("And Ms. Lind?", ["What did Mr. Wren say about the tram?"]).carried


def test_a_name_with_a_suffix_is_cited_whole(ask):
    answer = ask(80, "When did the dam break?")
    assert answer.quotes
    assert csl_json([answer])[0]["author"] == [{"literal": "C. O'Brien III"}]


def test_any_verb_beside_a_quotation_names_who_speaks(ask):
    answer = ask(26)
    (quote,) = [quote for quote in (*answer.quotes, *answer.near_misses) if "dreadful" in quote.text]
    assert quote.speaker.of(quote.article.text) == "Meg Orr"


def test_a_quotation_is_shown_with_who_speaks_before_it_and_not_only_with_who_listens(ask):
    answer = ask(28)
    shown = [quote for quote in (*answer.quotes, *answer.near_misses) if "will close" in quote.text]
    assert shown
    for quote in shown:
        assert "Bob Holm nodded." not in quote.text or "Alice Wren" in quote.text
        assert quote.speaker is None or quote.speaker.of(quote.article.text) == "Alice Wren"
