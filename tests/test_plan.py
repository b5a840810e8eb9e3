"""Plans: what a file asks for, and every way to ask for nonsense."""

import os
from pathlib import Path

import pytest

import lrbook.__main__
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
        (ENTRY + "seeds = 0", "experiment 1: seeds must be an int in .1, 2..32. or a list"),
        (ENTRY + 'seeds = ["a"]', r"experiment 1: seed must be an int in \[0, 2\*\*32\), not 'a'"),
        (ENTRY + "seeds = [4294967296]", r"seed must be an int in \[0, 2\*\*32\), not 4294967296"),
        (
            ENTRY + "seeds = 100000000000000000000",
            r"seeds must be an int in \[1, 2\*\*32\] or a list",
        ),
        (
            ENTRY + "seed = 3",
            "experiment 1: a plan says 'seeds', how many or a list of them, not 'seed'",
        ),
        ("seed = 3\n" + ENTRY + "seeds = 2", "experiment 1: a plan says 'seeds'"),
        (ENTRY + "warmup = {}", "experiment 1: Warmup needs the parameter 'duration'"),
        (ENTRY + "warmup = [{}]", "experiment 1: Warmup needs the parameter 'duration'"),
        (
            "[[experiments]]\npolicy = { name = 'constant' }",
            r"policy must be one of .*not \{'name'",
        ),
        (
            "[[experiments]]\npolicy = 'as_coded'\nscheduler = { name = 'cosine 0.5' }",
            r"experiment 1: AsCoded: scheduler must be one of 'square root 1.0', .*not \{'name'",
        ),
        (ENTRY + "data = { name = 'full' }", r"data must be one of .*not \{'name'"),
        (ENTRY + "horizon = " + "[" * 5000 + "]" * 5000, "plan.toml: .*nested too deeply"),
        ("experiments = [" + "[" * 400 + "]" * 401, "plan.toml, experiment 1: .*nested|table"),
        ("[[experiments]]\npolicy." + "a." * 900 + "a = 1", "nested too deeply|policy must be"),
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
    with pytest.raises(plan.PlanError, match=r"plan\.yaml: a plan's name ends in \.toml"):
        plan.read(write(tmp_path, "experiments: []", "plan.yaml"))
    (tmp_path / "latin.toml").write_bytes("# für\n".encode("latin-1"))
    with pytest.raises(plan.PlanError, match=r"latin\.toml: not TOML, which is UTF-8"):
        plan.read(tmp_path / "latin.toml")


def test_what_is_no_file_is_not_waited_for(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    for name in ("folder.toml", "pipe.toml"):
        with pytest.raises(plan.PlanError, match=rf"{name}: can't be read \(it is no regular file"):
            plan.read(tmp_path / name)


def test_an_entry_s_own_seeds_and_warmup_replace_the_shared_ones(tmp_path):
    shared = "seeds = 3\nwarmup = { duration = 5, start_lr = 0.1 }\n"
    path = write(tmp_path, shared + ENTRY + "seeds = [7]\nwarmup.duration = 2\n")
    assert plan.read(path) == [Experiment(Warmup(Constant(0.3), 2), 7)]


@pytest.mark.parametrize("name", [".", "/", "..", "folder.toml"])
def test_the_command_names_a_plan_that_is_none(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.toml").mkdir()
    assert lrbook.__main__.main(["sweep", name]) == 1
    assert capsys.readouterr().err.startswith(f"sweep: {name}: ")


PLANS = [p for p in Path(store.RUNS).rglob("*.toml") if p.name != "questions.toml"]


@pytest.mark.parametrize("path", sorted(PLANS), ids=lambda p: p.name)
def test_the_book_s_plans_are_plans(path):
    assert plan.read(path)
