"""The figures of the results page that show base rates: how far they carry, and who dies."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from results_figures import GREY
from results_text import curve
from scipy import special

from lrbook import figures
from lrbook.findings import arms, survival

# No warmup has the cosine's colour; what has one, the warmup's.
WARMUPS = {0.0: ("#0072B2", "-"), 1.0: ("#E69F00", "--"), 5.0: ("#D55E00", "-")}


def rates(data):
    """Draw the accuracy on held-out images against the base rate, a panel a schedule."""
    found = data.rate_runs
    if found.empty:
        return None
    groups = dict(iter(found.groupby("schedule", sort=False)))
    figure, panels = _panels(groups)
    for (schedule, runs), ax in zip(groups.items(), panels, strict=True):
        _against_rate(ax, schedule, runs.rename(columns={"val_acc": "acc"}))
        chosen = data.chosen.base_lr[schedule]
        if pd.notna(chosen):
            ax.axvline(chosen, color=GREY, lw=1, ls=":")
    label = "accuracy on\nheld-out images"
    _finish(figure, panels, label, (0.05, 0.1, 0.3, 0.7), [_line("chosen", ":")])
    return figure


def atlas(data):
    """Draw the atlas's test accuracy against the base rate, a panel a policy."""
    policies = [policy for policy in arms.POLICIES if policy in {*data.atlas.policy}]
    groups = {policy: data.atlas[data.atlas.policy == policy] for policy in policies}
    figure, panels = _panels(groups)
    for (policy, runs), ax in zip(groups.items(), panels, strict=True):
        _against_rate(ax, policy, runs.rename(columns={"test_acc": "acc"}))
    _finish(figure, panels, "test accuracy", (0.01, 0.1, 1), [])
    return figure


def _panels(groups):
    rows = (len(groups) + 1) // 2
    figure = Figure(figsize=(figures.WIDTH, 1.45 * rows + 0.9), layout="constrained")
    axes = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False).flat
    for ax in axes[len(groups) :]:
        ax.set_visible(False)
    return figure, axes[: len(groups)]


def _against_rate(ax, name, runs):
    """Draw runs that live as dots, their mean as a line, and the share dead under them."""
    living = runs[~runs.dead]
    colour = figures.colour(name)
    # At the same rate many dots would hide each other.
    ax.plot(living.base_lr, living.acc, "o", color=colour, ms=3.5, alpha=0.4, mew=0)
    ax.plot(living.groupby("base_lr").acc.mean(), color=colour, lw=1.4)
    for base_lr, share in runs.groupby("base_lr").dead.mean().items():
        if share:
            place = {"transform": ax.get_xaxis_transform(), "clip_on": False}
            ax.plot(base_lr, 0.1, "x", color=GREY, ms=3 + 6 * share, mew=0.8 + share, **place)
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8}
    place = {"transform": ax.transAxes, "va": "top", "bbox": box}
    ax.text(0.04, 0.97, name, size=9.5, color="black", **place)


def _finish(figure, panels, label, ticks, handles):
    best = max(line.get_ydata().max(initial=0) for ax in panels for line in ax.lines[:1])
    for ax in panels:
        ax.set_xscale("log")
        ax.set_ylim(best - 0.25, best + 0.06)
        ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()
    _label(panels, "base rate", label)
    marks = {"color": GREY, "ls": "", "mew": 0}
    handles = [
        Line2D([], [], marker="o", ms=4, alpha=0.5, label="a run that lives", **marks),
        _line("their mean", "-"),
        Line2D([], [], **(marks | {"mew": 1.5}), marker="x", ms=7, label="share that dies"),
        *handles,
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2)


def _label(panels, x, y):
    """Name the axes of the outer panels."""
    for ax in panels:
        place = ax.get_subplotspec()
        if place.is_first_col():
            ax.set_ylabel(y)
        if place.is_last_row():
            ax.set_xlabel(x)
    for ax in panels[-2:]:
        ax.tick_params(labelbottom=True)


def _line(label, style):
    return Line2D([], [], color=GREY, lw=1.2, ls=style, label=label)


def alive(data):
    """Draw the share of runs alive against the epoch, a panel a base rate (Kaplan–Meier)."""
    if data.deaths.empty:
        return None
    found = survival.alive(data.deaths)
    groups = dict(iter(found.groupby(["data", "base_lr"])))
    figure, panels = _panels(groups)
    for ((name, base_lr), curves), ax in zip(groups.items(), panels, strict=True):
        for warmup, one in curves.groupby("warmup"):
            colour, style = WARMUPS[warmup]
            ax.fill_between(one.epoch, one.low, one.high, step="post", color=colour, alpha=0.12)
            ax.step(one.epoch, one.alive, where="post", color=colour, ls=style)
        ax.text(0.04, 0.06, f"{name}, {base_lr:g}", transform=ax.transAxes, size=9.5)
        last = data.deaths.epochs.max()
        ax.set(xlim=(0, last), ylim=(-0.03, 1.03), xticks=range(0, last + 1, 4))
    _label(panels, "epoch", "share alive")
    _warmups(figure, data.deaths.warmup)
    return figure


def _warmups(figure, warmups):
    names = {0.0: "no warmup", 1.0: "1 epoch of it"}
    handles = [
        Line2D([], [], color=colour, ls=style, label=names.get(w, f"{w:g} epochs of it"))
        for w, (colour, style) in WARMUPS.items()
        if w in {*warmups}
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3)


def dead(data):
    """Draw the share of dead runs against the base rate, with the fitted logistic curves."""
    if data.deaths.empty:
        return None
    shares = survival.deaths(data.deaths)
    counts = shares.groupby("data").base_lr.nunique()
    shares = shares[shares.data.isin(counts.index[counts > 1])]
    if shares.empty:
        return None
    figure = Figure(figsize=(figures.WIDTH, 3.4), layout="constrained")
    ax = figure.subplots()
    grid = np.geomspace(shares.base_lr.min() * 0.93, shares.base_lr.max() * 1.07, 300)
    for (name, warmup), group in shares.groupby(["data", "warmup"]):
        colour, style = WARMUPS[warmup]
        # Beside each other, so that the intervals can be told apart.
        at = group.base_lr * (1 + 0.008 * (sorted(WARMUPS).index(warmup) - 1))
        ax.vlines(at, group.low, group.high, color=colour, lw=1.2)
        ax.plot(at, group.share, "o", color=colour, ms=5)
        found = curve(data, name, warmup)
        if found is not None and 0 < found.slope < np.inf:
            logit = found.slope * (np.log(grid) - np.log(found.half))
            ax.plot(grid, special.expit(logit), color=colour, ls=style)
            ends = np.clip([found.low, found.high], grid[0], grid[-1])
            height = 0.5 + 0.02 * (sorted(WARMUPS).index(warmup) - 1)
            ax.plot(ends, [height, height], color=colour, lw=5, alpha=0.35, solid_capstyle="butt")
    ax.set(xlabel="base rate", ylabel="share of runs that die", ylim=(-0.03, 1.03))
    ax.set_xlim(grid[0], grid[-1])
    _warmups(figure, shares.warmup)
    return figure
