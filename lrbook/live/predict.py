"""Questions that a reader answers before the page shows what comes out.

A question is one HTML form, and the pages of the site have it as it is, with the answer hidden by
a short script in the page itself: nothing flashes, moves or waits for the panels' manager.
In a notebook the same form stands in a widget, and however many questions a notebook has, the
script that brings them to life is stored in it once.
"""

import functools
import itertools
import math
from pathlib import Path

import anywidget
import ipywidgets
import numpy as np
import traitlets

from lrbook.live import forms

__all__ = ["Question", "Script", "choose", "number", "sketch"]

_HERE = Path(__file__).parent


class Script(anywidget.AnyWidget):
    """What brings the questions of a notebook to life, and their style: one for all of them."""

    _esm = (_HERE / "bundles/predict.js").read_text("utf-8")
    _css = (_HERE / "browser/predict/predict.css").read_text("utf-8")


@functools.cache
def _script():
    return Script()


class Question(anywidget.AnyWidget):
    """A question. `choose`, `number` and `sketch` make it, and those of `lrbook.live.check`.

    Parameters
    ----------
    html : str
        The form, as `lrbook.live.forms` makes it.
    text : str
        The same in plain text, for where no script runs.
    """

    _esm = (_HERE / "browser/predict/question_view.js").read_text("utf-8")
    html = traitlets.Unicode().tag(sync=True)
    script = traitlets.Instance(Script).tag(sync=True, **ipywidgets.widget_serialization)

    def __init__(self, html, text):
        """Take the form, and the notebook's one script."""
        self._text = text
        super().__init__(html=html, script=_script(), layout=_script().layout)

    def __repr__(self):
        """Return the question in plain text: the same in every run."""
        return self._text


def choose(question, choices, answer):
    """Ask which of several things will happen.

    Parameters
    ----------
    question : str
        Plain text; formulas in Unicode.
    choices : dict of str to str
        At least two choices, in the order in which they stand, each with the reason why it is
        right or wrong, in whole sentences.
    answer : str
        The choice that is right. Compute it where it can be computed.

    Returns
    -------
    Question
        A widget.

    Raises
    ------
    ValueError
        If there are fewer than two choices, one has no reason, or the answer is none of them.
    """
    offered = offer(choices, answer)
    return Question(forms.choose(question, choices, answer), f"Predict: {question}\n{offered}")


def offer(choices, answer):
    """Return the choices of a question in plain text, or refuse them as `choose` says."""
    if len(choices) < 2:
        raise ValueError(f"choose: at least two choices are needed, not {len(choices)}")
    for choice, reason in choices.items():
        if not reason.strip():
            raise ValueError(f"choose: the choice {choice!r} needs a reason")
    if answer not in choices:
        raise ValueError(f"choose: answer must be one of {[*choices]}, not {answer!r}")
    return "\n".join(f"( ) {choice}" for choice in choices)


def number(question, answer, stops, too_low, too_high, unit=""):
    """Ask for a number, on a slider.

    Parameters
    ----------
    question : str
        Plain text; formulas in Unicode.
    answer : float
        The number. Compute it where it can be computed.
    stops : sequence of float
        Where the slider stops, in rising order, at least three. The stop nearest to the answer is
        right, by ratio if the stops span more than a factor of 20.
    too_low, too_high : str
        What a reader who is below or above the answer has missed, in whole sentences.
    unit : str
        Of the number, as it is said: ``"epochs"``.

    Returns
    -------
    Question
        A widget.

    Raises
    ------
    ValueError
        If there are fewer than three stops, they don't rise, or the answer lies outside of them.
    """
    stops = [float(stop) for stop in stops]
    if len(stops) < 3:
        raise ValueError(f"number: at least three stops are needed, not {len(stops)}")
    if any(b <= a for a, b in itertools.pairwise(stops)):
        raise ValueError(f"number: stops must rise, not {stops!r}")
    if not stops[0] <= answer <= stops[-1]:
        raise ValueError(
            f"number: answer must be in [{stops[0]:g}, {stops[-1]:g}], where the slider reaches, "
            f"not {answer!r}"
        )
    by_ratio = stops[0] > 0 and stops[-1] > 20 * stops[0]
    scale = math.log if by_ratio else float
    right = min(range(len(stops)), key=lambda i: abs(scale(stops[i]) - scale(answer)))
    html = forms.number(question, float(answer), stops, right, too_low, too_high, unit)
    words = f"a number from {stops[0]:g} to {stops[-1]:g} {unit}".rstrip()
    return Question(html, f"Predict: {question}\n({words})")


def sketch(question, times, values, at, limits, x="epoch", y="learning rate"):
    """Ask for a curve, drawn by hand on empty axes.

    Parameters
    ----------
    question : str
        Plain text; formulas in Unicode.
    times, values : sequence of float
        The curve that is right: points of equal number, times in rising order.
    at : sequence of float
        From 3 to 9 times at which the reader says where the curve lies, in rising order; the axis
        goes from the first to the last, and so must `times`.
    limits : pair of float
        The lower and the upper end of the vertical axis; the curve lies between them.
    x, y : str
        The names of the axes.

    Returns
    -------
    Question
        A widget.

    Raises
    ------
    ValueError
        If times or `at` don't rise, there are too few or too many of them, or the curve doesn't
        fit the axes.
    """
    times, values, at = (np.asarray(a, float) for a in (times, values, at))
    if times.ndim != 1 or times.shape != values.shape or len(times) < 2:
        raise ValueError(f"sketch: as many values as times are needed, not {values.shape}")
    for name, rising in (("times", times), ("at", at)):
        if not (np.diff(rising) > 0).all():
            raise ValueError(f"sketch: {name} must rise, not {rising.tolist()!r}")
    if not 3 <= len(at) <= 9:
        raise ValueError(f"sketch: at must hold from 3 to 9 times, not {len(at)}")
    if (times[0], times[-1]) != (at[0], at[-1]):
        raise ValueError(
            f"sketch: times must go from {at[0]:g} to {at[-1]:g}, as at does, "
            f"not from {times[0]:g} to {times[-1]:g}"
        )
    low, high = limits
    if not low <= values.min() <= values.max() <= high:
        raise ValueError(
            f"sketch: values must lie in the limits [{low:g}, {high:g}], "
            f"not in [{values.min():g}, {values.max():g}]"
        )
    html = forms.sketch(question, times, values, at, (low, high), x, y)
    return Question(html, f"Predict: {question}\n(a curve of {y} against {x})")
