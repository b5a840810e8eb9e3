"""The LeNet: the chapter's, and the same whichever way its first pooling is computed."""

import mxnet as mx
import numpy as np
import pytest
from mxnet import autograd, gluon
from mxnet.gluon import nn

from lrbook.training import model
from lrbook.training.data import load_fashion_mnist
from lrbook.training.loop import train


def test_it_has_the_chapter_s_layers_and_parameters():
    net = model.lenet(mx.cpu())
    assert sum(p.data().size for p in net.collect_params().values()) == 61_706
    assert net(mx.np.zeros((3, 1, 28, 28))).shape == (3, 10)


@pytest.mark.parametrize("hybridize", [False, True])
def test_planewise_pooling_is_max_pooling_to_the_last_bit(hybridize):
    mx.npx.set_np()
    images = np.random.default_rng(0).normal(size=(5, 6, 28, 28)).astype("float32")
    images[images < 0] = 0  # as after a ReLU: many windows hold equal values
    slopes = mx.np.array(np.random.default_rng(1).normal(size=(5, 6, 14, 14)), dtype="float32")
    results = []
    for pooling in (nn.MaxPool2D(2, 2), model._PlanewiseMaxPool2D(6)):
        pooling.hybridize(hybridize)
        X = mx.np.array(images)
        X.attach_grad()
        with autograd.record():
            y = pooling(X)
        y.backward(slopes)
        results.append((y.asnumpy(), X.grad.asnumpy()))
    (y, gradient), (planewise_y, planewise_gradient) = results
    assert np.array_equal(y, planewise_y)
    assert np.array_equal(gradient, planewise_gradient)


@pytest.mark.parametrize(
    ("flags", "device", "planewise"),
    [
        ("sse2 avx2 fma", mx.cpu(), True),
        ("sse2 avx2 avx512f", mx.cpu(), False),
        ("asimd", mx.cpu(), False),
        ("sse2 avx2 fma", mx.gpu(), False),
    ],
)
def test_the_pooling_that_the_processor_is_fast_at(monkeypatch, tmp_path, flags, device, planewise):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"flags\t: {flags}\n")
    monkeypatch.setattr(model, "_CPUINFO", cpuinfo)
    assert isinstance(model._first_pooling(device), model._PlanewiseMaxPool2D) is planewise


def test_a_run_is_the_same_with_either_pooling(monkeypatch, tmp_path):
    monkeypatch.delenv("LRBOOK_SMOKE", raising=False)
    monkeypatch.delenv("LRBOOK_RUNS", raising=False)
    runs = []
    for flags in ("avx2", "avx512f"):
        (tmp_path / flags).write_text(flags)
        monkeypatch.setattr(model, "_CPUINFO", tmp_path / flags)
        net = model.lenet(mx.cpu())
        trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
        runs.append(train(net, trainer, load_fashion_mnist("subset"), num_epochs=1))
    assert runs[0].train_loss == runs[1].train_loss
    assert runs[0].test_acc == runs[1].test_acc
