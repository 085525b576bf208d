"""Notes, feedback, earlier texts, originals and what documents had, in the database of a shared archive: SQLite's and PostgreSQL's."""

import hashlib
import re
import threading
import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, select, text, update

from rag.errors import ArchiveDamaged, InputError
from rag.feedback import Feedback, Shown, Verdict
from rag.notes import Note
from rag.store.article_rows import document_of
from rag.store.packed import referred
from rag.store.shared.address import Address
from rag.store.shared.database import Database
from rag.store.shared.dialects import has
from rag.store.shared.documents import Documents
from rag.store.shared.editions import Editions
from rag.store.shared.facts import WAY_OUT, Facts
from rag.store.shared.feedback import FeedbackLog
from rag.store.shared.notes import Notes
from rag.store.shared.originals import Originals
from rag.store.shared.tables import key_of
from rag.store.shared.text import AnyText
from rag.types import Box, Document, Edition, Filters, Kept, Kind, Original, Outcome, Part, Refusal, Span, Validators

MADE = datetime(2026, 11, 22, 2, 30, 1, tzinfo=UTC)
NOTE = Note(0, "a", "0" * 64, Span(0, 3), "The", "mine", MADE)
SHOWN = Shown("a", "0" * 64, Span(0, 3), "The")
FILTERS = Filters(date(2000, 1, 1), None, ("S",), guessed=True, having=("bridge",))
GIVEN = Feedback("When?\0", FILTERS, Outcome.ANSWERED, (SHOWN,), (), Verdict.RIGHT, 0, "yes\u2028\0", MADE, generation=3)
STRANGE = "\0a\x01\x010000\x00\ud800\udfff\U0001f309é"


class People:
    """What is tested, over one database."""

    def __init__(self, url, collection):
        self.database = Database(Address.parse(f"milvus+http://127.0.0.1:1/{collection}?text={url}"))
        self.tables = self.database.tables
        self.facts = Facts(self.tables, self.database.shown)
        self.notes = Notes(self.tables, self.facts)
        self.feedback = FeedbackLog(self.tables, self.facts)
        self.originals = Originals(self.tables, self.facts)
        self.editions = Editions(self.tables, self.facts, self.originals)
        self.documents = Documents(self.tables)

    def read(self, what, *given):
        with self.database.reading() as connection:
            return what(connection, *given)

    def write(self, what, *given):
        with self.database.writing() as connection:
            return what(connection, *given)

    def change(self, statement):
        with self.database.writing() as connection:
            connection.execute(statement)

    def close(self):
        self.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return f"sqlite:///{tmp_path}/text.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")


@pytest.fixture
def people(url):
    with closing(People(url, f"t{uuid.uuid4().hex[:20]}")) as opened:
        yield opened


def at_once(count, work):
    """Does the same so many times at one time, each in a thread of its own; gives the errors."""
    ready, wrong = threading.Barrier(count), []

    def begin(number):
        try:
            ready.wait()
            work(number)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is shown
            wrong.append(error)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_before_anybody_wrote_there_is_nothing(people):
    assert people.read(people.notes.of, None) == people.read(people.notes.of, "a") == people.read(people.feedback.all) == []
    assert people.read(people.editions.of, None) == []
    assert people.read(people.editions.counts, ["a"]) == {"a": 0}
    assert people.read(people.originals.packed, "0" * 64) is people.read(people.documents.kept, "/x") is None
    assert people.read(people.originals.size) == 0


def test_notes_are_kept_by_article_in_the_order_in_which_they_were_made(people):
    one, two, other = (people.write(people.notes.add, note) for note in (NOTE, replace(NOTE, author="Ada"), replace(NOTE, article="b")))
    assert [note.number for note in (one, two, other)] == [1, 2, 3]
    assert people.read(people.notes.of, "a") == [one, two] == [replace(NOTE, number=1), replace(NOTE, number=2, author="Ada")]
    assert people.read(people.notes.of, None) == [one, two, other]
    assert people.read(people.notes.of, "c") == []


def test_no_number_is_given_twice_also_beyond_one_that_a_copy_brought(people):
    last = people.write(people.notes.add, NOTE)
    assert people.write(people.notes.remove, last.number, None)
    assert people.write(people.notes.add, NOTE).number == last.number + 1
    assert people.write(people.notes.add, replace(NOTE, number=40)).number == 40
    assert people.write(people.notes.add, replace(NOTE, number=7)).number == 7
    assert people.write(people.notes.add, NOTE).number == 41
    assert [note.number for note in people.read(people.notes.of, None)] == [2, 7, 40, 41]
    assert [people.write(people.feedback.add, one).number for one in (GIVEN, replace(GIVEN, number=9), GIVEN)] == [1, 9, 10]


