"""Plans: what a file asks for, and every way to ask for nonsense."""

from pathlib import Path

import pytest

from lrbook.runs import plan, store
from lrbook.runs.experiments import Experiment
from lrbook.schedules import Constant, Cosine, MultiFactor, Warmup

ENTRY = '[[experiments]]\npolicy = "constant"\nbase_lr = 0.3\n'


def write(folder, text, name="plan.toml"):
    path = folder / name
    path.write_text(text)
    return path


def test_lists_are_combined_and_settings_above_hold_for_all(tmp_path):
    path = write(
        tmp_path,
        'seeds = 2\ndata = "subset"\n'
        + ENTRY
        + """
        [[experiments]]
        policy = "cosine"
        base_lr = [0.3, 0.5]
        final_lr = 0.01
        horizon = 15
        warmup = { duration = [0, 5] }
        seeds = [7]
        """,
    )
    cosines = [
        Experiment(Warmup(Cosine(base_lr, 0.01, 15), duration), 7, "subset")
        for base_lr in (0.3, 0.5)
        for duration in (0, 5)
    ]
    constants = [Experiment(Constant(0.3), seed, "subset") for seed in (0, 1)]
    assert plan.read(path) == constants + cosines


def test_milestones_are_one_value_and_a_list_of_lists_alternatives(tmp_path):
    one = '[[experiments]]\npolicy = "multi_factor"\nbase_lr = 0.3\nfactor = 0.1\n'
    path = write(tmp_path, one + "milestones = [15, 25]\n")
    assert plan.read(path) == [Experiment(MultiFactor(0.3, [15, 25], 0.1))]
    path = write(tmp_path, one + "milestones = [[15], [15, 25]]\n")
    assert [e.schedule.milestones for e in plan.read(path)] == [(15,), (15, 25)]


def test_an_experiment_comes_once(tmp_path):
    assert len(plan.read(write(tmp_path, ENTRY + ENTRY))) == 1


def test_yaml_says_the_same(tmp_path):
    text = (
        "seeds: 2\nexperiments:\n- {policy: constant, base_lr: [0.1, 0.3], warmup: {duration: 1}}\n"
    )
    same = "seeds = 2\n" + ENTRY.replace("0.3", "[0.1, 0.3]") + "warmup.duration = 1\n"
    for ending in ("yaml", "yml"):
        assert plan.read(write(tmp_path, text, f"plan.{ending}")) == plan.read(
            write(tmp_path, same)
        )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "plan.toml: needs at least one entry of 'experiments'"),
        ("experiments = []", "needs at least one entry"),
        ("experiments = [3]", "experiment 1: not a table of settings: 3"),
        ("seeds = = 3", "plan.toml: not TOML: .*line 1"),
        (
            ENTRY.replace("constant", "cosin"),
            "experiment 1: policy must be one of constant, .*'cosin'",
        ),
        (ENTRY + ENTRY.replace("0.3", "-1"), "experiment 2: Constant: base_lr .*not -1"),
        (ENTRY + "horizon = 3", "experiment 1: Constant has no parameter 'horizon', but base_lr"),
        (ENTRY.replace("0.3", "[]"), "experiment 1: base_lr is an empty list"),
        (ENTRY + "seeds = 0", "experiment 1: seeds must be an int in .1, ∞. or a list"),
        (ENTRY + 'seeds = ["a"]', "experiment 1: seed must be an int in .0, ∞., not 'a'"),
        (ENTRY + 'data = "mnist"', "experiment 1: data must be one of 'full', 'subset'"),
        (ENTRY + "warmup = 5", "experiment 1: warmup must be a table"),
        ("seeds = 1_000_000_000\n" + ENTRY, "asks for 1,000,000,000 runs; at most 100,000"),
    ],
)
def test_nonsense_is_refused_with_its_place(tmp_path, text, message):
    with pytest.raises(plan.PlanError, match=message):
        plan.read(write(tmp_path, text))


def test_a_file_that_is_no_plan_is_named(tmp_path):
    with pytest.raises(plan.PlanError, match=r"none\.toml: can't be read"):
        plan.read(tmp_path / "none.toml")
    with pytest.raises(plan.PlanError, match=r"plan\.json: a plan's name ends in \.toml"):
        plan.read(write(tmp_path, "{}", "plan.json"))
    with pytest.raises(plan.PlanError, match=r"plan\.yaml: not YAML"):
        plan.read(write(tmp_path, "a: [", "plan.yaml"))
    with pytest.raises(plan.PlanError, match=r"plan\.yaml: a plan is a table"):
        plan.read(write(tmp_path, "- 3", "plan.yaml"))


PLANS = [p for p in Path(store.RUNS).rglob("*.toml") if p.name != "questions.toml"]


@pytest.mark.parametrize("path", sorted(PLANS), ids=lambda p: p.name)
def test_the_book_s_plans_are_plans(path):
    assert plan.read(path)
