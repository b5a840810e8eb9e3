"""An experiment as a value: a schedule, a seed, data, epochs, batch size; and its run."""

import functools
import hashlib
import json
from dataclasses import MISSING, asdict, dataclass, field, fields

from lrbook.mxnet_today import compat

compat.need_mxnet()

from mxnet import gluon, npx

from lrbook import schedules
from lrbook.runs import as_coded, record
from lrbook.runs.as_coded import AsCoded
from lrbook.schedules import policies
from lrbook.training import average, held_out, random_labels
from lrbook.training import data as fashion_mnist
from lrbook.training.loop import SEEDS, train
from lrbook.training.model import lenet

POLICIES = {**policies.POLICIES, "as_coded": AsCoded}

_LEAST = {"num_epochs": 1, "batch_size": 1, "last_tests": 0, "average_since": 0}

DATA = (*fashion_mnist.SHA256, held_out.NAME)


@functools.cache  # every run of a process reads the data once
def _dataset(name):
    return held_out.load() if name == held_out.NAME else fashion_mnist.load_fashion_mnist(name)


@dataclass(frozen=True)
class Experiment:
    """One training of the LeNet from scratch, said beforehand.

    Parameters
    ----------
    schedule : lrbook.schedules.Schedule or lrbook.runs.as_coded.AsCoded
        One of `POLICIES`, or a `Warmup` of a schedule.
    seed : int
        In [0, 2**32); draws the initial weights and the order of the images.
    data : {'full', 'subset', 'held_out'}
        The last trains on the subset and is tested on images that `lrbook.training.held_out`
        chooses, to tune a rate with.
    num_epochs, batch_size : int
        1 or more.
    last_batch : {'discard', 'keep'}
        What becomes of the images that fill no minibatch. The chapter's code keeps them.
    last_tests : int
        After how many of each epoch's last updates the test accuracy is measured.
    average_since : int
        The first epoch (1 is the first) whose weights enter the average of the weights, at most
        `num_epochs`; 0 for no average.
    random_labels : float
        For which share of the training images the label is random, in [0, 1]; the seed draws
        them, too.

    Raises
    ------
    TypeError, ValueError
        If a value is none of these; the message says what is allowed.
    """

    schedule: schedules.Schedule | AsCoded
    seed: int = 0
    data: str = "full"
    num_epochs: int = 30
    batch_size: int = 256
    last_batch: str = "discard"
    # Said only of an experiment that has it, so that those without it keep their key.
    last_tests: int = field(default=0, metadata={"said": bool})
    average_since: int = field(default=0, metadata={"said": bool})
    random_labels: float = field(default=0.0, metadata={"said": bool})

    def __post_init__(self):
        if type(self._policy) not in POLICIES.values():
            allowed = ", ".join(cls.__name__ for cls in POLICIES.values())
            raise TypeError(
                f"Experiment: schedule must be one of {allowed}, or a Warmup of one, "
                f"not {self.schedule!r}"
            )
        if self._policy is not self.schedule and policies.rises(type(self._policy)):
            raise TypeError(
                f"Experiment: {type(self._policy).__name__} rises by itself, without a Warmup"
            )
        if type(self.seed) is not int or not 0 <= self.seed < SEEDS:
            raise ValueError(f"seed must be an int in [0, 2**32), not {self.seed!r}")
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise ValueError(f"{name} must be an int in [{least}, ∞), not {value!r}")
        if self.average_since > self.num_epochs:
            raise ValueError(
                f"average_since must be at most num_epochs, {self.num_epochs}, "
                f"not {self.average_since!r}"
            )
        share = self.random_labels
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise ValueError(f"random_labels must be a number in [0, 1], not {share!r}")
        object.__setattr__(self, "random_labels", float(share))  # 1 has the key of 1.0
        if not isinstance(self.data, str) or self.data not in DATA:
            allowed = ", ".join(map(repr, DATA))
            raise ValueError(f"data must be one of {allowed}, not {self.data!r}")
        allowed = ("keep",) if isinstance(self.schedule, AsCoded) else ("discard", "keep")
        if self.last_batch not in allowed:
            words = " or ".join(map(repr, allowed))
            raise ValueError(f"last_batch must be {words} here, not {self.last_batch!r}")

    @property
    def _policy(self):
        warmed = isinstance(self.schedule, schedules.Warmup)
        return self.schedule.schedule if warmed else self.schedule

    def to_dict(self):
        """Return the experiment as a flat dict of what JSON can hold, the warmup nested."""
        policy = next(name for name, cls in POLICIES.items() if type(self._policy) is cls)
        settings = {"policy": policy, **asdict(self._policy)}
        if self._policy is not self.schedule:
            settings["warmup"] = asdict(self.schedule)
            del settings["warmup"]["schedule"]
        own = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "schedule"}
        for f in fields(self):
            if not f.metadata.get("said", lambda _: True)(own.get(f.name)):
                del own[f.name]
        return json.loads(json.dumps(settings | own))

    @classmethod
    def from_dict(cls, settings):
        """Return the experiment that `settings` describe, as :meth:`to_dict` does.

        Raises
        ------
        TypeError, ValueError
            If a name is unknown or missing, or a value out of range.
        """
        settings = dict(settings)
        policy = settings.pop("policy", None)
        if not isinstance(policy, str) or policy not in POLICIES:
            raise ValueError(f"policy must be one of {', '.join(POLICIES)}, not {policy!r}")
        own = [f.name for f in fields(cls) if f.name != "schedule"]
        own = {name: settings.pop(name) for name in own if name in settings}
        warmup = None
        if not policies.rises(POLICIES[policy]):  # else it is a parameter, or none
            warmup = settings.pop("warmup", None)
        scheduler = settings.get("scheduler", "")
        # Said here, since the code of AsCoded is part of its runs' keys.
        if policy == "as_coded" and not isinstance(scheduler, str):
            allowed = ", ".join(map(repr, as_coded.SCHEDULERS))
            raise TypeError(f"AsCoded: scheduler must be one of {allowed}, not {scheduler!r}")
        schedule = _build(POLICIES[policy], settings)
        if warmup is not None:
            if not isinstance(warmup, dict):
                raise TypeError(f"warmup must be a table such as {{duration = 5}}, not {warmup!r}")
            schedule = _build(schedules.Warmup, warmup, schedule=schedule)
        return cls(schedule, **own)

    @property
    def key(self):
        """What tells this experiment from every other: 64 hexadecimal digits.

        The same in every process and Python version. The code that trains is part of it: runs
        of other code are runs of another experiment.
        """
        code = [record.CODE]
        if isinstance(self.schedule, AsCoded):
            code.append(as_coded.CODE)
        if self.average_since:
            code.append(average.CODE)
        if self.random_labels:
            code.append(random_labels.CODE)
        identity = json.dumps({**self.to_dict(), "code": code}, sort_keys=True)
        return hashlib.sha256(identity.encode()).hexdigest()

    @property
    def name(self):
        """What the run is called in figures: policy, base learning rate, seed if not 0."""
        settings = self.to_dict()
        if isinstance(self.schedule, AsCoded):
            name = f"{self.schedule.scheduler}, as coded"
        else:
            words = settings["policy"].replace("multi_", "multi-").replace("_", " ")
            name = f"{words} {settings.get('max_lr', settings.get('base_lr')):g}"
        name = name if self._policy is self.schedule else f"warmup {name}"
        return f"{name}, seed {self.seed}" if self.seed else name

    def run(self, on_epoch=None):
        """Train, on the first GPU if there is one, else on the CPU.

        Parameters
        ----------
        on_epoch : callable, optional
            Called with the `History` after each epoch.

        Returns
        -------
        lrbook.training.history.History
            With `average_since`, a `lrbook.training.average.AveragedHistory`.
        """
        npx.set_np()  # MXNet keeps it for each thread, and a worker trains in a thread of its own
        data = _dataset(self.data)
        if self.random_labels:
            data = random_labels.with_random_labels(data, self.random_labels, self.seed)
        net = lenet()
        mean = None
        if self.average_since:
            mean = average.WeightAverage(net, lenet(), data, self.average_since)

        def after_epoch(history):
            for listener in filter(None, (mean, on_epoch)):
                listener(history)

        images = data.train_images, data.train_labels
        minibatches = fashion_mnist.Minibatches(*images, self.batch_size, None, self.last_batch)
        scheduler = self.schedule.per_update(len(minibatches))
        trainer = gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": scheduler})
        run = train(
            net,
            trainer,
            data,
            self.num_epochs,
            self.batch_size,
            self.seed,
            self.name,
            after_epoch if mean or on_epoch else None,
            last_batch=self.last_batch,
            last_tests=self.last_tests,
        )
        return mean.of(run) if mean else run

    def record(self, run):
        """Return the `run` of this experiment as a store holds it.

        The rate of every update is left out when it was the schedule's, which is all but certain
        and checked; `lr_start` and `lr_end` of each epoch stay.
        """
        said = {"key": self.key, "experiment": self.to_dict(), **record.to_record(run)}
        scheduler = self.schedule.per_update(run.updates_per_epoch)
        if run.lr.tolist() == [scheduler(u + 1) for u in range(len(run.lr))]:
            del said["lr"]
        return said


def _build(cls, settings, **given):
    """Return a schedule of that class; name what is unknown or missing."""
    wanted = {f.name: f for f in fields(cls) if f.name not in given}
    for name in settings:
        if name not in wanted:
            raise ValueError(f"{cls.__name__} has no parameter {name!r}, but {', '.join(wanted)}")
    for name, parameter in wanted.items():
        if name not in settings and parameter.default is MISSING:
            raise ValueError(f"{cls.__name__} needs the parameter {name!r}")
    return cls(**given, **settings)
