"""A schedule as a table of the rates of its updates: what every framework can be given."""

import numpy as np


def rates(schedule, updates_per_epoch, num_updates):
    """Return the rate of each update, and of one more, as an array.

    ``rates[k]`` is the rate of the update that k others came before, whatever number a framework
    gives it. An array has no formula that a compiler must trace, no state that could be saved and
    loaded back over another schedule's, and its numbers are those of
    :meth:`lrbook.schedules.Schedule.per_update`, bit for bit. One more, since PyTorch asks for the
    rate of the next update after the last one, too.

    Parameters
    ----------
    schedule : lrbook.schedules.Schedule
    updates_per_epoch : int
        Updates in one pass over the training set, 1 or more.
    num_updates : int
        Updates in the whole training, 1 or more.

    Returns
    -------
    numpy.ndarray
        Of shape ``(num_updates + 1,)``.

    Raises
    ------
    TypeError
        If a count is not an integer.
    ValueError
        If one is below 1.
    """
    rate = schedule.per_update(updates_per_epoch)
    message = f"rates: num_updates must be an int in [1, ∞), not {num_updates!r}"
    if isinstance(num_updates, bool) or not isinstance(num_updates, (int, np.integer)):
        raise TypeError(message)
    if num_updates < 1:
        raise ValueError(message)
    return np.array([rate(k) for k in range(1, int(num_updates) + 2)])
