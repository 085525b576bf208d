"""What a proxy or a scheduler learns of a running server, and what becomes of a page whose archive goes away and comes back."""

import http.client
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.web.conftest import HASHING, ask, bridge, patient, served, visit
from tests.web.losing_app import SECRET

LOSING = "tests.web.losing_app"


def told(address, path, method="GET", host="127.0.0.1"):
    """Status, headers and words of an answer to somebody who has not logged in."""
    with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=90)) as connection:
        connection.request(method, path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


def until(status, address, path="/readyz", said="", **how):
    """The first answer of this status that has these words in it: a slow machine's archive may not answer within two seconds, which is a 503 too."""
    ends = time.monotonic() + 90
    while (found := told(address, path, **how))[0] != status or said not in found[2]:
        assert time.monotonic() < ends, found
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return bridge(tmp_path_factory.mktemp("health"))


@pytest.fixture
def losing(tmp_path):
    with served(bridge(tmp_path), tmp_path / "log", program=LOSING) as address:
        until(200, address)
        yield address, tmp_path


def test_a_server_says_that_it_is_alive_and_ready_to_whoever_asks_under_whatever_name(index, tmp_path):
    (tmp_path / "password").write_text("open sesame")
    (tmp_path / "password").chmod(0o600)
    with served(index, tmp_path / "log", "--auth", f"me:{tmp_path / 'password'}", program=HASHING) as address:
        until(200, address)
        for path, words in (("/livez", "alive\n"), ("/readyz", "ready\n"), ("/healthz", "alive\n")):
            for host in ("127.0.0.1", "10.0.0.9:7860", "pullquote-one"):
                _, headers, body = until(200, address, path, host=host)
                assert (body, headers["cache-control"]) == (words, "no-store")
            assert until(200, address, path, method="HEAD")[2] == ""
            assert told(address, path, "POST")[0] == 405
        assert [told(address, path)[0] for path in ("/livez/", "/readyz/x", "/ready")] == [404] * 3


def test_beside_the_api_its_own_health_stays_what_it_was(index, tmp_path):
    with served(index, tmp_path / "log", "--api", program=HASHING) as address:
        until(200, address, "/healthz")
        assert told(address, "/healthz")[2] == '{"status": "ready"}'
        assert until(200, address)[2] == "ready\n"
        assert told(address, "/livez")[2] == "alive\n"


def test_without_its_archive_a_server_is_alive_and_not_ready_and_says_nothing_secret(losing):
    address, folder = losing
    (folder / "away").touch()
    _, headers, words = until(503, address, said="cannot be used")
    assert words == "not ready: the archive cannot be used just now; whoever runs this server finds the reason in its log\n"
    assert headers["cache-control"] == "no-store"
    assert told(address, "/livez")[0] == 200
    (folder / "away").unlink()
    assert until(200, address)[2] == "ready\n"
    log = (folder / "log").read_text()
    assert (log.count("is not ready"), log.count("is ready again")) == (1, 1)


def test_an_archive_that_does_not_answer_keeps_nobody_waiting(losing):
    address, folder = losing
    (folder / "silent").touch()
    # once the look of the second before is too old
    assert until(503, address)[2] == "not ready: the archive has not answered within 2 seconds\n"
    assert told(address, "/livez")[0] == 200
    (folder / "silent").unlink()
    until(200, address)


def test_a_server_that_starts_without_its_archive_is_ready_once_that_is_there(tmp_path):
    index = bridge(tmp_path)
    (tmp_path / "away").touch()
    with served(index, tmp_path / "log", program=LOSING) as address:
        until(503, address, said="not ready: the archive cannot be used")
        (tmp_path / "away").unlink()
        until(200, address)


def test_a_page_that_loses_its_archive_says_so_in_one_line_and_goes_on_when_it_is_back(browser, losing):
    address, folder = losing
    line = "the archive cannot be used just now; whoever runs this server finds the reason in its log."
    (folder / "away").touch()
    with closing(patient(browser.new_page())) as page:
        page.goto(address)
        expect(page.locator("#said")).to_have_text(line, ignore_case=True)
        expect(page.get_by_role("tab", name="Search")).to_be_visible()
        assert SECRET not in page.content()
        (folder / "away").unlink()
        assert "1932" in ask(page, "When was the bridge opened?").inner_text()
        expect(page.locator("#heading summary")).to_contain_text("1 article")
        expect(page.locator("#said")).not_to_contain_text("cannot be used")
        (folder / "away").touch()
        assert "cannot be used just now" in ask(page, "When was the bridge opened at all?").inner_text()
        (folder / "away").unlink()
    with visit(browser, address) as again:
        assert "1932" in ask(again, "When was the bridge opened?").inner_text()
