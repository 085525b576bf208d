"""The page and the API in one process, on one port."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from rag import Archive, Settings, read_articles
from tests.conftest import ROOT
from tests.web.conftest import ask, free_port, served, visit, wait_for

QUESTION = "How many overseas police stations does China operate?"


def call(address, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=180)
    connection.request(method, path, body=json.dumps(body) if body else None, headers={"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, text


def filled(folder, encoder):
    with Archive.open(folder / "index", Settings(), encoder) as archive:
        archive.add(read_articles(ROOT / "seeds"))
    return folder / "index"


def test_the_page_answers_while_the_api_does(browser, tmp_path, encoder):
    with served(filled(tmp_path, encoder), tmp_path / "log", "--api", "--allow-host", "Archive.example") as address, visit(browser, address) as page:
        ended, statuses = threading.Event(), []

        def program():
            # fewer than the six hundred a minute that a client may ask, however long the page takes
            while not ended.wait(0.2):
                statuses.append(call(address, "POST", "/v1/ask", {"question": QUESTION})[0])

        thread = threading.Thread(target=program)
        thread.start()
        turn = ask(page, QUESTION)
        turn.locator(".check").first.wait_for()
        assert "54" in turn.inner_text()
        while len(statuses) < 3:
            assert thread.is_alive()
            time.sleep(0.1)
        ended.set()
        thread.join()
        assert set(statuses) == {200}
        # each keeps its own gate and its own errors
        assert call(address, "GET", "/gradio_api/file=/etc/passwd")[0] == 404
        assert call(address, "GET", "/v1/articles", Host="evil.example")[0] == 403
        assert call(address, "GET", "/theme.css", Host="evil.example")[0] == 403
        # both answer to the name that they were given
        assert call(address, "GET", "/v1/articles", Host="archive.example")[0] == call(address, "GET", "/theme.css", Host="archive.example")[0] == 200
        assert json.loads(call(address, "GET", "/v1/nothing")[1])["status"] == 404


def test_without_api_there_is_none(address):
    assert call(address, "POST", "/v1/ask", {"question": QUESTION})[0] in (404, 405)
    # it is the page's then: alive
    assert call(address, "GET", "/healthz") == (200, b"alive\n")


def asked_and_running(address, pool):
    """A question whose answer the server is working on, as its metrics say; asked again where it was answered before they said so."""
    for _ in range(20):
        asked = pool.submit(call, address, "POST", "/v1/ask", {"question": QUESTION})
        while not asked.done():
            if b"pullquote_line_running 1.0" in call(address, "GET", "/metrics")[1]:
                return asked
            time.sleep(0.01)
    pytest.fail("no question was worked on for as long as it takes to look")


def test_told_to_end_it_answers_what_runs_and_ends_well(tmp_path, encoder):
    index, port = filled(tmp_path, encoder), free_port()
    with (tmp_path / "log").open("w") as out:
        server = subprocess.Popen([sys.executable, "app.py", "--api", "--index", str(index), "--port", str(port)], cwd=ROOT, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(port, lambda: server.poll() is None, tmp_path / "log")
        while call(address, "GET", "/healthz")[0] != 200:
            time.sleep(0.2)
        # a connection on which nothing is asked does not hold it up
        with socket.create_connection(("127.0.0.1", port)), ThreadPoolExecutor(1) as pool:
            asked = asked_and_running(address, pool)
            server.send_signal(signal.SIGTERM)
            assert server.wait(90) == 0
            assert asked.result()[0] in (200, 503)
    finally:
        server.kill()
        server.wait()
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_one_door_alone_is_not_locked(tmp_path):
    (tmp_path / "token").write_text("a-token-that-is-long-enough")
    (tmp_path / "token").chmod(0o600)
    for option in (["--auth", f"me:{tmp_path / 'token'}"], ["--token-file", str(tmp_path / "token")]):
        command = [sys.executable, "-m", "rag", "serve", "--api", "--index", str(tmp_path / "none"), *option]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "give both or neither" in done.stderr
