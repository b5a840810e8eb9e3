"""What the figures of the results page show, for those who don't see them."""

import numpy as np
from results_text import half, verdict
from words import mean, of

from lrbook.findings import survival
from lrbook.findings.arms import MEASURES
from lrbook.findings.questions import NOT_RUN
from lrbook.findings.summary import summary


def answers(data):
    """Say the verdict on each planned question."""
    said = [f"{a.name}: {verdict(data, a.name)}" for a in data.answers.itertuples()]
    count = (data.answers.verdict != NOT_RUN).sum()
    return (
        f"Differences in test accuracy for {count} of {len(said)} planned questions: "
        f"a dot a pair of runs, a line the interval of the mean. {'; '.join(said)}."
    )


def arms(data, measure):
    """Say every complete arm's mean and deaths."""
    said = [
        f"{arm} {mean(row, measure)} ({of(row.dead, row.seeds)} dead)"
        for arm, row in summary(data.runs).iterrows()
    ]
    return f"{MEASURES[measure].capitalize()} of every run, by arm. Mean ± sd: {'; '.join(said)}."


def rates(data):
    """Say the best rate of each schedule and from where on seeds die."""
    said = []
    for schedule, grid in data.rates.groupby("schedule", sort=False):
        chosen = data.chosen.base_lr[schedule]
        deadly = grid.base_lr[grid.dead > 0].min()
        words = "no rate" if np.isnan(chosen) else f"{chosen:g}"
        said.append(f"{schedule} {words}" + ("" if np.isnan(deadly) else f", dies at {deadly:g}"))
    return (
        "Accuracy on held-out images against the base rate, a panel a schedule. The best rate, "
        f"and the lowest at which a seed dies: {'; '.join(said)}."
    )


def atlas(data):
    """Say, for each policy, where it is highest and how many of its runs die."""
    said = []
    for policy, runs in data.atlas.groupby("policy"):
        best = runs[~runs.dead].groupby("base_lr").test_acc.mean()
        said.append(
            f"{policy} highest at {best.idxmax():g}, {of(runs.dead.sum(), len(runs))} runs die"
        )
    return f"Test accuracy against the base rate, a panel a policy. {'; '.join(said)}."


def alive(data):
    """Say the share that lives to the end, setting by setting."""
    table = survival.deaths(data.deaths)
    said = [
        f"{row.data} {row.base_lr:g} warmup {row.warmup:g}: {of(row.runs - row.dead, row.runs)}"
        for row in table.itertuples()
    ]
    return f"Share of runs alive by epoch, a panel a base rate. At the end live: {'; '.join(said)}."


def dead(data):
    """Say at which base rate half of the runs die, for each warmup."""
    groups = data.deaths.groupby(["data", "warmup"]).base_lr.nunique()
    said = [
        f"{name} warmup {warmup:g}: {half(data, f'{name} warmup {warmup:g}')}"
        for name, warmup in groups.index[groups > 1]
    ]
    return (
        "Share of runs that die against the base rate, with fitted logistic curves. "
        f"Half die at: {'; '.join(said)}."
    )
