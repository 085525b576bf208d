"""Writes to a shared archive, and kills itself at the step that it is told: before a statement or a commit, after one, before or after Milvus is asked.

Reads lines of a round and a step; each is a process of its own, forked from one that has loaded what it needs.
"""

import os
import signal
import sys
import threading

from sqlalchemy import event

from rag import Settings, Span, article
from rag.store.opening import open_store
from rag.store.shared import collection, writer
from rag.store.shared.milvus import Milvus, pymilvus
from tests.store.contract import ENCODER, entry


class Steps:
    """Counts what the main thread does; at one it ends as by `kill -9`."""

    def __init__(self, last):
        self.taken = 0
        self._last = last

    def take(self, *_):
        if threading.current_thread() is threading.main_thread():
            self.taken += 1
            if self.taken == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def made(id, round):
    return article(id, f"Bridge {id}", "".join(f"The bridge {id} opened {round} times in part {part}. " for part in range(3)))


def wholly(one):
    """The entry of an article of three passages."""
    length = len(one.text) // 3
    return entry(one, *(Span(part * length, (part + 1) * length) for part in range(3)))


def work(address, round, step):
    """Puts two articles, replaces one that is always there, and removes one of the round before; says what it was told is done."""
    steps, ask = Steps(step), Milvus.ask

    def asked(self, operation, **given):
        steps.take()
        try:
            return ask(self, operation, **given)
        finally:
            steps.take()

    Milvus.ask = asked
    # several messages to Milvus for what is inserted at once
    collection._ROWS = 2
    # at once, for what is hidden anyway
    writer._STAYS_SECONDS = 0.0
    store = open_store(address, Settings())
    engine = store._database._engine
    for name in ("before_cursor_execute", "commit", "checkin"):
        event.listen(engine, name, steps.take)
    with store.writing() as writing:
        for doing in changes(round):
            if doing[0] == "put":
                writing.put([wholly(made(id, round)) for id in doing[1]], ENCODER.identity)
            else:
                writing.remove(doing[1])
            say("done")
    say(f"ended {steps.taken}")


def changes(round):
    return [("put", ["always", f"new{round}"]), ("remove", [f"new{round - 1}", f"more{round - 1}"]), ("put", [f"more{round}"])]


def say(line):
    os.write(1, f"{line}\n".encode())


def main():
    pymilvus()
    for line in sys.stdin:
        round, step = map(int, line.split())
        child = os.fork()
        if not child:
            try:
                work(sys.argv[1], round, step)
            except BaseException as error:
                say(f"failed {error!r}")
            os._exit(0)
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
