"""The door over HTTP: the official client gets in, strangers and rebound names do not, and without a token nobody."""

import asyncio
import http.client
import json
import re
import signal
import subprocess
import sys

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from rag import render
from rag.adapters.mcp.results import NOTICE
from rag.errors import InputError
from rag.serving.bearer_tokens import BearerTokens
from tests.adapters.mcp.conftest import checked, running
from tests.conftest import ROOT

TOKENS = ["first-token-of-a-friend", "second-token_of.a~friend+/=="]
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


def send(port, headers, *, modern=False, method="POST", body=None):
    """A tool call as raw HTTP: status and body. `headers` are sent as they are, one name several times too."""
    params = {"name": "read_article", "arguments": {"id": "a"}, **({"_meta": META} if modern else {})}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode() if body is None else body
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.putrequest(method, "/mcp", skip_host=True, skip_accept_encoding=True)
    version = [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "read_article")] if modern else []
    fixed = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"), ("Content-Length", str(len(body)))]
    for name, value in [*fixed, *version, *headers]:
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


HOSTS = {
    "127.0.0.1:{port}": True,
    "localhost:{port}": True,
    "[::1]:{port}": True,
    "archive.example.org": True,
    "127.0.0.1": False,
    "localhost:1": False,
    "rebound.example:{port}": False,
    "127.0.0.1.rebound.example:{port}": False,
    "localhost.rebound.example:{port}": False,
    "user@localhost:{port}": False,
    "localhost:{port}@rebound.example": False,
    "0.0.0.0:{port}": False,
    "2130706433:{port}": False,
    "": False,
}
ORIGINS = {
    None: True,
    "http://127.0.0.1:{port}": True,
    "https://archive.example.org": True,
    "http://rebound.example:{port}": False,
    "http://localhost.rebound.example": False,
    "http://localhost": False,
    "null": False,
    "file://": False,
}


@pytest.mark.parametrize("modern", [False, True], ids=["handshake era", "2026-07-28"])
def test_a_stranger_makes_no_tool_call(counting, modern):
    strangers = friends = 0
    with running(counting, allowed=["archive.example.org"]) as port:
        for host, known in HOSTS.items():
            for origin, trusted in ORIGINS.items():
                headers = [("Host", host.format(port=port)), *([("Origin", origin.format(port=port))] if origin else [])]
                before = counting.reached
                status, body = send(port, headers, modern=modern)
                if known and trusted:
                    friends += 1
                    assert (status, counting.reached) == (200, before + 1), (headers, body)
                    assert "The bridge was opened" in body
                else:
                    strangers += 1
                    assert (status in (400, 403, 421), counting.reached) == (True, before), (headers, status)
                    assert "bridge" not in body
        for doubled in ([("Host", f"localhost:{port}"), ("Host", "rebound.example")], []):
            assert send(port, doubled, modern=modern)[0] in (400, 421)
    assert (friends, strangers) == (12, 100)
    assert counting.reached == friends


@pytest.mark.parametrize("modern", [False, True], ids=["handshake era", "2026-07-28"])
def test_without_a_token_nobody_is_answered(counting, modern):
    with running(counting, tokens=BearerTokens(TOKENS)) as port:
        host = ("Host", f"localhost:{port}")
        wrong = ["", "Bearer", "Bearer ", f"Bearer {TOKENS[0]}x", f"Bearer {TOKENS[0][:-1]}", f"Bearer {TOKENS[0].upper()}", f"Basic {TOKENS[0]}",
                 TOKENS[0], f"Bearer {TOKENS[0]}, {TOKENS[1]}", "Bearer \xe9\xff"]  # fmt: skip
        for value in [None, *wrong]:
            headers = [host, *([("Authorization", value)] if value is not None else [])]
            status, body = send(port, headers, modern=modern)
            assert (status, json.loads(body)["error"]) == (401, "invalid_token"), value
        assert send(port, [host, ("Authorization", "Bearer wrong")], method="GET")[0] in (401, 405)
        assert counting.reached == 0
        for token in TOKENS:
            assert send(port, [host, ("Authorization", f"Bearer {token}")], modern=modern)[0] == 200
        assert send(port, [("Host", "rebound.example"), ("Authorization", f"Bearer {TOKENS[0]}")], modern=modern)[0] == 421
        assert counting.reached == len(TOKENS)


