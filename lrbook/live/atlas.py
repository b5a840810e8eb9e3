"""The atlas of recorded runs as the panels read it: one small file for a whole site.

The runs' curves are whole numbers of `UNIT`, in two bytes each: exact for an accuracy on 10,000
or 2,000 images, and to four decimals for a loss.
"""

import base64
from collections import defaultdict
from dataclasses import fields

import numpy as np

from lrbook import schedules
from lrbook.runs import store
from lrbook.schedules import policies
from lrbook.training import data

PATH = store.RUNS / "atlas.jsonl"
UNIT = 1e-4
MISSING = 2**16 - 1  # a loss that was no finite number

_WARMUP = {"duration": 0.0, "start_lr": 0.0, "mode": "linear"}


def page_data(runs):
    """Return what the panels must know of recorded runs, as a dict of what JSON can hold.

    Parameters
    ----------
    runs : list of dict
        Records of a store, all of the same data and number of epochs.

    Returns
    -------
    dict
        ``settings`` has for each setting its ``kind`` (class name), parameters ``p`` and
        ``runs``, each ``[seed, epoch of death or None, epochs]``; ``curves`` the train loss,
        train accuracy and test accuracy of one run after the other, in the same order, as
        little-endian uint16 in Base64; ``kinds`` the label, scale and length of every slider.

    Raises
    ------
    ValueError
        If there is no run, or the runs aren't of one kind of training.
    """
    trainings = {(run["data"], run["experiment"]["num_epochs"]) for run in runs}
    if len(trainings) != 1:
        raise ValueError(f"page_data: runs of one dataset and length are needed, not {trainings}")
    ((dataset, _),) = trainings
    settings = defaultdict(list)
    for run in runs:
        settings[_setting(run["experiment"])].append(run)
    curves = [run[name] for group in settings.values() for run in group for name in _CURVES]
    return {
        "unit": UNIT,
        "images": len(data.load_fashion_mnist(dataset).train_labels),
        "kinds": {cls.__name__: _sliders(cls) for cls in policies.POLICIES.values()},
        "settings": [
            {
                "kind": kind,
                "p": {name: list(v) if isinstance(v, tuple) else v for name, v in p},
                "runs": [[r["seed"], r["died"], len(r["train_loss"])] for r in group],
            }
            for (kind, p), group in settings.items()
        ],
        "curves": base64.b64encode(b"".join(map(_quantized, curves))).decode(),
    }


_CURVES = ("train_loss", "train_acc", "test_acc")


def _quantized(values):
    numbers = np.array([np.nan if v is None else v for v in values])
    units = np.minimum(np.round(numbers / UNIT), MISSING - 1)
    return np.where(np.isnan(units), MISSING, units).astype("<u2").tobytes()


def _setting(experiment):
    """Return an experiment's schedule as a hashable value, with the parameters of a warmup."""
    cls = policies.POLICIES[experiment["policy"]]
    p = {field.name: experiment[field.name] for field in fields(cls)}
    if not policies.rises(cls):
        p |= _WARMUP | experiment.get("warmup", {})
    return cls.__name__, tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in p.items())


def _sliders(cls):
    """Return the controls of a schedule and its warmup: label, scale and length, or words."""
    controls = {}
    for owner in (cls,) if policies.rises(cls) else (cls, schedules.Warmup):
        for field in fields(owner):
            for p in field.metadata.values():
                log = p.scale == "log"
                ends = np.log10([p.minimum, p.maximum]) if log else [p.minimum, p.maximum]
                length = round(float(ends[1] - ends[0]), 9)
                controls[field.name] = {"label": p.label, "log": log, "length": length}
        for name, (label, words) in policies.WORDS.get(owner, {}).items():
            controls[name] = {"label": label, "words": words}
    return controls
