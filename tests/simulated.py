"""Stores of made-up runs, so that pages can be seen before there are real ones.

Nothing here resembles a finding: an arm's accuracy is drawn from its own name, and a run dies by
a logistic curve of its base rate.
"""

import json
import shutil
import zlib
from pathlib import Path

import numpy as np

from lrbook.runs import plan, store

PLANS = ("study", "rates", "survival")
HALF = {0: 0.45, 1: 0.52, 5: 0.6}  # by warmup, the base rate at which half of the runs die


def record(experiment, random, effect):
    """Return the run of an experiment, as a store holds it, with a curve of its last epoch only.

    Parameters
    ----------
    experiment : dict
    random : numpy.random.Generator
    effect : float
        What its arm adds to the test accuracy.
    """
    epochs = experiment["num_epochs"]
    half = HALF[int(experiment.get("warmup", {}).get("duration", 0))]
    dies = random.random() < 1 / (1 + (experiment["base_lr"] / half) ** -14)
    died = int(random.integers(1, min(7, epochs))) if dies else None
    seed = np.random.default_rng(experiment["seed"]).normal(0, 0.004)  # shared by the arms
    hill = -0.02 * np.log(experiment["base_lr"] / 0.25) ** 2
    accuracy = 0.1 if died else 0.88 + effect + hill + seed + random.normal(0, 0.004)
    length = died or epochs
    last = {"train_loss": 2.303 if died else 0.2 - effect, "train_acc": accuracy + 0.03}
    return {
        "schema": 1,
        "key": f"{random.integers(2**63):016x}",
        "experiment": experiment,
        "seed": experiment["seed"],
        "data": experiment["data"],
        "died": died,
        "interrupted": False,
        "updates_per_epoch": 39 if experiment["data"] != "full" else 234,
        "seconds": 60.0,
        "date": f"2026-02-0{1 + experiment['seed'] % 7}T00:00:00+00:00",
        "hardware": "a made-up CPU",
        "versions": {"mxnet": "1.9.1"},
        "code": "5" * 64,
        "test_acc": [round(float(accuracy), 4)] * length,
    } | {name: [round(float(value), 4)] * length for name, value in last.items()}


def records(name, share=1.0, folder=store.RUNS):
    """Return simulated runs of a plan, the first of them, as many as `share` says."""
    experiments = [e.to_dict() for e in plan.read(Path(folder, f"{name}.toml"))]
    # Seed by seed, as the study's sweep goes: an incomplete one has some seeds of every arm.
    experiments.sort(key=lambda e: e["seed"])
    made = []
    for experiment in experiments[: round(share * len(experiments))]:
        arm = json.dumps({k: v for k, v in experiment.items() if k not in ("seed", "base_lr")})
        effect = np.random.default_rng(zlib.crc32(arm.encode())).normal(0, 0.006)
        one = zlib.crc32(json.dumps(experiment).encode())
        made.append(record(experiment, np.random.default_rng(one), effect))
    return made


def folder(path, share=1.0):
    """Make a folder like `runs/` with simulated stores, `share` of every plan.

    Parameters
    ----------
    path : pathlib.Path
        The folder above: as the source folder of the site.
    share : float or dict of str to float
        Of all plans, or of each.

    Returns
    -------
    pathlib.Path
        The `path`.
    """
    shutil.copytree(store.RUNS, path / "runs", ignore=shutil.ignore_patterns("*.lock"))
    for name in PLANS:
        part = share[name] if isinstance(share, dict) else share
        lines = [json.dumps(run) + "\n" for run in records(name, part)]
        (path / "runs" / f"{name}.jsonl").write_text("".join(lines))
    return path
