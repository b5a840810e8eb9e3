"""Pages that fit their window: code, outputs, tables, figures, and what stands before a lesson."""

import contextlib
import re

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.book import chapters, looked_at, pages
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.panels import come_near, wait_for_parts

WIDE = {"width": 1440, "height": 900}
NOTEBOOKS = [name for name in looked_at() if name.startswith("notebooks/")]
CHAPTERS = [f"notebooks/{path.stem}" for path in chapters()]
FIGURES = [*NOTEBOOKS, "book/results"]
HEAD = ["Overview", "You’ll learn", "You’ll need", "Setup"]
TABLES = ".pst-scrollable-table-container, .columns pre"


@pytest.fixture
def show(address, open_page):
    """A function that opens a page, with every fold and every answer open, and returns it."""

    def show(name, **options):
        page, _ = open_page(f"{address}/{name}.html", **options)
        open_all(page)
        return page

    return show


def open_all(page):
    """Open every fold and every answer of a page."""
    page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.evaluate("document.querySelectorAll('.prediction-show').forEach(b => b.click())")


SCROLLING = """() => [...document.querySelectorAll('.bd-article pre, .cell_output, .cell_output *')]
    .filter(box => box.scrollWidth > box.clientWidth
        && ['auto', 'scroll', 'hidden'].includes(getComputedStyle(box).overflowX))
    .filter(box => !box.closest('.lr-panel'))
    .map(box => box.textContent.slice(0, 80))"""


@pytest.mark.parametrize("name", looked_at())
def test_a_page_on_a_desktop(address, open_page, subtests, name):
    # One visit for all, since it takes longer than they do.
    page, _ = open_page(f"{address}/{name}.html", viewport=DESKTOP, color_scheme="light")
    if name in CHAPTERS:
        with subtests.test("the lesson begins on the first screen"):
            the_lesson_begins_on_the_first_screen(page)
    open_all(page)
    for viewport in (DESKTOP, WIDE):
        with subtests.test("no code and no output scrolls sideways", width=viewport["width"]):
            page.set_viewport_size(viewport)
            page.wait_for_function("width => innerWidth === width", arg=viewport["width"])
            assert page.evaluate(SCROLLING) == []
    if name in FIGURES:
        with subtests.test("figures follow the theme"):
            page.set_viewport_size(DESKTOP)
            figures_follow_the_theme(page)


@pytest.mark.parametrize("name", ["book/results", "book/index"])
def test_no_table_of_results_scrolls_on_a_desktop(show, name):
    page = show(name, viewport=DESKTOP)
    assert page.locator(TABLES).count()
    boxes = page.locator(TABLES)
    widths = boxes.evaluate_all("boxes => boxes.map(box => [box.scrollWidth, box.clientWidth])")
    assert all(content <= width for content, width in widths), widths


@pytest.mark.parametrize("name", ["book/results", "notebooks/the_schedule_that_ran"])
def test_a_table_that_scrolls_on_a_phone_shows_it(show, name):
    page = show(name, viewport=PHONE)
    boxes = page.locator(TABLES)
    wide = [
        boxes.nth(i)
        for i in range(boxes.count())
        if boxes.nth(i).evaluate("box => box.scrollWidth > box.clientWidth")
    ]
    assert wide
    for box in wide:
        page.wait_for_function("box => box.matches('.more-after')", arg=box.element_handle())
        assert _fades(box) == [False, True]
        assert box.get_attribute("role") == "region"
        assert "scrolls" in box.get_attribute("aria-label")
        box.focus()
        assert box.evaluate("box => box === document.activeElement")
        box.evaluate("box => { box.scrollLeft = box.scrollWidth }")
        page.wait_for_function("box => !box.matches('.more-after')", arg=box.element_handle())
        assert _fades(box) == [True, False]


@pytest.mark.parametrize("name", ["notebooks/factor", "book/exercises"])
def test_code_that_scrolls_on_a_phone_shows_it(show, name):
    page = show(name, viewport=PHONE)
    boxes = page.locator(".cell_input pre, section > div > .highlight pre").filter(visible=True)
    wide = [
        boxes.nth(i)
        for i in range(boxes.count())
        if boxes.nth(i).evaluate("box => box.scrollWidth > box.clientWidth")
    ]
    assert wide
    for box in wide:
        page.wait_for_function("box => box.matches('.more-after')", arg=box.element_handle())
        assert _fades(box) == [False, True]
        assert box.evaluate("box => box.tabIndex") == 0


def _fades(box):
    """Return whether the left and the right edge of a box fade."""
    mask = box.evaluate("box => getComputedStyle(box).maskImage")
    return ["rgb(0, 0, 0) 40px" in mask, "calc(100% - 40px)" in mask]


def shown(page):
    """Return the figures of a page that its theme shows, when they are there."""
    page.evaluate(
        """() => Promise.all([...document.querySelectorAll('.cell_output img')]
            .filter(image => image.checkVisibility())
            .map(image => { image.loading = 'eager'; return image.decode(); }))"""
    )
    figures = page.locator(".cell_output img").filter(visible=True)
    return [figures.nth(i) for i in range(figures.count())]


