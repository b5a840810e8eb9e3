"""How far a plan has come, and that nothing of an incomplete group is let through."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lrbook.findings.progress import complete, progress


def table(columns, *rows):
    return pd.DataFrame(rows, columns=columns.split())


PLANNED = table("arm seed", *((arm, seed) for arm in "ba" for seed in range(3)))


def test_a_group_counts_its_planned_runs_in_the_order_of_the_plan():
    runs = table("arm seed acc", ("a", 0, 0.8), ("a", 2, 0.9), ("a", 7, 0.9), ("x", 0, 0.1))
    counts = progress(runs, PLANNED, ["arm"])
    assert counts.index.tolist() == ["b", "a"]
    assert counts.recorded.tolist() == [0, 2] and counts.planned.tolist() == [3, 3]
    assert complete(runs, PLANNED, ["arm"]).empty


def test_a_complete_group_is_let_through_without_what_was_not_planned():
    seeds = [*range(3), 9]
    runs = table("arm seed acc", *(("a", seed, 0.8) for seed in seeds), ("b", 0, 0.7))
    kept = complete(runs, PLANNED, ["arm"])
    assert kept.arm.tolist() == ["a"] * 3 and kept.seed.tolist() == [0, 1, 2]


def test_more_seeds_in_the_plan_hide_what_was_complete():
    runs = table("arm seed acc", *(("a", seed, 0.8) for seed in range(3)))
    assert len(complete(runs, PLANNED, ["arm"])) == 3
    more = pd.concat([PLANNED, table("arm seed", ("a", 3))])
    assert complete(runs, more, ["arm"]).empty


def test_groups_and_runs_of_several_columns():
    planned = table("schedule base_lr seed", *(("s", lr, n) for lr in (0.1, 0.3) for n in (0, 1)))
    by = {"by": ["schedule"], "keys": ["base_lr", "seed"]}
    assert complete(planned.head(3), planned, **by).empty
    assert len(complete(planned, planned, **by)) == 4
    pairs = complete(planned.head(3), planned, ["schedule", "base_lr"])
    assert pairs.base_lr.tolist() == [0.1, 0.1]
    assert progress(planned.head(3), planned, ["schedule", "base_lr"]).loc["s", 0.3].recorded == 1


def test_no_runs_at_all():
    runs = table("arm seed acc").astype({"seed": int})
    assert progress(runs, PLANNED, ["arm"]).recorded.tolist() == [0, 0]
    assert complete(runs, PLANNED, ["arm"]).empty


@given(st.sets(st.tuples(st.sampled_from("ab"), st.integers(0, 4))))
def test_only_whole_groups_pass(found):
    runs = table("arm seed", *sorted(found)).astype({"arm": object, "seed": np.int64})
    kept = complete(runs, PLANNED, ["arm"])
    whole = {arm for arm in "ab" if {(arm, seed) for seed in range(3)} <= found}
    assert {*kept.arm} == whole and len(kept) == 3 * len(whole)
