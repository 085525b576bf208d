"""A socket that listens on this machine."""

import socket

from rag.errors import InputError


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises InputError where it cannot."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        opened = socket.create_server((str(address[0]), port), family=family)
        # which connections inherit; without it an answer's end waited 40 ms until its start was acknowledged, as asyncio leaves such a socket alone
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened
    except (OSError, OverflowError) as error:
        raise InputError(f"port {port} on {host} cannot be used ({error}); choose another with --port, or PORT= for make") from error


def shown(host: str, port: int) -> str:
    """Host and port as they stand in an address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
