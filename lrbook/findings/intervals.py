"""The intervals that the findings are told with: of a mean, of a share, of two shares."""

import numpy as np
from scipy import stats

LEVEL = 0.95  # of an interval that stands by itself


def student(values, level=LEVEL):
    """Return Student's t interval of a mean, (low, high), each of shape (...).

    Parameters
    ----------
    values : array-like, shape (..., n)
        With n of 2 or more.
    level : float
        In (0, 1).
    """
    values = np.asarray(values, float)
    n = values.shape[-1]
    mean = values.mean(axis=-1)
    error = values.std(axis=-1, ddof=1) / np.sqrt(n)
    radius = stats.t.ppf((1 + level) / 2, n - 1) * error
    return mean - radius, mean + radius


def wilson(count, total):
    """Return Wilson's 95 % interval of a share, (low, high).

    References
    ----------
    Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    interval = stats.binomtest(count, total).proportion_ci(LEVEL, method="wilson")
    return float(interval.low), float(interval.high)


def newcombe(count, total, other_count, other_total):
    """Return the 95 % interval of a share less another, (low, high): Newcombe's hybrid score.

    References
    ----------
    Newcombe (1998), "Interval estimation for the difference between independent proportions:
    comparison of eleven methods", method 10.
    """
    share, other = count / total, other_count / other_total
    low, high = wilson(count, total)
    other_low, other_high = wilson(other_count, other_total)
    return (
        share - other - np.hypot(share - low, other_high - other),
        share - other + np.hypot(high - share, other - other_low),
    )
