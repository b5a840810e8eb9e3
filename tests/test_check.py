"""A record is stored only as what its experiment gives: no less, no other, nothing made up."""

import copy
import dataclasses

import numpy as np
import pytest

from lrbook.runs import store
from lrbook.runs.as_coded import AsCoded
from lrbook.runs.check import TRAIN_IMAGES, MisfitError, check
from lrbook.runs.experiments import DATA, Experiment, _dataset
from lrbook.schedules import Constant, Cosine, Warmup
from lrbook.training.history import History

EPOCHS = 3
EXPERIMENT = Experiment(
    Warmup(Cosine(0.5, 0.01, 2), 1), 7, "subset", EPOCHS, 256, "keep", last_tests=2
)
UPDATES = 40  # an epoch's; the last has 16 images


def record(experiment=EXPERIMENT, epochs=EPOCHS, **changes):
    """Return what a training of that many epochs would give, without one."""
    scheduler = experiment.schedule.per_update(UPDATES)
    run = History(
        experiment.name,
        UPDATES,
        experiment.seed,
        experiment.batch_size,
        experiment.last_batch,
        experiment.data,
        "cpu(0)",
        train_loss=[0.5] * epochs,
        train_acc=[0.8] * epochs,
        test_acc=[0.8] * epochs,
        last_test_acc=[[0.7, 0.8]] * epochs,
        lr=np.array([scheduler(u + 1) for u in range(UPDATES * epochs)]),
        batch_sizes=np.array(([256] * 39 + [16]) * epochs),
    )
    return experiment.record(dataclasses.replace(run, **changes))


def test_a_run_of_the_experiment_passes():
    check(record(), EXPERIMENT)
    chapter = dataclasses.replace(EXPERIMENT, schedule=AsCoded("multi-factor 0.5"))
    check(record(chapter), chapter)


def test_a_dead_run_passes_when_it_was_stopped():
    check(record(epochs=2, died=2, train_loss=[2.3, float("nan")]), EXPERIMENT)
    with pytest.raises(MisfitError, match="train_loss has 3 epochs, not 2"):
        check(record(died=2), EXPERIMENT)


def test_rates_that_were_not_the_schedule_s_pass_when_they_are_told():
    check(record(lr=np.full(UPDATES * EPOCHS, 0.2)), EXPERIMENT)


def test_a_trained_run_passes():
    experiment = Experiment(Constant(0.1), 1, "subset", 1, 1000, last_tests=3)
    check(experiment.record(experiment.run()), experiment)


def averaged(epochs=EPOCHS, died=None, **changes):
    """Return an experiment whose weights are averaged from epoch 2 on, and a record of it."""
    experiment = dataclasses.replace(EXPERIMENT, average_since=2)
    losses = {"train_loss": None, "last_train_loss": None}
    if died is None:
        losses = {"train_loss": 0.3, "last_train_loss": 0.4}
    average = {"since": 2, "test_acc": [0.8] * (epochs - 1 - (died is not None)), **losses}
    said = record(experiment, epochs, died=died)
    return {**said, "average": average | changes}, experiment


def test_a_run_with_an_average_passes():
    check(*averaged())
    check(*averaged(epochs=2, died=2))  # the epoch that killed it isn't averaged
    check(*averaged(train_loss=None))  # no finite number


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"since": 1}, "average has since 1, not 2"),
        ({"test_acc": [0.8]}, "average has 1 tests, not 2"),
        ({"test_acc": [0.8, 1.2]}, r"the average's test_acc is 1\.2"),
        ({"train_loss": -1.0}, r"the average's train_loss is -1\.0"),
        ({"last_train_loss": "0"}, "the average's last_train_loss is '0'"),
        ({"more": 1}, "average holds last_train_loss, more, since"),
        (
            {"died": 3, "epochs": 3, "train_loss": 0.3},
            r"train_loss is 0\.3 in a dead run, not None",
        ),
    ],
)
def test_what_is_no_average_is_named(changes, problem):
    with pytest.raises(MisfitError, match=problem):
        check(*averaged(**changes))


