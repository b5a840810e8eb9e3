"""Which runs live: the share alive by epoch and by base rate, and what a warmup does to it.

A run that died did so after the epoch `died`, 1 being the first. One that lived was watched for
`epochs` epochs and no longer: what would have become of it later isn't known (it is censored).
"""

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from lrbook.findings import arms
from lrbook.findings.intervals import LEVEL, newcombe, wilson
from lrbook.findings.logistic import HalfRate, half_rate
from lrbook.findings.questions import HIGHER, LOWER, NOT_RUN, UNDECIDED

SETTING = ["data", "base_lr", "warmup"]
# The question that was written down before the runs were made, in survival.toml.
WITH, WITHOUT = ("full", 0.5, 5), ("full", 0.5, 0)


def runs(records):
    """Return recorded runs as a table of who died when.

    Parameters
    ----------
    records : list of dict
        As `lrbook.runs.store.read` returns them, of experiments that data, base rate, warmup
        and seed tell apart. Which of them count is told by `lrbook.findings.arms.newest`.

    Returns
    -------
    pandas.DataFrame, shape (runs, 6)
        `data`, `base_lr`, `warmup` in epochs, 0 for none, and `seed`; after which epoch the run
        `died`, missing for one that lived; for how many `epochs` it would have been watched.

    Raises
    ------
    ValueError
        If they don't tell all experiments apart.
    """
    rows = [_row(record) for record in arms.newest(records)]
    table = pd.DataFrame(rows, columns=[*SETTING, "seed", "died", "epochs"])
    table = table.astype({"died": "Int64", "base_lr": float, "warmup": float})
    twice = table[table.duplicated([*SETTING, "seed"])]
    if len(twice):
        setting = ", ".join(f"{name} {twice.iloc[0][name]}" for name in [*SETTING, "seed"])
        raise ValueError(f"two experiments with {setting} differ in something else")
    return table.sort_values([*SETTING, "seed"], ignore_index=True)


def _row(record):
    experiment = record["experiment"]
    watched = {"died": record["died"], "epochs": experiment["num_epochs"]}
    return _setting(experiment) | watched


def _setting(experiment):
    return {
        "data": experiment["data"],
        "base_lr": float(experiment["base_lr"]),
        "warmup": float(experiment.get("warmup", {}).get("duration", 0)),
        "seed": experiment["seed"],
    }


def planned(experiments):
    """Return the settings and seeds of a plan as a table, shape (runs, 4), in its order.

    Parameters
    ----------
    experiments : list of dict
    """
    return pd.DataFrame(map(_setting, experiments), columns=[*SETTING, "seed"])


def alive(runs):
    """Return the share of runs alive after each epoch, setting by setting (Kaplan–Meier).

    The interval is Greenwood's on the scale log(-log share), each epoch by itself. It is not
    defined where all live or none: there it is Wilson's, of the runs at risk or of all.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it.

    Returns
    -------
    pandas.DataFrame, shape (settings × epochs, 9)
        `data`, `base_lr`, `warmup` and `epoch`, from 0; how many runs were `at_risk` in it, alive
        when it began and watched through it, and how many `deaths` it saw; the share `alive`
        after it with its 95 % interval `low`, `high`.

    References
    ----------
    Kaplan and Meier (1958), "Nonparametric estimation from incomplete observations". Kalbfleisch
    and Prentice (1980), "The statistical analysis of failure time data", for the interval.
    """
    curves = []
    for setting, group in runs.groupby(SETTING):
        curve = _curve(group)
        for place, (name, value) in enumerate(zip(SETTING, setting, strict=True)):
            curve.insert(place, name, value)
        curves.append(curve)
    return pd.concat(curves, ignore_index=True)


def _curve(group):
    lived = group.died.isna()
    died = group.died[~lived].to_numpy(int)
    share = stats.ecdf(stats.CensoredData(uncensored=died, right=group.epochs[lived])).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined")
        interval = share.confidence_interval(LEVEL, method="log-log")
    left = group.died.fillna(group.epochs).to_numpy(int)  # at risk up to this epoch
    rows = []
    for epoch in range(group.epochs.max() + 1):
        at_risk = int((left >= epoch).sum())
        value = float(share.evaluate(epoch))
        if epoch == 0:
            low, high = 1.0, 1.0
        elif value == 1:
            low, high = wilson(at_risk, at_risk)
        elif value == 0:
            low, high = wilson(0, len(group))
        else:
            low, high = (float(end.evaluate(epoch)) for end in interval)
        rows.append((epoch, at_risk, int((died == epoch).sum()), value, low, high))
    return pd.DataFrame(rows, columns=["epoch", "at_risk", "deaths", "alive", "low", "high"])


