"""Whether anything that strangers write runs in a browser: `python -m benchmarks.hostile [FOLDER] [--every 1] [--without-policy]`.

FOLDER (../shared/data/hostile) has `blns.json`, the naughty strings, and `xss-payload-list.txt`; of the first all are taken, of the
second 530, spread over it, and beside them a hundred addresses of schemes that run or read something. Each is an article's
title, text, source, author, address and note, a question, and now and then the name of a file that is added; shown in Chromium on
the page, in the saved page, in Markdown read by a reader that lets everything through, in the other forms, and in an evaluation's
report. `--without-policy` has the browser ignore what the pages forbid, so that escaping alone has to hold.

Counted are executions (calls of alert, confirm, prompt and print, dialogs, windows that open, pages that are left), breaches of a
page's policy, errors of scripts, requests to elsewhere, and what nobody's text should have become: elements, attributes that
run, links to anything but http, https and mailto. The exit status is 1 where there is any.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Dialog, Error, FilePayload, Page, sync_playwright
from tqdm import tqdm

from benchmarks.screenshot import FLAGS
from benchmarks.served import served
from rag import Archive, Settings, article, render
from rag.corpus.canonical_text import one_line
from rag.evaluation.command import Request, run
from rag.types import Answer, Article, Difference, Filters, Outcome, Quote, Searched, Seconds, Span, Value
from tests.fakes import CommonWords, HashingEncoder

_DATA = Path("../shared/data/hostile")
_ADDRESSES = ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:alert(1)", "file:///etc/passwd")
# an address as browsers, and those who write filters, have been seen to read it otherwise than it stands
_TRICKS: tuple[Callable[[str, str], str], ...] = (
    lambda scheme, rest: f"{scheme}:{rest}",
    lambda scheme, rest: f"{scheme.upper()}:{rest}",
    lambda scheme, rest: f"{scheme.title()}:{rest}",
    lambda scheme, rest: f" {scheme}:{rest}",
    lambda scheme, rest: f"\t{scheme}:{rest}",
    lambda scheme, rest: f"\n{scheme}:{rest}",
    lambda scheme, rest: f"\x01{scheme}:{rest}",
    lambda scheme, rest: f"\x00{scheme}:{rest}",
    lambda scheme, rest: f"\u00a0{scheme}:{rest}",
    lambda scheme, rest: f"\u200b{scheme}:{rest}",
    lambda scheme, rest: f"{scheme[:2]}\t{scheme[2:]}:{rest}",
    lambda scheme, rest: f"{scheme[:2]}\n{scheme[2:]}:{rest}",
    lambda scheme, rest: f"{scheme[:2]}\r{scheme[2:]}:{rest}",
    lambda scheme, rest: f"{scheme[:2]}\x00{scheme[2:]}:{rest}",
    lambda scheme, rest: f"{scheme} :{rest}",
    lambda scheme, rest: f"&#{ord(scheme[0])};{scheme[1:]}:{rest}",
    lambda scheme, rest: f"&#x{ord(scheme[0]):x}{scheme[1:]}:{rest}",
    lambda scheme, rest: f"{scheme[:2]}&Tab;{scheme[2:]}&colon;{rest}",
    lambda scheme, rest: f"&NewLine;{scheme}&#0058{rest}",
    lambda scheme, rest: f"%{ord(scheme[0]):x}{scheme[1:]}%3A{rest}",
    lambda scheme, rest: f"{scheme}:{rest}#https://a.example/",
    lambda scheme, rest: f'" onmouseover="alert(1)" href="{scheme}:{rest}',
    lambda scheme, rest: f"[a]({scheme}:{rest})",
    lambda scheme, rest: f"<{scheme}:{rest}>",
    lambda scheme, rest: f"[a]: {scheme}:{rest}\n\n[a]",
)
ADDRESSES = tuple(trick(*address.split(":", 1)) for address in _ADDRESSES for trick in _TRICKS)

# of a conversation, so that it is not drawn anew with too many answers each time
_TURNS = 20
# one in so many is the question in an address that opens the page
_ARRIVING = 25
_FILES = 200
_MOST = 450
_WATCH = """(() => {
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.pullquoteSaw("executions", name);
  document.addEventListener("securitypolicyviolation", event =>
    window.pullquoteSaw("breaches of a policy", `${event.effectiveDirective} ${event.blockedURI}`));
})()"""
# of the elements at `places` all that no page makes of a text, but for its own
_BECAME = """([places, own]) => [...document.querySelectorAll(places)].filter(one => !one.matches(own) && (
  /^(img|image|script|iframe|link|base|meta|object|embed|applet|math|video|audio|marquee|style|frame|frameset)$/i.test(one.tagName)
  || [...one.attributes].some(({ name, value }) => name.startsWith("on") || name === "srcdoc"
    || /^(href|xlink:href|src|action|formaction|data|background|poster)$/.test(name) && !/^(#|https?:|mailto:)/.test(value))
)).map(one => one.outerHTML.slice(0, 200))"""
_PARTS = ", ".join(f"#{part} *" for part in ("conversation", "article", "shelf", "filters", "said", "added"))
# what a person's pointer may come to do
_PROVOKE = """document.querySelectorAll("*").forEach(one =>
  ["mouseover", "mouseenter", "mousemove", "click", "focus"].forEach(name => one.dispatchEvent(new MouseEvent(name))))"""
# what the page's own buttons do
_ACT = """facts => {
  const inside = document.querySelector("#conversation :is(.welcome, .turns)"), button = document.createElement("button");
  Object.assign(button.dataset, facts);
  inside.append(button);
  button.click();
  button.remove();
}"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=_DATA)
    parser.add_argument("--xss", type=int, default=530, help="payloads, spread over their list")
    parser.add_argument("--every", type=int, default=1, help="one text in so many")
    parser.add_argument("--without-policy", action="store_true")
    given = parser.parse_args()
    texts = strings(given.folder, given.xss)[:: given.every]
    articles = [_article(number, text) for number, text in enumerate(texts)]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        print(f"{len(texts):,} texts, of which {_bare(browser, texts)} run where a page has them as they are", flush=True)
        watch = Watch(browser, policy=not given.without_policy)
        _saved(watch, folder, articles)
        with Archive.open(folder / "index", Settings(), HashingEncoder(), CommonWords()) as archive:
            # an archive in which somebody put what `add` would refuse
            with patch("rag.adding.addition.check"):
                archive.add(articles)
            for one in articles:
                archive.write_note(one.id, Span(0, 5), one.title)
            _evaluated(watch, folder, archive, articles)
        _shown(watch, folder, folder / "index", articles)
        browser.close()
    print(f"as Pullquote shows them{', without its pages’ policy' if given.without_policy else ''}:")
    for kind, found in watch.seen.items():
        print(f"{kind}: {len(found)}", *sorted(set(found))[:10], sep="\n  ")
    return int(any(watch.seen.values()))


def strings(folder: Path, payloads: int) -> list[str]:
    """The naughty strings, so many payloads spread over their list, and the addresses; all that JSON can send, none of them blank."""
    naughty = json.loads((folder / "blns.json").read_text(encoding="utf-8"))
    lines = [line for line in (folder / "xss-payload-list.txt").read_text(encoding="utf-8", errors="replace").split("\n") if line.strip()]
    return [*naughty, *(lines[n * len(lines) // payloads] for n in range(payloads)), *ADDRESSES]


KINDS = ("executions", "breaches of a policy", "errors of scripts", "requests to elsewhere", "elements, attributes and links")


class Watch:
    """Opens pages, and keeps what happened on them that should not have, by kind."""

    def __init__(self, browser: Browser, *, policy: bool) -> None:
        self.seen: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self._browser = browser
        self._policy = policy

    @contextmanager
    def page(self, home: str) -> Iterator[Page]:
        """A page that may load what is under an address, and nothing else."""
        context = self._browser.new_context(bypass_csp=not self._policy, viewport={"width": 1440, "height": 900})
        context.expose_binding("pullquoteSaw", lambda _, kind, what: self.seen[kind].append(what))
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.set_default_timeout(90_000)
        context.on("page", lambda _: self.seen["executions"].append("a window opened"))
        page.on("dialog", self._dismissed)
        page.on("pageerror", lambda error: self.seen["errors of scripts"].append(str(error)[:200]))
        page.on("request", lambda request: self._asked(home, request.url))
        try:
            yield page
            if not page.url.startswith(home):
                self.seen["executions"].append(f"the page went to {page.url[:200]}")
        finally:
            context.close()

    def look(self, page: Page, places: str = "body *", own: str = "#none") -> None:
        """Keeps what the texts became on a page that is open."""
        self.seen["elements, attributes and links"] += page.evaluate(_BECAME, [places, own])

    def _asked(self, home: str, address: str) -> None:
        if not address.startswith((home, "data:", "blob:")):
            self.seen["requests to elsewhere"].append(address[:200])

    def _dismissed(self, dialog: Dialog) -> None:
        self.seen["executions"].append(f"dialog {dialog.message[:200]}")
        dialog.dismiss()


def _bare(browser: Browser, texts: Sequence[str]) -> int:
    """How many of the texts run where nothing keeps them from it: without any, finding none would mean nothing."""
    ran = 0
    for text in tqdm(texts, desc="as they are", disable=None):
        watch = Watch(browser, policy=False)
        # what would load something, for ever perhaps, is not waited for
        with suppress(Error), watch.page("about:blank") as page:
            page.context.set_offline(offline=True)
            page.set_content(text, wait_until="commit")
            page.evaluate(_PROVOKE)
            page.wait_for_timeout(50)
        ran += bool(watch.seen["executions"])
    return ran


def _saved(watch: Watch, folder: Path, articles: Sequence[Article]) -> None:
    """Every form in which answers leave, fifty answers in a file."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.validateLink = lambda _: True  # type: ignore[method-assign]
    with watch.page(folder.as_uri()) as page:
        for number, batch in enumerate(_batches(articles, 50)):
            answers = [_answer(one) for one in batch]
            for name, form in render.FORMATS.items():
                written = form.written(answers)
                files = {f"{number}.{form.suffix}": written}
                if name == "markdown":
                    files[f"{number}-read.html"] = f"<!doctype html><meta charset='utf-8'><body>{reader.render(written)}"
                for at, text in files.items():
                    (folder / at).write_text(text, encoding="utf-8")
                    # what a browser does not show it offers to save
                    with suppress(Error):
                        page.goto((folder / at).as_uri())
                        _unfold(page)
                        watch.look(page)


def _evaluated(watch: Watch, folder: Path, archive: Archive, articles: Sequence[Article]) -> None:
    """An evaluation's report, whose gold has the texts in every field."""
    rows = (
        {"id": f"{number} {one.title}", "question": one.title, "answers": [one.title], "evidence": [{"article": one.id}], "answerable": True}
        for number, one in enumerate(articles)
    )
    (folder / "gold.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    run(archive, Request(folder / "gold.jsonl", folder / "report"), lambda _: None)
    with watch.page(folder.as_uri()) as page:
        page.goto((folder / "report" / "report.html").as_uri())
        _unfold(page)
        watch.look(page, own="body > script, svg *")


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def _shown(watch: Watch, folder: Path, index: Path, articles: Sequence[Article]) -> None:
    """The page itself: the list, each article, each text as a question, some as addresses that ask and as names of files."""
    with served(index, folder, "-m", "tests.web.hashing_app") as server, watch.page(server.address) as page:
        page.goto(server.address)
        page.locator("#conversation .welcome").wait_for()
        for offset in range(0, len(articles), 50):
            _act(watch, page, do="page", more=str(offset))
        for one in tqdm(articles, desc="articles", disable=None):
            _act(watch, page, do="article", more=one.id)
        for batch in _batches(articles, _TURNS):
            for turn, one in enumerate(tqdm(batch, desc="questions", disable=None)):
                _act(watch, page, do="ask", more=one.title)
                _act(watch, page, do="open", turn=str(turn), quote="0")
            with page.expect_download() as download:
                _act(watch, page, do="export", turn="all", more="html")
            with watch.page(folder.as_uri()) as saved:
                download.value.save_as(folder / "taken.html")
                saved.goto((folder / "taken.html").as_uri())
                _unfold(saved)
                watch.look(saved)
            _act(watch, page, do="clear")
        for one in articles[::_ARRIVING]:
            _act(watch, page, do="shelf", words=one.title, order="newest")
            page.goto(f"{server.address}/?q={quote(one.title)}")
            page.locator("#conversation .turn").wait_for()
            watch.look(page, _PARTS)
        _add(page, [f"{one.title.replace('/', '∕')[:60]}.txt" for one in articles[-_FILES:]])
        watch.look(page, _PARTS)


def _act(watch: Watch, page: Page, **facts: str) -> None:
    """One step, and a look at what it made of the page."""
    before = page.locator("#status").get_attribute("data-moment")
    page.evaluate(_ACT, facts)
    page.wait_for_function("before => document.querySelector('#status').dataset.moment !== before", arg=before)
    watch.look(page, _PARTS)


def _add(page: Page, names: Sequence[str]) -> None:
    page.get_by_role("tab", name="Add").click()
    files: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": f"A zeppelin, number {n}.".encode()} for n, name in enumerate(names)
    ]
    page.locator("#files input[type=file]").set_input_files(files)
    page.wait_for_function("count => document.querySelectorAll('#added li').length === count", arg=len(names))


def _batches(articles: Sequence[Article], size: int) -> Iterator[Sequence[Article]]:
    return (articles[start : start + size] for start in range(0, len(articles), size))


def _article(number: int, text: str) -> Article:
    """An article with a text in all its fields; its address too, which `article` would refuse."""
    line = f"{one_line('title', text[:_MOST])} zeppelin"
    made = article(f"{number} {line}"[:_MOST], line, f"{text}\n\nA zeppelin said {text} twice. It flew on.\n\n{text}", source=line, author=line)
    return replace(made, url=text if number % 2 else f"https://a.example/{text}")


def _answer(one: Article) -> Answer:
    """An answer whose question, quotes, lead, speaker, answering words, values and filters are the text."""
    whole = Span(0, len(one.text))
    quote = Quote(one, whole, 0.9, 0.9, whole, lead=Span(0, 2), speaker=whole, answer=Span(1, len(one.text) - 1))
    values = tuple(Value(one.text, n, whole, None) for n in range(2))
    searched = Searched(1, 1, None, None, 1, Filters(None, None, (one.title,)))
    return Answer(one.title, Outcome.ANSWERED, (quote, quote), (quote,), searched, Seconds(), (Difference(one.title, values),))


if __name__ == "__main__":
    sys.exit(main())
