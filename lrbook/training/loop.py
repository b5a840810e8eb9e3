"""Training with plain SGD: the loop, and the learning rate that ran."""

import contextlib
import functools
import math
import os
import time
import warnings

from lrbook.mxnet_today import compat

compat.need_mxnet()

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon, init, npx

from lrbook import figures
from lrbook.making import smoke
from lrbook.training.data import Minibatches
from lrbook.training.history import History

if "TQDM_DISABLE" in os.environ:  # which the bar of tqdm.auto doesn't heed in a notebook
    from tqdm import tqdm
else:
    from tqdm.auto import tqdm

npx.set_np()

LN_10 = math.log(10)  # the cross-entropy of a guess among ten classes

# How many there are: MXNet takes the last 32 bits of a seed, so that the next one is 0 again.
SEEDS = 2**32

# Who keeps runs puts a function here. It is asked before a run that no callback steers, with
# the net, the optimizer, the empty history, num_epochs, stop_if_dead and last_tests, and answers
# with a kept run or None, and with what takes the new run or None.
archive = None


def train(
    net,
    trainer,
    data,
    num_epochs=30,
    batch_size=256,
    seed=0,
    name="run",
    on_epoch=None,
    on_update=None,
    stop_if_dead=True,
    last_batch="discard",
    last_tests=0,
):
    """Train a network from scratch, as the chapter does, and tell what happened.

    The network is initialized anew (Xavier) and sees the training set once an epoch in an
    order drawn from the seed. Same seed, device and thread count: same numbers. In a
    notebook the curves are drawn while it trains.

    Parameters
    ----------
    net : mxnet.gluon.HybridBlock
        Maps (n, 1, 28, 28) to logits (n, 10). It is trained on the device where it is.
    trainer : mxnet.gluon.Trainer
        Of this network's parameters, with no update made yet.
    data : lrbook.training.data.Dataset
    num_epochs, batch_size : int
        1 or more.
    seed : int
        In [0, 2**32); draws the initial weights and the order of the data.
    name : str
        What the run is called in figures, beginning with the policy ('cosine 0.3').
    on_epoch : callable, optional
        Called with the `History` after each epoch; may set the trainer's learning rate.
    on_update : callable, optional
        Called after each update with its number (1 is the first) and the minibatch's mean
        loss, an array of shape () that is computed only when it is read.
    stop_if_dead : bool
        Whether to stop once the run is dead. It can't come back to life.
    last_batch : {'discard', 'keep'}
        What becomes of the images that fill no minibatch: they sit out the epoch, or make a
        smaller one, as the chapter's code does.
    last_tests : int
        After how many of each epoch's last updates the test accuracy is measured, 0 or more.

    Returns
    -------
    History
        Also after Ctrl-C or a kernel's stop: what there is.

    Raises
    ------
    ValueError
        If a number is out of range or the trainer has already made updates.
    """
    for label, value in (("num_epochs", num_epochs), ("batch_size", batch_size)):
        if not isinstance(value, int) or value < 1:
            raise ValueError(f"train: {label} must be an int in [1, ∞), not {value!r}")
    if type(seed) is not int or not 0 <= seed < SEEDS:
        raise ValueError(f"train: seed must be an int in [0, 2**32), not {seed!r}")
    optimizer = trainer.optimizer
    if not isinstance(last_tests, int) or last_tests < 0:
        raise ValueError(f"train: last_tests must be an int in [0, ∞), not {last_tests!r}")
    if optimizer.num_update:
        raise ValueError(
            f"train: the trainer has already made {optimizer.num_update} updates, from where "
            "its schedule would go on; make a new gluon.Trainer for a new run"
        )
    num_epochs = smoke.epochs(num_epochs)
    device = next(iter(net.collect_params().values())).list_ctx()[0]
    batches = Minibatches(data.train_images, data.train_labels, batch_size, seed, last_batch)
    history = History(name, len(batches), seed, batch_size, last_batch, data.name, str(device))
    live = figures.LiveRun()
    # What a callback does to a run can't be known beforehand: nobody keeps such a run.
    listened_to = on_epoch is not None or on_update is not None
    run, keep = None, None
    if archive and not listened_to:
        run, keep = archive(net, optimizer, history, num_epochs, stop_if_dead, last_tests)
    if run:
        # Its weights weren't kept: nobody shall take the present ones for them.
        net.initialize(init.Constant(math.nan), ctx=device, force_reinit=True)
        live.draw(run)
        _tell_death(run)
        return run
    try:
        for _ in _epochs(net, trainer, data, history, device, num_epochs, on_update, last_tests):
            live.draw(history)
            if history.died == len(history.train_loss):
                _tell_death(history)
            if history.died and stop_if_dead:
                break
            if on_epoch:
                on_epoch(history)
    except KeyboardInterrupt:
        history.interrupted = True
    if keep and not history.interrupted:
        keep(history)
    return history


