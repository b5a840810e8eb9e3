"""The recorded runs behind the sliders, on a page without a kernel."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, new_context
from tests.browser.panels import PANELS, drag, drive, wait
from tests.browser.recorded import Picture, move_all, nearest

DATA = "**/_static/atlas.json*"


@pytest.mark.parametrize("name", PANELS)
def test_every_control_shows_the_nearest_recorded_runs(opened, name):
    move_all(drive(opened, name))


def says(driven, text):
    """Wait until the words on the runs have a text in them; they follow a control in a while."""
    expect(driven.root.locator(".lr-words p").nth(1)).to_contain_text(text)


def test_words_say_which_runs_are_shown(panels, open_page):
    page, _ = open_page(f"{panels.url}/index.html", viewport=DESKTOP)
    wait(page)
    driven = drive(page, "constant")
    (runs,) = nearest(driven.schedule()).values()
    accuracy = sum(run["test_acc"][-1] for run in runs) / len(runs)
    says(driven, f"This very setting is recorded: {len(runs)} seeds")
    says(driven, f"test accuracy {accuracy:.3f}")
    driven.find("base_lr", ".noUi-handle").press("ArrowRight")
    says(driven, "are of the dashed schedule, with base learning rate η₀ 0.3:")
    driven.find("base_lr", ".noUi-handle").press("End")
    (runs,) = nearest(driven.schedule()).values()
    assert all(run["died"] for run in runs)
    says(driven, f"All {len(runs)} died, after epoch")
    says(driven, driven.root.locator(".lr-runs").get_attribute("aria-label"))


def test_the_data_are_loaded_once(panels, browser):
    context = new_context(browser, viewport=DESKTOP)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{panels.url}/index.html")
    wait(page)
    assert sum("atlas.json" in url for url in asked) == 1
    context.close()


def _missing(route):
    route.fulfill(status=404)


def _cut(route):
    body = route.fetch().text()
    route.fulfill(body=body[: len(body) // 2])


def _short(route):
    content = route.fetch().json()
    content["curves"] = content["curves"][:400]
    route.fulfill(body=json.dumps(content))


def _foreign(route):
    route.fulfill(body='{"hello": 1}')


@pytest.mark.parametrize("damage", [_missing, _cut, _short, _foreign])
def test_a_damaged_file_is_said_and_the_schedules_stay_live(panels, browser, damage):
    context = new_context(browser, viewport=DESKTOP)
    page, thrown = context.new_page(), []
    page.on("pageerror", lambda error: thrown.append(error))
    page.route(DATA, damage)
    page.goto(f"{panels.url}/index.html")
    wait(page)
    expect(page.locator(".lr-problem")).to_have_count(len(PANELS))
    driven = drive(page, "cosine")
    says(driven, "The recorded runs can't be shown: ")
    drag(driven, "base_lr")
    driven.check()
    assert Picture(driven).paths(".run") == []
    assert thrown == []
    context.close()
