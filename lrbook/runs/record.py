"""A run as a dict of what JSON can hold, with its provenance, and back."""

import inspect
import math
import platform
from dataclasses import asdict, fields
from datetime import UTC, datetime

from lrbook.mxnet_today import compat

compat.need_mxnet()

import mxnet as mx
import numpy as np

from lrbook.making import machine, sources
from lrbook.runs import store
from lrbook.training import loop
from lrbook.training.data import Minibatches
from lrbook.training.history import History
from lrbook.training.model import lenet

# The identity of the code that trains: a run of other code is another run.
CODE = sources.code_hash(
    *map(
        inspect.getsource,
        (
            loop._epochs,
            loop._train_epoch,
            loop._UpdateLog,
            loop._evaluate,
            loop._why_dead,
            Minibatches,
            lenet,
        ),
    )
)


def to_record(run):
    """Return a run as a dict of values that JSON can hold, with its provenance.

    Parameters
    ----------
    run : lrbook.training.history.History
    """
    first = np.arange(0, len(run.lr), run.updates_per_epoch)
    last = np.minimum(first + run.updates_per_epoch, len(run.lr)) - 1
    return {
        **asdict(run),
        "lr": store.pack(run.lr),
        "lr_start": run.lr[first].tolist(),
        "lr_end": run.lr[last].tolist(),
        "batch_sizes": store.pack(run.batch_sizes),
        "train_loss": [x if math.isfinite(x) else None for x in run.train_loss],
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "hardware": machine.hardware(run.device),
        "code": CODE,
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "mxnet": mx.__version__,
        },
    }


def from_record(record):
    """Return the `lrbook.training.history.History` that :func:`to_record` made into a dict."""
    values = {f.name: record[f.name] for f in fields(History)}
    values["lr"] = store.unpack(record["lr"])
    values["batch_sizes"] = store.unpack(record["batch_sizes"]).astype(int)
    values["train_loss"] = [math.nan if x is None else x for x in record["train_loss"]]
    return History(**values)
