"""Held-out images: which they are, and that no run that chooses a rate sees a test image."""

import hashlib

import numpy as np
import pytest

from lrbook.runs import plan, store
from lrbook.runs.experiments import Experiment
from lrbook.schedules import Constant
from lrbook.training import held_out
from lrbook.training.data import load_fashion_mnist

# Of the pixels and the labels, as bytes: the choice is fixed for as long as runs rest on it.
CHOSEN = "cb6449ec5ca10e5447336f601908bedb98b9d3469872d6e3acdc5a7598a1dc05"


@pytest.fixture(autouse=True)
def _no_smoke(monkeypatch):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)


@pytest.fixture(scope="module")
def data():
    return held_out.load()


def pixels(images):
    return {image.tobytes() for image in images}


def test_no_image_is_in_two_places(data):
    full = load_fashion_mnist("full")
    measured = pixels(data.test_images)
    assert len(measured) == 10_000
    assert not measured & pixels(data.train_images)
    assert not measured & pixels(full.test_images)
    assert measured <= pixels(full.train_images)


def test_it_trains_on_the_subset_and_holds_out_every_class_alike(data):
    subset = load_fashion_mnist("subset")
    assert data.name == held_out.NAME
    np.testing.assert_array_equal(data.train_images, subset.train_images)
    np.testing.assert_array_equal(data.train_labels, subset.train_labels)
    assert np.bincount(data.test_labels).tolist() == [1_000] * 10


def test_the_choice_is_fixed(data):
    content = np.rint(data.test_images * 255).astype(np.uint8).tobytes()
    assert hashlib.sha256(content).hexdigest() == CHOSEN


def test_the_first_of_each_class_that_nobody_trains_on():
    labels = np.repeat(np.arange(10), 4)  # four images a class
    images = np.arange(40).reshape(40, 1)
    taken = np.array([[0], [2], [39]])
    rows = held_out.others(images, labels, taken, per_class=2).tolist()
    assert rows[:4] == [1, 3, 4, 5] and rows[-2:] == [36, 37]


def test_a_smoke_run_takes_a_few(monkeypatch):
    monkeypatch.setenv("LRBOOK_SMOKE", "1")
    assert held_out.load().name == "smoke"


def test_its_run_is_measured_on_them(data):
    run = Experiment(Constant(0.1), data="held_out", num_epochs=1).run()
    subset = Experiment(Constant(0.1), data="subset", num_epochs=1).run()
    assert run.data == "held_out" and run.train_loss == subset.train_loss
    # A share of 10,000 images, where the subset's own test has 2,000.
    assert run.test_acc != subset.test_acc


def test_the_grid_has_the_study_s_rate_and_the_study_s_schedules():
    grid = {}
    for experiment in plan.read(store.RUNS / "rates.toml"):
        settings = experiment.to_dict()
        assert settings.pop("data") == "held_out"
        rate = settings.pop("base_lr")
        seed = settings.pop("seed")
        grid.setdefault(tuple(sorted(map(str, settings.items()))), set()).add((rate, seed))
    study = [e.to_dict() for e in plan.read(store.RUNS / "study.toml")]
    compared = {
        tuple(sorted(str(item) for item in e.items() if item[0] not in ("data", "base_lr", "seed")))
        for e in study
    }
    assert set(grid) <= compared
    (points,) = {frozenset(points) for points in grid.values()}  # the same of every schedule
    rates = {rate for rate, _ in points}
    assert 0.3 in rates and min(rates) < 0.3 < max(rates) and len(points) == 3 * len(rates)
