"""Schedules: their edges, what they refuse, and properties that hold for every parameter."""

import copy
import math
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import lrbook
from lrbook.schedules import (
    Chain,
    Constant,
    Cosine,
    Factor,
    InverseSquareRoot,
    MultiFactor,
    OneCycle,
    PerUpdate,
    Polynomial,
    Ramp,
    Restarts,
    Schedule,
    SquareRoot,
    Table,
    Triangular,
    Warmup,
    WarmupStableDecay,
)

# NumPy reports an overflow, a division by zero and an invalid value as warnings.
pytestmark = pytest.mark.filterwarnings("error")

many = settings(max_examples=120, deadline=None)

# One of each, with all parameters given by name and nothing at an edge.
EXAMPLES = [
    Constant(base_lr=0.3),
    SquareRoot(base_lr=0.5),
    Polynomial(base_lr=0.5, final_lr=0.01, horizon=20, power=2),
    Factor(base_lr=0.5, factor=0.9, final_lr=0.05),
    MultiFactor(base_lr=0.5, milestones=(15, 30), factor=0.5),
    Cosine(base_lr=0.5, final_lr=0.01, horizon=20),
    Warmup(schedule=Cosine(0.5, 0.01, 15), duration=5, start_lr=0.1, mode="linear"),
    Warmup(schedule=MultiFactor(0.5, (15, 30), 0.5), duration=5, start_lr=0.1, mode="constant"),
    Table(times=(0, 5, 20), rates=(0.1, 0.5, 0.01), interpolation="linear"),
    Table(times=(0, 5, 20), rates=(0.1, 0.5, 0.01), interpolation="steps"),
    Chain(first=Constant(0.5), until=15, then=Cosine(0.3, 0.01, 15)),
    WarmupStableDecay(base_lr=0.5, final_lr=0.01, warmup=3, stable=17, cooldown=10, shape="linear"),
    WarmupStableDecay(0.5, 0.01, 3, 17, 10, shape="sqrt"),
    WarmupStableDecay(0.5, 0.01, 3, 17, 10, shape="cosine"),
    InverseSquareRoot(base_lr=0.5, warmup=5),
    Ramp(base_lr=0.001, final_lr=1, horizon=20),
    Triangular(base_lr=0.05, max_lr=0.5, half_cycle=4),
    Triangular(base_lr=0.05, max_lr=0.5, half_cycle=4, mode="halved"),
    Triangular(base_lr=0.05, max_lr=0.5, half_cycle=4, mode="exponential", factor=0.9),
    Restarts(base_lr=0.5, final_lr=0.01, period=5, multiplier=2),
    Restarts(base_lr=0.5, final_lr=0.01, period=8, multiplier=1),
    OneCycle(start_lr=0.02, max_lr=0.5, final_lr=0.01, rise=9, fall=21, shape="cosine"),
    OneCycle(start_lr=0.02, max_lr=0.5, final_lr=0.01, rise=9, fall=21, shape="linear"),
]


def name_of(value):
    return type(value).__name__


each_example = pytest.mark.parametrize("schedule", EXAMPLES, ids=name_of)


