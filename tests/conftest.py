"""`import lrbook` makes MXNet importable, so it comes before any test module's imports."""

import lrbook  # noqa: F401
