"""The chapter's runs again, from the first weights that all of its printed builds share.

MXNet's random numbers begin at the same place in every process, and Gluon draws weights on the
CPU wherever a network trains. So the first training of the chapter's notebook starts from the
same weights in every build of it, its second from the same second ones, and so on: the builds
differ in the order of the images alone. ``python -m benchmarks.replication`` draws these weights
again, trains from them as the chapter's code did, sets the result beside what the builds printed
(``runs/d2l_printed_curves.csv``) and what the runs as coded measured from weights of their own
(``runs/as_coded.jsonl``), and writes ``benchmarks/replication.json``.
"""

import argparse
import itertools
import statistics
from collections import Counter

import numpy as np
import pandas as pd

import lrbook  # noqa: F401  (makes mxnet importable)

# isort: split
import mxnet as mx
from d2l import mxnet as d2l
from mxnet import autograd, gluon, init

from benchmarks.d2l_data import loaders
from benchmarks.report import write
from lrbook.making import machine
from lrbook.runs import store
from lrbook.runs.as_coded import AsCoded
from lrbook.training.data import Minibatches, load_fashion_mnist
from lrbook.training.model import lenet

BATCH_SIZE = 256
READINGS = (50, 100, 150, 200)  # the updates after which the chapter's figures have the loss
EARLY = range(5, 11)  # epochs whose mean test accuracy is compared: a single one swings by 0.02
SQUARE_ROOT, COSINE = 2, 4  # which of the chapter's five trainings: each draws weights anew


class Run:
    """One of the chapter's trainings, from known weights.

    Parameters
    ----------
    data : lrbook.training.data.Dataset
    scheduler : callable
        The learning rate of an update; 1 is the first.
    draw, seed : int
        The weights are the draw of that number (1 is the first) after that seed. Seed 0 is
        where MXNet begins when nobody sets one.
    """

    def __init__(self, data, scheduler, draw, seed=0):
        self.net, self.data = lenet(mx.cpu()), data
        mx.random.seed(seed)
        for _ in range(draw):
            self.net.initialize(init.Xavier(), force_reinit=True)
        self.trainer = gluon.Trainer(self.net.collect_params(), "sgd", {"lr_scheduler": scheduler})
        self.loss = gluon.loss.SoftmaxCrossEntropyLoss()
        self.test_images, self.test_labels = map(mx.np.array, (data.test_images, data.test_labels))

    def minibatches(self, order):
        """Return this book's minibatches in the order of a seed, the last one of 96 images."""
        arrays = map(mx.np.array, (self.data.train_images, self.data.train_labels))
        return Minibatches(*arrays, BATCH_SIZE, order, last_batch="keep")

    def updates(self, minibatches):
        """Make an epoch of updates; yield after each what gives the epoch's mean loss so far."""
        total = images = 0
        for X, y in minibatches:
            # d2l's loader hands over memory that its processes share.
            X, y = X.as_in_ctx(mx.cpu()), y.as_in_ctx(mx.cpu())
            with autograd.record():
                losses = self.loss(self.net(X), y)
            losses.backward()
            self.trainer.step(len(X))
            total, images = total + losses.sum(), images + len(X)
            yield lambda total=total, images=images: float(total) / images

    def first_losses(self, minibatches):
        """Return the mean loss of the first 50, 100, 150 and 200 updates."""
        updates = itertools.islice(self.updates(minibatches), READINGS[-1])
        return [round(loss(), 3) for u, loss in enumerate(updates, 1) if u in READINGS]

    def train(self, order, num_epochs):
        """Return the epochs' losses, and test accuracies before and after their last update."""
        minibatches = self.minibatches(order)
        losses, before, after = [], [], []
        for _ in range(num_epochs):
            updates = self.updates(minibatches)
            for _ in range(len(minibatches) - 1):
                next(updates)
            before.append(self._test())
            losses.append(round(next(updates)(), 4))
            after.append(self._test())
        return losses, before, after

    def _test(self):
        test = Minibatches(self.test_images, self.test_labels, 1000, None)
        return round(float(d2l.evaluate_accuracy_gpu(self.net, test)), 4)


def loader(data):
    """Return what d2l's training loader makes of an epoch."""

    def pairs(images, labels):
        pixels = (np.asarray(images) * 255).round().astype(np.uint8)
        return [(x.tobytes(), int(y)) for x, y in zip(pixels, labels, strict=True)]

    batches = [pairs(X.asnumpy(), y.asnumpy()) for X, y in loaders(data, BATCH_SIZE)[0]]
    came = Counter(itertools.chain(*batches))
    return {
        "minibatches": len(batches),
        "images of the last": len(batches[-1]),
        "every image once, with its label": came
        == Counter(pairs(data.train_images, data.train_labels)),
    }


