"""Python runs this at its start when the folder is on PYTHONPATH: no socket may leave the machine."""

import socket
import sys

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::")  # noqa: S104 - the last two are addresses to listen on


def _is_local(host):
    host = host.decode() if isinstance(host, bytes) else host
    return host is None or host == "" or str(host).startswith(_LOOPBACK) or host == socket.gethostname()


def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            _refuse(event, address)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        if not _is_local(arguments[0]):
            _refuse(event, arguments[0])


def _refuse(event, address):
    print(f"OFFLINE GUARD: {event} {address}", file=sys.stderr, flush=True)
    raise PermissionError(f"the tests are offline, but {event} was called for {address}")


sys.addaudithook(_watch)
