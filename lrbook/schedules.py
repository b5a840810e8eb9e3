r"""Learning-rate schedules: the learning rate as a pure function of time.

Time ``t`` is counted in epochs and may be fractional. A schedule is an immutable value that
is called with a time and remembers nothing, so the same ``t`` has the same answer in any
order of calls; an array of times gives an array of rates of the same shape.

Frameworks count updates instead. :meth:`Schedule.per_update` is the one place where the two
clocks meet.

Nothing here needs MXNet, a file or a widget.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from numbers import Real

import numpy as np

__all__ = [
    "Constant",
    "Cosine",
    "Factor",
    "MultiFactor",
    "Parameter",
    "PerUpdate",
    "Polynomial",
    "Schedule",
    "SquareRoot",
    "Warmup",
]


@dataclass(frozen=True)
class Parameter:
    """How a schedule's parameter is shown and explored; its allowed range is the class's.

    `minimum`, `maximum` and `step` bound a slider or a sweep. With ``scale='log'`` the step
    counts decades (0.05 makes 20 positions a decade).
    """

    label: str
    unit: str
    minimum: float
    maximum: float
    step: float
    scale: str = "linear"


def _parameter(*args, **kwargs):
    return field(metadata={"parameter": Parameter(*args, **kwargs)})


def _base_lr():
    return _parameter("base learning rate η₀", "", 1e-3, 3.0, 0.05, scale="log")


def _final_lr():
    return _parameter("final learning rate", "", 1e-4, 1.0, 0.05, scale="log")


def _horizon():
    return _parameter("horizon T", "epochs", 1, 30, 1)


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_))


def _as_float(number):
    try:
        return float(number)
    except OverflowError:  # an int or a fraction beyond the largest float
        return math.inf


def _real(owner, name, *, above=None, at_least=None, at_most=None):
    """Check that a parameter is a finite real number in its range, and make it a float."""
    value = getattr(owner, name)
    low = f"[{at_least:g}" if above is None else f"({above:g}"
    allowed = f"{low}, ∞)" if at_most is None else f"{low}, {at_most:g}]"
    where = f"{type(owner).__name__}: {name}"
    if not _is_number(value):
        raise TypeError(f"{where} must be a number in {allowed}, not {value!r}")
    number = _as_float(value)
    inside = (
        math.isfinite(number)
        and (above is None or number > above)
        and (at_least is None or number >= at_least)
        and (at_most is None or number <= at_most)
    )
    if not inside:
        raise ValueError(f"{where} must be a finite number in {allowed}, not {value!r}")
    object.__setattr__(owner, name, number)


def _between(start, end, weight):
    """Return `start` where `weight` is 1, `end` where it is 0, and a rate between elsewhere.

    By the formula alone, rounding can miss `start` by a unit in the last place, either way. A
    weight below 1 makes up for it, so no other rate leaves the interval.
    """
    return np.where(weight == 1, start, end + (start - end) * weight)


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


@dataclass(frozen=True)
class Constant(Schedule):
    r"""The same rate for ever: :math:`\eta(t) = \eta_0`.

    Parameters
    ----------
    base_lr : float
        :math:`\eta_0`, in [0, ∞).
    """

    base_lr: float = _base_lr()

    def __post_init__(self):
        _real(self, "base_lr", at_least=0)

    def _rate(self, t):
        return self.base_lr


@dataclass(frozen=True)
class SquareRoot(Schedule):
    r"""Inverse-square-root decay: :math:`\eta(t) = \eta_0 (t + 1)^{-1/2}`.

    ``η(0) = base_lr`` and ``η(3) = base_lr / 2``; it has no horizon and tends to 0, which it
    is at ``t = ∞``.

    Parameters
    ----------
    base_lr : float
        :math:`\eta_0`, in [0, ∞).

    References
    ----------
    Zhang et al., *Dive into Deep Learning*, "Learning Rate Scheduling", section "Schedulers".
    """

    base_lr: float = _base_lr()

    def __post_init__(self):
        _real(self, "base_lr", at_least=0)

    def _rate(self, t):
        return self.base_lr / np.sqrt(t + 1)


@dataclass(frozen=True)
class Polynomial(Schedule):
    r"""Polynomial decay to a final rate, then that rate.

    .. math:: \eta(t) = \eta_T + (\eta_0 - \eta_T)(1 - t/T)^p \quad (t < T), \qquad \eta_T
        \quad (t \ge T)

    ``η(0) = base_lr``, ``η(t) = final_lr`` from the horizon on. ``power=1`` is linear decay.

    Parameters
    ----------
    base_lr, final_lr : float
        :math:`\eta_0` and :math:`\eta_T`, in [0, ∞).
    horizon : float
        :math:`T` in epochs, in (0, ∞).
    power : float
        :math:`p`, in (0, ∞).

    References
    ----------
    Apache MXNet 1.9.1, ``mxnet.lr_scheduler.PolyScheduler``.
    """

    base_lr: float = _base_lr()
    final_lr: float = _final_lr()
    horizon: float = _horizon()
    power: float = _parameter("power p", "", 0.25, 4, 0.25)

    def __post_init__(self):
        _real(self, "base_lr", at_least=0)
        _real(self, "final_lr", at_least=0)
        _real(self, "horizon", above=0)
        _real(self, "power", above=0)

    def _rate(self, t):
        left = 1 - np.minimum(t, self.horizon) / self.horizon
        return _between(self.base_lr, self.final_lr, left**self.power)


@dataclass(frozen=True)
class Factor(Schedule):
    r"""Exponential decay with a floor: :math:`\eta(t) = \max(\eta_{\min}, \eta_0 \alpha^t)`.

    The factor is applied per epoch, continuously. ``η(0) = max(base_lr, final_lr)``; it has
    no horizon, and stays at `final_lr` once there.

    Parameters
    ----------
    base_lr : float
        :math:`\eta_0`, in [0, ∞).
    factor : float
        :math:`\alpha`, in (0, 1].
    final_lr : float
        :math:`\eta_{\min}`, in [0, ∞).

    References
    ----------
    Zhang et al., *Dive into Deep Learning*, "Learning Rate Scheduling", "Factor Scheduler".
    """

    base_lr: float = _base_lr()
    factor: float = _parameter("factor α", "per epoch", 0.5, 1, 0.01)
    final_lr: float = _final_lr()

    def __post_init__(self):
        _real(self, "base_lr", at_least=0)
        _real(self, "factor", above=0, at_most=1)
        _real(self, "final_lr", at_least=0)

    def _rate(self, t):
        return np.maximum(self.final_lr, self.base_lr * self.factor**t)


@dataclass(frozen=True)
class MultiFactor(Schedule):
    r"""Piecewise-constant decay: :math:`\eta(t) = \eta_0 \alpha^{|\{s \in S : s \le t\}|}`.

    The rate drops *at* a milestone, so ``η(s)`` is already the lower rate. ``η(0) = base_lr``;
    past the last milestone it stays.

    Parameters
    ----------
    base_lr : float
        :math:`\eta_0`, in [0, ∞).
    milestones : sequence of float
        :math:`S`: times in epochs, each in (0, ∞), increasing; at least one. Kept as a tuple.
    factor : float
        :math:`\alpha`, in (0, 1].

    References
    ----------
    Zhang et al., *Dive into Deep Learning*, "Learning Rate Scheduling", "Multi Factor Scheduler".
    """

    base_lr: float = _base_lr()
    milestones: tuple[float, ...] = field(
        metadata={"milestones": Parameter("milestone", "epochs", 1, 30, 1)}
    )
    factor: float = _parameter("factor α", "at a milestone", 0.05, 1, 0.05)

    def __post_init__(self):
        _real(self, "base_lr", at_least=0)
        _real(self, "factor", above=0, at_most=1)
        given, allowed = self.milestones, "increasing times in epochs in (0, ∞), at least one"
        sequence = isinstance(given, Sequence) or (isinstance(given, np.ndarray) and given.ndim)
        if not sequence or isinstance(given, (str, bytes)) or not all(map(_is_number, given)):
            raise TypeError(f"MultiFactor: milestones must be {allowed}, not {given!r}")
        steps = tuple(map(_as_float, given))
        increasing = all(a < b for a, b in zip((0.0, *steps), (*steps, math.inf), strict=True))
        if not steps or not increasing:
            raise ValueError(f"MultiFactor: milestones must be {allowed}, not {given!r}")
        object.__setattr__(self, "milestones", steps)

    def _rate(self, t):
        return self.base_lr * self.factor ** np.searchsorted(self.milestones, t, side="right")


@dataclass(frozen=True)
class Cosine(Schedule):
    r"""Half a cosine from a base to a final rate, then the final rate.

    .. math:: \eta(t) = \eta_T + \frac{\eta_0 - \eta_T}{2}\left(1 + \cos(\pi t/T)\right)
        \quad (t < T), \qquad \eta_T \quad (t \ge T)

    ``η(0) = base_lr``, ``η(t) = final_lr`` from the horizon on.

    Parameters
    ----------
    base_lr, final_lr : float
        :math:`\eta_0` and :math:`\eta_T`, in [0, ∞).
    horizon : float
        :math:`T` in epochs, in (0, ∞).

    References
    ----------
    Loshchilov and Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2016,
    equation 5 with a single cycle; *Dive into Deep Learning*, equation 11.15.1.
    """

    base_lr: float = _base_lr()
    final_lr: float = _final_lr()
    horizon: float = _horizon()

    def __post_init__(self):
        _real(self, "base_lr", at_least=0)
        _real(self, "final_lr", at_least=0)
        _real(self, "horizon", above=0)

    def _rate(self, t):
        angle = np.pi * (np.minimum(t, self.horizon) / self.horizon)
        return _between(self.base_lr, self.final_lr, (1 + np.cos(angle)) / 2)


@dataclass(frozen=True)
class Warmup(Schedule):
    r"""A gentle start before any schedule, which then runs on its own clock, from its 0.

    .. math:: \eta(t) = \eta_s + (\eta(0) - \eta_s)\, t/d \quad (t < d), \qquad
        \eta(t - d) \quad (t \ge d)

    with :math:`\eta` the wrapped schedule, :math:`\eta_s` the start rate and :math:`d` the
    duration; with ``mode='constant'`` the rate is :math:`\eta_s` until `d`.

    The wrapped schedule's horizon does **not** include the warmup: a cosine that ends at
    epoch 20 after a warmup of 5 is ``Warmup(Cosine(0.5, 0.01, 15), 5)``. A duration of 0 is
    the wrapped schedule itself. A warmup as long as the wrapped horizon, or longer, delays
    that schedule; it cuts nothing off.

    Parameters
    ----------
    schedule : Schedule
        What runs after the warmup.
    duration : float
        :math:`d` in epochs, in [0, ∞).
    start_lr : float
        :math:`\eta_s`, in [0, ∞).
    mode : {'linear', 'constant'}
        How the rate gets from `start_lr` to ``schedule(0)``: in a line, or in one jump at
        the end.

    References
    ----------
    Goyal et al., *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*, 2017, section
    2.2 (constant and gradual warmup).
    """

    schedule: Schedule
    duration: float = _parameter("warmup", "epochs", 0, 10, 0.5)
    start_lr: float = field(
        default=0.0,
        metadata={"parameter": Parameter("warmup starts at", "", 0, 0.5, 0.01)},
    )
    mode: str = "linear"

    def __post_init__(self):
        if not isinstance(self.schedule, Schedule):
            raise TypeError(f"Warmup: schedule must be a Schedule, not {self.schedule!r}")
        _real(self, "duration", at_least=0)
        _real(self, "start_lr", at_least=0)
        if self.mode not in ("linear", "constant"):
            raise ValueError(f"Warmup: mode must be 'linear' or 'constant', not {self.mode!r}")

    def _rate(self, t):
        after = self.schedule(np.maximum(t - self.duration, 0))
        if self.duration == 0:
            return after
        if self.mode == "constant":
            during = self.start_lr
        else:
            done = np.minimum(t, self.duration) / self.duration
            during = _between(self.schedule(0), self.start_lr, done)
        return np.where(t < self.duration, during, after)
