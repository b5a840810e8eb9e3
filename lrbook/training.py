"""Training with plain SGD: the loop, the history, the learning rate that ran."""

import copy
import hashlib
import inspect
import json
import math
import os
import platform
import time
import warnings
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime

from lrbook import compat

compat.need_mxnet()

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon, init, npx

from lrbook import figures, machine, smoke, sources, store
from lrbook.data import Minibatches

if "TQDM_DISABLE" in os.environ:  # which the bar of tqdm.auto doesn't heed in a notebook
    from tqdm import tqdm
else:
    from tqdm.auto import tqdm

npx.set_np()

replayed_seconds = 0.0  # what the recorded runs took that weren't trained again
LN_10 = math.log(10)  # the cross-entropy of a guess among ten classes


@dataclass
class History:
    """What a training run did.

    Attributes
    ----------
    name : str
        What the run is called in figures.
    train_loss, train_acc, test_acc : list of float
        One value an epoch: mean cross-entropy (nats) and accuracy over the epoch's updates,
        as they ran; accuracy on the test set after it.
    lr : numpy.ndarray of float, shape (updates,)
        The learning rate in force at every update, as the optimizer used it.
    updates_per_epoch : int
    seed, batch_size : int
    data : str
        Name of the dataset.
    device : str
    died : int or None
        The epoch (1 is the first) after which the run was dead, None for a living one.
    reason : str
        In plain words, why it is called dead; empty for a living run.
    interrupted : bool
        Whether it was stopped from outside before its last epoch.
    seconds : float
        Wall time of the training.
    """

    name: str
    updates_per_epoch: int
    seed: int
    batch_size: int
    data: str
    device: str
    train_loss: list = field(default_factory=list)
    train_acc: list = field(default_factory=list)
    test_acc: list = field(default_factory=list)
    lr: np.ndarray = field(default_factory=lambda: np.empty(0))
    died: int | None = None
    reason: str = ""
    interrupted: bool = False
    seconds: float = 0.0

    def to_record(self):
        """Return the run as a dict of values that JSON can hold, with its provenance."""
        first = np.arange(0, len(self.lr), self.updates_per_epoch)
        last = np.minimum(first + self.updates_per_epoch, len(self.lr)) - 1
        return {
            **asdict(self),
            "lr": store.pack(self.lr),
            "lr_start": self.lr[first].tolist(),
            "lr_end": self.lr[last].tolist(),
            "train_loss": [x if math.isfinite(x) else None for x in self.train_loss],
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "hardware": machine.hardware(self.device),
            "code": CODE,
            "versions": {
                "python": platform.python_version(),
                "numpy": np.__version__,
                "mxnet": mx.__version__,
            },
        }

    @classmethod
    def from_record(cls, record):
        """Return the run that :meth:`to_record` made into a dict."""
        values = {f.name: record[f.name] for f in fields(cls)}
        values["lr"] = store.unpack(record["lr"])
        values["train_loss"] = [math.nan if x is None else x for x in record["train_loss"]]
        return cls(**values)

    def __str__(self):
        if not self.train_loss:
            return f"{self.name}: interrupted in its first epoch"
        text = (
            f"{self.name}: train loss {self.train_loss[-1]:.3f}, "
            f"train acc {self.train_acc[-1]:.3f}, test acc {self.test_acc[-1]:.3f}"
        )
        if self.died:
            text += f" (dead since epoch {self.died})"
        if self.interrupted:
            text += f" (interrupted after {len(self.train_loss)} epochs)"
        return text


def recorded(name):
    """Return the recorded run of that name, the newest if there are several.

    Raises
    ------
    ValueError
        If there is none; the message names those that there are.
    """
    path = store.RUNS / "notebooks.jsonl"
    run = store.find(path, name=name)
    if run is None:
        names = sorted({run["name"] for run in store.read(path)})
        raise ValueError(f"recorded: no run is named {name!r}, but {', '.join(names)} are")
    return History.from_record(run)


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
    data : lrbook.data.Dataset
    num_epochs, batch_size : int
        1 or more.
    seed : int
        Draws the initial weights and the order of the data.
    name : str
        What the run is called in figures, beginning with the policy ('cosine 0.3').
    on_epoch : callable, optional
        Called with the `History` after each epoch; may set the trainer's learning rate.
    on_update : callable, optional
        Called after each update with its number (1 is the first) and the minibatch's mean
        loss, an array of shape () that is computed only when it is read.
    stop_if_dead : bool
        Whether to stop once the run is dead. It can't come back to life.

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
    optimizer = trainer.optimizer
    if optimizer.num_update:
        raise ValueError(
            f"train: the trainer has already made {optimizer.num_update} updates, from where "
            "its schedule would go on; make a new gluon.Trainer for a new run"
        )
    num_epochs = smoke.epochs(num_epochs)
    device = next(iter(net.collect_params().values())).list_ctx()[0]
    updates_per_epoch = math.ceil(len(data.train_labels) / batch_size)
    history = History(name, updates_per_epoch, seed, batch_size, data.name, str(device))
    live = figures.LiveRun()
    listened_to = on_epoch is not None or on_update is not None
    key = None if listened_to else _key(net, optimizer, history, num_epochs, stop_if_dead)
    if run := _recorded(key):
        # Its weights weren't kept: nobody shall take the present ones for them.
        net.initialize(init.Constant(math.nan), ctx=device, force_reinit=True)
        run.name = name
        live.draw(run)
        _tell_death(run)
        return run
    try:
        for _ in _epochs(net, trainer, data, history, device, num_epochs, on_update):
            live.draw(history)
            if history.died == len(history.train_loss):
                _tell_death(history)
            if history.died and stop_if_dead:
                break
            if on_epoch:
                on_epoch(history)
    except KeyboardInterrupt:
        history.interrupted = True
    if key and not history.interrupted:
        _record(key, history)
    return history


