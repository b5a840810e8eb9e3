"""A page with every panel, built as the book is, and how to drive one."""

import functools
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import yaml

import lrbook.schedules
from lrbook.live import panel
from lrbook.making import kernels
from lrbook.schedules import (
    Constant,
    Cosine,
    Factor,
    InverseSquareRoot,
    MultiFactor,
    OneCycle,
    Polynomial,
    Restarts,
    SquareRoot,
    Triangular,
    Warmup,
    WarmupStableDecay,
)
from lrbook.schedules.policies import WORDS
from tests.book import ROOT

# The book's, without those that need settings or pages of the book.
EXTENSIONS = ["myst_nb", "jupyter_book", "sphinx_comments", "sphinx_togglebutton"]
EXTENSIONS += ["sphinx_copybutton", "sphinx_external_toc", "sphinx_design", "sphinx_book_theme"]
OWN = ["panels", "laboratory", "light"]
PANELS = {
    "constant": [Constant(0.3)],
    "square root": [SquareRoot(0.5)],
    "polynomial": [Polynomial(0.3, 0.01, 20, 2)],
    "factor": [Factor(0.3, 0.8, 0.05)],
    "multi-factor": [MultiFactor(0.5, (15, 25), 0.5)],
    "cosine": [Cosine(0.3, 0.01, 20)],
    "warmup": [Warmup(Cosine(0.3, 0.01, 15), 5)],
    "stages": [WarmupStableDecay(0.3, 0.01, 3, 17, 10)],
    "inverse": [InverseSquareRoot(0.3, 3)],
    "triangles": [Triangular(0.03, 0.3, 5, "halved")],
    "restarts": [Restarts(0.3, 0.01, 10, 2)],
    "one cycle": [OneCycle(0.01, 0.3, 0.001, 9, 21)],
    "choice": [Factor(0.3, 0.9, 0.01), Warmup(MultiFactor(0.4, (15, 25), 0.5), 4), Constant(0.3)],
}
TIMES = np.arange(301) / 10
CHOICES = ("mode", "shape", "choice")  # controls that are no sliders


def is_choice(control):
    """Return whether a control, whose name may end in a number, is no slider."""
    return re.sub(r"_\d+$", "", control) in CHOICES


def rate_of(driven):
    """Return the name of the control of a panel's rate, of cycles that of the highest one."""
    return "max_lr" if "max_lr" in driven.controls else "base_lr"


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
    kernels.client(notebook, ROOT, kernel_name="python3").execute()
    return notebook


def _config():
    """Return the book's own settings, so far as a panel's page depends on them."""
    book = yaml.safe_load((ROOT / "_config.yml").read_text())["sphinx"]["config"]
    keys = ("html_css_files", "html_js_files", "html_context", "template_bridge")
    keys += ("mathjax_path", "mathjax_options", "myst_update_mathjax", "nb_ipywidgets_js")
    config = {key: book[key] for key in keys}
    config["extensions"] = [*EXTENSIONS, *OWN]
    config["html_static_path"] = [str(ROOT / folder) for folder in book["html_static_path"]]
    return {
        "title": "Panels",
        "execute": {"execute_notebooks": "off"},
        "html": {"favicon": str(ROOT / "book/_assets/logo.svg")},
        "sphinx": {
            "config": config,
            "local_extensions": dict.fromkeys(OWN, str(ROOT / "book/_ext")),
        },
    }


def build(source):
    """Build the page in a folder; return the folder of the site."""
    nbformat.write(_notebook(), source / "index.ipynb")
    (source / "_config.yml").write_text(yaml.safe_dump(_config()))
    (source / "pair.md").write_text("# A pair\n\n```{panel-comparison}\n```\n")
    (source / "laboratory.md").write_text("# Laboratory\n\n```{laboratory}\n```\n")
    toc = "format: jb-book\nroot: index\nchapters:\n  - file: pair\n  - file: laboratory\n"
    (source / "_toc.yml").write_text(toc)
    build = "from jupyter_book.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", build, "build", "--all", str(source)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return source / "_build/html"