# --- Edges -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "t", "rate"),
    [
        (Constant(0.3), 0, 0.3),
        (Constant(0.3), 1e300, 0.3),
        (Constant(0.3), math.inf, 0.3),
        (Constant(0), 5, 0.0),
        (SquareRoot(0.5), 0, 0.5),
        (SquareRoot(0.5), 3, 0.25),
        (SquareRoot(0.5), math.inf, 0.0),
        (Polynomial(0.1, 0.3, 20, 2), 0, 0.1),
        (Polynomial(1e-20, 0.5, 20, 2), 0, 1e-20),
        (Polynomial(0.5, 0.01, 20, 1), 10, 0.255),
        (Polynomial(0.5, 0.1, 20, 2), 10, 0.2),
        (Polynomial(0.5, 0.01, 20, 2), 20, 0.01),
        (Polynomial(0.5, 0.01, 20, 2), 20.5, 0.01),
        (Polynomial(0.5, 0.01, 20, 2), math.inf, 0.01),
        (Polynomial(0.5, 0.5, 20, 2), 7, 0.5),
        (Factor(0.5, 0.9, 0.05), 0, 0.5),
        (Factor(0.5, 0.5, 0.05), 2, 0.125),
        (Factor(0.5, 0.25, 0.05), 0.5, 0.25),
        (Factor(0.5, 0.5, 0.05), 4, 0.05),
        (Factor(0.5, 0.5, 0.05), math.inf, 0.05),
        (Factor(0.5, 1, 0.05), math.inf, 0.5),
        (Factor(0.05, 0.9, 0.5), 0, 0.5),
        (Factor(0, 0.9, 0), math.inf, 0.0),
        (MultiFactor(0.5, [15, 30], 0.5), 0, 0.5),
        (MultiFactor(0.5, [15, 30], 0.5), math.nextafter(15, 0), 0.5),
        (MultiFactor(0.5, [15, 30], 0.5), 15, 0.25),
        (MultiFactor(0.5, [15, 30], 0.5), 30, 0.125),
        (MultiFactor(0.5, [15, 30], 0.5), math.inf, 0.125),
        (MultiFactor(0.5, [15, 30], 1), 31, 0.5),
        (Cosine(0.1, 0.3, 20), 0, 0.1),
        (Cosine(1e-20, 0.5, 20), 0, 1e-20),
        (Cosine(0.5, 0.1, 20), 10, 0.3),
        (Cosine(0.5, 0.01, 20), 20, 0.01),
        (Cosine(0.5, 0.01, 20), math.nextafter(20, 21), 0.01),
        (Cosine(0.5, 0.01, 20), math.inf, 0.01),
        # The chapter's "T = 20, warmup 5".
        (Warmup(Cosine(0.5, 0.01, 15), 5), 0, 0.0),
        (Warmup(Cosine(0.5, 0.01, 15), 5), 2.5, 0.25),
        (Warmup(Cosine(0.5, 0.01, 15), 5), 5, 0.5),
        (Warmup(Cosine(0.5, 0.01, 15), 5), 20, 0.01),
        (Warmup(Cosine(0.5, 0.01, 15), 5), math.inf, 0.01),
        (Warmup(Constant(0.5), 5, 0.1), 0, 0.1),
        (Warmup(Constant(0.5), 5, 0.1, "constant"), 0, 0.1),
        (Warmup(Constant(0.5), 5, 0.1, "constant"), math.nextafter(5, 0), 0.1),
        (Warmup(Constant(0.5), 5, 0.1, "constant"), 5, 0.5),
        # A warmup may start above the rate that it leads to.
        (Warmup(Constant(0.1), 4, 0.3), 2, 0.2),
        # No warmup: the start rate is never in force.
        (Warmup(Constant(0.5), 0, 0.1), 0, 0.5),
        (Warmup(Constant(0.5), 0, 0.1, "constant"), 0, 0.5),
        # A warmup as long as the horizon, or longer, delays the schedule and cuts nothing off.
        (Warmup(Cosine(0.5, 0.1, 20), 20), 20, 0.5),
        (Warmup(Cosine(0.5, 0.1, 20), 20), 30, 0.3),
        (Warmup(Cosine(0.5, 0.1, 20), 20), 40, 0.1),
        (Warmup(Polynomial(0.5, 0.1, 10, 1), 25), 30, 0.3),
        # One warmup after another.
        (Warmup(Warmup(Constant(0.4), 2, 0.2), 3, 0.1), 3, 0.2),
        (Warmup(Warmup(Constant(0.4), 2, 0.2), 3, 0.1), 4, 0.3),
        (Table([0, 5, 20], [0.1, 0.5, 0.2]), 0, 0.1),
        (Table([0, 5, 20], [0.1, 0.5, 0.2]), 2.5, 0.3),
        (Table([0, 5, 20], [0.1, 0.5, 0.2]), 5, 0.5),
        (Table([0, 5, 20], [0.1, 0.5, 0.2]), 12.5, 0.35),
        (Table([0, 5, 20], [0.1, 0.5, 0.2]), 20, 0.2),
        (Table([0, 5, 20], [0.1, 0.5, 0.2]), math.inf, 0.2),
        (Table([0, 5, 20], [0.1, 0.5, 0.2], "steps"), math.nextafter(5, 0), 0.1),
        (Table([0, 5, 20], [0.1, 0.5, 0.2], "steps"), 5, 0.5),
        (Table([0, 5, 20], [0.1, 0.5, 0.2], "steps"), math.nextafter(20, 0), 0.5),
        (Table([0, 5, 20], [0.1, 0.5, 0.2], "steps"), math.inf, 0.2),
        (Table([0], [0.3]), 0, 0.3),
        (Table([0], [0.3], "steps"), 7, 0.3),
        # A warmup leads to the table's first rate, and the table then has its own clock.
        (Warmup(Table([0, 5], [0.2, 0.4]), 4), 2, 0.1),
        (Warmup(Table([0, 5], [0.2, 0.4]), 4), 9, 0.4),
        # The second of a chain has its own clock, whatever the first was doing.
        (Chain(Constant(0.3), 10, Cosine(0.5, 0.1, 20)), 0, 0.3),
        (Chain(Constant(0.3), 10, Cosine(0.5, 0.1, 20)), math.nextafter(10, 0), 0.3),
        (Chain(Constant(0.3), 10, Cosine(0.5, 0.1, 20)), 10, 0.5),
        (Chain(Constant(0.3), 10, Cosine(0.5, 0.1, 20)), 20, 0.3),
        (Chain(Constant(0.3), 10, Cosine(0.5, 0.1, 20)), math.inf, 0.1),
        (Chain(Cosine(0.5, 0.1, 20), 10, Chain(Constant(0.3), 5, Constant(0.2))), 14, 0.3),
        (Chain(Cosine(0.5, 0.1, 20), 10, Chain(Constant(0.3), 5, Constant(0.2))), 15, 0.2),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16), 0, 0.0),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16), 2, 0.2),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16), 4, 0.4),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16), 14, 0.4),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16), 22, 0.25),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16, "cosine"), 22, 0.25),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16, "sqrt"), 18, 0.25),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16), 30, 0.1),
        (WarmupStableDecay(0.4, 0.1, 4, 10, 16), math.inf, 0.1),
        (WarmupStableDecay(0.4, 0.1, 0, 0, 10), 0, 0.4),
        (WarmupStableDecay(0.4, 0.1, 0, 0, 10), 5, 0.25),
        (InverseSquareRoot(0.5, 4), 0, 0.0),
        (InverseSquareRoot(0.5, 4), 1, 0.125),
        (InverseSquareRoot(0.5, 4), 4, 0.5),
        (InverseSquareRoot(0.5, 4), 16, 0.25),
        (InverseSquareRoot(0.5, 4), math.inf, 0.0),
        (Ramp(0.001, 1, 30), 10, 0.01),
        (Ramp(0.001, 1, 30), 20, 0.1),
        (Ramp(1, 0.01, 10), 5, 0.1),
        (Triangular(0.1, 0.5, 4), 0, 0.1),
        (Triangular(0.1, 0.5, 4), 2, 0.3),
        (Triangular(0.1, 0.5, 4), 4, 0.5),
        (Triangular(0.1, 0.5, 4), 8, 0.1),
        (Triangular(0.1, 0.5, 4), 13, 0.4),
        (Triangular(0.1, 0.5, 4), math.inf, 0.1),
        (Triangular(0.1, 0.5, 4, "halved"), 4, 0.5),
        (Triangular(0.1, 0.5, 4, "halved"), 12, 0.3),
        (Triangular(0.1, 0.5, 4, "halved"), 20, 0.2),
        (Triangular(0.1, 0.5, 2, "exponential", 0.5), 2, 0.2),
        (Triangular(0.1, 0.5, 2, "exponential", 0.5), 6, 0.1 + 0.4 / 64),
        (Restarts(0.5, 0.1, 5, 2), 0, 0.5),
        (Restarts(0.5, 0.1, 5, 2), 2.5, 0.3),
        (Restarts(0.5, 0.1, 5, 2), 5, 0.5),
        (Restarts(0.5, 0.1, 5, 2), 10, 0.3),
        (Restarts(0.5, 0.1, 5, 2), 15, 0.5),
        (Restarts(0.5, 0.1, 5, 2), 25, 0.3),
        (Restarts(0.5, 0.1, 5, 3), 20, 0.5),
        (Restarts(0.5, 0.1, 5, 3), 5 * (3**30 - 1) / 2, 0.5),
        (Restarts(0.5, 0.1, 5, 1), 12.5, 0.3),
        (Restarts(0.5, 0.1, 5, 1), 5e9, 0.5),
        (Restarts(0.5, 0.1, 5, 2), math.inf, 0.1),
        (OneCycle(0.1, 0.5, 0.01, 10, 20), 0, 0.1),
        (OneCycle(0.1, 0.5, 0.01, 10, 20), 5, 0.3),
        (OneCycle(0.1, 0.5, 0.01, 10, 20, "linear"), 2.5, 0.2),
        (OneCycle(0.1, 0.5, 0.01, 10, 20), 10, 0.5),
        (OneCycle(0.1, 0.5, 0.01, 10, 20), 20, 0.255),
        (OneCycle(0.1, 0.5, 0.01, 10, 20), 30, 0.01),
        (OneCycle(0.1, 0.5, 0.01, 10, 20), math.inf, 0.01),
        (OneCycle(0.1, 0.5, 0.01, 10, 20).momentum(), 0, 0.95),
        (OneCycle(0.1, 0.5, 0.01, 10, 20).momentum(), 10, 0.85),
        (OneCycle(0.1, 0.5, 0.01, 10, 20).momentum(0.8, 0.9), 30, 0.9),
    ],
)
def test_rate_at_an_edge(schedule, t, rate):
    assert schedule(t) == pytest.approx(rate, rel=1e-15, abs=0)


