"""Connections that go to an IP address that was checked, and are bounded in time and in bytes whatever the other side does."""

import ssl
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from rag.fetching.clock import Deadline
from rag.fetching.policy import IpAddress


class TooMuch(Exception):
    """More bytes came than may."""


class NotCertified(Exception):
    """The other side has no certificate for the name that was asked for; says why."""


class Network(httpcore.NetworkBackend):
    """Connects to one of `ips`, whatever host it is asked for; `most` bytes may come from there until the deadline."""

    def __init__(self, ips: Sequence[IpAddress], deadline: Deadline, most: int) -> None:
        self._ips = ips
        self._deadline = deadline
        self._most = most
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - a name, which is not looked up again
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Tries them in the resolver's order. Raises the last one's httpcore.ConnectError or httpcore.ConnectTimeout."""
        *others, last = self._ips
        for ip in others:
            try:
                return self._connect(ip, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(last, port, timeout, local_address, socket_options)

    def _connect(
        self, ip: IpAddress, port: int, timeout: float | None, local_address: str | None, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(str(ip), port, self._deadline.within(timeout), local_address, options)
        return _Stream(stream, self._deadline, self._most)


class _Stream(httpcore.NetworkStream):
    """Each read by itself could wait its whole time for one byte, for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, most: int) -> None:
        self._stream = stream
        self._deadline = deadline
        self._left = most

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._deadline.within(timeout))
        self._left -= len(data)
        if self._left < 0:
            raise TooMuch
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise NotCertified(error.__cause__.verify_message) from None
            raise
        return _Stream(stream, self._deadline, self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