@pytest.mark.parametrize("name", FIGURES)
def test_labels_of_figures_are_readable_on_a_phone(show, name):
    for figure in shown(show(name, viewport=PHONE)):
        width = figure.bounding_box()["width"]
        svg = figure.evaluate("image => fetch(image.src).then(answer => answer.text())")
        points = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
        # Matplotlib draws letters as paths for a size of 100 points, scaled.
        sizes = {100 * float(s) for s in re.findall(r"scale\(([\d.]+) -", svg)}
        assert sizes
        assert min(sizes) * width / points >= 9, figure.get_attribute("alt")


def figures_follow_the_theme(page):
    light = [figure.get_attribute("alt") for figure in shown(page)]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    figures = shown(page)
    assert light == [figure.get_attribute("alt") for figure in figures]
    assert light
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for figure in figures:
        assert figure.evaluate(_CORNER) == background
        style = figure.evaluate("(image) => ({...getComputedStyle(image)})")
        assert style["filter"] == "none" and style["paddingLeft"] == "0px"


_CORNER = """image => {
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0, image.width, image.height);
    return `rgb(${[...canvas.getImageData(1, 1, 1, 1).data.slice(0, 3)].join(", ")})`;
}"""


def the_lesson_begins_on_the_first_screen(page):
    assert page.locator(".bd-article h2").first.bounding_box()["y"] < 0.75 * DESKTOP["height"]
    titles = page.locator(".bd-article h2, .page-toc a").all_inner_texts()
    assert not {title.strip("#\n ") for title in titles} & set(HEAD)
    head = page.locator(".chapter-head")
    assert all(title in head.inner_text() for title in HEAD[1:])
    code = head.locator("pre").first
    assert not code.is_visible()
    head.get_by_text("Setup").click()
    assert code.is_visible()


@pytest.mark.parametrize("name", ["book/index", "notebooks/factor"])
def test_a_panel_s_place_fits_a_phone_before_the_panel_is_there(address, open_page, name):
    page, _ = open_page(f"{address}/{name}.html", viewport=PHONE)
    # Shown, although the first page's panel may be there already.
    place, widest = page.locator(".panel-blank").first.evaluate(
        """blank => {
            blank.style.display = "grid";
            const widths = [...blank.querySelectorAll("i")].map((part) => part.offsetWidth);
            return [blank.offsetWidth, Math.max(...widths)];
        }"""
    )
    assert 0 < widest <= place < PHONE["width"]


LINE = 24  # pixels: one of a panel's words, which can take a line more than was reserved


@pytest.mark.parametrize("name", ["book/index", "notebooks/warmup", "notebooks/multi_factor"])
def test_a_panel_is_as_high_as_its_place_at_every_width(show, name):
    page = show(name, viewport=DESKTOP)
    come_near(page)
    wait_for_parts(page)
    # What was there when every fold was opened may have been a panel's table.
    page.evaluate("document.querySelectorAll('.lr-panel details').forEach(f => f.open = false)")
    for width in (320, 412, 600, 700, 768, 1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function(_DRAWN_AT, arg=width)
        # A panel's words may come after its plots: on a busy machine, seconds after.
        with contextlib.suppress(PlaywrightTimeout):
            page.wait_for_function(f"() => Math.abs(({_DIFFERENCE})()) <= {LINE}")
        assert abs(page.evaluate(_DIFFERENCE)) <= LINE, f"pixels kept too many at {width} px"


# A busy page takes a new width late, and where the side bar goes or comes it takes its time.
_DRAWN_AT = """width => innerWidth === width
    && !document.getAnimations().some((motion) => motion instanceof CSSTransition)
    && [...document.querySelectorAll('.lr-chart svg')].every(
        (plot) => !plot.checkVisibility()
            || plot.viewBox.baseVal.width === Math.max(260, plot.clientWidth))"""
_DIFFERENCE = """() => {
    const blank = document.querySelector(".panel-blank");
    blank.style = "display: grid; align-self: start; visibility: hidden";
    const panel = blank.parentElement.querySelector(".lr-compare, .lr-panel");
    const [kept, needed] = [blank, panel].map((box) => box.getBoundingClientRect().height);
    blank.style = "";
    return kept - needed;
}"""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_while_the_first_panels_come(address, open_page, viewport):
    page, _ = open_page(f"{address}/{pages()[0]}.html", viewport=viewport)
    page.wait_for_selector(".curve", state="attached")
    wait_for_parts(page)
    moved = page.evaluate(
        """() => {
            const observer = new PerformanceObserver(() => {});
            observer.observe({ type: "layout-shift", buffered: true });
            return observer.takeRecords().reduce((sum, entry) => sum + entry.value, 0);
        }"""
    )
    assert moved < 0.05
