"""A PostgreSQL server for tests of a store that many machines share, from Debian's package (15 or later)."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

_USER = "postgres"
_WAIT_SECONDS = 300
# nothing is kept, so no disk is waited for; all that waits for a commit still does
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}
# sorts as English does, so that what has to be in the order of code points shows whether it is
_CLUSTER = ("--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en")


def binaries():
    """The folder of PostgreSQL's programs, which need not be on the PATH; None where it is not installed."""
    found = shutil.which("postgres")
    if found:
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


@contextmanager
def postgresql(folder):
    """The URL of a server of its own, `postgresql://postgres@127.0.0.1:PORT/postgres`, whose files are in the folder.

    Where it is started by root, who may not run it, the folder becomes the user `postgres`'s,
    and that user has to be able to enter those above it.
    """
    programs, data, port = binaries(), folder / "data", _free_port()
    # the package made the user
    user = {"user": _USER, "group": _USER, "extra_groups": []} if os.getuid() == 0 else {}
    if user:
        shutil.chown(folder, _USER, _USER)
    made = [programs / "initdb", f"--pgdata={data}", f"--username={_USER}", *_CLUSTER]
    subprocess.run(made, check=True, cwd=folder, stdout=subprocess.DEVNULL, **user)
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([programs / "postgres", "-D", data, "-p", str(port), *settings], cwd=folder, stdout=log, stderr=log, **user)
    try:
        _wait_until_ready(programs, port, server, folder / "log")
        yield f"postgresql://{_USER}@127.0.0.1:{port}/postgres"
    finally:
        # ends at once what its clients have begun, and waits for none of them
        server.send_signal(signal.SIGINT)
        server.wait(_WAIT_SECONDS)


def _wait_until_ready(programs, port, server, log):
    asked = [programs / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}"]
    ends = time.monotonic() + _WAIT_SECONDS
    while subprocess.run(asked, check=False).returncode:
        if server.poll() is not None or time.monotonic() > ends:
            raise RuntimeError(f"PostgreSQL does not start:\n{log.read_text()}")
        time.sleep(0.05)


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
