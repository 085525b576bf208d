"""How well near-copies are told, and by what: signatures, bands, and the decision over two articles' own words."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.copies import Writer, made, stories, told
from rag.copies import SIGNATURE_BYTES, CopyMemory, Signatures, likeness, own_wording, signature
from rag.types import Kind, Part, Span
from rag.values import near_copies

WRITER = Writer(11)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    articles = made(800, 210, seed=2)
    return told(articles, stories(articles, tmp_path_factory.mktemp("copies")))


def test_what_is_told_to_be_of_one_story_is(result):
    assert result.pairs > 150
    assert result.precision >= 0.99, result.wrong


@pytest.mark.parametrize(
    ("how", "least"),
    [
        ("5% of words changed", 0.99),
        ("a quarter cut off", 0.99),
        ("5% changed and a quarter cut off", 0.99),
        ("printed by another site", 0.99),
        ("10% of words changed", 0.93),
        ("half cut off", 0.9),
        # by our own decision no copy: a third of its runs of four words is left
        ("25% of words changed", 0),
    ],
)
def test_copies_are_found(result, how, least):
    assert result.recall(how) >= least


def test_a_signature_is_the_same_on_every_machine_and_in_every_run():
    own = signature("the bridge over the river opened on a rainy day in march".split())
    assert len(own) == SIGNATURE_BYTES
    assert hashlib.sha256(own).hexdigest() == "3675cf3895be85680bd65eb3be16e334ca3ecb4c6b9db2e2591fe31ec002759d"


@pytest.mark.parametrize("words", [[], ["one"], ["one", "two"]])
def test_a_text_of_hardly_any_words_has_a_signature_of_its_own(words):
    assert len(signature(words)) == SIGNATURE_BYTES
    assert signature(words) not in {signature(["one", "two", "three"]), signature(["another"])}


def test_what_is_added_is_found_as_what_was_there_from_the_start():
    all_ = [signature(WRITER.prose(60).split()) for _ in range(60)]
    # of each text some are kept apart and some sorted in among the others
    grown = Signatures(enumerate(all_[:20]))
    for number in range(20, 60):
        grown.add(number, all_[number])
    whole = Signatures(enumerate(all_))
    for number, own in enumerate(all_):
        assert grown.near(own)[0] == number
        assert grown.near(own) == whole.near(own)


def test_what_was_added_stays_found_when_it_is_sorted_in(monkeypatch):
    monkeypatch.setattr("rag.copies.signatures._MOST_APART", 7)
    all_ = [signature(WRITER.prose(60).split()) for _ in range(30)]
    grown = Signatures([])
    for number, own in enumerate(all_):
        grown.add(number + 100, own)
    assert [grown.near(own)[0] for own in all_] == list(range(100, 130))


def test_what_is_forgotten_is_not_found_and_the_others_are_as_if_it_had_never_been_there(monkeypatch):
    monkeypatch.setattr("rag.copies.signatures._KEYS_MOVED", 100)
    all_ = [signature(WRITER.prose(60).split()) for _ in range(10)] * 4
    grown = Signatures(enumerate(all_[:20]))
    for number in range(20, 30):
        grown.add(number, all_[number])
    grown.extend((number, all_[number]) for number in range(30, 40))
    assert grown.numbers.tolist() == list(range(40))
    assert grown.near(all_[3]) == [3, 13, 23, 33]
    left = [number for number in range(40) if number % 3]
    grown.keep(np.array([*left, 1_000]))
    assert grown.numbers.tolist() == left
    whole = Signatures((number, all_[number]) for number in left)
    assert [grown.near(own) for own in all_] == [whole.near(own) for own in all_]
    assert grown.near(all_[3]) == [13, 23]


def test_of_many_copies_the_earliest_are_candidates():
    own = signature(WRITER.prose(60).split())
    assert Signatures((number, own) for number in range(300)).near(own) == list(range(100))


def test_a_form_that_is_filled_in_with_other_numbers_is_no_copy():
    forms = [WRITER.form(number) for number in (0, 385, 770)]
    assert forms[0].split()[0] == forms[1].split()[0]
    assert not any(near_copies(a, b) for a in forms for b in forms if a != b)


@pytest.mark.parametrize(("others", "expected"), [(0, True), (5, True), (6, False), (10, False)])
def test_half_of_the_numbers_have_to_stand_in_both(others, expected):
    prose = WRITER.changed(WRITER.prose(400), 0).replace(",", "")
    words = "".join(character for character in prose if not character.isdigit()).split()
    a, b = (" ".join([*words, *(f"{word} {number}" for word, number in zip(words, numbers, strict=False))]) for numbers in (
        range(1000, 1010), [*range(1000, 1010 - others), *range(2000, 2000 + others)],
    ))  # fmt: skip
    assert near_copies(a, b) is near_copies(b, a) is expected


def test_a_digest_and_a_stub_are_no_copies_of_what_they_share_words_with(make):
    stories, agency = [WRITER.prose(150) for _ in range(3)], WRITER.prose(60)
    whole = f"{WRITER.prose(120)} {agency}"
    for longer, shorter in ((" ".join(stories), stories[1]), (whole, f"{WRITER.prose(15)} {agency}")):
        assert near_copies(longer, shorter)
        assert likeness(own_wording(make("a", longer)), own_wording(make("b", shorter))) == 0


def test_what_a_site_puts_on_its_pages_makes_no_copies(make):
    site = WRITER.prose(200)
    pages = []
    for id in "ab":
        text = f"{WRITER.prose(60)}\n\n{site}"
        end = text.index("\n\n")
        parts = (Part(Span(0, end), Kind.BODY), Part(Span(end, len(text)), Kind.PAGE_FURNITURE))
        pages.append(replace(make(id, text), parts=parts))
    assert near_copies(pages[0].text, pages[1].text)
    assert likeness(*map(own_wording, pages)) == 0
    alone = [replace(page, parts=(Part(Span(0, len(page.text)), Kind.PAGE_FURNITURE),)) for page in pages]
    assert likeness(*map(own_wording, alone)) > 0.5


def test_the_memory_says_what_comparing_says_also_the_second_time(make):
    story = WRITER.prose(100)
    first = make("a", story)
    others = [make("b", WRITER.changed(story, 0.05)), make("c", WRITER.prose(100)), make("d", story)]
    memory = CopyMemory()
    for _ in range(2):
        assert [one.id for one in memory.copies(first, others)] == ["b", "d"]
