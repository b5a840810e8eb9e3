"""`import lrbook` makes MXNet importable, so it comes before any test module's imports."""

import signal

from hypothesis import HealthCheck, settings

import lrbook  # noqa: F401

# A shell that starts `make test` in the background lets it and all its children ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says something of the machine only.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
