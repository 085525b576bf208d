"""Who a client is, at a running server: nobody names themselves, and a proxy is believed only where it was named."""

import http.client
from urllib.parse import urlsplit

import pytest

from rag.cli import main
from rag.errors import InputError
from rag.serving.clients import home, trusted_proxies
from tests.web.conftest import HASHING, bridge, served

RATE = 3


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return bridge(tmp_path_factory.mktemp("clients"))


def statuses(address, named, path="/v1/articles"):
    """What is answered to a request for each of the clients that the header names."""
    return [call(address, path, {"X-Forwarded-For": client})[0] for client in named]


def call(address, path, headers):
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=120)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


CROWD = [f"198.51.100.{n}" for n in range(RATE + 2)]


@pytest.mark.parametrize("options", [(), ("--proxy", "192.0.2.7")])
def test_who_names_itself_in_a_header_is_still_one_client(index, tmp_path, options):
    with served(index, tmp_path / "log", "--api", "--rate", str(RATE), *options, program=HASHING) as address:
        assert statuses(address, CROWD) == [200] * RATE + [429] * 2
        page = call(address, "/", {"X-Forwarded-Host": "evil.example", "X-Gradio-Server": "http://evil.example", "X-Forwarded-Proto": "https"})[1]
        assert b"evil.example" not in page
        assert b"https://127.0.0.1" not in page


def test_a_proxy_that_was_named_is_believed_of_its_clients_and_of_nothing_else(index, tmp_path):
    options = ("--api", "--rate", str(RATE), "--proxy", "192.0.2.7", "--proxy", "127.0.0.1")
    with served(index, tmp_path / "log", *options, program=HASHING) as address:
        assert statuses(address, CROWD) == [200] * len(CROWD)
        # what a client says of itself stands before what the proxy adds
        assert statuses(address, [f"203.0.113.{n}, 198.51.100.77" for n in range(RATE + 1)]) == [200] * RATE + [429]
        page = call(address, "/", {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})[1]
        assert b"evil.example" not in page
        assert b"https://127.0.0.1" in page


@pytest.mark.parametrize("address", ["proxy.example", "10.0.0.0/8", "", "*", "127.0.0.1:80"])
def test_a_proxy_is_named_by_its_address(address, tmp_path, capsys):
    with pytest.raises(InputError, match="--proxy takes the address"):
        trusted_proxies([address])
    assert main(["serve", "--index", str(tmp_path / "none"), "--proxy", address]) == 2
    assert "--proxy takes the address" in capsys.readouterr().err


def test_a_network_of_ipv6_is_one_client():
    assert home("2001:db8::1") == home("2001:db8::ffff:2") != home("2001:db8:0:1::1")
    assert home("::ffff:192.0.2.7") == home("192.0.2.7") == "192.0.2.7"
    assert home("unknown") == "unknown"
