"""The small transformer: its attention and its norms against NumPy, and that it learns."""

import dataclasses

import mxnet as mx
import numpy as np
import pytest
from mxnet import gluon

from lrbook.training.data import load_fashion_mnist
from lrbook.training.loop import train
from lrbook.training.transformer import transformer

IMAGES = load_fashion_mnist("subset").train_images[:5]


def dense(layer, x):
    return x @ layer.weight.data().asnumpy().T + layer.bias.data().asnumpy()


def normed(layer, x):
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    return scaled * layer.gamma.data().asnumpy() + layer.beta.data().asnumpy()


def attended(block, x):
    alike = dense(block.query, x) @ dense(block.key, x).swapaxes(1, 2) / np.sqrt(x.shape[-1])
    weights = np.exp(alike - alike.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    return dense(block.out, weights @ dense(block.value, x))


def passed(block, x):
    return dense(block.down, np.maximum(dense(block.up, x), 0))


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_it_is_what_numpy_makes_of_its_weights(norm):
    mx.random.seed(0)
    net = transformer(2, 8, norm, mx.cpu())
    x = dense(net.embed, IMAGES[:, 0]) + net.place.data().asnumpy()
    blocks = list(net.blocks)
    for block in blocks[:2]:
        if norm == "post":
            x = normed(block.first, x + attended(block, x))
            x = normed(block.second, x + passed(block, x))
        else:
            x = x + attended(block, normed(block.first, x))
            x = x + passed(block, normed(block.second, x))
    if norm == "pre":
        x = normed(blocks[2], x)
    expected = dense(net.classify, x.mean(1))
    assert np.allclose(net(mx.np.array(IMAGES)).asnumpy(), expected, atol=1e-4)


def test_it_learns_with_the_book_s_loop():
    subset = load_fashion_mnist("subset")
    few = {name: getattr(subset, name)[:512] for name in ("train_images", "train_labels")}
    few |= {name: getattr(subset, name)[:200] for name in ("test_images", "test_labels")}
    data = dataclasses.replace(subset, name="few", **few)
    net = transformer(1, 16, "pre", mx.cpu())
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.01})
    run = train(net, trainer, data, 3, 32)
    assert run.train_loss[-1] < 1.5 < run.train_loss[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"depth": 0}, r"depth must be an int in \[1, ∞\), not 0"),
        ({"width": 1.5}, r"width must be an int in \[1, ∞\), not 1.5"),
        ({"norm": "none"}, "norm must be 'post' or 'pre', not 'none'"),
    ],
)
def test_what_it_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        transformer(**arguments)
