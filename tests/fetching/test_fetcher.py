"""Fetching from a real server on this machine: what is asked, where redirects lead, and what comes back."""

import gzip
import re
from ipaddress import ip_address

import pytest

import rag
from rag.errors import InputError
from rag.fetching import Fetcher, Limits, Page, Policy
from rag.types import NotModified, Validators
from tests.fetching.site import Hours, Resolver, Site, answer, fetcher, loopback, moved

HTML = "text/html; charset=utf-8"


def test_a_page_comes_as_it_is_with_what_the_server_says_of_it():
    page = answer(b"<p>A bridge opens", content_type=HTML, etag='"1"', last_modified="Sat, 19 Mar 1932 10:00:00 GMT")
    with Site({"/bridge?a=b": page}) as site:
        address = f"http://news.example:{site.port}/bridge?a=b"
        got = fetcher(site).fetch(f"{address}#opening")
        assert got == Page(address, address, b"<p>A bridge opens", HTML, '"1"', "Sat, 19 Mar 1932 10:00:00 GMT")
        asked = site.requests[-1].fields
    assert asked["host"] == f"news.example:{site.port}"
    assert asked["user-agent"] == f"Pullquote/{rag.__version__}"
    assert asked.keys() == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_a_page_without_headers_is_a_page():
    with Site({"/": b"HTTP/1.0 200 OK\r\n\r\ntext"}) as site:
        got = fetcher(site).fetch(f"http://news.example:{site.port}")
    assert (got.data, got.media_type, got.etag, got.last_modified) == (b"text", "", None, None)


def test_what_was_compressed_is_read():
    members = gzip.compress(b"one ") + gzip.compress(b"two")
    with Site({"/": answer(members, content_encoding="gzip")}) as site:
        assert fetcher(site).fetch(f"http://news.example:{site.port}").data == b"one two"


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_is_followed(status):
    with Site({"/a": moved("b/../c", status), "/c": answer(b"here")}) as site:
        got = fetcher(site).fetch(f"http://news.example:{site.port}/a")
    assert got.data == b"here"
    assert got.final_url == f"http://news.example:{site.port}/c"
    assert got.url == f"http://news.example:{site.port}/a"


def test_a_redirect_to_another_name_is_looked_up_and_asked_for_its_own_rules():
    resolver = Resolver()
    with Site({"/c": answer(b"here")}) as site:
        site.answers["/a"] = moved(f"//other.example:{site.port}/c")
        got = fetcher(site, resolver).fetch(f"http://news.example:{site.port}/a")
        assert [(request.fields["host"].split(":")[0], request.path) for request in site.requests] == [
            ("news.example", "/robots.txt"), ("news.example", "/a"), ("other.example", "/robots.txt"), ("other.example", "/c"),
        ]  # fmt: skip
    assert got.final_url == f"http://other.example:{site.port}/c"
    assert resolver.asked == ["news.example", "other.example"]


def test_five_redirects_are_followed_and_six_are_not():
    with Site({f"/{n}": moved(f"/{n + 1}") for n in range(1, 7)} | {"/7": answer(b"here")}) as site:
        assert fetcher(site).fetch(f"http://news.example:{site.port}/2").data == b"here"
        with pytest.raises(InputError, match=r"/7: more than 5 redirects on the way here; add the address that a browser ends at"):
            fetcher(site).fetch(f"http://news.example:{site.port}/1")


def test_a_loop_of_redirects_ends():
    with Site({"/a": moved("/b"), "/b": moved("/a")}) as site:
        with pytest.raises(InputError, match="more than 5 redirects"):
            fetcher(site).fetch(f"http://news.example:{site.port}/a")
        assert len(site.paths) == 1 + 6


