"""Search finds every article that has the words, counts them truly, and shows where they stand."""

import csv
import io
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Archive, Settings, render
from rag.corpus import article
from rag.errors import InputError
from rag.store import LocalStore, stems
from rag.types import Match, Ranking, Span
from tests.fakes import CommonWords, HashingEncoder

WORDS = ["cholera", "harbour", "harbours", "minister", "café", "O'Neil", "PGMP-15", "the", "and", "rain"]


def ids(found):
    return [finding.article.id for finding in found.findings]


def entries_of(archive):
    names = [one.id for one in archive.articles()]
    with archive._store.reading() as snapshot:
        return list(snapshot.entries(names).all().values())


def by_brute_force(archive, query):
    """The ids of all articles of which one passage, with its title, has every stem of the query."""
    asked = set(stems(query))
    return {
        entry.article.id
        for entry in entries_of(archive)
        if any(asked <= set(stems(f"{entry.article.title}\n{span.of(entry.article.text)}")) for span in entry.spans)
    }


@pytest.fixture
def news(archive, make):
    archive.add(
        [
            make("a", "Cholera came to the harbour. The minister denied it.", source="Daily", published=date(2020, 3, 1)),
            make("b", "The minister spoke of choleras. Nobody listened.", source="Daily", published=date(2021, 4, 2)),
            make("c", "It rained. The harbours were closed; the minister said so.", source="Wire"),
            make("d", "Nothing of the kind happened here.", title="Cholera, a title", source="Wire", published=date(2020, 3, 9)),
        ]
    )
    return archive


def test_all_articles_with_the_words_are_found_and_counted_whatever_their_forms(news):
    found = news.find("cholera")
    assert (found.match, found.articles, found.lines, set(ids(found)[:3])) == (Match.WORDS, 3, 3, {"a", "b", "d"})
    assert news.find("harbour minister").articles == 2


@pytest.fixture(scope="module")
def heaped(tmp_path_factory):
    """Articles of many passages, in which the words stand in many ways together."""
    settings = Settings(passage_chars=60, overlap_chars=10)
    with Archive.open(tmp_path_factory.mktemp("heaped") / "index", settings, HashingEncoder(), CommonWords()) as archive:
        texts = [" ".join(WORDS[n : n + 3] * (1 + n)) + f" and number {n}." for n in range(len(WORDS))]
        archive.add([article(f"n{n}", f"Title {WORDS[-n]}", text) for n, text in enumerate(texts)])
        yield archive


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_what_is_found_is_what_brute_force_finds(heaped, words):
    query = " ".join(words)
    found = heaped.find(query, limit=1_000, folded=False)
    expected = by_brute_force(heaped, query) if stems(query) else set()
    assert {finding.article.id for finding in found.findings if not finding.by_meaning} == expected
    assert found.articles == found.lines == len(expected)


def test_on_the_samples_any_word_of_any_article_finds_it_and_the_total_is_true(seeds):
    for one in seeds.articles():
        for word in sorted({word.strip(".,;:“”\"'") for word in one.text.split()}, key=len)[-6:]:
            if not stems(word):
                continue
            found = seeds.find(word, limit=1_000, folded=False)
            by_words = {finding.article.id for finding in found.findings if not finding.by_meaning}
            assert by_words == by_brute_force(seeds, word), word
            assert one.id in by_words


def test_words_in_quotation_marks_stand_so_in_the_text_case_aside(news):
    assert ids(news.find('"The Minister"', folded=False))[:3] != []
    assert news.find('"the minister denied"').articles == 1
    assert news.find('"denied the minister"').articles == 0
    assert news.find("“minister denied” harbour").articles == 1
    assert news.find('"harbour"').articles == 1


def test_the_words_are_marked_where_they_stand_in_a_snippet_that_is_the_article_s_own(seeds):
    for query in ("police stations", "haiti toll", "airport opening"):
        asked = set(stems(query))
        for finding in seeds.find(query).findings:
            text = finding.article.text
            assert finding.passage.covers(finding.snippet)
            assert 0 < len(finding.snippet) <= 320
            assert finding.words or finding.by_meaning or finding.title_words
            for word in finding.words:
                assert finding.snippet.covers(word)
                assert asked & set(stems(word.of(text)))
            for word in finding.title_words:
                assert asked & set(stems(word.of(finding.article.title)))
            unmarked = "".join(text[n] if not any(w.start <= n < w.end for w in finding.words) else " " for n in range(*_ends(finding.snippet)))
            assert not asked & set(stems(unmarked))


