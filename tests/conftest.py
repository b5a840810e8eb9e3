"""`import lrbook` makes MXNet importable, so it comes before any test module's imports."""

import dataclasses
import signal

import pytest
from hypothesis import HealthCheck, settings

import lrbook  # noqa: F401

# A shell that starts `make test` in the background lets it and all its children ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says something of the machine only.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def data():
    """Return the embedded subset's first images, for `tests.trainings`."""
    from lrbook.training.data import load_fashion_mnist
    from tests.trainings import BATCH, UPDATES

    subset = load_fashion_mnist("subset")
    n = UPDATES * BATCH
    return dataclasses.replace(
        subset,
        train_images=subset.train_images[:n],
        train_labels=subset.train_labels[:n],
        test_images=subset.test_images[:500],
        test_labels=subset.test_labels[:500],
    )


@pytest.fixture
def net():
    """Return a new LeNet."""
    from lrbook.training.model import lenet

    return lenet()
