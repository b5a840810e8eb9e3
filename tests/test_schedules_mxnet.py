"""Schedules against the schedulers of Apache MXNet 1.9.1, value by value.

Where the two part, it is by one of these conventions or faults of MXNet's, and each has its
test below. ``k`` is ``num_update``, ``n`` the updates of an epoch.

1. *The first update is 1.* `Trainer` asks its scheduler with 1 for the first update (with 0
   only for ``learning_rate`` before it). MXNet's smooth schedulers read ``k`` as the time, so
   update ``k`` gets the rate of time ``k / n``: the whole curve runs one update early, and the
   rate at 0 never runs. `Schedule.per_update` gives update ``k`` the rate of ``(k - 1) / n``.
2. *A drop comes at* ``k > step``, so one update later than MXNet's own docstring says, and
   later than ``t >= milestone`` if ``k`` is read as the time. It makes up for the first
   convention: the drops of `MultiFactorScheduler` and of ``MultiFactor.per_update`` fall on
   the same update.
3. *The horizon includes the warmup*: ``max_update`` counts from update 0, `Cosine.horizon` from
   the warmup's end. A warmup that is as long as the horizon divides by zero.
4. *Steps count from update 0 too*, also in a warmup. Those due in it are taken all at once at
   its end, so that a linear warmup rises to a rate from which it falls in the same instant.
5. *FactorScheduler is a staircase*: it multiplies every ``step`` updates, where `Factor` decays
   continuously. They meet wherever the staircase steps.
6. ``stop_factor_lr`` *is looked at only after a step*: a base rate below it runs for a step,
   then rises to it. `Factor` starts there.
7. *They remember.* The answer depends on what was asked before: drops are never taken back, and
   past ``max_update`` they repeat their last answer, whatever it was.
8. *An optimizer's own learning rate overwrites* the scheduler's ``base_lr``, even one that
   nobody gave: Adam's default is 0.001. `PerUpdate` has no ``base_lr`` and can't be changed.
"""

from itertools import pairwise

import mxnet as mx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mxnet import autograd, gluon, npx
from mxnet.lr_scheduler import (
    CosineScheduler,
    FactorScheduler,
    MultiFactorScheduler,
    PolyScheduler,
)

from lrbook.schedules import (
    Constant,
    Cosine,
    Factor,
    MultiFactor,
    Polynomial,
    SquareRoot,
    Warmup,
)

npx.set_np()

many = settings(max_examples=60, deadline=None)

rates = st.floats(1e-4, 3)
base_and_begin = st.tuples(rates, rates).map(lambda pair: sorted(pair, reverse=True))
factors = st.floats(0.05, 1)
modes = st.sampled_from(["linear", "constant"])
steps = st.lists(st.integers(1, 150), min_size=1, max_size=5, unique=True).map(sorted)
updates = st.integers(1, 300)
# Powers of two: k / n is exact, so an update at the very end of a warmup is at it for both.
updates_per_epoch = st.sampled_from([1, 2, 8, 64])


def answers(scheduler, last):
    """Ask a scheduler that was never asked before for updates 0 to `last`, in order."""
    return [scheduler(k) for k in range(last + 1)]


def same(theirs, ours, largest_rate=0):
    """Hold rates to each other, up to what sums and products in another order may differ by.

    Near a final rate of 0, that is an error of the largest rate's size.
    """
    np.testing.assert_allclose(theirs, ours, rtol=1e-10, atol=1e-14 * largest_rate)


# --- Value by value --------------------------------------------------------------------------


@many
@given(rates, st.just(0.0) | rates, updates, updates_per_epoch)
def test_cosine(base, final, horizon, n):
    schedule = Cosine(base, final, horizon / n)
    theirs = answers(CosineScheduler(horizon, base, final), horizon + 20)
    same(theirs, schedule(np.arange(len(theirs)) / n), max(base, final))


@many
@given(rates, st.just(0.0) | rates, updates, st.integers(1, 4) | st.floats(0.25, 4))
def test_polynomial(base, final, horizon, power):
    for n in (1, 64):
        schedule = Polynomial(base, final, horizon / n, power)
        theirs = answers(PolyScheduler(horizon, base, power, final), horizon + 20)
        same(theirs, schedule(np.arange(len(theirs)) / n), max(base, final))


@many
@given(base_and_begin, st.just(0.0) | rates, updates, updates, updates_per_epoch, modes)
def test_cosine_and_polynomial_after_a_warmup(base_begin, final, horizon, warmup, n, mode):
    base, begin = base_begin
    last = warmup + horizon
    for theirs, ours in [
        (CosineScheduler(last, base, final, warmup, begin, mode), Cosine(base, final, horizon / n)),
        (
            PolyScheduler(last, base, 1.5, final, warmup, begin, mode),
            Polynomial(base, final, horizon / n, 1.5),
        ),
    ]:
        schedule = Warmup(ours, warmup / n, begin, mode)
        same(answers(theirs, last + 19), schedule(np.arange(last + 20) / n), max(base, final))