def _ends(span):
    return span.start, span.end


def test_what_was_quoted_is_marked_as_a_whole_and_a_code_in_all_its_forms(archive, make):
    archive.add([make("a", "The PGMP-15 was out of order. Nobody ran it out of luck.")])
    finding = archive.find('"out of order" PGMP15').findings[0]
    assert [word.of(finding.article.text) for word in finding.words] == ["PGMP-15", "out of order"]


def test_articles_near_in_meaning_stand_behind_and_are_told_apart(seeds):
    found = seeds.find("overseas police")
    assert [finding.by_meaning for finding in found.findings] == [False] * found.lines + [True] * found.near
    assert found.near
    assert not any(set(stems("overseas police")) <= set(stems(finding.passage.of(finding.article.text))) for finding in found.findings[found.lines :])
    nothing = seeds.find("overseas policemen offices")
    assert (nothing.match, nothing.articles, nothing.findings[0].by_meaning) == (Match.MEANING, 0, True)


def test_a_query_of_the_commonest_words_alone_says_so(news):
    assert news.find("and the").match is Match.NO_WORDS
    assert news.find("?!").match is Match.NO_WORDS
    assert news.find("zebra").articles == 0


def test_by_day_newest_or_oldest_come_first_and_undated_last(news):
    assert ids(news.find("minister", order=Ranking.NEWEST))[:3] == ["b", "a", "c"]
    assert ids(news.find("minister", order=Ranking.OLDEST))[:3] == ["a", "b", "c"]


def test_pages_make_the_whole_list_and_each_line_stands_once(seeds):
    for chosen in ({}, {"order": Ranking.OLDEST}, {"passages": True}):
        whole = seeds.find("who", limit=1_000, **chosen)
        pages = [seeds.find("who", offset=n, limit=2, **chosen) for n in range(0, whole.lines + whole.near, 2)]
        assert [finding for page in pages for finding in page.findings] == list(whole.findings)
        assert {(page.articles, page.lines, page.tallies) for page in pages} == {(whole.articles, whole.lines, whole.tallies)}
        assert len({(finding.article.id, finding.passage) for finding in whole.findings}) == len(whole.findings)


def test_copies_of_a_story_share_a_line_unless_each_is_asked_for(archive, make):
    text = " ".join(f"The harbour of town {n} was closed by order number {n * 7} of the council." for n in range(12))
    archive.add(
        [make("a", text, published=date(2020, 1, 1)), make("b", f"{text} More follows.", published=date(2020, 1, 2)), make("c", "A harbour.")]
    )
    found = archive.find("harbour", order=Ranking.NEWEST)
    assert (found.articles, found.lines, ids(found)) == (3, 2, ["b", "c"])
    assert (found.findings[0].folded, [copy.id for copy in found.findings[0].copies]) == (1, ["a"])
    assert ids(archive.find("harbour", order=Ranking.NEWEST, folded=False)) == ["b", "a", "c"]


def test_every_passage_that_itself_says_it_is_a_line(seeds):
    expected = {(entry.article.id, span) for entry in entries_of(seeds) for span in entry.spans if "polic" in stems(span.of(entry.article.text))}
    found = seeds.find("police", passages=True, limit=1_000)
    assert {(finding.article.id, finding.passage) for finding in found.findings} == expected
    assert (found.passages, found.lines, found.near) == (len(expected), len(expected), 0)


def test_the_counts_are_those_of_all_that_was_found(seeds, news):
    tallies = news.find("cholera", limit=1).tallies
    assert [(tally.value, tally.articles) for tally in tallies.sources] == [("Daily", 2), ("Wire", 1)]
    assert [(tally.value, tally.articles) for tally in tallies.years] == [("2021", 1), ("2020", 2)]
    assert [(tally.value, tally.articles) for tally in tallies.months] == [("2021-04", 1), ("2020-03", 2)]
    assert (tallies.undated, news.find("harbours").tallies.undated) == (0, 1)
    found = seeds.find("who", limit=1_000, folded=False)
    articles = [finding.article for finding in found.findings if not finding.by_meaning]
    assert {tally.value: tally.articles for tally in found.tallies.sources} == Counter(one.source for one in articles)
    assert {tally.value: tally.articles for tally in found.tallies.years} == Counter(str(one.published.year) for one in articles)


def test_a_keyword_leaves_as_many_articles_as_it_counts(seeds):
    found = seeds.find("who")
    assert found.tallies.keywords
    for tally in found.tallies.keywords:
        assert seeds.find("who", having=[tally.value]).articles == tally.articles >= 2