def test_an_answer_stands_under_its_note_which_only_its_author_removes(people):
    root = people.write(people.notes.add, replace(NOTE, author="Ada"))
    answer = people.write(people.notes.answer, root.number, "The old one.", "Bo", MADE)
    assert answer == replace(root, number=2, text="The old one.", author="Bo", answers=root.number)
    again = people.write(people.notes.answer, answer.number, "Thanks.", None, MADE)
    assert (again.answers, again.author) == (root.number, None)
    assert people.write(people.notes.answer, 9, "To nobody.", None, MADE) is None
    for author in (None, "Bo"):
        with pytest.raises(InputError, match=f"note {root.number} was written by Ada, who alone removes it"):
            people.write(people.notes.remove, root.number, author)
    assert people.write(people.notes.remove, root.number, "Ada")
    assert not people.write(people.notes.remove, root.number, "Ada")
    assert not people.write(people.notes.remove, 2**63 - 1, "Ada")
    assert people.read(people.notes.of, "a") == [answer, again]


def test_a_transaction_that_fails_leaves_nothing(people):
    def fails(connection):
        people.notes.add(connection, NOTE)
        people.feedback.add(connection, GIVEN)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        people.write(fails)
    assert people.read(people.notes.of, None) == people.read(people.feedback.all) == []


def test_any_text_is_given_back_as_it_was_and_sorted_by_code_points(people):
    strange = replace(NOTE, article=STRANGE, words=STRANGE, text=STRANGE, author=STRANGE)
    kept = people.write(people.notes.add, strange)
    assert people.read(people.notes.of, STRANGE) == people.read(people.notes.of, None) == [replace(strange, number=kept.number)] == [kept]
    with pytest.raises(InputError, match="was written by"):
        people.write(people.notes.remove, kept.number, "\0")
    assert people.write(people.notes.remove, kept.number, STRANGE)
    names = ["", "\0", "\0a", "\x01", "\x010000", "\x02", "Z", "a", "ä", "\U0001f309"]
    for name in reversed(names):
        people.write(people.notes.add, replace(NOTE, text=name))
    column = people.tables.notes.c.text
    with people.database.reading() as connection:
        assert connection.execute(select(column).order_by(column)).scalars().all() == names
        assert connection.execute(select(column).where(column.in_(["\0", "a"])).order_by(column)).scalars().all() == ["\0", "a"]
        assert connection.execute(select(column).where(column > "\0", column < "\x02").order_by(column)).scalars().all() == names[2:5]
        assert set(connection.execute(select(column).where(has(column, "\0"))).scalars()) == {"\0", "\0a"}
        assert set(connection.execute(select(column).where(has(column, "a"))).scalars()) == {"\0a", "a"}


def test_text_in_columns_is_any_text(people):
    assert all(
        isinstance(column.type, AnyText) for table in people.tables.all.tables.values() for column in table.c if column.type.python_type is str
    )


def test_feedback_is_given_back_as_it_was_given(people):
    silent = replace(GIVEN, filters=Filters(sources=()), outcome=Outcome.WEAK_EVIDENCE, quotes=(), near_misses=GIVEN.quotes, quote=None)
    stored = [people.write(people.feedback.add, one) for one in (GIVEN, silent)]
    assert people.read(people.feedback.all) == stored == [replace(GIVEN, number=1), replace(silent, number=2)]


def test_many_write_at_once_and_nobody_s_sum_or_number_is_lost(people):
    people.write(people.notes.add, replace(NOTE, number=5))
    many = 12

    def work(number):
        kept = people.write(people.notes.add, replace(NOTE, text=f"{number}"))
        people.write(people.feedback.add, GIVEN)
        people.write(people.notes.answer, 5, f"to {number}", None, MADE)
        if number % 2:
            assert people.write(people.notes.remove, kept.number, None)

    assert at_once(many, work) == []
    notes = people.read(people.notes.of, None)
    assert len(notes) == 1 + many + many // 2
    assert {note.number for note in notes} <= set(range(5, 6 + 2 * many))
    assert [one.number for one in people.read(people.feedback.all)] == list(range(1, many + 1))
    assert people.write(people.notes.add, NOTE).number == 6 + 2 * many


def test_the_first_who_write_at_once_lose_nothing_either(people):
    people.change(text("SELECT 1"))
    assert at_once(8, lambda _: people.write(people.notes.add, NOTE)) == []
    assert [note.number for note in people.read(people.notes.of, None)] == list(range(1, 9))