def first_updates(data):
    """Return the square root's first losses, from the chapter's weights and from others."""

    def run(draw, seed=0):
        return Run(data, lambda update: 0.1 / (update + 1) ** 0.5, draw, seed)

    chapter = run(SQUARE_ROOT)
    np.random.seed(0)  # noqa: NPY002  (where d2l's loader has its order from)
    found = {"the chapter's weights, d2l's loader": chapter.first_losses(loaders(data, 256)[0])}
    for order in range(2):
        chapter = run(SQUARE_ROOT)
        losses = chapter.first_losses(chapter.minibatches(order))
        found[f"the chapter's weights, order {order}"] = losses
    for seed in range(1, 4):
        other = run(1, seed)
        found[f"weights of seed {seed}"] = other.first_losses(other.minibatches(seed))
    return found


def printed(policy, base_lr):
    """Return what the living MXNet builds of a run printed, one a row."""
    results = pd.read_csv(store.RUNS / "d2l_printed_results.csv")
    curves = pd.read_csv(store.RUNS / "d2l_printed_curves.csv")
    builds = results[results.framework == "mxnet"].merge(curves, on=["build", "policy"])
    chosen = (builds.policy == policy) & (builds.base_lr == base_lr) & (builds.test_acc > 0.11)
    return builds[chosen]


def spread(values):
    """Return mean, standard deviation and number of some values."""
    values = [float(value) for value in values]
    return [round(statistics.mean(values), 4), round(statistics.stdev(values), 4), len(values)]


def early(test_acc):
    """Return the mean test accuracy of the epochs that are compared."""
    return round(statistics.mean(test_acc[epoch - 1] for epoch in EARLY), 4)


def others(printed_cosine):
    """Return the cosine's accuracies as the builds printed them and as the study has them."""
    late = [f"test_acc_{epoch}" for epoch in EARLY]
    runs = store.read(store.RUNS / "as_coded.jsonl")
    study = [run for run in runs if run["experiment"].get("scheduler") == "cosine 0.5"]
    return {
        "printed builds": {
            "test accuracy, mean of epochs 5 to 10": spread(printed_cosine[late].mean(axis=1)),
            "train loss, epoch 30": spread(printed_cosine.train_loss),
            "test accuracy, epoch 30": spread(printed_cosine.test_acc),
        },
        "study, weights of seeds 0 to 4": {
            "test accuracy, mean of epochs 5 to 10": spread(early(r["test_acc"]) for r in study),
            "train loss, epoch 30": spread(run["train_loss"][-1] for run in study),
            "test accuracy, epoch 30": spread(run["test_acc"][-1] for run in study),
        },
    }


def main():
    """Draw, train, and write the report anew after every run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replication", description=__doc__)
    parser.add_argument("--epochs", type=int, default=30, help="of each run; 10 or more")
    parser.add_argument("--orders", type=int, default=3, help="of the images: how many runs")
    options = parser.parse_args()
    data = load_fashion_mnist("full")
    losses = [f"loss_{update}" for update in READINGS]
    cosine = others(printed("cosine", 0.5))
    report = {
        "what": "the chapter's runs from the weights that every build of it starts from; "
        "of printed builds and of the study: mean, standard deviation, number",
        "d2l's loader, an epoch": loader(data),
        "square root 0.1, mean loss of the first 50, 100, 150, 200 updates": {
            "printed builds": [spread(printed("square_root", 0.1)[name]) for name in losses],
            **first_updates(data),
        },
        "cosine 0.5 as coded": cosine,
        "machine": {"processor": machine.hardware()},
    }
    write(__file__, report)
    for order in range(options.orders):
        run = Run(data, AsCoded("cosine 0.5").per_update(235), COSINE)
        loss, before, after = run.train(order, options.epochs)
        cosine[f"the chapter's weights, order {order}"] = {
            "test accuracy, mean of epochs 5 to 10": early(after),
            f"train loss, epoch {options.epochs}": loss[-1],
            f"test accuracy, epoch {options.epochs}": after[-1],
            "test accuracy after each epoch": after,
            "the same before the last update": before,
        }
        write(__file__, report)


if __name__ == "__main__":
    main()
