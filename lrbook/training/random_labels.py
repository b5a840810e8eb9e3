"""Training labels of which a share is random: noise that no average over minibatches removes."""

import dataclasses
from pathlib import Path

import numpy as np

from lrbook.making import sources
from lrbook.training.data import LABELS

# The identity of this code, which draws the labels.
CODE = sources.code_hash(Path(__file__).read_text("utf-8"))

# Beside a seed: so that the labels' numbers aren't those that order the images.
_STREAM = 1


def with_random_labels(data, share, seed):
    """Return a dataset in which random training images have a random label; test labels stay.

    Each new label is any of the ten with the same chance, so that a tenth of them are right.

    Parameters
    ----------
    data : lrbook.training.data.Dataset
    share : float
        How many of the images, in [0, 1], rounded to whole images.
    seed : int
        0 or more; draws the images and their labels.

    References
    ----------
    Zhang et al., *Understanding Deep Learning Requires Rethinking Generalization*, 2017,
    "partially corrupted labels".
    """
    random = np.random.default_rng([seed, _STREAM])
    labels = data.train_labels.copy()
    chosen = random.permutation(len(labels))[: round(share * len(labels))]
    labels[chosen] = random.integers(len(LABELS), size=len(chosen))
    return dataclasses.replace(data, train_labels=labels)
