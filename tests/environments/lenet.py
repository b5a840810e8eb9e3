"""Train the LeNet for three epochs on the embedded subset, and print its curves as JSON."""

import json
import platform
from importlib import metadata

from lrbook.training.data import load_fashion_mnist  # makes mxnet importable

# isort: split
from mxnet import gluon

from lrbook.runs.experiments import Experiment
from lrbook.schedules import Cosine
from lrbook.training.loop import train
from lrbook.training.model import lenet

EPOCHS, UPDATES_PER_EPOCH = 3, 40
PACKAGES = ("numpy", "pandas", "matplotlib", "scipy", "scikit-learn", "ipywidgets", "anywidget")

data = load_fashion_mnist("subset")
net = lenet()
scheduler = Cosine(0.3, 0.01, EPOCHS).per_update(UPDATES_PER_EPOCH)
trainer = gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": scheduler})
history = train(net, trainer, data, EPOCHS, seed=7)
report = {
    "key": Experiment(Cosine(0.3, 0.01, EPOCHS), seed=7, data="subset").key,
    "curves": {
        "train loss": history.train_loss,
        "train accuracy": history.train_acc,
        "test accuracy": history.test_acc,
        "rate": history.lr.tolist(),
    },
    "versions": {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
    },
}
print(json.dumps(report))
