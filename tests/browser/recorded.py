"""The recorded runs that a panel should show, and those that it does, read from its picture."""

import math
import re
from functools import cache

import numpy as np
from pytest import approx

from lrbook.live import atlas
from lrbook.runs import store
from lrbook.runs.experiments import Experiment
from lrbook.schedules import Warmup
from lrbook.schedules.policies import WORDS, rises
from tests.browser.panels import drag, is_choice, press

CURVES = {"loss": "train_loss", "train": "train_acc", "test": "test_acc"}
RUNS = store.read(atlas.PATH)


def _parameters(schedule):
    """Return a schedule's kind and its parameters, each with its place, a slider's in [0, 1]."""
    warmup = schedule if isinstance(schedule, Warmup) else Warmup(schedule, 0)
    inner, places = warmup.schedule, {}
    if warmup.duration == 0:
        warmup = Warmup(inner, 0)
    for owner in (inner,) if rises(type(inner)) else (inner, warmup):
        for name, p in owner.parameters().items():
            places[name] = _place(p, getattr(owner, name))
        milestone = getattr(type(owner), "__dataclass_fields__", {}).get("milestones")
        for i, time in enumerate(getattr(owner, "milestones", ())):
            places[f"milestone {i}"] = _place(milestone.metadata["milestones"], time)
        for name, (_, words) in WORDS.get(type(owner), {}).items():
            # Two words are 1 apart.
            for word in words:
                places[f"{name} {word}"] = (getattr(owner, name) == word) / math.sqrt(2)
    return type(inner), places


def _place(parameter, value):
    low, high = parameter.minimum, parameter.maximum
    if parameter.scale == "log":
        low, high, value = map(math.log10, (low, high, value))
    return (value - low) / (high - low)


def _groups():
    """Return the runs by setting, each with its parameters."""
    groups = {}
    for run in RUNS:
        setting = Experiment.from_dict(run["experiment"]).schedule
        if setting not in groups:
            groups[setting] = (*_parameters(setting), [])
        groups[setting][-1].append(run)
    return groups


GROUPS = _groups()


@cache
def nearest(schedule):
    """Return the runs of the settings that are equally near to a schedule, by setting."""
    kind, places = _parameters(schedule)
    groups = {}
    for setting, (other, theirs, runs) in GROUPS.items():
        if other is kind and theirs.keys() == places.keys():
            groups[setting] = sum((places[name] - theirs[name]) ** 2 for name in places), runs
    least = min((far for far, _ in groups.values()), default=math.inf)
    return {setting: runs for setting, (far, runs) in groups.items() if far < least + 1e-9}


def is_recorded(schedule):
    """Return whether a schedule is itself a recorded setting."""
    kind, places = _parameters(schedule)
    return any(
        other is kind and theirs.keys() == places.keys() and theirs == approx(places, abs=1e-9)
        for other, theirs, _ in map(GROUPS.get, nearest(schedule))
    )


_READ = """(svg, series) => {
    const texts = (anchor, coordinate) => [...svg.querySelectorAll(`text[text-anchor=${anchor}]`)]
        .filter((e) => anchor === "middle" || !e.hasAttribute("class"))
        .map((e) => [Number(e.getAttribute(coordinate)), e.textContent]);
    const paths = svg.querySelectorAll(".series")[series]?.querySelectorAll("path") ?? [];
    return {
        labels: texts("end", "y"),
        ticks: texts("middle", "x"),
        paths: [...paths].map((e) => [[...e.classList], e.getAttribute("d")]),
    };
}"""


