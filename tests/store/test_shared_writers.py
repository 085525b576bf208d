"""Writers of a shared archive that are killed, held up or cut off: what was acknowledged is there, and nothing torn is ever seen."""

import re
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager

import pytest
from sqlalchemy import delete, insert, select, update

from rag import Settings
from rag.errors import ArchiveLocked
from rag.store.opening import open_store
from rag.store.shared import database, lease
from rag.store.shared import writer as shared_writer
from rag.store.shared.database import now
from rag.store.shared.store import SharedStore
from rag.types import Filters
from tests.store.contract import ENCODER, entry, put
from tests.store.killed_writer import changes, made, wholly
from tests.store.whole import in_database, in_milvus, run_out, searched, stored

REFUSED = re.compile("ArchiveLocked: .* this writer was held up so long that its turn ran out")


@pytest.fixture
def store(address):
    opened = open_store(address, Settings())
    yield opened
    opened.close()


class Writers:
    """Processes that write to an archive, each a round of changes."""

    def __init__(self, program, address):
        self._program = program
        self._address = address

    def killed(self, round, step):
        """One that dies at a step: how many changes it was told are done, and how many steps it took if it lived."""
        lines = self._until_gone(f"{self._address} {round} {step} SIGKILL")
        assert all(line.startswith(("done", "ended")) for line in lines), lines
        return lines.count("done"), next((int(line.split()[1]) for line in lines if line.startswith("ended")), None)

    @contextmanager
    def stopped(self, round, step):
        """One that stops at a step, and goes on afterwards; to a list are added the lines that it says then."""
        lines = self._until_gone(f"{self._address} {round} {step} SIGSTOP")
        assert lines[-1] == "stopped", lines
        said = []
        yield said
        said += self._until_gone("go on")

    def _until_gone(self, line):
        self._program.stdin.write(f"{line}\n")
        self._program.stdin.flush()
        found = []
        while not found or found[-1] not in ("gone", "stopped"):
            line = self._program.stdout.readline()
            assert line, "the program has ended"
            found.append(line.rstrip("\n"))
        return found if found[-1] == "stopped" else found[:-1]


@pytest.fixture(scope="module")
def program():
    command = [sys.executable, "-m", "tests.store.killed_writer"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.stdin.close()


@pytest.fixture
def writers(program, address):
    return Writers(program, address)


def until(true):
    ends = time.monotonic() + 60
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.01)


def after(texts, round, *which):
    """What is stored after some of a round's changes."""
    found = dict(texts)
    for kind, ids in (changes(round)[place] for place in which):
        found = {id: text for id, text in found.items() if id not in ids}
        found |= {id: made(id, round).text for id in ids} if kind == "put" else {}
    return found


def kill_at_each(store, writers, first, stride):
    """Kills a writer at every `stride`th step from `first` on until one lives; gives how many were, and what is stored then."""
    lived = writers.killed(0, "none")[1]
    texts = after({}, 0, 0, 1, 2)
    for round, step in enumerate(range(first, lived + 100, stride), 1):
        done, lives = writers.killed(round, step)
        # what was acknowledged, and what may have been committed before the kill
        states = [after(texts, round, *range(count)) for count in range(min(done + 2, 4))]
        # while its lease lasts, and when it has run out
        assert searched(store) in states
        run_out(store)
        texts = stored(store)
        assert texts in states[done:], f"step {step}: {done} were acknowledged"
        assert searched(store) == texts
        if lives is not None:
            return round - 1, texts
    raise AssertionError("none lived")


def test_a_writer_that_is_killed_anywhere_leaves_what_was_acknowledged_and_nothing_torn(store, writers, monkeypatch):
    kills, texts = kill_at_each(store, writers, 5, 37)
    assert kills > 2
    # the next writer clears away what the killed ones had brought to Milvus
    monkeypatch.setattr(shared_writer, "_STAYS_SECONDS", 0.0)
    with store.writing():
        pass
    assert in_milvus(store) == in_database(store)
    assert searched(store) == stored(store) == texts


