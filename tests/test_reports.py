"""Small inputs made after public reports of comparable tools: a question, its articles, and what is right."""

import json
from contextlib import contextmanager

import pytest

from rag import Archive, Outcome, Settings, read_articles
from rag.evaluation import Request, run
from rag.render.words import confidence_words


@pytest.fixture
def archive_of(shared, tmp_path, encoder, spans):
    """Opens an archive of a case's articles, and says what the case gives and where it lies."""

    @contextmanager
    def opened(case):
        folder = next((shared / "reports").glob(f"{case}-*"))
        given = json.loads((folder / "case.json").read_text())
        with Archive.open(tmp_path / "index", Settings(), encoder, spans) as archive:
            archive.add(read_articles(*(folder / name for name in given["articles"] if name != "gold.jsonl")))
            yield archive, given, folder

    return opened


@pytest.fixture
def ask(archive_of):
    """Asks a case's question of its articles."""

    def asked(case):
        with archive_of(case) as (archive, given, _):
            return archive.ask(given["question"])

    return asked


@pytest.fixture
def found(archive_of, tmp_path):
    """The share of a case's gold questions whose answer stands in what is shown."""

    def measured(case):
        with archive_of(case) as (archive, _, folder):
            rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text().splitlines()]
            gold = tmp_path / "gold.jsonl"
            gold.write_text("".join(json.dumps({"id": str(n), "answerable": True, **row}) + "\n" for n, row in enumerate(rows)))
            return run(archive, Request(gold=gold), lambda total: None).report.measures["hit_or_near@5"].value

    return measured


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


def test_two_currencies_are_two_values_side_by_side(ask):
    answer = ask(65)
    assert {quote.article.source for quote in answer.quotes} == {"Daily A", "Daily B"}
    (difference,) = answer.differences
    assert [value.value for value in difference.values] == ["£500,000", "$500,000"]


def test_a_space_between_thousands_makes_no_other_value(ask):
    answer = ask(58)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.differences == ()


def test_two_numbers_of_one_noun_are_no_value(ask):
    answer = ask(60)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.differences == ()


def test_a_minus_is_a_part_of_its_number_in_gold_questions(found):
    assert found(86) == 0


def test_a_space_between_thousands_is_none_in_gold_questions(found):
    assert found(90) == 1
