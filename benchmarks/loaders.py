"""What one pass over Fashion-MNIST costs: d2l's loader against slices of arrays in memory.

``python -m benchmarks.loaders`` runs the two in turn and writes ``benchmarks/loaders.json``.
The ratio is what counts; the seconds are those of one machine on one day.
"""

import os
import platform
import statistics
import time

import lrbook  # noqa: F401  (makes mxnet importable)

# isort: split
import mxnet as mx

from benchmarks.d2l_data import loaders
from benchmarks.report import write
from lrbook.training.data import Minibatches, load_fashion_mnist

BATCH_SIZE, ROUNDS = 256, 5


def one_pass(batches):
    """Return the seconds of one pass that waits for every minibatch, and the images seen."""
    start, seen = time.perf_counter(), 0
    for X, _ in batches:
        X.wait_to_read()
        seen += len(X)
    return time.perf_counter() - start, seen


def main():
    """Time both loaders in turn and write the report."""
    mx.npx.set_np()
    data = load_fashion_mnist("full")
    theirs, _ = loaders(data, BATCH_SIZE)
    arrays = mx.np.array(data.train_images), mx.np.array(data.train_labels)
    ours = Minibatches(*arrays, BATCH_SIZE, seed=0)
    seconds = {"d2l": [], "slices": []}
    for round_ in range(ROUNDS + 1):
        for name, batches in (("d2l", theirs), ("slices", ours)):
            elapsed, seen = one_pass(batches)
            assert seen == len(data.train_images)
            if round_:  # the first one warms up
                seconds[name].append(round(elapsed, 3))
    ratios = [a / b for a, b in zip(seconds["d2l"], seconds["slices"], strict=True)]
    report = {
        "what": "seconds for one pass over 60,000 images, in turn",
        "seconds": seconds,
        "ratio": {
            "min": round(min(ratios), 1),
            "median": round(statistics.median(ratios), 1),
            "max": round(max(ratios), 1),
        },
        "machine": {"cores": os.cpu_count(), "processor": platform.machine()},
    }
    write(__file__, report)


if __name__ == "__main__":
    main()
