"""How the first edition compared its arms, all with all: five seeds each, no question planned.

Sentences that quote it say "undecided" or not by this; the planned questions take its place.
"""

import functools
import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import interpolate, stats

from lrbook.findings.arms import MEASURES
from lrbook.findings.intervals import LEVEL
from lrbook.findings.questions import UNDECIDED

MIN_LIVING = 3  # an arm with fewer living runs isn't compared


class Verdict(NamedTuple):
    """Which of two arms is higher, or `UNDECIDED`; the difference first less second; its p.

    `low` and `high` are the simultaneous 95 % interval of the difference, NaN for deaths; all
    numbers are NaN where an arm has too few living runs to be compared.
    """

    higher: str
    difference: float
    low: float
    high: float
    p: float


def pairs(table, measure):
    """Compare all arms with each other, corrected for how many pairs there are.

    For one of the `MEASURES` this is the Games–Howell test over the living runs, for ``died``
    Fisher's exact test with Holm's correction.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`lrbook.findings.arms.runs` returns it.
    measure : str
        One of `MEASURES`, or 'died'.

    Returns
    -------
    pandas.DataFrame, shape (pairs, 7)
        The arms `a` and `b`; then as in `Verdict`, `difference` being a's mean less b's, or a's
        share of dead runs less b's. Arms with fewer than `MIN_LIVING` living runs are left out,
        except for deaths.

    Raises
    ------
    ValueError
        If there is no such measure.

    References
    ----------
    Games and Howell (1976), "Pairwise multiple comparison procedures with unequal n's and/or
    variances". Holm (1979), "A simple sequentially rejective multiple test procedure".
    """
    if measure == "died":
        found = _deaths(table)
    elif measure in MEASURES:
        living = table[~table.dead].groupby("arm", sort=False)[measure]
        groups = {arm: tuple(values) for arm, values in living if len(values) >= MIN_LIVING}
        found = _games_howell(tuple(groups.items())) if len(groups) > 1 else []
    else:
        raise ValueError(f"measure must be died, {', '.join(MEASURES)}, not {measure!r}")
    rows = [
        (a, b, *Verdict(_higher(a, b, difference, p), difference, low, high, p))
        for a, b, difference, low, high, p in found
    ]
    return pd.DataFrame(rows, columns=["a", "b", *Verdict._fields])


def _higher(a, b, difference, p):
    if not p < 1 - LEVEL:
        return UNDECIDED
    return a if difference > 0 else b


@functools.cache
def _games_howell(groups):
    arms, samples = zip(*groups, strict=True)
    test = stats.tukey_hsd(*samples, equal_var=False)
    errors = [np.var(values, ddof=1) / len(values) for values in samples]
    rows = []
    for i, j in itertools.combinations(range(len(arms)), 2):
        error = errors[i] + errors[j]
        df = error**2 / sum(errors[k] ** 2 / (len(samples[k]) - 1) for k in (i, j))
        radius = float(_critical_value(len(arms))(1 / df) * np.sqrt(error / 2))
        difference, p = float(test.statistic[i, j]), float(test.pvalue[i, j])
        rows.append((arms[i], arms[j], difference, difference - radius, difference + radius, p))
    return rows


@functools.cache
def _critical_value(count):
    """Return the studentized range's quantile as a function of 1/df in [1/1000, 1/2].

    SciPy takes a fifth of a second for each, and every pair has degrees of freedom of its own:
    between twelve of them a spline is right to five digits.
    """
    reciprocal = np.linspace(0.001, 0.5, 12)
    exact = stats.studentized_range.ppf(LEVEL, count, 1 / reciprocal)
    return interpolate.CubicSpline(reciprocal, exact)


def _deaths(table):
    counts = [
        (arm, int(dead.sum()), len(dead)) for arm, dead in table.groupby("arm", sort=False).dead
    ]
    found = list(itertools.combinations(counts, 2))
    p = holm([stats.fisher_exact([[x, n - x], [y, m - y]])[1] for (_, x, n), (_, y, m) in found])
    return [
        (a, b, x / n - y / m, np.nan, np.nan, float(value))
        for ((a, x, n), (b, y, m)), value in zip(found, p, strict=True)
    ]


def holm(p):
    """Return p-values corrected by Holm's method for how many there are; shape (tests,)."""
    p = np.asarray(p, float)
    order = np.argsort(p)
    corrected = np.empty_like(p)
    factors = np.arange(len(p), 0, -1)
    corrected[order] = np.minimum(1, np.maximum.accumulate(factors * p[order]))
    return corrected


def compare(table, a, b, measure):
    """Return the `Verdict` on two arms, out of the comparison of all arms.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`lrbook.findings.arms.runs` returns it.
    a, b : str
        Two arms.
    measure : str
        One of `MEASURES`, or 'died'.

    Returns
    -------
    Verdict
        ``verdict.higher`` is `a`, `b` or `UNDECIDED`.

    Raises
    ------
    ValueError
        If there is no such arm or measure.
    """
    arms = table.arm.unique()
    for arm in (a, b):
        if arm not in arms:
            raise ValueError(f"arm must be one of {'; '.join(arms)}, not {arm!r}")
    found = pairs(table, measure)
    for row in found.itertuples(index=False):
        verdict = Verdict(*row[2:])
        if (row.a, row.b) == (a, b):
            return verdict
        if (row.a, row.b) == (b, a):
            difference, low, high = (-x for x in (row.difference, row.high, row.low))
            return verdict._replace(difference=difference, low=low, high=high)
    return Verdict(UNDECIDED, *[np.nan] * 4)
