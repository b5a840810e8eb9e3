"""Rates that rise: the ramp of a range test, cycles, restarts, and one cycle."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from lrbook.schedules.base import Schedule
from lrbook.schedules.decays import Cosine, Polynomial
from lrbook.schedules.parameters import (
    Parameter,
    base_lr_slider,
    between,
    check_real,
    final_lr_slider,
    horizon_slider,
    slider,
)
from lrbook.schedules.shapes import SHAPES, check_choice
from lrbook.schedules.stages import Chain


@dataclass(frozen=True)
class Ramp(Schedule):
    r"""A rate that rises, or falls, by the same factor in the same time; then the final rate.

    .. math:: \eta(t) = \eta_0 \left(\frac{\eta_T}{\eta_0}\right)^{t/T} \quad (t < T), \qquad
        \eta_T \quad (t \ge T)

    ``η(0) = base_lr``, ``η(t) = final_lr`` from the horizon on, and half-way their geometric mean.
    It is the rate of a range test, which tries every rate of a few decades in one short run.

    Parameters
    ----------
    base_lr, final_lr : float
        :math:`\eta_0` and :math:`\eta_T`, in (0, ∞).
    horizon : float
        :math:`T` in epochs, in (0, ∞).

    References
    ----------
    Smith, *Cyclical Learning Rates for Training Neural Networks*, 2017, section 3.3, for the test,
    there with a line instead.
    """

    base_lr: float = base_lr_slider()
    final_lr: float = final_lr_slider()
    horizon: float = horizon_slider()

    def __post_init__(self):
        check_real(self, "base_lr", above=0)
        check_real(self, "final_lr", above=0)
        check_real(self, "horizon", above=0)

    def _rate(self, t, slack):
        done = np.minimum(t, self.horizon) / self.horizon
        first, last = np.log(self.base_lr), np.log(self.final_lr)
        rate = np.exp(first + (last - first) * done)
        # Rounding must not leave the two rates, nor miss them.
        rate = np.clip(rate, *sorted((self.base_lr, self.final_lr)))
        return np.where(done == 0, self.base_lr, np.where(done == 1, self.final_lr, rate))


@dataclass(frozen=True)
class Triangular(Schedule):
    r"""Cycles in straight lines between two rates, up for half of a cycle and down for half.

    .. math:: \eta(t) = \eta_b + (\eta_m - \eta_b)\, a(t) \max(0, 1 - |t/h - 2c - 1|), \qquad
        c = \lfloor t / 2h \rfloor

    with :math:`a(t) = 1` for ``mode='plain'``, :math:`2^{-c}` for ``'halved'``: each cycle half as
    high as the one before, and :math:`\gamma^t` for ``'exponential'``. ``η(0) = base_lr``, and
    ``η(h) = max_lr`` in the first two modes. At ``t = ∞``, where a cycle has no place, it is
    `base_lr`.

    Parameters
    ----------
    base_lr, max_lr : float
        :math:`\eta_b`, at which a cycle begins and ends, and :math:`\eta_m`, in [0, ∞). The names
        are Smith's: here the base rate is the low one.
    half_cycle : float
        :math:`h` in epochs, in (0, ∞); Smith's *stepsize*.
    mode : {'plain', 'halved', 'exponential'}
        What becomes of the height.
    factor : float
        :math:`\gamma` an epoch, in (0, 1]; other than 1 in the mode ``'exponential'`` only.

    References
    ----------
    Smith, *Cyclical Learning Rates for Training Neural Networks*, 2017, section 3.1; his
    ``triangular``, ``triangular2`` and ``exp_range``, whose factor counts updates.
    """

    base_lr: float = base_lr_slider()
    max_lr: float = slider("highest learning rate", "", 1e-3, 3.0, 0.05, scale="log")
    half_cycle: float = slider("half a cycle", "epochs", 1, 15, 1)
    mode: str = "plain"
    factor: float = field(
        default=1.0, metadata={"parameter": Parameter("factor γ", "per epoch", 0.5, 1, 0.01)}
    )

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)
        check_real(self, "max_lr", at_least=0)
        check_real(self, "half_cycle", above=0)
        check_choice(self, "mode", ("plain", "halved", "exponential"))
        check_real(self, "factor", above=0, at_most=1)
        if self.mode != "exponential" and self.factor != 1:
            raise ValueError(
                f"Triangular: factor must be 1 unless mode is 'exponential', not {self.factor!r}"
            )

    def _rate(self, t, slack):
        t = np.where(np.isinf(t), 0.0, t)
        with np.errstate(over="ignore"):
            halves = np.minimum(t / self.half_cycle, np.finfo(float).max)
        height = 1 - np.abs(halves % 2 - 1)
        if self.mode == "halved":
            height = height * 0.5 ** np.floor(halves / 2)
        return between(self.max_lr, self.base_lr, height * self.factor**t)


@dataclass(frozen=True)
class Restarts(Schedule):
    r"""A cosine that begins again and again, each time longer: SGD with warm restarts.

    .. math:: \eta(t) = \eta_T + \frac{\eta_0 - \eta_T}{2}\left(1 + \cos\frac{\pi (t - s_i)}{T
        m^i}\right) \quad (s_i \le t < s_{i+1}), \qquad s_i = T\,(1 + m + \dots + m^{i-1})

    ``η(s_i) = base_lr``: at a restart the rate jumps back up. At ``t = ∞``, where a cycle has no
    place, it is `final_lr`.

    Parameters
    ----------
    base_lr, final_lr : float
        :math:`\eta_0` and :math:`\eta_T`, in [0, ∞).
    period : float
        :math:`T`, the first cycle in epochs, in (0, ∞).
    multiplier : int or float
        :math:`m`, a whole number in [1, ∞): how many times as long the next cycle is.

    References
    ----------
    Loshchilov and Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2016, equation 5.
    """

    base_lr: float = base_lr_slider()
    final_lr: float = final_lr_slider()
    period: float = slider("first cycle", "epochs", 1, 30, 1)
    multiplier: float = slider("next cycle, times as long", "", 1, 3, 1)

    def __post_init__(self):
        check_real(self, "base_lr", at_least=0)
        check_real(self, "final_lr", at_least=0)
        check_real(self, "period", above=0)
        check_real(self, "multiplier", at_least=1)
        if self.multiplier % 1:
            raise ValueError(
                f"Restarts: multiplier must be a whole number in [1, ∞), not {self.multiplier!r}"
            )

    def _rate(self, t, slack):
        with np.errstate(over="ignore"):
            endless = np.isinf((t + slack) / self.period)
            elapsed, length = self._cycle(np.where(endless, 0, t), np.where(endless, 0, t + slack))
            left = SHAPES["cosine"](np.clip(elapsed / length, 0, 1))
        return np.where(endless, self.final_lr, between(self.base_lr, self.final_lr, left))

    def _cycle(self, t, due):
        """Return how long the cycle of a time has lasted, and its length; `due` is with slack."""
        m, period = self.multiplier, self.period
        if m == 1:
            elapsed, ahead = np.fmod(t, period), np.fmod(due, period)
            return np.where(ahead < elapsed, 0, elapsed), period

        def start(i):
            return (m**i - 1) / (m - 1)

        cycles = due / period
        # The rounding of a logarithm can miss a cycle's edge by one.
        far = np.minimum(cycles * (m - 1), np.finfo(float).max)
        i = np.floor(np.log1p(far) / np.log(m))
        i = np.where(cycles < start(i), i - 1, i)
        i = np.where(cycles >= start(i + 1), i + 1, i)
        return t - start(i) * period, m**i * period


_LEGS = {"cosine": Cosine, "linear": partial(Polynomial, power=1)}


@dataclass(frozen=True)
class OneCycle(Schedule):
    r"""One rise to a high rate and one fall to a very low one; then the final rate.

    .. math:: \eta(t) = \eta_m + (\eta_s - \eta_m) f(t/r) \quad (t < r), \qquad
        \eta_T + (\eta_m - \eta_T) f((t - r)/d) \quad (r \le t < r + d), \qquad \eta_T \quad
        (t \ge r + d)

    with :math:`f(x) = (1 + \cos \pi x)/2` for ``shape='cosine'`` and :math:`1 - x` for
    ``'linear'``. ``η(0) = start_lr``, ``η(r) = max_lr``.

    Parameters
    ----------
    start_lr, max_lr, final_lr : float
        :math:`\eta_s`, :math:`\eta_m` and :math:`\eta_T`, in [0, ∞).
    rise, fall : float
        :math:`r` and :math:`d` in epochs, each in (0, ∞).
    shape : {'cosine', 'linear'}
        How the rate gets from one to the next.

    References
    ----------
    Smith and Topin, *Super-Convergence: Very Fast Training of Neural Networks Using Large Learning
    Rates*, 2019, with lines; the cosine is fastai's and PyTorch's, whose ``pct_start`` is
    :math:`r/(r + d)`.
    """

    start_lr: float = slider("starts at", "", 1e-3, 1.0, 0.05, scale="log")
    max_lr: float = slider("highest learning rate", "", 1e-3, 3.0, 0.05, scale="log")
    final_lr: float = final_lr_slider()
    rise: float = slider("rise", "epochs", 1, 15, 1)
    fall: float = slider("fall", "epochs", 1, 30, 1)
    shape: str = "cosine"

    def __post_init__(self):
        check_real(self, "start_lr", at_least=0)
        check_real(self, "max_lr", at_least=0)
        check_real(self, "final_lr", at_least=0)
        check_real(self, "rise", above=0)
        check_real(self, "fall", above=0)
        check_choice(self, "shape", _LEGS)

    def momentum(self, low=0.85, high=0.95):
        """Return the momentum that goes with it, as a schedule: high where the rate is low.

        Parameters
        ----------
        low, high : float
            At the highest rate, and at the start and the end; each in [0, 1).

        Returns
        -------
        OneCycle
            Its value is a momentum, not a rate.

        Raises
        ------
        ValueError
            If one of them is out of its range.
        """
        for name, value in (("low", low), ("high", high)):
            if not 0 <= value < 1:
                raise ValueError(
                    f"OneCycle.momentum: {name} must be a number in [0, 1), not {value!r}"
                )
        return OneCycle(high, low, high, self.rise, self.fall, self.shape)

    def _rate(self, t, slack):
        leg = _LEGS[self.shape]
        up = leg(self.start_lr, self.max_lr, self.rise)
        return Chain(up, self.rise, leg(self.max_lr, self.final_lr, self.fall))._rate(t, slack)