@pytest.mark.parametrize("schedule", [s for s in EXAMPLES if hasattr(s, "horizon")], ids=name_of)
def test_horizon_meets_both_rates_exactly(schedule):
    for base, final in [(0.1, 0.3), (0.3, 0.1), (1e-20, 0.5), (0.5, 1e-20), (0.7, 0.7)]:
        s = replace(schedule, base_lr=base, final_lr=final)
        assert [s(0), s(s.horizon), s(2 * s.horizon), s(math.inf)] == [base, final, final, final]


@each_example
def test_numbers_in_float_out(schedule):
    for t in (3, 3.0, np.int64(3), np.float32(3), Fraction(3), np.array(3), np.array(3.0)):
        rate = schedule(t)
        assert type(rate) is float
        assert rate == schedule(3.0)


@each_example
@pytest.mark.parametrize("shape", [(0,), (1,), (6,), (2, 3), (3, 0, 2), (1, 2, 3)])
def test_arrays_in_arrays_of_that_shape_out(schedule, shape):
    t = 2.0 * np.arange(math.prod(shape)).reshape(shape)
    rate = schedule(t)
    assert (type(rate), rate.shape, rate.dtype) == (np.ndarray, shape, np.float64)
    assert rate.ravel().tolist() == [schedule(x) for x in t.ravel()]
    assert schedule(t.tolist()).tolist() == rate.tolist()
    rate[...] = -1  # the caller's own array
    assert (schedule(t) >= 0).all()


@each_example
def test_layout_of_the_array_does_not_matter(schedule):
    t = np.linspace(0, 40, 60).reshape(6, 10)
    rate = schedule(t)
    assert (schedule(np.asfortranarray(t)) == rate).all()
    assert (schedule(t[::-2, ::3]) == rate[::-2, ::3]).all()
    assert (schedule(t.T) == rate.T).all()


@each_example
@pytest.mark.parametrize(
    "t", [-1, -1e-300, -math.inf, math.nan, -(10**400), [1, -1], [1, math.nan], [[1], [2, 3]]]
)
def test_no_time_before_zero(schedule, t):
    with pytest.raises(ValueError, match=r"t must be a time in epochs in \[0, ∞\], not "):
        schedule(t)


@pytest.mark.parametrize(
    "t",
    [
        *("1", b"1", True, [False], 1j, ["a"], np.datetime64("2024-01-01")),
        *(None, [1, None], {}, object(), Decimal(1), np.array(["1", 2], object)),
    ],
)
def test_time_is_a_number(t):
    with pytest.raises(TypeError, match=r"t must be a time in epochs in \[0, ∞\], not "):
        Constant(0.1)(t)


@each_example
def test_a_time_beyond_the_largest_float_is_infinite(schedule):
    assert schedule(10**400) == schedule(math.inf)
    assert schedule([3, 10**400]).tolist() == [schedule(3), schedule(math.inf)]


def test_nested_warmups_ask_once():
    schedule = nested = Constant(0.5)
    for _ in range(60):  # in 2^60 questions nobody waits for the answer
        nested = Warmup(nested, 0)
    assert nested(3) == schedule(3)


def test_a_schedule_states_its_rate():
    with pytest.raises(NotImplementedError, match="Schedule does not state its rate"):
        Schedule()(0)


# --- Parameters ------------------------------------------------------------------------------

RANGES = {
    "base_lr": "[0, ∞)",
    "final_lr": "[0, ∞)",
    "start_lr": "[0, ∞)",
    "duration": "[0, ∞)",
    "horizon": "(0, ∞)",
    "power": "(0, ∞)",
    "factor": "(0, 1]",
    "max_lr": "[0, ∞)",
    "until": "(0, ∞)",
    "warmup": "[0, ∞)",
    "stable": "[0, ∞)",
    "cooldown": "(0, ∞)",
    "half_cycle": "(0, ∞)",
    "period": "(0, ∞)",
    "rise": "(0, ∞)",
    "fall": "(0, ∞)",
}
# Where a class allows less than the others.
NARROWER = {
    (Ramp, "base_lr"): "(0, ∞)",
    (Ramp, "final_lr"): "(0, ∞)",
    (InverseSquareRoot, "warmup"): "(0, ∞)",
}
WHOLE = {"multiplier"}
OTHER_MODES = ("plain", "halved")  # a triangle's, which have no factor
NUMBERS = [
    (s, f.name)
    for s in EXAMPLES
    for f in fields(s)
    if f.name in RANGES and not (f.name == "factor" and getattr(s, "mode", "") in OTHER_MODES)
]
each_number = pytest.mark.parametrize(
    ("schedule", "name"), NUMBERS, ids=[f"{name_of(s)}-{name}" for s, name in NUMBERS]
)


def allowed_for(schedule, name):
    return NARROWER.get((type(schedule), name), RANGES[name])


def refuses(error, schedule, name, value, allowed):
    """Hold the message to the class, the parameter, its value and its allowed range."""
    with pytest.raises(error) as refusal:
        replace(schedule, **{name: value})
    message = str(refusal.value)
    assert message.startswith(f"{name_of(schedule)}: {name} must be ")
    assert allowed in message
    assert message.endswith(f"not {value!r}")


