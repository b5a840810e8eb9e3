"""Where frameworks' own schedulers part from this book's: the data of a table and of its test."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from lrbook.schedules import Warmup


@dataclass(frozen=True)
class Convention:
    """A framework's scheduler that isn't, everywhere, the schedule of a policy.

    `make` makes the framework's object, from what an example is given. `same` takes the numbers of
    updates done before, as an array, and the policy's parameters, and tells at which updates the
    two agree; None says that the framework refuses the setting with a ``ValueError``. `compared`
    makes of a drawn schedule, and the updates of an epoch, the one that is compared.
    """

    framework: str
    name: str
    policy: str
    difference: str
    make: Callable
    same: Callable | None
    compared: Callable = lambda schedule, updates_per_epoch: schedule


# What the makers make -----------------------------------------------------------------------


def _mxnet_cosine(base_lr, final_lr, horizon, updates_per_epoch):
    from mxnet.lr_scheduler import CosineScheduler

    return CosineScheduler(round(horizon * updates_per_epoch), base_lr, final_lr)


def _mxnet_factor(base_lr, factor, final_lr, updates_per_epoch):
    from mxnet.lr_scheduler import FactorScheduler

    return FactorScheduler(updates_per_epoch, factor, final_lr, base_lr)


def _step_lr(optimizer, factor, updates_per_epoch):
    from torch.optim.lr_scheduler import StepLR

    return StepLR(optimizer, updates_per_epoch, gamma=factor)


def _exponential_lr(optimizer, factor, updates_per_epoch):
    from torch.optim.lr_scheduler import ExponentialLR

    return ExponentialLR(optimizer, factor ** (1 / updates_per_epoch))


def _polynomial_lr(optimizer, horizon, power, updates_per_epoch):
    from torch.optim.lr_scheduler import PolynomialLR

    return PolynomialLR(optimizer, round(horizon * updates_per_epoch), power)


def _cosine_annealing_lr(optimizer, final_lr, horizon, updates_per_epoch):
    from torch.optim.lr_scheduler import CosineAnnealingLR

    return CosineAnnealingLR(optimizer, round(horizon * updates_per_epoch), eta_min=final_lr)


def _linear_lr(optimizer, warmup, updates_per_epoch):
    from torch.optim.lr_scheduler import LinearLR

    return LinearLR(optimizer, start_factor=0.0, total_iters=round(warmup * updates_per_epoch))


def _transformers_cosine(optimizer, horizon, warmup, updates_per_epoch):
    from transformers import get_cosine_schedule_with_warmup

    first, steps = (round(epochs * updates_per_epoch) for epochs in (warmup, warmup + horizon))
    return get_cosine_schedule_with_warmup(optimizer, first, steps)


def _transformers_min_lr(optimizer, final_lr, horizon, warmup, updates_per_epoch):
    from transformers import get_cosine_with_min_lr_schedule_with_warmup

    first, steps = (round(epochs * updates_per_epoch) for epochs in (warmup, warmup + horizon))
    return get_cosine_with_min_lr_schedule_with_warmup(optimizer, first, steps, min_lr=final_lr)


def _transformers_rising(optimizer, base_lr, horizon, power, updates_per_epoch):
    from transformers import get_polynomial_decay_schedule_with_warmup

    steps = round(horizon * updates_per_epoch)
    return get_polynomial_decay_schedule_with_warmup(optimizer, 0, steps, 2 * base_lr, power)


def _transformers_wsd(optimizer, base_lr, final_lr, warmup, stable, cooldown, updates_per_epoch):
    from transformers import get_wsd_schedule

    spans = (round(epochs * updates_per_epoch) for epochs in (warmup, cooldown, stable))
    names = ("num_warmup_steps", "num_decay_steps", "num_stable_steps")
    given = dict(zip(names, spans, strict=True))
    return get_wsd_schedule(
        optimizer, **given, decay_type="linear", min_lr_ratio=final_lr / base_lr
    )


def _optax_warmup(base_lr, final_lr, horizon, warmup, updates_per_epoch):
    import optax

    first, steps = (round(epochs * updates_per_epoch) for epochs in (warmup, horizon))
    return optax.warmup_cosine_decay_schedule(0.0, base_lr, first, steps, final_lr)


def _keras_boundaries(base_lr, milestones, factor, updates_per_epoch):
    from keras.optimizers.schedules import PiecewiseConstantDecay

    steps = [round(epoch * updates_per_epoch) for epoch in milestones]
    return PiecewiseConstantDecay(steps, [base_lr * factor**i for i in range(len(steps) + 1)])


def _keras_exponential(base_lr, factor, updates_per_epoch):
    from keras.optimizers.schedules import ExponentialDecay

    return ExponentialDecay(base_lr, updates_per_epoch, factor)


# Where they agree ---------------------------------------------------------------------------


def _from_the_horizon(k, horizon, updates_per_epoch, **_):
    return k >= horizon * updates_per_epoch


def _to_the_horizon(k, horizon, updates_per_epoch, warmup=0, **_):
    return k <= (warmup + horizon) * updates_per_epoch


def _in_whole_epochs(k, updates_per_epoch, **_):
    return k % updates_per_epoch == 0


def _above_the_floor(k, base_lr, factor, final_lr, updates_per_epoch):
    return base_lr * factor ** (k / updates_per_epoch) > final_lr


def _in_whole_epochs_above_the_floor(k, **given):
    return _in_whole_epochs(k, **given) & _above_the_floor(k, **given)


def _before_an_update(k, **_):
    return k == 0


def _in_the_warmup(k, warmup, updates_per_epoch, **_):
    return k <= warmup * updates_per_epoch


def _after_the_warmup(k, warmup, updates_per_epoch, **_):
    return k >= warmup * updates_per_epoch


def _off_milestones(k, milestones, updates_per_epoch, **_):
    return ~sum(k == epoch * updates_per_epoch for epoch in milestones).astype(bool)


# What is compared ---------------------------------------------------------------------------


def _to_zero(schedule, updates_per_epoch):
    return Warmup(replace(schedule.schedule, final_lr=0.0), schedule.duration)


def _with_room_for_the_warmup(schedule, updates_per_epoch):
    if schedule.duration < schedule.schedule.horizon:
        return schedule
    return Warmup(schedule.schedule, 1 / updates_per_epoch)


CONVENTIONS = [
    Convention(
        "mxnet",
        "CosineScheduler",
        "cosine",
        "counts the first update as 1, so the curve comes one update early",
        _mxnet_cosine,
        _from_the_horizon,
    ),
    Convention(
        "mxnet",
        "FactorScheduler",
        "factor",
        "is a staircase: a step an epoch",
        _mxnet_factor,
        _in_whole_epochs,
    ),
    Convention(
        "pytorch",
        "StepLR",
        "factor",
        "is a staircase, and has no floor",
        _step_lr,
        _in_whole_epochs_above_the_floor,
    ),
    Convention(
        "pytorch",
        "ExponentialLR",
        "factor",
        "has no floor",
        _exponential_lr,
        _above_the_floor,
    ),
    Convention(
        "pytorch",
        "PolynomialLR",
        "polynomial",
        "has no final rate: it falls to 0",
        _polynomial_lr,
        _before_an_update,
    ),
    Convention(
        "pytorch",
        "CosineAnnealingLR",
        "cosine",
        "rises again after its horizon",
        _cosine_annealing_lr,
        _to_the_horizon,
    ),
    Convention(
        "pytorch",
        "LinearLR",
        "warmup_cosine",
        "refuses a warmup from 0",
        _linear_lr,
        None,
    ),
    Convention(
        "transformers",
        "get_cosine_schedule_with_warmup",
        "warmup_cosine",
        "rises again after its horizon",
        _transformers_cosine,
        _to_the_horizon,
        _to_zero,
    ),
    Convention(
        "transformers",
        "get_cosine_with_min_lr_schedule_with_warmup",
        "warmup_cosine",
        "rises again after its horizon",
        _transformers_min_lr,
        _to_the_horizon,
    ),
    Convention(
        "transformers",
        "get_polynomial_decay_schedule_with_warmup",
        "polynomial",
        "refuses a final rate at or above the base rate",
        _transformers_rising,
        None,
    ),
    Convention(
        "transformers",
        "get_wsd_schedule",
        "warmup_stable_decay",
        "warms up from the final rate, not from 0",
        _transformers_wsd,
        _after_the_warmup,
    ),
    Convention(
        "optax",
        "warmup_cosine_decay_schedule",
        "warmup_cosine",
        "counts the warmup as a part of `decay_steps`",
        _optax_warmup,
        _in_the_warmup,
        _with_room_for_the_warmup,
    ),
    Convention(
        "keras",
        "PiecewiseConstantDecay",
        "multi_factor",
        "keeps a value on its boundary, so a drop at it comes one update late",
        _keras_boundaries,
        _off_milestones,
    ),
    Convention(
        "keras",
        "ExponentialDecay",
        "factor",
        "has no floor",
        _keras_exponential,
        _above_the_floor,
    ),
]
