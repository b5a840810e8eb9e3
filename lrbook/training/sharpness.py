"""Sharpness: how steep the training loss is where the weights are, and which units are dead.

MXNet 1.9.1 can't differentiate twice through convolution, pooling, ReLU or softmax. So the Hessian
is multiplied by central differences of gradients, and its largest eigenvalue is found from such
products alone, by Lanczos's method.

Differences alone would be wrong: the loss has a bend wherever a unit turns on or off or another
pixel becomes the largest, and within any step lie some of thousands. LeNet's biases begin at 0,
where every unit that sees black is at its bend. One update later (seed 0, rate 0.1, 500 images),
differences of the plain gradients give a sharpness of 17, 13 or 5, as the step is 0.001, 0.01 or
0.1. It is 3.323: what automatic differentiation in float64 gives, which knows nothing of bends.
So which units are on, and which pixels are the largest, is held fixed while the weights are
moved: the loss is smooth then, has the same Hessian, and gives 3.325, 3.323 and 3.335.
"""

from lrbook.mxnet_today import compat

compat.need_mxnet()

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon, npx
from mxnet.gluon import nn

npx.set_np()

# How far the weights are moved to either side, as a Euclidean length; LeNet's weights begin with
# one of 18. Ten times more or less changes the sharpness by less than half a percent.
STEP = 0.01


class TrainingLoss:
    """The mean loss of a network on fixed images, as a function of its weights.

    Measuring changes neither the weights nor what is drawn at random, and so it can go on while
    the network trains. The gradients that the network holds are overwritten.

    Parameters
    ----------
    net : mxnet.gluon.nn.HybridSequential
        Of `Dense` and `Conv2D` layers, each with ReLU or nothing, and of `MaxPool2D` of 2 by 2;
        ends with logits (n, classes). Initialized, on one device.
    images : numpy.ndarray of float32, shape (n, …)
    labels : numpy.ndarray of int32, shape (n,)

    Raises
    ------
    TypeError
        If a layer is of another kind; the message names it.
    ValueError
        If there is no image, or images and labels aren't as many.
    """

    def __init__(self, net, images, labels):
        if not len(images) or len(images) != len(labels):
            raise ValueError(
                "TrainingLoss: images and labels must be as many, and one at least, "
                f"not {len(images)} and {len(labels)}"
            )
        for layer in net:
            if not (_is_linear(layer) or _is_pooling(layer)):
                raise TypeError(
                    "TrainingLoss: layers must be Dense or Conv2D with ReLU or nothing, or "
                    f"MaxPool2D of 2 by 2, not {layer!r}"
                )
        self._net = net
        self._parameters = list(net.collect_params().values())
        device = self._parameters[0].list_ctx()[0]
        self._images, self._labels = (mx.np.array(a, ctx=device) for a in (images, labels))
        self._loss = gluon.loss.SoftmaxCrossEntropyLoss()

    def gradient(self):
        """Return the mean loss, a float, and its gradient, float64 of shape (weights,)."""
        return self._gradient(self._net)

    def _gradient(self, function):
        with autograd.record():
            loss = self._loss(function(self._images), self._labels).mean()
        loss.backward()
        slopes = [p.grad().asnumpy().ravel() for p in self._parameters]
        return float(loss), np.concatenate(slopes).astype(np.float64)

    def hessian_times(self, direction, step=STEP):
        r"""Return the Hessian times a direction, from two gradients.

        .. math:: Hv \approx \frac{\nabla f(w + s v) - \nabla f(w - s v)}{2 s}

        with :math:`v` of length 1, :math:`s` the `step`, and :math:`f` the loss of the network
        whose units are on, and whose pools choose, as they do at :math:`w`.

        Parameters
        ----------
        direction : numpy.ndarray, shape (weights,)
            Of length 1, in the order of :meth:`gradient`.
        step : float
            More than 0.

        Returns
        -------
        numpy.ndarray of float64, shape (weights,)

        References
        ----------
        Pearlmutter, *Fast Exact Multiplication by the Hessian*, 1994, section 2.
        """
        return self._product(_frozen(self._net, self._images), direction, step)

    def _product(self, frozen, direction, step):
        before = [p.data().copy() for p in self._parameters]
        ends = np.cumsum([w.size for w in before])[:-1]
        pieces = [
            mx.np.array(piece.reshape(w.shape), dtype="float32", ctx=w.ctx)
            for piece, w in zip(np.split(step * direction, ends), before, strict=True)
        ]
        slopes = []
        try:
            for sign in (1, -1):
                for p, w, piece in zip(self._parameters, before, pieces, strict=True):
                    p.data()[:] = w + sign * piece
                slopes.append(self._gradient(frozen)[1])
        finally:
            for p, w in zip(self._parameters, before, strict=True):
                p.data()[:] = w
        return (slopes[0] - slopes[1]) / (2 * step)

    def sharpness(self, tolerance=0.1):
        """Return the largest eigenvalue of the Hessian; nan where it isn't finite.

        Parameters and errors are those of :func:`largest_eigenvalue`.
        """
        frozen = _frozen(self._net, self._images)

        def times(direction):
            return self._product(frozen, direction, STEP)

        return largest_eigenvalue(times, sum(p.data().size for p in self._parameters), tolerance)


