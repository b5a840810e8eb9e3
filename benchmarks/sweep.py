"""How a sweep scales: runs an hour with one worker and with two, in turn.

``python -m benchmarks.sweep`` sweeps the same six runs (six epochs of the embedded subset, as
many updates as one of the full data) and writes ``benchmarks/sweep.json``. The start of the
workers is left out, their first look at the data isn't. The ratio is what counts.
"""

import os
import tempfile
from pathlib import Path

import lrbook  # noqa: F401  (makes mxnet importable)

# isort: split
from benchmarks.report import spread, write
from lrbook.making import machine
from lrbook.runs.experiments import Experiment
from lrbook.runs.sweep import sweep
from lrbook.schedules import Constant

ROUNDS, RUNS = 3, 6


def main():
    """Sweep in turn with one worker and with two, and write the report."""
    experiments = [Experiment(Constant(0.1), seed, "subset", num_epochs=6) for seed in range(RUNS)]
    per_hour = {1: [], 2: []}
    for _ in range(ROUNDS):
        for workers, found in per_hour.items():
            with tempfile.TemporaryDirectory() as folder:
                report = sweep(experiments, Path(folder) / "runs.jsonl", workers=workers)
            assert report.recorded == RUNS, report
            found.append(round(RUNS / report.seconds * 3600))
    ratios = [two / one for one, two in zip(*per_hour.values(), strict=True)]
    report = {
        "what": "runs an hour (six epochs of the subset each), with one worker and with two",
        "runs an hour": per_hour,
        "two workers / one": spread(ratios),
        "machine": {"cores": os.cpu_count(), "processor": machine.hardware()},
    }
    write(__file__, report)


if __name__ == "__main__":
    main()
