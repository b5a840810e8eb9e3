"""Every panel in a real browser, on a page that is built as the book is, with no kernel."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient

import lrbook.schedules
from lrbook.live import panel
from lrbook.schedules import (
    Constant,
    Cosine,
    Factor,
    MultiFactor,
    Polynomial,
    SquareRoot,
    Warmup,
)
from tests.browser.conftest import DESKTOP, PHONE

ROOT = Path(__file__).parents[2]
# The book's, without those that need settings or pages of the book.
EXTENSIONS = ["myst_nb", "jupyter_book", "sphinx_comments", "sphinx_togglebutton"]
EXTENSIONS += ["sphinx_copybutton", "sphinx_external_toc", "sphinx_design", "sphinx_book_theme"]
PANELS = {
    "constant": [Constant(0.3)],
    "square root": [SquareRoot(0.5)],
    "polynomial": [Polynomial(0.3, 0.01, 20, 2)],
    "factor": [Factor(0.3, 0.8, 0.05)],
    "multi-factor": [MultiFactor(0.5, (15, 25), 0.5)],
    "cosine": [Cosine(0.3, 0.01, 20)],
    "warmup": [Warmup(Cosine(0.3, 0.01, 15), 5)],
    "choice": [Factor(0.3, 0.9, 0.01), Warmup(MultiFactor(0.4, (15, 25), 0.5), 5), Constant(0.3)],
}
TIMES = np.arange(301) / 10


def _notebook():
    cell = nbformat.v4.new_code_cell
    calls = [f"panel({', '.join(map(repr, schedules))})" for schedules in PANELS.values()]
    setup = "from lrbook.live import panel\nfrom lrbook.schedules import *"
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Panels\n\n$\\eta_0 \\alpha^t$"),
            *map(cell, [setup, *calls]),
        ]
    )
    NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": ROOT}}
    ).execute()
    return notebook


def _config():
    """Return the book's own settings, so far as a panel's page depends on them."""
    book = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]["config"]
    keys = ("html_css_files", "html_context", "mathjax_path", "nb_ipywidgets_js")
    config = {key: book[key] for key in keys}
    config["extensions"] = EXTENSIONS
    config["html_static_path"] = [str(ROOT / folder) for folder in book["html_static_path"]]
    return {
        "title": "Panels",
        "execute": {"execute_notebooks": "off"},
        "html": {"favicon": str(ROOT / "book/_assets/logo.svg")},
        "sphinx": {"config": config},
    }


@pytest.fixture(scope="session")
def site(tmp_path_factory, serve):
    """The folder of a built page with every panel, and its address."""
    source = tmp_path_factory.mktemp("panels")
    nbformat.write(_notebook(), source / "index.ipynb")
    (source / "_config.yml").write_text(yaml.safe_dump(_config()))
    (source / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    build = "from jupyter_book.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", build, "build", "--all", str(source)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    folder = source / "_build/html"
    return SimpleNamespace(folder=folder, url=serve(folder))


def _wait(page):
    page.wait_for_function(f"document.querySelectorAll('.curve').length == {len(PANELS)}")
    # Names come with the controls, which ipywidgets makes in their own time.
    page.wait_for_function("!document.querySelector('.noUi-handle:not([aria-label])')")


@pytest.fixture(scope="module")
def opened(site, browser):
    """One page for the tests that move controls, since each has a panel of its own."""
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{site.url}/index.html")
    _wait(page)
    yield page
    context.close()


class Driven:
    """A panel on a page, beside the same panel in Python."""

    def __init__(self, page, name):
        self.page = page
        self.box = panel(*PANELS[name])
        self.root = page.locator(".lr-panel").nth(list(PANELS).index(name))
        self.chart = next(c for c in self.box.children if not hasattr(c, "description"))
        self.controls = {
            next(c[3:] for c in control._dom_classes if c not in ("lr-control",)): control
            for control in self.box.children
            if control is not self.chart
        }

    def find(self, name, part=""):
        return self.root.locator(f".lr-control.lr-{name} {part}".strip())

    def path(self):
        return self.root.locator(".curve").get_attribute("d")

    def value(self, name):
        """Read a control, and put what its readout rounds back on the slider's grid."""
        control = self.controls[name]
        if hasattr(control, "options"):
            return self.find(name, "select").evaluate("e => e.selectedIndex")
        shown = float(self.find(name, ".widget-readout").text_content())
        log = type(control).__name__ == "FloatLogSlider"
        place = np.log10(shown) if log else shown
        place = control.min + control.step * round((place - control.min) / control.step)
        value = 10**place if log else place
        assert value == pytest.approx(shown, rel=6e-3, abs=1e-9)
        return float(value)

    def schedule(self):
        """Return the schedule that the controls now say, made by lrbook.schedules."""
        choice = self.chart.choices[self.value("choice") if "choice" in self.controls else 0]
        p = {
            key: tuple(map(self.value, name)) if isinstance(name, list) else self.value(name)
            for key, name in choice["traits"].items()
        }
        warmup = {key: p.pop(key) for key in ("duration", "start_lr", "mode") if key in p}
        schedule = getattr(lrbook.schedules, choice["kind"])(**p)
        if warmup:
            warmup["mode"] = ("linear", "constant")[warmup["mode"]]
            schedule = Warmup(schedule, **warmup)
        return schedule

    def curve(self):
        """Read the curve in the units of its axes: times in epochs and rates."""
        labels = self.root.locator(".lr-chart text").evaluate_all(
            "all => all.map(e => [e.getAttribute('text-anchor'), e.getAttribute('x'),"
            " e.getAttribute('y'), e.textContent])"
        )
        ticks = {
            "middle": [
                (float(x), float(s)) for a, x, _, s in labels if a == "middle" and _number(s)
            ],
            "end": [(float(y) - 4, float(s)) for a, _, y, s in labels if a == "end"],
        }
        pixels = np.array(re.findall(r"[ML](\S+?) ([\d.]+)", self.path()), dtype=float)
        t, rate = (
            np.interp(values, *np.array(sorted(ticks[axis])).T)
            for axis, values in zip(("middle", "end"), pixels.T, strict=True)
        )
        top = max(value for _, value in ticks["end"])
        return t, rate, top

    def check(self):
        """Hold the drawn curve to the schedule, at every tenth of an epoch."""
        schedule = self.schedule()
        t, rate, top = self.curve()
        for time in TIMES:
            drawn = rate[np.abs(t - time) < 2e-3]
            assert drawn.size, f"nothing is drawn at epoch {time}"
            # At a jump the curve has both its values.
            assert np.abs(drawn - schedule(time)).min() < 1e-4 * top, f"{schedule} at epoch {time}"
        assert rate.min() >= 0


