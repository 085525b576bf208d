"""Takes the README's pictures: `python -m benchmarks.screenshot ADDRESS FOLDER`, with the page running there over seeds/.

FOLDER gets `answer` and `articles`, each wide and on a phone, light and dark.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SIZES = {360: {"width": 360, "height": 740}, 1024: {"width": 1024, "height": 768}, 1440: {"width": 1440, "height": 900}}


def main(address: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for size in SIZES:
            for scheme in ("light", "dark"):
                _take(browser, address, folder, size, scheme)
        browser.close()


def _take(browser: Browser, address: str, folder: Path, size: str, scheme: str) -> None:
    page = browser.new_page(viewport=SIZES[size], color_scheme=scheme)
    page.set_default_timeout(90_000)
    page.goto(address)
    page.locator(".welcome").wait_for()
    page.get_by_label("Question", exact=True).fill("How many overseas police stations does China operate?")
    page.get_by_label("Question", exact=True).press("Enter")
    page.locator(".turn").wait_for()
    if size == "phone":
        _shoot(page, folder / f"answer-{size}-{scheme}.png")
    page.locator(".check").first.click()
    page.locator("#article .here").first.wait_for()
    _shoot(page, folder / (f"answer-{size}-{scheme}.png" if size == "wide" else f"article-{size}-{scheme}.png"))
    page.get_by_role("button", name="Close the article").click()
    page.get_by_role("tab", name="Articles").click()
    if size == "wide":
        page.locator(".shelf [data-do='article']").first.click()
        page.locator("#article article").wait_for()
    _shoot(page, folder / f"articles-{size}-{scheme}.png")
    page.close()


def _shoot(page: Page, path: Path) -> None:
    # colours fade in
    page.wait_for_timeout(600)
    page.screenshot(path=path)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
