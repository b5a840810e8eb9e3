"""Do two engines train alike? Two samples of runs, arm by arm.

The page's engine and MXNet draw other weights and other orders of the images from the same seed,
so their runs are no pairs. Each arm is tested by Welch's t test at 5 % over the number of
arms, so that with equal means one of them differs by chance in 5 % of such comparisons at most.
That a test finds no difference says little without its power: beside each stands the difference
that it would find four times out of five.
"""

import numpy as np
import pandas as pd
from scipy import optimize, stats

from lrbook.findings.intervals import LEVEL

POWER = 0.8
_SAMPLE = ("seeds", "dead", "mean", "sd")


def compared(first, second):
    """Return how the test accuracies of two samples of runs differ, arm by arm.

    Parameters
    ----------
    first, second : pandas.DataFrame
        With `arm`, `dead` and `test_acc`, as `lrbook.findings.arms.runs` returns them, of the
        same arms; two living runs an arm, or more.

    Returns
    -------
    pandas.DataFrame, shape (arms, 13)
        `arm`; of each sample its `seeds`, `dead`, the `mean` and `sd` of the living, with the
        suffixes `_first` and `_second`; the `difference` of the means, first less second, and its
        interval `low`, `high`, which hold together with 95 %; and `detectable`, the true
        difference that the test finds with a chance of 80 %, at the sd of these runs.

    Raises
    ------
    ValueError
        If the two have other arms, or an arm has too few living runs.
    """
    names = list(dict.fromkeys(first.arm))
    if set(names) != set(second.arm):
        raise ValueError(f"other arms: {sorted({*first.arm})} and {sorted({*second.arm})}")
    level = 1 - (1 - LEVEL) / max(len(names), 1)
    rows = [_row(name, first, second, level) for name in names]
    sides = [f"{name}_{side}" for side in ("first", "second") for name in _SAMPLE]
    columns = ["arm", *sides, "difference", "low", "high", "detectable"]
    return pd.DataFrame(rows, columns=columns)


def _row(name, first, second, level):
    samples, row = [], {"arm": name}
    for side, runs in (("first", first), ("second", second)):
        runs = runs[runs.arm == name]
        living = runs.test_acc[~runs.dead].to_numpy()
        if len(living) < 2:
            raise ValueError(f"{name!r}: {len(living)} living runs are too few")
        samples.append(living)
        found = len(runs), runs.dead.sum(), living.mean(), _sd(living)
        row |= {f"{key}_{side}": value for key, value in zip(_SAMPLE, found, strict=True)}
    interval = stats.ttest_ind(*samples, equal_var=False).confidence_interval(level)
    row["difference"] = row["mean_first"] - row["mean_second"]
    row |= {"low": float(interval.low), "high": float(interval.high)}
    spreads, sizes = ([of(sample) for sample in samples] for of in (_sd, len))
    row["detectable"] = detectable(*spreads, *sizes, level)
    return row


def _sd(values):
    return float(values.std(ddof=1))


def detectable(sd, other_sd, n, other_n, level):
    """Return the difference of two means that Welch's test finds with a chance of 80 %.

    Parameters
    ----------
    sd, other_sd : float
        Standard deviations of the two samples; not both 0.
    n, other_n : int
        Their sizes, 2 or more.
    level : float
        1 less the chance of a finding where there is none, in (0, 1).
    """
    variances = np.array([sd**2 / n, other_sd**2 / other_n])
    error = np.sqrt(variances.sum())
    freedom = variances.sum() ** 2 / (variances**2 / [n - 1, other_n - 1]).sum()
    limit = stats.t.ppf((1 + level) / 2, freedom)

    # A finding on the wrong side has no chance worth counting here.
    def lacking(shift):
        return stats.nct.sf(limit, freedom, shift) - POWER

    return float(error * optimize.brentq(lacking, 0, limit + 5))
