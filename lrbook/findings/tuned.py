"""Each schedule's own best base rate, chosen on images that no test saw."""

import json

import numpy as np
import pandas as pd

from lrbook.findings import arms

NEEDED = ("schedule", "base_lr", "seed", "dead", "val_acc")
REFERENCE = 0.3  # where schedules are compared anyway


def planned(experiments):
    """Return a plan as a table of `schedule`, `base_lr` and `seed`, shape (runs, 3).

    Parameters
    ----------
    experiments : list of dict
    """
    columns = {"schedule": arms.names(experiments, arms.schedule_name)}
    columns |= {name: [e[name] for e in experiments] for name in ("base_lr", "seed")}
    return pd.DataFrame(columns).astype({"base_lr": float})


def runs(records, experiments=()):
    """Return recorded runs as :func:`rates` needs them.

    Parameters
    ----------
    records : list of dict
        As `lrbook.runs.store.read` returns them, of experiments whose ``test_acc`` is that on
        held-out images. Which of them count is told by `lrbook.findings.arms.newest`.
    experiments : list of dict, optional
        The plan, so that schedules are named as in :func:`planned` before all are recorded.

    Returns
    -------
    pandas.DataFrame, shape (runs, 5)
    """
    records = arms.newest(records)
    recorded = [record["experiment"] for record in records]
    table = planned([*experiments, *recorded]).tail(len(records)).reset_index(drop=True)
    return table.assign(
        dead=[record["died"] is not None for record in records],
        val_acc=[record["test_acc"][-1] for record in records],
    )


def rates(runs):
    """Return how each schedule did at each base rate of its grid.

    Parameters
    ----------
    runs : pandas.DataFrame
        A run a row: the name of its `schedule`, whatever its rate; `base_lr` and `seed`; whether
        it is `dead`; `val_acc`, its accuracy on held-out training images, a share of 1.

    Returns
    -------
    pandas.DataFrame, shape (schedules × rates, 7)
        `schedule`, `base_lr`; how many `seeds`, and how many of them `dead`; `mean` and sample
        `sd` of the accuracy, NaN where any seed died; whether the rate is `allowed`, which none
        is at which a seed died. Rates rise.

    Raises
    ------
    ValueError
        If a column is missing, a run is there twice, or a schedule's rates have different seeds.
    """
    missing = [name for name in NEEDED if name not in runs]
    if missing:
        raise ValueError(f"runs lack {', '.join(missing)}")
    twice = runs[runs.duplicated(["schedule", "base_lr", "seed"])]
    if len(twice):
        run = twice.iloc[0]
        raise ValueError(f"{run.schedule} at {run.base_lr} has two runs with seed {run.seed}")
    rows = []
    for schedule, grid in runs.groupby("schedule", sort=False):
        seeds = {*grid.seed}
        for base_lr, group in grid.groupby("base_lr"):
            if lacking := seeds - {*group.seed}:
                lacking = ", ".join(map(str, sorted(lacking)))
                raise ValueError(f"{schedule} at {base_lr} lacks the seeds {lacking}")
            accuracies = group.val_acc.astype(float).sort_values()
            dead = int(group.dead.sum())
            mean, sd = (np.nan, np.nan) if dead else (accuracies.mean(), accuracies.std())
            rows.append((schedule, base_lr, len(group), dead, mean, sd, not dead))
    columns = ["schedule", "base_lr", "seeds", "dead", "mean", "sd", "allowed"]
    return pd.DataFrame(rows, columns=columns)


def best(runs, margin, reference=REFERENCE):
    """Return each schedule's best base rate: the highest mean accuracy where every seed lives.

    Of equal means the lower rate is chosen. The choice is one among few runs, and what is as
    good is said beside it.

    Parameters
    ----------
    runs : pandas.DataFrame
        As for :func:`rates`.
    margin : float
        The smallest difference that matters, a share of 1.
    reference : float
        The base rate that the schedules are compared at anyway, one of the grid.

    Returns
    -------
    pandas.DataFrame, shape (schedules, 7)
        Indexed by schedule. The `base_lr` chosen and its `mean`, NaN if a seed died at every
        rate; `ties`, a tuple of the other allowed rates whose mean is less than `margin` lower;
        the grid's next rates `below` and `above`, NaN where the grid ends, beyond which a better
        one may lie; whether seeds died at that `above`, so that it `borders_death`; and how many
        `steps` of the grid the rate is above `reference`, or below it if negative, <NA> without
        a rate: -1, 0 or 1 is the reference or its neighbour.

    Raises
    ------
    ValueError
        As :func:`rates`; or if `reference` isn't in a schedule's grid.
    """
    rows = {}
    for schedule, grid in rates(runs).groupby("schedule", sort=False):
        places = {base_lr: place for place, base_lr in enumerate(grid.base_lr)}
        if reference not in places:
            known = ", ".join(map(str, places))
            raise ValueError(f"{schedule}: the reference must be one of {known}, not {reference}")
        rows[schedule] = _choose(grid.reset_index(drop=True), margin, places[reference])
    columns = ["base_lr", "mean", "ties", "below", "above", "borders_death", "steps"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=None if rows else columns)
    table = table.rename_axis("schedule")
    return table.astype({"steps": "Int64"})


def settled(chosen, rates, study):
    """Return which arm of the study each schedule is at its own best base rate.

    That is the arm at `REFERENCE` where the chosen rate is the reference itself or its neighbour
    in the grid, which 3 seeds can't tell from it.

    Parameters
    ----------
    chosen : pandas.DataFrame
        As :func:`best` returns it.
    rates, study : list of dict
        The experiments of both plans.

    Returns
    -------
    dict of str to str
        From 'cosine, tuned' to 'cosine 0.3, horizon 20'. A schedule is missing that the study
        has no arm of at that rate.
    """
    found = {}
    schedules = dict(zip(planned(rates).schedule, rates, strict=True))
    known = {_identity(e): name for e, name in zip(study, arms.names(study), strict=True)}
    for schedule, row in chosen.iterrows():
        if pd.notna(row.base_lr):
            rate = REFERENCE if abs(row.steps) <= 1 else row.base_lr
            wanted = _identity(schedules[schedule] | {"base_lr": rate})
            if wanted in known:
                found[f"{schedule}, tuned"] = known[wanted]
    return found


def _identity(experiment):
    """Return what makes a schedule and its training, without the seed and the data."""
    kept = {name: value for name, value in experiment.items() if name not in ("seed", "data")}
    return json.dumps(kept, sort_keys=True)


def _choose(grid, margin, reference):
    nan = np.nan
    if not grid.allowed.any():
        return dict.fromkeys(("base_lr", "mean"), nan) | {
            "ties": (),
            "below": nan,
            "above": nan,
            "borders_death": False,
            "steps": pd.NA,
        }
    # Means of the same accuracies may differ in their last bit.
    place = int(grid["mean"].round(12).idxmax())
    chosen = grid.loc[place]
    near = grid[(chosen["mean"] - grid["mean"] < margin) & (grid.index != place)]
    beside = dict(grid.base_lr)
    return {
        "base_lr": chosen.base_lr,
        "mean": chosen["mean"],
        "ties": tuple(near.base_lr.tolist()),
        "below": beside.get(place - 1, nan),
        "above": beside.get(place + 1, nan),
        "borders_death": bool(grid.dead.get(place + 1, 0)),
        "steps": place - reference,
    }
