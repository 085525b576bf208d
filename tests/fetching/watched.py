"""Fetches addresses while every lookup and every packet of this process is watched. Run by test_reach.py.

python -m tests.fetching.watched PORT ADDRESS…: prints a line of JSON for each address, with what was fetched or why not, and with
the hosts that were looked up and the places that were connected or sent to. The policy is the strict one, on PORT; an address
under `allowed.example` is at 127.0.0.1, where this policy lets it.
"""

import json
import sys
from ipaddress import ip_address

from rag.errors import InputError
from rag.fetching import Clock, Fetcher, Policy
from rag.fetching.names import system_lookup
from rag.fetching.policy import is_public

SEEN = []


def watch(event, arguments):
    if (event.startswith("socket.get") and "by" in event) or event == "socket.getaddrinfo":
        SEEN.append(["looked up", str(arguments[0])])
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        SEEN.append([event.removeprefix("socket."), str(arguments[1][0])])


def main(port, addresses):
    sys.addaudithook(watch)
    strict = Policy(is_public, frozenset({port}))
    at_home = Policy(lambda ip: ip == ip_address("127.0.0.1"), frozenset({port}))
    for address in addresses:
        allowed = "allowed.example" in address
        fetcher = Fetcher(at_home if allowed else strict, lookup=home if allowed else system_lookup, clock=Clock(sleep=lambda seconds: None))
        SEEN.clear()
        try:
            said = fetcher.fetch(address).data.decode()
        except InputError as error:
            said = str(error)
        print(json.dumps([address, said, SEEN]))


def home(host, port):
    return [(0, 0, 0, "", ("127.0.0.1", port))]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
