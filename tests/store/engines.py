"""The engines of a shared archive, started for a test and ended after it."""

import shutil
import socket
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def milvus_lite(folder, port=None):
    """The http address of a Milvus Lite server with its data in a folder; skips where it is not installed."""
    program = shutil.which("milvus-lite", path=str(Path(sys.executable).parent)) or pytest.skip("milvus-lite is not installed")
    port = port or free_port()
    command = [program, "server", "--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            # it says so when it listens; whatever it complains of later must not fill the pipe
            if "listening" not in server.stdout.readline():
                pytest.fail(f"milvus-lite did not start: {server.stderr.read()[-2000:]}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def new_address(milvus, text):
    """The address of a shared archive that is not there yet, on an engine and a database."""
    return f"milvus+{milvus}/t{uuid.uuid4().hex[:12]}?text={text}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
