"""The mean of the weights along a run, and how good it is: what a decay does, without one."""

import inspect
import math
from dataclasses import dataclass

from lrbook.mxnet_today import compat

compat.need_mxnet()

import mxnet as mx
import numpy as np
from mxnet import gluon

from lrbook.making import sources
from lrbook.training import loop
from lrbook.training.data import Minibatches
from lrbook.training.history import History


@dataclass
class Average:
    """How good the mean of the weights was.

    Attributes
    ----------
    since : int
        The first epoch (1 is the first) whose weights are in it.
    test_acc : list of float
        Test accuracy of the mean so far, after each epoch from `since` on.
    train_loss, last_train_loss : float or None
        Mean cross-entropy (nats) over all training images after the last epoch: of the mean, and
        of the run's own weights, which stand still meanwhile. None if it is no finite number, or
        the run died or ended before `since`.
    """

    since: int
    test_acc: list
    train_loss: float | None = None
    last_train_loss: float | None = None


@dataclass
class AveragedHistory(History):
    """What a training run did, and the `average` of its weights."""

    average: Average | None = None


class WeightAverage:
    """The equal mean of a network's weights after each epoch from one on.

    The weights of every update would cost a copy of the network at each and say little more:
    where the loss is steep, weights an epoch apart are already as good as independent, and where
    it is flat, those in between are nearly the same. A network with batch normalization would
    need new statistics; the LeNet has none.

    Parameters
    ----------
    net, other : mxnet.gluon.HybridBlock
        The network that trains, and a second one alike, which takes the mean.
    data : lrbook.training.data.Dataset
        What `net` is trained on.
    since : int
        The first epoch whose weights count, 1 or more.

    References
    ----------
    Izmailov et al., *Averaging Weights Leads to Wider Optima and Better Generalization*, 2018;
    Polyak and Juditsky, *Acceleration of Stochastic Approximation by Averaging*, 1992.
    """

    def __init__(self, net, other, data, since):
        self._net, self._other, self._since = net, other, since
        self._device = _parameters(net)[0].list_ctx()[0]
        self._images, self._labels, *self._test = (
            mx.np.array(a, ctx=self._device)
            for a in (data.train_images, data.train_labels, data.test_images, data.test_labels)
        )
        self._sums = [0.0] * len(_parameters(net))
        self._test_acc = []

    def __call__(self, history):
        """Take in the weights after an epoch, and test the mean so far."""
        if len(history.train_loss) < self._since:
            return
        self._sums = [
            total + parameter.data().asnumpy().astype(np.float64)
            for total, parameter in zip(self._sums, _parameters(self._net), strict=True)
        ]
        count = len(self._test_acc) + 1
        for parameter, total in zip(_parameters(self._other), self._sums, strict=True):
            parameter.set_data(mx.np.array(total / count, dtype="float32", ctx=self._device))
        self._test_acc.append(loop._evaluate(self._other, *self._test)[0])

    def of(self, history):
        """Return a `History` that has ended as an `AveragedHistory`."""
        average = Average(self._since, self._test_acc)
        if self._test_acc and not history.died:
            average.train_loss = self._loss(self._other)
            average.last_train_loss = self._loss(self._net)
        return AveragedHistory(**vars(history), average=average)

    def _loss(self, net):
        loss, total = gluon.loss.SoftmaxCrossEntropyLoss(), 0.0
        for X, y in Minibatches(self._images, self._labels, 1024, seed=None):
            total += float(loss(net(X), y).sum())
        mean = total / len(self._labels)
        return mean if math.isfinite(mean) else None


def _parameters(net):
    return list(net.collect_params().values())


# The identity of this code: an average of other code is of another run.
CODE = sources.code_hash(inspect.getsource(WeightAverage))
