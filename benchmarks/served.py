"""The page in a process of its own, for benchmarks that push it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Served:
    address: str
    process: int


@contextmanager
def served(index: Path, temporary: Path, *program: str) -> Iterator[Served]:
    """`program` (`app.py`, or one like it) over an archive, with a folder of its own for temporary files."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, *program, "--index", str(index), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(temporary)}) as server:
        try:
            # it listens once it has said so
            next(line for line in server.stdout or () if "opens on" in line)
            yield Served(f"http://127.0.0.1:{port}", server.pid)
        finally:
            server.terminate()
