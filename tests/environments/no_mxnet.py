"""Without MXNet all that needs no training works, and training says what is missing."""

import importlib
import sys
from importlib.util import find_spec

from lrbook import figures, live
from lrbook.runs import store
from lrbook.schedules import Cosine, Warmup
from lrbook.training import data

assert find_spec("mxnet") is None
schedule = Warmup(Cosine(0.3, 0.01, 25), 5)
assert data.load_fashion_mnist("subset").train_images.shape == (10_000, 1, 28, 28)
assert "image/png" in live.panel(schedule)._repr_mimebundle_()
figures.plot_schedules({"warmup": schedule}, 30)
assert store.read(store.RUNS / "notebooks.jsonl")
for name in ("training.model", "training.loop", "runs.experiments"):
    try:
        importlib.import_module(f"lrbook.{name}")
    except ImportError as error:
        print(error)
    else:
        sys.exit(f"lrbook.{name} was imported")