def _epochs(net, trainer, data, history, device, num_epochs, on_update):
    """Train from scratch; yield after each epoch, when the history knows it."""
    mx.random.seed(history.seed)
    net.initialize(init.Xavier(), ctx=device, force_reinit=True)
    images, labels, test_images, test_labels = (
        mx.np.array(a, ctx=device)
        for a in (data.train_images, data.train_labels, data.test_images, data.test_labels)
    )
    batches = Minibatches(images, labels, history.batch_size, history.seed)
    log = _RateLog(trainer.optimizer)
    start = time.perf_counter()
    try:
        for epoch in tqdm(range(1, num_epochs + 1), desc=history.name, unit="epoch", leave=False):
            loss, accuracy = _train_epoch(net, trainer, batches, log, on_update)
            test_accuracy, spread = _evaluate(net, test_images, test_labels)
            history.train_loss.append(loss)
            history.train_acc.append(accuracy)
            history.test_acc.append(test_accuracy)
            history.lr = np.array(log.rates)
            history.seconds = time.perf_counter() - start
            reason = _why_dead(loss, accuracy, spread)
            if reason and not history.died:
                history.died, history.reason = epoch, reason
            yield
    finally:
        history.lr = np.array(log.rates)
        log.close()


def _train_epoch(net, trainer, batches, log, on_update):
    """Make one pass over the minibatches; return its mean loss and accuracy."""
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    total_loss = correct = seen = 0
    for X, y in batches:
        with autograd.record():
            logits = net(X)
            losses = loss(logits, y)
        losses.backward()
        with log:
            trainer.step(len(X))
        # The sums stay on the device: to read them here is to wait for every minibatch.
        total_loss = total_loss + losses.sum()
        correct = correct + (logits.argmax(axis=1).astype(y.dtype) == y).sum()
        seen += len(X)
        if on_update:
            on_update(trainer.optimizer.num_update, losses.mean())
    return float(total_loss) / seen, float(correct) / seen


class _RateLog:
    """The learning rate of every update, overheard; a context in which one update is made.

    Asking a scheduler that remembers would change what it answers next, so the optimizer's
    own question is overheard.
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.scheduler = optimizer.lr_scheduler
        self.rates = []
        self._answers = []
        self._warned = False
        if self.scheduler is not None:
            optimizer.lr_scheduler = self._ask

    def _ask(self, num_update):
        answer = self.scheduler(num_update)
        self._answers.append(float(answer))
        return answer

    def __enter__(self):
        self._answers.clear()

    def __exit__(self, *exc):
        if exc[0] is not None:
            return
        answers = self._answers if self.scheduler is not None else [self.optimizer.learning_rate]
        self.rates.append(answers[-1])
        if not self._warned and len(set(answers)) > 1:
            self._warned = True
            warnings.warn(
                f"update {len(self.rates)} used {len(answers)} different learning rates: MXNet "
                "asks the scheduler several times an update, and this one remembers",
                stacklevel=3,
            )

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


def _key(net, optimizer, history, num_epochs, stop_if_dead):
    """Return what tells this run from every other, or None when runs aren't recorded."""
    if "LRBOOK_RUNS" not in os.environ or smoke.active():
        return None
    # A copy is asked, in the order of training, since asking can change a scheduler.
    scheduler = copy.deepcopy(optimizer.lr_scheduler) or (lambda num_update: optimizer.lr)
    updates = range(1, num_epochs * history.updates_per_epoch + 1)
    identity = {
        "net": repr(net),
        "optimizer": _settings(optimizer),
        # To float32, as MXNet's kernels read them: the rest differs between processors.
        "rates": np.array([scheduler(u) for u in updates], np.float32).tolist(),
        "run": [num_epochs, history.batch_size, history.seed, history.data, stop_if_dead],
        "device": history.device,
        "code": CODE,
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


# The identity of the code that trains: a run of other code is another run.
CODE = sources.code_hash(
    *map(inspect.getsource, (_epochs, _train_epoch, _RateLog, _evaluate, _why_dead, Minibatches))
)


def _settings(optimizer):
    plain = (bool, int, float, str, type(None))
    values = {k: v for k, v in vars(optimizer).items() if isinstance(v, plain)}
    return {"name": type(optimizer).__name__, **values}


def _recorded(key):
    """Return the recorded run of that key, or None."""
    global replayed_seconds
    record = key and store.find(os.environ["LRBOOK_RUNS"], key=key)
    if not record:
        return None
    run = History.from_record(record)
    replayed_seconds += run.seconds
    return run


def _record(key, history):
    """Append a finished run to the store that the environment names."""
    store.append(os.environ["LRBOOK_RUNS"], {"key": key, **history.to_record()})
