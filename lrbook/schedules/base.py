r"""The learning rate as a pure function of time, and the two clocks.

Time ``t`` is counted in epochs and may be fractional. A schedule is an immutable value that
is called with a time and remembers nothing, so the same ``t`` has the same answer in any
order of calls; an array of times gives an array of rates of the same shape.

Frameworks count updates instead. :meth:`Schedule.per_update` is the one place where the two
clocks meet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from lrbook.schedules.parameters import as_float, is_number

# Of a time that comes from updates. Its rounding errors are some 1e-16 of it, and an update is
# more than this for the first 1e11 of them.
_SLACK = 1e-12


@dataclass(frozen=True)
class Schedule:
    """The learning rate as a function of time in epochs.

    Subclasses are frozen dataclasses that state their rate in `_rate`, for a one-dimensional
    array of times and a slack in epochs: a jump that is due within it has happened.
    """

    def __call__(self, t):
        """Return the learning rate at time `t`.

        Parameters
        ----------
        t : float or array_like of float
            Time in epochs, 0 or later. ``math.inf`` is allowed.

        Returns
        -------
        float or numpy.ndarray
            The learning rate: a float for a number (or an array without dimensions), an
            array of `t`'s shape for an array. Always finite and at least 0.

        Raises
        ------
        TypeError
            If a time is not a number.
        ValueError
            If a time is negative or NaN, or the rows of an array differ in length.
        """
        allowed = "t must be a time in epochs in [0, ∞]"
        try:
            times = _as_floats(np.asarray(t))
        except ValueError as error:
            raise ValueError(f"{allowed}, not {t!r}: {error}") from None
        if times is None:
            raise TypeError(f"{allowed}, not {t!r}")
        if not np.all(times >= 0):
            raise ValueError(f"{allowed}, not {t!r}")
        # NumPy rounds some powers of a scalar and of an array differently: a number takes the
        # array's way, so that both have the same rate to the last bit.
        rate = self._rate(times.ravel(), 0.0).reshape(times.shape)
        return float(rate) if rate.ndim == 0 else rate

    def _rate(self, t, slack):
        raise NotImplementedError(f"{type(self).__name__} does not state its rate")

    def per_update(self, updates_per_epoch):
        """Return this schedule as a function of the update count, as frameworks ask for it.

        Parameters
        ----------
        updates_per_epoch : int
            Updates in one pass over the training set, 1 or more.

        Returns
        -------
        PerUpdate
            For ``gluon.Trainer(params, 'sgd', {'lr_scheduler': ...})``. An optimizer with a
            learning rate of its own, such as Adam, wants ``'learning_rate': None`` beside it.
        """
        return PerUpdate(self, updates_per_epoch)

    @classmethod
    def parameters(cls):
        """Return the schedule's numeric parameters as a dict of name to `Parameter`."""
        return {f.name: f.metadata["parameter"] for f in fields(cls) if "parameter" in f.metadata}


@dataclass(frozen=True)
class PerUpdate:
    """A schedule on a framework's clock.

    MXNet counts the first update as 1 and asks with 0 before any update: both are time 0, so
    the first update runs at ``schedule(0)`` and update ``1 + updates_per_epoch`` at
    ``schedule(1)``.

    A jump falls on the first update that is not before it. Where it falls on an update, as a
    milestone of 13 after a warmup of 9.4 does with 10 updates an epoch, it does so although
    22.4 - 9.4 is a little less than 13 in floating-point numbers.
    """

    schedule: Schedule
    updates_per_epoch: int

    def __post_init__(self):
        if not isinstance(self.schedule, Schedule):
            raise TypeError(f"PerUpdate: schedule must be a Schedule, not {self.schedule!r}")
        n = _count("updates_per_epoch", self.updates_per_epoch, at_least=1)
        object.__setattr__(self, "updates_per_epoch", n)

    def __call__(self, num_update):
        """Return the learning rate of an update.

        Parameters
        ----------
        num_update : int
            1 for the first update; 0 before it.

        Returns
        -------
        float

        Raises
        ------
        TypeError
            If `num_update` is not an integer.
        ValueError
            If it is negative.
        """
        done = max(_count("num_update", num_update, at_least=0) - 1, 0)
        try:
            t = done / self.updates_per_epoch
        except OverflowError:
            t = math.inf
        return float(self.schedule._rate(np.array([t]), _SLACK * t)[0])


def _count(name, value, at_least):
    """Return a count as an int, whose arithmetic can't wrap."""
    message = f"per_update: {name} must be an int in [{at_least}, ∞), not {value!r}"
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(message)
    if value < at_least:
        raise ValueError(message)
    return int(value)


def _as_floats(array):
    """Return an array of floats of that shape, or None when not all are numbers."""
    if array.dtype.kind in "iuf":
        return array.astype(float)
    if array.dtype.kind == "O" and all(map(is_number, array.flat)):
        return np.array([as_float(number) for number in array.flat], float).reshape(array.shape)
    return None
