"""A Milvus Lite and a PostgreSQL of their own on loopback, which a benchmark can kill and start again, and the archive that they keep.

Milvus Lite is a Python program on one machine: it shows what Pullquote does with an engine, and is no measure of a Milvus cluster.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag import Archive, Settings
from rag.encoder import Encoder
from rag.reader import SpanReader
from rag.store.opening import open_store
from tests.store.databases import binaries

_USER = "postgres"
_WAIT_SECONDS = 300
# those of a server that is to survive being killed, as they are unless somebody changes them
_DATABASE = {"fsync": "on", "synchronous_commit": "on", "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}


@dataclass(slots=True)
class Server:
    """`files` is the folder with what it keeps; `ready` is a command that succeeds once it can be asked: without one, an open port is enough."""

    name: str
    command: Sequence[str | Path]
    files: Path
    port: int
    ready: Sequence[str | Path] = ()
    user: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises RuntimeError with what it said where it does not start."""
        ends = time.monotonic() + _WAIT_SECONDS
        self._launch()
        while not self._is_ready():
            if time.monotonic() > ends:
                raise RuntimeError(f"{self.name} does not start:\n{self._log.read_text()[-3_000:]}")
            if self.process and self.process.poll() is not None:
                # PostgreSQL waits for nothing: what is left of one that was killed ends a moment later
                self._launch()
            time.sleep(0.05)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        assert self.process
        self.process.send_signal(how)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill(signal.SIGINT)

    def mebibytes(self) -> float:
        """What it has in memory, its processes' shares of what they share (PSS)."""
        assert self.process
        pids = [self.process.pid, *map(int, Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())]
        return sum(pss(pid) for pid in pids)

    def megabytes(self) -> float:
        """What it has on disk."""
        return on_disk(self.files)

    @property
    def _log(self) -> Path:
        return self.files.parent / f"{self.name}.log"

    def _launch(self) -> None:
        with self._log.open("ab") as log:
            # a group of its own: who interrupts the benchmark does not interrupt what it still needs
            self.process = subprocess.Popen(self.command, cwd=self.files, stdout=log, stderr=log, start_new_session=True, **self.user)

    def _is_ready(self) -> bool:
        if self.ready:
            return subprocess.run(self.ready, check=False).returncode == 0
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass(frozen=True, slots=True)
class Servers:
    """`engine` finds passages, `database` has their text."""

    engine: Server
    database: Server

    def address(self, collection: str) -> str:
        return f"milvus+http://127.0.0.1:{self.engine.port}/{collection}?text=postgresql://{_USER}@127.0.0.1:{self.database.port}/postgres"


@contextmanager
def servers() -> Iterator[Servers]:
    """Both, empty, for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        # the database is another user's
        folder.chmod(0o711)
        # who ends the benchmark ends them too
        running.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM)))
        # what a shell starts in the background ignores interrupts, and so would the servers, which end by one
        running.callback(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
        found = Servers(_engine(folder), _database(folder))
        for server in (found.engine, found.database):
            running.callback(server.stop)
            server.start()
        yield found


def opened(place: str | Path, encoder: Encoder, spans: SpanReader, settings: Settings | None = None) -> Archive:
    """The archive of a folder, or at an address."""
    settings = settings or Settings()
    return Archive(open_store(place, settings), encoder, spans, settings)


def machine() -> str:
    """What the figures are of, in words."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "CPU unknown"
    )
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {model}, {gibibytes:.0f} GiB, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}"


def pss(pid: int) -> float:
    """A process's own memory and its share of what it has with others, in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def on_disk(folder: Path) -> float:
    """Megabytes."""
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file()) / 1e6


def _engine(folder: Path) -> Server:
    files, port = folder / "milvus", _free_port()
    files.mkdir()
    command = (sys.executable, "-m", "milvus_lite", "server", "--data-dir", files, "--host", "127.0.0.1", "--port", str(port))
    return Server("milvus-lite", command, files, port)


def _database(folder: Path) -> Server:
    programs, files, port = binaries(), folder / "postgresql", _free_port()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    files.mkdir()
    # root may not run it; the package made the user
    user = {"user": _USER, "group": _USER, "extra_groups": []} if os.getuid() == 0 else {}
    if user:
        shutil.chown(files, _USER, _USER)
    made = (programs / "initdb", f"--pgdata={files}", f"--username={_USER}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    subprocess.run(made, check=True, cwd=files, stdout=subprocess.DEVNULL, **user)
    settings = [word for name, value in _DATABASE.items() for word in ("-c", f"{name}={value}")]
    ready = (programs / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}")
    return Server("postgresql", (programs / "postgres", "-D", files, "-p", str(port), *settings), files, port, ready, user)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
