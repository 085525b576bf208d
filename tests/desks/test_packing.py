"""A turn that is kept comes back as the very same one, with windows onto the very same texts."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings

from rag.desks import Desks, Turn, Understood, seen_again
from rag.desks.packing import article_of, key_of, packed, told, unpacked
from rag.errors import ArchiveDamaged
from tests.desks.turns import TURNS, turn


def reopened(one):
    body, articles = packed(one)
    rows = {key: (told(article), article.text) for key, article in articles.items()}
    return unpacked(body, lambda key: article_of(key, *rows[key]))


def all_of(one):
    """What is compared, and what dataclasses leave out of a comparison."""
    return asdict(one)


@settings(max_examples=150)
@given(TURNS)
def test_every_turn_comes_back_as_it_was(one):
    assert reopened(one) == one
    assert all_of(reopened(one)) == all_of(one)


@pytest.mark.parametrize(
    "question", ["How many overseas police stations does China operate?", "Who won the 2022 World Cup?", "When did the mine collapse?"]
)
def test_a_real_answer_comes_back_as_it_was_after_a_restart(seeds, tmp_path, question):
    one = Turn(Understood(question, question, (), None), seeds.ask(question))
    desks = Desks.open(tmp_path)
    filed = desks.keep("", 0, one)
    desks.close()
    desks = Desks.open(tmp_path)
    assert desks.turns("", filed.conversation) == [replace(one, number=filed.turn)]
    desks.close()


def test_an_article_that_many_quotes_show_is_referred_to_once():
    one = turn("Which?", "The bridge opened in 1932.")
    twice = replace(one, answer=replace(one.answer, near_misses=one.answer.quotes))
    assert len(packed(twice)[1]) == 1
    again = reopened(twice).answer
    assert again.quotes[0].article is not None
    assert again.near_misses[0].article == again.quotes[0].article


def test_other_facts_of_the_same_text_are_another_article():
    one = turn("Which?", "The bridge opened in 1932.").answer.quotes[0].article
    assert key_of(one) != key_of(replace(one, title="Another title"))


def test_what_is_not_what_was_kept_is_no_article():
    one = turn("Which?", "The bridge opened in 1932.").answer.quotes[0].article
    with pytest.raises(ArchiveDamaged):
        article_of(key_of(one), told(one), one.text + " ")
    with pytest.raises(ArchiveDamaged):
        article_of(key_of(one), told(replace(one, title="Another")), one.text)


def test_a_reopened_turn_says_which_articles_have_changed_since(archive, make):
    texts = {"a": "The bridge opened in 1932.", "b": "The bridge opened in 1933.", "c": "The bridge opened in 1934."}
    archive.add(make(id, text) for id, text in texts.items())
    one = Turn(Understood("q", "q", (), None), archive.ask("When was the bridge opened?"))
    shown = {quote.article.id for quote in (*one.answer.quotes, *one.answer.near_misses)}
    assert shown == {"a", "b", "c"}

    def now(id):
        found = archive.article(id)
        return found.sha256 if found else None

    assert seen_again([one], now) == (one,)
    archive.add([make("b", "The bridge opened in 1935.")])
    archive.remove(["c"])
    (again,) = seen_again([one], now)
    assert (again.replaced, again.removed) == ({"b"}, {"c"})
    assert again.answer == one.answer
    archive.add([make("b", texts["b"]), make("c", texts["c"])])
    assert seen_again([again], now) == (one,)
