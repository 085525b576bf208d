"""Copies as they are shown: with a quote, an answer, a difference, an opened article, a list and a report."""

from datetime import date

import pytest

from rag import Archive, Article, Quote, Settings, Span, article, render
from rag.cli import main
from rag.render.words import copies_text, origins_text
from rag.types import MOST_COPIES
from rag.verification import verify
from rag.web.actions import perform
from rag.web.desk import Desk
from rag.web.visit import Visit
from tests.render.answers import answered, folded, pandoc
from tests.test_copies import OTHER, STORY

QUESTION = "How many whales were stranded on the beach?"
ARTICLES = [
    article("a", "Whales ashore", STORY, source="The Daily", published=date(2020, 9, 22)),
    article("b", "Whales <b>*here*</b>", STORY.replace("270", "290"), source="The Post", published=date(2020, 9, 23)),
    article("c", "Stranded", f"{OTHER} In all 310 whales were stranded on the beach, vets say.", source="The Gazette"),
    article("d", "From the wire", STORY, source="Wire", published=date(2020, 9, 21)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, encoder, spans):
    """A story, its copies, one of which says another number, and what another source says."""
    made = tmp_path_factory.mktemp("whales") / "index"
    with Archive.open(made, Settings(), encoder, spans) as opened:
        opened.add(ARTICLES)
    return made


@pytest.fixture(scope="module")
def whales(folder, encoder, spans):
    with Archive.open(folder, Settings(), encoder, spans) as opened:
        yield opened


def copies(quote):
    return [copy.id for copy in quote.copies]


def quoted(id, copies):
    """All of an article, whose copies have these ids."""
    named = tuple(article(copy, "Title", "Text.") for copy in copies)
    return Quote(article(id, "Title", "Text."), Span(0, 5), 1, 1, Span(0, 5), copies=named)


def test_a_quote_names_the_copies_of_its_article_in_the_order_of_their_days(whales):
    answer = whales.ask(QUESTION)
    found = {quote.article.id: copies(quote) for quote in (*answer.quotes, *answer.near_misses)}
    assert found.items() >= {"a": ["d", "b"], "b": ["d", "a"], "c": []}.items()
    assert answer.quotes[0].copies == () or isinstance(answer.quotes[0].copies[0], Article)
    assert verify(render.answer_json(answer), whales.article).failure is None


def test_no_copy_is_named_that_the_filters_leave_out(whales):
    answer = whales.ask(QUESTION, after=date(2020, 9, 22), sources=["The Daily", "The Post", "Wire"])
    assert {quote.article.id: copies(quote) for quote in answer.quotes} == {"a": ["b"], "b": ["a"]}
    assert "1 origin" in render.answer_text(answer)
    assert "Wire" not in render.answer_text(answer).partition("Searched")[0]
    assert {id for quote in whales.ask(QUESTION, sources=["The Post"]).quotes for id in copies(quote)} == set()


def test_copies_do_not_look_as_if_they_confirmed_each_other(whales):
    answer = whales.ask(QUESTION)
    (difference,) = answer.differences
    assert {value.value for value in difference.values} == {"270", "290"}
    text = render.answer_text(answer)
    assert "each with its day of publication (2 articles, 1 origin):" in text
    assert "The quotes are of 3 articles, 2 origins: copies of one story do not confirm each other." in text
    assert "also in 2 copies of this story: From the wire (Wire, 2020-09-21); Whales ashore (The Daily, 2020-09-22)" in text
    assert perform({"do": "ask", "more": QUESTION}, Desk(), Visit(whales, can_write=True)).said == "3 quotes from 3 articles, 2 origins."
    for written in (render.markdown([answer]), render.html_document([answer])):
        assert "(2 articles, 1 origin)" in written
        assert "3 articles, 2 origins" in written


def test_the_names_of_copies_are_literal_text_in_every_form(whales):
    answer = whales.ask(QUESTION)
    shown = "Whales <b>*here*</b> (The Post, 2020-09-23)"
    assert shown in render.answer_text(answer)
    assert shown in folded(pandoc(render.markdown([answer]), "markdown", "plain", "--wrap=none"))
    assert shown in folded(pandoc(render.html_document([answer]), "html", "plain", "--wrap=none"))


def test_json_lists_copies_without_their_texts(whales):
    answer = render.answer_json(whales.ask(QUESTION))
    (quote,) = (one for one in answer["quotes"] if one["article"]["id"] == "a")
    assert quote["copies"][0] == render.article_json(whales.article("d"))
    assert (quote["copies"][0]["title"], "text" in quote["copies"][0]) == ("From the wire", False)


def test_an_opened_article_shows_its_copies_and_status_and_list_count_origins(whales):
    overview = whales.overview("d")
    assert [copy.id for copy in overview.copies] == ["a", "b"]
    assert [one.article.id for one in overview.related] == ["c"]
    assert "also in 2 copies of this story: Whales ashore (" in render.overview_text(overview)
    assert [copy["id"] for copy in render.overview_json(overview)["copies"]] == ["a", "b"]
    assert whales.overview("c").copies == ()
    assert (whales.status().articles, whales.status().origins) == (4, 2)
    assert "4 articles, 2 origins" in render.status_text(whales.status())
    assert whales.shelf(words="whales").origins == 1


def test_the_commands_count_origins_and_copies(tmp_path, capsys, archive):
    archive.add(ARTICLES[:1])
    (tmp_path / "copy.txt").write_text(f"title: Again\n\n{STORY}")
    given = ["--index", str(archive._store._folder)]
    assert main(["list", "--json", *given]) == 0
    assert '"origins": 1' in capsys.readouterr().out
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.archive.sentence_encoder", lambda *_: archive._encoder)
        assert main(["add", str(tmp_path / "copy.txt"), *given]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 added, 0 unchanged, 0 replaced, 0 removed, 0 refused; 1 copy of what is there"
    assert main(["status", *given]) == 0
    assert "Copies: 2 articles, 1 origin" in capsys.readouterr().out


def test_the_report_says_what_copies_what(archive, make):
    report = archive.add([make("a", STORY), make("b", OTHER), make("c", STORY)])
    assert [(copy.id, copy.of) for copy in report.copies] == [("c", "a")]
    assert archive.add([make("a", STORY), make("b", STORY)]).copies[0].id == "b"
    assert archive.add([make("a", STORY)]).copies == ()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, ()),
        (1, ("also in 1 copy of this story", "t0 (undated)")),
        (5, ("also in 5 copies of this story", "t0 (undated)", "t1 (undated)", "t2 (undated)", "and 2 more")),
        (MOST_COPIES, ("also in at least 20 copies of this story", "t0 (undated)", "t1 (undated)", "t2 (undated)", "and 17 more")),
    ],
)
def test_few_copies_are_named_and_all_counted(number, said):
    assert copies_text([article(f"i{n}", f"t{n}", "Text.") for n in range(number)]) == said


def test_quotes_are_of_one_origin_where_they_have_a_copy_in_common():
    quotes = [quoted(id, copies) for id, copies in (("a", "bx"), ("b", "a"), ("c", "x"), ("d", ""))]
    assert origins_text(quotes) == "4 articles, 2 origins"
    assert origins_text(quotes[2:]) == origins_text([]) == ""
    assert "origin" not in render.answer_text(answered(quotes[3]))