@each_number
@pytest.mark.parametrize(
    "value", [-1, -5e-324, math.nan, math.inf, -math.inf, np.float64("nan"), 10**400, -(10**400)]
)
def test_number_out_of_range(schedule, name, value):
    refuses(ValueError, schedule, name, value, allowed_for(schedule, name))


@each_number
@pytest.mark.parametrize(
    "value",
    [True, False, np.True_, "0.1", "", b"1", None, [0.1], (), 1j, Decimal("0.1"), np.array(0.1)],
    ids=repr,
)
def test_not_a_number(schedule, name, value):
    refuses(TypeError, schedule, name, value, allowed_for(schedule, name))


@each_number
def test_ends_of_a_range(schedule, name):
    allowed = allowed_for(schedule, name)
    if allowed.startswith("("):
        refuses(ValueError, schedule, name, 0, allowed)
        refuses(ValueError, schedule, name, Fraction(1, 10**400), allowed)  # 0 as a float
    else:
        assert getattr(replace(schedule, **{name: 0}), name) == 0
    assert getattr(replace(schedule, **{name: 5e-324}), name) == 5e-324
    if allowed.endswith("1]"):
        assert getattr(replace(schedule, **{name: 1}), name) == 1
        refuses(ValueError, schedule, name, math.nextafter(1, 2), allowed)
        refuses(ValueError, schedule, name, 2, allowed)
    else:
        assert getattr(replace(schedule, **{name: 1e300}), name) == 1e300


@each_number
@pytest.mark.parametrize("value", [1, Fraction(1, 2), np.float32(0.5), np.int64(1), np.float64(1)])
def test_any_real_number_is_kept_as_a_float(schedule, name, value):
    kept = getattr(replace(schedule, **{name: value}), name)
    assert type(kept) is float
    assert kept == value


MILESTONES = "increasing times in epochs in (0, ∞), at least one"


@pytest.mark.parametrize(
    "value",
    [
        *([], (), np.array([])),
        *([30, 15], [15, 15], np.array([3.0, 2.0])),
        *([-1], [0], [0, 5], [math.nan], [5, math.nan], [5, math.inf], [10**400], [1, 10**400]),
    ],
    ids=str,
)
def test_milestones_out_of_range(value):
    refuses(ValueError, MultiFactor(0.5, [1], 0.5), "milestones", value, MILESTONES)


@pytest.mark.parametrize(
    "value",
    [
        *("15", "", b"ab", 15, None, True, {15, 30}, {15: 30}, (x for x in [15])),
        *(["15"], [None], [True], [[15, 30]], [1j]),
        *(np.array(15), np.array([[15, 30]]), np.array(["15"])),
    ],
    ids=lambda value: type(value).__name__,
)
def test_milestones_of_another_type(value):
    refuses(TypeError, MultiFactor(0.5, [1], 0.5), "milestones", value, MILESTONES)


@pytest.mark.parametrize("value", [[15, 30], (15, 30), range(15, 31, 15), np.array([15, 30])])
def test_milestones_are_kept_as_a_tuple_of_floats(value):
    kept = MultiFactor(0.5, value, 0.5).milestones
    assert (type(kept), [type(s) for s in kept], kept) == (tuple, [float, float], (15.0, 30.0))


TIMES = "increasing times in epochs in [0, ∞), the first 0"
TABLE_RATES = "rates in [0, ∞), one for each of the 2 times"
TABLE = Table([0, 5], [0.1, 0.5])


@pytest.mark.parametrize(
    "value",
    [
        *([], (), np.array([]), [1, 5], [-1, 0], [5e-324, 5]),
        *([0, 5, 5], [0, 5, 4], [0, math.nan], [0, math.inf], [0, 10**400]),
    ],
    ids=str,
)
def test_times_of_a_table_out_of_range(value):
    refuses(ValueError, TABLE, "times", value, TIMES)


@pytest.mark.parametrize(
    "value",
    [[], [0.1], [0.1, 0.2, 0.3], [0.1, -1], [0.1, -5e-324], [math.nan, 0.1], [0.1, math.inf]],
    ids=str,
)
def test_rates_of_a_table_out_of_range(value):
    refuses(ValueError, TABLE, "rates", value, TABLE_RATES)


@pytest.mark.parametrize(
    "value",
    [
        *("05", "", b"ab", 0, None, True, {0, 5}, {0: 5}, (x for x in [0, 5])),
        *([0, "5"], [0, None], [0, True], [[0, 5]], [0, 1j], np.array(0), np.array([[0, 5]])),
    ],
    ids=lambda value: type(value).__name__,
)
def test_numbers_of_a_table_of_another_type(value):
    refuses(TypeError, TABLE, "times", value, TIMES)
    refuses(TypeError, TABLE, "rates", value, TABLE_RATES)


@pytest.mark.parametrize("value", ["", "Linear", "cubic", None, 1, ["steps"]])
def test_interpolation_of_a_table(value):
    refuses(ValueError, TABLE, "interpolation", value, "'linear' or 'steps'")


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_numbers_of_a_table_are_kept_as_tuples_of_floats(kind):
    table = Table(kind([0, 5]), kind([1, 2]))
    assert (table.times, table.rates) == ((0.0, 5.0), (1.0, 2.0))
    assert {type(x) for x in (*table.times, *table.rates)} == {float}
    assert {Table([0, 5], [1, 2]), Table((0.0, 5.0), np.array([1, 2]))} == {table}


@pytest.mark.parametrize("value", ["", "Linear", "cosine", None, 1, ["linear"]])
def test_warmup_mode(value):
    refuses(ValueError, Warmup(Constant(0.1), 5), "mode", value, "'linear' or 'constant'")


@pytest.mark.parametrize(
    ("schedule", "name", "allowed"),
    [
        (WarmupStableDecay(0.5, 0.01, 3, 17, 10), "shape", "'linear', 'sqrt' or 'cosine'"),
        (Triangular(0.1, 0.5, 4), "mode", "'plain', 'halved' or 'exponential'"),
        (OneCycle(0.1, 0.5, 0.01, 10, 20), "shape", "'cosine' or 'linear'"),
    ],
    ids=name_of,
)
@pytest.mark.parametrize("value", ["", "Linear", "triangular2", None, 1, ["linear"]])
def test_what_is_chosen_by_name(schedule, name, allowed, value):
    refuses(ValueError, schedule, name, value, allowed)


