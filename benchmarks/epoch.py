"""One epoch of the same LeNet on the same 60,000 images: the chapter's loop, ours, PyTorch.

``python -m benchmarks.epoch --torch PYTHON`` runs them in turn, each in a fresh process, and
writes ``benchmarks/epoch.json``; ``PYTHON`` is an interpreter that has torch. An epoch is one
pass over the training set and the accuracy on the test set, after a first epoch that warms
up. The ratio is what counts; the seconds are those of one machine on one day.
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.report import spread, write
from lrbook.making import machine
from lrbook.training.data import load_fashion_mnist

HERE = Path(__file__).parent
ROUNDS = 4
# Multiply-adds of LeNet for one image; backward it needs the gradients of all weights and of
# every layer's input but the first.
CONV1, CONV2, DENSE = 28 * 28 * 6 * 25, 10 * 10 * 16 * 150, 400 * 120 + 120 * 84 + 84 * 10
FORWARD = CONV1 + CONV2 + DENSE
GFLOP_EPOCH = 2 * (60_000 * (3 * FORWARD - CONV1) + 10_000 * FORWARD) / 1e9


# What is timed, each in a process of its own -----------------------------------------------


def chapter(data, after_epoch):
    """Train as the chapter does: d2l's loaders, and a loss read after every minibatch."""
    import mxnet as mx
    from d2l import mxnet as d2l
    from mxnet import autograd, gluon

    from benchmarks.d2l_data import loaders
    from lrbook.training.model import lenet

    mx.npx.set_np()
    device = d2l.try_gpu()
    net, loss = lenet(device), gluon.loss.SoftmaxCrossEntropyLoss()
    net.hybridize()
    train_iter, test_iter = loaders(data, 256)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    for _ in range(2):
        metric = d2l.Accumulator(3)
        for X, y in train_iter:
            X, y = X.as_in_ctx(device), y.as_in_ctx(device)
            with autograd.record():
                y_hat = net(X)
                losses = loss(y_hat, y)
            losses.backward()
            trainer.step(len(X))
            metric.add(losses.sum(), d2l.accuracy(y_hat, y), len(X))
        after_epoch(d2l.evaluate_accuracy_gpu(net, test_iter))


def ours(data, after_epoch):
    """Train as this book does."""
    from mxnet import gluon

    from lrbook.training.loop import train
    from lrbook.training.model import lenet

    net = lenet()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    train(net, trainer, data, 2, on_epoch=lambda run: after_epoch(run.test_acc[-1]))


class Clock:
    """Waits for the word after the first epoch; prints the second's seconds and accuracy."""

    start = None

    def __call__(self, accuracy):
        """Take the accuracy after an epoch."""
        if self.start is None:
            print("ready", flush=True)
            sys.stdin.readline()
            self.start = time.perf_counter()
        else:
            print(json.dumps([time.perf_counter() - self.start, float(accuracy)]), flush=True)


# The rounds --------------------------------------------------------------------------------


def start(command, **env):
    """Start a process that will warm up, print ``ready`` and wait."""
    environment = {**os.environ, "TQDM_DISABLE": "1", **env}
    if "OMP_NUM_THREADS" not in env:
        environment.pop("OMP_NUM_THREADS", None)  # each one's own default
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )


def run(processes, least=0.5):
    """Let processes that have warmed up train an epoch at once; return each one's seconds.

    A test accuracy under `least` says that one didn't learn, and raises `RuntimeError`.
    """
    for process in processes:
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{process.args} failed")
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    seconds = []
    for process in processes:
        elapsed, accuracy = json.loads(process.stdout.readline())
        if accuracy < least:
            raise RuntimeError(f"{process.args} didn't learn: test accuracy {accuracy}")
        seconds.append(elapsed)
        process.wait()
    return seconds


@contextlib.contextmanager
def _busy_machine():
    """Keep every core busy with a process that does nothing but count."""
    spin = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(spin) for _ in range(os.cpu_count())]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def _peak_gflops():
    """Return what one core does at most, in float32 multiply-adds of large matrices."""
    code = """if True:
        import time, numpy as np
        a = np.ones((2048, 2048), np.float32)
        best = 9.9
        for _ in range(8):
            start = time.perf_counter(); a @ a; best = min(best, time.perf_counter() - start)
        print(2 * 2048**3 / best / 1e9)
    """
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **one}, capture_output=True, text=True
    )
    return float(done.stdout)


