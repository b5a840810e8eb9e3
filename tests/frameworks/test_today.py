"""Optax and Keras, asked anew, in the environment of `make frameworks`: they answer as recorded."""

import jax
import numpy as np
import pytest

from lrbook.frameworks import ask, compare, conventions
from tests.test_frameworks import answered

EXAMPLES = [(each, policy) for each in ("optax", "keras") for policy in ask.examples(each)]
CONVENTIONS = [each for each in conventions.CONVENTIONS if each.framework in ("optax", "keras")]


SETTINGS = 100  # the first of those that were recorded


@pytest.fixture(autouse=True)
def _fewer_settings(monkeypatch):
    monkeypatch.setattr(compare, "SETTINGS", SETTINGS)


@pytest.mark.parametrize(("framework", "policy"), EXAMPLES)
def test_an_example_answers_as_recorded(framework, policy):
    now = np.concatenate(compare.compare_example(framework, policy))
    recorded = np.concatenate(answered(framework)["examples"][policy][:SETTINGS])
    np.testing.assert_allclose(now, recorded, rtol=0, atol=compare.TOLERANCE[framework])


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda each: each.name)
def test_a_convention_is_as_recorded(convention):
    recorded = answered(convention.framework)["conventions"][convention.name]
    assert compare.compare_convention(convention) == pytest.approx(recorded, rel=1e-6)


@pytest.mark.parametrize("framework", ["optax", "keras"])
def test_a_table_is_looked_up_inside_a_compiled_step(framework):
    # Where a schedule's own Python branches can't be traced.
    table = np.linspace(0.5, 0.01, 11)
    look_up = ask.example(framework, "any")(table)
    compiled = jax.jit(look_up)
    np.testing.assert_allclose([compiled(count) for count in range(11)], table, rtol=1e-6)
