"""What plans, records and panels call the schedules; a `Warmup` goes before any of them."""

from lrbook.schedules import Constant, Cosine, Factor, MultiFactor, Polynomial, SquareRoot

POLICIES = {
    "constant": Constant,
    "square_root": SquareRoot,
    "polynomial": Polynomial,
    "factor": Factor,
    "multi_factor": MultiFactor,
    "cosine": Cosine,
}
