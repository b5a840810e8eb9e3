"""A plan says in a TOML file which experiments a sweep makes.

Each entry of ``experiments`` holds what `lrbook.runs.experiments.Experiment.from_dict` knows: a
policy, its parameters, a ``warmup`` table if any, and ``data``, ``num_epochs``, ``batch_size``
if they aren't the usual ones. A list stands for its values one after the other; several lists,
for all of their combinations. ``seeds`` is how many (3 means 0, 1, 2) or a list. What stands
above the entries holds for all of them::

    seeds = 3

    [[experiments]]
    policy = "cosine"
    base_lr = [0.3, 0.5]
    final_lr = 0.01
    horizon = 15
    warmup = { duration = [0, 5] }

are 12 experiments. What an entry says itself replaces what stands above it, its ``seeds`` and its
``warmup`` too. The milestones of a ``multi_factor`` are a list already: alternatives are a list of
lists.
"""

import contextlib
import errno
import itertools
import math
import tomllib
from pathlib import Path

from lrbook.runs.experiments import Experiment
from lrbook.training.loop import SEEDS

MAX_RUNS = 100_000


class PlanError(ValueError):
    """A plan can't be carried out; the message names the file, and the entry if one."""


def read(path):
    """Return the experiments of a plan, each once, in the order of the file.

    Parameters
    ----------
    path : path-like
        A file ending in ``.toml``.

    Returns
    -------
    list of lrbook.runs.experiments.Experiment

    Raises
    ------
    PlanError
        If the file can't be read or is no plan, if an entry has an unknown name or a value out
        of range, or if there are more than `MAX_RUNS` runs.
    """
    shared = _load(Path(path))
    entries = shared.pop("experiments", None)
    if not isinstance(entries, list) or not entries:
        raise PlanError(f"{path}: needs at least one entry of 'experiments'")
    grids = []
    for number, entry in enumerate(entries, start=1):
        with _named(f"{path}, experiment {number}"):
            if not isinstance(entry, dict):
                raise TypeError(f"not a table of settings: {entry!r}")
            grids.append(_alternatives({**shared, **entry}))
    count = sum(math.prod(map(len, grid.values())) for grid in grids)
    if count > MAX_RUNS:
        raise PlanError(f"{path}: asks for {count:,} runs; at most {MAX_RUNS:,} are allowed")
    experiments = {}  # keeps the order, and each experiment once
    for number, grid in enumerate(grids, start=1):
        with _named(f"{path}, experiment {number}"):
            for values in itertools.product(*grid.values()):
                settings = dict(zip(grid, values, strict=True))
                experiments[Experiment.from_dict(_nested(settings))] = None
    return list(experiments)


@contextlib.contextmanager
def _named(where):
    """Put the place in the plan before the message of an error."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise PlanError(f"{where}: {error}") from error
    except RecursionError:  # a few hundred tables in each other: too many to be shown
        raise PlanError(f"{where}: tables or lists are nested too deeply") from None


def _load(path):
    if path.suffix != ".toml":
        raise PlanError(f"{path}: a plan's name ends in .toml")
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise OSError(errno.EINVAL, "it is no regular file")
        text = path.read_text("utf-8")
    except OSError as error:
        raise PlanError(f"{path}: can't be read ({error.strerror})") from None
    except ValueError as error:
        raise PlanError(f"{path}: not TOML, which is UTF-8: {error}") from None
    with _named(path):
        try:
            return tomllib.loads(text)
        except ValueError as error:
            raise ValueError(f"not TOML: {error}") from None


def _alternatives(settings):
    """Return the values that each setting takes; those of the warmup under ('warmup', name)."""
    grid = {}
    for name, value in settings.items():
        if name == "seeds":
            grid["seed"] = _seeds(value)
        elif name == "seed":
            raise ValueError("a plan says 'seeds', how many or a list of them, not 'seed'")
        elif name == "warmup" and isinstance(value, dict) and value:
            for inner, values in value.items():
                grid["warmup", inner] = _as_list(inner, values)
        else:
            grid[name] = _as_list(name, value)
    return grid


def _as_list(name, value):
    # Of milestones, the list is one value.
    if not isinstance(value, list) or (
        name == "milestones" and not any(isinstance(item, list) for item in value)
    ):
        return [value]
    if not value:
        raise ValueError(f"{name} is an empty list")
    return value


def _seeds(value):
    if type(value) is int and 0 < value <= SEEDS:
        return range(value)
    if not isinstance(value, list) or not value:
        raise ValueError(f"seeds must be an int in [1, 2**32] or a list of seeds, not {value!r}")
    return value


def _nested(settings):
    flat = {name: value for name, value in settings.items() if isinstance(name, str)}
    warmup = {name[1]: value for name, value in settings.items() if isinstance(name, tuple)}
    return flat | ({"warmup": warmup} if warmup else {})
