"""Small inputs made after public reports of comparable tools: a question, its articles, and what is right."""

import json
from contextlib import contextmanager
from datetime import date

import pytest

from rag import Archive, Outcome, Settings, read_articles
from rag.english.sentences import sentences
from rag.evaluation import Request, run
from rag.render import csl_json
from rag.render.words import confidence_words
from rag.web.followup import understood


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

    def asked(case, question=None):
        with archive_of(case) as (archive, given, _):
            days = {name: date.fromisoformat(day) for name, day in given.get("filters", {}).items()}
            return archive.ask(question or given["question"], **days)

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


@pytest.fixture
def added(shared, archive):
    """Adds a case's articles, without the models; gives the report and the articles."""

    def add(case):
        folder = next((shared / "reports").glob(f"{case}-*"))
        given = json.loads((folder / "case.json").read_text())
        report = archive.add(read_articles(*(folder / name for name in given["articles"])))
        return report, list(archive.articles())

    return add


def test_a_date_in_front_matter_counts_in_a_filter(ask):
    answer = ask(39)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.searched.filters.after == date(2021, 1, 1)
    assert answer.quotes[0].article.published == date(2021, 4, 5)


def test_a_date_with_a_time_after_a_space_is_read(added):
    _, (article,) = added(40)
    assert article.published == date(2022, 10, 19)


def test_a_date_whose_day_can_be_no_month_is_read(added):
    _, articles = added(42)
    assert [article.published for article in articles] == [date(2016, 8, 27), date(2021, 12, 31)]


def test_a_quoted_title_has_its_apostrophe(added):
    _, (article,) = added(45)
    assert article.title == "It's late: the ferry"


def test_letters_of_another_encoding_are_right_or_refused(added):
    report, articles = added(46)
    assert report.refused or "Český průmysl" in articles[0].text


def test_rows_in_utf_16_are_read(added):
    _, (article,) = added(51)
    assert article.text == "The café closed."


def test_rows_of_one_title_are_all_added(added):
    report, articles = added(53)
    assert (len(report.added), len(articles), report.refused) == (2, 2, ())


def test_an_address_that_is_none_costs_the_address(added):
    report, (article,) = added(55)
    assert article.url is None
    assert "www.example.org/x" in report.warnings[0].reason


def test_a_row_of_a_table_is_quoted_whole(ask):
    answer = ask(56)
    assert "Roads" in answer.quotes[0].text
    assert "150" in answer.quotes[0].text


def test_a_short_line_is_quoted_with_its_heading(ask):
    first = ask(57).quotes[0]
    assert "61 percent" in first.text
    assert first.lead.of(first.article.text) == "Turnout"


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


def test_a_word_with_soft_hyphens_is_found(ask):
    answer = ask("05")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.quotes[0].text.startswith("The Gesamt\u00adkonzept for the lake")


def test_a_code_is_found_without_its_hyphen(ask):
    answer = ask(36)
    assert answer.outcome is Outcome.ANSWERED
    (quote,) = answer.quotes
    assert quote.text == "The PGMP-15 module will be kept."


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
