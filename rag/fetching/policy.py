"""Where a connection may go: to hosts of the public internet, and to no other."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

IpAddress = IPv4Address | IPv6Address

# Python's `is_global` lets several of these through: relays, anycast of infrastructure, a cloud's own host, multicast
_REFUSED_V4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# all that is given out to hosts; addresses that carry one of IPv4 (mapped, NAT64) lie outside it
_UNICAST_V6 = IPv6Network("2000::/3")
# special purposes, Teredo among them; documentation; 6to4; the DNS's own; documentation
_REFUSED_V6 = [IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")]


def is_public(ip: IpAddress) -> bool:
    """Whether a host of the public internet can have the address. One of IPv4 that is written as IPv6 is none."""
    if isinstance(ip, IPv4Address):
        return ip.is_global and not any(ip in network for network in _REFUSED_V4)
    return ip.is_global and ip.scope_id is None and ip in _UNICAST_V6 and not any(ip in network for network in _REFUSED_V6)


@dataclass(frozen=True, slots=True)
class Policy:
    """Which IP addresses and ports may be connected to, and who may certify a name.

    `authorities` is a file of certificates (PEM) to trust instead of those that browsers do.
    """

    allows: Callable[[IpAddress], bool] = is_public
    ports: frozenset[int] = frozenset({80, 443})
    authorities: Path | None = None
