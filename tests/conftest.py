"""`import lrbook` makes MXNet importable, so it comes before any test module's imports."""

import signal

import lrbook  # noqa: F401

# A shell that starts `make test` in the background lets it and all its children ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
