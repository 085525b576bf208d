"""Nothing is connected to but what was checked, nobody is asked for a name but the system, and no server of ours can fetch."""

import json
import os
import re
import socket
import subprocess
import sys
from ipaddress import ip_address

import pytest

from rag.fetching.policy import is_public
from tests.conftest import GUARD, ROOT
from tests.fetching.site import Site, answer
from tests.test_structure import MODULES, PACKAGE, imports

# ways of writing an address of this machine, and what they are refused as: where the parser takes them, as what the resolver makes of them
LOOPBACK = {
    "127.0.0.1": "leads to 127.0.0.1,",
    "127.1": "leads to 127.0.0.1,",
    "127.0.1": "leads to 127.0.0.1,",
    "2130706433": "leads to 127.0.0.1,",
    "0177.1": "leads to 127.0.0.1,",
    "017700000001": "leads to 127.0.0.1,",
    "0x7f.0.0.1": "leads to 127.0.0.1,",
    "0x7f000001": "leads to 127.0.0.1,",
    "0x7F.1": "leads to 127.0.0.1,",
    "127。0。0。1": "leads to 127.0.0.1,",
    "LocalHost": "leads to (127.0.0.1|::1),",
    "0": "leads to 0.0.0.0,",
    "[::1]": "leads to ::1,",
    "[::ffff:127.0.0.1]": "leads to ::ffff:",
    "0177.0.0.1": "Invalid IPv4 address",
    "①②⑦.0.0.1": "Invalid IDNA hostname",
    "１２７.0.0.1": "Invalid IDNA hostname",
}
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")


@pytest.fixture(scope="module")
def watched():
    """What came of each address, by its host; the canary, which is the proxy of everything; and the site that may be fetched."""
    with Site({}) as canary, Site({"/": answer(b"here")}) as site:
        proxy = f"http://127.0.0.1:{canary.port}"
        unguarded = os.pathsep.join(path for path in os.environ["PYTHONPATH"].split(os.pathsep) if path != str(GUARD))
        environment = os.environ | {"PYTHONPATH": unguarded} | {form: proxy for name in PROXIES for form in (name, name.upper())}
        environment.pop("NO_PROXY", None)
        environment.pop("no_proxy", None)
        yield _watched(canary.port, LOOPBACK, environment) | _watched(site.port, ["allowed.example"], environment), canary, site


def _watched(port, hosts, environment):
    addresses = [f"http://{host}:{port}/" for host in hosts]
    command = [sys.executable, "-m", "tests.fetching.watched", str(port), *addresses]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=True)
    rows = map(json.loads, done.stdout.splitlines())
    return {host: (said, seen) for host, (_, said, seen) in zip(hosts, rows, strict=True)}


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_is_refused_however_it_is_spelled(watched, host):
    said, seen = watched[0][host]
    assert re.search(LOOPBACK[host], said)
    looked_up = [["looked up", re.match(r"http://\[?(.*?)\]?:\d+/", said)[1]]] if "leads to" in said else []
    assert seen == looked_up


@pytest.mark.parametrize("host", LOOPBACK)
def test_what_the_resolver_makes_of_a_spelling_is_not_public(host):
    """Without the parser before it, and where the resolver takes the spelling at all."""
    code = f"import socket; print(*{{place[4][0] for place in socket.getaddrinfo({host.strip('[]')!r}, 80)}})"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not any(is_public(ip_address(ip)) for ip in done.stdout.split())


def test_no_proxy_of_the_environment_is_used_and_no_name_asked_for(watched):
    outcomes, canary, site = watched
    assert outcomes["allowed.example"] == ("here", [["looked up", "127.0.0.1"], ["connect", "127.0.0.1"]] * 2)
    assert site.paths == ["/robots.txt", "/"]
    assert canary.connections == 0


def test_the_canary_sings(watched):
    canary = watched[1]
    before = canary.connections
    with socket.create_connection(("127.0.0.1", canary.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 404"
    assert canary.connections == before + 1


def test_only_the_command_line_can_fetch():
    users = {str(path.relative_to(PACKAGE)) for path in MODULES if any(name.startswith("rag.fetching") for name in imports(path))}
    assert {user for user in users if not user.startswith("fetching/")} <= {"cli.py"}
