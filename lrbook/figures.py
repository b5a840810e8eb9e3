"""The book's figures: one style, one colour a policy, the rate that ran under every run."""

from collections import Counter
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats
from matplotlib_inline.config import InlineBackend

# Okabe and Ito's colour-blind-safe palette; a policy has the same colour on every page.
COLOURS = {
    "constant": "#000000",
    "by hand": "#7F7F7F",
    "square root": "#E69F00",
    "factor": "#56B4E9",
    "multi-factor": "#009E73",
    "polynomial": "#CC79A7",
    "cosine": "#0072B2",
    "warmup": "#D55E00",
}

WIDTH = 5  # inches: a phone shows it with letters of 9 pixels


def use_style():
    """Draw this session's figures in the book's style, as SVG that is the same every time."""
    plt.style.use(Path(__file__).with_name("lrbook.mplstyle"))
    if get_ipython():
        # A date would change the file of every figure at every run.
        InlineBackend.instance(parent=get_ipython()).print_figure_kwargs = {
            "bbox_inches": "tight",
            "metadata": {"Date": None},
        }
        set_matplotlib_formats("svg")


def colour(name):
    """Return the colour of a run or schedule whose name begins with its policy, else grey."""
    for policy in sorted(COLOURS, key=len, reverse=True):
        if name.startswith(policy):
            return COLOURS[policy]
    return COLOURS["by hand"]


def plot_schedules(schedules, num_epochs=30):
    """Draw schedules over time.

    Parameters
    ----------
    schedules : dict of str to callable
        Name (it begins with the policy) to the rate as a function of epochs.
    num_epochs : int
        Where the time axis ends.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig = Figure(figsize=(WIDTH, 2.6), layout="constrained")
    ax = fig.subplots()
    t = np.linspace(0, num_epochs, 40 * num_epochs + 1)
    for style, (name, schedule) in zip(_styles(schedules), schedules.items(), strict=True):
        ax.plot(t, [schedule(x) for x in t], label=name, **style)
    ax.set(xlabel="epoch", ylabel="learning rate", xlim=(0, num_epochs))
    ax.set_ylim(bottom=0)
    ax.legend()
    return fig


def plot_runs(*runs):
    """Draw training runs: loss, accuracy, and under them the learning rate in force.

    Parameters
    ----------
    *runs : lrbook.training.loop.History
        Each in its policy's colour, test accuracy solid and train accuracy dashed.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels over the same epochs. In the last one stands an inset over the first
        updates when the rate has nearly all of its changes there.
    """
    first = max(map(_first_updates, runs))
    heights = (3, 4, 4.2 if first else 2.4)
    fig = Figure(figsize=(WIDTH, 0.6 * sum(heights)), layout="constrained")
    loss, accuracy, rate = fig.subplots(3, sharex=True, height_ratios=heights)
    for style, run in zip(_styles(run.name for run in runs), runs, strict=True):
        epochs = np.arange(1, len(run.train_loss) + 1)
        loss.plot(epochs, run.train_loss, label=run.name, **style)
        accuracy.plot(epochs, run.test_acc, **style)
        accuracy.plot(epochs, run.train_acc, **{**style, "lw": 1, "ls": "--"})
        rate.plot(np.arange(len(run.lr)) / run.updates_per_epoch, run.lr, **style)
        if run.died:
            for ax, values in ((loss, run.train_loss), (accuracy, run.test_acc)):
                _mark_death(ax, run.died, values[run.died - 1], style["color"])
    loss.set(ylabel="train loss")
    loss.legend()
    accuracy.set(ylabel="accuracy")
    accuracy.plot([], [], color="#555555", label="test")
    accuracy.plot([], [], color="#555555", lw=1, ls="--", label="train")
    if any(run.died for run in runs):
        accuracy.axhline(0.1, color="#555555", ls=":", label="chance")
        accuracy.set_ylim(0, 1)
        loss.axhline(np.log(10), color="#555555", ls=":")
        loss.set_ylim(0, max(2.6, *loss.get_ylim()))
    else:
        # The first epochs would press the rest into the top of the panel.
        settled = [a for run in runs for a in (run.test_acc + run.train_acc) if a > 0.7]
        accuracy.set_ylim(bottom=min(settled, default=0) - 0.01)
    accuracy.legend(loc="best" if any(run.died for run in runs) else "lower right")
    rate.set(xlabel="epoch", ylabel="learning rate")
    rate.set_ylim(bottom=0)
    rate.set_xlim(0, max(5, *(len(run.train_loss) for run in runs)) + 0.4)
    if first:
        _add_inset(rate, runs, first)
    return fig


def _first_updates(run):
    """Return how many updates show what the rate does when it is over at once, else 0."""
    changes = np.abs(np.diff(run.lr)).cumsum()
    if not len(changes) or not changes[-1]:
        return 0
    # Nine tenths: a decay like the square root's is never over.
    over = np.argmax(changes >= 0.9 * changes[-1]) + 1
    return int(1.5 * over) + 1 if over < 0.05 * len(run.lr) else 0


def _add_inset(rate, runs, updates):
    inset = rate.inset_axes([0.4, 0.5, 0.58, 0.48])
    for style, run in zip(_styles(run.name for run in runs), runs, strict=True):
        inset.plot(np.arange(1, len(run.lr) + 1)[:updates], run.lr[:updates], **style)
    inset.set(xlabel="update", xlim=(0, updates))
    inset.set_ylim(bottom=0)
    # The rest of the run goes on below the inset.
    rest = max(run.lr[updates:].max(initial=0) for run in runs)
    rate.set_ylim(top=max(rate.get_ylim()[1], rest / 0.26))


def _mark_death(ax, epoch, value, color):
    ax.plot(epoch, value, "x", ms=9, mew=2.5, color=color)
    place = {"xytext": (8, 8), "textcoords": "offset points"}
    ax.annotate("dead", (epoch, value), color=color, **place)


def _styles(names):
    """Yield a line style a name: a policy that comes again is darker and has marks."""
    seen = Counter()
    for name in names:
        hue = colour(name)
        marker = ("", "o", "s", "^")[min(seen[hue], 3)]
        shade = 0.6 if seen[hue] else 1
        seen[hue] += 1
        yield {
            "color": tuple(shade * part for part in to_rgb(hue)),
            "lw": 1.8,
            "marker": marker,
            "markersize": 4,
            "markevery": 0.08,
        }


class LiveRun:
    """In a notebook, one figure that is drawn anew as a run goes on; elsewhere nothing."""

    def __init__(self):
        self._handle = None

    def draw(self, history):
        """Draw the run as far as it has come."""
        if not hasattr(get_ipython(), "kernel"):
            return
        if self._handle:
            self._handle.update(plot_runs(history))
        else:
            self._handle = display(plot_runs(history), display_id=True)
