"""Smoke runs: every cell of a notebook for real, in seconds instead of an hour.

With the environment variable ``LRBOOK_SMOKE=1`` a training stops after `EPOCHS` epochs and
the data are a few minibatches of the embedded subset. It is for checks: numbers from it mean
nothing, and nothing is recorded.
"""

import dataclasses
import os

EPOCHS = 2
TRAIN_IMAGES = 1024
TEST_IMAGES = 512


def active():
    """Return whether this is a smoke run."""
    return os.environ.get("LRBOOK_SMOKE", "") not in ("", "0")


def epochs(num_epochs):
    """Return `num_epochs`, capped in a smoke run."""
    return min(num_epochs, EPOCHS) if active() else num_epochs


def few(dataset):
    """Return the first images of a dataset, under the name ``'smoke'``."""
    return dataclasses.replace(
        dataset,
        name="smoke",
        train_images=dataset.train_images[:TRAIN_IMAGES],
        train_labels=dataset.train_labels[:TRAIN_IMAGES],
        test_images=dataset.test_images[:TEST_IMAGES],
        test_labels=dataset.test_labels[:TEST_IMAGES],
    )