def test_an_average_is_there_if_and_only_if_it_was_asked_for():
    said, experiment = averaged()
    with pytest.raises(MisfitError, match="if and only if"):
        check({name: value for name, value in said.items() if name != "average"}, experiment)
    with pytest.raises(MisfitError, match="if and only if"):
        check({**record(), "average": said["average"]}, EXPERIMENT)


@pytest.mark.parametrize("name", DATA)
def test_the_numbers_of_images_are_the_data_s(name, monkeypatch):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)
    assert TRAIN_IMAGES[name] == len(_dataset(name).train_labels)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"data": "smoke"}, "data is 'smoke', not 'subset'"),
        ({"seed": 8}, "seed is 8, not 7"),
        ({"batch_size": 128}, "batch_size is 128, not 256"),
        ({"last_batch": "discard"}, "last_batch is 'discard', not 'keep'"),
        ({"interrupted": True}, "interrupted is True, not False"),
        ({"died": 4}, "died is 4, but the experiment has 3 epochs"),
        ({"died": 0}, "died is 0, but"),
        ({"batch_sizes": np.full(UPDATES * EPOCHS, 256)}, "batch_sizes aren't those of 3 epochs"),
        ({"test_acc": [0.8] * 2}, "test_acc has 2 epochs, not 3"),
        ({"test_acc": [0.8, 0.8, 1.1]}, r"test_acc is 1\.1 in an epoch, not a number in \[0, 1\]"),
        ({"test_acc": [0.8, 0.8, None]}, "test_acc is None"),
        ({"test_acc": [0.8, 0.8, "0.8"]}, "test_acc is '0.8'"),
        ({"test_acc": [0.8, 0.8, float("nan")]}, "not JSON compliant"),
        ({"train_loss": [0.5, 0.5, -1]}, "train_loss is -1"),
        ({"last_test_acc": [[]] * EPOCHS}, "last_test_acc has not 2 tests in every epoch"),
    ],
)
def test_what_is_no_run_of_the_experiment_is_named(changes, problem):
    with pytest.raises(MisfitError, match=problem):
        check(record(**changes), EXPERIMENT)


def test_a_run_of_fewer_epochs_is_none():
    with pytest.raises(MisfitError, match="train_loss has 2 epochs, not 3"):
        check(record(epochs=2), EXPERIMENT)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("key", "0" * 64, "key is '0000"),
        ("code", "0" * 64, "code is '0000"),
        ("experiment", {}, "experiment is {}, not"),
        ("updates_per_epoch", 39, "updates_per_epoch is 39, not 40"),
        ("lr_end", [0.5, 0.3, 0.02], "lr_end isn't the learning rate of the schedule"),
        ("lr", store.pack([0.5]), "lr has 1 updates, not 120"),
        ("lr", "!", "Incorrect padding|Invalid base64|malformed"),
        ("batch_sizes", "AAAA", "malformed"),
        ("train_acc", 0.8, "malformed"),
        ("hardware", b"bytes", "malformed"),
    ],
)
def test_a_forged_record_is_named(name, value, problem):
    with pytest.raises(MisfitError, match=problem):
        check({**record(), name: value}, EXPERIMENT)


@pytest.mark.parametrize("name", record())
def test_a_record_lacks_nothing_that_is_asked(name):
    less = copy.deepcopy(record())
    del less[name]
    with pytest.raises(MisfitError, match=f"it has no {name}|malformed .*{name}"):
        check(less, EXPERIMENT)


@pytest.mark.parametrize("nonsense", [None, [], "run", {}])
def test_what_is_no_record_is_named(nonsense):
    with pytest.raises(MisfitError, match=r"malformed|it has no"):
        check(nonsense, EXPERIMENT)
