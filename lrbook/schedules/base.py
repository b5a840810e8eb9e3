r"""The learning rate as a pure function of time, and the two clocks.

Time ``t`` is counted in epochs and may be fractional. A schedule is an immutable value that
is called with a time and remembers nothing, so the same ``t`` has the same answer in any
order of calls; an array of times gives an array of rates of the same shape.

Frameworks count updates instead. :meth:`Schedule.per_update` is the one place where the two
clocks meet.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Schedule:
    """The learning rate as a function of time in epochs.

    Subclasses are frozen dataclasses that state their rate in `_rate`, for a one-dimensional
    array of times.
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
            If a time is negative or NaN.
        """
        given = np.asarray(t)
        if given.dtype.kind not in "iufO":
            raise TypeError(f"t must be a time in epochs in [0, ∞], not {t!r}")
        times = given.astype(float)
        if not np.all(times >= 0):
            raise ValueError(f"t must be a time in epochs in [0, ∞], not {t!r}")
        # NumPy rounds some powers of a scalar and of an array differently: a number takes the
        # array's way, so that both have the same rate to the last bit.
        flat = times.ravel()
        rate = np.broadcast_to(self._rate(flat), flat.shape).reshape(times.shape)
        return float(rate) if rate.ndim == 0 else rate.copy()

    def _rate(self, t):
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
    """

    schedule: Schedule
    updates_per_epoch: int

    def __post_init__(self):
        if not isinstance(self.schedule, Schedule):
            raise TypeError(f"PerUpdate: schedule must be a Schedule, not {self.schedule!r}")
        n = self.updates_per_epoch
        if isinstance(n, bool) or not isinstance(n, (int, np.integer)):
            raise TypeError(f"per_update: updates_per_epoch must be an int in [1, ∞), not {n!r}")
        if n < 1:
            raise ValueError(f"per_update: updates_per_epoch must be in [1, ∞), not {n!r}")

    def __call__(self, num_update):
        """Return the learning rate of update `num_update` (the first is 1)."""
        return self.schedule(max(num_update - 1, 0) / self.updates_per_epoch)