def test_large_bodies_and_other_methods_are_refused(counting):
    with running(counting) as port:
        host = [("Host", f"localhost:{port}")]
        assert send(port, host, body=b"x" * 256 * 1024)[0] == 400
        assert send(port, host, body=b"x" * (256 * 1024 + 1))[0] == 413
        for method in ("GET", "DELETE", "PUT", "OPTIONS", "HEAD"):
            assert send(port, host, method=method, body=b"")[0] == 405
    assert counting.reached == 0


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_gets_in_with_a_token(counting, mode):
    async def calling(url):
        web = httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKENS[1]}"}, timeout=120)
        async with web, Client(streamable_http_client(url, http_client=web), mode=mode) as client:
            return await checked(client, "read_article", {"id": "a"})

    with running(counting, tokens=BearerTokens(TOKENS)) as port:
        result = asyncio.run(calling(f"http://127.0.0.1:{port}/mcp"))
    assert result.structured_content["text"] == counting.article("a").text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_command_serves_until_ctrl_c(seeds, mode):
    process = subprocess.Popen(
        [sys.executable, "-m", "rag", "mcp", "--http", "--port", "0", "--index", str(seeds._store._folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/mcp", process.stdout.readline())

        async def calling():
            async with Client(url, mode=mode) as client:
                return await checked(client, "ask", {"question": "How many overseas police stations are there?"})

        got = asyncio.run(calling()).structured_content
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=120)
    finally:
        process.kill()
    expected = json.loads(json.dumps(render.answer_json(seeds.ask("How many overseas police stations are there?"))))
    assert {**got, "seconds": 0} == {"notice": NOTICE, **expected, "seconds": 0}
    assert process.returncode == 130
    assert "Traceback" not in error


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "rag", "mcp", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--token-file", "tokens"], "--token-file is for HTTP; add --http"),
        (["--port", "1"], "--port is for HTTP; add --http"),
        (["--http", "--port", "99999"], "port 99999 on 127.0.0.1 cannot be used"),
        (["--http", "--token-file", "nowhere"], "the token file nowhere cannot be read"),
    ],
)
def test_what_cannot_be_served_is_named(arguments, message):
    done = run(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("short\n", "line 1 of the token file"),
        ("a-good-enough-token\nwith a space in it\n", "line 2 of"),
        ("é" * 20, "is not ASCII text"),
    ],
)
def test_a_token_file_that_lets_in_the_wrong_is_refused(tmp_path, content, message):
    path = tmp_path / "tokens"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(InputError, match=message) as caught:
        BearerTokens.read(str(path))
    assert "space" not in str(caught.value)


@pytest.mark.parametrize(("more", "who"), [([], "everybody who reaches it"), (["--token-file", "tokens"], "whoever has a token")])
def test_listening_beyond_this_machine_is_said_loudly(tmp_path, more, who):
    (tmp_path / "tokens").write_text(TOKENS[0])
    (tmp_path / "tokens").chmod(0o600)
    command = [sys.executable, "-m", "rag", "mcp", "--http", "--host", "0.0.0.0", "--port", "0", "--allow-host", "archive.example.org", *more]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline().startswith("Pullquote's MCP door is at http://0.0.0.0:")
        warning = process.stderr.readline()
    finally:
        process.kill()
        process.communicate()
    assert warning.startswith("WARNING: 0.0.0.0 is not only this machine's.")
    assert who in warning
    assert "under the names archive.example.org" in warning
