"""Two servers over one archive behind a real HAProxy with the configuration that ships (`docs/deploy/haproxy.cfg`)."""

import asyncio
import http.client
import json
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from benchmarks.visitors import config, events, outputs
from tests.conftest import ROOT
from tests.web.conftest import HASHING, ask, bridge, free_port, served, visit, wait_for

CONFIGURATION = ROOT / "docs" / "deploy" / "haproxy.cfg"
QUESTION = "When was the bridge opened?"
# so few that many requests are refused also where they take a minute
RATE = 5


@pytest.fixture(scope="module")
def haproxy():
    found = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if found is None:
        pytest.skip("there is no HAProxy on this machine (Debian: apt-get install haproxy)")
    return found


@contextmanager
def in_front(haproxy, log, *servers):
    """HAProxy in front of two servers; its address."""
    port = free_port()
    places = dict(zip(("PULLQUOTE_ONE", "PULLQUOTE_TWO"), (urlsplit(server).netloc for server in servers), strict=True))
    with log.open("w") as out:
        command = [haproxy, "-db", "-f", str(CONFIGURATION)]
        proxy = subprocess.Popen(command, env={**os.environ, "PULLQUOTE_BIND": f"127.0.0.1:{port}", **places}, stdout=out, stderr=out)
    try:
        wait_for(port, lambda: proxy.poll() is None, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        proxy.terminate()
        proxy.wait(120)


@contextmanager
def two(haproxy, folder, *options):
    """The proxy's address, then those of the servers, once both are ready."""
    index, proxied = bridge(folder), ("--proxy", "127.0.0.1", *options)
    with served(index, folder / "one.log", *proxied, program=HASHING) as one, served(index, folder / "two.log", *proxied, program=HASHING) as other:
        for server in (one, other):
            until(lambda server=server: call(server, "/readyz")[0] == 200)
        with in_front(haproxy, folder / "proxy.log", one, other) as address:
            yield address, one, other


@pytest.fixture(scope="module")
def proxied(haproxy, tmp_path_factory):
    with two(haproxy, tmp_path_factory.mktemp("proxied"), "--api", "--rate", str(RATE)) as found:
        yield found


def until(true, seconds=120):
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.1)


def call(address, path, **headers):
    with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=120)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("set-cookie") or "", answer.read()


async def visitor(address, name):
    """One visitor's conversation of three questions; the server that the cookie names, and whether each answer had all turns before it."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        opening, asking, conversation = events(config((await client.get("/")).text))
        await outputs(client, opening, name, [None])
        whole = []
        for number in range(3):
            shown = await outputs(client, asking, name, [None, f"{QUESTION} {name}"])
            whole.append(f'data-kept="{number}"' in str(shown[conversation]) and name in str(shown[conversation]))
        return client.cookies["pullquote_server"], all(whole)


def test_each_visitor_stays_with_one_server_and_both_have_some(proxied):
    async def all_of_them():
        return await asyncio.gather(*(visitor(proxied[0], f"visitor{n}") for n in range(6)))

    found = asyncio.run(all_of_them())
    assert all(whole for _, whole in found)
    assert set(Counter(server for server, _ in found)) == {"one", "two"}


def test_a_step_is_lost_where_its_answer_is_asked_of_another_server(proxied):
    """Why the cookie has to be."""
    _, one, other = proxied

    async def parted():
        async with httpx.AsyncClient(base_url=one, timeout=120) as here, httpx.AsyncClient(base_url=other, timeout=120) as there:
            opening, *_ = events(config((await here.get("/")).text))
            sent = {"data": [None], "fn_index": opening, "session_hash": "parted"}
            assert (await here.post("/gradio_api/queue/join", json=sent)).status_code == 200
            async with there.stream("GET", "/gradio_api/queue/data", params={"session_hash": "parted"}) as stream:
                return await anext(stream.aiter_lines())

    assert json.loads(asyncio.run(parted()).removeprefix("data:"))["session_not_found"] is True


def test_a_person_with_a_browser_asks_through_the_proxy(browser, proxied):
    with visit(browser, proxied[0]) as page:
        assert "1932" in ask(page, QUESTION).inner_text()
        assert "1932" in ask(page, "And when was it opened?").inner_text()


def test_the_proxy_tells_who_a_client_is_whatever_that_says_and_keeps_what_is_each_servers_own(proxied):
    address = proxied[0]
    began = time.monotonic()
    statuses = Counter(call(address, "/v1/articles", **{"X-Forwarded-For": f"198.51.100.{n}"})[0] for n in range(60))
    minutes = (time.monotonic() - began) / 60
    # two servers let one client in so often a minute each, and once more as a minute ends, however many others it says that it is
    assert statuses[200] <= 2 * (RATE + RATE * minutes + 1)
    assert statuses[429] >= 20
    assert {call(address, path)[0] for path in ("/metrics", "/%6Detrics", "/%6d%65trics")} == {404}
    assert re.fullmatch(r"pullquote_server=(one|two); path=/; HttpOnly; SameSite=Lax", call(address, "/")[1])


def test_where_a_server_ends_its_visitors_go_on_at_the_other(haproxy, tmp_path):
    with ExitStack() as first:
        index = bridge(tmp_path)
        with served(index, tmp_path / "two.log", program=HASHING) as other:
            one = first.enter_context(served(index, tmp_path / "one.log", program=HASHING))
            with in_front(haproxy, tmp_path / "proxy.log", one, other) as address:
                assert call(address, "/", Cookie="pullquote_server=one")[:2] == (200, "")
                first.close()
                # before the proxy has missed it
                statuses = [call(address, "/theme.css", Cookie=f"pullquote_server={name}")[0] for name in ("one", "two") * 5]
    assert statuses == [200] * 10


def test_while_no_server_is_ready_the_page_is_there_all_the_same(haproxy, tmp_path):
    with served(bridge(tmp_path), tmp_path / "server.log", program="tests.web.losing_app") as server:
        until(lambda: call(server, "/readyz")[0] == 200)
        with in_front(haproxy, tmp_path / "proxy.log", server, server) as address:
            (tmp_path / "away").touch()
            until(lambda: "backend ready has no server available" in (tmp_path / "proxy.log").read_text())
            assert call(address, "/")[0] == 200
            status, _, words = call(address, "/readyz")
            assert (status, words.startswith(b"not ready: the archive cannot be used")) == (503, True)