def _is_linear(layer):
    return isinstance(layer, (nn.Conv2D, nn.Dense)) and (layer.act is None or _has_relu(layer))


def _has_relu(layer):
    activation = getattr(layer, "act", None)
    return isinstance(activation, nn.Activation) and activation._act_type == "relu"


def _is_pooling(layer):
    shape = {"kernel": (2, 2), "stride": (2, 2), "pad": (0, 0)}
    return isinstance(layer, nn.MaxPool2D) and shape.items() <= layer._kwargs.items()


def _frozen(net, images):
    """Return the network as a function of the images, its units on as they are now."""
    kept = []  # of each layer, what its output is multiplied by
    X = images
    for layer in net:
        before, X = X, layer(X)
        if _is_pooling(layer):
            chosen = before == X.repeat(2, axis=2).repeat(2, axis=3)
            # Where several pixels are the largest, each passes on its share.
            share = npx.pooling(chosen.astype("float32"), **_MEAN).repeat(2, axis=2)
            kept.append(chosen / share.repeat(2, axis=3))
        else:
            kept.append((X > 0).astype("float32") if _has_relu(layer) else 1)

    def frozen(X):
        for layer, keep in zip(net, kept, strict=True):
            X = npx.pooling(X * keep, **_MEAN) if _is_pooling(layer) else _linear(layer, X) * keep
        return X

    return frozen


_MEAN = {"kernel": (2, 2), "stride": (2, 2), "pool_type": "avg"}


def _linear(layer, X):
    """Return what a layer does before its ReLU."""
    bias = [] if layer.bias is None else [layer.bias.data()]
    if isinstance(layer, nn.Dense):
        shape = {"num_hidden": layer._units, "flatten": layer._flatten}
        return npx.fully_connected(X, layer.weight.data(), *bias, no_bias=not bias, **shape)
    return npx.convolution(X, layer.weight.data(), *bias, **layer._kwargs)


def largest_eigenvalue(times, size, tolerance=0.1, most=100):
    """Return the largest eigenvalue of a symmetric matrix that is known by its products, or nan.

    Lanczos's method: a power iteration that forgets none of its vectors. It begins with the same
    random direction every time.

    Parameters
    ----------
    times : callable
        Maps a vector of length 1, of shape (size,), to the matrix times that vector.
    size : int
    tolerance : float
        It stops when the matrix times its eigenvector v is λv, but for a vector shorter than
        `tolerance` times λ. An eigenvalue lies within that distance of λ, and far nearer when the
        next one isn't close: the error goes with the square.
    most : int
        How many products it may take.

    Raises
    ------
    ArithmeticError
        If `most` products don't reach the tolerance.

    References
    ----------
    Golub and Van Loan, *Matrix Computations*, 4th edition, 2013, section 10.1.
    """
    start = np.random.default_rng(0).standard_normal(size)
    basis = [start / np.linalg.norm(start)]
    diagonal, beside = [], []
    for _ in range(most):
        vector = times(basis[-1])
        if not np.isfinite(vector).all():
            return float("nan")
        diagonal.append(vector @ basis[-1])
        for _ in range(2):  # the second time removes what rounding left
            for known in basis:
                vector = vector - (vector @ known) * known
        rest = np.linalg.norm(vector)
        small = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
        values, vectors = np.linalg.eigh(small)
        if rest * abs(vectors[-1, -1]) <= tolerance * abs(values[-1]):
            return float(values[-1])
        beside.append(rest)
        basis.append(vector / rest)
    raise ArithmeticError(f"largest_eigenvalue: {most} products don't reach {tolerance}")


def dead_units(net, images):
    """Return the share of units that answer 0 to every image, for each layer with a ReLU.

    A unit is a neuron of a dense layer or a channel of a convolution, which is dead when it is 0
    at every place. No gradient reaches a dead unit's weights.

    Parameters
    ----------
    net : mxnet.gluon.nn.HybridSequential
        Initialized, on one device.
    images : numpy.ndarray of float32, shape (n, …)

    Returns
    -------
    numpy.ndarray of float, shape (layers,)

    Raises
    ------
    ValueError
        If no layer has a ReLU of its own.
    """
    X = mx.np.array(images, ctx=next(iter(net.collect_params().values())).list_ctx()[0])
    shares = []
    for layer in net:
        X = layer(X)
        if _has_relu(layer):
            places = (0, *range(2, X.ndim))
            shares.append(float((X.max(axis=places) == 0).mean()))
    if not shares:
        raise ValueError("dead_units: no layer of the network has activation='relu'")
    return np.array(shares)
