"""The notebooks' runs: recorded once, read from then on, never mistaken for another."""

import dataclasses

import mxnet as mx
import numpy as np
import pytest

from lrbook.runs import record, replay, store
from lrbook.runs.record import from_record, to_record
from lrbook.runs.replay import recorded
from lrbook.schedules import Constant, Cosine
from lrbook.training import loop, model
from lrbook.training.data import load_fashion_mnist
from lrbook.training.loop import train
from tests.trainings import UPDATES, curves, trainer_of


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)
    monkeypatch.setattr(loop, "archive", None)
    monkeypatch.setattr(replay, "replayed_seconds", 0.0)
    replay.start(tmp_path / "runs.jsonl")
    return tmp_path / "runs.jsonl"


def test_a_recorded_run_is_not_trained_again(net, data, path):
    schedule = Cosine(0.1, 0.01, 2).per_update(UPDATES)
    first = train(net, trainer_of(net, schedule), data, 2, name="cosine 0.1")
    again = train(net, trainer_of(net, schedule), data, 2, name="again")
    assert curves(again) == curves(first) and again.lr.tolist() == first.lr.tolist()
    assert again.seconds == first.seconds and again.name == "again"
    assert replay.replayed_seconds >= first.seconds > 0
    assert len(store.read(path)) == 1
    # The weights of a run that didn't happen can't be mistaken for a result.
    assert np.isnan(net(mx.np.ones((1, 1, 28, 28))).asnumpy()).all()


def test_a_run_is_found_with_the_other_pooling(data, path, monkeypatch, tmp_path):
    for flags in ("avx2", "avx512f"):
        (tmp_path / flags).write_text(flags)
        monkeypatch.setattr(model, "_CPUINFO", tmp_path / flags)
        net = model.lenet(mx.cpu())
        train(net, trainer_of(net), data, 1)
    assert len(store.read(path)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"num_epochs": 1},
        {"batch_size": 128},
        {"lr": 0.2},
        {"schedule": Cosine(0.1, 0.01, 3)},
        {"stop_if_dead": False},
        {"last_batch": "keep"},
        {"last_tests": 1},
    ],
)
def test_another_run_is_not_taken_for_a_recorded_one(net, data, path, change):
    train(net, trainer_of(net, Cosine(0.1, 0.01, 2).per_update(UPDATES)), data, 2)
    lr, schedule = change.pop("lr", None), change.pop("schedule", Cosine(0.1, 0.01, 2))
    other = trainer_of(net, lr or schedule.per_update(UPDATES))
    train(net, other, data, **{"num_epochs": 2, **change})
    assert len(store.read(path)) == 2


def test_what_a_callback_can_change_is_not_recorded(net, data, path):
    train(net, trainer_of(net), data, 1, on_epoch=lambda run: None)
    assert not path.exists()


def test_a_smoke_run_is_not_recorded(net, path, monkeypatch):
    monkeypatch.setenv("LRBOOK_SMOKE", "1")
    train(net, trainer_of(net), load_fashion_mnist("full"), 30)
    assert not path.exists()


def test_a_history_survives_being_recorded(net, data):
    run = train(net, trainer_of(net, Constant(0.1).per_update(UPDATES)), data, 1)
    said = to_record(run)
    again = from_record(said)
    assert dataclasses.asdict(again).keys() == dataclasses.asdict(run).keys()
    assert str(again) == str(run)
    assert again.batch_sizes.tolist() == run.batch_sizes.tolist() == [256] * UPDATES
    assert said["lr_start"] == said["lr_end"] == [0.1]
    assert said["versions"]["mxnet"] == mx.__version__ and said["code"] == record.CODE


def test_a_loss_that_is_no_number_survives_being_recorded(net, data):
    run = train(net, trainer_of(net), data, 1)
    run.train_loss[0] = float("nan")
    assert np.isnan(from_record(to_record(run)).train_loss[0])


def test_the_books_runs_can_be_had_by_name():
    run = recorded("constant 0.3")
    assert set(run.lr.tolist()) == {0.3} and len(run.lr) == 30 * 234 and run.data == "full"
    with pytest.raises(ValueError, match=r"no run is named 'cosine 9', but .*constant 0\.3"):
        recorded("cosine 9")
