"""Schedules made of schedules."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lrbook.schedules.base import Schedule
from lrbook.schedules.parameters import Parameter, between, check_real, slider


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
    duration: float = slider("warmup", "epochs", 0, 10, 0.5)
    start_lr: float = field(
        default=0.0,
        metadata={"parameter": Parameter("warmup starts at", "", 0, 0.5, 0.01)},
    )
    mode: str = "linear"

    def __post_init__(self):
        if not isinstance(self.schedule, Schedule):
            raise TypeError(f"Warmup: schedule must be a Schedule, not {self.schedule!r}")
        check_real(self, "duration", at_least=0)
        check_real(self, "start_lr", at_least=0)
        if self.mode not in ("linear", "constant"):
            raise ValueError(f"Warmup: mode must be 'linear' or 'constant', not {self.mode!r}")

    def _rate(self, t, slack):
        # Asked once for both: asked twice, n warmups in each other would ask 2^n times.
        inner = self.schedule._rate(np.append(np.maximum(t - self.duration, 0), 0.0), slack)
        after, first = inner[:-1], inner[-1]
        if self.duration == 0:
            return after
        if self.mode == "constant":
            during = self.start_lr
        else:
            done = np.minimum(t, self.duration) / self.duration
            during = between(first, self.start_lr, done)
        return np.where(t + slack < self.duration, during, after)
