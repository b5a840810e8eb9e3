"""The figures of the results page: every run as a dot, beside the builds that were printed."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lrbook import figures
from lrbook.findings import study
from lrbook.findings.arms import MEASURES

STYLE = figures.__file__.replace("figures.py", "lrbook.mplstyle")
GREY, LIGHT = "#444444", "#666666"
MARKS = {"mxnet": ("|", "a printed MXNet build"), "pytorch": ("x", "a printed PyTorch build")}


def draw(file, name, *data):
    """Write the figure of that name as SVG, the same file every time."""
    with plt.style.context(STYLE):
        FIGURES[name](*data).savefig(file, metadata={"Date": None})


def arms(data, measure):
    """Draw one measure of every run, arm under arm, with the mean's interval, and the builds."""
    table = study.summary(data.runs)
    figure, ax = _rows(table, height=0.52)
    for y, (arm, row) in enumerate(table.iterrows()):
        living = data.runs[(data.runs.arm == arm) & ~data.runs.dead][measure]
        for framework, below in (("mxnet", 0.22), ("pytorch", 0.36)):
            of = data.printed[(data.printed.framework == framework) & (data.printed.arm == arm)]
            values = of.loc[~of.dead, measure]
            style = {"color": GREY, "alpha": 0.5, "ms": 4, "mew": 0.7}
            ax.plot(values, np.full(len(values), y + below), MARKS[framework][0], **style)
        if living.empty:
            middle = {"transform": ax.get_yaxis_transform(), "ha": "center", "va": "center"}
            ax.text(0.5, y, "no run lives", color=GREY, size=9.5, **middle)
            continue
        mean, low, high = (row[f"{measure}_{name}"] for name in ("mean", "low", "high"))
        colour = figures.colour(arm)
        ax.plot([low, high], [y, y], color=colour, lw=1.6, solid_capstyle="butt")
        ax.plot([mean], [y], "|", color=colour, ms=15, mew=2)
        ax.plot(living, np.full(len(living), y), "o", color=colour, ms=5, mec="white", mew=0.6)
    ax.set_xlabel(f"{MEASURES[measure]} after epoch 30" + _unit(measure))
    _zoom(ax, data, table, measure)
    handles = [
        Line2D([], [], color=GREY, marker="o", ls="", ms=5, label="a run that lives"),
        Line2D([], [], color=GREY, marker="|", ms=12, mew=2, lw=1.6, label="mean, 95 % interval"),
    ]
    handles += [
        Line2D([], [], color=GREY, marker=mark, ls="", ms=4, mew=0.7, label=label)
        for mark, label in MARKS.values()
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    return figure


def _unit(measure):
    return " (nats)" if measure == "train_loss" else ""


def _zoom(ax, data, table, measure):
    """Let the axis hold every dot, but not the interval of an arm with three runs or fewer."""
    builds = data.printed[data.printed.arm.isin(table.index) & ~data.printed.dead][measure]
    known = table[table.seeds - table.dead > study.MIN_LIVING]
    shown = [builds, data.runs.loc[~data.runs.dead, measure]]
    shown = pd.concat([*shown, known[f"{measure}_low"], known[f"{measure}_high"]])
    margin = 0.03 * (shown.max() - shown.min())
    ax.set_xlim(shown.min() - margin, shown.max() + margin)


def deaths(data):
    """Draw the share of dead runs of every arm with its interval, beside the builds'."""
    table = study.summary(data.runs)
    figure, ax = _rows(table, height=0.48)
    for y, (arm, row) in enumerate(table.iterrows()):
        _share(ax, y, row, figures.colour(arm), "o", 6)
        for framework, below in (("mxnet", 0.24), ("pytorch", 0.36)):
            of = data.printed[data.printed.framework == framework]
            builds = study.summary(of)
            if arm in builds.index:
                _share(ax, y + below, builds.loc[arm], LIGHT, MARKS[framework][0], 4)
    ax.set(xlabel="share of runs that die", xlim=(-0.03, 1.03), xticks=np.linspace(0, 1, 5))
    ax.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    handles = [Line2D([], [], color=GREY, marker="o", ms=6, label="share, 95 % interval")]
    handles += [
        Line2D([], [], color=LIGHT, marker=mark, ms=4, lw=1, label=label.replace("a p", "p") + "s")
        for mark, label in MARKS.values()
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    return figure


def _share(ax, y, row, colour, mark, size):
    ax.plot([row.share_low, row.share_high], [y, y], color=colour, lw=size / 4)
    ax.plot([row.share], [y], mark, color=colour, ms=size, clip_on=False)


def _rows(table, height):
    """Return a figure with a row an arm: its name, and under it how many of its runs die."""
    figure = Figure(figsize=(figures.WIDTH, height * len(table) + 1.1), layout="constrained")
    ax = figure.subplots()
    ax.set_yticks(range(len(table)), [""] * len(table))
    ax.set_ylim(len(table) - 0.4, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    for y, (arm, row) in enumerate(table.iterrows()):
        name, coded, _ = arm.partition(", as coded")
        note = f"{'as coded, ' if coded else ''}{row.dead:.0f} of {row.seeds:.0f} dead"
        place = {"transform": ax.get_yaxis_transform(), "ha": "right"}
        ax.text(-0.03, y + 0.04, name, va="bottom", size=10, color="black", **place)
        ax.text(-0.03, y + 0.08, note, va="top", size=9.5, color=GREY, **place)
        if y:
            ax.axhline(y - 0.5, color="#dddddd", lw=0.7)
    return figure, ax


def pairs(data, measure):
    """Draw which pairs of arms are told apart: the arms by their mean, highest first."""
    found = study.pairs(data.runs, measure)
    means = study.summary(data.runs)[f"{measure}_mean"]
    ranked = means[sorted({*found.a, *found.b})].sort_values(ascending=False, kind="stable")
    order = {arm: place for place, arm in enumerate(ranked.index)}
    figure = Figure(figsize=(figures.WIDTH, 0.3 * len(order) + 0.9), layout="constrained")
    ax = figure.subplots()
    for row in found.itertuples():
        x, y = sorted((order[row.a], order[row.b]))
        apart = row.higher != study.UNDECIDED
        box = {"facecolor": "#0072B2" if apart else "#eeeeee", "edgecolor": "white"}
        ax.add_patch(plt.Rectangle((x - 0.5, y - 0.5), 1, 1, **box))
        if apart:
            ax.plot(x, y, "o", color="white", ms=4)
    for arm, place in order.items():
        ax.text(place, place, place + 1, ha="center", va="center", size=9.5)
        name = arm.replace(", as coded", "*")
        ax.text(-0.7, place, f"{name}  {place + 1}", ha="right", va="center", size=9.5)
    ax.set(xlim=(-0.5, len(order) - 0.4), ylim=(len(order) - 0.5, -0.5), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)
    square = {"marker": "s", "ls": "", "ms": 10}
    handles = [
        Line2D([], [], color="#0072B2", label="told apart", **square),
        Line2D([], [], color="#dddddd", label="undecided", **square),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    return figure


FIGURES = {"arms": arms, "deaths": deaths, "pairs": pairs}
