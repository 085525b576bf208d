"""Addresses of pages. One parser reads them, and only what it gives is checked, looked up, connected to and sent."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

import httpx

from rag.errors import InputError
from rag.given import valid

MOST_CHARS = 4_000
_PORTS = {"http": 80, "https": 443}
# what a name in the DNS can be (RFC 1035), and "_", which some have
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address without its fragment, in ASCII. `target` is path and query; an IPv6 `host` has no brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What a robots.txt is for."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.target


def read_address(text: str, ports: AbstractSet[int]) -> WebAddress:
    """Raises InputError for what is no address of http or https, names a user, or has a port that is not in `ports`."""
    return _read(text, "", ports)


def redirected(address: WebAddress, location: str, ports: AbstractSet[int]) -> WebAddress:
    """Where a redirect leads. Raises InputError as `read_address` does, and where it leads from https to http."""
    target = _read(location, str(address), ports)
    if address.scheme == "https" and target.scheme == "http":
        raise InputError(f"{address} leads to {target}, which is not encrypted as the page asked for is; add that address itself if it is right")
    return target


def _read(text: str, base: str, ports: AbstractSet[int]) -> WebAddress:
    valid("address", text)
    if len(text) > MOST_CHARS:
        raise _refused(text, f"it has {len(text):,} characters; the most is {MOST_CHARS:,}")
    try:
        url = httpx.URL(base).join(text) if base else httpx.URL(text)
    # a name that is none in IDNA, and a join, meet other errors than httpx's own
    except (httpx.InvalidURL, ValueError) as error:
        raise _refused(text, str(error)) from None
    return _checked(url, text, ports)


def _checked(url: httpx.URL, text: str, ports: AbstractSet[int]) -> WebAddress:
    if url.scheme not in _PORTS:
        raise _refused(text, f"only http and https are fetched, not {url.scheme!r}" if url.scheme else "it does not begin with http:// or https://")
    host = url.raw_host.decode("ascii")
    if url.userinfo:
        raise _refused(host, "it has a user's name or a password in it, which are not shown here")
    if not _NAME.fullmatch(host) and not _is_ipv6(host):
        raise _refused(text, f"{host[:80]!a} is no name of a host")
    port = _PORTS[url.scheme] if url.port is None else url.port
    if port not in ports:
        raise _refused(text, f"port {port} is none of those that are allowed ({', '.join(map(str, sorted(ports)))})")
    return WebAddress(url.scheme, host, port, url.raw_path.decode("ascii"))


def _is_ipv6(host: str) -> bool:
    try:
        return IPv6Address(host).scope_id is None
    except AddressValueError:
        return False


def _refused(text: str, reason: str) -> InputError:
    return InputError(f"the address {text[:200]!a} cannot be fetched: {reason}; give one such as https://example.org/page")
