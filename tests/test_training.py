"""Training: reproducible, tells the rate that ran, names a dead run, survives an interrupt."""

import math
import os
import signal

import mxnet as mx
import numpy as np
import pytest
from mxnet import autograd, gluon, init

from lrbook.making import smoke
from lrbook.schedules import Constant, Cosine, Warmup
from lrbook.training.data import Minibatches, load_fashion_mnist
from lrbook.training.loop import train
from lrbook.training.model import lenet
from tests.trainings import BATCH, UPDATES, curves, trainer_of


@pytest.fixture(autouse=True)
def _no_smoke(monkeypatch):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)


def test_same_seed_same_numbers_and_another_seed_others(net, data):
    first = train(net, trainer_of(net), data, 2, seed=3)
    again = train(net, trainer_of(net), data, 2, seed=3)
    fresh = train(other := lenet(), trainer_of(other), data, 2, seed=3)
    different = train(net, trainer_of(net), data, 2, seed=4)
    assert curves(first) == curves(again) == curves(fresh)
    assert curves(first) != curves(different)


def test_it_is_the_plain_loop(net, data):
    run = train(net, trainer_of(net), data, 1, seed=5)
    by_hand = lenet()
    mx.random.seed(5)
    by_hand.initialize(init.Xavier(), force_reinit=True)
    trainer, loss = trainer_of(by_hand), gluon.loss.SoftmaxCrossEntropyLoss()
    total = 0.0
    for X, y in Minibatches(data.train_images, data.train_labels, BATCH, 5):
        X, y = mx.np.array(X), mx.np.array(y)
        with autograd.record():
            losses = loss(by_hand(X), y)
        losses.backward()
        trainer.step(len(X))
        total += float(losses.sum())
    assert run.train_loss[0] == pytest.approx(total / len(data.train_images), rel=1e-5)
    for mine, theirs in zip(
        by_hand.collect_params().values(), net.collect_params().values(), strict=True
    ):
        assert np.array_equal(mine.data().asnumpy(), theirs.data().asnumpy())


def test_the_rate_in_force_at_every_update(net, data):
    schedule = Warmup(Cosine(0.1, 0.01, 2), 0.5)
    run = train(net, trainer_of(net, schedule.per_update(UPDATES)), data, 3)
    assert run.updates_per_epoch == UPDATES
    assert run.lr.tolist() == [schedule(u / UPDATES) for u in range(3 * UPDATES)]


def test_a_short_last_minibatch_counts_as_an_update(net, data):
    run = train(net, trainer_of(net), data, 1, batch_size=1000, last_batch="keep")
    assert run.updates_per_epoch == len(run.lr) == 3
    assert run.last_batch == "keep" and run.batch_sizes.tolist() == [1000, 1000, 560]


def test_a_short_last_minibatch_sits_out(net, data):
    run = train(net, trainer_of(net), data, 2, batch_size=1000)
    assert run.last_batch == "discard" and run.updates_per_epoch == 2
    assert run.batch_sizes.tolist() == [1000] * 4
    # Of whole minibatches it is the same training.
    full = [train(net, trainer_of(net), data, 1, last_batch=which) for which in ("keep", "discard")]
    assert curves(full[0]) == curves(full[1])


def test_the_accuracy_after_the_last_updates_of_an_epoch(net, data):
    run = train(net, trainer_of(net), data, 2, last_tests=3)
    assert [len(accuracies) for accuracies in run.last_test_acc] == [3, 3]
    assert [accuracies[-1] for accuracies in run.last_test_acc] == run.test_acc
    # To look changes nothing.
    assert curves(train(net, trainer_of(net), data, 2)) == curves(run)
    assert train(net, trainer_of(net), data, 1).last_test_acc == [[]]


def test_the_rate_set_by_hand_acts_from_the_next_update(net, data):
    trainer = trainer_of(net, 0.1)
    run = train(net, trainer, data, 2, on_epoch=lambda _: trainer.set_learning_rate(0.02))
    assert run.lr.tolist() == [0.1] * UPDATES + [0.02] * UPDATES


def test_on_update_sees_every_update_and_its_loss(net, data):
    seen = []
    train(net, trainer_of(net), data, 1, on_update=lambda u, loss: seen.append((u, float(loss))))
    assert [u for u, _ in seen] == list(range(1, UPDATES + 1))
    assert all(0 < loss < 5 for _, loss in seen)


def test_recording_asks_the_scheduler_nothing(net, data):
    asked = []

    def scheduler(num_update):
        asked.append(num_update)
        return 0.1

    trainer = trainer_of(net, scheduler)
    train(net, trainer, data, 1)
    # LeNet's 10 arrays of weights, updated 4 at a time: MXNet asks 3 times an update.
    assert asked == [u for u in range(1, UPDATES + 1) for _ in range(3)]
    assert trainer.optimizer.lr_scheduler is scheduler