def test_of_many_who_remove_a_note_one_does(people):
    people.write(people.notes.add, NOTE)
    kept = people.write(people.notes.add, NOTE)
    removed = []
    assert at_once(8, lambda _: removed.append(people.write(people.notes.remove, kept.number, None))) == []
    assert sorted(removed) == [False] * 7 + [True]
    assert len(people.read(people.notes.of, None)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 9), ("article", "b"), ("sha256", "1" * 64), ("start", 1), ("stop", 2), ("words", "Thx"), ("text", "Yours"), ("made", "2026-11-22"),
        ("author", "Bo"), ("author", None), ("answers", 1), ("key", "0" * 64), ("seal", "0" * 64),
    ],
)  # fmt: skip
def test_a_note_that_is_not_what_was_stored_is_named_and_can_be_removed(people, name, value):
    people.write(people.notes.add, replace(NOTE, article="c"))
    people.write(people.notes.add, replace(NOTE, author="Ada"))
    table = people.tables.notes
    people.change(update(table).where(table.c.n == 2).values({name: value}))
    number = 9 if name == "n" else 2
    with pytest.raises(ArchiveDamaged, match=rf"note {number} is not what was stored; remove it with Archive.remove_note\({number}\)"):
        people.read(people.notes.of, None)
    with pytest.raises(ArchiveDamaged, match=f"note {number} is not what was stored"):
        people.write(people.notes.answer, number, "x", None, MADE)
    assert people.write(people.notes.remove, number, "Ada" if name == "key" else None)
    # where its seal is what is damaged, nobody can tell whether another is lost too
    if name != "seal":
        assert [note.number for note in people.read(people.notes.of, None)] == [1]


def test_a_note_that_is_lost_is_missed_at_every_article(people):
    for _ in range(2):
        people.write(people.notes.add, NOTE)
    people.change(delete(people.tables.notes).where(people.tables.notes.c.n == 1))
    for article in ("a", "b", None):
        with pytest.raises(ArchiveDamaged, match=f"of its notes some are lost, or are not what was stored; {re.escape(WAY_OUT)}"):
            people.read(people.notes.of, article)
    # and so it stays, whatever is added
    people.write(people.notes.add, NOTE)
    with pytest.raises(ArchiveDamaged, match="of its notes"):
        people.read(people.notes.of, "a")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"given": "{}"}, "feedback 2 is not what was stored; "),
        ({"n": 3}, "feedback 3 is not what was stored; "),
        ({"seal": "0" * 64}, "feedback 2 is not what was stored; "),
        (None, "of its feedback some are lost"),
    ],
)
def test_feedback_that_is_not_what_was_stored_is_named(people, change, named):
    for _ in range(2):
        people.write(people.feedback.add, GIVEN)
    table = people.tables.feedback
    people.change((update(table).values(change) if change else delete(table)).where(table.c.n == 2))
    with pytest.raises(ArchiveDamaged, match=named) as told:
        people.read(people.feedback.all)
    assert WAY_OUT in str(told.value)
    assert "repair" not in str(told.value)


@pytest.fixture
def earlier(make):
    """Earlier texts of two articles, in the order in which they were replaced."""
    first, second, other = make("a", "The bridge opened.", source="S"), make("a", "The tunnel closed.", origin="/\0"), make("b", "A ferry sank.")
    parts = (Part(Span(0, 10), Kind.CAPTION, "page 1", Box(1, 0, 0, 9, 9)),)
    document = replace(second, parts=parts, original=Original("1" * 64, "pdf", 2))
    return [Edition(one, MADE) for one in (first, document, other)]


def test_earlier_texts_are_given_back_what_was_replaced_last_first(people, earlier):
    first, second, other = earlier
    people.write(people.editions.add, [first])
    people.write(people.editions.add, [second, other])
    people.write(people.editions.add, [])
    assert people.read(people.editions.of, "a") == [second, first]
    assert [one.article.original for one in people.read(people.editions.of, "a")] == [second.article.original, None]
    assert people.read(people.editions.of, None) == [other, second, first]
    assert people.read(people.editions.of, "c") == []
    assert people.read(people.editions.counts, ["a", "b", "c"]) == {"a": 2, "b": 1, "c": 0}
    people.read(people.editions.check)


