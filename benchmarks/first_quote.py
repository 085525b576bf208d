"""From Enter to the first words on the screen: `python -m benchmarks.first_quote ADDRESS GOLD.jsonl [--questions 60] [--conversation 1] [--pause 0]`.

In a real Chromium, with the page running at ADDRESS; the first two questions
warm it up. A question counts when its first quote, or the reason for silence,
is drawn. After `--conversation` questions the page starts afresh; of longer
ones the first and the last ten are told apart too. Prints milliseconds.
"""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.screenshot import FLAGS, SIZES
from rag.evaluation import read_gold

# the moment of Enter, and the first frame in which one turn more is on the screen
_TIMED = """(count) => new Promise((done) => {
  const started = performance.now(), box = document.querySelector('#question :is(input, textarea)');
  const look = () => document.querySelectorAll('.turn :is(.card, .outcome)').length > count
    ? requestAnimationFrame(() => done(performance.now() - started)) : requestAnimationFrame(look);
  box.dispatchEvent(new KeyboardEvent('keypress', { key: 'Enter', bubbles: true }));
  look();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--questions", type=int, default=60, dest="count")
    parser.add_argument("--conversation", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0, help="seconds that the answer before is read, and its article opens beside it")
    given = parser.parse_args()
    spent: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport=SIZES[1440])
        page.set_default_timeout(90_000)
        page.goto(given.address)
        page.locator(".welcome").wait_for()
        for row in read_gold(given.questions)[: given.count + 2]:
            page.get_by_label("Question", exact=True).fill(row.question)
            shown = page.locator(".turn :is(.card, .outcome)").count()
            spent.append(page.evaluate(_TIMED, shown))
            page.wait_for_timeout(1000 * given.pause)
            if len(spent) % given.conversation == 0:
                page.get_by_role("button", name="New conversation").click()
                page.locator(".welcome").wait_for()
        browser.close()
    tell("all", spent[2:])
    places = [number % given.conversation for number in range(len(spent))]
    for name, told in (("the first ten of a conversation", range(10)), ("the last ten", range(10, given.conversation)[-10:])):
        chosen = [each for each, place in zip(spent[2:], places[2:], strict=True) if place in told]
        if given.conversation > 1 and chosen:
            tell(name, chosen)


def tell(name: str, spent: Sequence[float]) -> None:
    p50, p95 = np.percentile(spent, [50, 95])
    print(f"{name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, of {len(spent)} questions")


if __name__ == "__main__":
    main()
