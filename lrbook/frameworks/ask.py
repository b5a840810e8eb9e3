"""What rates a framework's own object gives the updates of a training, one after another."""

import inspect
import os
import runpy
from pathlib import Path

import numpy as np

from lrbook.frameworks.settings import NUM_UPDATES

os.environ.setdefault("KERAS_BACKEND", "jax")  # Keras asks for TensorFlow otherwise
EXAMPLES = Path(__file__).parent / "examples"


def examples(framework):
    """Return the policies that a framework has an example of, in alphabetical order."""
    return sorted(path.stem for path in (EXAMPLES / framework).glob("*.py"))


def example(framework, policy):
    """Return the function of an example, as the page shows it.

    Parameters
    ----------
    framework : str
        A folder of `EXAMPLES`.
    policy : str
        A file of it.
    """
    names = runpy.run_path(str(EXAMPLES / framework / f"{policy}.py"))
    return names.get("scheduler") or names["schedule"]


def rates(framework, make, given, num_updates):
    """Return the rate in force at each update, as an array of `num_updates`.

    Parameters
    ----------
    framework : str
        One of `ASK`.
    make : callable
        What makes the framework's scheduler; it's given what its parameters name.
    given : dict
        The parameters; an optimizer is made here, with the rate ``base_lr``.
    num_updates : int
        At most `lrbook.frameworks.settings.NUM_UPDATES`.
    """
    return np.array(ASK[framework](make, given, num_updates), float)


def _call(make, given):
    wanted = inspect.signature(make).parameters
    return make(**{name: value for name, value in given.items() if name in wanted})


def _mxnet(make, given, num_updates):
    scheduler = _call(make, given)
    return [scheduler(k) for k in range(1, num_updates + 1)]


def _pytorch(make, given, num_updates):
    from torch import nn, optim, zeros

    optimizer = optim.SGD([nn.Parameter(zeros(1))], lr=given.get("base_lr", 1.0))
    scheduler = _call(make, given | {"optimizer": optimizer})
    rates = [optimizer.param_groups[0]["lr"]]
    for _ in range(num_updates - 1):
        optimizer.step()
        scheduler.step()
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def faults():
    """Return what the faulty loops of PyTorch's examples trained with, by the loop's name.

    Each trains for 30 epochs of 234 updates from a rate of 0.3; ``meant`` is the one without fault.

    Returns
    -------
    dict
        Of lists: the rate that was in force at each update.
    """
    import torch

    class Logged(torch.optim.SGD):
        def step(self):
            rates[name].append(self.param_groups[0]["lr"])
            super().step()

    rates = {path.stem: [] for path in sorted((EXAMPLES / "pytorch_faults").glob("*.py"))}
    for name in rates:
        train = runpy.run_path(str(EXAMPLES / "pytorch_faults" / f"{name}.py"))["train"]
        train(Logged([torch.nn.Parameter(torch.zeros(1))], lr=0.3), 30, 234)
    return rates


def _optax(make, given, num_updates):
    import jax

    # In double precision, and traced as a training step is; of one shape, or it is compiled anew.
    with jax.enable_x64(True):
        count = jax.numpy.arange(NUM_UPDATES)
        return np.asarray(jax.vmap(_call(make, given))(count))[:num_updates]


ASK = {
    "mxnet": _mxnet,
    "pytorch": _pytorch,
    "optax": _optax,
    "keras": _optax,
    "transformers": _pytorch,
}
