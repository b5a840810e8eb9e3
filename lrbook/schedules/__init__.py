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

__all__ = [
    "Constant",
    "Cosine",
    "Factor",
    "MultiFactor",
    "Parameter",
    "PerUpdate",
    "Polynomial",
    "Schedule",
    "SquareRoot",
    "Warmup",
]
