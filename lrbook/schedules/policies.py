"""What plans, records and panels call the schedules; a `Warmup` can go before any."""

from lrbook.schedules import (
    Constant,
    Cosine,
    Factor,
    InverseSquareRoot,
    MultiFactor,
    OneCycle,
    Polynomial,
    Restarts,
    SquareRoot,
    Triangular,
    Warmup,
    WarmupStableDecay,
)

POLICIES = {
    "constant": Constant,
    "square_root": SquareRoot,
    "polynomial": Polynomial,
    "factor": Factor,
    "multi_factor": MultiFactor,
    "cosine": Cosine,
    "warmup_stable_decay": WarmupStableDecay,
    "inverse_square_root": InverseSquareRoot,
    "triangular": Triangular,
    "restarts": Restarts,
    "one_cycle": OneCycle,
}

# The parameters that are words: how a panel calls them, and what they may be.
WORDS = {
    Warmup: {"mode": ("warmup mode", ("linear", "constant"))},
    WarmupStableDecay: {"shape": ("shape of the cooldown", ("linear", "sqrt", "cosine"))},
    Triangular: {"mode": ("height", ("plain", "halved", "exponential"))},
    OneCycle: {"shape": ("shape", ("cosine", "linear"))},
}


def rises(cls):
    """Return whether a policy begins low by itself: no `Warmup` with sliders goes before it."""
    return cls in (WarmupStableDecay, InverseSquareRoot, Triangular, OneCycle)
