"""Hostile strings as article text, title, source and question: shown as typed, and nothing runs, loads or pops up."""

import json
import random

import pytest

from rag import Archive, Settings, article
from tests.conftest import SHARED
from tests.web.conftest import ask, served, visit

OWN = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(2)</script>",
    "<svg/onload=alert(3)>",
    "<iframe srcdoc='<script>alert(4)</script>'></iframe>",
    '"><script>alert(5)</script>',
    "' onmouseover='alert(6)",
    "javascript:alert(7)",
    "<a href=javascript:alert(8)>x</a>",
    "</script><script>alert(9)</script>",
    "${alert(10)}",
    "{{ 7 * 7 }} {% for x in [1] %}",
    "{{#if value}}{{value}}{{/if}}",
    "`${document.title = 'owned'}`",
    "<!-- comment",
    "]]>",
    "&lt;b&gt; &amp;amp;",
    "[a link](javascript:alert(11)) **bold** ![picture](http://198.51.100.7/x.png)",
    "# heading\n- list\n> quote",
    "| a | b |\n|---|---|",
    "~~~\ncode\n~~~",
    "$$\\sum_{i}$$ and $x$",
    "\\(\\href{javascript:alert(12)}{x}\\)",
    "\\begin{document}\\input{/etc/passwd}",
    "```mermaid\ngraph TD; A-->B\n```",
    "%%{init: {'theme':'forest'}}%%\nsequenceDiagram\nA->>B: hi",
    "graph TD; A[<img src=x onerror=alert(13)>]",
    "<style>body{display:none}</style>",
    "<base href=http://198.51.100.7/>",
    "<link rel=stylesheet href=http://198.51.100.7/x.css>",
    "<meta http-equiv=refresh content='0;url=http://198.51.100.7'>",
]
SAMPLE_SEED = 20261122


def strings():
    """Our own cases; with the shared data beside the project also all naughty strings and 500 lines of the XSS list."""
    found = list(OWN)
    if (SHARED / "hostile").is_dir():
        naughty = json.loads((SHARED / "hostile" / "blns.json").read_text())
        payloads = (SHARED / "hostile" / "xss-payload-list.txt").read_text(errors="replace").splitlines()
        found += naughty + random.Random(SAMPLE_SEED).sample([line for line in payloads if line.strip()], 500)
    return found


def made(number, text):
    """An article that carries the string in its text, title and source; None where it is nothing once made canonical."""
    try:
        return article(
            f"h{number}", f"Zeppelin {number} {text}"[:400], f"Zeppelin number {number} said {text} twice. It flew on.", source=text or None
        )
    except Exception:  # noqa: BLE001 - what no article can hold never reaches the page
        return None


@pytest.fixture(scope="module")
def hostile(browser, tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("hostile")
    articles = [one for number, text in enumerate(strings()) if (one := made(number, text))]
    with Archive.open(folder / "index", Settings(), encoder) as archive:
        report = archive.add(articles)
    assert len(report.added) > 0.95 * len(strings())
    with served(folder / "index", folder / "log") as address:
        yield address, articles


def shown(locator):
    """The characters that a person sees, spaces folded as a browser folds them."""
    return " ".join(locator.evaluate("node => node.textContent").split())


def folded(text):
    return " ".join(text.split())


def test_every_string_in_the_list_of_articles_is_shown_as_typed(browser, hostile):
    address, articles = hostile
    with visit(browser, address) as page:
        page.get_by_role("tab", name="Articles").click()
        seen = {}
        while True:
            page.locator(".shelf tbody tr").first.wait_for()
            rows = page.locator(".shelf tbody tr").evaluate_all(
                "rows => rows.map(row => [row.querySelector('[data-more]').dataset.more, row.cells[1].textContent, row.cells[2].textContent])"
            )
            seen |= {id: (folded(title), folded(source)) for id, title, source in rows}
            further = page.get_by_role("button", name="Further down the list")
            if further.is_disabled():
                break
            first = rows[0][0]
            further.click()
            page.wait_for_function("id => document.querySelector('.shelf tbody [data-more]').dataset.more !== id", arg=first)
    assert seen == {one.id: (folded(one.title), folded(one.source or "")) for one in articles}


def test_every_string_in_text_title_and_source_is_shown_as_typed_in_the_opened_article(browser, hostile):
    address, articles = hostile
    with visit(browser, address) as page:
        page.get_by_role("tab", name="Articles").click()
        opener = page.locator(".shelf [data-do='article']").first
        for one in articles:
            opener.evaluate("(node, id) => { node.dataset.more = id; node.click(); }", one.id)
            page.wait_for_function("id => document.querySelector('#article article')?.dataset.article === id", arg=one.id)
            opened = page.locator("#article article")
            assert opened.locator(".text").evaluate("node => node.textContent") == one.text
            assert shown(opened.locator("h2")) == folded(one.title)
            if one.source:
                assert folded(one.source) in shown(opened.locator(".cite"))
            assert opened.locator("img, script, iframe, style, link, base, meta, svg, object, embed, strong, code").count() == 0


def test_every_string_as_a_question_and_in_quotes_is_shown_as_typed(browser, hostile):
    address, articles = hostile
    texts = [text for text in strings() if text.strip()]
    with visit(browser, address) as page:
        for number, text in enumerate(texts):
            turn = page.locator(".turn")
            # through the page's own event, since a box of one line would drop line ends
            page.locator("#conversation").evaluate(
                """(node, text) => { const button = document.createElement('button'); button.dataset.do = 'ask'; button.dataset.more = text;
                const inside = node.querySelector('.welcome, .turns'); inside.append(button); button.click(); button.remove(); }""",
                f"Zeppelin {text}",
            )
            page.wait_for_function("count => document.querySelectorAll('.turn').length === count", arg=min(number % 10 + 1, 50))
            last = turn.last
            assert shown(last.locator(".question")) == folded(f"Zeppelin {text}")
            for quote in last.locator("blockquote .words").all_text_contents():
                assert any(quote in one.text for one in articles)
            assert last.locator("img, script, iframe, style, link, base, meta, object, embed, strong, code").count() == 0
            if number % 10 == 9:
                page.get_by_role("button", name="Start afresh").click()
                page.locator(".welcome").wait_for()


def test_a_question_typed_by_hand_is_shown_as_typed(browser, hostile):
    address, _ = hostile
    with visit(browser, address) as page:
        for text in (text for text in OWN if "\n" not in text):
            assert shown(ask(page, text).locator(".question")) == folded(text)
