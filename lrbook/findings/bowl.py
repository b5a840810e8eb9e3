r"""What a bowl predicts of noise: the floor of one rate, of an average, and of a decay.

The loss is :math:`\frac{1}{2}\sum_i \lambda_i w_i^2`, an update
:math:`w_i \leftarrow w_i - \eta(\lambda_i w_i + \varepsilon_i)`, and each noise
:math:`\varepsilon_i` is independent with mean 0 and a variance that a minibatch of n images
divides: :math:`\sigma^2/n`. All losses are expected ones, and exact.
"""

import numpy as np


def floor(lr, curvatures, variance):
    r"""Return the loss at which one rate stays: :math:`\frac{1}{2}\sum\eta v/(2 - \eta\lambda_i)`.

    Parameters
    ----------
    lr : float
        :math:`\eta`, in (0, 2/λ) for the largest curvature λ.
    curvatures : array-like, shape (directions,)
        :math:`\lambda_i`, in (0, ∞).
    variance : float
        :math:`v = \sigma^2/n`, of the gradient's noise along each direction.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a curvature isn't positive, or the rate has no floor since it diverges.
    """
    return averaged(lr, curvatures, variance, 1)


def averaged(lr, curvatures, variance, count, apart=1):
    r"""Return the loss of the average of weights that one rate has passed through at its floor.

    The weights of one direction are an autoregression: `apart` updates later they correlate by
    :math:`\rho = (1 - \eta\lambda)^m`, and the variance of a mean of k is that of one times
    :math:`\frac{1}{k^2}\left(k\frac{1+\rho}{1-\rho} - \frac{2\rho(1-\rho^k)}{(1-\rho)^2}\right)`.
    For the average over ever more updates the loss tends to :math:`\sum v/(2\lambda_i k)`,
    whatever the rate.

    Parameters
    ----------
    lr, curvatures, variance
        As for :func:`floor`.
    count : int
        :math:`k`, how many weights are averaged, 1 or more.
    apart : int
        :math:`m`, how many updates lie from one to the next, 1 or more.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As :func:`floor`, or if `count` or `apart` isn't 1 or more.

    References
    ----------
    Polyak and Juditsky (1992), "Acceleration of stochastic approximation by averaging".
    """
    curvatures = np.asarray(curvatures, float)
    if not (curvatures > 0).all():
        raise ValueError(f"curvatures must be in (0, ∞), not {curvatures.tolist()}")
    if not 0 < lr < 2 / curvatures.max():
        raise ValueError(f"lr must be in (0, {2 / curvatures.max():g}), not {lr!r}")
    if count < 1 or apart < 1:
        raise ValueError(f"count and apart must be 1 or more, not {count!r} and {apart!r}")
    of_one = lr * variance / (2 - lr * curvatures) / 2
    rho = (1 - lr * curvatures) ** apart
    left = count * (1 + rho) / (1 - rho) - 2 * rho * (1 - rho**count) / (1 - rho) ** 2
    return float((of_one * left).sum() / count**2)


def after(rates, curvatures, variance, start):
    """Return the loss after updates at given rates, from given weights.

    Parameters
    ----------
    rates : array-like, shape (updates,)
        The learning rate of each update.
    curvatures, variance
        As for :func:`floor`.
    start : array-like, shape (directions,)
        The weights before the first update.

    Returns
    -------
    float
        Infinite where the rates let it diverge beyond any number.
    """
    curvatures = np.asarray(curvatures, float)
    square = np.broadcast_to(np.asarray(start, float), curvatures.shape) ** 2
    for lr in np.asarray(rates, float):
        square = (1 - lr * curvatures) ** 2 * square + lr**2 * variance
    return float((curvatures * square).sum() / 2)
