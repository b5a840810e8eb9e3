"""What a panel offers beside its sliders: round rates, recorded settings, a table, a pair."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lrbook.live import compare
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.panels import PANELS, Driven, drag, drive, rate_of, wait, wait_for_parts
from tests.browser.recorded import RUNS, check, is_recorded, nearest

RECORDED = [name for name, schedules in PANELS.items() if nearest(schedules[0])]
TABLED = ["constant", "factor", "multi-factor", "polynomial", "warmup"]


@pytest.fixture
def page(panels, open_page):
    page, _ = open_page(f"{panels.url}/index.html", viewport=DESKTOP)
    wait(page)
    return page


def readouts(driven, name, key):
    """Press a key on a slider until it stays where it is; return what it shows on the way."""
    handle, readout = driven.find(name, ".noUi-handle"), driven.find(name, ".widget-readout")
    seen = [readout.text_content()]
    while True:
        handle.press(key)
        if readout.text_content() == seen[-1]:
            return seen
        seen.append(readout.text_content())


@pytest.mark.parametrize("name", ["constant", "square root", "choice"])
def test_a_rate_stops_at_round_numbers_and_at_those_that_are_recorded(page, name):
    driven = drive(page, name)
    driven.find("base_lr", ".noUi-handle").press("Home")
    rates = [float(shown) for shown in readouts(driven, "base_lr", "ArrowRight")]
    assert all(rate == float(f"{rate:.1e}") for rate in rates), rates
    recorded = {run["experiment"]["base_lr"] for run in RUNS}
    assert recorded <= set(rates)
    assert 65 <= len(rates) <= 70


def only(driven):
    return driven.root.get_by_label("only recorded settings")


def shown(driven):
    return [name for name in driven.controls if driven.find(name).is_visible()]


@pytest.mark.parametrize("name", RECORDED)
def test_only_recorded_settings_can_be_reached_when_asked(page, name):
    driven = drive(page, name)
    before = shown(driven)
    only(driven).check()
    check(driven)
    assert is_recorded(driven.schedule())
    for control in shown(driven):
        if control == "choice":
            continue
        for move in (drag, _end, _home, _right):
            move(driven, control)
            check(driven)
            assert is_recorded(driven.schedule()), control
    assert driven.drawn("schedule").locator(".ghost").count() == 0
    only(driven).uncheck()
    assert shown(driven) == before
    driven.find("base_lr", ".noUi-handle").press("ArrowLeft")
    driven.find("base_lr", ".noUi-handle").press("ArrowLeft")
    assert not is_recorded(driven.schedule())
    check(driven)


def _end(driven, control):
    driven.find(control, ".noUi-handle").press("End")


def _home(driven, control):
    driven.find(control, ".noUi-handle").press("Home")


def _right(driven, control):
    driven.find(control, ".noUi-handle").press("ArrowRight")


def test_what_is_not_recorded_goes_and_is_said(page):
    driven = drive(page, "multi-factor")
    _home(driven, "milestones_2")
    only(driven).check()
    assert shown(driven) == ["base_lr", "milestones", "factor"]
    assert driven.schedule().milestones[1] == 25
    expect(driven.root.locator(".lr-option").first).to_have_text(
        "only recorded settings (milestone 2 25)"
    )


def test_another_schedule_has_recorded_settings_of_its_own(page):
    driven = drive(page, "choice")
    only(driven).check()
    for index in (1, 2, 0):
        driven.find("choice", "select").select_option(index=index)
        check(driven)
        assert is_recorded(driven.schedule())


def test_a_typed_value_goes_to_a_recorded_one(page):
    driven = drive(page, "polynomial")
    only(driven).check()
    readout = driven.find("horizon", ".widget-readout")
    readout.fill("27")
    readout.press("Enter")
    expect(readout).to_have_text("30")
    check(driven)


# All recorded settings --------------------------------------------------------------------


def unfold(driven):
    driven.root.get_by_text("All recorded settings").click()
    cells = driven.root.locator(".lr-atlas td button")
    cells.first.wait_for()  # they are made when it opens
    return cells


@pytest.mark.parametrize("name", TABLED)
def test_a_cell_sets_the_sliders_to_its_setting(page, name):
    driven = drive(page, name)
    cells = unfold(driven)
    kinds = {type(setting) for setting in nearest(driven.schedule())}
    assert cells.count() >= 10 and len(kinds) == 1
    for index in (0, cells.count() // 2, cells.count() - 1):
        cell = cells.nth(index)
        cell.click()
        expect(cell).to_have_attribute("aria-current", "true")
        expect(driven.root.locator(".lr-atlas [aria-current]")).to_have_count(1)
        check(driven)
        schedule = driven.schedule()
        assert is_recorded(schedule)
        (runs,) = nearest(schedule).values()
        ends = [run["test_acc"][-1] for run in runs if not run["died"]]
        words = cell.get_attribute("aria-label")
        assert f"base rate {driven.value('base_lr'):g}" in words
        if ends:
            assert f"test accuracy {sum(ends) / len(ends):.3f}" in words
        died = len(runs) - len(ends)
        assert (f"{died} of {len(runs)} died" in words) == (died > 0)


def test_a_table_has_every_recorded_setting_of_its_schedule(page):
    settings = {
        "constant": {run["experiment"]["base_lr"] for run in _of("constant")},
        "multi-factor": {
            (e["base_lr"], *e["milestones"], e["factor"]) for e in _experiments("multi_factor")
        },
        "cosine": {
            (e["base_lr"], e["horizon"]) for e in _experiments("cosine") if "warmup" not in e
        },
        "warmup": {
            (e["base_lr"], e["horizon"], e.get("warmup", {"duration": 0})["duration"])
            for e in _experiments("cosine")
        },
    }
    for name, recorded in settings.items():
        assert unfold(drive(page, name)).count() == len(recorded), name


def _of(policy):
    return [run for run in RUNS if run["experiment"]["policy"] == policy]


def _experiments(policy):
    return [run["experiment"] for run in _of(policy)]


def test_the_tab_key_follows_the_eye(page):
    driven = drive(page, "cosine")
    tops = driven.root.locator(".noUi-handle, input, button, summary").filter(visible=True)
    rows = [box["y"] for box in (tops.nth(i).bounding_box() for i in range(tops.count()))]
    assert rows == sorted(rows)
    assert len(rows) == 3 + 1 + 1 + 1


def test_the_keyboard_goes_through_the_table_with_one_stop(page):
    driven = drive(page, "factor")
    cells = unfold(driven)
    assert cells.evaluate_all("all => all.filter(e => e.tabIndex === 0).length") == 1
    page.keyboard.press("Tab")
    focused = "e => e === document.activeElement"
    start = cells.evaluate_all("all => all.indexOf(document.activeElement)")
    assert cells.nth(start).get_attribute("aria-current") == "true"
    page.keyboard.press("ArrowRight")
    assert cells.nth(start + 1).evaluate(focused)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    check(driven)
    assert is_recorded(driven.schedule())
    expect(driven.root.locator(".lr-atlas [aria-current]")).to_be_focused()
    assert cells.evaluate_all("all => all.filter(e => e.tabIndex === 0).length") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_open_tables_are_accessible_and_fit(panels, open_page, viewport, scheme):
    page, problems = open_page(f"{panels.url}/index.html", viewport=viewport, color_scheme=scheme)
    wait(page)
    for name in RECORDED:
        unfold(drive(page, name))
    only(drive(page, "warmup")).check()
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    small = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
    assert page.locator(".lr-atlas button").evaluate_all(small) == []
    assert problems == []
    found = Axe().run(page, context=".bd-article")
    assert not found.response["violations"], found.generate_report()


# Colours and labels -----------------------------------------------------------------------


@pytest.mark.parametrize("name", PANELS)
def test_a_handle_that_is_used_keeps_its_colour(page, name):
    driven = drive(page, name)
    handle = driven.find(rate_of(driven), ".noUi-handle")
    colour = "e => getComputedStyle(e).backgroundColor"
    still = handle.evaluate(colour)
    handle.hover()
    handle.focus()
    page.mouse.down()
    assert handle.evaluate(colour) == still
    page.mouse.up()
    line = driven.drawn("schedule").locator(".curve").evaluate("e => getComputedStyle(e).stroke")
    assert line == still


def test_no_two_labels_of_a_plot_overlap(page):
    for name in ("factor", "cosine"):
        driven = drive(page, name)
        cells = unfold(driven)
        for index in range(cells.count()):
            if "died" not in (cells.nth(index).get_attribute("class") or ""):
                continue
            cells.nth(index).click()
            boxes = driven.root.locator(".lr-runs text").evaluate_all(
                """all => all.filter(e => !e.hasAttribute("transform")).map(e => {
                    const { x, y, width, height } = e.getBBox();
                    return [x, y + 2, x + width, y + height - 2];
                })"""
            )
            for i, a in enumerate(boxes):
                for b in boxes[i + 1 :]:
                    apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
                    assert apart, cells.nth(index).get_attribute("aria-label")


# Two at once ------------------------------------------------------------------------------


@pytest.fixture
def pair(panels, open_page):
    """A function that opens the page with two panels, and returns both, driven."""

    def pair(**options):
        page, problems = open_page(f"{panels.url}/pair.html", **options)
        page.wait_for_function("document.querySelectorAll('.curve').length >= 2")
        wait_for_parts(page)
        boxes = compare().children
        return page, lambda: [Driven(page, box, i) for i, box in enumerate(boxes)], problems

    return pair


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_two_schedules_are_in_one_pair_of_plots(pair, viewport):
    scheme = "light" if viewport is DESKTOP else "dark"
    page, driven, problems = pair(viewport=viewport, color_scheme=scheme)
    left, right = driven()
    assert page.locator(".lr-plots").filter(visible=True).count() == 1
    for panel in (right, left):
        drag(panel, "base_lr")
        check(left)
        check(right)
    right.find("choice", "select").select_option(index=0)
    check(left)
    check(right)
    colours = [
        panel.drawn("schedule").locator(".curve").evaluate("e => getComputedStyle(e).stroke")
        for panel in (left, right)
    ]
    assert colours[0] != colours[1]
    handles = [
        panel.find("base_lr", ".noUi-handle").evaluate("e => getComputedStyle(e).backgroundColor")
        for panel in (left, right)
    ]
    assert handles == colours
    assert page.get_by_label("both in one plot").is_visible() == (viewport is DESKTOP)
    assert problems == []


def test_on_a_desktop_two_can_stand_side_by_side(pair):
    page, driven, _ = pair(viewport=DESKTOP)
    toggle = page.get_by_label("both in one plot")
    expect(toggle).to_be_checked()
    toggle.uncheck()
    plots = page.locator(".lr-plots > svg")
    expect(plots.filter(visible=True)).to_have_count(4)
    tops = [box["y"] for box in (plots.nth(i).bounding_box() for i in range(4))]
    assert tops[:2] == tops[2:]
    for panel in driven():
        drag(panel, "base_lr")
        check(panel)
    toggle.check()
    expect(plots.filter(visible=True)).to_have_count(2)
    for panel in driven():
        check(panel)
