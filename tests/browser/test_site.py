"""Every page of the built site as a reader meets it: `make test` builds it first."""

import re
from urllib.parse import urlsplit

import nbformat
import pytest

from lrbook import schedules
from lrbook.live import compare, panel
from tests.book import CONFIG, SITE, looked_at, pages, require_site
from tests.book import ROOT as BOOK
from tests.browser import axe
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.panels import Driven, come_near, wait_for_parts
from tests.browser.recorded import move_all

VIEWS = {
    "desktop-light": {"viewport": DESKTOP, "color_scheme": "light"},
    "desktop-dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone-light": {"viewport": PHONE, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
}
PANELS = 'script[type="application/vnd.jupyter.widget-view+json"]'
ROOT = urlsplit(CONFIG["html"]["baseurl"]).path


@pytest.fixture(scope="session")
def site(serve, tmp_path_factory):
    """The address of the site, which lies in the same folder of its host as the public one."""
    require_site()
    return f"{serve(host(tmp_path_factory.mktemp('host')))}{ROOT.rstrip('/')}"


def host(folder):
    """Put the site into a folder as its host does; return the folder."""
    place = folder / ROOT.strip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(SITE)
    return folder


def settle(page):
    """Come near all of a page; wait until formulas are set, and panels drawn and named."""
    come_near(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "selector => document.querySelectorAll('.lr-panel .curve, .lr-bowl .rate').length"
        " >= document.querySelectorAll(selector).length",
        arg=PANELS,
    )
    wait_for_parts(page)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", [*looked_at(), "search", "genindex", "404"])
def test_page_is_sound(site, open_page, name, view):
    page, problems = open_page(f"{site}/{name}.html", **VIEWS[view])
    settle(page)
    assert page.evaluate("document.documentElement.dataset.theme") == view.split("-")[1]
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, f"the page is {overflow} pixels too wide"
    if "desktop" in view:
        scrolling = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
        assert page.locator(".math").evaluate_all(scrolling) == []
    # Before axe, which asks for style sheets in its own way.
    assert problems == []
    found = [
        f"{found['id']}: {found['html'][:200]} {found['why']}"
        # All that stands on a page is seen in the light view of the same size.
        for found in axe.run(page, axe.OF_THEMES if "dark" in view else None)
        if found["impact"] in ("serious", "critical")
    ]
    assert found == []


def boxes(name):
    """Return the panels of a page, made in Python as its notebook says."""
    path = BOOK / f"{name}.ipynb"
    if not path.exists():
        return compare().children if name == pages()[0] else []
    names = vars(schedules) | {"panel": panel, "schedules": schedules}
    calls = [
        cell.source[cell.source.index("panel(") :]
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and re.search(r"^panel\(", cell.source, re.MULTILINE)
    ]
    return [eval(call, names) for call in calls]


@pytest.mark.parametrize("name", [name for name in looked_at() if boxes(name)])
def test_every_panel_shows_its_schedule_and_the_recorded_runs(site, open_page, name):
    page, problems = open_page(f"{site}/{name}.html", viewport=DESKTOP)
    settle(page)
    made = boxes(name)
    assert page.locator(".lr-panel").count() == len(made)
    for index, box in enumerate(made):
        driven = Driven(page, box, index)
        for choice in range(len(box.chart.choices)):
            if "choice" in driven.controls:
                driven.find("choice", "select").select_option(index=choice)
            move_all(driven)
    assert problems == []


def test_search_finds_a_word_of_a_chapter(site, open_page):
    page, problems = open_page(f"{site}/search.html?q=cosine", viewport=DESKTOP)
    page.wait_for_selector("#search-results li a[href*='notebooks/cosine.html']")
    assert problems == []


def test_theme_switch_goes_dark(site, open_page):
    page, problems = open_page(f"{site}/{pages()[0]}.html", **VIEWS["desktop-light"])
    settle(page)
    for _ in range(3):
        page.locator(".theme-switch-button:visible").first.click()
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (int(part) for part in background[4:-1].split(","))
    assert max(red, green, blue) < 64, background
    assert problems == []
