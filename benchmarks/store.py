"""What recording a run costs in a store of 100 runs and in one of 10,000, in turn.

``python -m benchmarks.store`` does what a sweep or a notebook does with each run, looks whether
it is recorded and appends it, and writes ``benchmarks/store.json``. The first look at a store is
told apart: it reads the whole file, once in a process. The ratio is what counts; the seconds are
those of one machine on one day, and of its disk.
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.report import spread, write
from lrbook.making import machine
from lrbook.runs import store

SIZES, ROUNDS, RUNS = (100, 10_000), 5, 40


def run(key):
    """Return a run about as long as those of a sweep: 30 epochs, 5 kB."""
    curve = np.random.default_rng(0).random(30).tolist()
    curves = "train_loss", "train_acc", "test_acc", "lr_start", "lr_end"
    return {"key": key, "experiment": {"policy": "constant"}, **dict.fromkeys(curves, curve)}


def fill(path, size):
    """Write a store of that many runs at once."""
    lines = (json.dumps({"schema": store.SCHEMA, **run(f"{i:064}")}) + "\n" for i in range(size))
    path.write_text("".join(lines))


def seconds(path, name):
    """Return the seconds of looking for a run and appending it, each the median of many."""
    looked, appended = [], []
    for i in range(RUNS):
        key = f"{name}-{i}"
        start = time.perf_counter()
        assert store.find(path, key=key) is None
        looked.append(time.perf_counter() - start)
        start = time.perf_counter()
        assert store.append(path, run(key))
        appended.append(time.perf_counter() - start)
    return statistics.median(looked), statistics.median(appended)


def main():
    """Time both sizes in turn and write the report."""
    found = {"find by key": {}, "append": {}}
    first = {}
    with tempfile.TemporaryDirectory() as folder:
        paths = {size: Path(folder) / f"{size}.jsonl" for size in SIZES}
        for size, path in paths.items():
            fill(path, size)
            start = time.perf_counter()
            store.find(path, key="none")
            first[size] = round(time.perf_counter() - start, 3)
        for i in range(ROUNDS):
            for size, path in paths.items():
                for took, times in zip(found.values(), seconds(path, i), strict=True):
                    took.setdefault(size, []).append(times)
    ratios = {
        name: spread([large / small for small, large in zip(*took.values(), strict=True)])
        for name, took in found.items()
    }
    milliseconds = {
        name: {size: [round(1000 * t, 3) for t in times] for size, times in took.items()}
        for name, took in found.items()
    }
    report = {
        "what": f"milliseconds a run, by how many are recorded; medians of {RUNS} runs",
        "milliseconds": milliseconds,
        "10,000 recorded / 100 recorded": ratios,
        "seconds of the first look": first,
        "machine": {"cores": os.cpu_count(), "processor": machine.hardware()},
    }
    write(__file__, report)


if __name__ == "__main__":
    main()
