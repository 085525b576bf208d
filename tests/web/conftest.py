"""A real server, a real browser, and a page that tells of every dialog, error, breach of its policy and request to elsewhere."""

import socket
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, article, read_articles
from tests.conftest import ROOT
from tests.fakes import HashingEncoder
from tests.forks import started

HASHING = "tests.web.hashing_app"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
# a first answer waits for the model, and whatever else is waited for comes late on a slow machine; in milliseconds
PATIENCE = 90_000
expect.set_options(timeout=PATIENCE)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def bridge(folder):
    """An archive of one article in a folder, found without the model; gives where it is."""
    with Archive.open(folder / "index", Settings(), HashingEncoder()) as archive:
        archive.add([article("a", "Bridge", "The bridge was opened in 1932.")])
    return folder / "index"


@contextmanager
def served(index, log, *options, program="app.py"):
    """`app.py`, or another `program` like it, over an index, under the guard that lets no socket leave the machine; its address."""
    port = free_port()
    with log.open("w") as out:
        server = started(program, "--port", port, "--index", index, *options, out=out, err=out, GRADIO_TEMP_DIR=str(log.parent / "uploads"))
        try:
            wait_for(port, server.is_alive, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.join(90)
            assert server.exitcode is not None, "the server did not end in 90 seconds"
    assert "OFFLINE GUARD" not in log.read_text()


def wait_for(port, runs, log):
    for _ in range(3_600):
        if not runs():
            pytest.fail(f"the server ended: {Path(log).read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not open its port in three minutes")


@pytest.fixture(scope="session")
def address(chromium, tmp_path_factory, encoder):
    """The page over the seeds, for tests that change nothing in the archive."""
    folder = tmp_path_factory.mktemp("page")
    with Archive.open(folder / "index", Settings(), encoder) as archive:
        archive.add(read_articles(ROOT / "seeds"))
    with served(folder / "index", folder / "log") as found:
        yield found


def patient(opened):
    """A page, or a context of pages, that waits for what it does as long as a slow machine takes."""
    opened.set_default_timeout(PATIENCE)
    return opened


@contextmanager
def visit(browser, address, size=WIDE, **options):
    """A visitor's page, which must come to no dialog, no script error, nothing that its policy forbids and no request to another host."""
    context = patient(browser.new_context(viewport=size, accept_downloads=True, **options))
    page = context.new_page()
    hosts, alarms = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: alarms.append(str(error)))
    page.on("console", lambda line: alarms.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(address)
    page.locator("#conversation :is(.welcome, .turns)").wait_for(state="attached")
    try:
        yield page
    finally:
        context.close()
    assert hosts <= {"127.0.0.1", None}
    assert alarms == []


@pytest.fixture
def page(browser, address):
    with visit(browser, address) as opened:
        yield opened


@pytest.fixture
def phone(browser, address):
    with visit(browser, address, PHONE, color_scheme="dark") as opened:
        yield opened


def ask(page, question):
    """Asks as a person does; the turn that it makes, once what the answer opens by itself is open."""
    turns = page.locator(".turn")
    before = turns.count()
    box = page.get_by_label("Question", exact=True)
    box.fill(question)
    box.press("Enter")
    turns.nth(before).wait_for()
    opened_beside(page)
    return turns.nth(before)


def opened_beside(page):
    """Waits for the article that opens beside the last answer, where there is room: a step of its own, which writes the line anew."""
    opens = page.evaluate(
        """() => matchMedia("(min-width: 900px) and (min-height: 560px)").matches
        && Boolean([...document.querySelectorAll(".turn")].at(-1)?.querySelector(".card:not(.near)"))"""
    )
    if opens:
        answered(page, "beside")


def is_there(page, held):
    """Waits for a request that a test holds back: a question's turn, say, is drawn before it is sent."""
    for _ in range(1_800):
        if held:
            return
        page.wait_for_timeout(50)
    pytest.fail("no request was sent in 90 seconds")


def answered(page, step):
    """Waits for the server's answer to a step, the last one so far: all parts that it makes anew are on the page with it."""
    page.locator(f"#status[data-after={step}]").wait_for(state="attached")
