"""Settings at which frameworks are compared: in whole updates, which is what they count."""

from dataclasses import asdict

from lrbook.schedules import Cosine, Factor, MultiFactor, Polynomial, SquareRoot, Warmup
from lrbook.schedules.rising import OneCycle, Restarts
from lrbook.schedules.stages import InverseSquareRoot, WarmupStableDecay

_SPANS = ("warmup", "horizon", "stable", "cooldown", "rise", "fall")
NUM_UPDATES = 160  # of a training whose schedule has no end of its own, the longest


def _rates(rng):
    """Return a base and a final rate, the final one lower."""
    low, high = sorted(10 ** rng.uniform(-4, 0.3, 2))
    return float(high), float(low)


def _epochs(rng, n, most=60):
    """Return a time that is a whole number of updates, in epochs."""
    return int(rng.integers(2, most)) / n


def _square_root(rng, n):
    return SquareRoot(_rates(rng)[0])


def _factor(rng, n):
    base_lr, final_lr = _rates(rng)
    return Factor(base_lr, float(rng.uniform(0.3, 1)), final_lr)


def _multi_factor(rng, n):
    updates = sorted(rng.choice(range(1, NUM_UPDATES), rng.integers(1, 5), replace=False))
    milestones = [int(update) / n for update in updates]
    return MultiFactor(_rates(rng)[0], milestones, float(rng.uniform(0.05, 1)))


def _polynomial(rng, n):
    return Polynomial(*_rates(rng), _epochs(rng, n), float(rng.uniform(0.25, 4)))


def _cosine(rng, n):
    return Cosine(*_rates(rng), _epochs(rng, n))


def _warmup_cosine(rng, n):
    return Warmup(_cosine(rng, n), _epochs(rng, n, most=40))


def _warmup_stable_decay(rng, n):
    return WarmupStableDecay(*_rates(rng), *(_epochs(rng, n, most=40) for _ in range(3)))


def _inverse_square_root(rng, n):
    return InverseSquareRoot(_rates(rng)[0], _epochs(rng, n))


def _restarts(rng, n):
    return Restarts(*_rates(rng), _epochs(rng, n), int(rng.integers(1, 4)))


def _one_cycle(rng, n):
    high, low = _rates(rng)
    start_lr = float(rng.uniform(low, high))
    return OneCycle(start_lr, high, low, _epochs(rng, n), _epochs(rng, n))


# A name, as the examples' files have it → how a schedule is drawn.
POLICIES = {
    "square_root": _square_root,
    "factor": _factor,
    "multi_factor": _multi_factor,
    "polynomial": _polynomial,
    "cosine": _cosine,
    "warmup_cosine": _warmup_cosine,
    "warmup_stable_decay": _warmup_stable_decay,
    "inverse_square_root": _inverse_square_root,
    "restarts": _restarts,
    "one_cycle": _one_cycle,
    # A table holds any schedule; one with a warmup stands for all.
    "any": _warmup_cosine,
}


# One setting of each, as the book's pages have it, to show where a framework parts from it.
SHOWN_UPDATES = 5  # an epoch
SHOWN = {
    "factor": Factor(0.3, 0.9, 0.05),
    "multi_factor": MultiFactor(0.3, (15, 25), 0.1),
    "polynomial": Polynomial(0.3, 0.01, 20, 2),
    "cosine": Cosine(0.3, 0.01, 20),
    "warmup_cosine": Warmup(Cosine(0.3, 0.01, 15), 5),
    "warmup_stable_decay": WarmupStableDecay(0.3, 0.01, 5, 15, 10),
}


def draw(policy, rng):
    """Return a schedule of a policy and a number of updates in an epoch.

    Parameters
    ----------
    policy : str
        One of `POLICIES`.
    rng : numpy.random.Generator
    """
    # Powers of two: a time in epochs is then exact, and so is a milestone in updates.
    n = 2 ** int(rng.integers(0, 5))
    return POLICIES[policy](rng, n), n


def length(schedule, updates_per_epoch):
    """Return the updates of a training that ends with its schedule, and one at the end itself."""
    given = values(schedule)
    spans = [
        given.get(name, 0) for name in ("warmup", "horizon", "stable", "cooldown", "rise", "fall")
    ]
    endless = isinstance(schedule, InverseSquareRoot) or not sum(spans)
    return NUM_UPDATES if endless else round(sum(spans) * updates_per_epoch) + 1


def values(schedule):
    """Return a schedule's parameters by name; those of what a warmup wraps, and `warmup`."""
    if isinstance(schedule, Warmup):
        return asdict(schedule.schedule) | {"warmup": schedule.duration}
    return asdict(schedule)
