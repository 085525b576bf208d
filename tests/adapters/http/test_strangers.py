"""Host and Origin, DNS rebinding among them: a stranger gets no answer from any route."""

import http.client
import json
import socket
from itertools import product
from urllib.parse import urlsplit

import pytest

from rag.errors import InputError
from rag.serving.hosts import answered_names, stranger
from tests.adapters.http.conftest import REQUESTS, opened, served, status

OWN = [b"127.0.0.1:7860", b"localhost:7860", b"[::1]:7860"]
FOREIGN_HOSTS = [b"evil.example", b"evil.example:7860", b"127.0.0.1.evil.example:7860", b"localhost.evil.example", b"169.254.169.254", b"[", b""]
# names that end with its own
FOREIGN_HOSTS += [b"evil.localhost:7860", b"evil-localhost:7860", b"1127.0.0.1:7860"]
FOREIGN_ORIGINS = [b"https://evil.example", b"http://127.0.0.1:1", b"http://localhost.evil.example:7860", b"null", b"http://[", b"file://"]
# rebinding: the page of evil.example asks its own name, which leads here
COMBINATIONS = [
    *((host, None) for host in FOREIGN_HOSTS),
    *((host, b"http://" + host) for host in FOREIGN_HOSTS[:5]),
    *product(OWN, FOREIGN_ORIGINS),
    *product(FOREIGN_HOSTS[:2], FOREIGN_ORIGINS[:5]),
]


@pytest.fixture
def door(counting):
    door = opened(counting)
    yield door
    door.close()


def test_there_are_forty_combinations_and_more():
    assert len(set(COMBINATIONS)) == 43


@pytest.mark.parametrize(("host", "origin"), COMBINATIONS)
def test_a_stranger_is_not_answered(door, counting, host, origin):
    headers = [(b"host", host), *([(b"origin", origin)] if origin is not None else [])]
    others = [("GET", "/v1/openapi.json", None), ("GET", "/v1/nothing", None), ("OPTIONS", "/v1/ask", None), ("HEAD", "/metrics", None)]
    for method, address, body in [*((method, *request) for (method, _), request in REQUESTS.items()), *others]:
        assert status(door, method, address, headers, body) == 403, (method, address)
    assert counting.reached == 0


@pytest.mark.parametrize("host", OWN)
def test_its_own_names_are(door, counting, host):
    for headers in ([(b"host", host)], [(b"host", host), (b"origin", b"http://" + host)]):
        counting.reached = 0
        statuses = {request: status(door, request[0], address, headers, body) for request, (address, body) in REQUESTS.items()}
        # the model may still load
        assert statuses.pop(("GET", "/healthz")) in (200, 503)
        assert set(statuses.values()) == {200}
        # all but the metrics
        assert counting.reached == 7


@pytest.mark.parametrize("headers", [[], [(b"host", OWN[0]), (b"host", b"evil.example")], [(b"host", b"evil.example"), (b"Host", OWN[0])]])
def test_no_host_and_two_hosts_are_not(door, counting, headers):
    assert status(door, "GET", "/metrics", headers) == status(door, "POST", "/v1/ask", headers, {"question": "When?"}) == 403
    assert counting.reached == 0


def test_over_a_socket_no_stranger_gets_through_either(door, counting):
    with served(door) as address:
        port = urlsplit(address).port

        def sent(path, body, host, origin):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
            connection.putrequest("POST", path, skip_host=True)
            content = json.dumps(body).encode()
            named = [("Host", host), *([("Origin", origin)] if origin is not None else [])]
            for name, value in [*named, ("Content-Type", "application/json"), ("Content-Length", str(len(content)))]:
                connection.putheader(name, value)
            connection.endheaders(content)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
            return answer.status, text

        posted = [request for (method, _), request in REQUESTS.items() if method == "POST"]
        assert len(posted) == 3
        for (host, origin), (path, body) in product(COMBINATIONS, posted):
            code, text = sent(path, body, host, origin)
            # the server itself refuses what is no Host at all
            assert code in (400, 403), (host, origin, path)
            assert b"bridge" not in text
        assert counting.reached == 0
        for path, body in posted:
            assert sent(path, body, f"localhost:{port}".encode(), f"http://localhost:{port}".encode())[0] == 200
        assert counting.reached == len(posted)


ON_A_NETWORK = answered_names("0.0.0.0", ["Archive.example"])


@pytest.mark.parametrize(
    "host", ["192.0.2.7:7860", "[2001:db8::7]:7860", "archive.example", "ARCHIVE.example:7860", "localhost:7860", socket.gethostname()]
)
def test_on_a_network_it_answers_to_addresses_and_to_names_that_it_was_given(host):
    assert stranger([(b"host", host.encode())], ON_A_NETWORK) == ""
    assert stranger([(b"host", host.encode()), (b"origin", f"https://{host}".encode())], ON_A_NETWORK) == ""
    assert stranger([(b"host", host.encode()), (b"origin", b"https://evil.example")], ON_A_NETWORK)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.archive.example", "192.0.2.7.evil.example", "7", "any address", "", "evil@localhost", "localhost/evil"]
)
def test_on_a_network_another_name_is_a_stranger_s(host):
    assert "--allow-host" in stranger([(b"host", host.encode())], ON_A_NETWORK)
    # an empty host to listen on is every address of this machine
    assert "--allow-host" in stranger([(b"host", host.encode())], answered_names(""))


@pytest.mark.parametrize("name", ["https://archive.example", "archive.example:8000", "archive.example/", "a@b", "any address:1", ""])
def test_a_name_that_is_more_than_a_name_cannot_be_allowed(name):
    with pytest.raises(InputError, match="without https://, port and path"):
        answered_names("0.0.0.0", [name])


@pytest.mark.parametrize(("site", "mode", "answered"), [
    ("cross-site", "no-cors", False), ("cross-site", "cors", False), ("cross-site", "navigate", True),
    ("same-origin", "cors", True), ("none", "navigate", True),
])  # fmt: skip
def test_what_another_site_s_page_loads_is_not_answered_but_its_links_are(client, site, mode, answered):
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
    assert client.get("/v1/search", params={"query": "bridge"}, headers=headers).status_code == (200 if answered else 403)


def test_no_site_is_told_that_it_may_ask(client):
    response = client.options("/v1/ask", headers={"Origin": "http://127.0.0.1:7860", "Access-Control-Request-Method": "POST"})
    assert response.status_code == 405
    assert not [name for name in response.headers if name.startswith("access-control")]
