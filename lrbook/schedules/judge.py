"""A schedule that a reader wrote, compared with the book's: where they part, and why."""

import itertools
import math
from dataclasses import dataclass, fields, replace

import numpy as np

from lrbook.schedules.base import PerUpdate, Schedule
from lrbook.schedules.compose import Warmup
from lrbook.schedules.parameters import is_number

TOLERANCE = 1e-9  # of a rate, relative: other orders of the same arithmetic are within it
_PART = 20  # times an epoch on the clock of epochs


@dataclass(frozen=True)
class Verdict:
    """What :func:`judge` found; ``print`` it to read it.

    Attributes
    ----------
    right : bool
    compared : int
        At how many times both were asked.
    when : str
        The first time at which they differ: ``'at t = 5.05 epochs'``; empty if they never do.
    yours : float or str
        Your rate there, or what your schedule did instead of answering with one.
    expected : float
        The reference's.
    mistake : str
        The usual mistake that gives exactly your rates, at all times or at most of them, which it
        then says; empty if none does.
    """

    right: bool
    compared: int
    when: str = ""
    yours: float | str = math.nan
    expected: float = math.nan
    mistake: str = ""

    def __str__(self):
        """Return the verdict in sentences."""
        if self.right:
            return f"Right: the same rate at all {self.compared:,} times."
        if isinstance(self.yours, str):
            said = f"{self.when[0].upper()}{self.when[1:]} your schedule {self.yours}; "
            said += f"expected is {self.expected:.6g}."
        else:
            yours, expected = _told_apart(self.yours, self.expected)
            said = f"It differs first {self.when}: yours is {yours}, expected is {expected}."
        return f"{said}\n{self.mistake}" if self.mistake else said


def judge(yours, reference, num_epochs=30, updates_per_epoch=None):
    """Compare a schedule that you wrote with the book's.

    Parameters
    ----------
    yours : callable
        Called with a time in epochs, a float of 0 or more; or, if `updates_per_epoch` is given,
        with the number of an update, an int, as MXNet calls a scheduler: 1 for the first one.
    reference : Schedule
        The book's.
    num_epochs : int
        How long the training is in which both are asked, 1 or more.
    updates_per_epoch : int, optional
        Updates in one pass over the training set, 1 or more.

    Returns
    -------
    Verdict

    Raises
    ------
    TypeError
        If `yours` can't be called, `reference` is no schedule, or a count is no int.
    ValueError
        If a count is below 1.
    """
    if not callable(yours):
        raise TypeError(f"judge: yours must be a function or an object to call, not {yours!r}")
    if not isinstance(reference, Schedule):
        raise TypeError(f"judge: reference must be a Schedule, not {reference!r}")
    if isinstance(num_epochs, bool) or not isinstance(num_epochs, int):
        raise TypeError(f"judge: num_epochs must be an int in [1, ∞), not {num_epochs!r}")
    if num_epochs < 1:
        raise ValueError(f"judge: num_epochs must be an int in [1, ∞), not {num_epochs!r}")
    if updates_per_epoch is None:
        asked = [k / _PART for k in range(num_epochs * _PART + 1)]
        expected = [reference(t) for t in asked]
    else:
        clock = PerUpdate(reference, updates_per_epoch)
        asked = list(range(1, num_epochs * clock.updates_per_epoch + 1))
        expected = [clock(update) for update in asked]
    rates = []
    for number, right in zip(asked, expected, strict=True):
        rate = _ask(yours, number)
        if isinstance(rate, str):
            return Verdict(False, len(asked), _when(number), rate, right)
        rates.append(rate)
    differs = [not _same(a, b) for a, b in zip(rates, expected, strict=True)]
    if not any(differs):
        return _whether_it_remembers(yours, asked, expected)
    first = differs.index(True)
    mistake = _mistake(rates, first, reference, asked, updates_per_epoch)
    at = _when(asked[first])
    return Verdict(False, len(asked), at, rates[first], expected[first], mistake)


def _ask(yours, number):
    """Return the reader's rate as a float, or in words what came instead of one."""
    try:
        rate = yours(number)
    except Exception as error:  # whatever the reader's code raises belongs into the verdict
        return f"raised {type(error).__name__}: {error}"
    if isinstance(rate, np.ndarray) and rate.ndim == 0:
        rate = rate.item()
    if rate is None:
        return "answered None: a return is missing"
    if not is_number(rate):
        return f"answered {rate!r}, which is no number"
    return float(rate)


def _same(a, b):
    return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE * 1e-3)


def _when(number):
    if isinstance(number, int):
        return f"at update {number:,}"
    return f"at t = {number:g} epochs"


def _told_apart(a, b):
    """Return two numbers in as many digits as it takes to see that they differ."""
    texts = [(f"{a:.{n}g}", f"{b:.{n}g}") for n in range(6, 18)]
    return next((pair for pair in texts if pair[0] != pair[1]), texts[-1])


