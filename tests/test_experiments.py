"""Experiments: values with a key that every process agrees on, and runs that are `train`'s."""

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest
from mxnet import gluon

from lrbook.runs import as_coded, record, store
from lrbook.runs.as_coded import AsCoded
from lrbook.runs.experiments import POLICIES, Experiment
from lrbook.schedules import (
    Constant,
    Cosine,
    Factor,
    InverseSquareRoot,
    MultiFactor,
    OneCycle,
    Polynomial,
    Restarts,
    SquareRoot,
    Triangular,
    Warmup,
    WarmupStableDecay,
)
from lrbook.training import average, random_labels
from lrbook.training.data import load_fashion_mnist
from lrbook.training.loop import train
from lrbook.training.model import lenet

EXPERIMENTS = [
    Experiment(Constant(0.3)),
    Experiment(SquareRoot(1.0), seed=3),
    Experiment(Polynomial(0.3, 0.01, 20, 2), num_epochs=5),
    Experiment(Factor(0.3, 0.9, 0.01), batch_size=128),
    Experiment(MultiFactor(0.3, [15, 25], 0.1)),
    Experiment(Cosine(0.3, 0.01, 20), data="subset"),
    Experiment(AsCoded("cosine 0.5"), last_batch="keep"),
    Experiment(Cosine(0.3, 0.0, 30), batch_size=16, average_since=21, random_labels=0.2),
    Experiment(Warmup(Cosine(0.5, 0.01, 15), 5, start_lr=0.01, mode="constant")),
    Experiment(WarmupStableDecay(0.3, 0.01, 3, 17, 10, "sqrt")),
    Experiment(InverseSquareRoot(0.3, 3)),
    Experiment(Triangular(0.03, 0.3, 5, "exponential", 0.9)),
    Experiment(Warmup(Restarts(0.3, 0.01, 10, 2), 1)),
    Experiment(OneCycle(0.01, 0.3, 0.001, 9, 21, "linear"), seed=1),
]


@pytest.fixture(autouse=True)
def _no_records(monkeypatch):
    monkeypatch.delenv("LRBOOK_RUNS", raising=False)
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)


def test_every_policy_is_tried_here():
    assert {type(e._policy) for e in EXPERIMENTS} == set(POLICIES.values())


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.name)
def test_it_goes_to_a_dict_and_back(experiment):
    assert Experiment.from_dict(experiment.to_dict()) == experiment


def test_each_has_a_key_and_a_name_of_its_own():
    assert len({e.key for e in EXPERIMENTS}) == len(EXPERIMENTS)
    assert EXPERIMENTS[0].key == Experiment(Constant(0.3)).key
    names = [e.name for e in EXPERIMENTS]
    assert names[0] == "constant 0.3"
    assert names[1] == "square root 1, seed 3"
    assert {"cosine 0.5, as coded", "warmup cosine 0.5", "warmup restarts 0.3"} <= {*names}
    assert {"warmup stable decay 0.3", "one cycle 0.3, seed 1"} <= {*names}


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"data": "subset"},
        {"num_epochs": 29},
        {"last_batch": "keep"},
        {"average_since": 21},
        {"random_labels": 0.2},
    ],
)
def test_any_change_changes_the_key(change):
    assert dataclasses.replace(EXPERIMENTS[0], **change).key != EXPERIMENTS[0].key


def test_other_training_code_has_another_key(monkeypatch):
    key = EXPERIMENTS[0].key
    monkeypatch.setattr(record, "CODE", "0" * 64)
    assert EXPERIMENTS[0].key != key


def test_other_schedulers_of_the_chapter_have_another_key(monkeypatch):
    chapter = Experiment(AsCoded("cosine 0.5"), last_batch="keep")
    keys = EXPERIMENTS[0].key, chapter.key
    monkeypatch.setattr(as_coded, "CODE", "0" * 64)
    assert EXPERIMENTS[0].key == keys[0] and chapter.key != keys[1]


@pytest.mark.parametrize(
    ("module", "setting"),
    [(average, {"average_since": 2}), (random_labels, {"random_labels": 0.2})],
)
def test_other_code_of_what_an_experiment_uses_has_another_key(module, setting, monkeypatch):
    asked = dataclasses.replace(EXPERIMENTS[0], **setting)
    keys = EXPERIMENTS[0].key, asked.key
    monkeypatch.setattr(module, "CODE", "0" * 64)
    assert EXPERIMENTS[0].key == keys[0] and asked.key != keys[1]


@pytest.mark.parametrize(
    ("name", "value"), [("last_tests", 3), ("average_since", 21), ("random_labels", 0.2)]
)
def test_what_an_experiment_can_do_without_keeps_its_key(name, value):
    assert name not in EXPERIMENTS[0].to_dict()
    asked = dataclasses.replace(EXPERIMENTS[0], **{name: value})
    assert asked.to_dict()[name] == value and asked.key != EXPERIMENTS[0].key


def test_runs_that_are_stored_are_found_by_their_experiments():
    for run in store.read(store.RUNS / "study.jsonl")[:3]:
        assert Experiment.from_dict(run["experiment"]).key == run["key"]


def test_a_share_is_the_same_number_however_it_is_written():
    whole, real = (dataclasses.replace(EXPERIMENTS[0], random_labels=x) for x in (1, 1.0))
    assert whole.key == real.key


def test_the_chapter_s_runs_keep_the_last_minibatch_and_the_book_s_discard_it():
    assert Experiment(Constant(0.3)).last_batch == "discard"
    with pytest.raises(ValueError, match="last_batch must be 'keep' here, not 'discard'"):
        Experiment(AsCoded("cosine 0.5"))
    with pytest.raises(ValueError, match="last_batch must be 'discard' or 'keep' here, not 'no'"):
        Experiment(Constant(0.3), last_batch="no")


