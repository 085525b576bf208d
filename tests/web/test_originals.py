"""A quote from a PDF leads to its page, with its lines marked; each article's file can be saved as it was added, and is never shown."""

import asyncio
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, Span, article, read_articles
from rag.corpus.page_pictures import PagePictures
from rag.types import Box, Kind, Original, Part
from rag.web.addresses import Addresses
from rag.web.originals import FILE, Originals, file_link, page_link
from tests.corpus.formats.made_pdf import shown, wrapped, written
from tests.corpus.test_readers import PAGE, bomb
from tests.fakes import HashingEncoder
from tests.web.conftest import HASHING, ask, served, visit
from tests.web.test_access import findings
from tests.web.test_doors import call

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
QUOTE = (
    "The lighthouse at the cape, which sailors had asked for since the storm of that winter, was painted red in the spring by four people of "
    "the village and by the keeper."
)
LINES = wrapped(QUOTE, 70)


def upright(line, row):
    """A line of a page that is turned by a quarter, which a viewer shows upright."""
    return shown(line, 100 + 14 * row, 150, matrix="0 1 -1 0")


PDF = written(
    [
        upright("The ferry runs every hour, also on Sundays.", 0),
        "".join(upright(line, row) for row, line in enumerate(LINES)) + upright("The keeper lives there.", 20),
    ],
    page="/Rotate 90 /CropBox [40 100 600 760]",
    information="/Title (<i>A lighthouse</i>)",
)


def hostile():
    """An article that says that it was read from a file over which PDFium gives up its process."""
    made = article("hostile", "Hostile", "The tower fell.")
    original = Original(hashlib.sha256(bomb()).hexdigest(), "pdf", 1, bomb())
    return replace(made, parts=(Part(Span(0, 15), Kind.BODY, "page 1", Box(1, 0, 0, 9, 9)),), original=original)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("originals")
    (made / "files").mkdir()
    (made / "files" / "a.pdf").write_bytes(PDF)
    (made / "files" / "b.html").write_bytes(PAGE)
    with Archive.open(made / "index", Settings(), HashingEncoder()) as archive:
        archive.add([*read_articles(made / "files"), hostile()])
        archive.add([article("none", "None", "A tunnel was dug.")])
    return made


@pytest.fixture(scope="module")
def articles(folder):
    with Archive.open(folder / "index", Settings(), HashingEncoder(), read_only=True) as archive:
        return {one.id: one for one in archive.articles()}


@pytest.fixture(scope="module")
def address(folder):
    with served(folder / "index", folder / "log", program=HASHING) as found:
        yield found


@pytest.fixture(scope="module")
def locked(folder):
    """The same behind a password."""
    (folder / "password").write_text("open sesame")
    (folder / "password").chmod(0o600)
    with served(folder / "index", folder / "locked log", "--auth", f"me:{folder / 'password'}", program=HASHING) as found:
        yield found


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_quote_s_page_opens_with_its_lines_marked(browser, address, size):
    with visit(browser, address, size) as page:
        card = ask(page, "When was the lighthouse at the cape painted red?").locator(".card", has_text="painted red").first
        link = card.get_by_role("link", name="page 2, with the quote marked")
        expect(link).to_have_text("p. 2")
        with page.expect_popup() as opened:
            link.click()
        sheet = opened.value
        expect(sheet.get_by_role("img", name="<i>A lighthouse</i>, page 2")).to_have_js_property("complete", True)
        assert sheet.get_by_role("img").evaluate("image => image.naturalWidth") > 1_000
        expect(sheet.locator("blockquote")).to_have_text(QUOTE)
        picture = sheet.get_by_role("img").bounding_box()
        expect(sheet.locator("rect")).to_have_count(len(LINES))
        marks = [mark.bounding_box() for mark in sheet.locator("rect").all()]
        assert all(mark["width"] > 10 * mark["height"] for mark in marks)
        assert picture["y"] < marks[0]["y"] < marks[1]["y"] < picture["y"] + picture["height"]
        assert sheet.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert [one for one in findings(sheet) if one[0] in ("serious", "critical")] == []
        sheet.get_by_role("link", name="Previous page").click()
        expect(sheet.get_by_text("page 1 of 2")).to_be_visible()
        assert sheet.locator("rect").count() == 0
        expect(sheet.locator("figcaption p")).to_have_text(["Nothing of the quote stands on this page.", "It stands on page 2."])
        with sheet.expect_download() as saved:
            sheet.get_by_role("link", name="The file as it was added").click()
        assert (saved.value.suggested_filename, saved.value.path().read_bytes()) == ("iA lighthousei.pdf", PDF)


def test_an_opened_article_offers_its_pages_and_the_file_as_it_was_added(browser, address):
    with visit(browser, address, WIDE) as page:
        turn = ask(page, "When was the lighthouse at the cape painted red?")
        turn.locator(".card", has_text="painted red").first.locator(".check").click()
        expect(page.locator("#article .facts").get_by_role("link", name="page 2, with the quote marked")).to_be_visible()
        page.get_by_role("tab", name="Articles").click()
        page.get_by_role("button", name="A lock opens", exact=True).click()
        expect(page.locator("#article h2")).to_have_text("A lock opens")
        with page.expect_download() as saved:
            page.get_by_role("link", name="The file as it was added").click()
        assert saved.value.path().read_bytes() == PAGE
        page.get_by_role("button", name="<i>A lighthouse</i>", exact=True).click()
        expect(page.get_by_role("link", name="Its pages")).to_be_visible()
        page.get_by_role("button", name="None", exact=True).click()
        expect(page.locator("#article h2")).to_have_text("None")
        assert page.locator("#article .facts a").count() == 0


