"""A rate that falls, or stays: the policies of the chapter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lrbook.schedules.base import Schedule
from lrbook.schedules.parameters import (
    Parameter,
    as_float,
    base_lr_slider,
    between,
    check_real,
    final_lr_slider,
    horizon_slider,
    is_number,
    slider,
)


@dataclass(frozen=True)
class Constant(Schedule):
    r"""The same rate for ever: :math:`\eta(t) = \eta_0`.

    Parameters
    ----------
    base_lr : float
        :math:`\eta_0`, in [0, ∞).
    """

    base_lr: float = base_lr_slider()

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)

    def _rate(self, t, slack):
        return np.full_like(t, self.base_lr)


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

    base_lr: float = base_lr_slider()

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)

    def _rate(self, t, slack):
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

    base_lr: float = base_lr_slider()
    final_lr: float = final_lr_slider()
    horizon: float = horizon_slider()
    power: float = slider("power p", "", 0.25, 4, 0.25)

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)
        check_real(self, "final_lr", at_least=0)
        check_real(self, "horizon", above=0)
        check_real(self, "power", above=0)

    def _rate(self, t, slack):
        left = 1 - np.minimum(t, self.horizon) / self.horizon
        return between(self.base_lr, self.final_lr, left**self.power)


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

    base_lr: float = base_lr_slider()
    factor: float = slider("factor α", "per epoch", 0.5, 1, 0.01)
    final_lr: float = final_lr_slider()

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)
        check_real(self, "factor", above=0, at_most=1)
        check_real(self, "final_lr", at_least=0)

    def _rate(self, t, slack):
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

    base_lr: float = base_lr_slider()
    milestones: tuple[float, ...] = field(
        metadata={"milestones": Parameter("milestone", "epochs", 1, 30, 1)}
    )
    factor: float = slider("factor α", "at a milestone", 0.05, 1, 0.05)

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)
        check_real(self, "factor", above=0, at_most=1)
        given, allowed = self.milestones, "increasing times in epochs in (0, ∞), at least one"
        sequence = isinstance(given, Sequence) or (isinstance(given, np.ndarray) and given.ndim)
        if not sequence or isinstance(given, (str, bytes)) or not all(map(is_number, given)):
            raise TypeError(f"MultiFactor: milestones must be {allowed}, not {given!r}")
        steps = tuple(map(as_float, given))
        increasing = all(a < b for a, b in zip((0.0, *steps), (*steps, math.inf), strict=True))
        if not steps or not increasing:
            raise ValueError(f"MultiFactor: milestones must be {allowed}, not {given!r}")
        object.__setattr__(self, "milestones", steps)

    def _rate(self, t, slack):
        drops = np.searchsorted(self.milestones, t + slack, side="right")
        return self.base_lr * self.factor**drops


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

    base_lr: float = base_lr_slider()
    final_lr: float = final_lr_slider()
    horizon: float = horizon_slider()

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)
        check_real(self, "final_lr", at_least=0)
        check_real(self, "horizon", above=0)

    def _rate(self, t, slack):
        angle = np.pi * (np.minimum(t, self.horizon) / self.horizon)
        return between(self.base_lr, self.final_lr, (1 + np.cos(angle)) / 2)
