"""What a schedule's parameter is: how it is shown, and what it may be."""

import math
from dataclasses import dataclass, field
from numbers import Real

import numpy as np


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


def slider(*args, **kwargs):
    """Return a dataclass field with a slider, the `Parameter` of these arguments."""
    return field(metadata={"parameter": Parameter(*args, **kwargs)})


def base_lr_slider():
    """Return the field of a base rate."""
    return slider("base learning rate η₀", "", 1e-3, 3.0, 0.05, scale="log")


def final_lr_slider():
    """Return the field of a final rate."""
    return slider("final learning rate", "", 1e-4, 1.0, 0.05, scale="log")


def horizon_slider():
    """Return the field of a horizon."""
    return slider("horizon T", "epochs", 1, 30, 1)


def is_number(value):
    """Return whether a value is a real number; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_))


def as_float(number):
    """Return a number as a float, infinite when it is beyond the largest."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def check_real(owner, name, *, above=None, at_least=None, at_most=None):
    """Check that a parameter is a finite real number in its range, and make it a float."""
    value = getattr(owner, name)
    low = f"[{at_least:g}" if above is None else f"({above:g}"
    allowed = f"{low}, ∞)" if at_most is None else f"{low}, {at_most:g}]"
    where = f"{type(owner).__name__}: {name}"
    if not is_number(value):
        raise TypeError(f"{where} must be a number in {allowed}, not {value!r}")
    number = as_float(value)
    inside = (
        math.isfinite(number)
        and (above is None or number > above)
        and (at_least is None or number >= at_least)
        and (at_most is None or number <= at_most)
    )
    if not inside:
        raise ValueError(f"{where} must be a finite number in {allowed}, not {value!r}")
    object.__setattr__(owner, name, number)


def between(start, end, weight):
    """Return `start` where `weight` is 1, `end` where it is 0, and a rate between elsewhere.

    By the formula alone, rounding can miss `start` by a unit in the last place, either way. A
    weight below 1 makes up for it, so no other rate leaves the interval.
    """
    return np.where(weight == 1, start, end + (start - end) * weight)
