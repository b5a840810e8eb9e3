"""The base rate at which half of the runs die, with the interval of its likelihood."""

from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats

from lrbook.findings.intervals import LEVEL

_FAR = 50.0  # in log base rate: a curve that is flat over all rates has its half there


class HalfRate(NamedTuple):
    """The base rate `half` at which half of the runs die, its 95 % interval, and the slope.

    The share dead at a base rate r is 1 / (1 + (r / half) ** -slope). An end of the interval that
    the runs leave open is 0 or infinite; nothing holds the curve to be right beyond them.

    `slope` is infinite if all live below a rate and all die above it; then `half` is that rate if
    some lived at it and some died, else NaN, anywhere between `low` and `high`. It is 0, and
    `half` NaN, if the share dead doesn't rise with the base rate.
    """

    half: float
    low: float
    high: float
    slope: float


def half_rate(base_lr, dead, total):
    """Fit a logistic curve in the log of the base rate that doesn't fall, by its likelihood.

    The interval holds every rate whose best curve has a log-likelihood of at most 1.92 (half the
    95 % quantile of χ² with one degree of freedom) below the best of all. It isn't symmetric,
    says so when the runs bound the rate on one side only, and needs no standard error, which
    there is none of when the slope is infinite.

    Parameters
    ----------
    base_lr : array-like, shape (rates,)
        Two or more, each above 0 and once.
    dead, total : array-like of int, shape (rates,)
        How many of how many runs died.

    Returns
    -------
    HalfRate

    Raises
    ------
    ValueError
        If there are fewer than two base rates, or one of them twice or not above 0.

    References
    ----------
    Kelly (2001), "The median lethal dose: design and estimation", on such intervals. Albert and
    Anderson (1984), "On the existence of maximum likelihood estimates in logistic regression
    models", on the infinite slope.
    """
    rates = np.asarray(base_lr, float)
    if len(rates) < 2 or len(np.unique(rates)) < len(rates) or not (rates > 0).all():
        raise ValueError(f"base_lr must be two rates or more above 0, each once, not {rates}")
    counts = _Counts(np.log(rates), dead, total)
    half, slope, inside, best = counts.fit()
    enough = best - stats.chi2.ppf(LEVEL, 1) / 2
    # The further the half lies beyond all rates, the flatter is the best curve.
    open_below = counts.flat(max(counts.share, 0.5)) >= enough
    open_above = counts.flat(min(counts.share, 0.5)) >= enough
    low = -np.inf if open_below else counts.end(inside, -1, enough)
    high = np.inf if open_above else counts.end(inside, 1, enough)
    if slope == np.inf:
        low, high = min(low, counts.last_alive), max(high, counts.first_dead)
    return HalfRate(*map(float, (*np.exp([half, low, high]), slope)))


class _Counts:
    """Counts of dead runs at `x`, the log of base rates, and the likelihood of a curve."""

    def __init__(self, x, dead, total):
        self.x = x
        self.dead, self.total = np.asarray(dead, float), np.asarray(total, float)
        self.alive = self.total - self.dead
        self.share = self.dead.sum() / self.total.sum()
        self.last_alive = max(x[self.alive > 0], default=-np.inf)
        self.first_dead = min(x[self.dead > 0], default=np.inf)
        # As good as infinite: from a rate to the next the share goes from 0 to 1.
        self.steepest = 1e4 / np.diff(np.sort(x)).min()

    def fit(self):
        """Return the likeliest half and slope, a half inside the interval, the log-likelihood."""
        if self.last_alive < self.first_dead:
            inside = np.clip((self.last_alive + self.first_dead) / 2, *self._one_beyond())
            return np.nan, np.inf, inside, 0.0
        if self.last_alive == self.first_dead:
            mixed = self.x == self.last_alive
            logit = special.logit(self.dead[mixed] / self.total[mixed])[0]
            inside = self.last_alive - logit / self.steepest
            return self.last_alive, np.inf, inside, self.profile(inside)
        middle = np.average(self.x, weights=self.total)
        if self.dead @ (self.x - middle) <= 1e-9:  # rounding alone makes that of a flat share
            return np.nan, 0.0, np.sign(0.5 - self.share) * _FAR, self.flat(self.share)
        design = np.stack([np.ones_like(self.x), self.x - middle])
        found = optimize.minimize(
            lambda line: -self._likelihood(line @ design),
            [special.logit(self.share), 0.0],
            jac=lambda line: -design @ self._residual(line @ design),
            hess=lambda line: (design * self._variance(line @ design)) @ design.T,
            method="trust-exact",
            options={"gtol": 1e-8},
        )
        level, slope = found.x
        half = middle - level / slope
        return half, slope, half, -found.fun

    def _one_beyond(self):
        return self.x.min() - 1, self.x.max() + 1

    def _likelihood(self, logit):
        return self.dead @ special.log_expit(logit) + self.alive @ special.log_expit(-logit)

    def _residual(self, logit):
        return self.dead - self.total * special.expit(logit)

    def _variance(self, logit):
        return self.total * special.expit(logit) * special.expit(-logit)

    def flat(self, share):
        """Return the log-likelihood of the same share dead at every rate."""
        return float(np.sum(special.xlogy(self.dead, share) + special.xlog1py(self.alive, -share)))

    def profile(self, half):
        """Return the log-likelihood of the best curve with that half."""
        distance = self.x - half

        def gain(slope):
            return self._residual(slope * distance) @ distance

        if gain(0.0) <= 0:
            slope = 0.0
        elif gain(self.steepest) >= 0:
            slope = self.steepest
        else:
            slope = optimize.brentq(gain, 0.0, self.steepest)
        return self._likelihood(slope * distance)

    def end(self, inside, direction, enough):
        """Return where the profile falls below `enough`, from `inside` upwards (1) or down (-1)."""
        step = 0.1
        while self.profile(inside + direction * step) > enough:
            step *= 2
        return optimize.brentq(
            lambda half: self.profile(half) - enough, inside, inside + direction * step
        )
