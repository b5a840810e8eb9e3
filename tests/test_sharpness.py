"""Sharpness against matrices that are known, and dead units against units that were killed."""

import mxnet as mx
import numpy as np
import pytest
from mxnet import init
from mxnet.gluon import nn

from lrbook.training import sharpness
from lrbook.training.loop import train
from lrbook.training.sharpness import TrainingLoss, dead_units, largest_eigenvalue
from tests.trainings import curves, trainer_of


def symmetric(eigenvalues, seed=0):
    size = len(eigenvalues)
    turn, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))
    return turn @ np.diag(eigenvalues) @ turn.T


@pytest.mark.parametrize(
    "eigenvalues",
    [
        [7.0],
        [*np.linspace(0, 1, 200), 40.0],
        # The largest, not the one of largest magnitude.
        [-50.0, *np.linspace(-1, 1, 200), 12.0],
        # Two that are hard to tell apart.
        [*np.linspace(0, 10, 200), 10.1, 10.2],
    ],
)
def test_the_largest_eigenvalue_of_a_known_matrix(eigenvalues):
    matrix = symmetric(eigenvalues)
    found = largest_eigenvalue(matrix.__matmul__, len(matrix), tolerance=0.02)
    assert found == pytest.approx(max(eigenvalues), rel=0.02)


def test_a_tolerance_that_isn_t_reached_is_said():
    matrix = symmetric(np.linspace(0, 1, 50))
    with pytest.raises(ArithmeticError, match="3 products don't reach 1e-06"):
        largest_eigenvalue(matrix.__matmul__, 50, tolerance=1e-6, most=3)


def clouds(n=200, inputs=6, classes=4):
    rng = np.random.default_rng(1)
    labels = rng.integers(classes, size=n).astype("int32")
    images = rng.standard_normal((n, inputs)) + np.eye(classes, inputs)[labels]
    return images.astype("float32"), labels


def small(*layers):
    mx.npx.set_np()
    mx.random.seed(2)
    net = nn.HybridSequential()
    net.add(*layers)
    net.initialize(init.Xavier(), ctx=mx.cpu())
    net.hybridize()
    return net


def dense(loss, size, step=sharpness.STEP):
    return np.stack([loss.hessian_times(unit, step) for unit in np.eye(size)])


def test_softmax_regression_whose_hessian_has_a_formula():
    images, labels = clouds()
    net = small(nn.Dense(4, in_units=6, use_bias=False))
    loss = TrainingLoss(net, images, labels)
    logits = images.astype(float) @ net[0].weight.data().asnumpy().astype(float).T
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    blocks = np.einsum("ni,ij->nij", p, np.eye(4)) - np.einsum("ni,nj->nij", p, p)
    x = images.astype(float)
    hessian = np.einsum("nij,nk,nl->ikjl", blocks, x, x).reshape(24, 24) / len(x)
    assert np.allclose(dense(loss, 24), hessian, atol=1e-4)
    largest = np.linalg.eigvalsh(hessian)[-1]
    assert loss.sharpness(tolerance=1e-3) == pytest.approx(largest, rel=1e-3)


def test_a_network_with_relu_against_its_dense_hessian_in_float64():
    images, labels = clouds()
    net = small(nn.Dense(5, activation="relu", in_units=6), nn.Dense(4, in_units=5))
    weights = [p.data().asnumpy().astype(float) for p in net.collect_params().values()]
    sizes, shapes = [w.size for w in weights], [w.shape for w in weights]

    def slope(flat):  # by hand, in float64
        w1, b1, w2, b2 = (
            part.reshape(shape)
            for part, shape in zip(np.split(flat, np.cumsum(sizes)[:-1]), shapes, strict=True)
        )
        x = images.astype(float)
        inner = x @ w1.T + b1
        hidden = np.maximum(inner, 0)
        p = np.exp(hidden @ w2.T + b2)
        p /= p.sum(axis=1, keepdims=True)
        error = (p - np.eye(4)[labels]) / len(x)
        back = error @ w2 * (inner > 0)
        return np.concatenate(
            [(back.T @ x).ravel(), back.sum(0), (error.T @ hidden).ravel(), error.sum(0)]
        )

    flat = np.concatenate([w.ravel() for w in weights])
    loss = TrainingLoss(net, images, labels)
    assert np.allclose(loss.gradient()[1], slope(flat), atol=1e-6)
    # A step within which no unit turns on or off for any image.
    exact = np.stack([(slope(flat + s) - slope(flat - s)) / 2e-7 for s in 1e-7 * np.eye(len(flat))])
    largest = np.linalg.eigvalsh((exact + exact.T) / 2)[-1]
    assert np.allclose(dense(loss, len(flat)), exact, atol=1e-3)
    assert loss.sharpness(tolerance=1e-3) == pytest.approx(largest, rel=1e-3)


