"""Each schedule's own best base rate, chosen on images that no test saw."""

import numpy as np
import pandas as pd

NEEDED = ("schedule", "base_lr", "seed", "dead", "val_acc")


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


def best(runs, margin, reference=0.3):
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
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("schedule")
    return table.astype({"steps": "Int64"})


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
