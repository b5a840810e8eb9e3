"""Live panels: a schedule, sliders for its parameters, its curve, and what it did in training.

A panel is made of real ipywidgets controls, each linked in the browser (``jslink``) to a trait of
one small chart. The chart computes the curve itself (`schedules.js` states the formulas once
more) and shows the recorded runs nearest to the sliders, so a panel is live without a kernel, on
the published page as in a notebook. With a kernel it trains, too.
"""

from __future__ import annotations

import base64
import io
import math
import re
from dataclasses import dataclass, fields
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from lrbook import figures
from lrbook.live.kernel import Assistant
from lrbook.schedules import (
    Constant,
    Cosine,
    Factor,
    InverseSquareRoot,
    MultiFactor,
    OneCycle,
    Parameter,
    Polynomial,
    Restarts,
    SquareRoot,
    Triangular,
    Warmup,
    WarmupStableDecay,
)
from lrbook.schedules.policies import POLICIES, WORDS, rises

__all__ = ["Comparison", "Panel", "ScheduleChart", "compare", "panel"]

_HERE = Path(__file__).parent
_EPOCHS = 30


class ScheduleChart(anywidget.AnyWidget):
    """The curve of one schedule over 30 epochs and its runs, drawn in the browser.

    Parameters
    ----------
    choices : list of dict
        The schedules that can be shown, each with its ``kind`` (class name), ``label``,
        ``colour`` (CSS) and ``traits``: for every parameter, the name of the trait that holds it
        (for milestones, a list of names). ``words`` has for a parameter that is one of some words
        these, of which the trait is the index, and ``logs`` names those on a logarithmic scale.
    values : dict of str to float
        The traits to make, with their values.
    choice : int
        Which of the `choices` is shown first.
    """

    _esm = (_HERE / "bundles/chart.js").read_text("utf-8")
    _css = (_HERE / "browser/chart.css").read_text("utf-8")
    choices = traitlets.List().tag(sync=True)
    choice = traitlets.Int(0).tag(sync=True)
    # The highest rate of this curve, and of the one that it is compared with: one scale for both.
    peak = traitlets.Float(0).tag(sync=True)
    neighbour_peak = traitlets.Float(0).tag(sync=True)

    def __init__(self, choices, values, choice=0):
        """Make one synchronized trait for each of `values`."""
        self.add_traits(**{name: traitlets.Float().tag(sync=True) for name in values})
        super().__init__(choices=choices, choice=choice, **values)
        self._assistant = Assistant(self)

    def __repr__(self):
        """Return a text that is the same in every run: checks of notebooks compare it."""
        return f"{type(self).__name__}()"


class Panel(ipywidgets.VBox):
    """Sliders and a chart in one box. `panel` makes it."""

    def __init__(self, schedules, chart, controls):
        """Box the chart of `schedules` with its controls, a dict by the trait they move."""
        self._schedules = schedules
        self.chart = chart
        super().__init__([chart, *controls.values()])
        self.add_class("lr-panel")

    def __repr__(self):
        """Return the call that makes this panel: the same text in every run."""
        return f"panel({', '.join(map(repr, self._schedules))})"

    def _repr_mimebundle_(self, **kwargs):
        # A picture for where no script runs: the repository's own view of a notebook, a PDF.
        return super()._repr_mimebundle_(**kwargs) | {"image/png": self._picture()}

    def _picture(self):
        figure = figures.plot_schedules({_label(s): s for s in self._schedules}, _EPOCHS)
        file = io.BytesIO()
        figure.savefig(file, format="png", metadata={"Software": None})
        return base64.b64encode(file.getvalue()).decode()


@dataclass(frozen=True)
class _Setting:
    """A parameter of a schedule and where its control starts."""

    key: str
    label: str
    value: float
    parameter: Parameter | None  # None for a choice of words, whose place the value is
    words: tuple = ()

    def control(self, **look):
        if self.parameter is None:
            return _dropdown(self.label, self.words, self.value)
        p = self.parameter
        if not p.minimum <= self.value <= p.maximum:
            raise ValueError(
                f"panel: {self.label} must be in [{p.minimum:g}, {p.maximum:g}], "
                f"the range of its slider, not {self.value!r}"
            )
        log = p.scale == "log"
        low, high, start = (math.log10(x) if log else x for x in (p.minimum, p.maximum, self.value))
        # A browser's slider snaps to a grid that begins at its minimum: the start lies on it.
        low = round(start - p.step * math.floor((start - low) / p.step + 1e-9), 12)
        high = round(low + p.step * math.floor((high - low) / p.step + 1e-9), 12)
        kind = ipywidgets.FloatLogSlider if log else ipywidgets.FloatSlider
        return kind(
            value=self.value,
            min=low,
            max=high,
            step=p.step,
            readout_format=".3g" if log else f".{max(map(_decimals, (p.step, self.value)))}f",
            description=f"{self.label} ({p.unit})" if p.unit else self.label,
            **look,
        )


def _decimals(x):
    return len(f"{x:.4g}".partition(".")[2])