def test_convolution_and_pooling_against_second_differences_in_float64():
    rng = np.random.default_rng(4)
    images = rng.standard_normal((20, 1, 8, 8)).astype("float32")
    labels = rng.integers(3, size=20).astype("int32")
    conv = nn.Conv2D(2, kernel_size=3, activation="relu", in_channels=1)
    net = small(conv, nn.MaxPool2D(2, 2), nn.Dense(3, in_units=18))
    weights = [p.data().asnumpy().astype(float) for p in net.collect_params().values()]
    sizes, shapes = [w.size for w in weights], [w.shape for w in weights]
    patches = np.lib.stride_tricks.sliding_window_view(images[:, 0].astype(float), (3, 3), (1, 2))

    def value(flat):
        w1, b1, w2, b2 = (
            part.reshape(shape)
            for part, shape in zip(np.split(flat, np.cumsum(sizes)[:-1]), shapes, strict=True)
        )
        inner = np.einsum("nijkl,ckl->ncij", patches, w1[:, 0]) + b1[:, None, None]
        pooled = np.maximum(inner, 0).reshape(20, 2, 3, 2, 3, 2).max(axis=(3, 5))
        logits = pooled.reshape(20, -1) @ w2.T + b2
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return -logits[np.arange(20), labels].mean()

    flat = np.concatenate([w.ravel() for w in weights])
    loss = TrainingLoss(net, images, labels)
    assert loss.gradient()[0] == pytest.approx(value(flat), rel=1e-6)
    for direction in rng.standard_normal((20, len(flat))):
        v = direction / np.linalg.norm(direction)
        step = 1e-5 * v  # within which nothing turns on or off
        bend = (value(flat + step) - 2 * value(flat) + value(flat - step)) / 1e-10
        assert v @ loss.hessian_times(v) == pytest.approx(bend, abs=1e-3)


def test_bends_are_no_curvature(net, data):
    # All biases are 0, and so is what most units of the first layer see: each is at its bend.
    loss = TrainingLoss(net, data.train_images[:100], data.train_labels[:100])
    v = np.random.default_rng(5).standard_normal(61_706)
    v /= np.linalg.norm(v)
    assert v @ loss.hessian_times(v, 0.001) == pytest.approx(v @ loss.hessian_times(v, 0.03), 0.05)


@pytest.mark.parametrize(
    "layer",
    [nn.Dense(4, activation="tanh", in_units=6), nn.MaxPool2D(3, 3), nn.Dropout(0.5)],
)
def test_layers_that_can_t_be_frozen_are_refused(layer):
    images, labels = clouds()
    with pytest.raises(TypeError, match=r"Dense or Conv2D with ReLU or nothing, .* not "):
        TrainingLoss(small(layer), images, labels)


def test_lenet_s_hessian_is_symmetric_and_no_direction_is_steeper(net, data):
    loss = TrainingLoss(net, data.train_images[:256], data.train_labels[:256])
    u, v = np.linalg.qr(np.random.default_rng(3).standard_normal((61_706, 2)))[0].T
    assert u @ loss.hessian_times(v) == pytest.approx(v @ loss.hessian_times(u), abs=0.001)
    value = loss.sharpness()
    # No direction is steeper, the gradient's own included.
    slope = loss.gradient()[1]
    slope /= np.linalg.norm(slope)
    assert 0 < slope @ loss.hessian_times(slope) <= 1.01 * value


