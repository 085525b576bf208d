"""A copy holds all that the source does, as it is there, and a further one brings it up to date or is refused."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rag import Archive, Settings, read_articles
from rag.copying import Counts, Step, compare, copy, copying, reading
from rag.corpus import read_documents
from rag.errors import ArchiveLocked, ArchiveMismatch, InputError, ReadOnly
from rag.store import LocalStore, flaws
from rag.types import Document
from tests.conftest import ROOT
from tests.copying.conftest import arrive
from tests.fakes import HashingEncoder
from tests.store.contract import delivery, entry, matching, nearest, note, put, remove
from tests.store.test_read_only import listing


def held(store):
    """All that the protocol gives of a store but what is its own."""
    inventory = store.inventory()
    return (
        [
            (found.article, found.article.facts, found.article.original, [*found.spans], found.vectors.tobytes(), found.arrived)
            for found in entries(store)
        ],
        [(edition, edition.article.facts, edition.article.original) for edition in store.editions(None)],
        [store.original(id) for id in sorted(inventory.articles)],
        [store.original_bytes(one.article.original.sha256) for one in store.editions(None) if one.article.original],
        (store.notes(None), store.feedback(), inventory.writing),
        {origin: store.kept(origin) for origin in inventory.documents},
        (store.origins(), inventory.model, inventory.passages),
    )


def entries(store):
    """In the order in which they came, which decides between equals that a search finds."""
    return [store.entry(id) for id in store.inventory().articles]


def test_a_copy_holds_all_that_the_source_does(source, destination):
    report = copy(source, destination)
    assert report.is_whole
    assert (report.articles, report.passages, report.editions, report.notes, report.feedback, report.documents, report.rounds) == (
        Counts(added=12), 20, 3, 3, 2, 2, 1,
    )  # fmt: skip
    assert held(destination) == held(source)
    assert compare(source, destination) == ()
    assert flaws(destination._folder, int) == []
    for query in ("bridge number 3", "ferry 49", "row of a table"):
        assert matching(destination, query) == matching(source, query)
        assert nearest(destination, query) == nearest(source, query)
    made = source.article("a5")
    assert destination.add_note(note(made, "new")).number == source.add_note(note(made, "new")).number


def test_a_copy_of_a_copy_is_one_too(source, destination, opened):
    copy(source, destination)
    assert copy(destination, opened("third")).is_whole
    assert held(opened("third")) == held(source)


def test_what_is_copied_already_is_not_written_again(source, destination):
    copy(source, destination)
    before = destination.inventory(), (destination._folder / "archive.sqlite").stat().st_mtime_ns
    report = copy(source, destination)
    assert (report.articles, report.passages) == (Counts(unchanged=12), 0)
    assert (destination.inventory(), (destination._folder / "archive.sqlite").stat().st_mtime_ns) == before


def test_progress_tells_of_what_is_copied_and_then_of_what_is_compared(source, destination):
    steps = []
    copy(source, destination, steps.append)
    assert steps[:2] == [Step(0, 12), Step(12, 12, 20)]
    assert steps[2:] == [Step(n, 12, compares=True) for n in range(1, 13)]


def changes(source, make):
    return {
        "a title": lambda: put(source, replace(source.article("a5"), title="Corrected")),
        "another text": lambda: put(source, make("a5", "The pier burnt.")),
        "a text that comes back": lambda: put(source, make("a1", "The tunnel closed.")),
        "an earlier moment": lambda: came_anew(source, make),
        "an article gone with its texts": lambda: remove(source, "a1"),
        "the last text gone": lambda: remove(source, "a1", "a2"),
        "an article back": lambda: (remove(source, "a1"), put(source, make("a1", "The tunnel closed."))),
        "a note gone, one new": lambda: (source.remove_note(2, "Ada"), source.add_note(note(source.article("a3"), "new"))),
        "a number given and gone": lambda: source.remove_note(source.add_note(note(source.article("a3"), "new")).number),
        "a verdict": lambda: another_verdict(source),
        "another place": lambda: relocated(source),
        "nothing": lambda: None,
    }


def another_verdict(store):
    store.add_feedback(replace(store.feedback()[0], number=0))


def came_anew(source, make):
    for day, text in enumerate(("The pier burnt.", source.article("a5").text), 1):
        with source.writing() as writer:
            arrive(writer, make("a5", text), datetime(2020, 1, day, tzinfo=UTC))


def relocated(source):
    with source.writing() as writer:
        writer.relocate("a5", "/elsewhere/a5.txt")


@pytest.mark.parametrize("change", changes(None, None))
def test_a_copy_whose_source_changed_becomes_what_that_is_now(source, destination, make, change):
    copy(source, destination)
    changes(source, make)[change]()
    assert copy(source, destination).is_whole
    assert held(destination)[1:] == held(source)[1:]
    assert sorted(map(repr, held(destination)[0])) == sorted(map(repr, held(source)[0]))
    assert flaws(destination._folder, int) == []


def test_all_changes_together_are_taken_over(source, destination, make):
    copy(source, destination)
    for change in changes(source, make).values():
        change()
    report = copy(source, destination)
    assert report.is_whole
    assert report.articles == Counts(replaced=2, unchanged=9, removed=1)


@pytest.mark.parametrize(
    ("write", "named"),
    [
        (lambda store, make: put(store, make("own", "My own article.")), "article own; copy to a new place, or remove that"),
        (lambda store, make: put(store, make("a5", "The pier burnt.")), "article a5, an earlier text of article a5"),
        (lambda store, make: store.add_note(note(make("a5", "x y z"), "my own")), "note 6"),
        (lambda store, _: another_verdict(store), "verdict 3"),
        (
            lambda store, make: put(store, *(make(f"own{n}", "My own article.") for n in range(5))),
            "article own0, article own1, article own2 and 2 more",
        ),
    ],
)
def test_what_people_wrote_in_the_destination_is_never_taken_away(source, destination, make, write, named):
    copy(source, destination)
    write(destination, make)
    before = held(destination)
    with pytest.raises(InputError, match=named):
        copy(source, destination)
    put(source, make("a7", "The pier burnt."))
    with pytest.raises(InputError, match="holds what the source has not, or has otherwise"):
        copy(source, destination)
    assert held(destination) == before


@pytest.mark.parametrize(
    ("write", "named"),
    [
        (lambda store, source: store.add_note(note(source.article("a5"), "my own")), "note 1"),
        (lambda store, source: store.add_feedback(replace(source.feedback()[0], number=0)), "verdict 1"),
    ],
)
def test_what_people_write_in_the_destination_while_something_is_copied_there_is_kept(source, anywhere, monkeypatch, write, named):
    monkeypatch.setattr(reading, "_TOGETHER", 8)
    written = []

    def meanwhile(step):
        if step.done and not written:
            written.append(write(anywhere, source))

    with pytest.raises(ArchiveMismatch, match="was written to, by somebody who wrote a note or a verdict, .*; copy again"):
        copy(source, anywhere, meanwhile)
    with pytest.raises(InputError, match=named):
        copy(source, anywhere)
    assert [*anywhere.notes(None), *anywhere.feedback()] == written
    # what was copied before is not sent again
    if anywhere.remove_note(1):
        assert copy(source, anywhere).articles == Counts(added=8, unchanged=4)
        assert held(anywhere) == held(source)


def test_a_copy_of_many_steps_is_whole_and_so_is_one_that_brings_it_up_to_date(source, anywhere, make, monkeypatch):
    for module in (copying, reading):
        monkeypatch.setattr(module, "_TOGETHER", 1)
    steps = []
    assert copy(source, anywhere, lambda step: steps.append(step.compares)).is_whole
    assert steps.count(False) == 13
    assert held(anywhere) == held(source)
    for change in changes(source, make).values():
        change()
    remove(source, "a3", "a4")
    assert copy(source, anywhere).is_whole
    assert held(anywhere)[1:] == held(source)[1:]
    assert sorted(map(repr, held(anywhere)[0])) == sorted(map(repr, held(source)[0]))


def test_an_archive_of_other_articles_is_refused_and_left_as_it_is(source, destination, make):
    put(destination, make("other", "Another article."))
    destination.close()
    before = listing(destination._folder)
    with closing(LocalStore(destination._folder, Settings())) as refusing, pytest.raises(InputError, match="article other"):
        copy(source, refusing)
    assert listing(destination._folder) == before


def test_a_copy_of_another_archive_is_no_copy_of_this_one(source, destination, opened, make):
    other = opened("other")
    put(other, make("a5", "The pier burnt."))
    copy(other, destination)
    with pytest.raises(InputError, match="article a5"):
        copy(source, destination)


def test_a_part_of_the_source_is_completed_whoever_put_it_there(source, destination):
    with destination.writing() as writer:
        for id in ("a9", "a8"):
            writer.take_over(replace(delivery(), passages="900+200 characters", entries=[source.entry(id)]))
    report = copy(source, destination)
    assert report.is_whole
    assert report.articles == Counts(added=10, unchanged=2)


def test_what_was_removed_from_the_destination_comes_again(source, destination):
    copy(source, destination)
    remove(destination, "a1", "a5")
    report = copy(source, destination)
    assert report.is_whole
    assert report.articles == Counts(added=2, unchanged=10)


def test_a_source_that_is_only_read_is_left_without_a_trace(source, opened, destination):
    source.close()
    before = listing(source._folder)
    only_read = opened("source", read_only=True)
    assert copy(only_read, destination).is_whole
    assert held(destination) == held(only_read)
    only_read.close()
    assert listing(source._folder) == before


def test_nothing_is_copied_to_what_is_only_read(source, opened):
    with pytest.raises(ReadOnly, match="opened to be read only"):
        copy(source, opened("destination", read_only=True))


def test_nothing_is_copied_to_what_somebody_writes_to(source, destination, opened):
    with opened("destination").writing(), pytest.raises(ArchiveLocked):
        copy(source, destination)


def test_a_source_that_holds_nothing_is_refused_and_no_folder_is_made(opened, destination):
    with pytest.raises(InputError, match="there is nothing to copy; check the name"):
        copy(opened("none"), destination)
    assert not destination._folder.exists()


def test_an_emptied_source_empties_no_copy(source, destination):
    copy(source, destination)
    remove(source, *source.inventory().articles)
    for one in source.notes(None):
        source.remove_note(one.number, one.author)
    # verdicts are left, which nobody can remove
    report = copy(source, destination)
    assert (report.is_whole, report.articles.removed) == (True, 12)


def test_another_model_is_refused_by_name(source, opened):
    other = opened("other")
    with other.writing() as writer:
        writer.put([entry(source.article("a5"))], HashingEncoder("another").identity)
    with pytest.raises(ArchiveMismatch, match=r"the source was built with hashing .* the destination with another .* copy to a new place"):
        copy(source, other)


def test_how_articles_are_cut_is_copied_with_them(opened, tmp_path, make):
    with closing(LocalStore(tmp_path / "cut", Settings(passage_chars=300, overlap_chars=20))) as cut:
        put(cut, make("a", "The bridge opened."))
        assert copy(cut, opened("copy")).is_whole
    assert opened("copy").inventory().passages == "300+20 characters"
    with pytest.raises(ArchiveMismatch, match="passages of"):
        put(opened("copy"), make("b", "A ferry sank."))


def test_a_source_that_is_written_to_meanwhile_is_gone_through_until_both_agree(source, destination, make):
    late = [
        lambda: put(source, make("late", "Late news."), make("a5", "The pier burnt.")),
        lambda: remove(source, "a3"),
        lambda: source.add_note(note(source.article("a7"), "late")),
    ]

    def meanwhile(step):
        if late and not step.compares:
            late.pop(0)()

    report = copy(source, destination, meanwhile)
    assert report.is_whole
    assert report.rounds > 1
    assert held(destination)[1:] == held(source)[1:]


def test_what_was_added_from_files_is_not_read_again_from_a_copy(tmp_path):
    with Archive.open(tmp_path / "index", Settings(), HashingEncoder()) as archive:
        archive.add(read_documents(ROOT / "seeds", known=archive.kept))
        with closing(LocalStore(tmp_path / "two", Settings())) as two:
            assert copy(archive._store, two).is_whole
    with Archive.open(tmp_path / "two", Settings(), HashingEncoder()) as copied:
        assert not [item for item in read_documents(ROOT / "seeds", known=copied.kept) if isinstance(item, Document)]


def test_a_copy_answers_as_its_source_does(tmp_path, seeds, encoder, spans):
    with closing(LocalStore(tmp_path / "copy", Settings())) as store:
        assert copy(seeds._store, store).is_whole
    asked = ["How many overseas police stations are there?", "Who leads the inquiry?", "What happened with the miners?", "Where is Atlantis?"]
    with Archive.open(tmp_path / "copy", Settings(), encoder, spans) as copied:
        for question in asked:
            ours, theirs = seeds.ask(question), copied.ask(question)
            assert (theirs.outcome, theirs.quotes, theirs.near_misses) == (ours.outcome, ours.quotes, ours.near_misses), question
        assert copied.counted() == seeds.counted()
        assert len(list(copied.articles())) == len(list(read_articles(ROOT / "seeds")))
        assert copied.shelf(words="", order="arrived").entries == seeds.shelf(words="", order="arrived").entries
