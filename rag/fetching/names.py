"""Names of hosts into IP addresses: asked of the system's resolver once, and all of what it says is checked."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Any

from rag.errors import InputError
from rag.fetching.policy import IpAddress
from rag.fetching.web_address import WebAddress

# takes a host and a port, gives what `socket.getaddrinfo` gives
Lookup = Callable[[str, int], Sequence[tuple[Any, ...]]]


def system_lookup(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    """As the system's resolver says, which takes as long as the system lets it."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class Names:
    """The names that were looked up, each once: a second answer could be another than the one that was checked."""

    def __init__(self, lookup: Lookup, allows: Callable[[IpAddress], bool]) -> None:
        self._lookup = lookup
        self._allows = allows
        self._known: dict[str, tuple[IpAddress, ...]] = {}

    def ips(self, address: WebAddress) -> tuple[IpAddress, ...]:
        """Where the address' host is. Raises InputError where it is nowhere, or where any of its IP addresses is not allowed.

        Only what the resolver says is looked at: `2130706433`, `0177.0.1` and `127.1` are ways of writing 127.0.0.1 to it.
        """
        if address.host not in self._known:
            ips = self._looked_up(address)
            for ip in ips:
                if not self._allows(ip):
                    raise InputError(f"{address} leads to {ip}, which is not on the public internet; only what anybody can read there is fetched")
            self._known[address.host] = ips
        return self._known[address.host]

    def _looked_up(self, address: WebAddress) -> tuple[IpAddress, ...]:
        try:
            found = self._lookup(address.host, address.port)
            ips = tuple(dict.fromkeys(_ip(place) for *_, place in found))
        # the resolver refuses what is no name before it asks for it
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise InputError(f"{address}: its host is not found ({reason}); check how it is written, and the connection to the internet") from None
        if not ips:
            raise InputError(f"{address}: its host has no IP address; check how it is written")
        return ips


def _ip(place: tuple[Any, ...]) -> IpAddress:
    """Of IPv6 with its scope, which only an address that is not public has; what is neither IPv4 nor IPv6 is a ValueError."""
    host = str(place[0])
    scope = place[3] if len(place) == 4 and "%" not in host else 0
    return ip_address(f"{host}%{scope}" if scope else host)