class Picture:
    """The runs that a panel shows, in the units of its axes."""

    def __init__(self, driven):
        # All at once: each question to the browser takes longer than its answer.
        found = driven.plots.locator(".lr-runs").evaluate(_READ, driven.series)
        labels = [(y - 4, float(s)) for y, s in found["labels"]]
        # The accuracies come after the losses; both axes are logarithmic, that of errors.
        losses = [(y, math.log(v)) for y, v in labels[:6]]
        errors = [(y, math.log(1 - v)) for y, v in labels[6:]]
        self._fits = {"loss": np.polyfit(*np.array(losses).T, 1)}
        self._fits["train"] = self._fits["test"] = np.polyfit(*np.array(errors).T, 1)
        ticks = [(x, float(s)) for x, s in found["ticks"] if re.fullmatch(r"[\d.]+", s)]
        self._time = np.polyfit(*np.array(ticks).T, 1)
        self._paths = [(set(classes), d) for classes, d in found["paths"]]

    def paths(self, selector):
        """Return the paths that have all classes of a selector like ``'.run.thin'``."""
        wanted = set(selector.removeprefix(".").split("."))
        return [d for classes, d in self._paths if wanted <= classes]

    def curve(self, path, name):
        """Return a path's epochs and values."""
        pixels = np.array(re.findall(r"[ML](\S+?) (-?[\d.]+)", path), dtype=float).reshape(-1, 2)
        value = np.exp(np.polyval(self._fits[name], pixels[:, 1]))
        return np.polyval(self._time, pixels[:, 0]), value if name == "loss" else 1 - value

    def shows(self, runs):
        """Return whether the thin lines are these runs, in order, and the thick one their mean."""
        living = [run for run in runs if not run["died"]]
        for name, recorded in CURVES.items():
            thin = self.paths(f".run.thin.{name}")
            expected = [run[recorded] for run in runs]
            thick = self.paths(f".mean.{name}")
            means = [np.mean([run[recorded] for run in living], axis=0)] if living else []
            if len(thin) != len(expected):
                return False
            drawn = [*zip(thin, expected, strict=True)]
            drawn += zip(thick if living else [], means, strict=True)
            if not all(self._is(path, name, values) for path, values in drawn):
                return False
            if len(self.paths(f".dead.{name}")) != len(runs) - len(living):
                return False
        return True

    def _is(self, path, name, values):
        epochs, drawn = self.curve(path, name)
        pairs = [(i + 1, v) for i, v in enumerate(values) if v is not None and math.isfinite(v)]
        if len(pairs) != len(drawn) or not np.allclose(epochs, [e for e, _ in pairs], atol=0.02):
            return False
        low, high = (0.05, 3) if name == "loss" else (0, 0.96)
        expected = np.clip([v for _, v in pairs], low, high)
        # Half a hundredth of a pixel, on a logarithmic axis.
        return np.allclose(drawn, expected, rtol=2e-3, atol=5e-4)


def check(driven):
    """Hold a panel's curve to its schedule, its runs to the store, and its ghost to theirs."""
    driven.check()
    schedule = driven.schedule()
    picture, candidates = Picture(driven), nearest(schedule)
    shown = [setting for setting, runs in candidates.items() if picture.shows(runs)]
    assert shown or (not candidates and picture.shows([])), schedule
    ghosts = driven.drawn("schedule").locator(".ghost").count()
    assert ghosts == int(bool(shown) and not is_recorded(schedule)), schedule
    if ghosts:
        driven.hold("ghost", shown[0])


def _to_start(driven, control):
    driven.find(control, ".noUi-handle").press("Home")


def _to_end(driven, control):
    driven.find(control, ".noUi-handle").press("End")


def move_all(driven):
    """Drag each control, and put it to both ends: the pictures change and stay right."""
    check(driven)
    for control in driven.controls:
        if not driven.find(control).is_visible():
            continue
        if is_choice(control):
            press(driven, control)
            check(driven)
            continue
        readout = driven.find(control, ".widget-readout")
        start = readout.text_content()
        seen = {driven.path(): Picture(driven).paths(".run.test")}
        for move in (drag, _to_start, _to_end):
            move(driven, control)
            check(driven)
            seen[driven.path()] = Picture(driven).paths(".run.test")
        assert len(seen) > 1, control
        # Back again: at its end it may take the effect from another.
        readout.fill(start)
        readout.press("Enter")
        # Of a kind without recorded runs there is nothing to see.
        if control == "base_lr" and nearest(driven.schedule()):
            assert len(set(map(tuple, seen.values()))) > 1
