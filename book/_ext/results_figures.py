"""The figures of the results page that show arms and what is asked of them."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from results_text import verdict

from lrbook import figures
from lrbook.findings.arms import MEASURES
from lrbook.findings.questions import NOT_RUN
from lrbook.findings.summary import summary

STYLE = figures.__file__.replace("figures.py", "lrbook.mplstyle")
GREY, BAND = "#444444", "#dddddd"


def draw(file, figure, *data):
    """Write what a function of the results draws as SVG, the same file every time.

    Returns
    -------
    bool
        Whether there was anything to draw.
    """
    with plt.style.context(STYLE):
        drawn = figure(*data)
        if drawn:
            drawn.savefig(file, metadata={"Date": None})
    return drawn is not None


def answers(data):
    """Draw each planned question: its pairs as dots, its interval, and the margin's band."""
    found = data.answers
    if (found.verdict == NOT_RUN).all():
        return None
    figure = Figure(figsize=(figures.WIDTH, 0.62 * len(found) + 1.2), layout="constrained")
    ax = figure.subplots()
    margin = data.questions[0].margin
    ax.axvspan(-margin, margin, color=BAND, lw=0)
    ax.axvline(0, color=GREY, lw=0.8)
    for y, answer in enumerate(found.itertuples()):
        _answer(ax, y, answer, data)
    reach = max(abs(x) for x in ax.dataLim.intervalx)
    ax.set(xlim=(-1.08 * reach, 1.08 * reach), ylim=(len(found) - 0.25, -0.75), yticks=[])
    ax.set_xlabel("difference in test accuracy, first arm less second")
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    handles = [
        Line2D([], [], color=GREY, marker="o", ls="", ms=4, alpha=0.5, label="a pair of runs"),
        Line2D([], [], color="#0072B2", marker="|", ms=10, mew=2, label="mean, interval"),
        plt.Rectangle((0, 0), 1, 1, color=BAND, label=f"within {margin:g}"),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    return figure


def _answer(ax, y, answer, data):
    left = {"transform": ax.get_yaxis_transform(), "va": "center", "size": 9.5}
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8}
    ax.text(0, y - 0.42, answer.name, color="black", bbox=box, **left)
    words = verdict(data, answer.name).split(" (")[0]
    ax.text(1, y - 0.42, words, color=GREY, ha="right", bbox=box, **left)
    if answer.verdict == NOT_RUN:
        return
    values = differences(data.runs, answer.first, answer.second)
    ax.plot(values, np.full(len(values), y), "o", color=GREY, ms=4, alpha=0.5, mew=0)
    ax.plot([answer.low, answer.high], [y, y], color="#0072B2", lw=2.2, solid_capstyle="butt")
    ax.plot([answer.difference], [y], "|", color="#0072B2", ms=14, mew=2.2)


def differences(runs, first, second):
    """Return first less second in test accuracy, of each pair that lives; shape (pairs,)."""
    a, b = (
        runs[(runs.arm == arm) & ~runs.dead].set_index("seed").test_acc for arm in (first, second)
    )
    return (a - b).dropna().to_numpy()


def arms(data, measure):
    """Draw one measure of every run, arm under arm, with the mean's interval."""
    found = summary(data.runs)
    if found.empty:
        return None
    figure = Figure(figsize=(figures.WIDTH, 0.52 * len(found) + 1.1), layout="constrained")
    ax = figure.subplots()
    ax.set_yticks(range(len(found)), [""] * len(found))
    ax.set_ylim(len(found) - 0.4, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    for y, (arm, row) in enumerate(found.iterrows()):
        _name(ax, y, arm, f"{row.dead:.0f} of {row.seeds:.0f} dead")
        living = data.runs[(data.runs.arm == arm) & ~data.runs.dead][measure]
        if living.empty:
            middle = {"transform": ax.get_yaxis_transform(), "ha": "center", "va": "center"}
            ax.text(0.5, y, "no run lives", color=GREY, size=9.5, **middle)
            continue
        mean, low, high = (row[f"{measure}_{name}"] for name in ("mean", "low", "high"))
        colour = figures.colour(arm)
        ax.plot(living, np.full(len(living), y), "o", color=colour, ms=4, alpha=0.5, mew=0)
        ax.plot([low, high], [y, y], color=colour, lw=2.2, solid_capstyle="butt")
        ax.plot([mean], [y], "|", color=colour, ms=14, mew=2.2)
    unit = " (nats)" if measure == "train_loss" else ""
    ax.set_xlabel(f"{MEASURES[measure]} after epoch 30{unit}")
    handles = [
        Line2D([], [], color=GREY, marker="o", ls="", ms=4, alpha=0.5, label="a run that lives"),
        Line2D([], [], color=GREY, marker="|", ms=12, mew=2, lw=2, label="mean, 95 % interval"),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2)
    return figure


def _name(ax, y, arm, note):
    """Write an arm's name beside its row: what it shares with others, then what it doesn't."""
    short, _, rest = arm.rpartition(", ")
    name, detail = (short, f"{rest}, {note}") if any(c.isdigit() for c in short) else (arm, note)
    place = {"transform": ax.get_yaxis_transform(), "ha": "right"}
    ax.text(-0.03, y + 0.04, name, va="bottom", size=10, color="black", **place)
    ax.text(-0.03, y + 0.08, detail, va="top", size=9.5, color=GREY, **place)
    if y:
        ax.axhline(y - 0.5, color=BAND, lw=0.7)
