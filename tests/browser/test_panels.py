"""Every panel in a real browser, on a page that is built as the book is, with no kernel."""

import json
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.panels import PANELS, TIMES, drag, drive, is_choice, press, wait


@pytest.mark.parametrize("name", PANELS)
def test_every_control_moves_the_curve_to_the_schedule_it_says(opened, name):
    driven = drive(opened, name)
    assert driven.schedule()(TIMES) == pytest.approx(PANELS[name][0](TIMES), abs=1e-9)
    driven.check()
    for control in driven.controls:
        if not driven.find(control).is_visible():
            continue
        for move in [press] if is_choice(control) else [press, drag]:
            before = driven.path()
            move(driven, control)
            assert driven.path() != before, f"{control} doesn't move the curve"
            driven.check()


def test_a_panel_that_offers_schedules_shows_the_controls_of_the_chosen_one(opened):
    driven = drive(opened, "choice")
    for index, choice in enumerate(driven.chart.choices):
        driven.find("choice", "select").select_option(index=index)
        driven.check()
        used = {"choice", *np.hstack(list(choice["traits"].values()))}
        shown = {name for name in driven.controls if driven.find(name).is_visible()}
        assert shown == used


def test_words_say_what_the_curve_does(opened):
    words = drive(opened, "cosine").root.locator(".lr-words p").first
    opened.reload()
    wait(opened)
    first = "Cosine: learning rate 0.3 at epoch 0, 0.01 from epoch 20 on."
    expect(words).to_have_text(first)
    driven = drive(opened, "warmup")
    expect(driven.root.locator(".lr-schedule")).to_have_attribute(
        "aria-label",
        "Warmup, then cosine: learning rate 0 at epoch 0, peak 0.3 at epoch 5, "
        "0.01 from epoch 20 on.",
    )


def test_a_screen_reader_hears_each_value_as_it_is_read(opened):
    driven = drive(opened, "factor")
    handle = driven.find("base_lr", ".noUi-handle")
    handle.press("ArrowLeft")
    assert handle.get_attribute("aria-label") == "base learning rate η₀"
    shown = driven.find("base_lr", ".widget-readout").text_content()
    expect(handle).to_have_attribute("aria-valuetext", shown)
    assert 1e-3 <= float(shown) <= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_page_of_panels_is_clean(panels, open_page, viewport, scheme):
    page, problems = open_page(
        f"{panels.url}/index.html", viewport=viewport, color_scheme=scheme, has_touch=True
    )
    wait(page)
    page.wait_for_selector("mjx-container")
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    for label in page.locator(".lr-control:not([hidden]) .widget-label").all():
        assert label.evaluate("e => e.scrollWidth <= e.clientWidth"), label.text_content()
    assert page.locator("mjx-container").count() == 1
    assert problems == []
    found = Axe().run(page, context=".bd-article")
    assert not found.response["violations"], found.generate_report()


def test_a_tap_moves_a_slider(panels, open_page):
    page, _ = open_page(f"{panels.url}/index.html", viewport=PHONE, has_touch=True)
    wait(page)
    driven = drive(page, "cosine")
    before = driven.path()
    driven.find("horizon", ".noUi-base").scroll_into_view_if_needed()
    box = driven.find("horizon", ".noUi-base").bounding_box()
    page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    assert driven.path() != before
    driven.check()


STATE = re.compile(
    r'(<script type="application/vnd.jupyter.widget-state\+json">)(.*?)(</script>)', re.S
)


def _lose_a_model(state):
    """Take the model of the first panel's slider away."""
    models = state["state"]
    del models[next(i for i, m in models.items() if m["model_name"] == "FloatLogSliderModel")]


def _ask_for_an_unknown_class(state):
    slider = next(m for m in state["state"].values() if m["model_name"] == "FloatLogSliderModel")
    slider["model_name"] = "NoSuchModel"


@pytest.mark.parametrize("damage", [_lose_a_model, _ask_for_an_unknown_class])
def test_damage_to_one_panel_is_said_and_leaves_the_others_live(panels, open_page, damage):
    html = (panels.folder / "index.html").read_text()
    before, state, after = STATE.search(html).groups()
    state = json.loads(state)
    damage(state)
    damaged = panels.folder / f"{damage.__name__}.html"
    damaged.write_text(STATE.sub(lambda _: before + json.dumps(state) + after, html))
    page, _ = open_page(f"{panels.url}/{damaged.name}")
    page.wait_for_function(f"document.querySelectorAll('.curve').length == {len(PANELS) - 1}")
    line = page.locator(".widget-problem")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("This panel could not start: ")


def test_an_unreadable_state_is_said_at_each_panel(panels, open_page):
    html = (panels.folder / "index.html").read_text()
    damaged = panels.folder / "unreadable.html"
    damaged.write_text(STATE.sub(r'\1{"state": \3', html))
    page, _ = open_page(f"{panels.url}/{damaged.name}")
    expect(page.locator(".widget-problem")).to_have_count(len(PANELS))