@pytest.mark.parametrize("mode", OTHER_MODES)
def test_a_factor_belongs_to_its_mode(mode):
    with pytest.raises(ValueError, match=r"factor must be 1 unless mode is 'exponential', not 0.9"):
        Triangular(0.1, 0.5, 4, mode, 0.9)


@pytest.mark.parametrize("value", [0, 0.5, 1.5, -1, math.nan, math.inf])
def test_a_multiplier_out_of_range(value):
    refuses(ValueError, Restarts(0.5, 0.1, 5, 2), "multiplier", value, "[1, ∞)")


@pytest.mark.parametrize("value", [True, "2", None, [2]])
def test_a_multiplier_is_a_number(value):
    refuses(TypeError, Restarts(0.5, 0.1, 5, 2), "multiplier", value, "[1, ∞)")


@pytest.mark.parametrize(("low", "high"), [(-0.1, 0.9), (0.8, 1), (0.8, math.nan)])
def test_a_momentum_is_below_1(low, high):
    with pytest.raises(ValueError, match=r"momentum: \w+ must be a number in \[0, 1\), not"):
        OneCycle(0.1, 0.5, 0.01, 10, 20).momentum(low, high)


@pytest.mark.parametrize("value", [None, 0.1, "cosine", Constant, lambda t: 0.1])
@pytest.mark.parametrize("name", ["first", "then"])
def test_a_chain_is_of_schedules(name, value):
    refuses(TypeError, Chain(Constant(0.1), 5, Constant(0.2)), name, value, "a Schedule")


@pytest.mark.parametrize("value", [None, 0.1, "cosine", Constant, lambda t: 0.1])
def test_warmup_wraps_a_schedule(value):
    refuses(TypeError, Warmup(Constant(0.1), 5), "schedule", value, "a Schedule")


@each_example
def test_ranges_of_the_sliders_are_allowed(schedule):
    parameters = schedule.parameters()
    assert set(parameters) == {f.name for f in fields(schedule)} & {*RANGES, *WHOLE}
    for name, parameter in parameters.items():
        if name == "factor" and getattr(schedule, "mode", "") in OTHER_MODES:
            schedule = replace(schedule, mode="exponential")
        assert parameter.minimum < parameter.maximum
        assert 0 < parameter.step < parameter.maximum - parameter.minimum
        assert parameter.label
        if parameter.scale == "log":
            assert parameter.minimum > 0
        for value in (parameter.minimum, parameter.maximum):
            assert getattr(replace(schedule, **{name: value}), name) == value


# --- Values ----------------------------------------------------------------------------------


@each_example
def test_immutable(schedule):
    for target in (schedule, schedule.per_update(10)):
        for name in [*(f.name for f in fields(target)), "anything"]:
            with pytest.raises(FrozenInstanceError):
                setattr(target, name, 1)
            with pytest.raises(FrozenInstanceError):
                delattr(target, name)


@each_example
def test_equal_by_value(schedule):
    for value in (schedule, schedule.per_update(10)):
        for twin in (copy.deepcopy(value), pickle.loads(pickle.dumps(value)), replace(value)):
            assert twin == value
            assert hash(twin) == hash(value)
            assert twin(7) == value(7)
            assert repr(twin) == repr(value)
    assert schedule.per_update(10) != schedule.per_update(11)
    for name in schedule.parameters():
        if name not in WHOLE and (type(schedule) is not Triangular or name != "factor"):
            assert replace(schedule, **{name: 0.123}) != schedule
    assert sum(other == schedule for other in EXAMPLES) == 1


def test_equal_however_the_parameters_are_written():
    assert MultiFactor(1, [15, 30], Fraction(1, 2)) == MultiFactor(1.0, np.array([15, 30]), 0.5)
    assert {Cosine(1, 0, 20), Cosine(1.0, 0.0, np.float64(20))} == {Cosine(1, 0, 20)}
    assert Cosine(0.5, 0.01, 20) != Polynomial(0.5, 0.01, 20, 1)


def test_repr_makes_the_same_value():
    for schedule in EXAMPLES:
        assert eval(repr(schedule)) == schedule


# --- Updates ---------------------------------------------------------------------------------


@each_example
@pytest.mark.parametrize("n", [1, 3, 235, np.int64(235)])
def test_clocks_meet(schedule, n):
    rate = schedule.per_update(n)
    assert rate(0) == rate(1) == schedule(0)
    for epoch in range(1, 40):
        assert rate(1 + epoch * n) == schedule(epoch)
    assert rate(2) == schedule(1 / n)
    assert type(rate(np.int64(5))) is float


def test_drop_falls_on_the_first_update_after_the_milestone():
    rate = MultiFactor(0.5, [2], 0.5).per_update(100)
    assert [rate(200), rate(201)] == [0.5, 0.25]  # 200 updates are two epochs


JUMP = MultiFactor(1, [13], 0.5)


@pytest.mark.parametrize(
    ("schedule", "n", "last"),
    [
        (Warmup(JUMP, 9.4), 10, 224),
        (Warmup(Warmup(JUMP, 4.3), 5.1), 10, 224),
        (Warmup(Warmup(MultiFactor(1, [0.1], 0.5), 0.1), 0.1), 10, 3),
        # None of the two is a whole number of updates; their sum is.
        (Warmup(MultiFactor(1, [15.39], 0.5), 1.01), 10, 164),
        (MultiFactor(1, [0.1 + 0.2], 0.5), 10, 3),
        (MultiFactor(1, [0.1 * 235], 0.5), 10, 235),
        (Warmup(Warmup(Constant(0.5), 13, 1, "constant"), 9.4, 1, "constant"), 10, 224),
    ],
)
def test_a_jump_that_is_due_on_an_update_is_not_late(schedule, n, last):
    rate = schedule.per_update(n)
    assert [rate(last), rate(last + 1)] == [1.0, 0.5]


def test_no_warmup_of_whole_updates_makes_a_drop_late():
    rng = np.random.default_rng(0)
    for warm, drop in rng.integers(1, 5000, (5000, 2)).tolist():
        rate = Warmup(MultiFactor(1, [drop / 235], 0.5), warm / 235, 1).per_update(235)
        assert [rate(warm + drop), rate(warm + drop + 1)] == [1.0, 0.5]


def test_a_jump_is_early_by_nothing_that_an_update_can_see():
    rate = MultiFactor(1, [1e-9, 2 + 1e-9], 0.5).per_update(1000)
    assert [rate(1), rate(2), rate(2001), rate(2002)] == [1.0, 0.5, 0.5, 0.25]


