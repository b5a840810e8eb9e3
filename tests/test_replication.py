"""The chapter's builds share their first weights: what benchmarks/replication.py rests on."""

import json
import subprocess
import sys

import mxnet as mx
import numpy as np
import pandas as pd
import pytest
from mxnet import init

from benchmarks import replication
from lrbook.runs import store
from lrbook.training.model import lenet
from tests.book import ROOT

REPORT = json.loads((ROOT / "benchmarks/replication.json").read_text("utf-8"))
FIRST = REPORT["square root 0.1, mean loss of the first 50, 100, 150, 200 updates"]
UNSEEDED = """
import lrbook
import mxnet as mx
from mxnet import init
from lrbook.training.model import lenet
net = lenet(mx.cpu())
net.initialize(init.Xavier(), force_reinit=True)
print([float(abs(p.data()).sum()) for p in net.collect_params().values()])
"""


def test_a_process_that_sets_no_seed_draws_the_weights_of_seed_0():
    done = subprocess.run(
        [sys.executable, "-c", UNSEEDED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    mx.random.seed(0)
    net = lenet(mx.cpu())  # the first draw; `UNSEEDED` prints the second
    first = [float(abs(p.data()).sum()) for p in net.collect_params().values()]
    net.initialize(init.Xavier(), force_reinit=True)
    second = [float(abs(p.data()).sum()) for p in net.collect_params().values()]
    assert json.loads(done.stdout) == second
    assert first != second, "each initialization draws anew"


@pytest.mark.parametrize("weights", [name for name in FIRST if name != "printed builds"])
def test_only_the_chapter_s_weights_give_the_losses_that_its_builds_printed(weights):
    mean, sd, _ = np.transpose(FIRST["printed builds"])
    off = np.abs(np.subtract(FIRST[weights], mean) / sd).max()
    assert off < 3 if "chapter" in weights else off > 10


def test_curves_end_at_the_printed_results():
    results = pd.read_csv(store.RUNS / "d2l_printed_results.csv")
    curves = pd.read_csv(store.RUNS / "d2l_printed_curves.csv")
    both = results[results.framework == "mxnet"].merge(curves, on=["build", "policy"])
    assert len(both) == len(curves) == 360
    assert np.abs(both.test_acc - both.test_acc_30).max() < 6e-4


def test_the_runs_as_coded_stand_beside_the_builds():
    beside = replication.others(replication.printed("cosine", 0.5))
    ours = beside["study, weights of seeds 0 to 4"]["test accuracy, epoch 30"]
    theirs = beside["printed builds"]["test accuracy, epoch 30"]
    assert ours[2] == 5 and theirs[2] > 30
    assert ours[0] < theirs[0]
