"""A rate that is drawn instead of computed: what the laboratory page writes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lrbook.schedules.base import Schedule
from lrbook.schedules.parameters import as_float, between, is_number


@dataclass(frozen=True)
class Table(Schedule):
    r"""A piecewise schedule through given points.

    .. math:: \eta(t) = \eta_i + (\eta_{i+1} - \eta_i) \frac{t - t_i}{t_{i+1} - t_i}
        \quad (t_i \le t < t_{i+1}), \qquad \eta_n \quad (t \ge t_n)

    with ``interpolation='linear'``; with ``interpolation='steps'`` the rate is :math:`\eta_i`
    until :math:`t_{i+1}`, at which it jumps. ``η(times[i]) = rates[i]`` either way, and past the
    last time the rate stays. One point is a constant rate.

    Parameters
    ----------
    times : sequence of float
        :math:`t_i` in epochs, each in [0, ∞), increasing, the first 0. Kept as a tuple.
    rates : sequence of float
        :math:`\eta_i`, each in [0, ∞), as many as `times`. Kept as a tuple.
    interpolation : {'linear', 'steps'}
        How the rate gets from one point to the next: in a line, or in one jump at its time.

    Raises
    ------
    TypeError
        If `times` or `rates` is no sequence of numbers.
    ValueError
        If a number is out of its range, the times don't increase or don't begin at 0, there are
        more of the one than of the other, or the interpolation is another.
    """

    times: tuple[float, ...]
    rates: tuple[float, ...]
    interpolation: str = "linear"

    def __post_init__(self):
        allowed = "increasing times in epochs in [0, ∞), the first 0"
        times = _numbers("times", self.times, allowed)
        if not times or times[0] != 0 or any(a >= b for a, b in pairwise(times)):
            raise ValueError(f"Table: times must be {allowed}, not {self.times!r}")
        allowed = f"rates in [0, ∞), one for each of the {len(times)} times"
        rates = _numbers("rates", self.rates, allowed)
        if len(rates) != len(times) or min(rates) < 0:
            raise ValueError(f"Table: rates must be {allowed}, not {self.rates!r}")
        if self.interpolation not in ("linear", "steps"):
            raise ValueError(
                f"Table: interpolation must be 'linear' or 'steps', not {self.interpolation!r}"
            )
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "rates", rates)

    def _rate(self, t, slack):
        times, rates = np.array(self.times), np.array(self.rates)
        if self.interpolation == "steps":
            return rates[np.searchsorted(times, t + slack, side="right") - 1]
        t = np.minimum(t, times[-1])
        at = np.searchsorted(times, t, side="right") - 1
        # After the last point comes the same rate again.
        spans, following = np.append(np.diff(times), 1.0), np.append(rates[1:], rates[-1])
        return between(following[at], rates[at], (t - times[at]) / spans[at])


def _numbers(name, given, allowed):
    """Return a sequence of finite numbers as a tuple of floats."""
    sequence = isinstance(given, Sequence) or (isinstance(given, np.ndarray) and given.ndim)
    if not sequence or isinstance(given, (str, bytes)) or not all(map(is_number, given)):
        raise TypeError(f"Table: {name} must be {allowed}, not {given!r}")
    numbers = tuple(map(as_float, given))
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"Table: {name} must be {allowed}, not {given!r}")
    return numbers
