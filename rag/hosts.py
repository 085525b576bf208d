"""Who may call a server on this machine: its own names, and no other site's page in the visitor's browser.

A site can make a name of its own lead to this machine (DNS rebinding); the
browser then sends that name as Host. A page elsewhere that sends a request
here has its own address as Origin.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def answered_names(host: str) -> tuple[str, ...]:
    """The names to answer to when listening on `host`: on this machine only its own; else empty, which is any."""
    return THIS_MACHINE if host in THIS_MACHINE else ()


def stranger(headers: Iterable[tuple[bytes, bytes]], hosts: Sequence[str]) -> str:
    """Why a request with these ASGI headers is not answered; empty if it is. `hosts` are names without ports; empty answers to any."""
    given = [(name.lower(), value.decode("latin-1")) for name, value in headers]
    named = [value for name, value in given if name == b"host"]
    if hosts and not (len(named) == 1 and _name(named[0]) in hosts):
        return "This address is not the server's own; use it as it was printed."
    if any(_netloc(value) != (named[0].lower() if named else "") for name, value in given if name == b"origin"):
        return "Another site sent this request; open this one itself."
    return ""


def _netloc(origin: str) -> str:
    """Host and port of an origin; of what is none, a name that no Host header has."""
    try:
        return urlsplit(origin).netloc.lower() or "null"
    except ValueError:
        return "null"


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