@pytest.mark.parametrize(
    ("host", "ip"),
    [
        ("inside.example", "192.168.1.1"),
        ("127.0.0.2", "127.0.0.2"),
        ("[::1]", "::1"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
        ("2130706434", "127.0.0.2"),
    ],
)
def test_a_redirect_into_the_own_network_is_refused(host, ip):
    resolver = Resolver(**{host.strip("[]"): [[ip]]})
    with Site({}) as site:
        target = f"http://{host}:{site.port}/secret"
        site.answers["/"] = moved(target)
        with pytest.raises(InputError, match=re.escape(f"{target} leads to {ip_address(ip)}, which is not on the public internet")):
            fetcher(site, resolver).fetch(f"http://news.example:{site.port}/")
        assert site.paths == ["/robots.txt", "/"]


@pytest.mark.parametrize(
    "location", ["ftp://news.example/", "file:///etc/passwd", "http://a:b@news.example/", "http://news.example:22/", "gopher://127.0.0.1"]
)
def test_a_redirect_to_what_is_no_address_of_a_page_is_refused(location):
    with Site({"/": moved(location)}) as site, pytest.raises(InputError, match="cannot be fetched"):
        fetcher(site).fetch(f"http://news.example:{site.port}/")


def test_a_name_is_looked_up_once_in_a_fetch_and_anew_in_the_next():
    resolver = Resolver(**{"news.example": [["127.0.0.1"], ["10.0.0.1"]]})
    with Site({"/a": moved("/b"), "/b": answer(b"here")}) as site:
        fetching = fetcher(site, resolver)
        assert fetching.fetch(f"http://news.example:{site.port}/a").data == b"here"
        assert site.paths == ["/robots.txt", "/a", "/b"]
        assert resolver.asked == ["news.example"]
        with pytest.raises(InputError, match="leads to 10.0.0.1, which is not on the public internet"):
            fetching.fetch(f"http://news.example:{site.port}/a")
        assert len(site.paths) == 3


def test_the_next_of_several_good_addresses_is_tried():
    resolver = Resolver(**{"news.example": [["127.0.0.2", "127.0.0.1"]]})
    with Site({"/": answer(b"here")}) as site:
        fetching = Fetcher(Policy(lambda ip: ip.is_loopback, frozenset({site.port})), lookup=resolver, clock=Hours().clock())
        assert fetching.fetch(f"http://news.example:{site.port}/").data == b"here"


def test_only_where_the_name_leads_is_connected_to():
    resolver = Resolver(**{"news.example": [["127.0.0.2"]]})
    with Site({"/": answer(b"here")}) as site:
        fetching = Fetcher(Policy(lambda ip: ip.is_loopback, frozenset({site.port})), lookup=resolver, clock=Hours().clock())
        with pytest.raises(InputError, match="there is no connection to the server"):
            fetching.fetch(f"http://news.example:{site.port}/")
        assert site.connections == 0


def test_a_page_that_is_as_it_was_is_not_sent_again():
    page = answer(b"here", etag='W/"1"', last_modified="Sat, 19 Mar 1932 10:00:00 GMT")
    with Site({"/a": moved("/b"), "/b": page}) as site:
        fetching = fetcher(site)
        address = f"http://news.example:{site.port}"
        known = fetching.fetch(f"{address}/a").validators
        assert known == Validators(f"{address}/b", 'W/"1"', "Sat, 19 Mar 1932 10:00:00 GMT")
        site.answers["/b"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
        assert fetching.fetch(f"{address}/a", known) == NotModified(f"{address}/a", f"{address}/b")
        asked = {request.path: request.fields for request in site.requests}
    assert asked["/b"]["if-none-match"] == 'W/"1"'
    assert asked["/b"]["if-modified-since"] == "Sat, 19 Mar 1932 10:00:00 GMT"
    assert not {"if-none-match", "if-modified-since"} & (asked["/a"].keys() | asked["/robots.txt"].keys())


@pytest.mark.parametrize("known", [None, Validators("https://other.example/", '"1"'), Validators("http://news.example:{port}/")])
def test_what_was_not_asked_is_not_believed(known):
    with Site({"/": b"HTTP/1.1 304 Not Modified\r\n\r\n"}) as site:
        known = known and Validators(known.final_url.format(port=site.port), known.etag)
        with pytest.raises(InputError, match="answers 304 Not Modified instead of a page"):
            fetcher(site).fetch(f"http://news.example:{site.port}/", known)
        assert "if-none-match" not in site.requests[-1].fields


@pytest.mark.parametrize("etag", ['"\x80"', "", '"' + "a" * 1_000])
def test_a_validator_that_cannot_be_sent_back_is_left_out(etag):
    with Site({"/": answer(b"here", etag=etag.encode().decode("latin-1"))}) as site:
        assert fetcher(site).fetch(f"http://news.example:{site.port}").etag is None


def test_a_stored_validator_makes_no_header_of_its_own():
    with Site({"/": answer(b"here")}) as site:
        address = f"http://news.example:{site.port}/"
        assert isinstance(fetcher(site).fetch(address, Validators(address, '"1"\r\nCookie: a=b', "now\n")), Page)
        assert not {"cookie", "if-none-match", "if-modified-since"} & site.requests[-1].fields.keys()


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error", "204 No Content", "206 Partial Content", "429 Slow Down"])
def test_what_is_no_page_is_told_by_its_number(status):
    with Site({"/": answer(b"<p>Sorry", status)}) as site, pytest.raises(InputError, match=rf"answers {status[:3]} .* instead of a page; check"):
        fetcher(site).fetch(f"http://news.example:{site.port}")


def test_a_redirect_to_nowhere_is_no_page():
    with Site({"/": answer(status="302 Found")}) as site, pytest.raises(InputError, match="answers 302 Found instead of a page"):
        fetcher(site).fetch(f"http://news.example:{site.port}")


def test_cookies_are_not_kept():
    with Site({"/": answer(b"here", set_cookie="a=b")}) as site:
        fetching = fetcher(site)
        fetching.fetch(f"http://news.example:{site.port}")
        fetching.fetch(f"http://news.example:{site.port}")
        assert "cookie" not in site.requests[-1].fields


def test_who_does_not_listen_is_told():
    with Site({}) as site:
        port = site.port
    with pytest.raises(InputError, match="there is no connection to the server"):
        Fetcher(loopback(port), Limits(), Resolver(), Hours().clock()).fetch(f"http://news.example:{port}")


def test_requests_to_a_host_are_a_second_apart_whatever_they_are_for():
    hours = Hours()
    with Site({"/a": moved("/b"), "/b": answer(b"here")}) as site:
        fetching = fetcher(site, clock=hours.clock())
        fetching.fetch(f"http://news.example:{site.port}/a")
        # robots.txt at 0, /a at 1, /b at 2
        assert hours.waits == [1, 1]
        hours.now += 0.25
        fetching.fetch(f"http://news.example:{site.port}/b")
        assert hours.waits == [1, 1, 0.75]
        fetching.fetch(f"http://other.example:{site.port}/b")
        # its robots.txt at once
        assert hours.waits == [1, 1, 0.75, 1]
