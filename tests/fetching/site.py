"""A site on this machine, which says exactly the bytes that a test gives it, and keeps what it was asked."""

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass

from rag.fetching import Clock, Fetcher, Limits, Policy


@dataclass(frozen=True)
class Request:
    path: str
    fields: dict[str, str]


def answer(body=b"", status="200 OK", **fields):
    """An answer with its length; `content_type="text/html"` is a header."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def moved(location, status="302 Found"):
    return answer(status=status, location=location)


class Site:
    """`answers` has a path's bytes, or what writes them to a connection; other paths are not found."""

    def __init__(self, answers, tls=None):
        self.answers = answers
        self.requests = []
        self.connections = 0
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._open = False
        # accept() is woken by a connection, and does not count it
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._thread.join()
        self._socket.close()

    @property
    def paths(self):
        return [request.path for request in self.requests]

    def _serve(self):
        while True:
            connection, _ = self._socket.accept()
            if not self._open:
                connection.close()
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        # who was refused or has enough hangs up
        with suppress(OSError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
                if not self._tls and head[:1] == b"\x16":
                    connection.sendall(b"HTTP/1.1 400 This is no TLS\r\n\r\n")
                    return
            first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            path = first.split(" ")[1]
            self.requests.append(Request(path, {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}))
            said = self.answers.get(path, answer(status="404 Not Found"))
            said(connection) if callable(said) else connection.sendall(said)
            with suppress(OSError, ssl.SSLError):
                connection.shutdown(socket.SHUT_WR)


class Hours:
    """A clock that stands still but for what is waited."""

    def __init__(self):
        self.now = 0.0
        self.waits = []

    def clock(self):
        return Clock(lambda: self.now, self._sleep)

    def _sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


class Resolver:
    """Says of each name the IP addresses that a test gives it, and for ever the last ones; keeps what it was asked."""

    def __init__(self, **names):
        self.asked = []
        self._names = names

    def __call__(self, host, port):
        self.asked.append(host)
        answers = self._names.get(host, [["127.0.0.1"]])
        ips = answers.pop(0) if len(answers) > 1 else answers[0]
        return [_place(ip, port) for ip in ips]


def _place(ip, port):
    if ":" in ip:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (ip.partition("%")[0], port, 0, int(ip.partition("%")[2] or 0)))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))


def loopback(*ports):
    """Allows 127.0.0.1 on these ports and nothing else."""
    return Policy(allows=lambda ip: str(ip) == "127.0.0.1", ports=frozenset(ports))


def fetcher(site, resolver=None, limits=None, clock=None):
    """For a site under any name."""
    return Fetcher(loopback(site.port), limits or Limits(), resolver or Resolver(), clock or Hours().clock())