def _epochs(net, trainer, data, history, device, num_epochs, on_update, last_tests):
    """Train from scratch; yield after each epoch, when the history knows it."""
    mx.random.seed(history.seed)
    net.initialize(init.Xavier(), ctx=device, force_reinit=True)
    images, labels, test_images, test_labels = (
        mx.np.array(a, ctx=device)
        for a in (data.train_images, data.train_labels, data.test_images, data.test_labels)
    )
    batches = Minibatches(images, labels, history.batch_size, history.seed, history.last_batch)
    test = functools.partial(_evaluate, net, test_images, test_labels)
    log = _UpdateLog(trainer.optimizer)
    start = time.perf_counter()
    try:
        for epoch in tqdm(range(1, num_epochs + 1), desc=history.name, unit="epoch", leave=False):
            loss, accuracy, last = _train_epoch(
                net, trainer, batches, log, on_update, test, last_tests
            )
            test_accuracy, spread = test()
            history.train_loss.append(loss)
            history.train_acc.append(accuracy)
            history.test_acc.append(test_accuracy)
            history.last_test_acc.append(last)
            history.lr, history.batch_sizes = log.arrays()
            history.seconds = time.perf_counter() - start
            reason = _why_dead(loss, accuracy, spread)
            if reason and not history.died:
                history.died, history.reason = epoch, reason
            yield
    finally:
        history.lr, history.batch_sizes = log.arrays()
        log.close()


def _train_epoch(net, trainer, batches, log, on_update, test, last_tests):
    """Pass over the minibatches; return mean loss, accuracy, and the last tests' accuracies."""
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    total_loss = correct = seen = 0
    last = []
    for left, (X, y) in zip(reversed(range(len(batches))), batches, strict=True):
        with autograd.record():
            logits = net(X)
            losses = loss(logits, y)
        losses.backward()
        with log.update(len(X)):
            trainer.step(len(X))
        # The sums stay on the device: to read them here is to wait for every minibatch.
        total_loss = total_loss + losses.sum()
        correct = correct + (logits.argmax(axis=1).astype(y.dtype) == y).sum()
        seen += len(X)
        if on_update:
            on_update(trainer.optimizer.num_update, losses.mean())
        if left < last_tests:
            last.append(test()[0])
    return float(total_loss) / seen, float(correct) / seen, last


class _UpdateLog:
    """The learning rate of every update, overheard, and the size of its minibatch.

    Asking a scheduler that remembers would change what it answers next, so the optimizer's
    own question is overheard.
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.scheduler = optimizer.lr_scheduler
        self._updates = []  # pairs of a rate and a size
        self._answers = []
        self._warned = False
        if self.scheduler is not None:
            optimizer.lr_scheduler = self._ask

    def _ask(self, num_update):
        answer = self.scheduler(num_update)
        self._answers.append(float(answer))
        return answer

    @contextlib.contextmanager
    def update(self, size):
        """Listen to one update, of a minibatch of that size."""
        self._answers.clear()
        yield
        answers = self._answers if self.scheduler is not None else [self.optimizer.learning_rate]
        self._updates.append((answers[-1], size))
        if not self._warned and len(set(answers)) > 1:
            self._warned = True
            warnings.warn(
                f"update {len(self._updates)} used {len(answers)} different learning rates: MXNet "
                "asks the scheduler several times an update, and this one remembers",
                stacklevel=4,
            )

    def arrays(self):
        """Return the rates and the sizes, each of shape (updates,)."""
        rates = np.array([rate for rate, _ in self._updates], float)
        return rates, np.array([size for _, size in self._updates], int)

    def close(self):
        """Give the optimizer its own scheduler back."""
        self.optimizer.lr_scheduler = self.scheduler


def _evaluate(net, images, labels):
    """Return the accuracy, and how far the logits of different images differ at most."""
    correct, low, high = 0, math.inf, -math.inf
    for X, y in Minibatches(images, labels, 1024, seed=None):
        logits = net(X)
        correct = correct + (logits.argmax(axis=1).astype(y.dtype) == y).sum()
        low = mx.np.minimum(logits.min(axis=0), low)
        high = mx.np.maximum(logits.max(axis=0), high)
    return float(correct) / len(images), float((high - low).max())


def _why_dead(loss, accuracy, spread):
    """Return why a run is dead after an epoch, in plain words, or '' for a living one."""
    if not (math.isfinite(loss) and math.isfinite(spread)):
        return "the loss is no longer a finite number"
    # The loss alone would condemn a run whose rate is too small to leave the start, where
    # Xavier's weights still tell images apart by 0.4.
    guessing = loss > LN_10 - 0.02 and accuracy < 0.12
    if spread == 0 or (guessing and spread < 0.1):
        return "it gives every image the same answer: loss ln 10 = 2.303, accuracy 0.1"
    return ""


def _tell_death(history):
    if history.died:
        tqdm.write(f"{history.name} is dead after epoch {history.died}: {history.reason}")
