"""What the page weighs: `python -m benchmarks.weight ADDRESS [ADDRESS …] [--ask QUESTION]`, with a page running at each.

A cold load in a real Chromium, an empty cache each time, as its network log (CDP) tells it: bytes on the wire with their headers,
and requests, until the start page is drawn and nothing has been asked for since half a second; what is streamed of the page's
own steps is among them. With `--ask` the same once more after a question with its answer, fonts among it.
"""

import argparse
import shutil
from collections import defaultdict

from playwright.sync_api import Browser, sync_playwright

from benchmarks.screenshot import FLAGS, SIZES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="+")
    parser.add_argument("--ask", default="")
    parser.add_argument("--each", action="store_true", help="prints every request")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for address in given.address:
            _weigh(browser, address, given.ask, each=given.each)
        browser.close()


def _weigh(browser: Browser, address: str, question: str, *, each: bool) -> None:
    context = browser.new_context(viewport=SIZES[1440])
    page = context.new_page()
    page.set_default_timeout(90_000)
    network = context.new_cdp_session(page)
    urls: dict[str, tuple[str, str]] = {}
    size: dict[str, float] = {}
    # Chromium tells a body's bytes as they come, and the whole of it at its end
    came: defaultdict[str, float] = defaultdict(float)
    network.on("Network.requestWillBeSent", lambda told: urls.setdefault(told["requestId"], (told["request"]["method"], told["request"]["url"])))
    network.on("Network.dataReceived", lambda told: came.__setitem__(told["requestId"], came[told["requestId"]] + told["encodedDataLength"]))
    network.on("Network.loadingFinished", lambda told: size.__setitem__(told["requestId"], told["encodedDataLength"]))
    network.send("Network.enable")
    page.goto(address)
    page.locator(".welcome").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    _tell(f"{address} at first", urls, {**came, **size}, each=each)
    if question:
        page.get_by_label("Question", exact=True).fill(question)
        page.get_by_label("Question", exact=True).press("Enter")
        page.locator(".turn").wait_for()
        page.wait_for_timeout(1_500)
        _tell(f"{address} with an answer", urls, {**came, **size}, each=each)
    context.close()


def _tell(name: str, urls: dict[str, tuple[str, str]], size: dict[str, float], *, each: bool) -> None:
    wire = {id: place for id, place in urls.items() if place[1].startswith("http")}
    if each:
        for id, (method, url) in sorted(wire.items(), key=lambda one: -size.get(one[0], 0)):
            print(f"{size.get(id, 0):>10,.0f} {method} {url}")
    print(f"{name}: {sum(size.get(id, 0) for id in wire) / 1000:.0f} kB in {len(wire)} requests", flush=True)


if __name__ == "__main__":
    main()
