"""Takes the page's pictures: `python -m benchmarks.screenshot ADDRESS FOLDER`, with the page running there over seeds/.

FOLDER gets the start page, an answer, its article and every other tab, each 360, 1,024 and 1,440 pixels wide, light and dark, as
`ask-1440-light.png`; of 128 colours each, which makes a picture a fifth as large.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SIZES = {360: {"width": 360, "height": 740}, 1024: {"width": 1024, "height": 768}, 1440: {"width": 1440, "height": 900}}
# from this width on an article opens beside its answer by itself
_BESIDE = 900
_COLOURS = 128


def main(address: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for width in SIZES:
            for scheme in ("light", "dark"):
                _take(browser, address, folder, width, scheme)
        browser.close()


def _take(browser: Browser, address: str, folder: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport=SIZES[width], color_scheme=scheme)
    page.set_default_timeout(90_000)
    page.goto(address)
    page.locator(".welcome").wait_for()
    _shoot(page, folder / f"start-{width}-{scheme}.png")
    page.get_by_label("Question", exact=True).fill("How many overseas police stations does China operate?")
    page.get_by_label("Question", exact=True).press("Enter")
    page.locator(".turn").wait_for()
    if width >= _BESIDE:
        page.locator("#article .here").first.wait_for()
    _shoot(page, folder / f"ask-{width}-{scheme}.png")
    page.locator(".check").first.click()
    page.locator("#article .here").first.wait_for()
    if width < _BESIDE:
        _shoot(page, folder / f"article-{width}-{scheme}.png")
    page.get_by_role("button", name="Close the article").click()
    for tab in page.get_by_role("tab").all()[1:]:
        name = str(tab.get_attribute("data-more"))
        tab.click()
        if name == "search":
            page.locator("#search [name=words]").fill("police stations")
            page.locator(".findings li").first.wait_for()
        _shoot(page, folder / f"{name}-{width}-{scheme}.png")
    page.close()


def _shoot(page: Page, path: Path) -> None:
    # colours fade in
    page.wait_for_timeout(600)
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