def test_a_scheduler_that_remembers_is_reported(net, data):
    rate = [0.1]

    def scheduler(num_update):
        rate[0] *= 0.99
        return rate[0]

    with pytest.warns(UserWarning, match="update 1 used 3 different learning rates"):
        train(net, trainer_of(net, scheduler), data, 1)


def test_a_dead_run_is_named_and_stopped(net, data, capsys):
    run = train(net, trainer_of(net, 2.0), data, 5, seed=1, name="constant 2.0")
    assert run.died == len(run.train_loss) < 5
    assert "same answer" in run.reason and "2.303" in run.reason
    assert f"constant 2.0 is dead after epoch {run.died}" in "".join(capsys.readouterr())
    assert f"(dead since epoch {run.died})" in str(run)
    assert len(run.lr) == run.died * UPDATES


def test_a_dead_run_stays_dead(net, data):
    run = train(net, trainer_of(net, 2.0), data, 6, seed=1, stop_if_dead=False)
    assert run.died and len(run.train_loss) == 6
    # One answer for all: the share of that class in the test set.
    shares = np.bincount(data.test_labels) / len(data.test_labels)
    assert set(run.test_acc[run.died :]) <= set(shares.tolist())
    assert run.train_loss[-1] == pytest.approx(math.log(10), abs=0.05)


def test_a_loss_that_is_no_number_is_death(net, data):
    run = train(net, trainer_of(net, 1e12), data, 3)
    assert run.died == 1 and "finite" in run.reason


@pytest.mark.parametrize("lr", [0.0, 1e-5, 1e-3])
def test_a_rate_too_small_to_leave_the_start_is_no_death(net, data, lr):
    run = train(net, trainer_of(net, lr), data, 2)
    assert run.died is None
    assert run.train_loss[-1] > 2.2


def test_an_interrupt_returns_what_there_is(net, data):
    def stop(update, loss):
        if update == UPDATES + 4:
            os.kill(os.getpid(), signal.SIGINT)
            loss.wait_to_read()

    trainer = trainer_of(net, Constant(0.1).per_update(UPDATES))
    run = train(net, trainer, data, 5, on_update=stop)
    assert run.interrupted and "interrupted after 1 epochs" in str(run)
    assert len(run.train_loss) == len(run.test_acc) == 1
    assert UPDATES + 4 <= len(run.lr) <= UPDATES + 5
    assert trainer.optimizer.lr_scheduler == Constant(0.1).per_update(UPDATES)


def test_an_interrupt_in_a_callback_returns_what_there_is(net, data):
    def stop(run):
        raise KeyboardInterrupt

    run = train(net, trainer_of(net), data, 5, on_epoch=stop)
    assert run.interrupted and len(run.train_loss) == 1 and len(run.lr) == UPDATES


def test_a_used_trainer_is_refused(net, data):
    trainer = trainer_of(net)
    train(net, trainer, data, 1)
    with pytest.raises(ValueError, match=f"already made {UPDATES} updates"):
        train(net, trainer, data, 1)


# MXNet takes the last 32 bits: 2**32 would draw the weights of 0.
@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, True, None, "0"])
def test_a_seed_has_32_bits(net, data, seed):
    with pytest.raises(ValueError, match=rf"seed must be an int in \[0, 2\*\*32\), not {seed!r}"):
        train(net, trainer_of(net), data, 1, seed=seed)


@pytest.mark.parametrize("wrong", [{"num_epochs": 0}, {"batch_size": 0}, {"num_epochs": 1.5}])
def test_numbers_out_of_range_are_named(net, data, wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=rf"{name} must be an int in \[1, ∞\)"):
        train(net, trainer_of(net), data, **wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"last_tests": -1}, r"last_tests must be an int in \[0, ∞\), not -1"),
        ({"last_batch": "drop"}, "last_batch must be 'discard' or 'keep', not 'drop'"),
        ({"last_batch": "discard", "batch_size": 5000}, r"batch_size must be in \[1, 2560\]"),
    ],
)
def test_a_wrong_way_with_the_last_minibatch_is_named(net, data, wrong, message):
    with pytest.raises(ValueError, match=message):
        train(net, trainer_of(net), data, **wrong)


def test_a_smoke_run_is_short(net, monkeypatch):
    monkeypatch.setenv("LRBOOK_SMOKE", "1")
    few = load_fashion_mnist("full")
    assert few.name == "smoke" and len(few.train_images) == smoke.TRAIN_IMAGES
    run = train(net, trainer_of(net), few, 30)
    assert len(run.train_loss) == smoke.EPOCHS
