"""Hostile strings as article text, title, source and question: shown as typed, and nothing runs, loads or pops up."""

import json
import random

import pytest

from rag import Archive, Settings, article
from rag.corpus.canonical_text import canonical
from tests.conftest import SHARED
from tests.fakes import HashingEncoder
from tests.web.conftest import HASHING, ask, served, visit

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
# a title or source holds 500 characters
MOST_CHARS = 450
BETWEEN = " ¦ "
# what the page itself never makes of an article, a quote or a question, but for the words that answer, which it sets in bold
ALIEN = "img, script, iframe, style, link, base, meta, object, embed, strong:not(.answer, .answer *), code, svg:not(.timeline)"
TURNS = 10


def strings():
    """Our own cases; with the shared data beside the project also all naughty strings and 500 lines of the XSS list."""
    found = list(OWN)
    if (SHARED / "hostile").is_dir():
        naughty = json.loads((SHARED / "hostile" / "blns.json").read_text())
        payloads = (SHARED / "hostile" / "xss-payload-list.txt").read_text(errors="replace").splitlines()
        found += naughty + random.Random(SAMPLE_SEED).sample([line for line in payloads if line.strip()], 500)
    return found


def bundles():
    """The strings in order, as many together as one title holds: each step of the page then shows several.

    None hides behind another, since what is shown is compared as a whole: a character that is taken as markup is missing there.
    """
    found = [[]]
    for text in strings():
        if len(BETWEEN.join([*found[-1], text])) > MOST_CHARS:
            found.append([])
        found[-1].append(text)
    return found


def made(number, texts):
    """An article that has every string in its title, in its source and, at the start of a line and within a sentence, in its text."""
    joined = BETWEEN.join(texts)
    paragraphs = (f"{text}\nA zeppelin said {text} twice. It flew on." for text in texts)
    return article(f"h{number}", f"Zeppelin {joined}", "\n\n".join(paragraphs), source=joined)


@pytest.fixture(scope="module")
def hostile(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    articles = [made(number, texts) for number, texts in enumerate(bundles())]
    for one, texts in zip(articles, bundles(), strict=True):
        assert all(canonical(text) in one.text for text in texts)
        assert all(folded(canonical(text)) in field for text in texts for field in (one.title, one.source))
    with Archive.open(folder / "index", Settings(), HashingEncoder()) as archive:
        archive.add(articles)
    # what is shown does not hang on what the model finds near
    with served(folder / "index", folder / "log", program=HASHING) as address:
        yield address, articles


def folded(text):
    """The characters that a person sees, spaces folded as a browser folds them."""
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
    assert seen == {one.id: (one.title, one.source) for one in articles}


def test_every_string_in_text_title_and_source_is_shown_as_typed_in_the_opened_article(browser, hostile):
    address, articles = hostile
    with visit(browser, address) as page:
        page.get_by_role("tab", name="Articles").click()
        opener = page.locator(".shelf [data-do='article']").first
        for one in articles:
            opener.evaluate("(node, id) => { node.dataset.more = id; node.click(); }", one.id)
            page.wait_for_function("id => document.querySelector('#article article')?.dataset.article === id", arg=one.id)
            text, title, source, aliens = page.locator("#article article").evaluate(
                """(node, alien) => [...['.text', 'h2', '.cite bdi'].map(part => node.querySelector(part).textContent),
                node.querySelectorAll(alien).length]""",
                ALIEN,
            )
            assert text == one.text
            assert (folded(title), folded(source)) == (one.title, one.source)
            assert aliens == 0


def test_every_string_as_a_question_and_in_quotes_is_shown_as_typed(browser, hostile):
    address, articles = hostile
    questions = ["\n".join(f"Zeppelin {text}" for text in texts) for texts in bundles()]
    cited = {field for one in articles for field in (one.title, one.source)}
    with visit(browser, address) as page:
        for start in range(0, len(questions), TURNS):
            asked = questions[start : start + TURNS]
            for number, question in enumerate(asked):
                # through the page's own event, since a box of one line would drop line ends
                page.locator("#conversation").evaluate(
                    """(node, text) => { const button = document.createElement('button'); button.dataset.do = 'ask'; button.dataset.more = text;
                    const inside = node.querySelector('.welcome, .turns'); inside.append(button); button.click(); button.remove(); }""",
                    question,
                )
                page.wait_for_function("count => document.querySelectorAll('.turn').length === count", arg=number + 1)
            shown, words, cites, aliens = page.locator("#conversation").evaluate(
                """(node, alien) => [...['.question:not(:has(+ .long)), .long p', 'blockquote .words', '.cite bdi'].map(part =>
                [...node.querySelectorAll(part)].map(one => one.textContent)), node.querySelectorAll('.turn ' + alien).length]""",
                f":is({ALIEN})",
            )
            assert [folded(question) for question in shown] == [folded(question) for question in asked]
            assert words
            assert all(any(quote in one.text for one in articles) for quote in words)
            assert {folded(cite) for cite in cites} <= cited
            assert aliens == 0
            page.get_by_role("button", name="New conversation").click()
            page.locator(".welcome").wait_for()


def test_a_question_typed_by_hand_is_shown_as_typed(browser, hostile):
    address, _ = hostile
    with visit(browser, address) as page:
        # with a question mark, since a few words without one are searched for
        for text in (f"{text}?" for text in OWN if "\n" not in text):
            assert folded(ask(page, text).locator(".question").text_content()) == folded(text)
        page.get_by_role("tab", name="Conversations").click()
        listed = page.locator("#conversations .title").first
        assert folded(listed.text_content()) == folded(f"{OWN[0]}?")
        assert page.locator(f"#conversations :is({ALIEN})").count() == 0


def test_every_string_that_search_finds_is_shown_as_typed(browser, hostile):
    address, articles = hostile
    with visit(browser, f"{address}/?find=zeppelin") as page:
        seen, further = set(), page.get_by_role("button", name="Next page")
        while True:
            page.locator("#search .findings li").first.wait_for()
            rows = page.locator("#search .findings li").evaluate_all(
                "rows => rows.map(row => ['h3 button', '.cite bdi', 'blockquote'].map(part => row.querySelector(part).textContent))"
            )
            assert all(any(snippet in one.text for one in articles) for _, _, snippet in rows)
            seen |= {(folded(title), folded(source)) for title, source, _ in rows}
            assert page.locator(f"#search :is({ALIEN})").count() == 0
            if not further.count() or further.is_disabled():
                break
            further.click()
            page.wait_for_function("title => document.querySelector('#search h3 button').textContent !== title", arg=rows[0][0])
    assert seen == {(one.title, one.source) for one in articles}
