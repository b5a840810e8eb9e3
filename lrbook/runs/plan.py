"""A plan says in a file which experiments a sweep makes: TOML, or YAML with the same names.

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

are 12 experiments. The milestones of a ``multi_factor`` are a list already: alternatives are a
list of lists.
"""

import contextlib
import itertools
import math
import tomllib
from pathlib import Path

import yaml

from lrbook.runs.experiments import Experiment

MAX_RUNS = 100_000


class PlanError(ValueError):
    """A plan can't be carried out; the message names the file, and the entry if one."""


def read(path):
    """Return the experiments of a plan, each once, in the order of the file.

    Parameters
    ----------
    path : path-like
        A file ending in ``.toml``, ``.yaml`` or ``.yml``.

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
        if not isinstance(entry, dict):
            raise PlanError(f"{path}, experiment {number}: not a table of settings: {entry!r}")
        with _named(f"{path}, experiment {number}"):
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


def _load(path):
    loaders = {".toml": tomllib.loads, ".yaml": yaml.safe_load, ".yml": yaml.safe_load}
    if path.suffix not in loaders:
        raise PlanError(f"{path}: a plan's name ends in {', '.join(loaders)}")
    try:
        plan = loaders[path.suffix](path.read_text("utf-8"))
    except OSError as error:
        raise PlanError(f"{path}: can't be read ({error.strerror})") from None
    except (ValueError, yaml.YAMLError) as error:
        raise PlanError(f"{path}: not {path.suffix[1:].upper()}: {error}") from None
    if not isinstance(plan, dict):
        raise PlanError(f"{path}: a plan is a table with 'experiments', not {plan!r}")
    return plan


def _alternatives(settings):
    """Return the values that each setting takes; those of the warmup under ('warmup', name)."""
    grid = {}
    for name, value in settings.items():
        if name == "seeds":
            grid["seed"] = _seeds(value)
        elif name == "warmup" and isinstance(value, dict):
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
    if type(value) is int and value > 0:
        return range(value)
    if not isinstance(value, list) or not value:
        raise ValueError(f"seeds must be an int in [1, ∞) or a list of seeds, not {value!r}")
    return value


def _nested(settings):
    flat = {name: value for name, value in settings.items() if isinstance(name, str)}
    warmup = {name[1]: value for name, value in settings.items() if isinstance(name, tuple)}
    return flat | ({"warmup": warmup} if warmup else {})
