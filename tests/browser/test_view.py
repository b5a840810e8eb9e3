"""The schedule and the handle that moves it are in view together, on a desktop and on a phone."""

import pytest

from tests.book import looked_at, pages
from tests.browser.panels import Driven, come_near, wait_for_parts
from tests.browser.test_site import boxes

SIZES = [{"width": 1280, "height": 720}, {"width": 390, "height": 844}]
WITH_PANELS = [name for name in looked_at() if boxes(name)]


def is_in_view(element):
    """Return whether all of an element is within the window and below the page's bar."""
    return element.evaluate(
        """e => {
            const box = e.getBoundingClientRect();
            const bar = document.querySelector(".bd-header-article").getBoundingClientRect().bottom;
            return box.top >= Math.max(0, bar) - 1 && box.bottom <= innerHeight + 1;
        }"""
    )


def come_to(*elements):
    """Scroll to each that isn't in view, as far as it needs."""
    for element in elements:
        if not is_in_view(element):
            element.evaluate("e => e.scrollIntoView({ block: 'nearest', behavior: 'instant' })")


@pytest.mark.parametrize("viewport", SIZES, ids=["desktop", "phone"])
@pytest.mark.parametrize("name", WITH_PANELS)
def test_the_curve_is_in_view_with_every_handle(address, open_page, name, viewport):
    page, _ = open_page(f"{address}/{name}.html", viewport=viewport)
    come_near(page)
    wait_for_parts(page)
    for index, box in enumerate(boxes(name)):
        driven = Driven(page, box, index)
        plot = driven.plots.locator(".lr-schedule")
        for choice in range(len(driven.chart.choices)):
            if "choice" in driven.controls:
                driven.find("choice", "select").select_option(index=choice)
            for control in driven.controls:
                if driven.find(control).is_visible():
                    handle = driven.find(control, ":is(.noUi-handle, select)")
                    come_to(handle, plot)
                    assert is_in_view(plot) and is_in_view(handle), (control, choice)


def test_the_first_page_says_all_on_one_screen(address, open_page):
    page, _ = open_page(f"{address}/{pages()[0]}.html", viewport={"width": 1280, "height": 800})
    wait_for_parts(page)
    page.wait_for_selector(".curve", state="attached")
    parts = ["h1", ".lr-schedule", ".lr-runs", ".noUi-handle", "text=Train this"]
    for part in [*parts, ".bd-article p"]:
        assert is_in_view(page.locator(part).filter(visible=True).first), part
    handles = page.locator(".noUi-handle").filter(visible=True)
    assert all(is_in_view(handles.nth(i)) for i in range(handles.count()))