def test_a_text_that_comes_back_and_all_of_an_article_are_removed(people, earlier):
    first, second, other = (one.article for one in earlier)
    people.write(people.editions.add, earlier)
    people.write(people.editions.remove, {("a", first.sha256), ("a", other.sha256), ("b", second.sha256), ("c", first.sha256)})
    assert people.read(people.editions.of, None) == [earlier[2], earlier[1]]
    assert people.write(people.editions.remove_all, ["a", "c"]) == {"a": 1}
    assert people.read(people.editions.of, None) == [earlier[2]]
    people.read(people.editions.check)
    people.write(people.editions.add, [earlier[0]])
    with people.database.reading() as connection:
        assert connection.execute(select(people.tables.editions.c.n).order_by(people.tables.editions.c.n)).scalars().all() == [3, 4]


@pytest.mark.parametrize(
    "name", ["n", "id", "title", "source", "author", "published", "url", "sha256", "origin", "document", "replaced", "seal", "text", "parts", "key"]
)
def test_an_earlier_text_that_is_not_what_was_stored_is_named(people, earlier, name):
    people.write(people.editions.add, earlier)
    table = people.tables.editions
    people.change(update(table).where(table.c.n == 2).values({name: 9 if name == "n" else "2020-01-02"}))
    with pytest.raises(ArchiveDamaged, match="the text of article .* that was replaced on .* is not what was stored; take the database back"):
        people.read(people.editions.of, None)
    if name not in ("text", "parts", "key"):
        with pytest.raises(ArchiveDamaged, match="is not what was stored; take the database back"):
            people.read(people.editions.counts, ["a"])
    assert [one.article.id for one in people.read(people.editions.of, "b")] == ["b"]


def test_an_earlier_text_that_is_lost_is_missed_by_the_whole_check(people, earlier):
    people.write(people.editions.add, earlier)
    people.change(delete(people.tables.editions).where(people.tables.editions.c.n == 1))
    with pytest.raises(ArchiveDamaged, match="of its editions some are lost"):
        people.read(people.editions.check)


def original(data):
    return Original(hashlib.sha256(data).hexdigest(), "text", 1, data)


def put(people, number, article, died=None):
    """A row of an article, with all that the table asks for."""
    document = document_of(article, "")
    values = {
        column.name: {"n": number, "died": died, "original": referred(document), "document": document, "key": key_of(f"{number}")}.get(
            column.name, None if column.nullable else "" if column.type.python_type is str else 0
        )
        for column in people.tables.articles.c
    }
    people.change(insert(people.tables.articles).values(values))


def stored(people):
    with people.database.reading() as connection:
        return set(connection.execute(select(people.tables.originals.c.sha256)).scalars())


def test_an_original_is_kept_once_and_given_back_whole(people):
    one = original(b"The bridge opened. " * 100)
    for _ in range(2):
        assert people.write(people.originals.keep, one) == replace(one, data=None)
    assert people.write(people.originals.keep, replace(one, data=None)) == replace(one, data=None)
    assert people.write(people.originals.keep, Original("2" * 64, "text", 1)) is None
    empty = original(b"")
    people.write(people.originals.keep, empty)
    packed = people.read(people.originals.packed, one.sha256)
    assert (packed.unpacked(), people.read(people.originals.packed, empty.sha256).unpacked()) == (one.data, b"")
    assert people.read(people.originals.size) == len(packed.packed) + len(people.read(people.originals.packed, empty.sha256).packed)
    people.read(people.originals.check)


def test_an_original_goes_with_the_last_that_refers_to_it(people, make, earlier):
    one, two, never = original(b"one"), original(b"two"), original(b"never released")
    for kept in (one, two, never):
        people.write(people.originals.keep, kept)
    put(people, 1, replace(make("a", "One."), original=one))
    put(people, 2, replace(make("b", "One."), original=one))
    edition = replace(earlier[0], article=replace(earlier[0].article, original=two))
    people.write(people.editions.add, [edition])

    def dropped():
        people.write(people.originals.drop_unreferred)
        people.read(people.originals.check)
        assert people.read(people.originals.size) == sum(len(people.read(people.originals.packed, sha256).packed) for sha256 in stored(people))
        return {one.sha256, two.sha256, never.sha256} - stored(people)

    people.write(people.originals.release, [one.sha256, one.sha256, two.sha256, None])
    people.write(people.originals.release, [one.sha256])
    assert dropped() == set()
    people.change(update(people.tables.articles).where(people.tables.articles.c.n == 1).values(died=7))
    people.write(people.originals.release, [one.sha256])
    assert dropped() == set()
    people.change(update(people.tables.articles).where(people.tables.articles.c.n == 2).values(died=8))
    # who was killed in between: the next one drops it
    people.write(people.originals.release, [one.sha256])
    assert dropped() == {one.sha256}
    people.write(people.editions.remove_all, ["a"])
    assert dropped() == {one.sha256, two.sha256}


