"""The store that many machines share, on a real engine and a real database, keeps the promises of every store."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import create_engine, delete, event, select

from benchmarks.copies import Writer
from rag import Archive, Settings
from rag.errors import ArchiveError
from rag.feedback import Feedback, Verdict
from rag.store import Writing
from rag.store.opening import open_store
from rag.store.shared import writer as shared_writer
from rag.store.shared.collection import Collection
from rag.store.shared.likenesses import Likenesses
from rag.store.shared.tables import Tables
from rag.types import Filters, Identity, Outcome
from tests.fakes import CommonWords
from tests.store.contract import ENCODER, EVERYTHING, StoreContract, deliver, delivery, entry, matching, nearest, note, put
from tests.store.whole import searched

_WRITER = Writer(7)


@pytest.fixture
def store(address):
    opened = open_store(address, Settings())
    yield opened
    opened.close()


@pytest.fixture
def said(store):
    """The statements that the database is asked."""
    found = []

    def before(*given):
        # on a slow machine a writer's lease is renewed meanwhile
        if threading.current_thread().name != "lease":
            found.append(given[2])

    event.listen(store._database._engine, "before_cursor_execute", before)
    return found


class TestSharedStore(StoreContract):
    pass


def bridges(make, round, ids="abcdefgh"):
    return [make(id, f"The bridge {id} opened {round} times.", source=f"S{id}", published=date(2000 + place, 1, 1)) for place, id in enumerate(ids)]


def test_who_reads_stays_on_one_generation_while_others_write(store, address, make):
    put(store, *bridges(make, 0))
    ended = threading.Event()

    def ask():
        with closing(open_store(address, Settings())) as own:
            seen = 0
            while not ended.is_set() or not seen:
                # whole by itself, and one round's or the next's
                texts = searched(own)
                assert len(texts) == 8
                assert len({text.split()[-2] for text in texts.values()}) == 1
                seen += 1
            return seen

    with store.reading() as snapshot:
        before = everything(snapshot)
        with ThreadPoolExecutor(4) as threads:
            asking = [threads.submit(ask) for _ in range(4)]
            try:
                with closing(open_store(address, Settings())) as other:
                    for round in (1, 2):
                        with other.writing() as writer:
                            writer.put([entry(one) for one in bridges(make, round)], ENCODER.identity)
                            writer.put([entry(make("late", "A bridge more."))], ENCODER.identity)
                            writer.remove(["late"])
                        if "sqlite" in address or round == 1:
                            assert everything(snapshot) == before
            finally:
                ended.set()
            assert all(one.result() for one in asking)
        assert everything(snapshot) == before
    assert {text.split()[-2] for text in searched(store).values()} == {"2"}


def everything(snapshot):
    numbers, scores = snapshot.nearest(ENCODER.encode(["bridge"])[0], 50, EVERYTHING)
    passages = snapshot.passages(numbers.tolist()).all()
    texts = [(passages[n].text, round(float(score), 5)) for n, score in zip(numbers.tolist(), scores, strict=True)]
    matched, weights = snapshot.matching("bridge opened", 50, EVERYTHING)
    entries = {id: (found.article, found.vectors.tolist()) for id, found in snapshot.entries("abcdefgh").all().items()}
    return texts, matched.tolist(), weights.tolist(), snapshot.searched(EVERYTHING), entries, sorted(snapshot.alike("abcdefgh", EVERYTHING).items())


def test_filters_that_leave_nothing_are_answered_so(store, make):
    archive = Archive(store, ENCODER, CommonWords(), Settings())
    put(store, *bridges(make, 0))
    assert archive.ask("Which bridge opened?").outcome != Outcome.OUTSIDE_FILTERS
    nothing = [{"sources": ["unknown"]}, {"sources": []}, {"after": date(2100, 1, 1)}, {"having": ["ferry"]}]
    for filters in (*nothing, {"sources": ["Sa"], "after": date(2001, 1, 1)}):
        assert archive.search("bridge", **filters) == []
        assert archive.ask("Which bridge opened?", **filters).outcome == Outcome.OUTSIDE_FILTERS, filters


@pytest.mark.parametrize(
    "name",
    [
        "'; DROP TABLE x; --",
        '"',
        "100% _",
        "\\",
        "\ud800x",
        "x" * 10_000,
        "\U0001f309",
        "\x010000",
        "S] or passage > 0 or source in [1",
        "{x} :n %(n)s ?",
    ],
    ids=range(10),
)
def test_names_of_any_kind_are_kept_found_and_never_part_of_a_question(store, make, name):
    # some of them no door would take
    title = f"T {name.replace(chr(0xD800), '')}"
    named = replace(make("a", "The bridge opened."), id=name, title=title, source=name, author=name, origin=name)
    put(store, named, replace(make("other", "The bridge closed."), source=f"{name}'"))
    assert store.article(name) == named
    assert {one.id: one for one in store.articles()} == {name: named, "other": store.article("other")}
    filters = Filters(sources=(name,))
    assert nearest(store, "bridge", filters=filters) == [(name, pytest.approx(nearest(store, "bridge", filters=filters)[0][1]))]
    assert matching(store, "bridge", filters=filters) == [name]
    assert store.counted(filters).articles == 1
    assert store.origins()[name] == name
    assert store.titles([name]) == {name: title}
    assert store.status().sources == {name: 1, f"{name}'": 1}
    with store.writing() as writer:
        assert writer.remove([name]) == {name: 0}
    assert store.article(name) is None


def test_archives_beside_each_other_in_one_database_do_not_meet(address, make):
    base = address.split("?", maxsplit=1)
    places = [f"{base[0]}{more}?{base[1]}" for more in ("", "_articles", "_facts", "_articles_now")]
    stores = [open_store(place, Settings()) for place in places]
    for number, store in enumerate(stores):
        put(store, make("a", f"The bridge {number}."))
    assert [store.article("a").text for store in stores] == [f"The bridge {number}." for number in range(4)]
    assert [len(nearest(store, "bridge")) for store in stores] == [1] * 4
    for store in stores:
        store.close()


def test_no_names_of_two_archives_are_the_same():
    for other in [f"a_{table.name.removeprefix('a_')}" for table in Tables("a").all.sorted_tables] + ["ix_a", "a_a"]:
        assert not names(Tables("a")) & names(Tables(other)), other
    assert max(map(len, names(Tables("a" * 40)))) <= 63


def names(tables):
    own = tables.all.sorted_tables
    implied = {f"{table.name}_pkey" for table in own} | {f"{table.name}_{column.name}_key" for table in own for column in table.c if column.unique}
    return {table.name for table in own} | {index.name for table in own for index in table.indexes} | implied


def test_nothing_is_held_after_an_error_or_by_who_went_away(store, make):
    put(store, *bridges(make, 0))
    for _ in range(40):
        with pytest.raises(ZeroDivisionError), store.reading() as snapshot:
            raise ZeroDivisionError(snapshot.searched(EVERYTHING))
        with pytest.raises(ZeroDivisionError), store._database.writing():
            raise ZeroDivisionError
        next(iter(store.articles()))
        left = store.reading()
        left.__enter__()
        del left
    assert store._database._engine.pool.checkedout() == 0
    # who reads keeps nobody from writing
    with store.reading() as snapshot:
        snapshot.searched(EVERYTHING)
        put(store, make("z", "A bridge more."))
    if store._database._engine.dialect.name == "postgresql":
        with store._database.writing() as connection:
            idle = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'"
            assert connection.exec_driver_sql(idle).scalar_one() == 0


def test_a_database_that_was_away_needs_no_restart_of_who_uses_it(store, postgresql_url, make):
    if store._database._engine.dialect.name == "sqlite":
        pytest.skip("a file has no connections")
    put(store, *bridges(make, 0))
    engine = create_engine(postgresql_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")

    def cut_off(use=None):
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        if use:
            use()

    with pytest.raises(ArchiveError, match="cannot be used: .*; see that it runs and lets you in"), store.reading() as snapshot:
        cut_off(lambda: snapshot.searched(EVERYTHING))
    assert len(searched(store)) == 8
    with store.writing() as writer:
        cut_off()
        # between two transactions nobody notices
        writer.put([entry(make("z", "A bridge more."))], ENCODER.identity)
        with pytest.raises(ArchiveError), writer._writing() as connection:
            cut_off(lambda: connection.execute(select(1)))
    cut_off()
    assert len(searched(store)) == 9
    engine.dispose()


def test_a_question_and_many_articles_take_few_statements(store, make, said):
    archive = Archive(store, ENCODER, CommonWords(), Settings())
    put(store, *bridges(make, 0))

    def taken(act):
        said.clear()
        act()
        return len(said)

    assert taken(lambda: archive.search("bridge")) <= 30
    few, many = (taken(lambda ids=ids: put(store, *bridges(make, 1, ids))) for ids in ("ab", "abcdefghijklmnopqrstuvwxyz"))
    assert many <= few
    assert taken(lambda: list(store.articles())) <= 10
    many = [chr(ord("a") + n) for n in range(26)]
    with store.writing() as writer:
        assert taken(lambda: writer.remove(many)) <= 20


def test_near_copies_take_as_many_statements_however_many_they_are(store, make, said):
    taken = []
    for few in (2, 20):
        told = _WRITER.prose(150)
        put(store, *(make(f"{few}-{n}", told) for n in range(few)))
        with store.writing() as writer:
            said.clear()
            assert writer.put([entry(make(f"{few}-new", told))], ENCODER.identity) == {f"{few}-new": f"{few}-0"}
            of_put = len(said)
        with store.reading() as snapshot:
            said.clear()
            assert len(snapshot.alike([f"{few}-new", f"{few}-0"], EVERYTHING)[f"{few}-new"]) == few
            taken.append((of_put, len(said)))
    assert taken[0] == taken[1]


def test_stories_with_an_agency_s_words_below_them_are_read_together(store, make, said):
    taken = []
    for few in (2, 20):
        agency = _WRITER.prose(60)
        told = [f"{_WRITER.prose(80)} {agency}" for _ in range(few)]
        put(store, *(make(f"{few}-{n}", text) for n, text in enumerate(told)))
        with store.writing() as writer:
            said.clear()
            stub = " ".join(told[1].split()[-len(agency.split()) - 20 :])
            assert writer.put([entry(make(f"{few}-stub", stub))], ENCODER.identity) == {f"{few}-stub": f"{few}-1"}
            taken.append(len(said))
    assert taken[0] == taken[1]
    assert store.status().origins == 22


@pytest.mark.parametrize(
    "write",
    [
        lambda store, one: store.add_note(one),
        lambda store, one: store.answer_note(1, "answer", None, one.made),
        lambda store, one: store.remove_note(1),
        lambda store, one: store.add_feedback(verdict(one)),
    ],
    ids=["note", "answer", "removal", "verdict"],
)
def test_what_people_write_while_something_is_taken_over_waits_and_is_no_part_of_it(store, make, monkeypatch, write):
    first, other = make("a", "The bridge opened."), make("b", "A ferry sank.")
    writing = Writing((note(first, "first", 1),), (replace(verdict(note(first, "")), number=1, generation=1),), 1)
    deliver(store, delivery(entries=[entry(first)], writing=writing))
    insert, waiting = Collection.insert, []

    def inserted(collection, rows):
        waiting.append(threads.submit(write, store, note(first, "new")))
        # until it waits
        time.sleep(0.3)
        return insert(collection, rows)

    with ThreadPoolExecutor(1) as threads, store.writing() as writer:
        monkeypatch.setattr(Collection, "insert", inserted)
        state = writer.take_over(delivery(entries=[entry(other)], writing=writing, state=store.inventory().state))
        assert waiting[0].result()
    assert (store.inventory().copied, [one.id for one in store.articles()]) == (None, ["a", "b"])
    assert state != store.inventory().state
    assert len(store.notes(None)) + len(store.feedback()) != 2


def verdict(one):
    return Feedback("What?", EVERYTHING, Outcome.ANSWERED, (), (), Verdict.RIGHT, None, "", one.made)


def test_words_are_weighed_by_the_passages_that_are_searched(store, make):
    put(store, *(make(f"a{n}", "The bridge opened.") for n in range(3)))
    with store.writing() as writer:
        writer.put([entry(make("b", "The bridge closed.")), entry(make("a1", "A ferry sank."))], ENCODER.identity)
        with store.reading() as snapshot:
            assert snapshot.frequencies(["bridg", "ferri", "none"]) == {"bridg": 3, "ferri": 0, "none": 0}
    with store.reading() as snapshot:
        assert snapshot.frequencies(["bridg", "ferri", "none"]) == {"bridg": 3, "ferri": 1, "none": 0}
    with store.writing() as writer:
        writer.remove(["a0", "a1"])
    with store.reading() as snapshot:
        assert snapshot.frequencies(["bridg", "ferri", "close"]) == {"bridg": 2, "ferri": 0, "close": 1}


def test_what_was_told_of_near_copies_stays_where_a_writer_ends_early(store, make, monkeypatch):
    put(store, *(make(f"a{n}", "The bridge opened, and many came to see it. " * 4) for n in range(6)))
    likenesses, tell, told = store._database.tables.likenesses, Likenesses.tell, []
    with store._database.writing() as connection:
        connection.execute(delete(likenesses))

    def tells(*given):
        told.append(tell(*given))
        if len(told) == 3:
            raise KeyboardInterrupt
        return told[-1]

    monkeypatch.setattr(shared_writer, "_AT_A_TIME", 2)
    monkeypatch.setattr(Likenesses, "tell", tells)
    with pytest.raises(KeyboardInterrupt), store.writing():
        pass
    with store._database.reading() as connection:
        assert connection.execute(select(likenesses.c.article)).scalars().all() == [1, 2, 3, 4]
    monkeypatch.setattr(Likenesses, "tell", tell)
    with store.writing():
        pass
    with store.reading() as snapshot:
        assert set(snapshot.stories(np.arange(1, 7)).tolist()) == {1}


def test_a_model_that_a_killed_writer_began_with_binds_nobody(store, make, monkeypatch):
    begin = Collection.make

    def killed(*given):
        begin(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(Collection, "make", killed)
    with pytest.raises(KeyboardInterrupt), store.writing() as writing:
        writing.put([], Identity("larger", "1" * 64, ENCODER.identity.dimension * 2))
    monkeypatch.setattr(Collection, "make", begin)
    put(store, make("a", "The bridge opened."))
    assert nearest(store, "The bridge opened.") == [("a", 1.0)]
