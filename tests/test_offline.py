"""After the set-up nothing touches the network. Every test, and every Python that one starts, runs under tests/guard."""

import os
import shutil
import subprocess
import sys

import pytest

from rag import Archive, Settings, read_articles
from rag.web.page import page
from tests.conftest import ROOT

# addresses that are reserved for documentation: nobody is there
TRIES = [
    "import socket; socket.create_connection(('198.51.100.7', 80), timeout=1)",
    "import socket; socket.getaddrinfo('example.org', 443)",
    "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('203.0.113.5', 53))",
    "import urllib.request; urllib.request.urlopen('http://example.org/', timeout=1)",
]


@pytest.mark.parametrize("code", TRIES)
def test_the_guard_catches_a_socket_that_leaves_the_machine(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "OFFLINE GUARD" in done.stderr


@pytest.mark.parametrize("code", TRIES[:2])
def test_it_watches_this_process_too(code):
    with pytest.raises(PermissionError, match="the tests are offline"):
        exec(code, {})


def test_the_libraries_are_told_to_stay_offline(encoder, archive):
    assert encoder.identity
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    blocks = page(archive, can_write=True)
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert blocks.analytics_enabled is False


def test_a_question_is_answered_on_a_machine_without_a_network(tmp_path, encoder):
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a test have a network of its own (unshare -rn)")
    with Archive.open(tmp_path / "index", Settings(), encoder) as made:
        made.add(read_articles(ROOT / "seeds"))
    command = [unshare, "-rn", sys.executable, "-m", "rag", "ask", "When did Berlin's new airport open?", "--index", str(tmp_path / "index")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "[1] " in done.stdout
