"""Langevin's update: its variance, its effective samples and its gradients against formulas."""

import numpy as np
import pytest

from lrbook.findings import sampling


def bowl(curvature, noise=0.0):
    def gradient(w, random):
        return curvature * w + noise * random.standard_normal(w.shape)

    return gradient


@pytest.fixture(scope="module")
def posterior():
    random = np.random.default_rng(3)
    features = np.column_stack([np.ones(300), random.standard_normal((300, 2))])
    labels = random.random(300) < 1 / (1 + np.exp(-features @ [0.3, 1, -0.5]))
    return sampling.LogisticPosterior(features, labels, 4.0)


@pytest.mark.parametrize("curvature", [1, 10])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])  # of the rate that diverges
@pytest.mark.parametrize("noise", [0, 3])
def test_samples_have_the_stationary_variance(curvature, share, noise):
    rate, chains = 4 * share / curvature, 20_000
    path = sampling.langevin(bowl(curvature, noise), np.zeros((chains, 1)), [rate] * 200, 0)
    expected = sampling.stationary_variance(rate, curvature, noise**2)
    # The variance of n independent normal values has a relative standard error of (2 / n) ** 0.5.
    assert path[-1].var() == pytest.approx(expected, rel=4 * np.sqrt(2 / chains))


def test_the_exact_variance_ends_at_the_stationary_one():
    found = sampling.variances([0.3] * 500, 2, start=9.0, gradient_variance=5)
    assert found[0] == 9
    assert found[-1] == pytest.approx(sampling.stationary_variance(0.3, 2, 5))


def test_a_small_rate_has_the_variance_of_the_target():
    assert sampling.stationary_variance(1e-9, 4, 7) == pytest.approx(1 / 4)


def test_a_decay_cools_sgd_but_not_langevin():
    rates = np.linspace(0.4, 0, 2001)
    assert sampling.variances(rates, 1, 1, 4)[-1] == pytest.approx(1, rel=0.05)
    assert sampling.variances(rates, 1, 1, 4, langevin=False)[-1] < 0.05


def test_polynomial_rate():
    assert sampling.polynomial_rate(0, 2, 4, 0.5) == 1
    assert sampling.polynomial_rate([0, 5], 2, 4, 0.5) == pytest.approx([1, 2 / 3])
    assert sampling.polynomial_rate([0, 7], 2, 1, 0) == pytest.approx([2, 2])


@pytest.mark.parametrize("rho", [-0.5, 0, 0.5, 0.95])
def test_effective_samples_of_an_autoregression(rho):
    random = np.random.default_rng(1)
    n, found = 40_000, []
    for _ in range(8):
        chain, x = np.empty(n), random.standard_normal() / np.sqrt(1 - rho**2)
        for t, noise in enumerate(random.standard_normal(n)):
            x = rho * x + noise
            chain[t] = x
        found.append(sampling.effective_samples(chain) / n)
    # Each has an error of 5 to 15 %, more for a larger rho.
    assert np.mean(found) == pytest.approx((1 - rho) / (1 + rho), rel=0.1)


def test_r_hat_tells_chains_apart():
    chains = np.random.default_rng(0).standard_normal((2000, 4))
    assert sampling.r_hat(chains) == pytest.approx(1, abs=0.005)
    assert sampling.r_hat(chains + np.array([0, 0, 0, 2])) > 1.2
    assert sampling.r_hat(chains + np.linspace(0, 3, 2000)[:, None]) > 1.2


def test_gradient_is_that_of_the_loss(posterior):
    weights = np.random.default_rng(5).standard_normal((4, 3))
    for axis in range(3):
        step = 1e-5 * np.eye(3)[axis]
        slope = (posterior.loss(weights + step) - posterior.loss(weights - step)) / 2e-5
        assert posterior.gradient(weights)[:, axis] == pytest.approx(slope, rel=1e-6)


def test_minibatch_gradient_is_unbiased(posterior):
    weights = np.tile([0.5, -1.0, 2.0], (40_000, 1))
    estimates = posterior.minibatch(10)(weights, np.random.default_rng(0))
    error = estimates.std(axis=0) / np.sqrt(len(weights))
    assert (np.abs(estimates.mean(axis=0) - posterior.gradient(weights[:1])[0]) < 4 * error).all()


def test_mala_has_no_bias_of_its_rate():
    class Bowl:
        def loss(self, w):
            return (2 * w**2).sum(axis=-1)

        def gradient(self, w):
            return 4 * w

    rate, chains = 0.4, 20_000
    path, accepted = sampling.mala(Bowl(), np.zeros((chains, 1)), rate, 60, 0)
    assert path[-1].var() == pytest.approx(0.25, rel=4 * np.sqrt(2 / chains))
    assert sampling.stationary_variance(rate, 4) > 0.25 * 1.5
    assert 0.5 < accepted < 1


def test_a_seed_gives_the_same_chain():
    one, two, other = (sampling.langevin(bowl(1), [[1.0]], [0.1] * 9, s) for s in (0, 0, 1))
    assert (one == two).all()
    assert (one != other).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sampling.polynomial_rate(0, 0, 1, 1), r"a must be in \(0, ∞\)"),
        (lambda: sampling.polynomial_rate(0, 1, -1, 1), r"b must be in \(0, ∞\)"),
        (lambda: sampling.polynomial_rate(0, 1, 1, -1), r"gamma must be in \[0, ∞\)"),
        (lambda: sampling.polynomial_rate(-1, 1, 1, 1), "update must be 0 or more"),
        (lambda: sampling.stationary_variance(0.4, 10), r"rate must be in \(0, 0.4\)"),
        (lambda: sampling.stationary_variance(0.1, 0), r"curvature must be in \(0, ∞\)"),
        (lambda: sampling.variances([0.1], 1, 1, -1), "gradient_variance must be in"),
        (lambda: sampling.variances([-0.1], 1), "rates must have the shape"),
        (lambda: sampling.langevin(bowl(1), [1.0], [0.1], 0), "start must have the shape"),
        (lambda: sampling.effective_samples([1, 2]), "chain must have the shape"),
        (lambda: sampling.effective_samples([1] * 9), "chain must move"),
        (lambda: sampling.r_hat([1, 2, 3, 4]), "chains must have the shape"),
        (lambda: sampling.LogisticPosterior([[1.0]], [2], 1), "labels must be 0 or 1"),
        (lambda: sampling.LogisticPosterior([[1.0]], [1, 0], 1), "features must be"),
        (lambda: sampling.LogisticPosterior([[1.0]], [1], 0), "prior_variance must be in"),
        (lambda: sampling.mala(None, [[0.0]], 0, 1, 0), "rate must be in"),
        (lambda: sampling.mala(None, [[0.0]], 1, 0, 0), "num_updates must be in"),
        (lambda: sampling.mala(None, [0.0], 1, 1, 0), "start must have the shape"),
    ],
)
def test_bad_parameters_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bad_batch_sizes(posterior):
    with pytest.raises(ValueError, match="batch_size must be in"):
        posterior.minibatch(0)
    with pytest.raises(TypeError, match="integer"):
        posterior.minibatch(2.5)