def test_a_writer_that_is_killed_is_waited_for_until_its_lease_has_run_out(store, writers):
    with store._database.writing() as connection:
        before = now(connection)
    assert writers.killed(1, "before_remove") == (1, None)
    began = time.monotonic()
    with store._database.writing() as connection:
        # as it was left, whenever that was since
        assert before + 10 <= connection.execute(select(store._database.tables.lease.c.until)).scalar_one() <= now(connection) + 10
        connection.execute(update(store._database.tables.lease).values(until=now(connection) + 1))
    put(store, made("next", 2))
    assert time.monotonic() - began > 0.5
    assert searched(store).keys() == stored(store).keys() == {"always", "new1", "next"}


def test_a_lease_of_another_clock_keeps_nobody_out(store):
    put(store, made("first", 1))
    with store._database.writing() as connection:
        connection.execute(update(store._database.tables.lease).values(holder="another", until=now(connection) + 3_600))
    put(store, made("next", 1))
    assert searched(store).keys() == {"first", "next"}


def test_a_writer_that_was_held_up_while_others_wrote_is_refused(store, writers):
    with writers.stopped(1, "before_remove") as said:
        run_out(store)
        put(store, made("other", 7))
        others = {**after({}, 1, 0), "other": made("other", 7).text}
        assert searched(store) == others
    assert REFUSED.match(said[0]), said
    assert searched(store) == stored(store) == others
    # and also where the others are not done yet
    with ExitStack() as stack:
        with writers.stopped(2, "before_remove") as said:
            run_out(store)
            writing = stack.enter_context(store.writing())
            writing.put([wholly(made("late", 8))], ENCODER.identity)
        assert REFUSED.match(said[0]), said
        writing.remove(["other"])
    assert searched(store) == stored(store) == {**after(after({}, 1, 0), 2, 0), "late": made("late", 8).text}


def test_a_writer_whose_turn_ran_out_goes_on_where_nobody_took_it(store):
    with store.writing() as writing:
        writing.put([wholly(made("first", 1))], ENCODER.identity)
        run_out(store)
        writing.put([wholly(made("next", 1))], ENCODER.identity)
        with store._database.reading() as connection:
            assert lease.is_taken(store._database, connection)
        assert searched(store) == {}
    assert searched(store).keys() == {"first", "next"}


def test_a_writer_whose_turn_another_took_writes_nothing_and_leaves_it_to_them(store, monkeypatch):
    monkeypatch.setattr(lease, "_RENEWED_SECONDS", 0.02)
    renewed, renew = [], lease.Lease._set
    monkeypatch.setattr(lease.Lease, "_set", lambda *given, **named: renewed.append(given) or renew(*given, **named))
    others = {"n": 1, "holder": "another", "who": "somebody else", "until": time.time() + 30}

    def outlast(writing):
        writing.put([wholly(made("first", 1))], ENCODER.identity)
        with store._database.writing() as connection:
            connection.execute(update(store._database.tables.lease).values(others))
        # it has been tried to renew it: the second to begin from now on begins after this
        begun = len(renewed)
        until(lambda: len(renewed) > begun + 1)
        writing.put([wholly(made("next", 1))], ENCODER.identity)

    with pytest.raises(ArchiveLocked, match="its turn ran out"), store.writing() as writing:
        outlast(writing)
    with store._database.reading() as connection:
        assert connection.execute(select(store._database.tables.lease)).one()._asdict() == others
    assert stored(store).keys() == {"first"}
    assert searched(store) == {}


