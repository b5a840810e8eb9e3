"""The laboratory as a reader meets it: draw, train, take the rate in hand, go back, come again."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lrbook.runs import store
from tests.browser.conftest import DESKTOP, PHONE, new_context

SMALL = {"width": 1280, "height": 720}
TRAINS = re.compile(r"Seed \d+, epoch \d+ of 30 in this page: train loss ")
DEAD = "#points=0:2&interpolation=linear&seed=0&momentum=0"
CALM = "#points=0:0.1&interpolation=linear&seed=0&momentum=0"
# Every frame that is drawn while the page trains, and what its worker says.
WATCH = """
  window.states = [];
  window.Worker = class extends Worker {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => data.state && states.push(data.state));
    }
  };
"""


@pytest.fixture
def start(panels, browser):
    """A function that opens the laboratory in a fresh profile; it notes requests and errors."""
    contexts = []

    def start(address="", **options):
        context = new_context(browser, **{"viewport": DESKTOP, **options})
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.asked, page.problems = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"{panels.url}/laboratory.html{address}")
        page.wait_for_selector(".lab .point .dot")
        return page

    yield start
    problems = [page.problems for context in contexts for page in context.pages]
    for context in contexts:
        context.close()
    assert not any(problems), problems


@pytest.fixture
def page(start):
    return start()


def button(page, name):
    return page.locator(".lab").get_by_role("button", name=name, exact=True)


def press(page, name):
    button(page, name).click()


def status(page):
    return page.locator(".lab-status")


def points(page):
    """Return the points as the address has them."""
    found = re.search(r"points=([^&]*)", page.evaluate("location.hash"))[1]
    return [tuple(map(float, point.split(":"))) for point in found.split(",")]


def hash_becomes(page, text):
    page.wait_for_function("text => location.hash.includes(text)", arg=text)


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, point, across, down):
    """Drag a point by pixels."""
    x, y = middle(page.locator(".lab .point").nth(point).locator(".dot"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y + down, steps=5)
    page.mouse.up()


def epochs(page):
    """Return how many epochs of the reader's run are drawn."""
    path = page.locator(".lab-results .run.mine.test")
    return len(re.findall("[ML]", path.get_attribute("d"))) if path.count() else 0


def now(page):
    """Return the row of the present: the x of the dotted line, or None."""
    found = re.match(r"M([\d.]+)", page.locator(".lab-rate .now").get_attribute("d") or "")
    return float(found[1]) if found else None


# Drawing ---------------------------------------------------------------------------------------


def test_a_page_that_does_not_train_fetches_nothing_of_the_engine(page):
    expect(status(page)).to_have_text("Nothing is trained yet.")
    assert not [url for url in page.asked if "/engine/" in url or "atlas.json" in url]
    assert page.evaluate("location.hash") == ""
    origin = "/".join(page.url.split("/")[:3]) + "/"
    assert all(url.startswith(origin) for url in page.asked if not url.startswith("data:"))


def test_a_point_follows_the_mouse(page):
    drag(page, 1, -130, 60)
    hash_becomes(page, "points")
    (_, first), (t, rate), (_, last) = points(page)
    assert (first, last) == (0.3, 0.01)
    assert t < 20 and rate < 0.3
    expect(page.locator(".lab .point").nth(1)).to_have_attribute(
        "aria-valuetext", f"rate {rate:g} at epoch {t:g}"
    )
    drag(page, 2, 0, 400)  # far below the axis
    page.wait_for_function("location.hash.includes('30:0&')")


def test_a_point_follows_the_keyboard(page):
    page.locator(".lab .point").nth(1).focus()
    page.keyboard.press("ArrowUp")
    hash_becomes(page, "20:0.4,")
    page.keyboard.press("ArrowLeft")
    hash_becomes(page, "19.5:0.4,")
    page.keyboard.press("PageDown")
    hash_becomes(page, "19.5:0.12,")
    page.keyboard.press("Delete")
    hash_becomes(page, "points=0:0.3,30:0.01&")
    # The one before has the focus; the first can't go.
    page.wait_for_function("document.activeElement.ariaLabel === 'Point 1 of 2'")
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowDown")
    hash_becomes(page, "points=0:0.25,30:0.01&")


