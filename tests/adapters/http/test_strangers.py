"""Host and Origin, DNS rebinding among them: a stranger gets no answer from any route."""

import asyncio
from itertools import product

import pytest

from rag.hosts import answered_names, stranger
from tests.adapters.http.conftest import opened

OWN = [b"127.0.0.1:7860", b"localhost:7860", b"[::1]:7860"]
FOREIGN_HOSTS = [b"evil.example", b"evil.example:7860", b"127.0.0.1.evil.example:7860", b"localhost.evil.example", b"169.254.169.254", b"[", b""]
FOREIGN_ORIGINS = [b"https://evil.example", b"http://127.0.0.1:1", b"http://localhost.evil.example:7860", b"null", b"http://[", b"file://"]
# rebinding: the page of evil.example asks its own name, which leads here
COMBINATIONS = [
    *((host, None) for host in FOREIGN_HOSTS),
    *((host, b"http://" + host) for host in FOREIGN_HOSTS[:5]),
    *product(OWN, FOREIGN_ORIGINS),
    *product(FOREIGN_HOSTS[:2], FOREIGN_ORIGINS[:5]),
]


def get(door, path, headers):
    """The status of a request with these very headers."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers,
        "scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 7860), "root_path": "",
    }  # fmt: skip
    asyncio.new_event_loop().run_until_complete(door(scope, receive, send))
    return sent[0]["status"]


@pytest.fixture
def door(archive):
    door = opened(archive)
    yield door
    door.close()


def test_there_are_forty_combinations():
    assert len(set(COMBINATIONS)) == 40


@pytest.mark.parametrize(("host", "origin"), COMBINATIONS)
def test_a_stranger_is_not_answered(door, host, origin):
    headers = [(b"host", host), *([(b"origin", origin)] if origin is not None else [])]
    assert {get(door, path, headers) for path in ("/healthz", "/metrics", "/v1/openapi.json", "/v1/articles", "/v1/nothing")} == {403}


@pytest.mark.parametrize("host", OWN)
def test_its_own_names_are(door, host):
    assert get(door, "/healthz", [(b"host", host)]) in (200, 503)
    assert get(door, "/v1/openapi.json", [(b"host", host), (b"origin", b"http://" + host)]) == 200


@pytest.mark.parametrize("headers", [[], [(b"host", OWN[0]), (b"host", b"evil.example")], [(b"host", b"evil.example"), (b"Host", OWN[0])]])
def test_no_host_and_two_hosts_are_not(door, headers):
    assert get(door, "/metrics", headers) == 403


def test_on_a_network_any_name_may_be_its_own_but_no_other_origin():
    assert answered_names("0.0.0.0") == ()
    assert stranger([(b"host", b"archive.example")], ()) == ""
    assert stranger([(b"host", b"archive.example"), (b"origin", b"https://evil.example")], ())


def test_no_site_is_told_that_it_may_ask(client):
    response = client.options("/v1/ask", headers={"Origin": "http://127.0.0.1:7860", "Access-Control-Request-Method": "POST"})
    assert response.status_code == 405
    assert not [name for name in response.headers if name.startswith("access-control")]
