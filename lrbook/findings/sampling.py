r"""Langevin's update with a noisy gradient, and what tells whether its weights are samples.

The target density is proportional to :math:`e^{-f(w)}`, and an update is
:math:`w \leftarrow w - \frac{\varepsilon}{2} g(w) + \mathcal{N}(0, \varepsilon)`, where
:math:`g` is :math:`\nabla f` or an unbiased estimate of it. Rates :math:`\varepsilon` are those of
Welling and Teh (2011), "Bayesian learning via stochastic gradient Langevin dynamics": twice the
rate with which SGD would make the same step.
"""

import operator

import numpy as np
from scipy import special


def polynomial_rate(update, a, b, gamma):
    r"""Return the rate of Welling and Teh (2011): :math:`a\,(b + t)^{-\gamma}`.

    Parameters
    ----------
    update : int or array-like of int
        :math:`t`, 0 at the first update.
    a, b : float
        In (0, ∞).
    gamma : float
        :math:`\gamma`, in [0, ∞). In (0.5, 1] the rates have an infinite sum and a finite sum of
        squares, as Robbins and Monro (1951) ask.

    Returns
    -------
    float or numpy.ndarray
        As many as updates.

    Raises
    ------
    ValueError
        If a parameter is outside its range, or an update is below 0.
    """
    _check(a, "a")
    _check(b, "b")
    if not 0 <= gamma < np.inf:
        raise ValueError(f"gamma must be in [0, ∞), not {gamma!r}")
    update = np.asarray(update)
    if (update < 0).any():
        raise ValueError(f"update must be 0 or more, not {update.min()}")
    return (a * (b + update) ** -float(gamma))[()]


def stationary_variance(rate, curvature, gradient_variance=0.0):
    r"""Return the variance at which a constant rate stays on :math:`f = \lambda w^2/2`.

    An update multiplies the variance by :math:`(1 - \varepsilon\lambda/2)^2` and adds
    :math:`\varepsilon + \varepsilon^2 s^2/4`, so it stays at
    :math:`\frac{1 + \varepsilon s^2/4}{\lambda(1 - \varepsilon\lambda/4)}`.
    The target's is :math:`1/\lambda`.

    Parameters
    ----------
    rate : float or array-like
        :math:`\varepsilon`, in (0, 4/λ).
    curvature : float
        :math:`\lambda`, in (0, ∞).
    gradient_variance : float
        :math:`s^2`, of the noise in the gradient, 0 or more.

    Returns
    -------
    float or numpy.ndarray
        As many as rates.

    Raises
    ------
    ValueError
        If a parameter is outside its range.
    """
    _check(curvature, "curvature")
    rate = np.asarray(rate, float)
    if not ((rate > 0) & (rate < 4 / curvature)).all():
        raise ValueError(f"rate must be in (0, {4 / curvature:g}), not {rate.tolist()}")
    _check_variance(gradient_variance)
    kick = 1 + rate * gradient_variance / 4
    return (kick / (curvature * (1 - rate * curvature / 4)))[()]


def variances(rates, curvature, start=0.0, gradient_variance=0.0, langevin=True):
    r"""Return the exact variance before the first update and after each, as rates go by.

    Parameters
    ----------
    rates : array-like, shape (updates,)
        :math:`\varepsilon_t`, each 0 or more.
    curvature, gradient_variance
        As for :func:`stationary_variance`.
    start : float
        The variance before the first update.
    langevin : bool
        Whether updates add :math:`\mathcal{N}(0, \varepsilon)`; without it they are SGD's.

    Returns
    -------
    numpy.ndarray, shape (updates + 1,)

    Raises
    ------
    ValueError
        If a parameter is outside its range.
    """
    _check(curvature, "curvature")
    _check_variance(gradient_variance)
    rates = _rates(rates)
    found = np.empty(len(rates) + 1)
    found[0] = start
    for t, rate in enumerate(rates):
        added = langevin * rate + rate**2 * gradient_variance / 4
        found[t + 1] = (1 - rate * curvature / 2) ** 2 * found[t] + added
    return found


