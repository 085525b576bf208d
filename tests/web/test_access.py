"""Every view, wide and narrow, light and dark: no serious or critical finding of axe-core."""

from importlib.resources import files

import pytest
from playwright.sync_api import expect

from tests.web.conftest import PHONE, WIDE, ask, visit

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()


# what depends on colours
COLOURS = ["color-contrast", "link-in-text-block"]


def findings(page):
    """What axe-core finds by all of its rules in light colours, and by those of colours in dark ones."""
    page.evaluate(AXE)
    found = []
    for scheme, options in (("light", {}), ("dark", {"runOnly": COLOURS})):
        page.emulate_media(color_scheme=scheme)
        # a colour that still fades in is another one; it begins to with the next picture
        page.evaluate(
            """async () => {
                for (const n of [1, 2]) await new Promise(requestAnimationFrame);
                const ends = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity);
                await Promise.allSettled(ends.map(one => one.finished));
            }"""
        )
        violations = page.evaluate("options => axe.run(options)", options)["violations"]
        found += [(one["impact"], one["id"], scheme, [node["html"][:200] for node in one["nodes"]]) for one in violations]
    return found


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_view_keeps_anybody_out(browser, address, size):
    with visit(browser, address, size) as page:
        found = {"welcome": findings(page)}
        turn = ask(page, "How many overseas police stations does China operate?")
        turn.get_by_text("Export", exact=True).click()
        turn.get_by_text("Feedback", exact=True).click()
        page.locator(".filters summary").click()
        found["answer"] = findings(page)
        turn.locator(".check").first.click()
        page.locator("#article .here").first.wait_for()
        page.get_by_text("Pin a note").click()
        found["article"] = findings(page)
        if size is PHONE:
            # there it lies over the page
            page.get_by_role("button", name="Close the article").click()
            expect(page.locator("#article article")).to_have_count(0)
        silent = ask(page, "Who won the 2022 World Cup?")
        silent.locator("details.near > summary").click()
        found["silence"] = findings(page)
        page.get_by_role("tab", name="Articles").click()
        page.get_by_role("button", name="Remove", exact=False).first.click()
        page.get_by_role("button", name="Yes, remove").wait_for()
        found["articles"] = findings(page)
        page.get_by_role("tab", name="Add").click()
        found["add"] = findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    grave = {view: [one for one in every if one[0] in ("serious", "critical")] for view, every in found.items()}
    assert not any(grave.values()), grave
