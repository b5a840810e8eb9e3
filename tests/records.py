"""Records of runs as short as a test needs them."""

from lrbook.findings import arms


def record(experiment, values=(0.5, 0.8, 0.7), **changed):
    """Return a record of one epoch, with its loss and its two accuracies."""
    curves = dict(zip(arms.MEASURES, ([value] for value in values), strict=True))
    rest = {"seconds": 1.0, "date": "2026-01-01T00:00:00+00:00", "hardware": "a CPU", "code": "0a"}
    made = {"experiment": experiment, "seed": experiment["seed"], "versions": {"mxnet": "1.9.1"}}
    return {"died": None, "interrupted": False} | made | rest | curves | changed


def constant(base_lr, test_accs, died=0):
    """Return records of an arm: one of each accuracy, and so many dead ones."""
    alive = [(0.5, 0.8, value) for value in test_accs]
    experiments = [
        {"policy": "constant", "base_lr": base_lr, "seed": seed, "data": "full"}
        for seed in range(len(alive) + died)
    ]
    records = [record(e, values) for e, values in zip(experiments, alive, strict=False)]
    dead = [record(e, (None, 0.1, 0.1), died=1) for e in experiments[len(alive) :]]
    return records + dead
