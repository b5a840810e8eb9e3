"""Ask PyTorch when it lowers a rate: ``python -m lrbook.frameworks.plateau``.

What it decided, in `RUNS` runs that never were, goes to ``runs/frameworks/plateau.json``, so that a
test can hold the book's rule to it without PyTorch.
"""

import json
from importlib.metadata import version

import numpy as np

from lrbook.frameworks.compare import FOLDER

RUNS = 300
EPOCHS = 60
BASE_LR = 0.3
PATH = FOLDER / "plateau.json"


def drawn():
    """Yield settings of a rule, by the names of PyTorch, and what it is told after each epoch.

    The measures fall, or rise, into noise; some are equal, and some are no number.
    """
    rng = np.random.default_rng(0)
    for _ in range(RUNS):
        mode = str(rng.choice(["min", "max"]))
        threshold_mode = str(rng.choice(["rel", "abs"]))
        setting = {
            "mode": mode,
            "factor": float(rng.uniform(0.05, 0.9)),
            "patience": int(rng.integers(0, 8)),
            "threshold": float(rng.choice([0, 1e-4, 0.01, 0.1])),
            "threshold_mode": threshold_mode,
            "cooldown": int(rng.integers(0, 6)),
            "min_lr": float(rng.choice([0, 0.003, 0.05])),
        }
        fall = np.exp(-np.arange(EPOCHS) / rng.uniform(3, 20))
        values = fall + rng.choice([0, 0.01, 0.1]) * rng.standard_normal(EPOCHS)
        # Rounded, so that some are as good as the best and no better.
        values = np.abs(values if mode == "min" else 1 - values).round(2)
        values[rng.random(EPOCHS) < 0.03] = rng.choice([np.nan, np.inf])
        yield setting, values.tolist()


def decide(setting, values):
    """Return the rate after each epoch, as PyTorch sets it."""
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=BASE_LR)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **setting)
    rates = []
    for value in values:
        scheduler.step(value)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def main():
    """Ask, and record what was decided: the epochs after which the rate fell, and the last rate."""
    runs = []
    for setting, values in drawn():
        rates = np.array([BASE_LR, *decide(setting, values)])
        fell = np.flatnonzero(np.diff(rates) < 0) + 1
        runs.append({"fell": fell.tolist(), "last": rates[-1]})
    answer = {"versions": {"torch": version("torch")}, "runs": runs}
    PATH.write_text(json.dumps(answer, separators=(",", ":")) + "\n", "utf-8")
    print("pytorch: decided")


if __name__ == "__main__":
    main()
