"""Writes to shared archives, and sends itself a signal at a step that it is told: a statement, a commit, a question to Milvus, or after one.

Reads lines of an address, a round, a step (its number or its name) and a signal; each is a process of its own, forked from one that has
loaded what it needs. One that is stopped goes on at the next line.
"""

import os
import signal
import sys
import threading

from sqlalchemy import event

from rag import Settings, Span, article
from rag.errors import PullquoteError
from rag.store.opening import open_store
from rag.store.shared import collection, lease, writer
from rag.store.shared.milvus import Milvus, pymilvus
from tests.store.contract import ENCODER, entry


class Steps:
    """Counts what the main thread does."""

    def __init__(self, until, sent):
        self.taken = 0
        self.stops = sent is signal.SIGSTOP
        self._until = until
        self._sent = sent

    def take(self, name):
        if threading.current_thread() is threading.main_thread():
            self.taken += 1
            if self._until in (name, str(self.taken)):
                self._until = None
                os.kill(os.getpid(), self._sent)


def made(id, round):
    return article(id, f"Bridge {id}", "".join(f"The bridge {id} opened {round} times in part {part}. " for part in range(3)))


def changes(round):
    """Puts two articles, of which one is replaced each round, removes what the round before put, and puts another."""
    return [("put", ["always", f"new{round}"]), ("remove", [f"new{round - 1}", f"more{round - 1}"]), ("put", [f"more{round}"])]


def wholly(one):
    """The entry of an article of three passages."""
    length = len(one.text) // 3
    return entry(one, *(Span(part * length, (part + 1) * length) for part in range(3)))


def work(address, round, steps):
    """Says which changes it was told are done."""
    ask = Milvus.ask

    def asked(self, operation, **given):
        steps.take(operation)
        try:
            return ask(self, operation, **given)
        finally:
            steps.take(f"after_{operation}")

    Milvus.ask = asked
    # several messages to Milvus for what is inserted at once
    collection._ROWS = 2
    # one that is stopped holds only what its step says, and not the lease that it was about to renew
    if steps.stops:
        lease._RENEWED_SECONDS = 600.0
    # what nobody sees any more is cleared away at once
    writer._STAYS_SECONDS = 0.0
    store = open_store(address, Settings())
    for name in ("before_cursor_execute", "commit", "checkin"):
        event.listen(store._database._engine, name, lambda *_, name=name: steps.take(name))
    with store.writing() as writing:
        for doing, ids in changes(round):
            steps.take(f"before_{doing}")
            writing.put([wholly(made(id, round)) for id in ids], ENCODER.identity) if doing == "put" else writing.remove(ids)
            say("done")
    say(f"ended {steps.taken}")


def say(line):
    os.write(1, f"{line}\n".encode())


def main():
    pymilvus()
    for line in sys.stdin:
        address, round, step, sent = line.split()
        child = os.fork()
        if not child:
            try:
                work(address, int(round), Steps(step, signal.Signals[sent]))
            except PullquoteError as error:
                say(f"{type(error).__name__}: {error}")
            finally:
                os._exit(0)
        while os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1]):
            say("stopped")
            sys.stdin.readline()
            os.kill(child, signal.SIGCONT)
        say("gone")


if __name__ == "__main__":
    main()
