"""Takes the README's picture: `python -m benchmarks.screenshot ADDRESS OUT.png`, with the chat running there over seeds/."""

import shutil
import sys

from playwright.sync_api import expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main(address: str, out: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1040})
        page.goto(address)
        page.get_by_label("Question").fill("How many overseas police stations does China operate?")
        page.get_by_label("Question").press("Enter")
        expect(page.get_by_test_id("bot").last).to_contain_text("Searched", timeout=60_000)
        page.screenshot(path=out)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