def come_near(page):
    """Open all answers, and scroll to what waits for a reader until all that is heavy is asked for.

    Then go back to the top, and wait until every formula is set.
    """
    page.evaluate(
        """async () => {
          document.querySelectorAll(".prediction-show").forEach((button) => button.click());
          for (const image of document.querySelectorAll("img[loading]")) image.loading = "eager";
          for (const place of document.querySelectorAll(".math, .widget-place")) {
            if (!document.querySelector("script[type=near]")) break;
            place.closest("details")?.setAttribute("open", "");
            place.scrollIntoView({ behavior: "instant" });
            for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
          }
          scrollTo({ top: 0, behavior: "instant" });
        }"""
    )
    page.wait_for_function(
        "!document.querySelector('script[type=near]') && "
        "[...document.querySelectorAll('.math')].every((e) => e.querySelector('mjx-container'))"
    )


def wait(page):
    """Wait until every panel is drawn, with its runs and its controls' names."""
    page.wait_for_function(f"document.querySelectorAll('.curve').length == {len(PANELS)}")
    wait_for_parts(page)


def wait_for_parts(page):
    """Wait until the panels that are drawn have their runs and their controls' names."""
    page.wait_for_function(
        "!document.querySelector('.lr-runs[aria-label^=Loading], .lr-runs:not([aria-label])')"
    )
    # Names come with the controls, which ipywidgets makes in their own time.
    page.wait_for_function("!document.querySelector('.noUi-handle:not([aria-label])')")


def drive(page, name):
    """Return the panel of that name, on the page with all of them."""
    return Driven(page, panel(*PANELS[name]), list(PANELS).index(name))


