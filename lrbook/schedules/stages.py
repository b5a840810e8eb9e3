"""A rate in stages, one after another: stay, then decay, and what chains any schedules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrbook.schedules.base import Schedule
from lrbook.schedules.parameters import (
    base_lr_slider,
    between,
    check_real,
    final_lr_slider,
    slider,
)
from lrbook.schedules.shapes import SHAPES, check_choice


@dataclass(frozen=True)
class Chain(Schedule):
    r"""One schedule, then another, each on its own clock.

    .. math:: \eta(t) = \eta_1(t) \quad (t < s), \qquad \eta_2(t - s) \quad (t \ge s)

    The second begins from its 0 at :math:`s`, whatever rate the first has reached: where the two
    differ there, the rate jumps. What the first would do after :math:`s` is cut off. Three in a row
    are a chain of a chain.

    ``Warmup(schedule, d, start_lr)`` is ``Chain(Polynomial(start_lr, schedule(0), d, 1), d,
    schedule)``: a line that ends where the schedule begins, so nothing jumps.

    Parameters
    ----------
    first : Schedule
        :math:`\eta_1`.
    until : float
        :math:`s` in epochs, in (0, ∞).
    then : Schedule
        :math:`\eta_2`.
    """

    first: Schedule
    until: float = slider("then, from epoch", "epochs", 1, 30, 1)
    then: Schedule

    def __post_init__(self):
        for name in ("first", "then"):
            value = getattr(self, name)
            if not isinstance(value, Schedule):
                raise TypeError(f"Chain: {name} must be a Schedule, not {value!r}")
        check_real(self, "until", above=0)

    def _rate(self, t, slack):
        before = t + slack < self.until
        rate = np.empty_like(t)
        rate[before] = self.first._rate(t[before], slack)
        rate[~before] = self.then._rate(np.maximum(t[~before] - self.until, 0), slack)
        return rate


@dataclass(frozen=True)
class WarmupStableDecay(Schedule):
    r"""A warmup, a plateau, and a cooldown of stated shape; then the final rate.

    .. math:: \eta(t) = \eta_0\, t/w \quad (t < w), \qquad \eta_0 \quad (w \le t < w + s), \qquad
        \eta_T + (\eta_0 - \eta_T)\, f\!\left(\frac{t - w - s}{d}\right) \quad (w + s \le t <
        w + s + d), \qquad \eta_T \quad (t \ge w + s + d)

    with :math:`f(x) = 1 - x` for ``shape='linear'``, :math:`1 - \sqrt{x}` for ``'sqrt'`` and
    :math:`(1 + \cos \pi x)/2` for ``'cosine'``. ``η(0) = 0`` with a warmup and ``base_lr`` without.
    The whole length, :math:`w + s + d`, includes the warmup.

    Two that differ in `stable`, and in `cooldown` and its shape, are one and the same until the
    earlier plateau ends: one stable run can have many cooldowns.

    Parameters
    ----------
    base_lr, final_lr : float
        :math:`\eta_0` and :math:`\eta_T`, in [0, ∞).
    warmup, stable : float
        :math:`w` and :math:`s` in epochs, each in [0, ∞).
    cooldown : float
        :math:`d` in epochs, in (0, ∞).
    shape : {'linear', 'sqrt', 'cosine'}
        The cooldown's shape.

    References
    ----------
    Hu et al., *MiniCPM: Unveiling the Potential of Small Language Models with Scalable Training
    Strategies*, 2024, equation 1. Hägele et al., *Scaling Laws and Compute-Optimal Training Beyond
    Fixed Training Durations*, 2024, for the shapes (their ``1-sqrt`` is ``'sqrt'``).
    """

    base_lr: float = base_lr_slider()
    final_lr: float = final_lr_slider()
    warmup: float = slider("warmup", "epochs", 0, 10, 0.5)
    stable: float = slider("plateau", "epochs", 0, 30, 1)
    cooldown: float = slider("cooldown", "epochs", 1, 30, 1)
    shape: str = "linear"

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)
        check_real(self, "final_lr", at_least=0)
        check_real(self, "warmup", at_least=0)
        check_real(self, "stable", at_least=0)
        check_real(self, "cooldown", above=0)
        check_choice(self, "shape", SHAPES)

    def _rate(self, t, slack):
        done = np.minimum(t, self.warmup) / self.warmup if self.warmup else np.ones_like(t)
        with np.errstate(over="ignore"):
            # From one sum: near its start a square root shows what two differences round.
            end = np.minimum(np.add(self.warmup, self.stable), np.finfo(float).max)
            part = np.clip((t - end) / self.cooldown, 0, 1)
        falling = between(self.base_lr, self.final_lr, SHAPES[self.shape](part))
        return np.where(part > 0, falling, between(self.base_lr, 0.0, done))


@dataclass(frozen=True)
class InverseSquareRoot(Schedule):
    r"""A linear warmup to a base rate, then its inverse-square-root decay, as Transformers use it.

    .. math:: \eta(t) = \eta_0 \min\left(t/w, \sqrt{w/t}\right)

    ``η(0) = 0``, ``η(w) = base_lr``, ``η(4w) = base_lr / 2``. The clock is that of the whole run:
    the decay doesn't begin from its own 0, as it would after a `Warmup` of a `SquareRoot`, and a
    longer warmup makes it slower.

    Parameters
    ----------
    base_lr : float
        :math:`\eta_0`, the highest rate, in [0, ∞).
    warmup : float
        :math:`w` in epochs, in (0, ∞).

    References
    ----------
    Vaswani et al., *Attention Is All You Need*, 2017, equation 3, with :math:`\eta_0 =
    (d_\mathrm{model} w)^{-1/2}` for a warmup of :math:`w` updates.
    """

    base_lr: float = base_lr_slider()
    warmup: float = slider("warmup", "epochs", 0.5, 10, 0.5)

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)
        check_real(self, "warmup", above=0)

    def _rate(self, t, slack):
        rising = np.minimum(t, self.warmup) / self.warmup
        return self.base_lr * rising * np.sqrt(self.warmup / np.maximum(t, self.warmup))
