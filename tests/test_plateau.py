"""The rule that listens to a run decides as PyTorch's does, and says what it can't be given."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest

from lrbook.frameworks import plateau
from lrbook.training.loop import train
from lrbook.training.plateau import ReduceOnPlateau
from tests.book import ROOT
from tests.trainings import UPDATES, trainer_of


class Trainer:
    """What the rule asks of a trainer."""

    def __init__(self, learning_rate=plateau.BASE_LR):
        self.learning_rate = learning_rate

    def set_learning_rate(self, lr):
        self.learning_rate = lr


def follow(values, measure="train_loss", **setting):
    """Return a rule that was told these values epoch by epoch, and the rate after each."""
    trainer = Trainer()
    rule = ReduceOnPlateau(trainer, measure, **setting)
    told = []
    history = SimpleNamespace(**{measure: told})
    rates = []
    for value in values:
        told.append(value)
        rule(history)
        rates.append(trainer.learning_rate)
    return rule, rates


def recorded():
    return json.loads(plateau.PATH.read_text("utf-8"))


def test_it_decides_as_pytorch_did():
    runs = recorded()["runs"]
    assert len(runs) == plateau.RUNS == 300
    for (setting, values), theirs in zip(plateau.drawn(), runs, strict=True):
        measure = {"min": "train_loss", "max": "test_acc"}[setting.pop("mode")]
        rule, rates = follow(values, measure, **setting)
        assert rule.reduced == theirs["fell"], setting
        assert rates[-1] == pytest.approx(theirs["last"], rel=1e-12), setting


def test_the_recorded_runs_try_what_can_happen():
    fell = [len(run["fell"]) for run in recorded()["runs"]]
    assert min(fell) == 0
    assert max(fell) > 5
    settings = [setting for setting, _ in plateau.drawn()]
    for name in settings[0]:
        assert len({setting[name] for setting in settings}) > 1, name
    assert any(not np.isfinite(values).all() for _, values in plateau.drawn())


def test_pytorch_is_that_of_the_lock():
    lock = (ROOT / "requirements-torch.txt").read_text("utf-8")
    version = recorded()["versions"]["torch"].split("+")[0]
    assert re.search(rf"^torch=={re.escape(version)}\b", lock, re.MULTILINE)


def test_patience_is_how_many_bad_epochs_pass():
    _, rates = follow([1.0, 1, 1, 1, 1], patience=2, factor=0.5)
    np.testing.assert_allclose(rates, [0.3, 0.3, 0.3, 0.15, 0.15])


def test_in_the_cooldown_no_epoch_is_bad():
    rule, _ = follow([1.0] * 10, patience=1, cooldown=3, factor=0.5)
    assert rule.reduced == [3, 8]


def test_the_rate_stops_at_its_floor():
    rule, rates = follow([1.0] * 10, patience=0, factor=0.1, min_lr=0.01)
    assert rates[-1] == 0.01
    assert rule.reduced == [2, 3]


def test_what_is_no_number_is_never_better():
    rule, _ = follow([1.0, float("nan"), float("nan")], patience=1)
    assert rule.reduced == [3]
    assert rule.best == 1


def test_an_accuracy_is_better_when_it_is_higher():
    assert follow([0.1, 0.2, 0.3, 0.4], "test_acc", patience=0)[0].reduced == []
    assert follow([0.4, 0.3], "train_acc", patience=0)[0].reduced == [2]


def test_it_steers_a_training(net, data):
    trainer = trainer_of(net)
    # No loss is lower by that much within so few updates.
    rule = ReduceOnPlateau(trainer, patience=0, threshold=0.99, factor=0.5)
    history = train(net, trainer, data, 3, on_epoch=rule)
    expected = [0.1] * 2 * UPDATES + [0.05] * UPDATES
    assert history.lr.tolist() == pytest.approx(expected)
    assert rule.reduced == [2, 3]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"measure": "loss"}, "measure must be one of train_loss, train_acc, test_acc, not 'loss'"),
        ({"threshold_mode": "sum"}, "threshold_mode must be 'rel' or 'abs', not 'sum'"),
        ({"factor": 1}, r"factor must be a number in (0, 1), not 1"),
        ({"factor": "0.5"}, r"factor must be a number in (0, 1), not '0.5'"),
        ({"patience": 2.0}, r"patience must be an int in [0, ∞), not 2.0"),
        ({"patience": -1}, r"patience must be an int in [0, ∞), not -1"),
        ({"cooldown": True}, r"cooldown must be an int in [0, ∞), not True"),
        ({"threshold": 1.0}, r"threshold must be a number in [0, 1), not 1.0"),
        ({"threshold": float("nan")}, r"threshold must be a number in [0, 1), not nan"),
        ({"threshold": -1, "threshold_mode": "abs"}, r"threshold must be a number in [0, ∞)"),
        ({"min_lr": -0.1}, r"min_lr must be in [0, ∞), not -0.1"),
    ],
)
def test_bad_settings_are_named(setting, message):
    with pytest.raises(ValueError, match=re.escape(f"ReduceOnPlateau: {message}")):
        ReduceOnPlateau(Trainer(), **setting)
