"""A socket that listens, as both servers use it."""

import socket

from rag.serving.listening import listening


def test_connections_send_what_is_written_without_delay():
    with listening("127.0.0.1", 0) as opened, socket.create_connection(opened.getsockname()):
        accepted, _ = opened.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
