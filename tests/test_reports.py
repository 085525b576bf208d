"""Small inputs made after public reports of comparable tools: a question, its articles, and what is right."""

import json

import pytest

from rag import Archive, Outcome, Settings, read_articles
from rag.english.sentences import sentences
from rag.render.words import confidence_words


@pytest.fixture
def ask(shared, tmp_path, encoder, spans):
    """Asks a case's question of its articles."""

    def asked(case):
        folder = next((shared / "reports").glob(f"{case}-*"))
        given = json.loads((folder / "case.json").read_text())
        with Archive.open(tmp_path / "index", Settings(), encoder, spans) as archive:
            archive.add(read_articles(*(folder / name for name in given["articles"])))
            return archive.ask(given["question"])

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


@pytest.mark.parametrize("case", ["09", "22"])
def test_a_short_form_does_not_cut_its_sentence(shared, case):
    (article,) = read_articles(next((shared / "reports").glob(f"{case}-*")) / "article.txt")
    (sentence,) = sentences(article.text, 700)
    assert sentence.of(article.text) == article.text


def test_a_sentence_with_a_title_is_quoted_whole(ask):
    (quote,) = ask(24).quotes
    assert quote.text == "The old mill in Tarn was bought by Ms. Harrington in 1998 for 3 million crowns."


def test_a_speaker_with_a_title_is_shown_by_name(ask):
    quote = ask(25).quotes[0]
    assert quote.speaker.of(quote.article.text) == "Ms. Harrington"