def test_a_file_is_never_shown(address, articles):
    page = next(one for one in articles.values() if one.original and one.original.format == "html")
    status, headers, body = call(address, "GET", f"/{file_link(page)}")
    assert (status, body) == (200, PAGE)
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''A%20lock%20opens.html"
    assert (headers["x-content-type-options"], headers["content-security-policy"].split(";")[0]) == ("nosniff", "sandbox")


def test_a_page_of_its_file_may_load_a_picture_and_nothing_else(address, articles):
    made = next(one for one in articles.values() if one.original and "lighthouse" in one.title)
    status, headers, body = call(address, "GET", f"/{page_link(made, 2, [Span(0, 10)])}".partition("#")[0])
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert (status, rules.pop("style-src")[:8]) == (200, "'sha256-")
    assert rules == {"default-src": "'none'", "img-src": "'self'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
    assert b"&lt;i&gt;A lighthouse" in body
    assert b"<i>" not in body
    # one page alone is drawn of what it says
    status, headers, body = call(address, "GET", f"/page.png?{urlencode({'id': made.id, 'sha256': made.sha256, 'page': 2})}")
    assert (status, headers["content-type"], body[:4]) == (200, "image/png", b"\x89PNG")


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"id": "unknown"}, 404, b"does not have this text"),
        ({"sha256": "0" * 64}, 404, b"does not have this text"),
        ({"page": "3"}, 404, b"it has no page 3"),
        ({"page": "0"}, 404, b"counted from 1"),
        ({"page": "-1"}, 404, b"counted from 1"),
        ({"page": "two"}, 400, b"This address is damaged"),
        ({"page": "9" * 5_000}, 400, b"This address is damaged"),
        ({"at": "9-1"}, 400, b"This address is damaged"),
        ({"at": "1"}, 400, b"This address is damaged"),
    ],
)
def test_what_the_page_does_not_link_to_is_refused(address, articles, changed, code, said):
    made = next(one for one in articles.values() if one.original and "lighthouse" in one.title)
    fields = {"id": made.id, "sha256": made.sha256, "page": "1", **changed}
    for path in ("/page", "/page.png"):
        status, headers, body = call(address, "GET", f"{path}?{urlencode(fields)}")
        assert (status, said in body, headers["content-type"]) == (code, True, "text/html; charset=utf-8")


def test_without_a_file_there_is_no_page(address, articles):
    for one, reason in (
        (articles["none"], b"was not kept"),
        (next(one for one in articles.values() if one.title == "A lock opens"), b"without pages"),
    ):
        status, _, body = call(address, "GET", f"/page?{urlencode({'id': one.id, 'sha256': one.sha256})}")
        assert (status, reason in body) == (404, True)
    assert (page_link(articles["none"], 1), file_link(articles["none"])) == (None, None)


def test_a_file_that_kills_its_reader_does_not_kill_the_server(address, articles):
    made = next(one for one in articles.values() if "lighthouse" in one.title)
    for _ in range(2):
        status, _, body = call(address, "GET", f"/{page_link(articles['hostile'], 1)}")
        assert (status, b"The page cannot be shown: " in body) == (404, True)
    assert call(address, "GET", f"/{page_link(made, 1)}")[0] == 200
    # it is as it was, for whoever wants to look at it elsewhere
    assert call(address, "GET", f"/{file_link(articles['hostile'])}")[2] == bomb()


@pytest.mark.parametrize("path", ["/article", "/page", "/page.png", "/original"])
def test_they_have_the_page_s_own_door(address, locked, articles, path):
    made = next(one for one in articles.values() if "lighthouse" in one.title)
    asked = f"{path}?{urlencode({'id': made.id, 'sha256': made.sha256})}"
    assert call(address, "GET", asked)[0] == 200
    assert call(address, "GET", asked, headers={"Host": "evil.example"})[0] == 403
    assert call(address, "GET", asked, headers={"Host": "127.0.0.1/x"})[0] in (200, 400, 403)
    assert call(address, "POST", asked)[0] == 404
    assert call(locked, "GET", asked)[0] == 401


def test_only_so_many_are_answered_at_a_time(folder):
    waiting = threading.Event()

    class Slow:
        """The archive, which answers once it is let go."""

        def __init__(self, archive):
            self._archive = archive

        def article(self, id):
            waiting.wait(60)
            return self._archive.article(id)

    async def asked(app, client):
        messages = []

        async def send(message):
            messages.append(message)

        scope = {"type": "http", "method": "GET", "path": "/original", "query_string": b"id=none", "headers": [], "client": (client, 1)}
        await app(scope, None, send)
        return messages[0]["status"]

    async def crowd(app):
        first = [asyncio.ensure_future(asked(app, "192.0.2.1")) for _ in range(7)]
        await asyncio.sleep(0.5)
        second = [asyncio.ensure_future(asked(app, f"192.0.2.{n}")) for n in range(2, 9)]
        await asyncio.sleep(0.5)
        waiting.set()
        statuses = await asyncio.gather(*first, *second)
        return statuses, await asked(app, "192.0.2.1")

    # in a thread of its own, since the browser's client runs a loop in this one
    with (
        Archive.open(folder / "index", Settings(), HashingEncoder(), read_only=True) as archive,
        PagePictures() as pictures,
        ThreadPoolExecutor(1) as pool,
    ):
        statuses, afterwards = pool.submit(lambda: asyncio.run(crowd(Addresses({FILE: Originals(Slow(archive), pictures).file})))).result()
    # six of one client, and twelve in all
    assert [statuses[:7].count(503), statuses[7:].count(503), afterwards] == [1, 1, 404]
