"""An epoch of the LeNet on the book's 10,000 images: in the page, with MXNet, with PyTorch.

``python -m benchmarks.page --torch PYTHON`` runs them in turn, on one thread each and each afresh,
and writes ``benchmarks/page.json``; ``PYTHON`` is an interpreter that has torch. The page is
Chromium with the worker alone. An epoch is one pass over the training images and the accuracy on
the 2,000 test images, after a first epoch that warms up. The ratio is what counts; the seconds are
those of one machine on one day, and how busy it was stands beside them.
"""

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import epoch
from benchmarks.report import spread, write
from lrbook.making import machine
from lrbook.training.data import load_fashion_mnist
from tests.browser.conftest import chromium, new_context, served
from tests.browser.test_engine import TRAIN, put_engine

ROUNDS = 5
LEARNS = 0.2  # in two epochs of the subset, at 0.1
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def worker():
    """Train with MXNet on whole minibatches; print the second epoch's seconds."""
    import lrbook  # noqa: F401  (makes mxnet importable)

    # isort: split
    from mxnet import gluon

    from lrbook.training.loop import train
    from lrbook.training.model import lenet

    net, clock = lenet(), epoch.Clock()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    train(
        net,
        trainer,
        load_fashion_mnist("subset"),
        2,
        last_batch="discard",
        on_epoch=lambda run: clock(run.test_acc[-1]),
    )


@contextlib.contextmanager
def _page():
    """Yield a function that trains two epochs in a page and returns the second's seconds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(put_engine(Path(folder))) as address,
        chromium() as browser,
    ):
        page = new_context(browser).new_page()
        page.goto(f"{address}/index.html")

        def train():
            setting = {"kind": "Constant", "p": {"base_lr": 0.1}, "seed": 0, "epochs": 2}
            first, second = (a["run"] for a in page.evaluate(TRAIN, setting) if "run" in a)
            if second["test_acc"][-1] < LEARNS:
                raise RuntimeError(f"the page didn't learn: {second['test_acc']}")
            return second["seconds"] - first["seconds"]

        yield train


def measure(torch_python, rounds):
    """Run every variant in turn, `rounds` times; return the report as a dict."""
    mxnet = [sys.executable, "-m", "benchmarks.page", "--worker"]
    seconds, busy = {}, []
    with tempfile.TemporaryDirectory() as folder, _page() as page:
        commands = {"MXNet, through lrbook": mxnet}
        if torch_python:
            arrays = Path(folder) / "subset.npz"
            data = load_fashion_mnist("subset")
            names = ("train_images", "train_labels", "test_images", "test_labels")
            np.savez(arrays, **{name: getattr(data, name) for name in names})
            script = str(Path(epoch.__file__).with_name("epoch_torch.py"))
            for layout in ("eager", "channels_last"):
                commands[f"PyTorch {layout}"] = [torch_python, script, arrays, layout]
        for _ in range(rounds):
            busy.append(round(os.getloadavg()[0], 1))
            seconds.setdefault("the page", []).append(page())
            for name, command in commands.items():
                (elapsed,) = epoch.run([epoch.start(command, **ONE_THREAD)], LEARNS)
                seconds.setdefault(name, []).append(elapsed)
    first = seconds["the page"]
    return {
        "what": "seconds for one epoch (10,000 images trained, 2,000 evaluated) on one thread, in "
        "turn; ratio to the page of the same round: min, median, max",
        "variants": {
            name: {
                "seconds": [round(s, 2) for s in values],
                "median": round(statistics.median(values), 2),
                "ratio": spread([a / b for a, b in zip(values, first, strict=True)]),
            }
            for name, values in seconds.items()
        },
        "processes that wanted a core, at the start of each round": busy,
        "machine": {"processor": machine.hardware(), "cores": os.cpu_count()},
    }


def main():
    """Time everything in turn and write the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--torch", metavar="PYTHON", help="an interpreter that has torch")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker()
    else:
        write(__file__, measure(options.torch, options.rounds))


if __name__ == "__main__":
    main()
