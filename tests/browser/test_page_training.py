"""Training in the page: every panel's buttons, with the real engine and images and no kernel."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lrbook.runs import store
from lrbook.runs.experiments import Experiment
from tests.browser.conftest import DESKTOP, PHONE, new_context
from tests.browser.panels import PANELS, drive, rate_of, wait

ENGINE = "**/_static/engine/"
# Every worker that the page makes, and the states that they tell.
WATCH = """
  window.workers = []; window.states = [];
  window.Worker = class extends Worker {
    constructor(...all) {
      super(...all);
      workers.push(all[0]);
      this.addEventListener("message", ({ data }) => data.state && states.push(data.state));
    }
  };
"""


@pytest.fixture
def start(panels, browser):
    """A function that opens the page with all panels in a fresh profile, and notes requests."""
    contexts = []

    def start(name="index", **options):
        context = new_context(browser, **{"viewport": DESKTOP, **options})
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(f"{panels.url}/{name}.html")
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def page(start):
    page = start()
    wait(page)
    return page


def press(driven, name):
    driven.root.get_by_role("button", name=name, exact=True).click()


def status(driven):
    return driven.root.locator(".lr-train [role=status]")


def buttons(driven):
    found = driven.root.locator(".lr-train button").filter(visible=True)
    return found.all_inner_texts()


def die(driven):
    """Train at the largest rate, at which a run is dead after its first epoch."""
    driven.find("base_lr", ".noUi-handle").press("End")
    driven.root.locator(".lr-train button").filter(visible=True).first.click()


def test_every_panel_trains_an_epoch_and_stops(page):
    assert not [url for url in page.asked if "/engine/" in url]
    for name in PANELS:
        driven = drive(page, name)
        rate = driven.find(rate_of(driven), ".widget-readout")
        rate.fill("0.1")  # at 0.5 some die in their first epoch
        rate.press("Enter")
        press(driven, "Train this")
        expect(status(driven)).to_contain_text("Seed 0, epoch 1 of 30 in this page: train loss ")
        expect(status(driven)).to_contain_text(" s left.")
        for curve in ("loss", "train", "test"):
            expect(driven.root.locator(f".lr-runs .run.mine.{curve}")).to_have_count(1)
        expect(driven.root.locator("progress")).to_be_visible()
        press(driven, "Stop")
        expect(status(driven)).to_have_text("Stopped; it can go on from here.")
        assert buttons(driven) == ["Train this", "Go on"]
    # One worker a panel; what the first fetched the others had from the cache, or from the site.
    assert page.evaluate("workers.length") == len(PANELS)
    origin = "/".join(page.url.split("/")[:3]) + "/"
    assert all(url.startswith((origin, "data:", "blob:")) for url in page.asked)


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(page):
    driven = drive(page, "constant")
    press(driven, "Train this")
    page.wait_for_function("document.querySelector('.lr-train progress').value > 0.005")
    press(driven, "Stop")
    expect(status(driven)).to_contain_text("Stopped")
    press(driven, "Go on")
    expect(status(driven)).to_contain_text("epoch 1 of 30")
    stopped = status(driven).inner_text().split(". About")[0]
    press(driven, "Stop")
    expect(status(driven)).to_contain_text("Stopped")
    press(driven, "Train this")
    expect(status(driven)).to_contain_text("epoch 1 of 30")
    assert status(driven).inner_text().split(". About")[0] == stopped


def test_whole_runs_are_kept_drawn_downloaded_and_removed(page, tmp_path):
    driven = drive(page, "constant")
    die(driven)
    expect(status(driven)).to_contain_text("It died after epoch 1.")
    expect(driven.root.locator(".lr-kept li")).to_have_count(1)
    assert buttons(driven) == ["Again with another seed"]
    press(driven, "Again with another seed")
    expect(driven.root.locator(".lr-kept li")).to_have_count(2)
    expect(status(driven)).to_contain_text("Seed 1, epoch 1 of 30")
    assert driven.root.locator(".lr-runs .cross.kept").count() == 4
    assert page.evaluate("workers.length") == 1

    page.reload()
    wait(page)
    driven = drive(page, "constant")
    expect(driven.root.locator(".lr-kept button")).to_have_text(["Download your runs (2)"])
    assert driven.root.locator(".lr-runs .kept").count() == 0  # the sliders say something else
    driven.find("base_lr", ".noUi-handle").press("End")
    lines = driven.root.locator(".lr-kept li")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("Your run with seed 0: died after epoch 1.")
    assert driven.root.locator(".lr-runs .cross.kept").count() == 4

    with page.expect_download() as downloading:
        press(driven, "Download your runs (2)")
    downloading.value.save_as(tmp_path / "page_runs.jsonl")
    runs = store.read(tmp_path / "page_runs.jsonl")
    assert [(run["seed"], run["died"]) for run in runs] == [(0, 1), (1, 1)]
    rates = [Experiment.from_dict(run["experiment"]).schedule.base_lr for run in runs]
    assert rates == pytest.approx([driven.value("base_lr")] * 2)

    press(driven, "Remove your run with seed 0")
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text("seed 1")
    assert driven.root.locator(".lr-runs .cross.kept").count() == 2
    page.reload()
    wait(page)
    expect(drive(page, "constant").root.locator(".lr-kept > button")).to_have_text(
        "Download your runs (1)"
    )


def test_a_hidden_tab_rests(page):
    driven = drive(page, "cosine")
    press(driven, "Train this")
    page.wait_for_function("states.at(-1) === 'training'")
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    page.wait_for_function("states.at(-1) === 'paused'")
    page.evaluate(hide, False)
    page.wait_for_function("states.at(-1) === 'training'")
    expect(status(driven)).to_contain_text("epoch 1 of 30")
    assert buttons(driven) == ["Stop"]


def test_who_is_offline_is_told_so_and_needs_no_network_later(page):
    driven = drive(page, "cosine")
    page.context.set_offline(True)
    press(driven, "Train this")
    problem = "It can't train here: the engine can't be loaded; are you online?"
    expect(status(driven)).to_have_text(problem)
    assert buttons(driven) == ["Train this"]
    page.context.set_offline(False)
    press(driven, "Train this")
    expect(status(driven)).to_contain_text("epoch 1 of 30")
    page.context.set_offline(True)
    press(driven, "Stop")
    expect(status(driven)).to_contain_text("Stopped")
    press(driven, "Train this")
    expect(status(driven)).to_contain_text("epoch 1 of 30")


def _damage_labels(page):
    page.route(f"{ENGINE}train-labels*", lambda route: route.fulfill(body=b"\x1f\x8b broken"))


def _lose_images(page):
    page.route(f"{ENGINE}t10k-images*", lambda route: route.fulfill(status=404))


def _lose_worker(page):
    page.route(f"{ENGINE}worker.js", lambda route: route.fulfill(status=404))


def _cut_worker(page):
    def cut(route):
        route.fulfill(body=route.fetch().text()[:9000])

    page.route(f"{ENGINE}worker.js", cut)


def _take_simd(page):
    def lacking(route):
        route.fulfill(body=f"WebAssembly.validate = () => false;\n{route.fetch().text()}")

    page.route(f"{ENGINE}worker.js", lacking)


PROBLEMS = {
    _damage_labels: "It can't train here: train-labels-idx1-ubyte.gz is damaged.",
    _lose_images: "It can't train here: t10k-images-idx3-ubyte.gz can't be fetched: "
    "the answer was 404.",
    _lose_worker: "It can't train here: the engine can't be loaded; are you online?",
    _cut_worker: "It can't train here: the engine can't be loaded; are you online?",
    _take_simd: "It can't train here: this browser has no WebAssembly SIMD.",
}


@pytest.mark.parametrize("damage", PROBLEMS, ids=lambda damage: damage.__name__)
def test_what_is_missing_or_damaged_is_said_in_one_line(page, damage):
    damage(page)
    driven = drive(page, "cosine")
    press(driven, "Train this")
    expect(status(driven)).to_have_text(PROBLEMS[damage])
    assert buttons(driven) == ["Train this"]
    driven.find("base_lr", ".noUi-handle").press("ArrowLeft")
    driven.check()


def test_a_pair_races_from_the_same_seed(start):
    page = start("pair")
    page.wait_for_function("document.querySelectorAll('.lr-panel .curve').length == 2")
    page.get_by_role("button", name="Race both").click()
    for box in page.locator(".lr-train").all():
        expect(box.locator("[role=status]")).to_contain_text("Seed 0, epoch 1 of 30")
    assert page.get_by_role("button", name="Race both").count() == 0
    assert page.locator(".lr-runs .run.mine.test").count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_panel_that_trained_is_accessible(start, viewport, scheme):
    page = start(viewport=viewport, color_scheme=scheme)
    wait(page)
    driven = drive(page, "constant")
    die(driven)
    expect(driven.root.locator(".lr-kept li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    found = Axe().run(page, context=".bd-article")
    assert not found.response["violations"], found.generate_report()
