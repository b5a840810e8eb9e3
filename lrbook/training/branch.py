"""Going on from where a run was: one run, and branches with other rates from any of its epochs."""

import copy
import functools
import time
from dataclasses import dataclass, replace

from lrbook.mxnet_today import compat

compat.need_mxnet()

import mxnet as mx
import numpy as np
from mxnet import gluon

from lrbook.training import loop
from lrbook.training.data import Minibatches
from lrbook.training.history import History


@dataclass(frozen=True)
class Checkpoint:
    """A run between two epochs: all that decides how it goes on, but for the rates.

    Attributes
    ----------
    weights : list of numpy.ndarray of float32
        In the order of the network's parameters.
    history : History
        What the run did so far.
    """

    weights: list
    history: History

    @property
    def epochs(self):
        """How many epochs the run has behind it."""
        return len(self.history.train_loss)


def keep(net, checkpoints):
    """Return an `on_epoch` for `train` that appends a checkpoint after each epoch.

    Parameters
    ----------
    net : mxnet.gluon.HybridBlock
        The network that trains.
    checkpoints : list
        Where a `Checkpoint` of each epoch goes.
    """

    def after_epoch(history):
        weights = [p.data().asnumpy() for p in net.collect_params().values()]
        checkpoints.append(Checkpoint(weights, copy.deepcopy(history)))

    return after_epoch


def branch(net, data, checkpoint, schedule, num_epochs, name="branch"):
    """Train on from a checkpoint, with plain SGD and another schedule.

    The images come in the order in which the run would have seen them, and SGD without momentum
    remembers nothing. So with the schedule of that run it goes on as if it had never stopped, to
    the last bit.

    Parameters
    ----------
    net : mxnet.gluon.HybridBlock
        Like the one that trained. Its weights are overwritten.
    data : lrbook.training.data.Dataset
        The run's.
    checkpoint : Checkpoint
    schedule : lrbook.schedules.Schedule
        Of the whole run's time: it is asked from the checkpoint's epoch on.
    num_epochs : int
        How many epochs more, 1 or more.
    name : str
        What the run is called in figures.

    Returns
    -------
    History
        Of the run with its branch, from the first epoch on. A dead one goes on to the end.

    Raises
    ------
    ValueError
        If `num_epochs` is out of range, or the data are others.
    """
    before = checkpoint.history
    if type(num_epochs) is not int or num_epochs < 1:
        raise ValueError(f"branch: num_epochs must be an int in [1, ∞), not {num_epochs!r}")
    if data.name != before.data:
        raise ValueError(f"branch: data must be {before.data!r}, the run's, not {data.name!r}")
    parameters = list(net.collect_params().values())
    device = parameters[0].list_ctx()[0]
    for parameter, weight in zip(parameters, checkpoint.weights, strict=True):
        parameter.set_data(mx.np.array(weight, ctx=device))
    images, labels, *test = (
        mx.np.array(a, ctx=device)
        for a in (data.train_images, data.train_labels, data.test_images, data.test_labels)
    )
    batches = Minibatches(images, labels, before.batch_size, before.seed, before.last_batch)
    for _ in range(checkpoint.epochs):
        next(iter(batches))  # draws an epoch's order
    settings = {
        "lr_scheduler": schedule.per_update(len(batches)),
        "begin_num_update": checkpoint.epochs * len(batches),
    }
    trainer = gluon.Trainer(parameters, "sgd", settings)
    history = replace(copy.deepcopy(before), name=name)  # the checkpoint may have other branches
    log = loop._UpdateLog(trainer.optimizer)
    start = time.perf_counter()
    evaluate = functools.partial(loop._evaluate, net, *test)
    for _ in range(num_epochs):
        loss, accuracy, last = loop._train_epoch(net, trainer, batches, log, None, evaluate, 0)
        test_accuracy, spread = evaluate()
        history.train_loss.append(loss)
        history.train_acc.append(accuracy)
        history.test_acc.append(test_accuracy)
        history.last_test_acc.append(last)
        reason = loop._why_dead(loss, accuracy, spread)
        if reason and not history.died:
            history.died, history.reason = len(history.train_loss), reason
    log.close()
    rates, sizes = log.arrays()
    history.lr = np.concatenate([before.lr, rates])
    history.batch_sizes = np.concatenate([before.batch_sizes, sizes])
    history.seconds += time.perf_counter() - start
    return history
