"""Whatever is not the same in two archives is named, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rag.copying import Flaw, compare, copy
from rag.types import Box, Document, Kept, Kind, Part, Span
from tests.copying.conftest import original
from tests.fakes import HashingEncoder
from tests.store.contract import delivery, entry, note, remove

OTHERS = {
    "title": lambda one: replace(one, article=replace(one.article, title="Another")),
    "author": lambda one: replace(one, article=replace(one.article, author="Ada")),
    "origin": lambda one: replace(one, article=replace(one.article, origin="/elsewhere")),
    "parts": lambda one: replace(one, article=replace(one.article, parts=(Part(Span(0, 3), Kind.CAPTION, "", Box(1, 0, 0, 9, 9)),))),
    "original": lambda one: replace(one, article=replace(one.article, original=original(b"Another file."))),
    "passages": lambda one: replace(one, spans=[Span(0, 19), one.spans[1]]),
    "vectors": lambda one: replace(one, vectors=one.vectors * -1),
    "arrived": lambda one: replace(one, arrived=datetime(2020, 1, 1, tzinfo=UTC)),
}


@pytest.fixture
def same(source, destination):
    copy(source, destination)
    return destination


def take_over(store, **what):
    with store.writing() as writer:
        writer.take_over(replace(delivery(**what), passages="900+200 characters"))


@pytest.mark.parametrize("what", OTHERS)
def test_an_article_that_differs_is_named_with_what_differs(source, same, what):
    take_over(same, entries=[OTHERS[what](source.entry("a5"))])
    # what is known of a document is of its article as it was
    assert [flaw for flaw in compare(source, same) if flaw.kind != "document"] == [Flaw("article", "a5", f"differs: {what}")]


def test_another_text_differs_in_all_that_is_made_of_it(source, same, make):
    take_over(same, entries=[entry(make("b0", "Row 7 of a table."))])
    assert compare(source, same) == (Flaw("article", "b0", "differs: text, sha256, original, vectors"),)


def test_what_only_one_of_them_has_is_named(source, same, make):
    remove(same, "a2", "b0")
    take_over(same, entries=[entry(make("own", "My own article."))])
    same.remove_note(4)
    same.add_note(note(make("own", "My own article."), "mine"))
    assert {(flaw.kind, flaw.name.split(" with ")[0], flaw.reason) for flaw in compare(source, same)} == {
        ("article", "a2", "is missing in the destination"),
        ("article", "b0", "is missing in the destination"),
        ("article", "own", "is in the destination only"),
        ("earlier text", "of article a2", "is missing in the destination, or differs"),
        ("note", "4", "is missing in the destination"),
        ("note", "6", "is in the destination only"),
    }


def test_earlier_texts_in_another_order_are_named(source, same):
    editions = [source.edition(one.id, one.sha256) for one in source.inventory().editions]
    take_over(same, editions_after=0, editions=editions[::-1])
    assert compare(source, same) == (Flaw("earlier texts", "", "are in another order in the destination"),)
    take_over(same, editions_after=0, editions=[replace(editions[0], replaced=datetime(2020, 1, 1, tzinfo=UTC)), *editions[1:]])
    assert {(flaw.kind, flaw.reason) for flaw in compare(source, same)} == {
        ("earlier text", "is missing in the destination, or differs"),
        ("earlier text", "is in the destination only, or differs"),
    }


def test_numbers_that_might_be_given_twice_are_named(source, same):
    source.remove_note(source.add_note(note(source.article("a5"), "removed")).number)
    assert compare(source, same) == (Flaw("notes", "", "may get numbers in the destination that others had in the source, up to 6"),)


def test_a_document_of_which_only_the_source_knows_is_named(source, same):
    with source.writing() as writer:
        writer.keep([Kept(Document("/news/b.csv", "7" * 64, 3), ("b0", "b1"), ())])
    (flaw,) = compare(source, same)
    assert (flaw.kind, flaw.name) == ("document", "/news/b.csv")
    remove(same, "b0")
    assert [flaw.kind for flaw in compare(source, same)] == ["article"]


def test_another_model_is_named(source, opened, make):
    other = opened("other")
    with other.writing() as writer:
        writer.put([entry(make("own", "My own article."))], HashingEncoder("another").identity)
    assert compare(source, other)[0] == Flaw("the destination", "", "has vectors of another model, or articles that were cut otherwise")