def test_another_process_has_the_same_key():
    code = (
        "from lrbook.runs.experiments import Experiment; from lrbook.schedules import Cosine\n"
        "print(Experiment(Cosine(0.3, 0.01, 20), data='subset').key)"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import lrbook\n{code}"],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == EXPERIMENTS[5].key, done.stderr


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"policy": "cosin"}, "policy must be one of constant, square_root, .*not 'cosin'"),
        ({"policy": "constant"}, "Constant needs the parameter 'base_lr'"),
        ({"policy": "constant", "base_lr": 1, "power": 2}, "Constant has no parameter 'power'"),
        ({"policy": "constant", "base_lr": -1}, "base_lr must be a finite number in"),
        ({"policy": "constant", "base_lr": "1e-3"}, "base_lr must be a number in"),
        ({"policy": {"name": "constant"}}, "policy must be one of .*not {'name'"),
        ({"policy": ["constant"]}, "policy must be one of .*not .'constant'"),
        ({"policy": "as_coded"}, "AsCoded needs the parameter 'scheduler'"),
        ({"policy": "as_coded", "scheduler": {"a": 1}}, "AsCoded: scheduler .*0.5', .*{'a'"),
        ({"policy": "as_coded", "scheduler": ["cosine 0.5"]}, "AsCoded: scheduler .*not .'cosine"),
        ({"policy": "constant", "base_lr": 1, "data": ["full"]}, "data must be one of 'full'"),
        ({"policy": "constant", "base_lr": 1, "seed": -1}, "seed must be an int in .0, 2..32.,"),
        ({"policy": "constant", "base_lr": 1, "seed": 2**32}, "seed must be an int in .0, 2..32.,"),
        ({"policy": "constant", "base_lr": 1, "seed": True}, "seed must be an int in .0, 2..32.,"),
        ({"policy": "constant", "base_lr": 1, "num_epochs": 1.5}, "num_epochs must be an int"),
        ({"policy": "constant", "base_lr": 1, "data": "mnist"}, "data must be one of 'full'"),
        (
            {"policy": "constant", "base_lr": 1, "average_since": 2.0},
            "average_since must be an int",
        ),
        (
            {"policy": "constant", "base_lr": 1, "average_since": 31},
            "average_since .* at most .*30",
        ),
        ({"policy": "constant", "base_lr": 1, "random_labels": 1.1}, "random_labels must be a num"),
        ({"policy": "constant", "base_lr": 1, "random_labels": "0"}, "random_labels must be a num"),
        ({"policy": "constant", "base_lr": 1, "random_labels": True}, "random_labels must be a nu"),
        ({"policy": "constant", "base_lr": 1, "warmup": 5}, "warmup must be a table"),
        ({"policy": "constant", "base_lr": 1, "warmup": {}}, "Warmup needs the parameter 'dura"),
        ({"policy": "constant", "base_lr": 1, "warmup": {"schedule": 1}}, "Warmup has no param"),
    ],
)
def test_bad_settings_are_named(settings, message):
    with pytest.raises((TypeError, ValueError), match=message):
        Experiment.from_dict(settings)


def test_a_warmup_before_what_rises_by_itself_is_refused():
    with pytest.raises(TypeError, match="InverseSquareRoot rises by itself, without a Warmup"):
        Experiment(Warmup(InverseSquareRoot(0.3, 3), 5))
    settings = {"policy": "triangular", "base_lr": 0.03, "max_lr": 0.3, "half_cycle": 5}
    with pytest.raises(ValueError, match="Triangular has no parameter 'warmup'"):
        Experiment.from_dict({**settings, "warmup": {"duration": 5}})


def test_only_the_book_s_schedules():
    with pytest.raises(TypeError, match=r"schedule must be one of Constant, .*or a Warmup of one"):
        Experiment(Warmup(Warmup(Constant(0.1), 1), 1))


def test_its_run_is_train_s_and_its_record_can_be_stored(tmp_path):
    experiment = Experiment(Warmup(Constant(0.1), 1), seed=2, data="subset", num_epochs=2)
    run = experiment.run()
    net = lenet()
    scheduler = experiment.schedule.per_update(39)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": scheduler})
    data = load_fashion_mnist("subset")
    plain = train(net, trainer, data, num_epochs=2, seed=2, last_batch="discard")
    assert run.train_loss == plain.train_loss and run.test_acc == plain.test_acc
    store.append(tmp_path / "runs.jsonl", experiment.record(run))
    (stored,) = store.read(tmp_path / "runs.jsonl")
    assert stored["key"] == experiment.key
    assert Experiment.from_dict(stored["experiment"]) == experiment
    assert stored["test_acc"] == run.test_acc
    assert stored["lr_start"] == [0.0, 0.1] and stored["lr_end"] == [0.1 * 38 / 39, 0.1]
    assert store.unpack(stored["batch_sizes"]).tolist() == [256] * 39 * 2
    assert stored["hardware"] and stored["versions"]["mxnet"] and stored["code"] == record.CODE


def test_rates_that_were_not_the_schedule_s_are_kept_whole():
    experiment = Experiment(Constant(0.1), data="subset", num_epochs=1)
    run = experiment.run()
    assert "lr" not in experiment.record(run)
    run.lr = np.where(np.arange(39) == 7, 0.2, run.lr)
    assert store.unpack(experiment.record(run)["lr"]).tolist() == run.lr.tolist()
