"""Connections that never finish a request keep nobody out, and requests take as long as they may: at every door, over real sockets."""

import json
import resource
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import gradio
import pytest

from rag import Archive, Settings, article
from rag.serving.connections import ANSWER_SECONDS, BODY_SECONDS, HEAD_SECONDS, MOST_OF_ONE
from tests.adapters.mcp.conftest import running
from tests.fakes import CommonWords, HashingEncoder
from tests.flood import PATIENCE, flooded, received, timed, until_closed, until_given_up
from tests.web.conftest import HASHING, served

IDLE, SLOW, SECONDS = 300, 300, 12
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "read_article", "arguments": {"id": "a"}}}
GOOD = {
    "page": ("GET", "/", None, {}),
    "api": ("POST", "/v1/ask", json.dumps({"question": "When was the bridge opened?"}), JSON),
    "mcp": ("POST", "/mcp", json.dumps(CALL), JSON),
}
# each with a whole head and the first byte of a body
UNFINISHED = {
    "page": "POST /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
    "api": "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
    "mcp": "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nAccept: */*\r\nContent-Length: 100\r\n\r\n{{",
}
UPLOAD = (
    "POST /gradio_api/upload?upload_id=slow HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9999\r\n"
    "Content-Type: multipart/form-data; boundary=cut\r\n\r\n"
    '--cut\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nx'
)
ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
LARGE = max(ASSETS.iterdir(), key=lambda asset: asset.stat().st_size).name


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    """The port of each door: a process with the page and the API, and the assistant's server in this one."""
    folder = tmp_path_factory.mktemp("doors")
    with Archive.open(folder / "index", Settings(), HashingEncoder(), CommonWords()) as archive:
        archive.add([article("a", "Bridge", "The bridge was opened in 1932.")])
        with served(folder / "index", folder / "log", "--api", "--rate", "0", program=HASHING) as address, running(archive) as mcp:
            port = urlsplit(address).port
            yield {"page": port, "api": port, "mcp": mcp}


@pytest.fixture
def many_files():
    """More files than a program may usually have open, for a crowd at each door and the server that runs in here."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 8_192, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# the page and the API are one server's
@pytest.mark.parametrize("doors", [("page", "api"), ("mcp",), ("page", "api", "mcp")], ids="-".join)
def test_a_good_request_is_answered_while_hundreds_of_connections_wait(ports, many_files, doors):
    taken = {door: [] for door in doors}
    # the second of two, since a first one loads what it needs
    alone = {door: [timed(ports[door], *GOOD[door])[1] for _ in range(2)][1] for door in doors}
    with ExitStack() as crowds:
        crowd = [one for port in {ports[door] for door in doors} for one in crowds.enter_context(flooded(port, idle=IDLE, slow=SLOW))]
        ended = time.monotonic() + SECONDS

        def came_back():
            return sum(one.opened for one in crowd) > len(crowd)

        while time.monotonic() < ended or (not came_back() and time.monotonic() < ended + 10 * SECONDS):
            for door in doors:
                # who waits for a crowd to be closed waits for longer, on a slow machine by as much as that is slow without one
                status, seconds = timed(ports[door], *GOOD[door], patience=HEAD_SECONDS + 20 * alone[door])
                assert status == 200
                taken[door].append(seconds)
            time.sleep(0.1)
        # the crowds came back as often as they were closed
        assert came_back()
    for door, seconds in taken.items():
        print(f"{door}, of {len(crowd)} connections: {len(seconds)} requests, the slowest took {max(seconds):.2f} s")


@pytest.fixture(scope="module")
def slow_body(ports):
    """What a body is answered that keeps coming for over half a minute, of half the bytes a second that are enough for ever.

    It is on its way while the next test waits for as long.
    """
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(answer_to_a_slow_body, ports["api"])


def answer_to_a_slow_body(port):
    body = json.dumps({"question": "When?", "sources": ["x" * 999] * 1_000}).encode()
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.settimeout(PATIENCE)
        head = f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        slow.sendall(head.encode())
        began = time.monotonic()
        for second, start in enumerate(range(0, len(body), 30_000), 1):
            slow.sendall(body[start : start + 30_000])
            # by the clock: what sending takes itself makes the body no slower
            time.sleep(max(0, began + second - time.monotonic()))
        return slow.recv(12)


@pytest.mark.usefixtures("slow_body")
def test_a_head_has_to_come_in_time_and_a_body_and_the_taking_of_an_answer(ports):
    began = time.monotonic()
    with ExitStack() as opened:
        heads, bodies = ([opened.enter_context(socket.create_connection(("127.0.0.1", port))) for port in ports.values()] for _ in range(2))
        for head in heads:
            head.sendall(b"GET / HTTP/1.1\r\nHost: ")
        for body, (door, port) in zip(bodies, ports.items(), strict=True):
            body.sendall(UNFINISHED[door].format(port=port).encode())
        unread = opened.enter_context(socket.socket())
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        unread.connect(("127.0.0.1", ports["api"]))
        # more than the machine itself would keep for a reader
        unread.sendall(f"GET /assets/{LARGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * 20)
        # a server counts from when it has a connection, which is later; heads are closed long before a body would be
        assert all(until_closed(head, began + BODY_SECONDS - 2 - time.monotonic()) is not None for head in heads)
        assert time.monotonic() - began > HEAD_SECONDS - 1
        assert all(until_closed(body, PATIENCE) is not None for body in bodies)
        assert time.monotonic() - began > BODY_SECONDS - 1
        until_given_up(unread, ANSWER_SECONDS + PATIENCE)
        # what was on the way comes, then nothing
        assert 0 < sum(map(len, iter(lambda: received(unread), b""))) < 20 * (ASSETS / LARGE).stat().st_size


def test_a_body_that_keeps_coming_is_taken_and_so_is_an_answer_that_is(slow_body):
    assert slow_body.result().startswith(b"HTTP/1.1 ")


def test_who_opens_streams_of_events_leaves_room_for_others(ports):
    """Streams are never closed for others, so one client has only so many of them; these tell how far an upload is that does not go on."""
    port = ports["page"]
    with ExitStack() as opened:

        def sent(request, client):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port), source_address=(client, 0)))
            connection.settimeout(PATIENCE)
            connection.sendall(request.format(port=port).encode())
            return connection

        sent(UPLOAD, "127.0.0.3")
        progress = "GET /gradio_api/upload_progress?upload_id=slow HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        streams = [sent(progress, "127.0.0.1") for _ in range(MOST_OF_ONE + 20)]
        # each is told of its upload or closed
        told = [received(stream) for stream in streams]
        assert sent("GET /theme.css HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", "127.0.0.2").recv(12) == b"HTTP/1.1 200"
        assert told.count(b"") == 20
        assert sum(first == b"" or until_closed(stream, 0.01) is not None for first, stream in zip(told, streams, strict=True)) == 20