class Comparison(ipywidgets.HBox):
    """Two panels side by side, with one scale of the learning rate. `compare` makes it."""

    def __init__(self, left, right):
        """Box two panels."""
        super().__init__([left, right])
        self.add_class("lr-compare")
        for here, there in ((left, right), (right, left)):
            ipywidgets.jsdlink((here.chart, "peak"), (there.chart, "neighbour_peak"))

    def __repr__(self):
        """Return the call that makes this comparison."""
        return "compare()"


def _dropdown(label, options, index):
    return ipywidgets.Dropdown(description=label, options=options, index=index)


def _settings(schedule):
    """Yield the settings of a schedule; those of a warmup come last."""
    if isinstance(schedule, Warmup):
        yield from _settings(schedule.schedule)
    for field in fields(schedule):
        value = getattr(schedule, field.name)
        if "parameter" in field.metadata:
            parameter = field.metadata["parameter"]
            yield _Setting(field.name, parameter.label, value, parameter)
        elif "milestones" in field.metadata:
            parameter = field.metadata["milestones"]
            for i, time in enumerate(value, 1):
                yield _Setting(field.name, f"{parameter.label} {i}", time, parameter)
        elif field.name in WORDS.get(type(schedule), {}):
            label, words = WORDS[type(schedule)][field.name]
            yield _Setting(field.name, label, words.index(value), None, words)


def _label(schedule):
    """Return the schedule's name in words, which begins with its policy."""
    if isinstance(schedule, Warmup):
        return f"warmup, then {_label(schedule.schedule)}"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(schedule).__name__).lower()
    return words.replace("multi ", "multi-")


def _choice(schedule, traits):
    """Return what the chart must know of a schedule."""
    inner = schedule.schedule if isinstance(schedule, Warmup) else schedule
    if type(inner) not in POLICIES.values():
        raise TypeError(f"panel: not a schedule whose formula the browser knows: {schedule!r}")
    if inner is not schedule and rises(type(inner)):
        raise TypeError(f"panel: {type(inner).__name__} rises by itself, without a Warmup")
    settings = list(_settings(schedule))
    label = _label(schedule)
    colour = figures.colour(label)
    return {
        "kind": type(inner).__name__,
        "label": label.capitalize(),
        # Black would vanish on a dark page.
        "colour": "currentColor" if colour == "#000000" else colour,
        "traits": traits,
        "words": {s.key: s.words for s in settings if s.words},
        "logs": [s.key for s in settings if s.parameter and s.parameter.scale == "log"],
    }


def panel(*schedules):
    """Return sliders for a schedule's parameters, and its curve, live without a kernel.

    Parameters
    ----------
    *schedules : Schedule
        Where the sliders start. A `Warmup` adds the sliders of the warmup; a `MultiFactor` has
        one slider a milestone. With several schedules a drop-down chooses the one that is shown;
        parameters that they have in common, with the same value, share a slider.

    Returns
    -------
    Panel
        An ipywidgets box.

    Raises
    ------
    TypeError
        If there is no schedule, or an argument is not one that has sliders.
    ValueError
        If a parameter's value lies outside its slider's range.
    """
    if not schedules:
        raise TypeError("panel: at least one schedule is needed")
    return _panel(schedules, 0)


def compare():
    """Return two panels side by side, each of which offers every schedule of the book.

    Returns
    -------
    Comparison
        An ipywidgets box: at first a constant rate beside a cosine with warmup.
    """
    offered = (
        Constant(0.3),
        SquareRoot(0.3),
        Factor(0.3, 0.9, 0.01),
        MultiFactor(0.3, (15, 25), 0.1),
        Polynomial(0.3, 0.01, 20, 2),
        Cosine(0.3, 0.01, 20),
        Warmup(Cosine(0.3, 0.01, 15), 5),
        WarmupStableDecay(0.3, 0.01, 3, 17, 10),
        InverseSquareRoot(0.3, 3),
        Triangular(0.03, 0.3, 5),
        Restarts(0.3, 0.01, 10, 2),
        OneCycle(0.01, 0.3, 0.001, 9, 21),
    )
    return Comparison(_panel(offered, 0), _panel(offered, 6))


def _panel(schedules, choice):
    names, choices = {}, []
    for schedule in schedules:
        traits = {}
        choices.append(_choice(schedule, traits))
        for setting in _settings(schedule):
            taken = setting.key in names.values()
            name = f"{setting.key}_{len(names)}" if taken else setting.key
            name = names.setdefault(setting, name)
            if setting.key == "milestones":
                traits.setdefault(setting.key, []).append(name)
            else:
                traits[setting.key] = name
    values = {name: setting.value for setting, name in names.items()}
    chart = ScheduleChart(choices, values, choice)
    look = {"layout": ipywidgets.Layout(), "style": ipywidgets.SliderStyle()}
    controls = {name: setting.control(**look) for setting, name in names.items()}
    if len(choices) > 1:
        labels = [choice["label"] for choice in choices]
        controls = {"choice": _dropdown("schedule", labels, choice), **controls}
    for name, control in controls.items():
        control.add_class("lr-control").add_class(f"lr-{name}")
        source = "index" if isinstance(control, ipywidgets.Dropdown) else "value"
        ipywidgets.jslink((control, source), (chart, name))
    return Panel(schedules, chart, controls)
