"""A rate that listens to the run instead of the clock: it falls where a measure stops improving."""

import math

# Whether a measure is better when it is higher, 1, or lower, -1.
MEASURES = {"train_loss": -1, "train_acc": 1, "test_acc": 1}
SMALLEST_STEP = 1e-8


class ReduceOnPlateau:
    r"""Multiply a trainer's rate by a factor when a measure has stopped improving.

    It is no function of time, so no `lrbook.schedules.Schedule`: give it to
    :func:`lrbook.training.loop.train` as `on_epoch`, with a trainer that has no scheduler.

    After each epoch the measure is compared with the best so far. It is better if it is lower, or
    for an accuracy higher, by more than `threshold`. An epoch without a new best counts as bad;
    after more than `patience` bad ones in a row, the rate is multiplied by `factor`, and for the
    `cooldown` epochs that follow none counts as bad. A measure that is no number is never better.

    Parameters
    ----------
    trainer : mxnet.gluon.Trainer
        The one that trains.
    measure : {'train_loss', 'train_acc', 'test_acc'}
        Which list of the `History` is listened to. `test_acc` is that of the dataset's test
        images: of held-out ones with `lrbook.training.held_out`. A rule that listens to the images
        on which the run is judged in the end is fitted to them.
    factor : float
        In (0, 1).
    patience, cooldown : int
        Epochs, 0 or more.
    threshold : float
        In [0, 1) with ``threshold_mode='rel'``, else in [0, ∞).
    threshold_mode : {'rel', 'abs'}
        Whether it is a share of the best so far, or a difference.
    min_lr : float
        The rate never falls below it; 0 or more.

    Attributes
    ----------
    best : float
        The best measure so far; infinite before the first.
    reduced : list of int
        The epochs (1 is the first) after which the rate fell.

    Raises
    ------
    ValueError
        If a parameter is out of its range.

    References
    ----------
    The decisions are those of PyTorch's ``ReduceLROnPlateau``, held to 300 of its runs; as there,
    a rate that would fall by 1e-8 or less stays.
    """

    def __init__(
        self,
        trainer,
        measure="train_loss",
        factor=0.1,
        patience=10,
        threshold=1e-4,
        threshold_mode="rel",
        cooldown=0,
        min_lr=0.0,
    ):
        _check("measure", measure, measure in MEASURES, f"one of {', '.join(MEASURES)}")
        modes = ("rel", "abs")
        _check("threshold_mode", threshold_mode, threshold_mode in modes, "'rel' or 'abs'")
        _check("factor", factor, _is_real(factor) and 0 < factor < 1, "a number in (0, 1)")
        for name, count in (("patience", patience), ("cooldown", cooldown)):
            _check(name, count, type(count) is int and count >= 0, "an int in [0, ∞)")
        most = 1 if threshold_mode == "rel" else math.inf
        allowed = _is_real(threshold) and 0 <= threshold < most
        _check("threshold", threshold, allowed, f"a number in [0, {'∞' if most > 1 else 1})")
        _check("min_lr", min_lr, _is_real(min_lr) and 0 <= min_lr < math.inf, "in [0, ∞)")
        self.trainer, self.measure, self.factor = trainer, measure, factor
        self.patience, self.cooldown, self.min_lr = patience, cooldown, min_lr
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.best = -MEASURES[measure] * math.inf
        self.reduced = []
        self._bad = 0
        self._cooling = 0

    def __call__(self, history):
        """Look at the epoch that has ended, and set the trainer's rate."""
        value = getattr(history, self.measure)[-1]
        if self._is_better(value):
            self.best, self._bad = value, 0
        else:
            self._bad += 1
        if self._cooling:
            self._cooling -= 1
            self._bad = 0
        if self._bad > self.patience:
            self._cooling, self._bad = self.cooldown, 0
            rate = self.trainer.learning_rate
            lower = max(rate * self.factor, self.min_lr)
            if rate - lower > SMALLEST_STEP:
                self.trainer.set_learning_rate(lower)
                self.reduced.append(len(getattr(history, self.measure)))

    def _is_better(self, value):
        sign = MEASURES[self.measure]
        if self.threshold_mode == "rel":
            return sign * value > sign * self.best * (1 + sign * self.threshold)
        return sign * value > sign * self.best + self.threshold


def _is_real(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check(name, value, allowed, range_):
    if not allowed:
        raise ValueError(f"ReduceOnPlateau: {name} must be {range_}, not {value!r}")
