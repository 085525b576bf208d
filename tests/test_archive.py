from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from rag import Archive, Outcome, Settings, read_articles
from rag.errors import InputError
from rag.reader.linear import shipped
from tests.store.contract import entry


def test_the_readme_s_five_lines(tmp_path, encoder):
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        report = archive.add(read_articles("seeds"))
        assert len(report.added) == 12
        assert report.refused == ()
        hits = archive.search("overseas police stations", k=10, after=date(2022, 1, 1), before=None, sources=None)
        assert {hit.passage.article.published.year for hit in hits} == {2022}
        answer = archive.ask("How many overseas police stations are there?")
        for quote in answer.quotes:
            assert quote.text == quote.article.text[quote.span.start : quote.span.end]
        assert archive.remove([report.added[0]]) == [report.added[0]]
        assert archive.article(report.added[0]) is None


def test_an_empty_archive_says_so_without_loading_a_model(tmp_path):
    class NoModel:
        @property
        def identity(self):
            raise AssertionError("the model was asked for")

    with Archive.open(tmp_path / "none", Settings(), NoModel()) as archive:
        answer = archive.ask("Anything?")
    assert (answer.outcome, answer.quotes, answer.near_misses, answer.searched.articles) == (Outcome.EMPTY_ARCHIVE, (), (), 0)


@pytest.mark.parametrize(
    "filters",
    [
        {"after": date(2030, 1, 1)},
        {"before": date(1900, 1, 1)},
        {"sources": ["Nobody"]},
        {"sources": []},
        {"after": date(2012, 5, 10), "before": date(2012, 5, 11)},
    ],
)
def test_a_filter_that_leaves_nothing_never_falls_back_to_everything(seeds, filters):
    answer = seeds.ask("How many overseas police stations are there?", **filters)
    assert answer.outcome is Outcome.OUTSIDE_FILTERS
    assert answer.quotes == answer.near_misses == ()
    assert (answer.searched.articles, answer.searched.passages) == (0, 0)
    assert seeds.search("police stations", **filters) == []


def test_filters_keep_other_articles_out_of_quotes_and_near_misses(seeds):
    answer = seeds.ask("How many barrels a day flow from the well?", before=date(2010, 5, 1), sources=["Sample Wire"])
    shown = [*answer.quotes, *answer.near_misses]
    assert shown
    assert all(quote.article.published <= date(2010, 5, 1) and quote.article.source == "Sample Wire" for quote in shown)
    assert answer.searched.filters.before == date(2010, 5, 1)
    assert answer.searched.articles == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda archive: archive.ask("  "), "the question is empty"),
        (lambda archive: archive.search(""), "the question is empty"),
        (lambda archive: archive.search("x", 0), "k is 0"),
        (lambda archive: archive.search("x", 10**12), "ask for 1 to 10,000"),
        (lambda archive: archive.ask("\udcff"), "not valid Unicode"),
        (lambda archive: archive.ask("x", sources=["\udcff"]), "not valid Unicode"),
        (lambda archive: archive.remove(["\udcff"]), "not valid Unicode"),
        (lambda archive: archive.ask("x", after=date(2020, 1, 2), before=date(2020, 1, 1)), "later than before"),
        (lambda archive: archive.ask("x", after="2020-01-01"), "give a datetime.date"),
        (lambda archive: archive.ask("x", sources="Sample Wire"), "give a list"),
        (lambda archive: archive.remove("a1"), "ids is the string 'a1'; give a list"),
        (lambda archive: archive.add("seeds"), "items is the string 'seeds'; give what `read_articles` reads"),
        (lambda archive: archive.add([], prune="/news"), "prune is the string '/news'; give a list"),
    ],
)
def test_what_cannot_be_asked_is_named(archive, call, message):
    with pytest.raises(InputError, match=message):
        call(archive)


@pytest.mark.parametrize(
    "question",
    [
        "x",
        "?",
        "\U0001f309",
        "bridge " * 1_400,
        "\0",
        "Combien de commissariats y a-t-il?",
        "<script>alert(1)</script>",
        "كم عدد المحطات؟",
        "1 " * 5_000,
    ],
)
def test_odd_questions_get_an_outcome(seeds, question):
    answer = seeds.ask(question)
    assert answer.outcome in (Outcome.ANSWERED, Outcome.WEAK_EVIDENCE, Outcome.NOTHING_FOUND)


def test_the_same_question_gives_the_same_answer_from_many_threads(seeds):
    questions = ["How many overseas police stations are there?", "When did Berlin's airport open?", "Who won the World Cup?"] * 4
    serial = [(seeds.ask(q).outcome, seeds.ask(q).quotes, seeds.ask(q).near_misses) for q in questions]
    with ThreadPoolExecutor(6) as pool:
        threaded = [(a.outcome, a.quotes, a.near_misses) for a in pool.map(seeds.ask, questions)]
    assert threaded == serial


def test_what_comes_near_without_answering_is_weak_evidence(seeds):
    answer = seeds.ask("Which of the trapped men was the last to be rescued?")
    assert answer.outcome is Outcome.WEAK_EVIDENCE
    assert answer.quotes == ()
    assert 1 <= len(answer.near_misses) <= 8
    assert max(quote.confidence for quote in answer.near_misses) < shipped().answered


def test_an_article_that_is_not_indexed_yet_is_no_filter_s_fault(archive, make):
    archive.add([make("a", "The bridge opened.", source="S")])
    archive.search("bridge")
    with archive._store.writing() as writer:
        writer.put([entry(make("b", "The ferry sank.", source="Y"))], archive._encoder.identity)
        answer = archive.ask("ferry", sources=["Y"])
    assert answer.outcome is Outcome.NOTHING_FOUND


def test_letters_typed_in_two_parts_find_the_same(archive, make):
    archive.add([make("a", "The ministry in Caf\u00e9 street.", source="M\u00fcller")])
    assert archive.search("cafe\u0301", sources=["Mu\u0308ller"])


def test_status_counts(seeds):
    status = seeds.status()
    assert (status.articles, status.undated, status.earliest, status.latest) == (12, 0, date(2010, 1, 15), date(2022, 12, 5))
    assert status.sources == {"Sample Daily": 4, "Sample Review": 3, "Sample Wire": 5}
    assert status.search == "exact (flat)"