def test_points_are_added_by_button_by_double_click_and_by_pulling(page):
    press(page, "Add a point")
    hash_becomes(page, "points=0:0.3,10:0.3,20:0.3")
    page.wait_for_function("document.activeElement.ariaLabel === 'Point 2 of 4'")
    press(page, "Remove point")
    hash_becomes(page, "points=0:0.3,20:0.3")
    chart = page.locator(".lab-rate")
    box = chart.bounding_box()
    chart.dblclick(position={"x": box["width"] * 0.4, "y": box["height"] * 0.5})
    page.wait_for_function("document.querySelectorAll('.lab .point').length === 4")
    assert 0 < points(page)[1][0] < 20
    # The curve between the first two points, where nothing else lies.
    x, y = page.evaluate(
        """() => {
            const path = document.querySelector(".pull"), { x, y } = path.getPointAtLength(40);
            const at = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
            return [at.x, at.y];
        }"""
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 30, steps=3)
    page.mouse.up()
    page.wait_for_function("document.querySelectorAll('.lab .point').length === 5")
    page.wait_for_function("location.hash.split(',').length === 5")
    assert points(page)[1][1] > 0.3


def test_a_finger_drags_a_point(start):
    page = start(viewport=PHONE, has_touch=True)
    page.locator(".lab-rate").scroll_into_view_if_needed()
    x, y = middle(page.locator(".lab .point").nth(1).locator(".dot"))
    devtools = page.context.new_cdp_session(page)

    def touch(kind, *at):
        places = [{"x": at[0], "y": at[1]}] if at else []
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", x, y)
    for i in (1, 2, 3):
        touch("touchMove", x - 20 * i, y + 15 * i)
    touch("touchEnd")
    hash_becomes(page, "points")
    assert points(page)[1][0] < 20
    assert points(page)[1][1] < 0.3


def test_policies_steps_and_python(page):
    tools = page.locator(".lab-tools")
    tools.get_by_label("Start from").select_option(label="Multi-factor")
    hash_becomes(page, "points=0:0.3,15:0.03,25:0.003&interpolation=steps")
    page.get_by_text("As Python").click()
    code = page.locator(".lab pre")
    expect(code).to_contain_text(
        "schedule = MultiFactor(base_lr=0.3, milestones=(15, 25), factor=0.1)"
    )
    tools.get_by_label("Points joined").select_option(label="by lines")
    expect(code).to_contain_text("from lrbook.schedules import Table")
    press(page, "Clear")
    expect(code).to_contain_text("schedule = Constant(base_lr=0.1)")
    for option in tools.get_by_label("Start from").locator("option").all()[1:]:
        before = page.locator(".lab .plan").get_attribute("d")
        tools.get_by_label("Start from").select_option(label=option.inner_text())
        page.wait_for_function(
            "d => document.querySelector('.lab .plan').getAttribute('d') !== d", arg=before
        )


# The address -------------------------------------------------------------------------------------


def test_the_address_holds_the_setting(start):
    page = start()
    drag(page, 1, -60, -20)
    page.get_by_label("Seed", exact=True).fill("41")
    page.get_by_label("Seed", exact=True).press("Enter")
    page.get_by_label("Momentum 0.9").check()
    hash_becomes(page, "seed=41&momentum=0.9")
    address = page.evaluate("location.hash")
    curve = page.locator(".lab .plan").get_attribute("d")
    page.reload()
    for other in (page, start(address)):
        expect(other.locator(".lab .plan")).to_have_attribute("d", curve)
        expect(other.get_by_label("Seed", exact=True)).to_have_value("41")
        expect(other.get_by_label("Momentum 0.9")).to_be_checked()
        assert other.evaluate("location.hash") == address


def test_a_bad_address_gives_one_line_and_the_usual_start(start):
    usual = start().locator(".lab .plan").get_attribute("d")
    page = start("#points=0:0.3,99:0.1")
    expect(page.locator(".lab-problem")).to_have_text(
        "The address holds no setting: its points are no schedule. Here is the usual start."
    )
    expect(page.locator(".lab .plan")).to_have_attribute("d", usual)
    page.evaluate("hash => { location.hash = hash }", CALM)
    expect(page.locator(".lab-problem")).to_be_hidden()
    expect(page.locator(".lab .point")).to_have_count(1)


# Training ----------------------------------------------------------------------------------------


