"""The average of the weights: what it is, what it leaves alone, and what a run says of it."""

import dataclasses
import math

import mxnet as mx
import numpy as np
import pytest
from mxnet import gluon

from lrbook.runs import store
from lrbook.runs.check import check
from lrbook.runs.experiments import Experiment
from lrbook.schedules import Constant
from lrbook.training import loop
from lrbook.training.average import Average, AveragedHistory, WeightAverage
from lrbook.training.loop import train
from lrbook.training.model import lenet
from tests.trainings import curves, trainer_of


@pytest.fixture(autouse=True)
def _no_records(monkeypatch):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)


def weights(net):
    return [p.data().asnumpy().astype(float) for p in net.collect_params().values()]


def test_it_is_the_mean_of_the_weights_after_each_epoch_from_the_stated_one_on(net, data):
    other, seen = lenet(), []
    average = WeightAverage(net, other, data, since=2)

    def after_epoch(history):
        average(history)
        seen.append(weights(net))

    run = train(net, trainer_of(net), data, 4, on_epoch=after_epoch)
    for found, *epochs in zip(weights(other), *seen[1:], strict=True):
        np.testing.assert_allclose(found, np.mean(epochs, axis=0), rtol=1e-6, atol=1e-9)
    # The accuracy is that of this network, and the losses are those of both.
    said = average.of(run).average
    test = mx.np.array(data.test_images), mx.np.array(data.test_labels)
    assert said.since == 2 and len(said.test_acc) == 3
    assert said.test_acc[-1] == loop._evaluate(other, *test)[0]
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    X, y = mx.np.array(data.train_images), mx.np.array(data.train_labels)
    for value, network in ((said.train_loss, other), (said.last_train_loss, net)):
        assert value == pytest.approx(float(loss(network(X), y).mean()), rel=1e-5)
    assert said.train_loss != said.last_train_loss


def test_the_average_of_one_epoch_is_the_run_itself(net, data):
    average = WeightAverage(net, lenet(), data, since=2)
    run = average.of(train(net, trainer_of(net), data, 2, on_epoch=average))
    assert run.average.test_acc == run.test_acc[-1:]
    assert run.average.train_loss == run.average.last_train_loss


def test_a_run_is_the_same_with_an_average_and_without():
    plain = Experiment(Constant(0.1), 3, "subset", 2, 1000)
    averaged = dataclasses.replace(plain, average_since=1)
    run, other = plain.run(), averaged.run()
    assert curves(other) == curves(run) and other.lr.tolist() == run.lr.tolist()
    assert isinstance(other, AveragedHistory) and not isinstance(run, AveragedHistory)


def test_a_listener_hears_of_every_epoch_of_an_averaged_run():
    heard = []
    experiment = Experiment(Constant(0.1), 0, "subset", 2, 2000, average_since=2)
    experiment.run(lambda history: heard.append(len(history.train_loss)))
    assert heard == [1, 2]


def test_its_record_is_stored_with_the_average_in_a_field_of_its_own(tmp_path):
    experiment = Experiment(Constant(0.1), 0, "subset", 3, 2000, average_since=2)
    record = experiment.record(experiment.run())
    check(record, experiment)
    store.append(tmp_path / "runs.jsonl", record)
    (stored,) = store.read(tmp_path / "runs.jsonl")
    average = Average(**stored["average"])
    assert average.since == 2 and len(average.test_acc) == 2
    assert 0 < average.train_loss < math.log(10) and average.last_train_loss > 0


def test_a_dead_run_has_no_losses(net, data):
    average = WeightAverage(net, lenet(), data, since=1)
    run = train(net, trainer_of(net, 100.0), data, 3, on_epoch=average)
    assert run.died == 1
    assert average.of(run).average == Average(1, [])


def test_a_loss_that_is_no_number_is_said_as_none(net, data):
    average = WeightAverage(net, lenet(), data, since=1)

    def after_epoch(history):
        list(net.collect_params().values())[-1].data()[:] = math.nan  # the logits' biases
        average(history)

    run = average.of(train(net, trainer_of(net), data, 1, on_epoch=after_epoch))
    assert run.died is None
    assert run.average.train_loss is None and run.average.last_train_loss is None
