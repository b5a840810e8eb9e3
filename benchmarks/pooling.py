"""What `lrbook.training.model`'s plane-wise max pooling gains or costs, with and without AVX-512.

``python -m benchmarks.pooling`` trains the LeNet with MXNet's own pooling and with the
plane-wise one in turn, once with all that the processor has and once with oneDNN held to AVX2,
and writes ``benchmarks/pooling.json``. The ratio is what counts.
"""

import json
import os
import subprocess
import sys

from benchmarks.report import spread, write
from lrbook.making import machine

ROUNDS = 3


def worker():
    """Train an epoch with either pooling in turn; print the ratios of their seconds."""
    import lrbook  # noqa: F401  (makes mxnet importable)

    # isort: split
    from mxnet import cpu, gluon
    from mxnet.gluon import nn

    from lrbook.training import model
    from lrbook.training.data import load_fashion_mnist
    from lrbook.training.loop import train

    data = load_fashion_mnist("full")
    nets = []
    for pooling in (nn.MaxPool2D(2, 2), model._PlanewiseMaxPool2D(6)):
        model._first_pooling = lambda device, pooling=pooling: pooling
        nets.append(model.lenet(cpu()))
    ratios = []
    for round_ in range(ROUNDS + 1):
        seconds, losses = [], []
        for net in nets:
            trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
            run = train(net, trainer, data, num_epochs=1)
            seconds.append(run.seconds)
            losses.append(run.train_loss)
        assert losses[0] == losses[1], "the two must agree to the last bit"
        if round_:  # the first one warms up
            ratios.append(seconds[1] / seconds[0])
    print(json.dumps(ratios))


def main():
    """Run both kinds of vectors and write the report."""
    report = {"what": "seconds of an epoch, plane-wise pooling / MXNet's: min, median, max"}
    for name, isa in (("all vectors", {}), ("AVX2", {"DNNL_MAX_CPU_ISA": "AVX2"})):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.pooling", "worker"],
            env={**os.environ, "TQDM_DISABLE": "1", **isa},
            stdout=subprocess.PIPE,
            check=True,
        )
        ratios = json.loads(done.stdout)
        report[name] = spread(ratios)
    report["processor"] = machine.hardware()
    write(__file__, report)


if __name__ == "__main__":
    worker() if sys.argv[1:] == ["worker"] else main()
