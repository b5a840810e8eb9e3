"""Where an epoch's time goes: MXNet's own profile of the operators, beside the arithmetic.

``python -m benchmarks.operators`` profiles the second of two epochs of the LeNet on one thread and
writes ``benchmarks/operators.json``: seconds by operator, and what the epoch took in all.
"""

import json
import os
import tempfile
from collections import Counter
from pathlib import Path

# One operator after the other, each on its own line of the profile.
os.environ.update(OMP_NUM_THREADS="1", MXNET_EXEC_BULK_EXEC_TRAIN="0", TQDM_DISABLE="1")

import lrbook  # noqa: F401  (makes mxnet importable)

# isort: split
import mxnet as mx
from mxnet import gluon, profiler

from benchmarks.report import write
from lrbook.making import machine
from lrbook.training.data import load_fashion_mnist
from lrbook.training.loop import train
from lrbook.training.model import lenet

PARTS = {
    "convolution, backward": ["_backward_Convolution"],
    "convolution, forward": ["Convolution"],
    "max pooling, backward": ["_backward_Pooling"],
    "max pooling, forward": ["Pooling"],
    "ReLU, both ways": ["Activation", "_backward_Activation"],
    "dense, both ways": ["FullyConnected", "_backward_FullyConnected"],
    "the order of an epoch": ["gather_nd"],
    "updates": ["multi_sgd_update"],
}


def main():
    """Profile an epoch and write the report."""
    data, net = load_fashion_mnist("full"), lenet(mx.cpu())

    def epoch():
        trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
        return train(net, trainer, data, num_epochs=1)

    epoch()
    with tempfile.TemporaryDirectory() as folder:
        profiler.set_config(
            profile_imperative=True,
            profile_symbolic=True,
            aggregate_stats=True,
            filename=str(Path(folder) / "trace.json"),
        )
        profiler.set_state("run")
        run = epoch()
        mx.npx.waitall()
        profiler.set_state("stop")
        profile = json.loads(profiler.dumps(format="json"))
    seconds = Counter()
    for operator, row in profile["Time"]["operator"].items():
        part = next((name for name, names in PARTS.items() if operator in names), "the rest")
        seconds[part] += row["Total"] / 1000
    report = {
        "what": "seconds of one epoch by operator, one thread",
        "epoch": round(run.seconds, 2),
        "seconds": {name: round(value, 2) for name, value in seconds.most_common()},
        "outside operators": round(run.seconds - seconds.total(), 2),
        "processor": machine.hardware(),
    }
    write(__file__, report)


if __name__ == "__main__":
    main()
