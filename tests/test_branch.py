"""A branch goes on from a checkpoint as if the run had never stopped, to the last bit."""

import numpy as np
import pytest

from lrbook.schedules import Constant, WarmupStableDecay
from lrbook.training.branch import branch, keep
from lrbook.training.loop import train
from lrbook.training.model import lenet
from tests.trainings import UPDATES, curves, trainer_of

STABLE = Constant(0.1)


@pytest.fixture(autouse=True)
def _no_smoke(monkeypatch):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)


@pytest.fixture
def checkpoints(net, data):
    """Return those of three epochs at a constant rate."""
    kept = []
    trainer = trainer_of(net, STABLE.per_update(UPDATES))
    train(net, trainer, data, 3, seed=3, on_epoch=keep(net, kept))
    return kept


def weights(net):
    return [p.data().asnumpy() for p in net.collect_params().values()]


@pytest.mark.parametrize("at", [1, 2])
def test_a_branch_is_the_run_that_never_stopped(net, data, checkpoints, at):
    schedule = WarmupStableDecay(0.1, 0.001, 0, stable=at, cooldown=2)
    branched = branch(net, data, checkpoints[at - 1], schedule, 2)
    whole = train(
        other := lenet(), trainer_of(other, schedule.per_update(UPDATES)), data, at + 2, seed=3
    )
    assert curves(branched) == curves(whole)
    np.testing.assert_array_equal(branched.lr, whole.lr)
    np.testing.assert_array_equal(branched.batch_sizes, whole.batch_sizes)
    for mine, theirs in zip(weights(net), weights(other), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_checkpoint_has_many_branches(net, data, checkpoints):
    first = branch(net, data, checkpoints[0], STABLE, 1)
    other = branch(net, data, checkpoints[0], Constant(0.01), 1)
    again = branch(net, data, checkpoints[0], STABLE, 1, name="again")
    assert curves(first) == curves(again) != curves(other)
    assert again.name == "again"
    assert [checkpoint.epochs for checkpoint in checkpoints] == [1, 2, 3]
    assert len(checkpoints[0].history.lr) == UPDATES
    assert first.train_loss == checkpoints[1].history.train_loss


def test_a_branch_can_die(net, data, checkpoints):
    dead = branch(net, data, checkpoints[0], Constant(1e4), 2)
    assert dead.died == 2
    assert dead.reason
    assert len(dead.train_loss) == 3


@pytest.mark.parametrize("epochs", [0, -1, 1.0, True])
def test_a_number_of_epochs_that_is_none_is_refused(net, data, checkpoints, epochs):
    with pytest.raises(ValueError, match=r"branch: num_epochs must be an int in \[1, ∞\), not"):
        branch(net, data, checkpoints[0], STABLE, epochs)


def test_other_data_are_refused(net, data, checkpoints):
    checkpoints[0].history.data = "full"
    with pytest.raises(ValueError, match="branch: data must be 'full', the run's, not 'subset'"):
        branch(net, data, checkpoints[0], STABLE, 1)