def test_a_writer_whose_transaction_lasts_longer_than_its_turn_is_not_taken_for_gone(store, request, monkeypatch):
    if "sqlite" in request.node.name:
        pytest.skip("SQLite renews nothing beside a transaction")
    for name, seconds in (("_RENEWED_SECONDS", 0.02), ("_LOOKED_SECONDS", 0.1)):
        monkeypatch.setattr(lease, name, seconds)
    later = 0
    monkeypatch.setattr(lease, "now", lambda connection: now(connection) + later)

    def ends():
        with store._database.reading() as connection:
            return connection.execute(select(store._database.tables.lease.c.until)).scalar_one()

    with closing(SharedStore(store._parts.milvus._address, Settings())) as other, store.writing() as writing:
        writing.put([wholly(made("first", 1))], ENCODER.identity)
        with writing._writing():
            # three times most of its turn goes by, with a time to renew it each time
            for _ in range(3):
                before, later = ends(), later + 8
                until(lambda before=before: ends() > before + 7)
                assert searched(other) == {}
                with pytest.raises(ArchiveLocked, match="is being written to by process"), other.writing():
                    pass
        writing.put([wholly(made("next", 1))], ENCODER.identity)
    assert searched(store).keys() == {"first", "next"}


def test_what_ended_long_before_it_is_published_stays_for_those_who_ask_meanwhile(store):
    articles = store._database.tables.articles
    put(store, made("first", 1), made("second", 1))

    def an_hour_passes():
        with store._database.writing() as connection:
            connection.execute(update(articles).where(articles.c.died.is_not(None)).values(died_at=articles.c.died_at - 3_600))

    with store.reading() as snapshot:
        before = snapshot.nearest(ENCODER.encode(["bridge"])[0], 10, Filters())[0].tolist()
        with store.writing() as writing:
            writing.remove(["first"])
            an_hour_passes()
        assert snapshot.nearest(ENCODER.encode(["bridge"])[0], 10, Filters())[0].tolist() == before
    assert len(in_milvus(store)) == 2
    with store.writing() as writing:
        writing.put([entry(made("third", 1))], ENCODER.identity)
        an_hour_passes()
    # what is published next makes it none the younger
    assert in_milvus(store) == in_database(store)
    assert len(in_milvus(store)) == 2


def test_what_a_writer_brings_to_milvus_after_it_was_given_up_is_never_seen(store, writers, request, monkeypatch):
    if "sqlite" in request.node.name:
        pytest.skip("SQLite gives up nobody")
    monkeypatch.setattr(shared_writer, "_STAYS_SECONDS", 0.0)
    first, other = made("first", 0), made("other", 7)
    put(store, first)
    with writers.stopped(1, "upsert") as said:
        # as it does after a time
        with store._database.writing() as connection:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'")
        run_out(store)
        # and others clear away what the writer had on its way
        put(store, other)
        put(store, other)
    assert REFUSED.match(said[0]), said
    assert len(in_milvus(store)) > len(in_database(store))
    # also where it was killed before it could tell what it had brought
    incoming = store._database.tables.incoming
    with store._database.writing() as connection:
        rows = [row._asdict() for row in connection.execute(delete(incoming).returning(incoming))]
    assert searched(store) == stored(store) == {one.id: one.text for one in (first, other)}
    with store._database.writing() as connection:
        connection.execute(insert(incoming), rows)
    assert searched(store) == stored(store) == {one.id: one.text for one in (first, other)}
    with store.writing():
        pass
    assert in_milvus(store) == in_database(store)


def test_a_transaction_that_is_held_up_is_given_up_and_keeps_nobody_waiting_for_long(store, request, monkeypatch):
    if "postgresql" in request.node.name:
        with store._database.writing() as connection:
            limits = [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("idle_in_transaction_session_timeout", "lock_timeout")]
        assert limits == ["5min", "30s"]
    monkeypatch.setattr(database, "_LOCKED_SECONDS", 1)
    with closing(SharedStore(store._parts.milvus._address, Settings())) as other, store.writing() as writing, writing._writing():
        with pytest.raises(ArchiveLocked, match="is being written to by (somebody who takes long|process)"):
            put(other, made("other", 1))
        # who reads waits for nobody
        assert searched(other) == {}