@each_example
@pytest.mark.parametrize("kind", [np.uint8, np.uint64, np.int8, np.int64])
def test_counts_of_any_integer_type_are_counted_alike(schedule, kind):
    rate = schedule.per_update(kind(100))
    assert rate == schedule.per_update(100)
    for k in (0, 1, 100):
        assert rate(kind(k)) == schedule.per_update(100)(k)
    assert rate(300) == schedule.per_update(100)(300)


@each_example
def test_more_updates_than_a_float_can_count(schedule):
    assert schedule.per_update(1)(10**400) == schedule(math.inf)
    assert schedule.per_update(10**400)(5) == schedule(0)


@pytest.mark.parametrize(
    ("error", "k"),
    [(ValueError, k) for k in (-1, np.int64(-1))]
    + [(TypeError, k) for k in (1.5, 1.0, math.nan, True, np.True_, "1", None, [1], np.array([1]))],
)
def test_update_count(error, k):
    with pytest.raises(error) as refusal:
        Constant(0.1).per_update(10)(k)
    message = str(refusal.value)
    assert message.startswith("per_update: num_update must be an int in [0, ∞), not ")
    assert message.endswith(f"not {k!r}")


@pytest.mark.parametrize(
    ("error", "n"),
    [(ValueError, n) for n in (0, -1, np.int64(0))]
    + [(TypeError, n) for n in (1.5, 235.0, math.nan, True, np.True_, "235", None, [235])],
)
def test_updates_per_epoch(error, n):
    with pytest.raises(error) as refusal:
        Constant(0.1).per_update(n)
    message = str(refusal.value)
    assert message.startswith("per_update: updates_per_epoch must be ")
    assert "[1, ∞)" in message
    assert message.endswith(f"not {n!r}")


def test_per_update_is_of_a_schedule():
    with pytest.raises(TypeError, match=r"PerUpdate: schedule must be a Schedule, not 0\.1"):
        PerUpdate(0.1, 10)


def test_importing_this_module_imports_no_framework():
    code = "import sys, lrbook.schedules; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    root = Path(lrbook.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    loaded = set(run.stdout.split())
    assert {"lrbook", "numpy"} <= loaded
    assert not loaded & {"mxnet", "d2l", "ipywidgets", "anywidget", "matplotlib", "pandas"}


# --- Properties of every schedule ------------------------------------------------------------

largest = sys.float_info.max
rates = st.floats(0, largest)
positive = st.floats(0, largest, exclude_min=True)
factors = st.floats(0, 1, exclude_min=True)
durations = st.floats(0, largest)

constants = st.builds(Constant, rates)
square_roots = st.builds(SquareRoot, rates)
polynomials = st.builds(Polynomial, rates, rates, positive, positive)
factor_decays = st.builds(Factor, rates, factors, rates)
multi_factors = st.builds(
    MultiFactor, rates, st.lists(positive, min_size=1, max_size=5, unique=True).map(sorted), factors
)
cosines = st.builds(Cosine, rates, rates, positive)


@st.composite
def drawn_tables(draw):
    times = [0.0, *sorted(draw(st.sets(positive, max_size=5)))]
    values = [draw(rates) for _ in times]
    return Table(times, values, draw(st.sampled_from(["linear", "steps"])))


tables = drawn_tables()
decaying_at_last = st.builds(
    WarmupStableDecay,
    *(rates, rates, durations, durations, positive),
    st.sampled_from(["linear", "sqrt", "cosine"]),
)
inverse_square_roots = st.builds(InverseSquareRoot, rates, positive)
ramps = st.builds(Ramp, positive, positive, positive)
triangles = st.builds(Triangular, rates, rates, positive, st.sampled_from(OTHER_MODES)) | st.builds(
    Triangular, rates, rates, positive, st.just("exponential"), factors
)
restarts = st.builds(Restarts, rates, rates, positive, st.integers(1, 5) | st.integers(1, 10**300))
one_cycles = st.builds(
    OneCycle, rates, rates, rates, positive, positive, st.sampled_from(["linear", "cosine"])
)
todays = decaying_at_last | inverse_square_roots | ramps | triangles | restarts | one_cycles
plain = constants | square_roots | polynomials | factor_decays | multi_factors | cosines


def warmups(schedules, *modes):
    return st.builds(Warmup, schedules, durations, rates, st.sampled_from(modes))


warmed = warmups(plain, "linear", "constant")
chains = st.builds(Chain, plain | todays | tables, positive, plain | todays | warmed)
schedules = (
    plain
    | tables
    | warmed
    | warmups(warmed | tables | todays | chains, "linear", "constant")
    | todays
    | chains
)


def edges(schedule):
    """Return the times at which the formula changes."""
    match schedule:
        case Polynomial() | Cosine() | Ramp():
            return [schedule.horizon]
        case WarmupStableDecay(warmup=warmup, stable=stable, cooldown=cooldown):
            return [warmup, warmup + stable, warmup + stable + cooldown]
        case InverseSquareRoot():
            return [schedule.warmup]
        case Triangular():
            return [i * schedule.half_cycle for i in range(1, 5)]
        case Restarts(period=period, multiplier=m):
            return [period, period * (1 + m), period * (1 + m + m * m)]
        case OneCycle():
            return [schedule.rise, schedule.rise + schedule.fall]
        case Chain():
            then = [0, *edges(schedule.then)]
            return [*edges(schedule.first), *(schedule.until + t for t in then)]
        case MultiFactor():
            return list(schedule.milestones)
        case Table():
            return list(schedule.times)
        case Warmup():
            inner = [0, *edges(schedule.schedule)]
            return [schedule.duration + t for t in inner]
    return []


@st.composite
def schedules_and_times(draw, schedules=schedules):
    """Draw a schedule and times of which many lie at, beside and between its edges."""
    schedule = draw(schedules)
    times = st.floats(0, math.inf) | st.floats(0, 40)
    for t in edges(schedule):
        times |= st.sampled_from([t, math.nextafter(t, 0), math.nextafter(t, math.inf)])
        if t < math.inf:
            times |= st.floats(0, 2).map(lambda part, t=t: part * t)
    return schedule, draw(st.lists(times, min_size=1, max_size=20))


