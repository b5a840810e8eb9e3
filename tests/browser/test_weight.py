"""What a page asks for before its reader does anything: `make test` builds the site first."""

import gzip
import re
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest

from tests.book import SITE, looked_at, require_site
from tests.browser.conftest import DESKTOP, PHONE, new_context
from tests.browser.panels import wait_for_parts

MOST = 400_000  # bytes, gzipped
HEAVY = {"MathJax": "/vendor/mathjax", "manager": "/vendor/static-widgets", "runs": "/atlas.json"}
NAMES = [*looked_at(), "search", "genindex"]


@pytest.fixture(scope="module")
def opened(serve, browser):
    """A function that opens a page afresh: Playwright's page, and the files that it asked for."""
    require_site()
    address, contexts = serve(SITE), []

    def start(name, viewport=DESKTOP):
        contexts.append(new_context(browser, viewport=viewport))
        page, asked = contexts[-1].new_page(), []

        def note(request):
            if request.url.startswith(address):  # not a module that a panel has brought along
                asked.append(unquote(urlsplit(request.url).path))

        page.on("request", note)
        page.goto(f"{address}/{name}.html")
        page.wait_for_load_state("networkidle")
        return page, asked

    yield start
    for context in contexts:
        context.close()


@cache
def size(path):
    """Return the bytes of a file as it travels: a host gzips text, fonts are packed already."""
    content = (SITE / path.lstrip("/")).read_bytes()
    return len(content if path.endswith((".woff", ".png")) else gzip.compress(content))


def near(page, selector, screens=0.5):
    """Return whether an element lies within so many screens below the window."""
    return page.locator(selector).evaluate_all(
        "(all, screens) => all.some(e => e.checkVisibility()"
        " && e.getBoundingClientRect().top < (1 + screens) * innerHeight)",
        screens,
    )


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", NAMES)
def test_page_is_light_and_asks_for_what_it_needs(opened, name, viewport):
    page, asked = opened(name, viewport)
    # A line less than the page counts, since it moves a little until its letters are there.
    formulas, panels = near(page, ".math", 0.45), near(page, ".widget-place")
    # What comes late, on a busy machine later than a quiet network tells.
    if formulas:
        page.wait_for_function(
            "[...document.querySelectorAll('.math')].every((e) => e.querySelector('mjx-container'))"
        )
        page.evaluate("document.fonts.ready.then(() => {})")
    if panels:
        page.wait_for_selector(".curve", state="attached")
        wait_for_parts(page)
    sizes = {path: size(path) for path in asked}
    assert sum(sizes.values()) <= MOST, sizes
    assert not [path for path in asked if re.search("fontawesome|fa-", path)]
    found = {what: any(part in path for path in asked) for what, part in HEAVY.items()}
    assert formulas <= found["MathJax"] <= near(page, ".math", 0.55)
    assert found["manager"] == found["runs"] == panels


def test_no_icon_is_left_to_a_font_or_a_script():
    require_site()
    for name in [*NAMES, "404"]:
        file = SITE / f"{name}.html"
        text = file.read_text("utf-8")
        assert not re.search(r"<(i|span)[^>]*\bfa-", text), file
        assert "/fontawesome/" not in text, file
        assert 'class="svg-inline--fa' in text, file
    assert "@font-face" not in (SITE / "_static/book.css").read_text("utf-8")


@pytest.mark.parametrize("start", ["scroll", "press", "print"])
def test_a_panel_far_down_is_drawn_for_whoever_comes(opened, start):
    page, asked = opened("notebooks/warmup")
    assert page.locator(".curve").count() == 0
    if start == "scroll":
        page.locator(".widget-place").scroll_into_view_if_needed()
    elif start == "press":
        page.locator(".widget-place button").evaluate("button => button.focus()")
        page.keyboard.press("Enter")
    else:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_selector(".curve", state="attached")
    assert page.locator(".widget-place > button").count() == 0
    assert sum("/vendor/static-widgets.js" in path for path in asked) == 1
    if start == "press":
        assert page.evaluate("document.activeElement.className").endswith("widget-place")
