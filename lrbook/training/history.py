"""What a training run did."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class History:
    """What a training run did.

    Attributes
    ----------
    name : str
        What the run is called in figures.
    train_loss, train_acc, test_acc : list of float
        One value an epoch: mean cross-entropy (nats) and accuracy over the epoch's updates,
        as they ran; accuracy on the test set after it.
    last_test_acc : list of list of float
        For every epoch, the test accuracy after each of its last updates, as many as were asked
        for; the last one is the epoch's `test_acc`.
    lr : numpy.ndarray of float, shape (updates,)
        The learning rate in force at every update, as the optimizer used it.
    batch_sizes : numpy.ndarray of int, shape (updates,)
        The number of images of every update's minibatch.
    updates_per_epoch : int
    seed, batch_size : int
    last_batch : {'discard', 'keep'}
        What became of the images that fill no minibatch.
    data : str
        Name of the dataset.
    device : str
    died : int or None
        The epoch (1 is the first) after which the run was dead, None for a living one.
    reason : str
        In plain words, why it is called dead; empty for a living run.
    interrupted : bool
        Whether it was stopped from outside before its last epoch.
    seconds : float
        Wall time of the training.
    """

    name: str
    updates_per_epoch: int
    seed: int
    batch_size: int
    last_batch: str
    data: str
    device: str
    train_loss: list = field(default_factory=list)
    train_acc: list = field(default_factory=list)
    test_acc: list = field(default_factory=list)
    last_test_acc: list = field(default_factory=list)
    lr: np.ndarray = field(default_factory=lambda: np.empty(0))
    batch_sizes: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    died: int | None = None
    reason: str = ""
    interrupted: bool = False
    seconds: float = 0.0

    def __str__(self):
        if not self.train_loss:
            return f"{self.name}: interrupted in its first epoch"
        text = (
            f"{self.name}: train loss {self.train_loss[-1]:.3f}, "
            f"train acc {self.train_acc[-1]:.3f}, test acc {self.test_acc[-1]:.3f}"
        )
        if self.died:
            text += f" (dead since epoch {self.died})"
        if self.interrupted:
            text += f" (interrupted after {len(self.train_loss)} epochs)"
        return text
