"""Writers of a shared archive that are killed, held up or cut off: what was acknowledged is there, and nothing torn is ever seen."""

import subprocess
import sys
import uuid
from contextlib import contextmanager
from functools import reduce

import pytest

from rag import Settings
from rag.store.opening import open_store
from rag.store.shared import writer as shared_writer
from tests.store.killed_writer import changes, made
from tests.store.whole import in_database, in_milvus, run_out, searched, stored


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, milvus, tmp_path):
    text = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'text.sqlite'}"
    return f"milvus+{milvus}/t{uuid.uuid4().hex[:12]}?text={text}"


@pytest.fixture
def store(address):
    opened = open_store(address, Settings())
    yield opened
    opened.close()


@contextmanager
def writers(address):
    """Has a writer do a round of changes, and die at a step; gives how many changes it was told are done, and how many steps it took if it lived."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.killed_writer", address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:

        def write(round, step):
            program.stdin.write(f"{round} {step}\n")
            program.stdin.flush()
            lines = list(iter(program.stdout.readline, "gone\n"))
            assert not [line for line in lines if line.startswith("failed")], lines
            return lines.count("done\n"), next((int(line.split()[1]) for line in lines if line.startswith("ended")), None)

        yield write
        program.stdin.close()


def after(texts, change, round):
    kind, ids = change
    kept = {id: text for id, text in texts.items() if id not in ids}
    return kept | {id: made(id, round).text for id in ids} if kind == "put" else kept


def kill_at_each(store, address, first, stride):
    """Kills a writer at every `stride`th step from `first` on until one lives; gives at how many."""
    texts, round, step = {}, 0, first
    with writers(address) as write:
        lived = write(0, 0)[1]
        texts = reduce(lambda found, change: after(found, change, 0), changes(0), texts)
        while step <= lived + 60:
            round += 1
            done, lives = write(round, step)
            # what was acknowledged, and what may have been committed before the kill
            states = [texts]
            for change in changes(round)[: done + 1]:
                states.append(after(states[-1], change, round))
            # while its lease lasts and when it has run out
            assert searched(store) in states
            run_out(store)
            texts = stored(store)
            assert texts in states[done:], f"step {step}: {done} acknowledged"
            assert searched(store) == texts
            if lives is not None:
                break
            step += stride
    return round, lived, texts


@pytest.mark.parametrize("first", [1, 5])
def test_a_writer_that_is_killed_anywhere_leaves_what_was_acknowledged_and_nothing_torn(store, address, first, monkeypatch):
    kills, _, texts = kill_at_each(store, address, first, 23)
    assert kills > 4
    # the next writer clears away what the killed ones had brought to Milvus
    monkeypatch.setattr(shared_writer, "_STAYS_SECONDS", 0.0)
    with store.writing():
        pass
    assert in_milvus(store) == in_database(store)
    assert searched(store) == stored(store) == texts
