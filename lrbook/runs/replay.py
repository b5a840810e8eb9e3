"""The notebooks' own runs: recorded when they end, and read instead of trained again.

Without that, every change of a figure's style would cost hours of training.
"""

import copy
import dataclasses
import functools
import hashlib
import json
import re

from lrbook.mxnet_today import compat

compat.need_mxnet()

import numpy as np

from lrbook.making import smoke
from lrbook.runs import store
from lrbook.runs.record import CODE, from_record, to_record
from lrbook.training import loop

PATH = store.RUNS / "notebooks.jsonl"

replayed_seconds = 0.0  # what the recorded runs took that weren't trained again


def recorded(name):
    """Return the notebooks' recorded run of that name, the newest if there are several.

    Raises
    ------
    ValueError
        If there is none; the message names those that there are.
    """
    run = store.find(PATH, name=name)
    if run is None:
        names = sorted({run["name"] for run in store.read(PATH)})
        raise ValueError(f"recorded: no run is named {name!r}, but {', '.join(names)} are")
    return from_record(run)


def start(path=PATH):
    """From now on, read what `path` holds instead of training it, and record what it lacks."""
    loop.archive = functools.partial(_archive, path)


def _archive(path, net, optimizer, history, num_epochs, stop_if_dead, last_tests):
    global replayed_seconds
    if smoke.active():
        return None, None
    key = _key(net, optimizer, history, num_epochs, stop_if_dead, last_tests)
    if record := store.find(path, key=key):
        replayed_seconds += record["seconds"]
        return dataclasses.replace(from_record(record), name=history.name), None
    return None, lambda run: store.append(path, {"key": key, **to_record(run)})


def _key(net, optimizer, history, num_epochs, stop_if_dead, last_tests):
    """Return what tells this run from every other."""
    # A copy is asked, in the order of training, since asking can change a scheduler.
    scheduler = copy.deepcopy(optimizer.lr_scheduler) or (lambda num_update: optimizer.lr)
    updates = range(1, num_epochs * history.updates_per_epoch + 1)
    identity = {
        "net": _layers(net),
        "optimizer": _settings(optimizer),
        # To float32, as MXNet's kernels read them: the rest differs between processors.
        "rates": np.array([scheduler(u) for u in updates], np.float32).tolist(),
        "run": [num_epochs, history.batch_size, history.seed, history.data, stop_if_dead],
        "minibatches": [history.last_batch, last_tests],
        "device": history.device,
        "code": CODE,
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _layers(net):
    """Return a network's layers in words, the same for both poolings that `lenet` chooses from."""
    planewise = r"_PlanewiseMaxPool2D\((.*), layout=NHWC\)"
    return re.sub(planewise, r"MaxPool2D(\1, layout=NCHW)", repr(net))


def _settings(optimizer):
    plain = (bool, int, float, str, type(None))
    values = {k: v for k, v in vars(optimizer).items() if isinstance(v, plain)}
    return {"name": type(optimizer).__name__, **values}