def bounds(schedule):
    """Return the lowest and the highest rate that a schedule may have."""
    match schedule:
        case Constant():
            return schedule.base_lr, schedule.base_lr
        case SquareRoot():
            return 0.0, schedule.base_lr
        case Factor():
            return schedule.final_lr, max(schedule.base_lr, schedule.final_lr)
        case MultiFactor():
            return schedule(math.inf), schedule.base_lr
        case Table():
            return min(schedule.rates), max(schedule.rates)
        case Warmup():
            low, high = bounds(schedule.schedule)
            return min(low, schedule.start_lr), max(high, schedule.start_lr)
        case Chain():
            (low, high), (later_low, later_high) = bounds(schedule.first), bounds(schedule.then)
            return min(low, later_low), max(high, later_high)
        case WarmupStableDecay(base_lr=base, final_lr=final, warmup=warmup):
            return 0.0 if warmup else min(base, final), max(base, final)
        case InverseSquareRoot():
            return 0.0, schedule.base_lr
        case Triangular():
            return tuple(sorted((schedule.base_lr, schedule.max_lr)))
        case OneCycle(start_lr=start, max_lr=top, final_lr=final):
            return min(start, top, final), max(start, top, final)
    return tuple(sorted((schedule.base_lr, schedule.final_lr)))


@many
@given(schedules_and_times())
def test_finite_and_exactly_within_its_rates(drawn):
    schedule, times = drawn
    low, high = bounds(schedule)
    for t in [0, *times, math.inf]:
        rate = schedule(t)
        assert math.isfinite(rate)
        assert 0 <= low <= rate <= high


def test_rounding_leaves_the_rates_nowhere():
    """The units in the last place, which random parameters seldom meet."""
    rng = np.random.default_rng(0)
    early = np.concatenate([[0], np.geomspace(1e-18, 1, 50)])
    for base, final in rng.uniform(0, 1, (1000, 2)).round(3):
        low, high = min(base, final), max(base, final)
        for schedule in (
            Polynomial(base, final, 1, 1),
            Cosine(base, final, 1),
            Warmup(Constant(final), 1, base),
        ):
            rate = schedule(np.concatenate([early, 1 - early]))
            assert low <= rate.min() <= rate.max() <= high
            assert (schedule(0), schedule(1)) == (base, final)


@many
@given(schedules_and_times(), st.randoms(use_true_random=False))
def test_same_answer_in_any_order(drawn, random):
    schedule, times = drawn
    first = {t: schedule(t) for t in times}
    random.shuffle(times)
    assert {t: schedule(t) for t in times} == first
    assert {t: replace(schedule)(t) for t in times[:1]}.items() <= first.items()


@many
@given(schedules_and_times())
def test_arrays_equal_floats_bit_for_bit(drawn):
    schedule, times = drawn
    rate = schedule(np.array(times))
    assert rate.tobytes() == np.array([schedule(t) for t in times]).tobytes()
    assert schedule(np.repeat(times, 9)).tobytes() == np.repeat(rate, 9).tobytes()


@pytest.mark.parametrize("power", [0.5, 1, 1.7, 2, 3])
def test_arrays_equal_floats_bit_for_bit_at_many_times(power):
    times = np.random.default_rng(0).uniform(0, 20, 3000)
    for schedule in (Polynomial(0.5, 0.01, 20, power), Warmup(Cosine(0.5, 0.01, 15), 5, 0.1)):
        assert schedule(times).tolist() == [schedule(t) for t in times]


# Rising times mustn't give rising rates. The square root, the quotient and the straight line
# are rounded monotonically. Powers and cosines aren't: libraries promise them to 4 units in
# the last place, so two of them may be out of order by 8.
@many
@given(schedules_and_times(plain))
def test_monotone(drawn):
    schedule, times = drawn
    rate = schedule(np.sort(times))
    if schedule(math.inf) > schedule(0):
        rate = rate[::-1]
    exact = isinstance(schedule, (Constant, SquareRoot)) or getattr(schedule, "power", 0) == 1
    slack = 0 if exact else 8 * math.ulp(bounds(schedule)[1])
    assert (rate[1:] - rate[:-1] <= slack).all()


@many
@given(drawn_tables())
def test_a_table_goes_through_its_points_exactly(table):
    assert table(table.times).tolist() == list(table.rates)
    before = [math.nextafter(t, 0) for t in table.times[1:]]
    if table.interpolation == "steps" and before:
        assert table(before).tolist() == list(table.rates[:-1])


@many
@given(multi_factors)
def test_steps_of_a_table_are_those_of_a_multi_factor(schedule):
    times = [0, *schedule.milestones]
    table = Table(times, schedule(times), "steps")
    near = [math.nextafter(t, to) for t in times[1:] for to in (0, math.inf)]
    assert table([*times, *near, 30]).tolist() == schedule([*times, *near, 30]).tolist()
    updates = [table.per_update(39)(k) for k in range(200)]
    assert updates == [schedule.per_update(39)(k) for k in range(200)]


@many
@given(schedules_and_times(warmups(plain, "linear")))
def test_linear_warmup_is_exactly_monotone(drawn):
    warmup, times = drawn
    assume(warmup.duration > 0)
    during = np.array(sorted({0, *(t for t in times if t < warmup.duration), warmup.duration}))
    rate = warmup(during)
    assert (np.diff(rate if rate[0] <= rate[-1] else rate[::-1]) >= 0).all()


@many
@given(warmups(plain | warmed, "linear"), st.integers(1, 60))
def test_linear_warmup_is_continuous_at_its_end(warmup, k):
    # A warmup of a few subnormal epochs has no time that is near its end.
    assume(warmup.duration > 1e-300)
    end, end_rate = warmup.duration, warmup.schedule(0)
    assert warmup(end) == end_rate
    t = min(end * (1 - 2.0**-k), math.nextafter(end, 0))
    gap = abs(end_rate - warmup.start_lr) * (1 - t / end)
    rounding = 2 * math.ulp(max(end_rate, warmup.start_lr))
    assert abs(warmup(t) - end_rate) <= gap + rounding


@many
@given(schedules_and_times(warmups(plain | warmed, "linear", "constant")))
def test_warmup_leaves_the_schedule_its_own_clock(drawn):
    warmup, times = drawn
    for t in times:
        if t >= warmup.duration:
            assert warmup(t) == warmup.schedule(t - warmup.duration)
        elif warmup.mode == "constant":
            assert warmup(t) == warmup.start_lr


