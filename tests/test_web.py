"""The chat in a real browser: what a person sees, and that nothing reaches out."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from rag import Answer, Archive, Outcome, Quote, Settings, Span, article, read_articles, render
from rag.types import Difference, Searched, Seconds, Value
from rag.web.page import chat, launch
from tests.conftest import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(2)</script>",
    "[a link](javascript:alert(3)) **bold** ![picture](http://198.51.100.7/x.png)",
    "$$\\sum_{i}$$ and `code`",
    "```mermaid\ngraph TD; A-->B\n```",
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine (Debian: apt-get install chromium)")


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory, encoder):
    """`app.py` over the seeds and a hostile article, under the guard that lets no socket leave the machine."""
    folder = tmp_path_factory.mktemp("web")
    with Archive.open(folder / "index", Settings(), encoder) as archive:
        archive.add(read_articles(ROOT / "seeds"))
        archive.add(
            article(f"h{n}", f"Zeppelin {text}"[:400], f"The zeppelin number {n} said {text} twice.", source=text) for n, text in enumerate(HOSTILE)
        )
    port = free_port()
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([sys.executable, "app.py", "--port", str(port), "--index", str(folder / "index")], cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_for(port, server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)
    assert "OFFLINE GUARD" not in (folder / "log").read_text()


def wait_for(port, server, log):
    for _ in range(300):
        if server.poll() is not None:
            pytest.fail(f"the server ended: {Path(log).read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not open its port in a minute")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.asked_hosts, page.dialogs = set(), []
    page.on("request", lambda request: page.asked_hosts.add(urlsplit(request.url).hostname))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    yield page
    context.close()
    assert page.asked_hosts <= {"127.0.0.1", None}
    assert page.dialogs == []


def ask(page, question):
    page.get_by_label("Question").fill(question)
    page.get_by_label("Question").press("Enter")


def test_a_question_shows_both_figures_with_their_citations(page):
    ask(page, "How many overseas police stations does China operate?")
    answer = page.get_by_test_id("bot").last
    expect(answer).to_contain_text("China had 54 overseas police stations", timeout=60_000)
    expect(answer).to_contain_text("China runs more than 100 police stations in other countries")
    expect(answer).to_contain_text(
        "Rights group counts dozens of Chinese police stations abroad · Sample Daily · Pullquote samples · 2022-10-19 · characters 289-419"
    )
    if os.environ.get("SCREENSHOTS"):
        page.screenshot(path=os.environ["SCREENSHOTS"])


def test_silence_is_shown_with_its_reason(page):
    ask(page, "Who won the 2022 World Cup?")
    expect(page.get_by_test_id("bot").last).to_contain_text("The articles do not answer this", timeout=60_000)


def test_article_text_and_questions_stay_the_characters_that_they_are(page):
    for number, text in enumerate(HOSTILE):
        ask(page, f"What did the zeppelin number {number} say {text}?")
        expect(page.get_by_test_id("user")).to_have_count(number + 1, timeout=60_000)
        answer = page.get_by_test_id("bot").nth(number)
        expect(answer).to_contain_text(re.compile(r"Searched 17 articles"), timeout=60_000)
        shown = " ".join(answer.inner_text().split())
        assert " ".join(f"said {text} twice.".split()) in shown
        assert answer.locator("img[src*='x'], script, strong, a[href], code, svg.mermaid, .katex").count() == 0


def test_a_lead_a_speaker_and_differences_are_shown_as_they_stand(browser, archive, make):
    bold, plain = make("a", "The <b>keeper</b>  spoke. It rained. She said: “It cost $3m.”", source="<i>S</i>"), make("b", "It cost $5m.")
    quotes = (
        Quote(bold, Span(38, 62), 1, 1, Span(0, 62), speaker=Span(0, 17), lead=Span(0, 25)),
        Quote(plain, Span(0, 12), 1, 1, Span(0, 12)),
    )
    difference = Difference("cost", (Value("$3m", 0, Span(57, 60), None), Value("$5m", 1, Span(8, 11), None)))
    answer = Answer("?", Outcome.ANSWERED, quotes, (), Searched(2, 2, None, None, 2), Seconds(), (difference,))
    archive.ask = lambda question: answer
    port = free_port()
    blocks = chat(archive)
    launch(blocks, "127.0.0.1", port, block=False)
    try:
        opened = browser.new_page()
        opened.goto(f"http://127.0.0.1:{port}")
        ask(opened, "How much did it cost?")
        shown = opened.get_by_test_id("bot").last
        expect(shown).to_contain_text("Searched", timeout=60_000)
        # with its double spaces, its margin and its tags
        assert shown.inner_text().strip() == render.answer_text(answer)
        opened.close()
    finally:
        blocks.close(verbose=False)


def test_a_port_that_is_taken_is_named(address):
    port = address.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "app.py", "--port", port, "--index", "none"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert f"port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