def langevin(gradient, start, rates, seed):
    """Run Langevin's update for many chains at once.

    Parameters
    ----------
    gradient : callable
        ``gradient(w, random)`` returns the gradient of f at weights, or an estimate of it that
        draws from the `numpy.random.Generator` it is given, in the shape of the weights.
    start : array-like, shape (chains, weights)
        The weights before the first update.
    rates : array-like, shape (updates,)
        Each 0 or more.
    seed : int
        Of all noise.

    Returns
    -------
    numpy.ndarray, shape (updates, chains, weights)
        The weights after each update.

    Raises
    ------
    ValueError
        If a rate is below 0, or the shape of the start isn't that of chains and weights.
    """
    weights = _chains(start)
    rates = _rates(rates)
    random = np.random.default_rng(seed)
    path = np.empty((len(rates), *weights.shape))
    for t, rate in enumerate(rates):
        noise = np.sqrt(rate) * random.standard_normal(weights.shape)
        weights = weights - rate / 2 * gradient(weights, random) + noise
        path[t] = weights
    return path


def effective_samples(chain):
    r"""Return how many independent samples tell the mean as well as a chain does.

    It is :math:`n/\tau` with :math:`\tau = 1 + 2\sum_k\rho_k`, and the sum of autocorrelations
    ends before the first pair :math:`\rho_{2k} + \rho_{2k+1}` that isn't positive: the initial
    positive sequence of Geyer (1992), "Practical Markov chain Monte Carlo". The chain must be
    stationary; for one whose rate decays the number means nothing.

    Parameters
    ----------
    chain : array-like, shape (samples,)
        Four samples or more, not all the same.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the chain has another shape, is too short, or doesn't move.
    """
    chain = np.asarray(chain, float)
    if chain.ndim != 1 or len(chain) < 4:
        raise ValueError(f"chain must have the shape (samples,), 4 or more, not {chain.shape}")
    if not np.ptp(chain):
        raise ValueError("chain must move, and all of its samples are the same")
    n = len(chain)
    wave = np.fft.rfft(chain - chain.mean(), 2 * n)
    covariance = np.fft.irfft(np.abs(wave) ** 2)[:n]
    rho = covariance / covariance[0]
    pairs = rho[: n // 2 * 2].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs <= 0)
    return float(n / (2 * pairs[: ends[0] if len(ends) else None].sum() - 1))


def r_hat(chains):
    r"""Return the potential scale reduction of chains, each split in half.

    Near 1 the chains have the same mean and spread. The split shows a drift of one chain, too:
    Gelman and Rubin (1992), "Inference from iterative simulation using multiple sequences",
    split as in Gelman et al. (2013), *Bayesian Data Analysis*.

    Parameters
    ----------
    chains : array-like, shape (samples, chains)
        Four samples or more of each.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shape is another.
    """
    chains = np.asarray(chains, float)
    if chains.ndim != 2 or len(chains) < 4:
        raise ValueError(f"chains must have the shape (samples, chains), not {chains.shape}")
    half = len(chains) // 2
    halves = np.concatenate([chains[:half], chains[-half:]], axis=1)
    within = halves.var(axis=0, ddof=1).mean()
    between = halves.mean(axis=0).var(ddof=1)
    return float(np.sqrt((half - 1) / half + between / within))


class LogisticPosterior:
    r"""The posterior of a logistic regression with a normal prior: :math:`f = -\log p`.

    Parameters
    ----------
    features : array-like, shape (examples, weights)
        With a column of ones for an intercept.
    labels : array-like, shape (examples,)
        0 or 1.
    prior_variance : float
        Of each weight, in (0, ∞).

    Raises
    ------
    ValueError
        If the shapes don't fit, a label is neither, or the variance isn't in its range.
    """

    def __init__(self, features, labels, prior_variance):
        self.features = np.asarray(features, float)
        self.labels = np.asarray(labels, float)
        if self.features.ndim != 2 or self.labels.shape != self.features.shape[:1]:
            raise ValueError(
                "features must be (examples, weights) and labels (examples,), "
                f"not {self.features.shape} and {self.labels.shape}"
            )
        if not np.isin(self.labels, (0, 1)).all():
            raise ValueError("labels must be 0 or 1")
        _check(prior_variance, "prior_variance")
        self.prior_variance = float(prior_variance)

    def loss(self, weights):
        """Return f for weights of shape (chains, weights), one a chain."""
        logits = weights @ self.features.T
        fit = (np.logaddexp(0, logits) - self.labels * logits).sum(axis=-1)
        return fit + (weights**2).sum(axis=-1) / (2 * self.prior_variance)

    def gradient(self, weights):
        """Return the gradient of f in the shape of the weights, (chains, weights)."""
        residual = special.expit(weights @ self.features.T) - self.labels
        return residual @ self.features + weights / self.prior_variance

    def minibatch(self, batch_size):
        """Return an unbiased estimate of the gradient, for :func:`langevin`.

        Each chain draws its own examples, with replacement, at each update.

        Raises
        ------
        TypeError, ValueError
            If `batch_size` isn't an integer of 1 or more.
        """
        batch_size = operator.index(batch_size)
        if batch_size < 1:
            raise ValueError(f"batch_size must be in [1, ∞), not {batch_size!r}")
        scale = len(self.labels) / batch_size

        def estimate(weights, random):
            drawn = random.integers(len(self.labels), size=(len(weights), batch_size))
            x = self.features[drawn]
            logits = np.einsum("cbw,cw->cb", x, weights)
            residual = special.expit(logits) - self.labels[drawn]
            return scale * np.einsum("cb,cbw->cw", residual, x) + weights / self.prior_variance

        return estimate


def mala(posterior, start, rate, num_updates, seed):
    """Run the Metropolis-adjusted Langevin algorithm, whose samples have no bias of a rate.

    Roberts and Tweedie (1996), "Exponential convergence of Langevin distributions and their
    discrete approximations".

    Parameters
    ----------
    posterior : LogisticPosterior
        Or what else has its `loss` and `gradient`.
    start : array-like, shape (chains, weights)
        The weights before the first update.
    rate : float
        In (0, ∞).
    num_updates : int
        1 or more.
    seed : int
        Of all noise.

    Returns
    -------
    path : numpy.ndarray, shape (updates, chains, weights)
    accepted : float
        The share of proposals that were taken.

    Raises
    ------
    ValueError
        If the rate isn't positive, there is no update, or the start has another shape.
    """
    _check(rate, "rate")
    if num_updates < 1:
        raise ValueError(f"num_updates must be in [1, ∞), not {num_updates!r}")
    weights = _chains(start)
    random = np.random.default_rng(seed)
    path = np.empty((num_updates, *weights.shape))
    loss, gradient = posterior.loss(weights), posterior.gradient(weights)
    taken = 0.0
    for t in range(num_updates):
        noise = np.sqrt(rate) * random.standard_normal(weights.shape)
        proposed = weights - rate / 2 * gradient + noise
        its_loss, its_gradient = posterior.loss(proposed), posterior.gradient(proposed)
        back = weights - proposed + rate / 2 * its_gradient
        gain = loss - its_loss + ((noise**2) - back**2).sum(axis=-1) / (2 * rate)
        accept = np.log(random.random(len(weights))) < gain
        weights = np.where(accept[:, None], proposed, weights)
        gradient = np.where(accept[:, None], its_gradient, gradient)
        loss = np.where(accept, its_loss, loss)
        path[t] = weights
        taken += accept.mean()
    return path, taken / num_updates


def _check(value, name):
    if not 0 < value < np.inf:
        raise ValueError(f"{name} must be in (0, ∞), not {value!r}")


def _check_variance(value):
    if not 0 <= value < np.inf:
        raise ValueError(f"gradient_variance must be in [0, ∞), not {value!r}")


def _chains(start):
    weights = np.array(start, float)
    if weights.ndim != 2:
        raise ValueError(f"start must have the shape (chains, weights), not {weights.shape}")
    return weights


def _rates(rates):
    rates = np.asarray(rates, float)
    if rates.ndim != 1 or not ((rates >= 0) & (rates < np.inf)).all():
        raise ValueError("rates must have the shape (updates,), each in [0, ∞)")
    return rates