def _number(text):
    return re.fullmatch(r"[\d.]+", text)


def _press(driven, name):
    if name in ("mode", "choice"):
        driven.find(name, "select").press("ArrowDown")
    else:
        for _ in range(3):
            driven.find(name, ".noUi-handle").press("ArrowRight")


def _drag(driven, name):
    handle = driven.find(name, ".noUi-handle")
    handle.scroll_into_view_if_needed()
    track, grip = driven.find(name, ".noUi-base").bounding_box(), handle.bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    far = 0.12 * track["width"]
    to = x - far if x > track["x"] + 0.8 * track["width"] else x + far
    mouse = driven.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(to, y, steps=4)
    mouse.up()


@pytest.mark.parametrize("name", PANELS)
def test_every_control_moves_the_curve_to_the_schedule_it_says(opened, name):
    driven = Driven(opened, name)
    assert driven.schedule()(TIMES) == pytest.approx(PANELS[name][0](TIMES), abs=1e-9)
    driven.check()
    for control in driven.controls:
        if not driven.find(control).is_visible():
            continue
        for move in [_press] if control in ("mode", "choice") else [_press, _drag]:
            before = driven.path()
            move(driven, control)
            assert driven.path() != before, f"{control} doesn't move the curve"
            driven.check()


def test_a_panel_that_offers_schedules_shows_the_controls_of_the_chosen_one(opened):
    driven = Driven(opened, "choice")
    for index, choice in enumerate(driven.chart.choices):
        driven.find("choice", "select").select_option(index=index)
        driven.check()
        used = {"choice", *np.hstack(list(choice["traits"].values()))}
        shown = {name for name in driven.controls if driven.find(name).is_visible()}
        assert shown == used


def test_words_say_what_the_curve_does(opened):
    words = Driven(opened, "cosine").root.locator("p[aria-live=polite]")
    opened.reload()
    _wait(opened)
    first = "Cosine: learning rate 0.3 at epoch 0, 0.01 from epoch 20 on."
    assert words.text_content() == first
    driven = Driven(opened, "warmup")
    assert driven.root.locator("svg").get_attribute("aria-label") == (
        "Warmup, then cosine: learning rate 0 at epoch 0, peak 0.3 at epoch 5, "
        "0.01 from epoch 20 on."
    )


def test_a_screen_reader_hears_each_value_as_it_is_read(opened):
    driven = Driven(opened, "factor")
    handle = driven.find("base_lr", ".noUi-handle")
    handle.press("ArrowLeft")
    assert handle.get_attribute("aria-label") == "base learning rate η₀"
    shown = driven.find("base_lr", ".widget-readout").text_content()
    assert handle.get_attribute("aria-valuetext") == shown
    assert 1e-3 <= float(shown) <= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_page_of_panels_is_clean(site, open_page, viewport, scheme):
    page, problems = open_page(
        f"{site.url}/index.html", viewport=viewport, color_scheme=scheme, has_touch=True
    )
    _wait(page)
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    for label in page.locator(".lr-control:not([hidden]) .widget-label").all():
        assert label.evaluate("e => e.scrollWidth <= e.clientWidth"), label.text_content()
    assert page.locator("mjx-container").count() == 1
    assert problems == []
    found = Axe().run(page, context=".bd-article")
    assert not found.response["violations"], found.generate_report()


def test_a_tap_moves_a_slider(site, open_page):
    page, _ = open_page(f"{site.url}/index.html", viewport=PHONE, has_touch=True)
    _wait(page)
    driven = Driven(page, "cosine")
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
def test_damage_to_one_panel_is_said_and_leaves_the_others_live(site, open_page, damage):
    html = (site.folder / "index.html").read_text()
    before, state, after = STATE.search(html).groups()
    state = json.loads(state)
    damage(state)
    damaged = site.folder / f"{damage.__name__}.html"
    damaged.write_text(STATE.sub(lambda _: before + json.dumps(state) + after, html))
    page, _ = open_page(f"{site.url}/{damaged.name}")
    page.wait_for_function(f"document.querySelectorAll('.curve').length == {len(PANELS) - 1}")
    line = page.locator(".widget-problem")
    assert line.count() == 1
    assert line.text_content().startswith("This panel could not start: ")


def test_an_unreadable_state_is_said_at_each_panel(site, open_page):
    html = (site.folder / "index.html").read_text()
    damaged = site.folder / "unreadable.html"
    damaged.write_text(STATE.sub(r'\1{"state": \3', html))
    page, _ = open_page(f"{site.url}/{damaged.name}")
    page.wait_for_selector(".widget-problem")
    assert page.locator(".widget-problem").count() == len(PANELS)