def _whether_it_remembers(yours, asked, expected):
    """Ask again, backwards: a schedule answers the same whatever it was asked before."""
    for number, right in zip(reversed(asked), reversed(expected), strict=True):
        again = _ask(yours, number)
        if isinstance(again, str) or not _same(again, right):
            return Verdict(
                False,
                len(asked),
                f"{_when(number)}, asked a second time",
                again,
                right,
                "Your schedule remembers what it was asked before. MXNet asks several times an "
                "update: state the rate as a function of the time alone.",
            )
    return Verdict(True, len(asked))


def _mistake(rates, first, reference, asked, updates_per_epoch):
    """Return in words the usual mistake that explains most rates from the first wrong one on."""
    if updates_per_epoch is None:
        usual = _of_the_clock_of_epochs(reference)
    else:
        usual = _of_the_clock_of_updates(reference, updates_per_epoch)
    best, explained = "", (first + len(rates)) / 2
    for words, rate in usual:
        pairs = zip(rates, asked, strict=True)
        same = sum(1 for _ in itertools.takewhile(lambda p, r=rate: _same(p[0], r(p[1])), pairs))
        if same > explained:
            best, explained = words, same
        if same == len(rates):
            return words
    if best:
        best += (
            f"\nThat explains your rates up to {_when(asked[explained - 1])[3:]}: there is more."
        )
    return best


# Each of the following yields mistakes: in words, and as the rate that they give.


def _of_the_clock_of_updates(reference, n):
    right = reference.per_update(n)
    first = "one update off. The first update has the number 1, and its time is 0."
    yield f"That is the rate of the next update: {first}", lambda u: right(u + 1)
    yield f"That is the rate of the update before: {first}", lambda u: right(max(u - 1, 1))
    clock = "You count updates where the schedule counts epochs: divide by the updates of an epoch."
    yield clock, lambda u: reference(u)
    yield clock, lambda u: reference(u - 1)
    for m in (n - 1, n + 1) if n > 1 else (n + 1,):
        wrong = reference.per_update(m)
        words = f"Your epoch has {m} updates and this one {n}: what about the last minibatch?"
        yield words, wrong
    rounded = "Your rate changes once an epoch, and the schedule's with every update: don't round."
    yield rounded, lambda u: reference((u - 1) // n)
    for words, rate in _of_the_formula(reference):
        yield words, lambda u, rate=rate: rate((u - 1) / n)


def _of_the_clock_of_epochs(reference):
    yield "That is the rate of the next epoch: one epoch off.", lambda t: reference(t + 1)
    rounded = "Your rate changes once an epoch, and the schedule's all the time: don't round."
    yield rounded, lambda t: reference(math.floor(t))
    yield from _of_the_formula(reference)


def _of_the_formula(reference):
    names = {field.name for field in fields(reference)}
    if isinstance(reference, Warmup):
        yield from _of_a_warmup(reference)
    if "final_lr" in names:
        yield "Your schedule goes to 0, and not to final_lr.", replace(reference, final_lr=0.0)
        ends = {"base_lr": reference.final_lr, "final_lr": reference.base_lr}
        yield "The base rate and the final rate are exchanged.", replace(reference, **ends)
    if "horizon" in names:
        T, stays = reference.horizon, "This one stays at its final rate: use min(t, horizon)."
        again = f"Past the horizon your schedule starts again. {stays}"
        yield again, lambda t: reference(t % T if t > T else t)
        mirrored = f"Past the horizon your schedule comes up again. {stays}"
        yield mirrored, lambda t: reference(T - abs(T - t % (2 * T)) if t > T else t)
    if "stable" in names and reference.stable > reference.warmup > 0:
        shorter = replace(reference, stable=reference.stable - reference.warmup)
        yield "Your plateau includes the warmup. This one begins when the warmup ends.", shorter


def _of_a_warmup(reference):
    inner, d = reference.schedule, reference.duration
    cut = "After the warmup your schedule goes on by the clock of the whole run, and its beginning "
    cut += "is cut off. Its own clock starts when the warmup ends."
    yield cut, lambda t: reference(t) if t < d else inner(t)
    if getattr(inner, "horizon", 0) > d:
        shorter = replace(inner, horizon=inner.horizon - d)
        whole = "Your horizon includes the warmup. This one doesn't: both together are the whole."
        yield whole, replace(reference, schedule=shorter)
    yield "Your warmup starts at 0, and not at start_lr.", replace(reference, start_lr=0.0)
    yield "The warmup is missing: the schedule begins at once.", inner
    for words, rate in _of_the_formula(inner):
        yield words, lambda t, rate=rate: reference(t) if t < d else rate(t - d)
