"""Python runs this at its start when the folder is on PYTHONPATH: no socket may leave the machine."""

import socket
import sys

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::")  # the last two are addresses to listen on


def _is_local(host):
    host = host.decode() if isinstance(host, bytes) else host
    return host is None or host == "" or str(host).startswith(_LOOPBACK) or host == socket.gethostname()


def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"):
        address = arguments[1]
        # a socket of this machine's own kind has a path for its address
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_local(host):
        _refuse(event, host)


def _refuse(event, address):
    print(f"OFFLINE GUARD: {event} {address}", file=sys.stderr, flush=True)
    raise PermissionError(f"the tests are offline, but {event} was called for {address}")


sys.addaudithook(_watch)
