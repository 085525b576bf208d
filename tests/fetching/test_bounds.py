"""What a server can send: too much, compressed or not, too slowly, or no HTTP; each ends in an error, early."""

import gzip
import itertools
import resource
import time
import zlib

import pytest

from rag.errors import InputError
from rag.fetching import Clock, Limits
from tests.fetching.site import Site, answer, fetcher

MOST = 100_000
LIMITS = Limits(size=MOST)


def fetched(said, limits=LIMITS, clock=None):
    with Site({"/": said}) as site:
        return fetcher(site, limits=limits, clock=clock).fetch(f"http://news.example:{site.port}/")


def endless(*pieces, head=b"HTTP/1.1 200 OK\r\n\r\n", seconds=0.0):
    """Writes for ever."""

    def write(connection):
        connection.sendall(head)
        for piece in itertools.cycle(pieces):
            connection.sendall(piece)
            time.sleep(seconds)

    return write


def test_the_most_is_fetched_and_one_byte_more_is_refused():
    assert len(fetched(answer(b"a" * MOST)).data) == MOST
    with pytest.raises(InputError, match="has more than 100,000 bytes, which is the most; save the part"):
        fetched(answer(b"a" * (MOST + 1)))


def test_a_page_without_an_end_is_refused():
    with pytest.raises(InputError, match="more than 100,000 bytes"):
        fetched(endless(b"a" * 65_536))


def test_an_announced_length_is_not_waited_for():
    with pytest.raises(InputError, match="more than 100,000 bytes"):
        fetched(endless(b"a" * 65_536, head=b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"))


def test_a_bomb_is_stopped_while_it_is_decoded():
    bomb = gzip.compress(bytes(100_000_000))
    assert len(bomb) < 100_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match="more than 20,000,000 bytes"):
        fetched(answer(bomb, content_encoding="gzip"), Limits())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80_000  # kB


def test_members_that_hold_nothing_do_not_go_on_for_ever():
    with pytest.raises(InputError, match="more around the page than the page may have"):
        fetched(endless(gzip.compress(b"") * 1_000, head=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"))


# fifty million zeros, where they are as many
UNASKED = {
    "br": bytes.fromhex(
        "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f0088c30200ddfb3ffeffffc13f0110870500baf77ffcffff837f"
        "02200e0b0074effff20f5e0fff04401c1600e8a0eb01"
    ),
    "deflate": zlib.compress(bytes(50_000_000)),
    "zstd": b"\x28\xb5\x2f\xfd",
    "gzip, gzip": gzip.compress(gzip.compress(bytes(50_000_000))),
    "gzip, br": b"",
    "\x1b[31mred": b"a",
}


@pytest.mark.parametrize("coding", UNASKED)
def test_what_was_not_asked_for_is_not_decoded(coding):
    with pytest.raises(InputError, match="it came compressed as '.*', which was not asked for; save the page and add the file"):
        fetched(answer(UNASKED[coding], content_encoding=coding))


DAMAGED = {
    "cut": (gzip.compress(b"a bridge")[:-4], "ends too early"),
    "not compressed": (b"a bridge", "damaged"),
    "another sum": (gzip.compress(b"a bridge")[:-8] + bytes(8), "damaged"),
    "more behind": (gzip.compress(b"a bridge") + b"more", "damaged"),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_what_is_compressed_and_damaged_is_refused(how):
    body, reason = DAMAGED[how]
    with pytest.raises(InputError, match=reason):
        fetched(answer(body, content_encoding="gzip"))


NO_HTTP = {
    "nothing": b"",
    "another protocol": b"SSH-2.0-OpenSSH\r\n",
    "shorter than it says": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "no size of a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a compressed transfer": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a null character": b"HTTP/1.1 200 OK\r\nEtag: a\0b\r\n\r\n",
    "a long header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\nbody",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200_000 + b"\r\nbody",
    "a change of protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "no status": b"HTTP/1.1 99999 Odd\r\n\r\n",
}


@pytest.mark.parametrize("how", NO_HTTP)
def test_what_is_no_answer_in_http_is_refused(how):
    with pytest.raises(InputError, match="breaks the rules of HTTP|no connection to the server|answers 101"):
        fetched(NO_HTTP[how])


def test_chunks_with_more_around_them_than_in_them_are_refused():
    with pytest.raises(InputError, match="more around the page than the page may have"):
        fetched(endless(b"1;" + b"e" * 50_000 + b"\r\na\r\n", head=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))


def test_interim_answers_without_an_end_are_refused():
    with pytest.raises(InputError, match="more around the page than the page may have"):
        fetched(endless(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1_000, head=b""), Limits(size=20_000))


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
)
def test_a_slow_drip_ends_with_the_time_for_the_whole(head):
    drip = endless(b"1\r\na\r\n" if b"chunked" in head else b"a", head=head, seconds=0.05)
    with pytest.raises(InputError, match="the server takes too long; try again later"):
        fetched(drip, Limits(seconds=0.4, read_seconds=10), Clock(sleep=lambda seconds: None))


def test_silence_ends_with_the_time_between_two_pieces():
    with pytest.raises(InputError, match="the server takes too long"):
        fetched(lambda connection: connection.recv(1), Limits(read_seconds=0.2), Clock(sleep=lambda seconds: None))