@pytest.mark.parametrize("name", ["packed", "bytes", "sha256"])
def test_an_original_that_is_not_what_was_stored_is_not_given_out(people, name):
    one = original(b"The bridge opened.")
    people.write(people.originals.keep, one)
    other = "0" * 64
    people.change(update(people.tables.originals).values({name: {"packed": b"x", "bytes": 2, "sha256": other}[name]}))
    assert people.read(people.originals.packed, other if name == "sha256" else one.sha256).unpacked() is None
    with pytest.raises(ArchiveDamaged, match="of its originals some are lost, or are not what was stored; take the database back"):
        people.read(people.originals.check)
    assert (people.read(people.originals.size) is None) == (name == "packed")


def test_an_original_that_is_lost_is_missed_where_they_are_counted(people):
    people.write(people.originals.keep, original(b"one"))
    people.change(delete(people.tables.originals))
    assert people.read(people.originals.size) is None
    with pytest.raises(ArchiveDamaged, match="of its originals some are lost"):
        people.read(people.originals.check)


TABLE = Kept(Document("/t\0.csv", "1" * 64, 3, '{"title": ["t"]}'), ("b", "a"), (Refusal("/t.csv:3", "it is \ud800 empty"),))
PAGE = Kept(Document("https://e.org/", "", 3, validators=Validators("https://e.org/x", '"1"', None)), ("a",), ())


def test_what_was_in_a_document_is_given_back_and_what_was_before_is_not(people):
    for _ in range(2):
        people.write(people.documents.keep, TABLE, {"b": 8, "a": 7})
    people.write(people.documents.keep, PAGE, {"a": 7})
    assert people.read(people.documents.kept, TABLE.document.origin) == (TABLE, {"b": 8, "a": 7})
    assert people.read(people.documents.kept, PAGE.document.origin) == (PAGE, {"a": 7})
    assert people.read(people.documents.kept, "/other") is None
    assert sorted(people.read(holding(people), {"a": 7, "b": 8})) == [("a", "/t\0.csv"), ("a", "https://e.org/x"), ("b", "/t\0.csv")]
    assert people.read(holding(people), {"a": 8, "b": 7, "c": 9}) == people.read(holding(people), {}) == []
    emptied = replace(TABLE, ids=("b",), refused=())
    people.write(people.documents.keep, emptied, {"b": 9})
    assert people.read(people.documents.kept, TABLE.document.origin) == (emptied, {"b": 9})
    assert people.read(holding(people), {"a": 7, "b": 8}) == [("a", "https://e.org/x")]
    assert people.read(holding(people), {"b": 9}) == [("b", "/t\0.csv")]
    people.write(people.documents.keep, replace(TABLE, ids=()), {})
    assert people.read(holding(people), {"b": 9}) == []


def test_only_documents_that_have_the_articles_are_read(people):
    people.write(people.documents.keep, PAGE, {"a": 7})
    people.write(people.documents.keep, TABLE, {"b": 8})
    with people.database.reading() as connection:
        execute, read = connection.execute, []
        connection.execute = lambda statement: read.append((found := execute(statement).freeze())().all()) or found()
        assert list(people.documents.holding(connection, {"a": 7})) == [("a", "https://e.org/x")]
    assert [len(rows) for rows in read] == [1, 1]


@pytest.mark.parametrize("name", ["key", "origin", "sha256", "reader", "columns", "found", "seal"])
def test_a_document_that_is_not_what_was_stored_is_not_known(people, name):
    people.write(people.documents.keep, TABLE, {"b": 8, "a": 7})
    people.change(update(people.tables.documents).values({name: {"reader": 9, "key": key_of("/other")}.get(name, "x")}))
    assert people.read(people.documents.kept, TABLE.document.origin) is people.read(people.documents.kept, "/other") is None
    assert people.read(holding(people), {"a": 7}) == []


def holding(people):
    return lambda connection, numbers: list(people.documents.holding(connection, numbers))


@pytest.mark.parametrize("name", ["seals of notes", "numbers of notes"])
def test_a_fact_that_is_not_what_was_stored_is_named_and_nothing_is_written_beside_it(people, name):
    people.write(people.notes.add, NOTE)
    facts = people.tables.facts
    people.change(update(facts).where(facts.c.name == name).values(value="1"[:1] + "0" * 63))
    with pytest.raises(ArchiveDamaged, match=f"what it says of itself \\({name}\\) is not what was stored"):
        people.write(people.notes.add, NOTE)
    with people.database.reading() as connection:
        assert len(connection.execute(select(people.tables.notes)).all()) == 1
