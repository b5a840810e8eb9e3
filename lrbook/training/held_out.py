"""Training images to choose a learning rate on, so that no test image has a say in it.

The network trains on the subset and is measured on other training images of Fashion-MNIST:
of each class the first `PER_CLASS` of the full training set that the subset doesn't have, by
their pixels.

Nothing here needs MXNet.
"""

import dataclasses

import numpy as np

from lrbook.making import smoke
from lrbook.training.data import LABELS, load_fashion_mnist

NAME = "held_out"
PER_CLASS = 1_000


def load():
    """Return the subset with held-out images in the place of its test images.

    Returns
    -------
    lrbook.training.data.Dataset
        Named `NAME`: the 10,000 training images of the subset, and as test images 10,000 others
        of the full training set, in the order of that set. In a smoke run a few images.

    Raises
    ------
    lrbook.training.data.DataError
        If the full training set can't be had.
    """
    full = load_fashion_mnist("full")
    if smoke.active():
        return full
    subset = load_fashion_mnist("subset")
    rows = others(full.train_images, full.train_labels, subset.train_images)
    return dataclasses.replace(
        subset,
        name=NAME,
        test_images=full.train_images[rows],
        test_labels=full.train_labels[rows],
    )


def others(images, labels, taken, per_class=PER_CLASS):
    """Return which images are held out, as sorted indices of shape (10 * per_class,).

    Parameters
    ----------
    images : numpy.ndarray, shape (n, ...)
    labels : numpy.ndarray, shape (n,)
    taken : numpy.ndarray, shape (m, ...)
        Images that are trained on.
    per_class : int
    """
    known = {image.tobytes() for image in taken}
    free = np.array([image.tobytes() not in known for image in images])
    first = [np.flatnonzero(free & (labels == k))[:per_class] for k in range(len(LABELS))]
    return np.sort(np.concatenate(first))