def _summary(seconds, baseline):
    ratios = [a / b for a, b in zip(seconds, baseline, strict=True)]
    median = statistics.median(seconds)
    return {
        "seconds": [round(s, 2) for s in seconds],
        "median": round(median, 2),
        "images_per_second": round(70_000 / median),
        "ratio": spread(ratios),
    }


def measure(torch_python, rounds):
    """Run every variant in turn, `rounds` times; return the report as a dict."""
    me = [sys.executable, "-m", "benchmarks.epoch", "--worker"]
    theirs = [torch_python, str(HERE / "epoch_torch.py")]
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        arrays = Path(folder) / "fashion_mnist.npz"
        data = load_fashion_mnist("full")
        names = ("train_images", "train_labels", "test_images", "test_labels")
        np.savez(arrays, **{name: getattr(data, name) for name in names})
        quiet = {
            "chapter's loop, d2l's loaders": [[*me, "chapter"]],
            "lrbook": [[*me, "ours"]],
            "lrbook, two runs at once, per run": [[*me, "ours"]] * 2,
            "PyTorch eager": [[*theirs, arrays, "eager"]],
            "PyTorch channels_last": [[*theirs, arrays, "channels_last"]],
        }
        for _ in range(rounds):
            for name, commands in quiet.items():
                elapsed = max(run([start(command) for command in commands]))
                seconds.setdefault(name, []).append(elapsed / len(commands))
            two_threads = {"OMP_NUM_THREADS": "2"}
            for name, env in (("lrbook", {}), ("two OpenMP threads", two_threads)):
                with _busy_machine():
                    (elapsed,) = run([start([*me, "ours"], **env)])
                seconds.setdefault(f"{name}, every core busy", []).append(elapsed)
    first = seconds["chapter's loop, d2l's loaders"]
    peak = _peak_gflops()
    return {
        "what": "seconds for one epoch (60,000 images trained, 10,000 evaluated), in turn; "
        "ratio to the chapter's loop of the same round: min, median, max",
        "variants": {name: _summary(values, first) for name, values in seconds.items()},
        "limit": {
            "gflop_per_epoch": round(GFLOP_EPOCH, 1),
            "gflop_per_second_of_a_core": round(peak),
            "seconds_of_a_core": round(GFLOP_EPOCH / peak, 2),
        },
        "machine": _machine(),
    }


def table(report):
    """Return a report's variants as the Markdown table that the README shows."""
    lines = ["| an epoch of | seconds | images a second | ratio |", "|---|---|---|---|"]
    for name, variant in report["variants"].items():
        low, median, high = variant["ratio"]
        lines.append(
            f"| {name} | {variant['median']} | {variant['images_per_second']:,} "
            f"| {median} ({low} to {high}) |"
        )
    return "\n".join(lines)


def _machine():
    cpuinfo = Path("/proc/cpuinfo")
    flags = cpuinfo.read_text().split() if cpuinfo.exists() else []
    vectors = next((isa for isa in ("avx512f", "avx2", "avx") if isa in flags), "")
    return {
        "processor": machine.hardware(),
        "cores": os.cpu_count(),
        "vectors": vectors,
        "python": platform.python_version(),
    }


def main():
    """Time everything in turn and write the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.epoch", description=__doc__)
    parser.add_argument("--torch", metavar="PYTHON", help="an interpreter that has torch")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--worker", choices=("chapter", "ours"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        import lrbook  # noqa: F401  (makes mxnet importable)

        worker = {"chapter": chapter, "ours": ours}[options.worker]
        worker(load_fashion_mnist("full"), Clock())
        return
    if not options.torch:
        parser.error("--torch is needed: python -m venv TORCH; TORCH/bin/pip install torch numpy")
    report = measure(options.torch, options.rounds)
    write(__file__, report)
    print(table(report))


if __name__ == "__main__":
    main()
