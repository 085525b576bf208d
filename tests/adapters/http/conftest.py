"""Doors over real archives, asked as ASGI apps or over a socket."""

import asyncio
import json
import threading
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi.testclient import TestClient

from rag import Archive, Settings
from rag.adapters.http.door import Door
from rag.adapters.http.limits import Limits
from rag.serving.doorway import configured
from rag.serving.hosts import THIS_MACHINE
from rag.serving.listening import listening
from tests.fakes import CommonWords, HashingEncoder

ADDRESS = "http://127.0.0.1:7860"
# a request of each operation that is answered with 200, if at all, from an archive that has the article `a`
REQUESTS = {
    ("POST", "/v1/ask"): ("/v1/ask", {"question": "When was the bridge opened?"}),
    ("GET", "/v1/ask"): ("/v1/ask?question=bridge", None),
    ("POST", "/v1/search"): ("/v1/search", {"query": "bridge"}),
    ("GET", "/v1/search"): ("/v1/search?query=bridge", None),
    ("GET", "/v1/find"): ("/v1/find?query=bridge", None),
    ("POST", "/v1/verify"): ("/v1/verify", {"quotes": [{"article": {"id": "a"}}]}),
    ("GET", "/v1/articles"): ("/v1/articles", None),
    ("GET", "/v1/articles/{id}"): ("/v1/articles/a", None),
    ("GET", "/v1/briefing"): ("/v1/briefing", None),
    ("GET", "/v1/briefing.atom"): ("/v1/briefing.atom", None),
    ("GET", "/healthz"): ("/healthz", None),
    ("GET", "/metrics"): ("/metrics", None),
}


def client_of(door, **options):
    return TestClient(door, base_url=ADDRESS, raise_server_exceptions=False, **options)


def opened(archive, tokens=None, **limits):
    return Door(archive, hosts=THIS_MACHINE, tokens=tokens, limits=Limits(**{"rate": 0, **limits}))


@pytest.fixture(scope="session")
def client(seeds):
    """The API over the seeds."""
    door = opened(seeds)
    yield client_of(door)
    door.close()


def status(door, method, address, headers, body=None):
    """The status of a request with these very headers, sent to the app itself: no server in front refuses it first."""
    path, _, query = address.partition("?")
    sent = []

    async def called():
        left = [{"type": "http.request", "body": json.dumps(body).encode() if body else b"", "more_body": False}]

        async def receive():
            # then the client waits, and stays
            return left.pop() if left else await asyncio.Event().wait()

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(), "scheme": "http",
            "headers": [*headers, (b"content-type", b"application/json")], "http_version": "1.1", "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 7860), "root_path": "",
        }  # fmt: skip
        await door(scope, receive, send)

    asyncio.run(called())
    return sent[0]["status"]


@contextmanager
def served(door):
    """The door on a port of its own; its address."""
    with listening("127.0.0.1", 0) as socket:
        server = uvicorn.Server(configured(door))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(90)


class SlowEncoder(HashingEncoder):
    """Reads a question that has "slow" in it only when it is let go."""

    def __init__(self):
        super().__init__()
        self.go = threading.Event()
        self.reached = threading.Semaphore(0)

    def encode(self, texts):
        if any("slow" in text for text in texts):
            self.reached.release()
            assert self.go.wait(180)
        return super().encode(texts)


@pytest.fixture
def slow():
    encoder = SlowEncoder()
    yield encoder
    encoder.go.set()


@pytest.fixture
def slow_archive(tmp_path, slow, make):
    with Archive.open(tmp_path / "index", Settings(), slow, CommonWords()) as archive:
        archive.add([make("bridge", "The bridge opened in 1932. It has two towers.")])
        yield archive
        # what still runs needs the archive
        slow.go.set()
