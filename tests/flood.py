"""Clients that open connections and never finish a request, as many as a program can hold, for tests of what they keep from others."""

import http.client
import selectors
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

# so long a client waits at most
PATIENCE = 60
# as Linux writes it
_ESTABLISHED = "01"
HEAD = b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"a" * 10_000


class _Unfinished:
    """A connection that sends nothing, or a byte of a head a second, and is opened anew when it was closed."""

    def __init__(self, port, *, slow):
        self.port, self.slow, self.sent, self.opened = port, slow, 0, 0
        self.open()

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.socket.setblocking(False)
        self.sent, self.opened = 0, self.opened + 1

    def closed(self):
        try:
            return self.socket.recv(1_000) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def step(self):
        try:
            if self.slow:
                self.sent += self.socket.send(HEAD[self.sent : self.sent + 1])
        except OSError:
            pass
        if self.closed():
            self.socket.close()
            self.open()


@contextmanager
def flooded(port, *, idle, slow):
    """Keeps so many connections trying from this machine; gives them."""
    crowd = [_Unfinished(port, slow=number >= idle) for number in range(idle + slow)]
    ended = threading.Event()

    def go_on():
        while not ended.wait(1):
            for one in crowd:
                one.step()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield crowd
    finally:
        ended.set()
        thread.join()
        for one in crowd:
            one.socket.close()


def until_closed(opened, seconds):
    """After how many seconds the other side closes a socket; None if it does not in `seconds`."""
    started = time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(opened, selectors.EVENT_READ)
        while (left := started + seconds - time.monotonic()) > 0:
            if selector.select(left):
                try:
                    if opened.recv(65_536) == b"":
                        return time.monotonic() - started
                except OSError:
                    return time.monotonic() - started
    return None


def received(opened):
    """What comes next; nothing once the other side has closed it."""
    try:
        return opened.recv(65_536)
    except ConnectionError:
        return b""


def until_given_up(opened, seconds):
    """Waits, without reading, until the other side, on this machine, has closed a connection: what the system says of its end."""
    own, other = (f":{address[1]:04X}" for address in (opened.getsockname(), opened.getpeername()))
    until = time.monotonic() + seconds
    while any(line[1].endswith(other) and line[2].endswith(own) and line[3] == _ESTABLISHED for line in _connections()):
        assert time.monotonic() < until
        time.sleep(0.1)


def _connections():
    """A local and a remote address and a state each, behind a number."""
    return [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]


def timed(port, method, path, body=None, headers=None, patience=PATIENCE):
    """A good request on a connection of its own: its status, and how many seconds it took."""
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer.status, time.monotonic() - started