class Driven:
    """A panel on a page, the `index`-th, beside the same panel in Python."""

    def __init__(self, page, box, index):
        self.page = page
        self.box = box
        self.root = page.locator(".lr-panel").nth(index)
        # Two schedules in one pair of plots are in those of the first.
        pair = self.root.locator("xpath=ancestor::*[contains(@class, 'lr-one')]")
        self.plots = pair.locator(".lr-panel").first if pair.count() else self.root
        self.series = index if pair.count() else 0
        self.chart = box.chart
        self.controls = {
            next(c[3:] for c in control._dom_classes if c not in ("lr-control",)): control
            for control in self.box.children
            if control is not self.chart
        }

    def find(self, name, part=""):
        return self.root.locator(f".lr-control.lr-{name} {part}".strip())

    def drawn(self, plot):
        """Return what a plot, ``'schedule'`` or ``'runs'``, has of this panel's schedule."""
        return self.plots.locator(f".lr-{plot} .series").nth(self.series)

    def path(self):
        return self.drawn("schedule").locator(".curve").get_attribute("d")

    def said(self):
        """Return what all controls say, by name: a text, a number of a choice, None if none yet."""
        return self.root.evaluate(
            """(root, names) => Object.fromEntries(names.map((name) => {
                const control = root.querySelector(`.lr-control.lr-${name}`);
                const select = control?.querySelector("select");
                const text = control?.querySelector(".widget-readout")?.textContent;
                return [name, select?.selectedIndex ?? text ?? null];
            }))""",
            list(self.controls),
        )

    def value(self, name, said=None):
        """Put what a control says back on the slider's grid, which its readout rounds."""
        control = self.controls[name]
        said = None if said is None else said[name]
        if hasattr(control, "options"):
            if said is None:
                said = self.find(name, "select").evaluate("e => e.selectedIndex")
            return said
        shown = float(self.find(name, ".widget-readout").text_content() if said is None else said)
        if type(control).__name__ == "FloatLogSlider":
            return shown  # its stops are round
        value = control.min + control.step * round((shown - control.min) / control.step)
        assert value == pytest.approx(shown, rel=6e-3, abs=1e-9)
        return float(value)

    def schedule(self):
        """Return the schedule that the controls now say, made by lrbook.schedules."""
        # All at once: each question to the browser takes longer than its answer.
        value = functools.partial(self.value, said=self.said())
        choice = self.chart.choices[value("choice") if "choice" in self.controls else 0]
        p = {
            key: tuple(sorted(map(value, name))) if isinstance(name, list) else value(name)
            for key, name in choice["traits"].items()
        }
        kind = getattr(lrbook.schedules, choice["kind"])
        warmup = {}
        if "duration" in p:
            warmup = {key: p.pop(key) for key in ("duration", "start_lr", "mode")}
        for owner, values in ((kind, p), (Warmup, warmup)):
            for name, (_, words) in WORDS.get(owner, {}).items():
                if name in values:
                    values[name] = words[values[name]]
        if kind is Triangular and p["mode"] != "exponential":
            p["factor"] = 1.0
        return Warmup(kind(**p), **warmup) if warmup else kind(**p)

    def curve(self, kind="curve"):
        """Read the curve, or the ghost, in the units of its axes: times in epochs and rates."""
        # From the panel, which stays: a curve that was found is gone with the next drawing.
        self.drawn("schedule").locator(f".{kind}").wait_for(state="attached")
        labels, path = self.plots.evaluate(
            """(plots, [series, kind]) => [
                [...plots.querySelectorAll(".lr-schedule text")].map((e) => [
                    e.getAttribute("text-anchor"), e.getAttribute("x"),
                    e.getAttribute("y"), e.textContent,
                ]),
                plots.querySelectorAll(".lr-schedule .series")[series]
                    .querySelector(`.${kind}`).getAttribute("d"),
            ]""",
            [self.series, kind],
        )
        ticks = {
            "middle": [
                (float(x), float(s)) for a, x, _, s in labels if a == "middle" and _number(s)
            ],
            "end": [(float(y) - 4, float(s)) for a, _, y, s in labels if a == "end"],
        }
        pixels = np.array(re.findall(r"[ML](\S+?) ([\d.]+)", path), dtype=float)
        t, rate = (
            np.interp(values, *np.array(sorted(ticks[axis])).T)
            for axis, values in zip(("middle", "end"), pixels.T, strict=True)
        )
        top = max(value for _, value in ticks["end"])
        return t, rate, top

    def check(self):
        """Hold the drawn curve to the schedule, at every tenth of an epoch."""
        self.hold("curve", self.schedule())

    def hold(self, kind, schedule):
        """Hold the curve, or the ghost, to a schedule."""
        t, rate, top = self.curve(kind)
        near = np.abs(t - TIMES[:, None]) < 2e-3
        missing = TIMES[~near.any(axis=1)]
        assert not missing.size, f"nothing is drawn at the epochs {missing}"
        # At a jump the curve has both its values, at the end that before.
        expected = schedule(np.minimum(TIMES, TIMES[-1] - 1e-9))
        off = np.where(near, np.abs(rate - expected[:, None]), np.inf).min(axis=1)
        wrong = TIMES[off >= 1e-4 * top]
        assert not wrong.size, f"{schedule} at the epochs {wrong}"
        assert rate.min() >= 0


def _number(text):
    return re.fullmatch(r"[\d.]+", text)


def press(driven, name):
    if is_choice(name):
        driven.find(name, "select").press("ArrowDown")
    else:
        handle = driven.find(name, ".noUi-handle")
        now, end = (handle.get_attribute(f"aria-value{which}") for which in ("now", "max"))
        for _ in range(3):
            handle.press("ArrowLeft" if now == end else "ArrowRight")


def drag(driven, name):
    handle = driven.find(name, ".noUi-handle")
    handle.scroll_into_view_if_needed()
    track, grip = driven.find(name, ".noUi-base").bounding_box(), handle.bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    control = driven.controls[name]
    # A step at least.
    far = max(0.12, 1.1 * control.step / (control.max - control.min)) * track["width"]
    to = x - far if x > track["x"] + 0.8 * track["width"] else x + far
    mouse = driven.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(to, y, steps=4)
    mouse.up()
