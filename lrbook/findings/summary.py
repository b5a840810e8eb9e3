"""Every arm in numbers: how many of its runs die, and the means of those that live."""

import numpy as np
import pandas as pd

from lrbook.findings.arms import MEASURES
from lrbook.findings.intervals import student, wilson


def summary(table):
    """Return one row an arm: deaths, and means over the living runs.

    Parameters
    ----------
    table : pandas.DataFrame
        With `arm`, `dead` and the `MEASURES`: of :func:`lrbook.findings.arms.runs`, or one
        framework of :func:`lrbook.findings.arms.printed`.

    Returns
    -------
    pandas.DataFrame, shape (arms, 17)
        Indexed by arm. `seeds`, `dead` and `share` dead with its Wilson interval `share_low`,
        `share_high`; for each measure its `_mean`, sample `_sd`, and the t interval `_low`,
        `_high` of the mean. NaN where the living are too few: none for a mean, one for the rest.
    """
    columns = ["seeds", "dead", "share", "share_low", "share_high"]
    columns += [f"{name}_{what}" for name in MEASURES for what in ("mean", "sd", "low", "high")]
    rows = {}
    for arm, group in table.groupby("arm", sort=False):
        dead, seeds = int(group.dead.sum()), len(group)
        row = [seeds, dead, dead / seeds, *wilson(dead, seeds)]
        for measure in MEASURES:
            values = group.loc[~group.dead, measure]
            row += [values.mean(), values.std()]
            row += student(values) if len(values) > 1 else (np.nan, np.nan)
        rows[arm] = row
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("arm")
