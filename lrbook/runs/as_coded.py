"""The schedulers of the chapter behind this book, as its code really used them.

They count updates where the chapter's text counts epochs, and each was drawn before it trained.
`notebooks/the_schedule_that_ran.ipynb` finds that out step by step; here it is so that many seeds
can be trained.
"""

from dataclasses import dataclass
from pathlib import Path

from lrbook.mxnet_today import compat

compat.need_mxnet()

from mxnet import lr_scheduler

from lrbook.making import sources

# The identity of this code: its schedulers are no values that say what they do.
CODE = sources.code_hash(Path(__file__).read_text("utf-8"))

_NUM_EPOCHS = 30


def _square_root():
    return lambda num_update: (num_update + 1) ** -0.5


def _multi_factor():
    return lr_scheduler.MultiFactorScheduler([15, 30], factor=0.5, base_lr=0.5)


def _cosine():
    return lr_scheduler.CosineScheduler(20, base_lr=0.5, final_lr=0.01)


def _warmup_cosine():
    return lr_scheduler.CosineScheduler(20, warmup_steps=5, base_lr=0.5, final_lr=0.01)


SCHEDULERS = {
    "square root 1.0": _square_root,
    "multi-factor 0.5": _multi_factor,
    "cosine 0.5": _cosine,
    "warmup cosine 0.5": _warmup_cosine,
}


@dataclass(frozen=True)
class AsCoded:
    """One of the chapter's schedulers, on the updates' clock and used up by its drawing.

    Parameters
    ----------
    scheduler : str
        One of `SCHEDULERS`.

    Raises
    ------
    ValueError
        If there is no such scheduler.

    References
    ----------
    Zhang et al., *Dive into Deep Learning*, "Learning Rate Scheduling", MXNet edition.
    """

    scheduler: str

    def __post_init__(self):
        if self.scheduler not in SCHEDULERS:
            allowed = ", ".join(map(repr, SCHEDULERS))
            raise ValueError(f"AsCoded: scheduler must be one of {allowed}, not {self.scheduler!r}")

    def per_update(self, updates_per_epoch):
        """Return the scheduler, drawn already. It doesn't care how long an epoch is."""
        scheduler = SCHEDULERS[self.scheduler]()
        for epoch in range(_NUM_EPOCHS):
            scheduler(epoch)
        return scheduler
