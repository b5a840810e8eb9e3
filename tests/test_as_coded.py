"""The chapter's schedulers as its code used them: the rates that were found to be in force."""

import numpy as np
import pytest

from lrbook.runs.as_coded import SCHEDULERS, AsCoded
from lrbook.runs.replay import recorded


@pytest.mark.parametrize("name", SCHEDULERS)
def test_the_rates_are_those_that_ran_in_the_book(name):
    run = recorded(f"{name}, as coded")
    scheduler = AsCoded(name).per_update(run.updates_per_epoch)
    rates = [scheduler(u + 1) for u in range(len(run.lr))]
    np.testing.assert_allclose(rates, run.lr, rtol=1e-12)


@pytest.mark.parametrize("name", SCHEDULERS)
def test_each_call_draws_anew(name):
    first, second = (AsCoded(name).per_update(235) for _ in range(2))
    assert [first(u) for u in range(1, 40)] == [second(u) for u in range(1, 40)]


def test_an_unknown_scheduler_is_named():
    with pytest.raises(ValueError, match=r"one of 'square root 1\.0', .*not 'factor'"):
        AsCoded("factor")
