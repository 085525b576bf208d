"""Five tasks on the page, in clicks, keys and seconds: `python -m benchmarks.tasks ADDRESS [--before]`, with the page running there over seeds/.

Driven as a person would, who thinks for no time at all: what is typed counts as its keys, a press of Enter as one. The seconds are until what
the task asks for is on the screen, in a real Chromium, the page loaded and the models warm. `--before` takes the steps that the page of
commit 1ff6dbb needs; what could not be done there says so. Run it against a copy: the questions that it asks are kept.
"""

import argparse
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.screenshot import FLAGS, SIZES

_QUESTION = "How many overseas police stations does China operate?"
_WORD = "Fuzhou"


@dataclass
class Person:
    """Who does a task on a page, and what it took."""

    page: Page
    clicks: int = 0
    keys: int = 0
    seconds: float = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def type(self, where: Locator, words: str, *, enter: bool = False) -> None:
        self.keys += len(words) + enter
        where.fill(words)
        if enter:
            where.press("Enter")

    def ask(self) -> None:
        # the box has the focus when the page opens
        self.type(self.page.get_by_label("Question", exact=True), _QUESTION, enter=True)
        self.page.locator(".turn .card").first.wait_for()


def _check(person: Person, *, before: bool) -> None:
    """A quote is asked for and seen, marked, in its article."""
    person.ask()
    if before:
        person.click(person.page.locator(".check").first)
    person.page.locator("#article .here").first.wait_for()


def _find(person: Person, *, before: bool) -> str:
    """An article is found by a word that only its text has."""
    if before:
        return "not possible: nothing on the page searches the text; `pullquote search` in a terminal does"
    person.type(person.page.get_by_label("Question", exact=True), _WORD, enter=True)
    person.click(person.page.locator(".findings button").first)
    person.page.locator("#article article").wait_for()
    return ""


def _take(person: Person, *, before: bool) -> None:
    """An answer is saved as a web page; it has been asked for already."""
    person.click(person.page.locator(".turn").get_by_text("Take this answer away" if before else "Export", exact=True))
    with person.page.expect_download():
        person.click(person.page.locator(".turn").get_by_role("button", name="Web page"))


def _return(person: Person, *, before: bool) -> str:
    """The page is opened anew at its own address, and the last conversation with its answer is there."""
    if before:
        return "not possible: a reload loses the conversation; every question has to be asked again"
    person.page.goto(urljoin(person.page.url, "/"))
    person.click(person.page.get_by_role("button", name="Go on"))
    person.page.locator(".turn .card").first.wait_for()
    return ""


def _news(person: Person, *, before: bool) -> None:
    """The newest story is read: its headline, its sentences (before: its article is opened from the list, which is sorted by day)."""
    if before:
        person.click(person.page.get_by_role("tab", name="Articles"))
        person.click(person.page.locator(".shelf [data-do='article']").first)
        person.page.locator("#article .text").wait_for()
        return
    person.click(person.page.get_by_role("tab", name="Today"))
    person.page.locator("#today .story blockquote").first.wait_for()


_TASKS: dict[str, tuple[Callable[..., str | None], bool]] = {
    "check a quote": (_check, False),
    "find an article by a word": (_find, False),
    "take an answer away": (_take, True),
    "come back tomorrow": (_return, True),
    "read what is new": (_news, False),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--before", action="store_true")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        # the models are warm afterwards
        _done(browser, given.address, "check a quote", before=given.before)
        print(f"{'task':<28}{'clicks':>7}{'keys':>6}{'seconds':>9}")
        for task in _TASKS:
            person, told = _done(browser, given.address, task, before=given.before)
            print(f"{task:<28}{told}" if told else f"{task:<28}{person.clicks:>7}{person.keys:>6}{person.seconds:>9.2f}", flush=True)
        browser.close()


def _done(browser: Browser, address: str, task: str, *, before: bool) -> tuple[Person, str | None]:
    context = browser.new_context(viewport=SIZES[1440], accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.goto(address)
    page.locator(".welcome").wait_for()
    do, asked = _TASKS[task]
    if asked:
        Person(page).ask()
    person, started = Person(page), time.perf_counter()
    told = do(person, before=before)
    person.seconds = time.perf_counter() - started
    context.close()
    return person, told


if __name__ == "__main__":
    main()