def test_measuring_changes_neither_the_weights_nor_the_run(net, data):
    alone = train(net, trainer_of(net), data, 1)
    weights = [p.data().asnumpy() for p in net.collect_params().values()]
    measured = []

    def measure(update, _):
        if update % 4 == 1:
            loss = TrainingLoss(net, data.train_images[:100], data.train_labels[:100])
            measured.append(loss.sharpness(tolerance=0.1))
            dead_units(net, data.train_images[:100])

    watched = train(net, trainer_of(net), data, 1, on_update=measure)
    assert len(measured) == 3 and all(value > 0 for value in measured)
    assert curves(watched) == curves(alone)
    for p, w in zip(net.collect_params().values(), weights, strict=True):
        assert np.array_equal(p.data().asnumpy(), w)


def test_an_interrupt_within_a_measurement_leaves_the_weights(net, data, monkeypatch):
    loss = TrainingLoss(net, data.train_images[:10], data.train_labels[:10])
    weights = [p.data().asnumpy() for p in net.collect_params().values()]

    def interrupted(function):
        raise KeyboardInterrupt

    monkeypatch.setattr(loss, "_gradient", interrupted)
    with pytest.raises(KeyboardInterrupt):
        loss.hessian_times(np.full(61_706, 61_706**-0.5))
    for p, w in zip(net.collect_params().values(), weights, strict=True):
        assert np.array_equal(p.data().asnumpy(), w)


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_where_the_loss_is_not_finite_there_is_no_sharpness(net, data):
    net[-1].weight.set_data(mx.np.full((10, 84), np.inf))
    loss = TrainingLoss(net, data.train_images[:10], data.train_labels[:10])
    assert np.isnan(loss.sharpness())


@pytest.mark.parametrize(("images", "labels"), [(0, 0), (3, 2)])
def test_images_and_labels_that_don_t_fit_are_refused(net, data, images, labels):
    with pytest.raises(ValueError, match=f"not {images} and {labels}"):
        TrainingLoss(net, data.train_images[:images], data.train_labels[:labels])


def test_dead_units_are_those_that_were_killed(net, data):
    images = data.train_images[:200]
    assert dead_units(net, images).shape == (4,)
    for layer, dead in ((0, 2), (2, 4), (4, 30), (5, 84)):
        before = dead_units(net, images)
        layer_of = [0, 2, 4, 5].index(layer)
        weight, bias = net[layer].weight.data().copy(), net[layer].bias.data().copy()
        weight[:dead], bias[:dead] = 0, -1
        net[layer].weight.set_data(weight)
        net[layer].bias.set_data(bias)
        after = dead_units(net, images)
        assert after[layer_of] >= dead / len(bias)
        assert (after[:layer_of] == before[:layer_of]).all()
    assert dead_units(net, images)[-1] == 1
    # A dead unit's weights get no gradient.
    slope = TrainingLoss(net, images, data.train_labels[:200]).gradient()[1]
    assert np.count_nonzero(slope) == 10  # the last biases alone


def test_a_unit_that_answers_one_image_in_many_is_alive():
    net = small(nn.Dense(2, activation="relu", in_units=1), nn.Dense(2, in_units=2))
    net[0].weight.set_data(mx.np.array([[1.0], [-1.0]]))
    images = np.linspace(-0.01, 1, 102).astype("float32").reshape(-1, 1)
    assert dead_units(net, images).tolist() == [0]
    assert dead_units(net, images[2:]).tolist() == [0.5]


def test_a_network_without_relu_has_no_units_to_die():
    net = small(nn.Dense(4, in_units=6))
    with pytest.raises(ValueError, match="no layer of the network has activation='relu'"):
        dead_units(net, clouds()[0])
