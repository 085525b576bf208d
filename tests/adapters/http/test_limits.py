"""What is too large, too often or too much at once is refused; who goes gives their place up."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

import httpx
import pytest

from rag import Archive, Settings
from rag.adapters.http.limits import Limits
from rag.errors import InputError
from rag.serving.bearer_tokens import BearerTokens
from tests.adapters.http.conftest import client_of, opened, served
from tests.adapters.http.test_problems import problem
from tests.fakes import CommonWords, HashingEncoder

JSON = {"Content-Type": "application/json"}


def waited_for(condition):
    ends = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def line(client):
    """How many calls of the archive run and wait, as the metrics say."""
    figures = dict(row.rsplit(" ", 1) for row in client.get("/metrics").text.splitlines() if row.startswith("pullquote_line"))
    return int(float(figures["pullquote_line_running"])), int(float(figures["pullquote_line_waiting"]))


def test_a_body_is_counted_as_it_comes(archive):
    client = client_of(opened(archive, body_bytes=1_000))
    body = b'{"question": "' + b"x" * 2_000 + b'"}'
    problem(client.post("/v1/ask", content=body, headers=JSON), 413)
    # a stream has no Content-Length
    problem(client.post("/v1/ask", content=iter([body[:700], body[700:]]), headers=JSON), 413)
    assert client.post("/v1/ask", content=iter([b'{"question": ', b'"When?"}']), headers=JSON).status_code == 200
    assert client.post("/v1/ask", content=b'{"question": "When?"}'.ljust(1_000), headers=JSON).status_code == 200
    problem(client.post("/v1/ask", content=b'{"question": "When?"}'.ljust(1_001), headers=JSON), 413)


def test_a_body_without_end_is_not_read_on(archive):
    with served(opened(archive, body_bytes=10_000)) as address, socket.create_connection(("127.0.0.1", urlsplit(address).port)) as raw:
        raw.settimeout(90)
        # it says that it is short
        raw.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(3):
            raw.sendall(b"1000\r\n" + b" " * 0x1000 + b"\r\n")
            # each piece, which is small enough, is read alone
            time.sleep(0.1)
        assert raw.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_address_may_be_as_long_as_the_longest_question(archive):
    with served(opened(archive)) as address:
        for length, status in ((10_000, b"200"), (10_001, b"422")):
            head = f"GET /v1/articles?words={quote(chr(0x1F309) * length)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            with socket.create_connection(("127.0.0.1", urlsplit(address).port)) as raw:
                raw.settimeout(90)
                # it comes in parts, as over a network
                raw.sendall(head[:100_000])
                time.sleep(0.2)
                raw.sendall(head[100_000:])
                assert raw.recv(100).startswith(b"HTTP/1.1 " + status)


@pytest.fixture
def minute(monkeypatch):
    """The clock stands in the midst of a minute; moved by as many seconds as are put in. Where it goes on, what is left of a rate grows meanwhile."""
    moved = [30.0]
    monkeypatch.setattr(time, "time", lambda: 60.0 * 28_000_000 + sum(moved))
    return moved


@pytest.mark.usefixtures("minute")
def test_a_client_s_rate(archive):
    client = client_of(opened(archive, rate=3))
    answers = [client.get("/v1/articles") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0", "r=0"]
    assert answers[0].headers["ratelimit-policy"] == '"requests";q=3;w=60'
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60
    problem(answers[3], 429)
    assert client.get("/healthz").status_code == 200
    assert client_of(opened(archive, rate=3), client=("192.0.2.1", 1)).get("/v1/articles").status_code == 200


@pytest.mark.usefixtures("minute")
def test_clients_do_not_share_a_rate(archive):
    door = opened(archive, rate=2)
    for client in (client_of(door, client=(f"192.0.2.{n}", 1)) for n in range(3)):
        assert [client.get("/v1/articles").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.usefixtures("minute")
@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("testclient", "other", False),
    ],
)
def test_one_home_has_one_rate(archive, one, other, shared):
    door = opened(archive, rate=1)
    assert client_of(door, client=(one, 1)).get("/v1/articles").status_code == 200
    assert client_of(door, client=(other, 1)).get("/v1/articles").status_code == (429 if shared else 200)


@pytest.mark.usefixtures("minute")
def test_a_rate_is_one_for_all_addresses_and_connections(archive):
    with served(opened(archive, rate=4)) as address:
        # each on a connection of its own
        paths = ["/v1/articles", "/metrics", "/v1/ask?question=a", "/v1/nothing", "/v1/articles", "/v1/search?query=a", "/metrics"]
        assert [httpx.get(address + path, timeout=90).status_code for path in paths] == [200, 200, 200, 404, 429, 429, 429]


def test_a_rate_is_whole_again_after_its_minute(archive, minute):
    client = client_of(opened(archive, rate=2))
    assert [client.get("/v1/articles").status_code for _ in range(3)] == [200, 200, 429]
    # the window slides: two minutes later nothing of it is left
    minute.append(121)
    assert [client.get("/v1/articles").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.usefixtures("minute")
def test_a_token_has_its_rate_wherever_it_comes_from_and_guessing_has_one_too(archive):
    tokens = ["first-token-of-two-0001", "second-token-of-two-0002"]
    door = opened(archive, BearerTokens(tokens), rate=2)

    def asked(token, host):
        return client_of(door, client=(host, 1)).get("/v1/articles", headers={"Authorization": f"Bearer {token}"}).status_code

    # who guesses is held back, and nobody else with them
    assert [asked(f"guess-{n}", "192.0.2.1") for n in range(4)] == [401, 401, 429, 429]
    assert [asked(tokens[0], f"192.0.2.{n}") for n in range(1, 4)] == [200, 200, 429]
    assert [asked(tokens[1], "192.0.2.1") for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("wrong", [{"at_once": 0}, {"waiting": -1}, {"rate": -1}, {"body_bytes": 0}])
def test_limits_that_are_none_are_named(wrong):
    with pytest.raises(InputError, match="it is at least"):
        Limits(**wrong)


def test_beyond_its_places_it_refuses_at_once_and_is_well_again(slow_archive, slow):
    with served(opened(slow_archive, at_once=2, waiting=3)) as address, httpx.Client(base_url=address, timeout=180) as client:
        waited_for(lambda: client.get("/healthz").status_code == 200)
        with ThreadPoolExecutor(50) as pool:
            asked = [pool.submit(client.get, "/v1/ask", params={"question": f"slow {n}"}) for n in range(5)]
            waited_for(lambda: line(client) == (2, 3))
            # ten times what it has places for, four at a time; they do not wait for those who have a place
            with ThreadPoolExecutor(4) as crowd:
                refusals = list(crowd.map(lambda _: client.get("/v1/ask", params={"question": "slow"}), range(50)))
            assert not any(answer.done() for answer in asked)
            for response in refusals:
                problem(response, 503)
                assert int(response.headers["retry-after"]) > 0
            assert client.get("/healthz").status_code == 200
            slow.go.set()
            assert [answer.result().status_code for answer in asked] == [200] * 5
        assert client.get("/v1/ask", params={"question": "slow"}).status_code == 200
        assert line(client) == (0, 0)
        assert 'pullquote_http_refusals_total{reason="busy"} 5' in client.get("/metrics").text


def test_who_goes_while_waiting_gives_their_place_up(slow_archive, slow):
    with served(opened(slow_archive, at_once=1, waiting=1)) as address, httpx.Client(base_url=address, timeout=180) as client:
        waited_for(lambda: client.get("/healthz").status_code == 200)
        raws = []
        for n in range(2):
            raw = socket.create_connection(("127.0.0.1", urlsplit(address).port))
            raw.sendall(f"GET /v1/ask?question=slow{n} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            raws.append(raw)
            waited_for(lambda n=n: line(client) == (1, n))
        assert client.get("/v1/articles").status_code == 503
        raws[1].close()
        waited_for(lambda: line(client) == (1, 0))
        raws[0].close()
        # what runs in a thread runs on, and keeps its place
        time.sleep(0.3)
        assert line(client) == (1, 0)
        slow.go.set()
        waited_for(lambda: line(client) == (0, 0))


def test_a_door_that_closes_answers_what_runs_and_refuses_what_waits(slow_archive, slow):
    door = opened(slow_archive, at_once=1, waiting=5)
    with served(door) as address, httpx.Client(base_url=address, timeout=180) as client:
        waited_for(lambda: client.get("/healthz").status_code == 200)
        with ThreadPoolExecutor(2) as pool:
            running = pool.submit(client.get, "/v1/ask", params={"question": "slow one"})
            assert slow.reached.acquire(timeout=90)
            waiting = pool.submit(client.get, "/v1/ask", params={"question": "slow two"})
            waited_for(lambda: line(client) == (1, 1))
            door.close()
            problem(waiting.result(90), 503)
            problem(client.get("/v1/articles"), 503)
            problem(client.get("/healthz"), 503)
            threading.Timer(0.2, slow.go.set).start()
            assert running.result(90).status_code == 200


def test_it_is_ready_only_when_the_model_is_loaded(tmp_path):
    loaded = threading.Event()

    class Loading(HashingEncoder):
        """Says what it is, for which a real model has to be loaded, only when it is let go."""

        @property
        def identity(self):
            assert loaded.wait(180)
            return self._identity

        @identity.setter
        def identity(self, given):
            self._identity = given

    with Archive.open(tmp_path / "index", Settings(), Loading(), CommonWords()) as archive:
        client = client_of(opened(archive))
        for _ in range(3):
            early = client.get("/healthz")
            problem(early, 503)
            assert int(early.headers["retry-after"]) > 0
        loaded.set()
        waited_for(lambda: client.get("/healthz").status_code == 200)
