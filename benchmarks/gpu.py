"""Whether a GPU trains as the CPU does, how fast, and in how much memory.

``python -m benchmarks.gpu`` trains the LeNet with one seed on both, on the embedded subset and on
the full data. When their losses agree it writes ``benchmarks/gpu.json``; without a GPU that MXNet
can use it says so and writes nothing.
"""

import platform
import sys

from benchmarks.report import write
from lrbook.making import machine
from lrbook.mxnet_today import cuda
from lrbook.training.data import load_fashion_mnist  # makes mxnet importable

# isort: split
import mxnet as mx
import numpy as np
from mxnet import gluon

from lrbook.schedules import Cosine
from lrbook.training.loop import train
from lrbook.training.model import lenet

EPOCHS = {"subset": 4, "full": 2}
# Sums in another order make other last digits, which grow with every update.
TOLERANCE = 0.02


def train_on(device, data):
    """Return the losses, one an epoch, and the images per second of the last epoch."""
    epochs, updates_per_epoch = EPOCHS[data.name], -(-len(data.train_labels) // 256)
    net = lenet(device)
    scheduler = Cosine(0.3, 0.01, epochs).per_update(updates_per_epoch)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": scheduler})
    seconds = []
    history = train(
        net,
        trainer,
        data,
        epochs,
        name=f"{data.name} on {device}",
        on_epoch=lambda history: seconds.append(history.seconds),
    )
    # Its evaluation on the test set is part of an epoch, as it is in the book.
    return history.train_loss, len(data.train_labels) / (seconds[-1] - seconds[-2])


def used_memory():
    """Return the GPU's memory in use, in MB; MXNet keeps the most that it has needed."""
    free, total = mx.context.gpu_memory_info(0)
    return round((total - free) / 1e6)


def main():
    """Train on both devices, compare, and write the report."""
    if not mx.context.num_gpus():
        sys.exit("benchmarks.gpu: there is no GPU that MXNet 1.9.1 can use; nothing is written")
    before, runs = used_memory(), {}
    for name in EPOCHS:
        data = load_fashion_mnist(name)
        losses, speed = train_on(mx.gpu(0), data)
        memory = used_memory()
        expected, cpu_speed = train_on(mx.cpu(0), data)
        difference = float(np.max(np.abs(np.array(losses) / expected - 1)))
        if not difference <= TOLERANCE:
            sys.exit(
                f"benchmarks.gpu: on {name} the losses differ by {difference:.2%}, more than "
                f"{TOLERANCE:.0%}: {losses} on the GPU, {expected} on the CPU; nothing is written"
            )
        runs[name] = {
            "train loss": {"gpu": losses, "cpu": expected},
            "largest relative difference": difference,
            "images per second": {"gpu": round(speed), "cpu": round(cpu_speed)},
            "memory in use, MB": {"before": before, "after": memory},
        }
    report = {
        "what": "the LeNet with one seed, on a GPU and on the CPU with one thread",
        "tolerance": TOLERANCE,
        "runs": runs,
        "cards": [f"{c.name} (compute capability {c.capability})" for c in cuda.cards()],
        "machine": {"processor": machine.hardware(), "python": platform.python_version()},
        "packages": [cuda.MXNET, *cuda.LIBRARIES],
    }
    write(__file__, report)


if __name__ == "__main__":
    main()