# --- Formulas, by Python's own arithmetic ----------------------------------------------------

usual = st.floats(1e-4, 3)
epochs = st.floats(0.5, 40)
later = st.floats(0, 80)
# Where a small rate is what two large ones leave, its error is of their size.
close = {"rel": 1e-12, "abs": 1e-14}


@many
@given(usual, usual, epochs, st.floats(0.25, 4), later)
def test_formulas_with_a_horizon(base, final, horizon, power, t):
    done = min(t / horizon, 1)
    expected = final + (base - final) * (1 - done) ** power
    assert Polynomial(base, final, horizon, power)(t) == pytest.approx(expected, **close)
    expected = final + (base - final) / 2 * (1 + math.cos(math.pi * done))
    assert Cosine(base, final, horizon)(t) == pytest.approx(expected, **close)


@many
@given(usual, usual, st.floats(0.1, 1), st.sets(epochs, min_size=1, max_size=4), later)
def test_formulas_without_a_horizon(base, final, factor, milestones, t):
    assert SquareRoot(base)(t) == pytest.approx(base * (t + 1) ** -0.5, **close)
    assert Factor(base, factor, final)(t) == pytest.approx(max(final, base * factor**t), **close)
    expected = base * factor ** sum(s <= t for s in milestones)
    assert MultiFactor(base, sorted(milestones), factor)(t) == pytest.approx(expected, **close)


@many
@given(usual, usual, epochs, st.floats(0, 1, exclude_max=True))
def test_formula_of_a_linear_warmup(base, start, duration, part):
    warmup = Warmup(Constant(base), duration, start)
    expected = start * (1 - part) + base * part
    assert warmup(part * duration) == pytest.approx(expected, **close)


# --- Schedules of stages and cycles ----------------------------------------------------------


@many
@given(schedules_and_times(warmups(plain, "linear")))
def test_a_warmup_is_a_chain_of_a_line_and_its_schedule(drawn):
    warmup, times = drawn
    assume(warmup.duration > 0)
    line = Polynomial(warmup.start_lr, warmup.schedule(0), warmup.duration, 1)
    chain = Chain(line, warmup.duration, warmup.schedule)
    high = max(warmup.start_lr, warmup.schedule(0))
    for t in times:
        assert chain(t) == pytest.approx(warmup(t), rel=1e-12, abs=4e-16 * high)


@many
@given(schedules_and_times(chains))
def test_each_of_a_chain_has_its_own_clock(drawn):
    chain, times = drawn
    for t in times:
        rate = chain.first(t) if t < chain.until else chain.then(t - chain.until)
        assert chain(t) == rate


@many
@given(usual, usual, epochs, later, epochs, epochs)
def test_one_stable_run_has_many_cooldowns(base, final, warmup, stable, cooldown, other):
    """Whatever comes later, the rates until the plateau's end are the same, update by update."""
    one = WarmupStableDecay(base, final, warmup, stable, cooldown, "sqrt")
    long = WarmupStableDecay(base, final, warmup, stable + other, cooldown / 2, "cosine")
    shared = np.linspace(0, warmup + stable, 50)
    assert one(shared).tolist() == long(shared).tolist()


@pytest.mark.parametrize("period", [0.1, 0.3, 5, 9.4, 7 / 3])
@pytest.mark.parametrize("multiplier", [1, 2, 3])
@pytest.mark.parametrize("n", [10, 39, 234])
def test_a_restart_is_not_late(period, multiplier, n):
    """It falls on the first update that isn't before it, as exact arithmetic says."""
    rate = Restarts(1.0, 0.0, period, multiplier).per_update(n)
    for i in range(1, 7):
        start = Fraction(period).limit_denominator(1000) * sum(multiplier**j for j in range(i))
        first = math.ceil(start * n)
        # Time zero is a restart, too, and one of a tenth of an epoch may last one update only.
        done = min(float((first - start * n) / n / period / multiplier**i), 1.0)
        assert rate(1 + first) == pytest.approx((1 + math.cos(math.pi * done)) / 2, abs=1e-9)


@many
@given(usual, usual, epochs, st.integers(1, 3), later)
def test_formula_of_restarts(base, final, period, multiplier, t):
    start, length = Fraction(0), Fraction(period)  # exact: a sum of a hundred floats isn't
    while t >= start + length:
        start, length = start + length, length * multiplier
    assume(min(t - start, start + length - t) > 1e-9)
    part = float((Fraction(t) - start) / length)
    expected = final + (base - final) / 2 * (1 + math.cos(math.pi * part))
    assert Restarts(base, final, period, multiplier)(t) == pytest.approx(expected, **close)


@many
@given(usual, usual, epochs, factors, later)
def test_formula_of_triangles(base, high, half, factor, t):
    """Smith's own lines, with his iterations counted in epochs."""
    cycle = math.floor(1 + t / (2 * half))
    x = abs(t / half - 2 * cycle + 1)
    height = (high - base) * max(0, 1 - x)
    for mode, scale in (("plain", 1), ("halved", 1 / 2 ** (cycle - 1))):
        rate = Triangular(base, high, half, mode)(t)
        assert rate == pytest.approx(base + height * scale, rel=1e-10, abs=1e-12)
    rate = Triangular(base, high, half, "exponential", factor)(t)
    assert rate == pytest.approx(base + height * factor**t, rel=1e-10, abs=1e-12)


@many
@given(usual, usual, usual, epochs, epochs, later)
def test_formula_of_one_cycle(start, high, final, rise, fall, t):
    """A cosine up, then one down; its momentum goes the other way, in step with it."""
    schedule = OneCycle(start, high, final, rise, fall)
    up, down = Cosine(start, high, rise), Cosine(high, final, fall)
    assert schedule(t) == pytest.approx(up(t) if t < rise else down(t - rise), **close)
    momentum = schedule.momentum()
    part = (momentum(t) - 0.85) / 0.1
    if t < rise:
        assert schedule(t) == pytest.approx(high + (start - high) * part, rel=1e-9, abs=1e-12)


@many
@given(usual, usual, epochs, later)
def test_formulas_of_a_ramp_and_of_transformers(base, final, horizon, t):
    part = min(t / horizon, 1)
    assert Ramp(base, final, horizon)(t) == pytest.approx(base ** (1 - part) * final**part)
    expected = base * min(t / horizon, math.sqrt(horizon / t) if t else 0)
    assert InverseSquareRoot(base, horizon)(t) == pytest.approx(expected)
