"""Schedule-free SGD goes as the paper's three lines do, and says what it can't be given."""

import re

import mxnet as mx
import numpy as np
import pytest
from mxnet import autograd, gluon, init
from mxnet.gluon import nn

from lrbook.training import loop
from lrbook.training.loop import train
from lrbook.training.schedule_free import ScheduleFreeSGD
from tests.trainings import UPDATES, curves


def by_the_paper(gradient, start, lr, beta, updates):
    """Return y, z and x before each update and after the last, each of shape (updates + 1, n)."""
    x = z = start
    path = []
    for t in range(1, updates + 2):
        y = (1 - beta) * z + beta * x
        path.append((y, z, x))
        z = z - lr * gradient(y)
        x = (1 - 1 / (t + 1)) * x + 1 / (t + 1) * z
    return [np.array(sequence) for sequence in zip(*path, strict=True)]


def quadratic(seed, size=5):
    """Return the matrix and the vector of a loss w·Aw/2 - b·w, and where to start."""
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((size, size))
    return root @ root.T / size, rng.standard_normal(size), rng.standard_normal(size)


class Weights(nn.HybridBlock):
    """The loss of a quadratic whose weights are two parameters, as a network's are."""

    def __init__(self, matrix, vector, start):
        super().__init__()
        # In float64, so that rounding doesn't hide a wrong factor.
        self.matrix = mx.np.array(matrix, dtype="float64")
        self.vector = mx.np.array(vector, dtype="float64")
        parts = {"head": start[:2], "tail": start[2:]}
        for name, part in parts.items():
            values = init.Constant(mx.np.array(part, dtype="float64"))
            shape = {"shape": part.shape, "dtype": "float64"}
            setattr(self, name, self.params.get(name, init=values, **shape))
        self.initialize()

    def now(self):
        return mx.np.concatenate([self.head.data(), self.tail.data()])

    def slope(self):
        """Compute the gradient, for a trainer to use."""
        with autograd.record():
            w = self.now()
            loss = (w * mx.np.dot(self.matrix, w)).sum() / 2 - (self.vector * w).sum()
        loss.backward()


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9, 1])
@pytest.mark.parametrize("seed", range(3))
def test_it_goes_as_the_paper_says_update_by_update(seed, beta):
    matrix, vector, start = quadratic(seed)
    lr, updates = 0.5 / np.linalg.eigvalsh(matrix)[-1], 60
    expected = by_the_paper(lambda w: matrix @ w - vector, start, lr, beta, updates)
    block = Weights(matrix, vector, start)
    optimizer = ScheduleFreeSGD(lr, beta)
    trainer = gluon.Trainer(block.collect_params(), optimizer)
    for t in range(updates + 1):
        y, z, x = (sequence[t] for sequence in expected)
        np.testing.assert_allclose(block.now().asnumpy(), y, rtol=1e-9, atol=1e-12)
        if t:
            found = np.concatenate([optimizer._z[i].asnumpy() for i in range(2)])
            np.testing.assert_allclose(found, z, rtol=1e-9, atol=1e-12)
        with optimizer.at_the_mean():
            np.testing.assert_allclose(block.now().asnumpy(), x, rtol=1e-9, atol=1e-12)
        block.slope()
        trainer.step(1)


def test_the_mean_is_that_of_all_z():
    matrix, vector, start = quadratic(0)
    _, z, x = by_the_paper(lambda w: matrix @ w - vector, start, 0.1, 0.9, 40)
    np.testing.assert_allclose(x[-1], z.mean(axis=0))


def test_with_a_beta_of_one_the_network_holds_the_mean():
    block = Weights(*quadratic(1))
    optimizer = ScheduleFreeSGD(0.1, beta=1)
    trainer = gluon.Trainer(block.collect_params(), optimizer)
    for _ in range(5):
        block.slope()
        trainer.step(1)
    before = block.now().asnumpy()
    with optimizer.at_the_mean():
        assert block.now().asnumpy().tolist() == before.tolist()


def test_the_size_of_a_minibatch_divides_the_gradient():
    ends = []
    for size in (1, 4):
        block = Weights(*quadratic(2))
        trainer = gluon.Trainer(block.collect_params(), ScheduleFreeSGD(0.1 * size))
        block.slope()
        trainer.step(size)
        ends.append(block.now().asnumpy())
    np.testing.assert_allclose(*ends, rtol=1e-6)


def test_it_trains_a_network_that_is_tested_at_the_mean(net, data):
    optimizer, means = ScheduleFreeSGD(0.5), []
    test = mx.np.array(data.test_images), mx.np.array(data.test_labels)
    X = test[0][:10]

    def after_epoch(history):
        before = net(X).asnumpy()
        with optimizer.at_the_mean():
            means.append(loop._evaluate(net, *test)[0])
            assert (net(X).asnumpy() != before).any()
        assert (net(X).asnumpy() == before).all()

    trainer = gluon.Trainer(net.collect_params(), optimizer)
    run = train(net, trainer, data, 3, on_epoch=after_epoch)
    assert run.lr.tolist() == [0.5] * 3 * UPDATES
    assert run.train_loss[-1] < run.train_loss[0]
    assert len(means) == 3 and means[-1] > 0.2


def test_to_look_at_the_mean_changes_nothing(net, data):
    runs = []
    for look in (False, True):
        optimizer = ScheduleFreeSGD(0.5)

        def after_epoch(history, optimizer=optimizer, look=look):
            if look:
                with optimizer.at_the_mean():
                    pass

        trainer = gluon.Trainer(net.collect_params(), optimizer)
        runs.append(train(net, trainer, data, 2, on_epoch=after_epoch))
    assert curves(runs[0]) == curves(runs[1])


def test_y_comes_back_after_an_error():
    block = Weights(*quadratic(0))
    optimizer = ScheduleFreeSGD(0.1)
    trainer = gluon.Trainer(block.collect_params(), optimizer)
    for _ in range(3):
        block.slope()
        trainer.step(1)
    before = block.now().asnumpy().tolist()
    with pytest.raises(KeyError), optimizer.at_the_mean():
        raise KeyError
    assert block.now().asnumpy().tolist() == before


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"learning_rate": 0}, "learning_rate must be a number in (0, ∞), not 0"),
        ({"learning_rate": -0.1}, "learning_rate must be a number in (0, ∞), not -0.1"),
        ({"learning_rate": float("nan")}, "learning_rate must be a number in (0, ∞), not nan"),
        ({"learning_rate": True}, "learning_rate must be a number in (0, ∞), not True"),
        ({"learning_rate": "0.3"}, "learning_rate must be a number in (0, ∞), not '0.3'"),
        ({"beta": 0}, "beta must be a number in (0, 1], not 0"),
        ({"beta": 1.1}, "beta must be a number in (0, 1], not 1.1"),
        ({"beta": -0.9}, "beta must be a number in (0, 1], not -0.9"),
        ({"beta": float("nan")}, "beta must be a number in (0, 1], not nan"),
        ({"beta": "0.9"}, "beta must be a number in (0, 1], not '0.9'"),
        ({"beta": None}, "beta must be a number in (0, 1], not None"),
    ],
)
def test_bad_settings_are_named(setting, message):
    with pytest.raises(ValueError, match=re.escape(f"ScheduleFreeSGD: {message}")):
        ScheduleFreeSGD(**{"learning_rate": 0.3, **setting})


def test_it_has_no_scheduler():
    with pytest.raises(TypeError, match="lr_scheduler"):
        ScheduleFreeSGD(0.3, lr_scheduler=lambda update: 0.1)
