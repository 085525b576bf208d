"""Requests over HTTP: one for each connection, with nothing of the environment, no cookies, and no redirect followed."""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpcore

from rag import __version__
from rag.errors import InputError
from rag.fetching.clock import Deadline
from rag.fetching.content_encoding import ACCEPTED, decoded
from rag.fetching.limits import Limits
from rag.fetching.names import Names
from rag.fetching.network import Network, NotCertified, TooMuch
from rag.fetching.web_address import WebAddress

USER_AGENT = f"Pullquote/{__version__}"
# of an answer, whose body alone is wanted: what chunks and headers add to that is far less
_WIRE = 2
# answers whose body is the page
_WHOLE = (200, 203)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. `body` is read only of one that has the page, and where it is longer than was asked for not `whole`."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes
    whole: bool

    @property
    def has_page(self) -> bool:
        return self.status in _WHOLE

    def field(self, name: str) -> str:
        """A header's value, or of several the list that they make; empty where there is none. `name` is in lower case."""
        return ", ".join(value for known, value in self.fields if known == name)


class Session:
    """The requests of one fetch: what they take together ends at its deadline, and each name is looked up once for all of them."""

    def __init__(self, names: Names, deadline: Deadline, limits: Limits, tls: ssl.SSLContext) -> None:
        self._names = names
        self._deadline = deadline
        self._tls = tls
        self._timeouts = {"connect": limits.connect_seconds, "read": limits.read_seconds, "write": limits.read_seconds}

    def look_up(self, address: WebAddress) -> None:
        """Raises InputError where the host is not found, or may not be connected to."""
        self._names.ips(address)

    def get(self, address: WebAddress, fields: Mapping[str, str], most: int) -> Response:
        """The answer to a request, with `most` bytes of its page at most.

        Raises InputError as `look_up` does, and where the server cannot be
        connected to, is too slow, breaks the rules of HTTP, has a head of more
        than 100 kB (which httpcore takes none of) or sends what cannot be
        decoded.
        """
        network = Network(self._names.ips(address), self._deadline, _WIRE * most)
        url = httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        headers = {"Host": address.authority, "User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": ACCEPTED, "Connection": "close", **fields}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool,
                pool.stream("GET", url, headers=list(headers.items()), extensions={"timeout": self._timeouts}) as answer,
            ):
                return _response(answer, most)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, TimeoutError, NotCertified, TooMuch, ValueError) as error:
            raise InputError(f"{address}: {_reason(error, address)}") from None


def _response(answer: httpcore.Response, most: int) -> Response:
    fields = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.headers)
    head = Response(answer.status, fields, b"", whole=True)
    if not head.has_page:
        return head
    body = _first(decoded(answer.iter_stream(), head.field("content-encoding")), most + 1)
    return Response(head.status, fields, body[:most], whole=len(body) <= most)


def _first(pieces: Iterator[bytes], most: int) -> bytes:
    """The first `most` bytes; nothing after them is decoded."""
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) >= most:
            break
    return bytes(body[:most])


def _reason(error: Exception, address: WebAddress) -> str:
    match error:
        case NotCertified():
            return f"the server cannot prove that it is {address.host} ({error}), so that what it says may be somebody else's; check the address"
        case TooMuch():
            return "the server sends more around the page than the page may have; save the page and add the file"
        case httpcore.TimeoutException() | TimeoutError():
            return "the server takes too long; try again later, or save the page and add the file"
        case httpcore.NetworkError():
            return f"there is no connection to the server ({error}); try again later"
        case httpcore.ProtocolError():
            return f"the server's answer breaks the rules of HTTP ({error}); save the page and add the file"
        case _:
            return f"{error}; save the page and add the file"
