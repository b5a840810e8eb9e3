"""Random labels: how many, for whom, by which seed; and never a test label."""

import dataclasses

import numpy as np
import pytest

from lrbook.runs.experiments import Experiment
from lrbook.schedules import Constant
from lrbook.training.data import load_fashion_mnist
from lrbook.training.loop import train
from lrbook.training.model import lenet
from lrbook.training.random_labels import with_random_labels
from tests.trainings import curves, trainer_of

SUBSET = load_fashion_mnist("subset")


def test_a_share_of_the_images_has_labels_that_are_any_of_ten():
    noisy = with_random_labels(SUBSET, 0.2, seed=0)
    other = noisy.train_labels != SUBSET.train_labels
    # Of 2,000 new labels a tenth is right by chance: 1,800 differ, give or take 13.
    assert 1740 < other.sum() < 1860
    counts = np.bincount(noisy.train_labels[other], minlength=10)
    assert counts.min() > 120 and counts.max() < 240
    # Of every class about as many.
    losing = np.bincount(SUBSET.train_labels[other], minlength=10)
    assert losing.min() > 120 and losing.max() < 240


def test_all_can_be_random_and_none():
    noisy = with_random_labels(SUBSET, 1, seed=0)
    assert 800 < (noisy.train_labels == SUBSET.train_labels).sum() < 1200
    plain = with_random_labels(SUBSET, 0, seed=0)
    assert plain.train_labels.tolist() == SUBSET.train_labels.tolist()


def test_the_seed_draws_them_and_the_rest_stays():
    before = SUBSET.train_labels.copy()
    first, again, other = (with_random_labels(SUBSET, 0.2, seed) for seed in (5, 5, 6))
    assert first.train_labels.tolist() == again.train_labels.tolist()
    assert first.train_labels.tolist() != other.train_labels.tolist()
    assert first.train_labels.dtype == before.dtype
    assert first.name == "subset" and first.train_images is SUBSET.train_images
    assert first.test_labels is SUBSET.test_labels and first.test_images is SUBSET.test_images
    assert SUBSET.train_labels.tolist() == before.tolist()


def test_the_images_with_random_labels_are_not_those_that_come_first():
    order = np.random.default_rng(0).permutation(10_000)
    noisy = with_random_labels(SUBSET, 0.2, seed=0)
    other = noisy.train_labels != SUBSET.train_labels
    share = other[order[:2000]].mean()
    assert share == pytest.approx(0.18, abs=0.04)


def test_an_experiment_trains_on_them(monkeypatch):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)
    experiment = Experiment(Constant(0.1), 4, "subset", 1, 1000, random_labels=0.5)
    run, net = experiment.run(), lenet()
    noisy = with_random_labels(SUBSET, 0.5, seed=4)
    plain = train(net, trainer_of(net), noisy, 1, 1000, seed=4, last_batch="discard")
    assert curves(run) == curves(plain)
    clean = dataclasses.replace(experiment, random_labels=0).run()
    assert run.train_loss[0] > clean.train_loss[0]