@many
@given(rates, factors, steps, st.integers(1, 300))
def test_multi_factor_on_the_same_updates(base, factor, steps, n):
    rate = MultiFactor(base, [s / n for s in steps], factor).per_update(n)
    theirs = answers(MultiFactorScheduler(steps, factor, base), 160)
    same(theirs, [rate(k) for k in range(161)])


@many
@given(base_and_begin, factors, steps, st.integers(1, 50), updates_per_epoch, modes)
def test_multi_factor_after_a_warmup(base_begin, factor, steps, warmup, n, mode):
    base, begin = base_begin
    steps = [warmup + s for s in steps]
    schedule = Warmup(
        MultiFactor(base, [(s + 1 - warmup) / n for s in steps], factor), warmup / n, begin, mode
    )
    theirs = answers(MultiFactorScheduler(steps, factor, base, warmup, begin, mode), 220)
    same(theirs, schedule(np.arange(221) / n))


@many
@given(rates, factors, st.floats(0, 1), st.integers(1, 40))
def test_factor_is_a_staircase_on_the_curve(base, factor, part, step):
    floor = part * base
    schedule = Factor(base, factor, floor)
    theirs = answers(FactorScheduler(step, factor, floor, base), 200)
    stairs = [schedule(max(k - 1, 0) // step) for k in range(201)]
    same(theirs, stairs)
    rate = schedule.per_update(step)
    same(theirs[1::step], [rate(k) for k in range(1, 201, step)])


@many
@given(base_and_begin, factors, st.integers(1, 40), st.integers(1, 60), modes)
def test_factor_after_a_warmup(base_begin, factor, step, warmup, mode):
    base, begin = base_begin
    rise = Warmup(Constant(base), warmup, begin, mode)
    schedule = Factor(base, factor, 0)
    theirs = answers(FactorScheduler(step, factor, 0, base, warmup, begin, mode), 200)
    expected = [rise(k) if k < warmup else schedule((k - 1) // step) for k in range(201)]
    same(theirs, expected)


# --- MXNet's conventions and faults ----------------------------------------------------------


def test_1_smooth_curves_run_one_update_early():
    n, scheduler = 100, CosineScheduler(2000, 0.5, 0.01)
    rate = Cosine(0.5, 0.01, 20).per_update(n)
    assert rate(1) == 0.5
    same(answers(scheduler, 2100)[1:], [rate(k + 1) for k in range(1, 2101)], 0.5)


def test_2_a_drop_comes_after_its_step():
    assert answers(MultiFactorScheduler([3], 0.5, 1.0), 5) == [1, 1, 1, 1, 0.5, 0.5]
    assert answers(FactorScheduler(3, 0.5, 0, 1.0), 7) == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25]


@pytest.mark.parametrize("scheduler", [CosineScheduler, PolyScheduler])
def test_3_the_horizon_includes_the_warmup(scheduler):
    theirs = answers(scheduler(20, base_lr=0.5, final_lr=0.01, warmup_steps=5), 20)
    assert (theirs[5], theirs[20]) == (0.5, 0.01)
    with pytest.raises(ZeroDivisionError):
        answers(scheduler(20, base_lr=0.5, final_lr=0.01, warmup_steps=20), 20)


def test_4_steps_due_in_a_warmup_are_taken_at_its_end():
    theirs = answers(MultiFactorScheduler([2, 4], 0.5, 1.0, warmup_steps=10), 11)
    assert theirs[9:] == [0.9, 0.25, 0.25]
    assert answers(FactorScheduler(3, 0.5, 0, 1.0, warmup_steps=10), 10)[9:] == [0.9, 0.125]


def test_6_a_floor_above_the_base_rate_is_met_late():
    assert answers(FactorScheduler(3, 0.5, 0.2, 0.1), 5) == [0.1, 0.1, 0.1, 0.1, 0.2, 0.2]
    assert Factor(0.1, 0.5, 0.2)(0) == 0.2


def test_7_schedulers_remember():
    cosine = CosineScheduler(20, base_lr=0.3, final_lr=0.01, warmup_steps=5)
    assert [cosine(k) for k in (0, 5, 10, 25)] == pytest.approx([0, 0.3, 0.2275, 0.2275])
    assert PolyScheduler(20, base_lr=0.3, final_lr=0.01)(25) == 0.3
    for scheduler in (MultiFactorScheduler([15], 0.5, 1.0), FactorScheduler(15, 0.5, 0, 1.0)):
        assert [scheduler(k) for k in (0, 16, 0)] == [1, 0.5, 0.5]
    rate = Warmup(Cosine(0.3, 0.01, 15), 5).per_update(1)
    assert [rate(k + 1) for k in (25, 10, 5, 0)] == pytest.approx([0.01, 0.2275, 0.3, 0])


# --- In a trainer ----------------------------------------------------------------------------


def network(layers=1, **options):
    net = gluon.nn.Sequential()
    for _ in range(layers):
        net.add(gluon.nn.Dense(1, in_units=1, **options))
    net.initialize(mx.init.Zero())
    return net


def step(net, trainer):
    with autograd.record():
        loss = net(mx.np.ones((1, 1)))
    loss.backward()
    trainer.step(1)


def rates_in_force(scheduler, last):
    """Train one weight, whose gradient is 1, and return by how much each update moves it."""
    net = network(use_bias=False)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": scheduler})
    weights = [0.0]
    for _ in range(last):
        step(net, trainer)
        weights.append(net[0].weight.data().item())
    return [before - after for before, after in pairwise(weights)]


@pytest.mark.parametrize(
    "schedule",
    [
        Constant(0.3),
        SquareRoot(0.5),
        Polynomial(0.5, 0.1, 2, 2),
        Factor(0.5, 0.5, 0.1),
        MultiFactor(0.5, [1, 2], 0.5),
        Cosine(0.5, 0.1, 2),
        Warmup(Cosine(0.5, 0.1, 2), 1, 0.2),
    ],
    ids=lambda schedule: type(schedule).__name__,
)
def test_update_k_runs_at_its_rate(schedule):
    rates = rates_in_force(schedule.per_update(3), 12)
    assert rates == pytest.approx([schedule(k / 3) for k in range(12)], rel=1e-5)


def test_1_the_rate_at_0_never_runs_by_a_scheduler_of_mxnet():
    schedule = Cosine(0.5, 0.1, 10)
    rates = rates_in_force(CosineScheduler(10, 0.5, 0.1), 10)
    assert rates == pytest.approx([schedule(k) for k in range(1, 11)], rel=1e-5)


class Recorder:
    """Remember every question that a trainer asks, and its answer."""

    def __init__(self, rate):
        self.rate = rate
        self.calls = []

    def __call__(self, num_update):
        answer = self.rate(num_update)
        self.calls.append((num_update, answer))
        return answer


# SGD updates so many parameters at once, 4 unless told, and asks once for each such group.
@pytest.mark.parametrize(("size", "asks"), [(None, 3), (4, 3), (1, 10), (60, 1)])
def test_what_a_trainer_asks(monkeypatch, size, asks):
    if size is None:
        monkeypatch.delenv("MXNET_OPTIMIZER_AGGREGATION_SIZE", raising=False)
    else:
        monkeypatch.setenv("MXNET_OPTIMIZER_AGGREGATION_SIZE", str(size))
    schedule = Cosine(0.5, 0.01, 5)
    asked = Recorder(schedule.per_update(2))
    net = network(layers=5)
    params = net.collect_params()
    assert len(list(params)) == 10
    trainer = gluon.Trainer(params, "sgd", {"lr_scheduler": asked})
    assert asked.calls == []
    assert trainer.learning_rate == schedule(0)
    assert asked.calls == [(0, schedule(0))]
    for k in range(1, 5):
        asked.calls.clear()
        step(net, trainer)
        assert asked.calls == [(k, schedule((k - 1) / 2))] * asks
        # Afterwards it still tells the rate of the update that was.
        assert trainer.learning_rate == schedule((k - 1) / 2)


def test_8_an_optimizer_overwrites_the_base_rate(capsys):
    params = network().collect_params()
    trainer = gluon.Trainer(params, "adam", {"lr_scheduler": FactorScheduler(9, 0.5, base_lr=0.1)})
    assert trainer.learning_rate == 0.001
    assert "overwritten" in capsys.readouterr().out
    with pytest.raises(AttributeError, match="base_lr"):
        gluon.Trainer(params, "adam", {"lr_scheduler": Constant(0.1).per_update(9)})


def test_adam_without_a_rate_of_its_own():
    net, schedule = network(), Factor(0.1, 0.5, 0.01)
    options = {"lr_scheduler": schedule.per_update(1), "learning_rate": None}
    trainer = gluon.Trainer(net.collect_params(), "adam", options)
    assert trainer.learning_rate == schedule(0)
    step(net, trainer)
    # Adam's first step is as long as the learning rate.
    assert net[0].weight.data().item() == pytest.approx(-schedule(0), rel=1e-5)
