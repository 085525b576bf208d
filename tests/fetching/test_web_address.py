"""Addresses: what is read of them, and what is refused before anything is looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.fetching.web_address import read_address, redirected

PORTS = {80, 443}
READ = {
    "https://news.example": ("https", "news.example", 443, "/"),
    "HTTP://News.Example:80/a/../b?q=é#part": ("http", "news.example", 80, "/b?q=%C3%A9"),
    "https://bücher.example/": ("https", "xn--bcher-kva.example", 443, "/"),
    "http://news.example:443/": ("http", "news.example", 443, "/"),
    "https://[2606:4700:4700::1111]/a": ("https", "2606:4700:4700::1111", 443, "/a"),
    "http://2130706433/": ("http", "2130706433", 80, "/"),
}
REFUSED = {
    "ftp://news.example/": "only http and https",
    "file:///etc/passwd": "only http and https",
    "javascript:alert(1)": "only http and https",
    "news.example/page": "does not begin with http",
    "//news.example/": "does not begin with http",
    "http://": "no name of a host",
    "http:///page": "no name of a host",
    "http:news.example": "no name of a host",
    "https://a@news.example/": "a user's name or a password",
    "https://:b@news.example/": "a user's name or a password",
    "https://news.example\\@127.0.0.1/": "a user's name or a password",
    "https://news.example:8080/": r"port 8080 is none of those that are allowed \(80, 443\)",
    "https://news.example:0/": "port 0",
    "https://news.example:x/": "Invalid port",
    "https://news.example:99999999/": "port 99999999",
    "https://news..example/": "no name of a host",
    "https://.example/": "no name of a host",
    "https://news example/": "no name of a host",
    "https://news%2eexample/": "no name of a host",
    "https://news.example%00/": "no name of a host",
    "https://news\\.example/": "no name of a host",
    f"https://{'a' * 64}.example/": "no name of a host",
    "https://[fe80::1%25lo]/": "no name of a host",
    "https://[::1/": "Invalid",
    "https://news.example/a\nb": "non-printable",
    "https://\ud800.example/": "not valid Unicode",
    "https://news.example/" + "a" * 4_000: "has 4,021 characters; the most is 4,000",
    "http://①②⑦.0.0.1/": "Invalid IDNA hostname",
    "http://0177.0.0.1/": "Invalid IPv4 address",
}


@pytest.mark.parametrize("text", READ)
def test_it_is_read(text):
    address = read_address(text, PORTS)
    assert (address.scheme, address.host, address.port, address.target) == READ[text]
    assert read_address(str(address), PORTS) == address


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused(text):
    with pytest.raises(InputError, match=REFUSED[text]):
        read_address(text, PORTS)


def test_a_password_is_not_repeated():
    with pytest.raises(InputError) as refusal:
        read_address("https://user:secret@news.example/", PORTS)
    assert "secret" not in str(refusal.value)


def test_another_port_is_read_where_it_is_allowed():
    assert read_address("http://news.example:8080/", {8080}).authority == "news.example:8080"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://news.example/b"),
        ("b?c", "https://news.example/a/b?c"),
        ("//other.example", "https://other.example/"),
        ("https://other.example/é", "https://other.example/%C3%A9"),
        ("#part", "https://news.example/a/index.html"),
    ],
)
def test_a_redirect_leads_on(location, target):
    assert str(redirected(read_address("https://news.example/a/index.html", PORTS), location, PORTS)) == target


@pytest.mark.parametrize("location", ["ftp://a.example/", "file:///etc/passwd", "data:,a", "//a@b.example/", "//b.example:22/", "http://[::1"])
def test_a_redirect_is_checked_as_an_address_is(location):
    with pytest.raises(InputError, match="cannot be fetched"):
        redirected(read_address("https://news.example/", PORTS), location, PORTS)


def test_a_redirect_does_not_leave_encryption():
    with pytest.raises(InputError, match="not encrypted"):
        redirected(read_address("https://news.example/", PORTS), "http://news.example/", PORTS)


@given(st.one_of(st.text(), st.builds("{}://{}/{}".format, st.sampled_from(["http", "https"]), st.text(), st.text())))
def test_any_text_is_an_address_or_is_refused(text):
    try:
        address = read_address(text, PORTS)
    except InputError:
        return
    assert read_address(str(address), PORTS) == address
    assert str(address).isascii()
    assert " " not in str(address)


@given(st.text())
def test_so_is_any_location(text):
    try:
        redirected(read_address("https://news.example/", PORTS), text, PORTS)
    except InputError:
        return
