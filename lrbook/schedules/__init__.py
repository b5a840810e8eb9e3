"""What a rate is: schedules as pure functions of time, and what composes them. NumPy only."""

from lrbook.schedules.base import PerUpdate, Schedule
from lrbook.schedules.compose import Warmup
from lrbook.schedules.decays import (
    Constant,
    Cosine,
    Factor,
    MultiFactor,
    Polynomial,
    SquareRoot,
)
from lrbook.schedules.parameters import Parameter
from lrbook.schedules.rising import OneCycle, Ramp, Restarts, Triangular
from lrbook.schedules.stages import Chain, InverseSquareRoot, WarmupStableDecay
from lrbook.schedules.tables import Table

__all__ = [
    "Chain",
    "Constant",
    "Cosine",
    "Factor",
    "InverseSquareRoot",
    "MultiFactor",
    "OneCycle",
    "Parameter",
    "PerUpdate",
    "Polynomial",
    "Ramp",
    "Restarts",
    "Schedule",
    "SquareRoot",
    "Table",
    "Triangular",
    "Warmup",
    "WarmupStableDecay",
]