def test_train_pause_step_undo(start):
    page = start(CALM)
    press(page, "Start")
    expect(status(page)).to_contain_text(TRAINS)
    press(page, "Pause")
    expect(status(page)).to_contain_text(" Paused at epoch ")
    done = epochs(page)
    first = page.locator(".lab-results .run.mine.test").get_attribute("d").split("L")[0]
    press(page, "One epoch")
    expect(status(page)).to_contain_text(f"Paused at epoch {done + 1}.")
    assert epochs(page) == done + 1
    page.get_by_label("Epoch to go back to").fill("0")
    press(page, "Undo to epoch")
    expect(status(page)).to_have_text("Back at the start.")
    assert epochs(page) == 0
    press(page, "One epoch")
    expect(status(page)).to_contain_text("Paused at epoch 1.")
    # The weights of the start, and the images in the same order.
    assert page.locator(".lab-results .run.mine.test").get_attribute("d") == first
    press(page, "Start anew")
    page.wait_for_function("states.filter((state) => state === 'loading').length === 2")
    expect(button(page, "Pause")).to_be_visible()


def test_one_epoch_first(start):
    page = start(CALM)
    press(page, "One epoch")
    expect(status(page)).to_contain_text("Paused at epoch 1.")
    expect(button(page, "Go on")).to_be_visible()


def ran(page):
    """Return the row of the last rate that ran."""
    return re.search(r" ([\d.]+)$", page.locator(".lab-rate .ran").get_attribute("d"))[1]


def test_the_hand_takes_over_and_gives_back(start):
    page = start(CALM)
    slider, reading = page.get_by_label("Rate by hand"), page.locator(".lab-hand output")
    expect(slider).to_be_disabled()
    press(page, "Start")
    expect(status(page)).to_contain_text(TRAINS)
    planned = ran(page)
    slider.focus()
    slider.press("ArrowLeft")
    expect(reading).to_have_text("0.08")
    page.wait_for_function(
        "row => !document.querySelector('.lab-rate .ran').getAttribute('d').endsWith(` ${row}`)",
        arg=planned,
    )
    press(page, "Pause")
    expect(status(page)).to_contain_text("Paused at epoch")
    # What ran ends where the hand's rate begins.
    hand = page.locator(".lab-rate .hand")
    assert hand.get_attribute("d").endswith(f" {ran(page)}")
    press(page, "Back to plan")
    expect(reading).to_have_text("0.1")
    expect(hand).to_have_attribute("d", "")
    press(page, "One epoch")
    page.wait_for_function("states.slice(-2).join() === 'training,paused'")
    page.wait_for_function(
        "row => document.querySelector('.lab-rate .ran').getAttribute('d').endsWith(` ${row}`)",
        arg=planned,
    )


def test_the_curve_ahead_can_be_dragged_once_it_trains(start):
    page = start("#points=0:0.1,28:0.1")
    press(page, "Start")
    page.wait_for_function(
        "document.querySelector('.lab-results .run.mine.test')?.getAttribute('d').includes('L')"
    )
    press(page, "Pause")
    expect(status(page)).to_contain_text("Paused at epoch")
    at = now(page)
    drag(page, 1, 0, 60)
    hash_becomes(page, "points")
    # What has run stays as it was: a point holds the present.
    (_, first), (present, held), (t, rate) = points(page)
    assert (first, held, t) == (0.1, 0.1, 28)
    assert 1 < present < 28 and rate < 0.1
    expect(page.locator(".lab .point").nth(0)).to_have_attribute("aria-disabled", "true")
    before = page.evaluate("location.hash")
    drag(page, 0, 40, 40)  # has run
    assert page.evaluate("location.hash") == before
    planned = ran(page)
    press(page, "One epoch")
    page.wait_for_function(
        "x => parseFloat(document.querySelector('.now').getAttribute('d').slice(1)) > x", arg=at
    )
    page.wait_for_function("states.at(-1) === 'paused'")
    # Down, as it is planned now.
    assert float(ran(page)) > float(planned)


