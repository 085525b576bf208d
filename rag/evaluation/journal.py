"""What was asked so far, on disk, so that an evaluation that was interrupted goes on where it was."""

import json
import os
from collections.abc import Iterator, Mapping
from io import BufferedRandom
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from rag.errors import InputError
from rag.evaluation.judged import Judged

ANSWERS = "answers.jsonl"
_PART = "answers.jsonl.part"
_LOCK = ".evaluating"


class Journal:
    """The answers of one run, a line each, in `answers.jsonl.part`; `finish` gives the file its name.

    `run` says what is asked of what by which program. The first line holds it, and
    only a journal of the same run is gone on with.
    """

    def __init__(self, folder: Path, run: Mapping[str, Any], *, fresh: bool = False) -> None:
        self.judged: dict[str, Judged] = {}
        self._folder = folder
        self._run = run
        self._fresh = fresh

    def __enter__(self) -> Self:
        """Raises InputError where another run was interrupted here, or is going on, or the folder cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self._folder / _LOCK)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise InputError(f"another evaluation is writing to {self._folder}; wait for it, or choose another --out") from None
        except OSError as error:
            raise InputError(f"{self._folder} cannot be written: {error.strerror}; choose another --out") from None
        try:
            self._file = self._opened()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self._lock.release()
        (self._folder / _LOCK).unlink(missing_ok=True)

    @property
    def resumed(self) -> int:
        """How many questions an interrupted run had asked."""
        return self._resumed

    def write(self, judged: Judged, rest: Mapping[str, Any]) -> None:
        self._line({**judged.row(), **rest})
        self.judged[judged.id] = judged

    def finish(self) -> Path:
        """The file of all answers, under its own name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return (self._folder / _PART).replace(self._folder / ANSWERS)

    def _opened(self) -> BufferedRandom:
        path = self._folder / _PART
        file = path.open("w+b" if self._fresh or not path.exists() else "r+b")
        end = self._take_over(file)
        file.seek(end)
        file.truncate()
        self._file = file
        self._resumed = len(self.judged)
        if not end:
            self._line({"run": dict(self._run)})
        return file

    def _take_over(self, file: BufferedRandom) -> int:
        """Reads what an earlier run left; where its last whole line ends."""
        end = 0
        for line in file:
            try:
                row = json.loads(line) if line.endswith(b"\n") else None
                if row is None:
                    break
                if not end:
                    self._check(row["run"])
                else:
                    one = Judged.of_row(row)
                    self.judged[one.id] = one
            except (ValueError, KeyError, TypeError, AttributeError):
                # a line that was cut by a crash; what stands before it is whole
                break
            end += len(line)
        return end

    def _check(self, earlier: Mapping[str, Any]) -> None:
        differs = [name for name in {**earlier, **self._run} if earlier.get(name) != self._run.get(name)]
        if differs:
            raise InputError(
                f"{self._folder} holds an interrupted evaluation whose {', '.join(differs)} differ: choose another --out, or give it up with --fresh"
            )

    def _line(self, row: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        self._file.flush()


def read_answers(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a finished answers.jsonl, read one by one."""
    with path.open(encoding="utf-8", newline="\n") as file:
        next(file)
        for line in file:
            yield json.loads(line)
