"""How a rate gets from one to another: the shapes that a schedule is given by name."""

import numpy as np

# The share of the way that is left at the share x of the time; 1 at 0, 0 at 1.
SHAPES = {
    "linear": lambda x: 1 - x,
    "sqrt": lambda x: 1 - np.sqrt(x),
    "cosine": lambda x: (1 + np.cos(np.pi * x)) / 2,
}


def check_choice(owner, name, allowed):
    """Check that a parameter is one of the allowed names."""
    value = getattr(owner, name)
    if not isinstance(value, str) or value not in allowed:
        *others, last = map(repr, allowed)
        raise ValueError(
            f"{type(owner).__name__}: {name} must be {', '.join(others)} or {last}, not {value!r}"
        )