def test_a_dead_run_is_dead_kept_drawn_again_downloaded_and_removed(start, tmp_path):
    page = start(DEAD)
    press(page, "Start")
    expect(status(page)).to_contain_text("It died after epoch 1.")
    lines = page.locator(".lr-kept li")
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text("Your run drawn with 1 point, seed 0: died after epoch 1.")
    page.reload()
    expect(lines).to_have_count(1)
    assert page.evaluate("location.hash") == DEAD
    expect(page.locator(".lab-results .cross.kept")).to_have_count(2)
    expect(page.locator(".lab-rate .past")).to_have_count(1)
    page.get_by_label("Seed", exact=True).fill("7")
    page.get_by_label("Seed", exact=True).press("Enter")
    press(page, "Start")
    expect(lines).to_have_count(2)

    press(page, "Clear")
    press(page, "Draw again your run drawn with 1 point, seed 0")
    hash_becomes(page, DEAD)
    with page.expect_download() as downloading:
        press(page, "Download your runs (2)")
    downloading.value.save_as(tmp_path / "page_runs.jsonl")
    runs = store.read(tmp_path / "page_runs.jsonl")
    assert [(run["seed"], run["died"], run["lr_start"]) for run in runs] == [
        (0, 1, [2]),
        (7, 1, [2]),
    ]
    experiment = runs[0]["experiment"]
    assert [experiment[name] for name in ("policy", "times", "rates")] == ["table", [0], [2]]

    press(page, "Remove your run drawn with 1 point, seed 0")
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text("seed 7")


def test_a_hidden_tab_rests(start):
    page = start(CALM)
    press(page, "Start")
    page.wait_for_function("states.at(-1) === 'training'")
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    page.wait_for_function("states.at(-1) === 'paused'")
    page.evaluate(hide, False)
    expect(status(page)).to_contain_text(TRAINS)
    expect(button(page, "Pause")).to_be_visible()


def test_who_is_offline_is_told_so(page):
    page.context.set_offline(True)
    press(page, "Start")
    expect(status(page)).to_have_text(
        "It can't train here: the engine can't be loaded; are you online?"
    )
    page.context.set_offline(False)
    press(page, "Start")
    expect(status(page)).to_contain_text(TRAINS)


def test_a_damaged_file_and_a_browser_without_simd_are_said(page):
    labels = "**/_static/engine/train-labels*"
    page.route(labels, lambda route: route.fulfill(body=b"\x1f\x8b broken"))
    press(page, "Start")
    expect(status(page)).to_have_text("It can't train here: train-labels-idx1-ubyte.gz is damaged.")
    page.unroute(labels)

    def lacking(route):
        route.fulfill(body=f"WebAssembly.validate = () => false;\n{route.fetch().text()}")

    page.route("**/_static/engine/worker.js", lacking)
    page.reload()
    page.wait_for_selector(".lab .point .dot")
    press(page, "Start")
    expect(status(page)).to_have_text("It can't train here: this browser has no WebAssembly SIMD.")
    drag(page, 1, -60, 0)  # the rest works
    hash_becomes(page, "points")


# The page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewport", [SMALL, PHONE], ids=["desktop", "phone"])
def test_the_chart_its_points_the_slider_and_the_results_are_seen_together(start, viewport):
    page = start(viewport=viewport)
    page.locator(".lab-buttons").evaluate("row => row.scrollIntoView({ block: 'center' })")
    parts = [*page.locator(".lab .point .dot").all(), page.get_by_label("Rate by hand")]
    parts += [button(page, "Start"), page.locator(".lab-rate")]
    for part in parts:
        box = part.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"]
        assert box["y"] >= 0 and box["y"] + box["height"] <= viewport["height"]
    chart, results = (page.locator(f".lab-{name}").bounding_box() for name in ("rate", "results"))
    header = page.locator(".bd-header-article").bounding_box()["height"]
    together = results["y"] + results["height"] - chart["y"]
    assert together <= viewport["height"] - header


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_laboratory_that_trained_is_accessible(start, viewport, scheme):
    page = start(DEAD, viewport=viewport, color_scheme=scheme)
    press(page, "Start")
    expect(page.locator(".lr-kept li")).to_have_count(1)
    page.get_by_text("As Python").click()
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    found = Axe().run(page, context=".bd-article")
    assert not found.response["violations"], found.generate_report()


def test_without_scripts_it_says_what_would_be_here(panels, browser):
    context = new_context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{panels.url}/laboratory.html")
    expect(page.locator(".laboratory")).to_contain_text("train the book's network")
    expect(page.get_by_text("The target")).to_be_visible()
    context.close()


def test_the_target_is_drawn(page, panels):
    data = json.loads(page.locator(".laboratory").get_attribute("data-target"))
    assert page.locator(".lab-results .run.test.thin").count() == len(data["runs"]) > 1
    assert page.locator(".lab-results .mean.test").count() == 2  # with that of the key
