"""The bowl's formulas against a simulation, and against what is known of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrbook.findings import bowl
from lrbook.schedules import Cosine

CURVATURES = np.array([0.5, 10.0])


def descend(rates, variance, start=0.0, runs=4000, seed=0):
    """Return the weights after each update, of shape (updates, runs, 2)."""
    random = np.random.default_rng(seed)
    w, path = np.full((runs, 2), float(start)), []
    for lr in rates:
        w = w - lr * (CURVATURES * w + np.sqrt(variance) * random.standard_normal(w.shape))
        path.append(w)
    return np.array(path)


def loss(w):
    """Return the mean loss of the runs, and its standard error."""
    losses = (CURVATURES * w**2).sum(axis=-1) / 2
    return losses.mean(), losses.std() / np.sqrt(len(losses))


@pytest.mark.parametrize("lr", [0.03, 0.1, 0.19])
@pytest.mark.parametrize("size", [16, 256])
def test_a_rate_stays_at_its_floor(lr, size):
    mean, error = loss(descend([lr] * 400, 1 / size)[-1])
    assert bowl.floor(lr, CURVATURES, 1 / size) == pytest.approx(mean, abs=4 * error)


@pytest.mark.parametrize(("count", "apart"), [(10, 1), (10, 20), (200, 1)])
def test_an_average_is_below_it_as_far_as_the_formula_says(count, apart):
    path = descend([0.1] * (300 + count * apart), 1.0, runs=2000)
    mean, error = loss(path[::-1][: count * apart : apart].mean(axis=0))
    found = bowl.averaged(0.1, CURVATURES, 1.0, count, apart)
    assert found == pytest.approx(mean, abs=4 * error)
    assert found < bowl.floor(0.1, CURVATURES, 1.0)


def test_a_decay_ends_where_the_formula_says_and_below_the_floor():
    rates = Cosine(0.1, 0.0, 3)(np.arange(300) / 100)
    mean, error = loss(descend(rates, 1.0, start=1.0)[-1])
    found = bowl.after(rates, CURVATURES, 1.0, [1.0, 1.0])
    assert found == pytest.approx(mean, abs=4 * error)
    assert found < 0.2 * bowl.floor(0.1, CURVATURES, 1.0)


@given(st.floats(0.001, 0.19), st.integers(1, 500))
def test_in_the_long_run_one_rate_is_at_its_floor(lr, size):
    rates = [lr] * round(20 / lr)
    found = bowl.after(rates, CURVATURES, 1 / size, [0.0, 0.0])
    assert found == pytest.approx(bowl.floor(lr, CURVATURES, 1 / size), rel=1e-6)


@pytest.mark.parametrize("lr", [0.01, 0.05])
def test_small_rates_have_a_floor_that_goes_with_rate_over_size(lr):
    # Half the rate and half the minibatch; the flatter the bowl, the more exactly.
    small, large = bowl.floor(lr / 2, CURVATURES, 1 / 16), bowl.floor(lr, CURVATURES, 1 / 32)
    assert small == pytest.approx(large, rel=lr * CURVATURES.max() / 4)
    assert bowl.floor(lr, CURVATURES, 1 / 16) == pytest.approx(2 * large)


@pytest.mark.parametrize("lr", [0.02, 0.19])
def test_a_long_average_forgets_the_rate(lr):
    count = 1_000_000
    found = bowl.averaged(lr, CURVATURES, 1.0, count)
    assert found == pytest.approx((1 / CURVATURES).sum() / 2 / count, rel=1e-3)


def test_independent_weights_divide_the_floor():
    floor = bowl.floor(0.1, CURVATURES, 1.0)
    assert bowl.averaged(0.1, CURVATURES, 1.0, 10, 10_000) == pytest.approx(floor / 10)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.2, CURVATURES, 1.0, 1), r"lr must be in \(0, 0\.2\), not 0\.2"),
        ((0.0, CURVATURES, 1.0, 1), r"lr must be in \(0, 0\.2\), not 0\.0"),
        ((0.1, [0.0, 1.0], 1.0, 1), r"curvatures must be in \(0, ∞\), not \[0\.0, 1\.0\]"),
        ((0.1, CURVATURES, 1.0, 0), "count and apart must be 1 or more, not 0 and 1"),
    ],
)
def test_what_has_no_floor_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        bowl.averaged(*arguments)
