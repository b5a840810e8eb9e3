"""Whether a record is a run of its experiment: asked before it is stored.

A worker of another machine may train in a smoke run, on other data, or with other code, and
what it sends back can be anything.
"""

import itertools
import json
import math
import zlib
from dataclasses import fields

import numpy as np

from lrbook.runs import record as records
from lrbook.runs import store
from lrbook.training.history import History

TRAIN_IMAGES = {"full": 60_000, "subset": 10_000, "held_out": 10_000}
# The rates of every update may be left out, where they are the schedule's.
_NAMES = {f.name for f in fields(History)} - {"lr"} | {"date", "hardware", "versions"}


class MisfitError(ValueError):
    """A record is no run of its experiment; the message names what differs."""


def check(record, experiment):
    """Make sure that a record is what `experiment.record` gives of its own run.

    Parameters
    ----------
    record : object
        What a worker sent.
    experiment : lrbook.runs.experiments.Experiment

    Raises
    ------
    MisfitError
        If key, data, seed, epochs, minibatches, updates, learning rates or the code that trained
        aren't the experiment's, or a curve lacks an epoch or holds what can't be; or there is an
        average that the experiment doesn't ask for, or none that it does.
    """
    try:
        json.dumps(record, allow_nan=False)
        _check(record, experiment)
    except (AttributeError, KeyError, TypeError, zlib.error) as error:
        raise MisfitError(f"it is malformed ({type(error).__name__}: {error})") from error
    except ValueError as error:
        raise MisfitError(str(error)) from error


def _check(record, experiment):
    if missing := sorted(_NAMES - record.keys()):
        raise ValueError(f"it has no {', '.join(missing)}")
    sizes = _sizes(experiment)
    epochs, died = experiment.num_epochs, record["died"]
    if died is not None:
        if type(died) is not int or not 1 <= died <= epochs:
            raise ValueError(f"died is {died!r}, but the experiment has {epochs} epochs")
        epochs = died  # a dead run is stopped
    wanted = {
        "data": experiment.data,
        "seed": experiment.seed,
        "batch_size": experiment.batch_size,
        "last_batch": experiment.last_batch,
        "updates_per_epoch": len(sizes),
        "interrupted": False,
        "code": records.CODE,
        "experiment": experiment.to_dict(),
        "key": experiment.key,
    }
    for name, value in wanted.items():
        if record[name] != value:
            raise ValueError(f"{name} is {record[name]!r}, not {value!r}")
    tests = min(experiment.last_tests, len(sizes))
    for name in ("train_loss", "train_acc", "test_acc", "last_test_acc", "lr_start", "lr_end"):
        if len(record[name]) != epochs:
            raise ValueError(f"{name} has {len(record[name])} epochs, not {epochs}")
    if any(len(last) != tests for last in record["last_test_acc"]):
        raise ValueError(f"last_test_acc has not {tests} tests in every epoch")
    _check_range("train_loss", [x for x in record["train_loss"] if x is not None], math.inf)
    for name in ("train_acc", "test_acc"):
        _check_range(name, record[name], 1)
    _check_range("last_test_acc", itertools.chain(*record["last_test_acc"]), 1)
    if store.unpack(record["batch_sizes"]).tolist() != sizes * epochs:
        raise ValueError(f"batch_sizes aren't those of {epochs} epochs")
    _check_rates(record, experiment, len(sizes), epochs)
    if ("average" in record) != bool(experiment.average_since):
        raise ValueError("an average is there if and only if the experiment has one")
    if experiment.average_since:
        _check_average(record["average"], experiment.average_since, epochs, died)


def _sizes(experiment):
    """Return the sizes of the minibatches of an epoch."""
    whole, rest = divmod(TRAIN_IMAGES[experiment.data], experiment.batch_size)
    last = [rest] if rest and experiment.last_batch == "keep" else []
    return [experiment.batch_size] * whole + last


def _check_range(name, values, greatest):
    for value in values:
        if not isinstance(value, (int, float)) or not 0 <= value <= greatest:
            raise ValueError(f"{name} is {value!r} in an epoch, not a number in [0, {greatest}]")


def _check_average(average, since, epochs, died):
    if sorted(average) != ["last_train_loss", "since", "test_acc", "train_loss"]:
        raise ValueError(f"average holds {', '.join(sorted(average))}")
    if average["since"] != since:
        raise ValueError(f"average has since {average['since']!r}, not {since!r}")
    # An epoch that kills the run isn't averaged.
    tests = max(0, epochs - (died is not None) - since + 1)
    if len(average["test_acc"]) != tests:
        raise ValueError(f"average has {len(average['test_acc'])} tests, not {tests}")
    _check_range("the average's test_acc", average["test_acc"], 1)
    for name in ("train_loss", "last_train_loss"):
        if average[name] is not None:
            _check_range(f"the average's {name}", [average[name]], math.inf)
        if died is not None and average[name] is not None:
            raise ValueError(f"the average's {name} is {average[name]!r} in a dead run, not None")


def _check_rates(record, experiment, updates, epochs):
    if "lr" in record:  # what ran was not the schedule
        rates = store.unpack(record["lr"])
    else:
        scheduler = experiment.schedule.per_update(updates)
        rates = np.array([scheduler(u + 1) for u in range(updates * epochs)])
    if len(rates) != updates * epochs:
        raise ValueError(f"lr has {len(rates)} updates, not {updates * epochs}")
    for name, first in (("lr_start", 0), ("lr_end", updates - 1)):
        # The last bits of a cosine are the processor's.
        if not np.allclose(record[name], rates[first::updates], rtol=1e-9, atol=1e-15):
            raise ValueError(f"{name} isn't the learning rate of the schedule")
