"""A program of ours that a benchmark kills, or asks to end: what it says, and whether it goes on after an error."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.forks import started

# so long at most until it goes on after what it needs came back, and until it has ended
_GOES_ON_SECONDS, _ENDS_SECONDS = 300.0, 300.0


class Program:
    """A process and what it says; one that is asked to end comes to the end of what it does."""

    def __init__(self, process: Any) -> None:
        self.process = process
        self.lines: list[str] = []
        self.wrong: list[str] = []

    def goes_on(self) -> list[str]:
        """Waits until a change that it begins from now on has come to its end, and a thing is done since."""
        said, ends = len(self.lines), time.monotonic() + _GOES_ON_SECONDS
        while time.monotonic() < ends:
            lines = [line.split()[0] for line in self.lines[said:]]
            since = lines[lines.index("begin") :] if "begin" in lines else []
            if {"end", "done"} <= set(since):
                return []
            time.sleep(0.05)
        return [f"nothing was written within {_GOES_ON_SECONDS:.0f} s after the server was back; it said {self.lines[-6:]}"]

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def end(self) -> None:
        if self.process.exitcode is None:
            self.process.terminate()
            self.process.join(_ENDS_SECONDS)
        if self.process.exitcode is None:
            self.wrong.append(f"the writer does not end within {_ENDS_SECONDS:.0f} s; it said {self.lines[-6:]}")
            self.kill()
        if self.process.exitcode not in (0, -signal.SIGKILL, -signal.SIGTERM):
            self.wrong.append(f"the writer ended with {self.process.exitcode}; it said {self.lines[-6:]}")


@contextmanager
def program(module: str, *arguments: str) -> Iterator[Program]:
    """One that has said "started"."""
    heard, said = os.pipe()
    with os.fdopen(said, "w") as out:
        begun = Program(started(module, *arguments, out=out))
    with os.fdopen(heard) as printed:
        if printed.readline() != "started\n":
            begun.wrong.append("the writer could not begin")
        # a line that a kill cut in two says nothing
        reading = threading.Thread(target=lambda: begun.lines.extend(line for line in printed if line.endswith("\n")))
        reading.start()
        try:
            yield begun
        finally:
            begun.end()
            reading.join()