def deaths(runs):
    """Return how many runs of each setting died while they were watched.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it.

    Returns
    -------
    pandas.DataFrame, shape (settings, 8)
        `data`, `base_lr`, `warmup`; how many `runs` there are and how many are `dead`; the
        `share` dead with Wilson's 95 % interval `low`, `high`.

    Raises
    ------
    ValueError
        If the runs weren't all watched for the same number of epochs.
    """
    _check_watched(runs)
    table = runs.groupby(SETTING).died.agg(runs="size", dead="count").reset_index()
    table["share"] = table.dead / table.runs
    intervals = [wilson(*counts) for counts in table[["dead", "runs"]].itertuples(index=False)]
    return table.assign(low=[low for low, _ in intervals], high=[high for _, high in intervals])


def _check_watched(runs):
    if runs.epochs.nunique() > 1:
        watched = ", ".join(map(str, sorted(runs.epochs.unique())))
        raise ValueError(f"runs must be watched for the same number of epochs, not for {watched}")


def half_rates(runs):
    """Return at which base rate half of the runs die, for each data and warmup.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it.

    Returns
    -------
    pandas.DataFrame, shape (data and warmups with two base rates or more, 6)
        `data`, `warmup`, and the four of a `lrbook.findings.logistic.HalfRate`.

    Raises
    ------
    ValueError
        If the runs weren't all watched for the same number of epochs.
    """
    rows = []
    for (data, warmup), group in deaths(runs).groupby(["data", "warmup"]):
        if len(group) > 1:
            found = half_rate(group.base_lr, group.dead, group.runs)
            rows.append({"data": data, "warmup": warmup} | found._asdict())
    return pd.DataFrame(rows, columns=["data", "warmup", *HalfRate._fields])


class Answer(NamedTuple):
    """How many of how many runs lived with a warmup and without; what that decides.

    `difference` is the share alive with a warmup less that without, `low` and `high` Newcombe's
    95 % interval of it, `p` that of Boschloo's two-sided test, by which the `verdict` is
    `HIGHER`, `LOWER` or `UNDECIDED`; with `NOT_RUN` these four are NaN.
    """

    alive_with: int
    runs_with: int
    alive_without: int
    runs_without: int
    difference: float
    low: float
    high: float
    p: float
    verdict: str


def does_warmup_help(runs):
    """Answer the planned question: do more runs live at `WITH` a warmup than `WITHOUT`?

    The test takes the runs of both for independent. They share their seeds: if those that die
    with a warmup tend to die without it, too, it errs less often than it says, and decides less.
    The interval is made otherwise than the test, which decides: with 30 runs each they disagree
    in 7 of the 465 possible pairs of counts, where p is 0.052 and the interval just misses 0.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it.

    Returns
    -------
    Answer

    Raises
    ------
    ValueError
        If the runs weren't all watched for the same number of epochs.

    References
    ----------
    Boschloo (1970), "Raised conditional level of significance for the 2×2-table when testing the
    equality of two probabilities".
    """
    counts = []
    for data, base_lr, warmup in (WITH, WITHOUT):
        group = runs[(runs.data == data) & (runs.base_lr == base_lr) & (runs.warmup == warmup)]
        counts += [int(group.died.isna().sum()), len(group)]
    alive, total, alive_without, total_without = counts
    if not total or not total_without:
        return Answer(*counts, *[np.nan] * 4, NOT_RUN)
    _check_watched(runs)
    dead = total - alive, total_without - alive_without
    p = float(stats.boschloo_exact([[alive, alive_without], dead]).pvalue)
    difference = alive / total - alive_without / total_without
    verdict = UNDECIDED
    if p < 1 - LEVEL:
        verdict = HIGHER if difference > 0 else LOWER
    return Answer(*counts, difference, *newcombe(*counts), p, verdict)


def in_parts(runs, size=10):
    """Return what the planned question's runs answer, so many seeds at a time, and all together.

    It shows how much the answers of small experiments differ that are all the same experiment;
    only the last row answers the question.

    Parameters
    ----------
    runs : pandas.DataFrame
        As :func:`runs` returns it, the seeds of both settings from 0 on.
    size : int

    Returns
    -------
    pandas.DataFrame, shape (parts + 1, 11)
        The `first` and `last` seed of each part, and its `Answer`.

    Raises
    ------
    ValueError
        If the runs weren't all watched for the same number of epochs.
    """
    settings = pd.MultiIndex.from_frame(runs[SETTING])
    asked = runs[settings.isin([WITH, WITHOUT])]
    columns = ["first", "last", *Answer._fields]
    if asked.empty:
        return pd.DataFrame(columns=columns)
    greatest = asked.seed.max()
    ends = [(first, min(first + size - 1, greatest)) for first in range(0, greatest + 1, size)]
    rows = [
        (first, last, *does_warmup_help(asked[asked.seed.between(first, last)]))
        for first, last in [*ends, (0, greatest)]
    ]
    return pd.DataFrame(rows, columns=columns)
