"""Who may call a server on this machine: its own names, and no other site's page in the visitor's browser.

A site can make a name of its own lead to this machine (DNS rebinding); the
browser then sends that name as Host. A page elsewhere that sends a request
here has its own address as Origin, or, where it only loads something, says
that it is another site (Fetch Metadata).
"""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from rag.errors import InputError

THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
# among the names to answer to: whatever is a number and not a name, which no site can make lead elsewhere
ANY_ADDRESS = "any address"


def answered_names(host: str, allowed: Sequence[str] = ()) -> tuple[str, ...]:
    """The names to answer to when listening on `host`: this machine's own and `allowed`; for other machines also its name on their network.

    Raises InputError for an allowed name that is more than a name.
    """
    for name in allowed:
        if not name or _name(name) != name.lower():
            raise InputError(f"--allow-host {name!r} is no host's name; give it without https://, port and path, as in archive.example.org")
    names = (*THIS_MACHINE, *(name.lower() for name in allowed))
    if host in THIS_MACHINE:
        return names
    own = socket.gethostname().lower()
    return (*names, own, f"{own}.local", host.lower(), ANY_ADDRESS)


def stranger(headers: Iterable[tuple[bytes, bytes]], hosts: Sequence[str]) -> str:
    """Why a request with these ASGI headers is not answered; empty if it is. `hosts` are names without ports, as `answered_names` gives them."""
    given = [(name.lower(), value.decode("latin-1")) for name, value in headers]
    named = [value for name, value in given if name == b"host"]
    if not (len(named) == 1 and _is_own(_name(named[0]), hosts)):
        return "This address is not the server's own: use it as it was printed, or name it with --allow-host."
    if any(_netloc(value) != named[0].lower() for name, value in given if name == b"origin") or _is_loaded_elsewhere(dict(given)):
        return "Another site sent this request; open this one itself."
    return ""


def _is_loaded_elsewhere(headers: dict[bytes, str]) -> bool:
    """Whether a page of another site loads this into itself; a link that is followed is its reader's own doing."""
    return headers.get(b"sec-fetch-site") == "cross-site" and headers.get(b"sec-fetch-mode") != "navigate"


def _is_own(name: str, hosts: Sequence[str]) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in hosts and name not in ("", ANY_ADDRESS)
    return name in hosts or ANY_ADDRESS in hosts


def _netloc(origin: str) -> str:
    """Host and port of an origin; of what is none, a name that no Host header has."""
    try:
        return urlsplit(origin).netloc.lower() or "null"
    except ValueError:
        return "null"


def _name(host: str) -> str:
    # what is more than a host and a port is none
    if any(mark in host for mark in "@/?#\\"):
        return ""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