def test_words_to_have_narrow_all_that_the_archive_answers(seeds):
    wanted = by_brute_force(seeds, "police border")
    assert 0 < len(wanted) < 12
    having = ["police border"]
    assert {entry.id for entry in seeds.shelf(having=having).entries} == wanted
    assert seeds.counted(having=having).articles == len(wanted)
    assert {hit.passage.article.id for hit in seeds.search("people", 50, having=having)} == wanted
    answer = seeds.ask("How many people died?", having=having)
    assert answer.searched.articles == len(wanted)
    assert {quote.article.id for quote in (*answer.quotes, *answer.near_misses)} <= wanted
    assert render.answer_json(answer)["searched"]["filters"] == {"having": ("police border",)}


@pytest.mark.parametrize("having", [["zebra"], ["police", "zebra"], ["the"]])
def test_words_that_no_article_has_leave_nothing(seeds, having):
    assert seeds.ask("How many people died?", having=having).outcome == "outside_filters"
    assert seeds.find("police", having=having).match is Match.OUTSIDE_FILTERS
    assert seeds.shelf(having=having).total == seeds.counted(having=having).articles == 0
    assert seeds.search("police", having=having) == []


def test_an_empty_archive_says_so(archive):
    assert archive.find("police").match is Match.EMPTY_ARCHIVE
    assert archive.find("police", having=["police"]).match is Match.EMPTY_ARCHIVE


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"query": " "}, "empty"),
        ({"query": "a", "order": "best"}, "order"),
        ({"query": "a", "offset": -1}, "offset"),
        ({"query": "a", "limit": 0}, "limit"),
        ({"query": "a", "having": "words"}, "having"),
        ({"query": "a", "having": [" "]}, "having"),
        ({"query": "a", "having": ["x"] * 21}, "having"),
    ],
)
def test_what_cannot_be_looked_for_is_named(news, wrong, named):
    with pytest.raises(InputError, match=named):
        news.find(**wrong)


def test_an_article_that_is_damaged_is_left_out_and_named(news, tmp_path):
    news.find("cholera")
    with LocalStore(tmp_path / "index", Settings())._annotating() as truth:
        truth._db.execute("UPDATE articles SET text = replace(text, 'Cholera', 'Measles') WHERE id = 'a'")
    found = news.find("cholera", folded=False)
    assert "a" not in ids(found)
    assert found.searched.damaged == ("a",)


def test_a_table_has_a_line_for_each_and_no_cell_is_a_formula(archive, make):
    archive.add(
        [make("a", '=HYPERLINK("http://example.org") harbour, said the minister.', title="+1 harbour", source="@daily"), make("b", "A harbour.")]
    )
    found = archive.find("harbour")
    rows = list(csv.DictReader(io.StringIO(render.found_csv(found.findings))))
    assert [row["id"] for row in rows] == ids(found)
    row = next(row for row in rows if row["id"] == "a")
    assert (row["title"], row["source"]) == ("'+1 harbour", "'@daily")
    assert row["snippet"].startswith("'=HYPERLINK")
    assert Span(int(row["start"]), int(row["end"])).of(archive.article("a").text) == row["snippet"].removeprefix("'")


def test_words_that_were_quoted_over_each_other_are_marked_once_and_shown_once(archive, make):
    archive.add([make("a", "The lift was out of order today.")])
    for query in ('"out of" "of order"', '"out of order" "out of order"', '"lift was out" "out of order" order'):
        found = archive.find(query)
        assert "\n    The lift was out of order today.\n" in render.found_text(found)
        assert [word.of(found.findings[0].article.text) for word in found.findings[0].words][-1].endswith("out of order")
        assert len(found.findings[0].words) == 1


def test_quoted_words_are_found_whatever_is_unseen_inside_them(archive, make):
    archive.add([make("a", "The har\u00ad\nbour was closed by the coun\u00adcil\u200b."), make("b", "The harbour was closed by a council.")])
    found = archive.find('"closed by the council"')
    assert ids(found)[: found.lines] == ["a"]
    assert ids(archive.find('"the harbour"', order=Ranking.OLDEST, folded=False)) == ["a", "b"]


def test_what_only_a_title_has_of_the_commonest_words_is_not_said_by_its_passages(archive, make):
    archive.add([make("a", "A harbour was here.", title="The It"), make("b", "This is the it of the harbour.")])
    assert ids(archive.find('"the it" harbour', passages=True)) == ["b"]
    assert archive.find('"the it" harbour').articles == 2
