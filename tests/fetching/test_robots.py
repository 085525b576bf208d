"""robots.txt: whose rules are ours, which of them decides, and what an answer that is no file means (RFC 9309)."""

import pytest

from rag.errors import InputError
from rag.fetching.robots import read_robots
from tests.fetching.site import Resolver, Site, answer, fetcher, moved
from tests.pace import within

# a file, a path, and whether it may be fetched
CASES = [
    ("", "/a", True),
    ("User-agent: *\nDisallow: /", "/a", False),
    ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ("User-agent: *\nDisallow:", "/a", True),
    ("Disallow: /", "/a", True),
    ("<html><body>Not found</body></html>", "/a", True),
    # our own group, however it is written, in place of everybody's, and all groups of ours together
    ("User-agent: *\nDisallow: /\n\nUser-agent: Pullquote\nAllow: /a", "/b", True),
    ("User-agent: PULLQUOTE/0.1\nDisallow: /a", "/a", False),
    ("user-agent:pullquote\ndisallow:/a", "/a", False),
    ("User-agent: Pullquote\n\nUser-agent: *\nDisallow: /", "/a", False),
    ("User-agent: Pullquote\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
    ("User-agent: Pullquote\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: pullquote\nDisallow: /c", "/c", False),
    ("User-agent: Pullquote\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: pullquote\nDisallow: /c", "/b", True),
    ("User-agent: a\nUser-agent: Pullquote\nUser-agent: b\nDisallow: /", "/a", False),
    ("User-agent: a\nSitemap: /s.xml\nCrawl-delay: 5\nUser-agent: Pullquote\nDisallow: /", "/a", False),
    ("User-agent: a\nDisallow: /\nUser-agent: Pullquote\nAllow: /", "/a", True),
    # other names
    ("User-agent: p\nDisallow: /", "/a", True),
    ("User-agent: pull\nDisallow: /", "/a", True),
    ("User-agent: PullquoteBot\nDisallow: /", "/a", True),
    ("User-agent: *bot\nDisallow: /", "/a", True),
    # the longest path decides, of two alike the one that allows, in any order
    ("User-agent: *\nDisallow: /\nAllow: /a", "/a/b", True),
    ("User-agent: *\nAllow: /a\nDisallow: /", "/b", False),
    ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
    ("User-agent: *\nAllow: /a\nDisallow: /*.html", "/a.html", False),
    ("User-agent: *\nAllow: /page\nDisallow: /*.htm", "/page.htm", False),
    ("User-agent: *\nAllow: /page\nDisallow: /*.ph", "/page.ph", True),
    # a path is where an address begins, query and all, and in its own case
    ("User-agent: *\nDisallow: /fish", "/fish.html", False),
    ("User-agent: *\nDisallow: /fish", "/Fish", True),
    ("User-agent: *\nDisallow: /fish/", "/fish", True),
    ("User-agent: *\nDisallow: /a?b=", "/a?b=c", False),
    ("User-agent: *\nDisallow: fish", "/fish", True),
    # stars and ends
    ("User-agent: *\nDisallow: /*.php$", "/a/b.php", False),
    ("User-agent: *\nDisallow: /*.php$", "/a/b.php?c", True),
    ("User-agent: *\nDisallow: /*.php$", "/a.php.php", False),
    ("User-agent: *\nDisallow: /$", "/", False),
    ("User-agent: *\nDisallow: /$", "/a", True),
    ("User-agent: *\nDisallow: *", "/a", False),
    ("User-agent: *\nDisallow: /a*b*c", "/axbxxcx", False),
    ("User-agent: *\nDisallow: /a*b*c", "/acb", True),
    ("User-agent: *\nDisallow: /a*a$", "/a", True),
    ("User-agent: *\nDisallow: /a$b", "/a$bc", False),
    ("User-agent: *\nDisallow: /a%2Ab", "/a*b", False),
    ("User-agent: *\nDisallow: /a%2Ab", "/axb", True),
    ("User-agent: *\nDisallow: /a%24", "/a$", False),
    # two ways of writing a path
    ("User-agent: *\nDisallow: /é", "/%C3%A9", False),
    ("User-agent: *\nDisallow: /%c3%a9", "/%C3%A9", False),
    ("User-agent: *\nDisallow: /%61", "/a", False),
    ("User-agent: *\nDisallow: /a", "/%61", False),
    ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
    ("User-agent: *\nDisallow: /{a}", "/%7Ba%7D", False),
    ("User-agent: *\nDisallow: /%", "/%", False),
    # how lines are written
    ("\ufeffUser-agent: *\r\nDisallow: /a # not this\r\n", "/a", False),
    ("User-agent: *\rDisallow: /a\r", "/a", False),
    ("  User-agent :  * \n\tDisallow\t:\t/a\t\n", "/a", False),
    ("User-agent: *\n\n\n# all\nnonsense\nDisallow: /a", "/a", False),
]


@pytest.mark.parametrize(("text", "path", "allowed"), CASES)
def test_a_path_is_allowed_or_not(text, path, allowed):
    assert read_robots(text.encode()).allows(path) is allowed


def test_bytes_that_are_no_utf8_are_what_addresses_have():
    assert not read_robots(b"User-agent: *\nDisallow: /\xe9").allows("/%E9")


def test_the_last_line_of_a_file_that_is_cut_is_left_out():
    assert read_robots(b"User-agent: *\nDisallow: /abc\nDisallow: /a", whole=False).allows("/ab")


HOSTILE = {
    "many names, many rules": "".join(f"user-agent:{n:x}\n" for n in range(16_000)) + "allow:/a\n" * 28_000,
    "our name, many rules": "user-agent:*\nuser-agent:pullquote\n" * 8_000 + "allow:/a\n" * 28_000,
    "stars": "user-agent:*\n" + f"disallow:/{'*a' * 250_000}b\n",
    "many stars": "user-agent:*\n" + f"disallow:/{'*aa' * 20}b\n" * 7_000,
    "spaces": "user-agent:*\n" + " " * 500_000,
    "letters": "user-agent:*\n" + "a" * 500_000,
    "colons": "user-agent:*\n" + ":" * 500_000,
    "escapes": "user-agent:*\ndisallow:/" + "%41" * 160_000,
    "lines": "\n" * 500_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_longest_file_takes_no_more_than_its_length(text):
    with within(5):
        read_robots(text.encode()).allows("/" + "a" * 4_000)


def fetched(robots, path="/page", resolver=None):
    with Site({"/robots.txt": robots, "/page": answer(b"here"), "/secret": answer(b"there")}) as site:
        address = f"http://news.example:{site.port}{path}"
        return fetcher(site, resolver).fetch(address).data, site.paths


def test_what_is_not_allowed_is_not_asked_for():
    with Site({"/robots.txt": answer(b"User-agent: *\nDisallow: /secret")}) as site:
        with pytest.raises(InputError, match="/secret is not fetched: its site's robots.txt does not allow it to programs; save the page"):
            fetcher(site).fetch(f"http://news.example:{site.port}/secret")
        assert site.paths == ["/robots.txt"]


def test_nor_after_a_redirect():
    with Site({"/robots.txt": answer(b"User-agent: *\nDisallow: /secret"), "/page": moved("/secret")}) as site:
        with pytest.raises(InputError, match="/secret is not fetched"):
            fetcher(site).fetch(f"http://news.example:{site.port}/page")
        assert site.paths == ["/robots.txt", "/page"]


def test_the_file_is_asked_for_once_in_a_run_and_for_each_origin():
    with Site({"/page": answer(b"here")}) as site:
        fetching = fetcher(site)
        for host in ("news.example", "news.example", "other.example"):
            fetching.fetch(f"http://{host}:{site.port}/page")
        assert site.paths == ["/robots.txt", "/page", "/page", "/robots.txt", "/page"]


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone", "429 Too Many Requests"])
def test_no_file_allows_everything(status):
    assert fetched(answer(b"User-agent: *\nDisallow: /", status))[0] == b"here"


UNKNOWN = {
    "500": (answer(status="500 Internal Server Error"), "answers 500 Internal Server Error"),
    "503": (answer(status="503 Service Unavailable"), "answers 503 Service Unavailable; try again later"),
    "304": (answer(status="304 Not Modified"), "answers 304"),
    "no HTTP": (b"nonsense\r\n\r\n", "breaks the rules of HTTP"),
    "into a network": (moved("http://inside.example:{port}/"), "inside.example:.* leads to 10.0.0.1, which is not on the public internet"),
    "a loop": (moved("/robots.txt"), "more than 5 redirects"),
    "another scheme": (moved("ftp://news.example/robots.txt"), "only http and https"),
}


@pytest.mark.parametrize("how", UNKNOWN)
def test_a_file_that_cannot_be_read_allows_nothing(how):
    robots, reason = UNKNOWN[how]
    with Site({}) as site:
        site.answers["/robots.txt"] = robots.replace(b"{port}", str(site.port).encode())
        fetching = fetcher(site, Resolver(**{"inside.example": [["10.0.0.1"]]}))
        for _ in range(2):
            with pytest.raises(InputError, match=f"/page is not fetched, since what its site allows to programs is not known: .*{reason}"):
                fetching.fetch(f"http://news.example:{site.port}/page")
        # asked for once, and the page never
        assert set(site.paths) == {"/robots.txt"}
        assert len(site.paths) == (6 if how == "a loop" else 1)


def test_its_redirects_are_followed_and_its_rules_are_the_first_ones():
    with Site({"/robots.txt": moved("/rules"), "/rules": answer(b"User-agent: *\nDisallow: /secret")}) as site:
        with pytest.raises(InputError, match="does not allow"):
            fetcher(site).fetch(f"http://news.example:{site.port}/secret")
        assert site.paths == ["/robots.txt", "/rules"]


def test_of_a_long_file_the_first_512_kilobytes_are_read():
    filler = b"# " + b"a" * 97 + b"\n"
    start = b"User-agent: *\nDisallow: /secret\n"
    long = start + filler * 6_000 + b"Disallow: /page\n"
    assert fetched(answer(long))[0] == b"here"
    with pytest.raises(InputError, match="does not allow"):
        fetched(answer(long), "/secret")
    assert fetched(answer(start + filler * 5_000 + b"Disallow: /other\n"))[0] == b"here"
    with pytest.raises(InputError, match="does not allow"):
        fetched(answer(start + filler * 5_000 + b"Disallow: /page\n"))
