"""The network of the chapter."""

from lrbook import compat

compat.need_mxnet()

from d2l import mxnet as d2l
from mxnet import init, npx
from mxnet.gluon import nn

npx.set_np()


def lenet(device=None):
    """Return the chapter's LeNet, hybridized, with random weights (Xavier).

    ReLU instead of the sigmoid and max pooling instead of average pooling; 61,706 parameters.
    Maps images of shape (n, 1, 28, 28) to logits of shape (n, 10). All shapes are stated, so
    that `initialize` draws every weight at once and in one order, first time and again.

    Parameters
    ----------
    device : mxnet.Context, optional
        Where the weights live; by default the first GPU if there is one, else the CPU
        (`d2l.try_gpu`).

    References
    ----------
    LeCun et al., *Gradient-Based Learning Applied to Document Recognition*, 1998; Zhang et
    al., *Dive into Deep Learning*, "Learning Rate Scheduling", section "Toy Problem".
    """
    net = nn.HybridSequential()
    net.add(
        nn.Conv2D(6, kernel_size=5, padding=2, activation="relu", in_channels=1),
        nn.MaxPool2D(pool_size=2, strides=2),
        nn.Conv2D(16, kernel_size=5, activation="relu", in_channels=6),
        nn.MaxPool2D(pool_size=2, strides=2),
        nn.Dense(120, activation="relu", in_units=400),
        nn.Dense(84, activation="relu", in_units=120),
        nn.Dense(10, in_units=84),
    )
    net.initialize(init.Xavier(), ctx=device or d2l.try_gpu())
    net.hybridize(static_alloc=True, static_shape=True)
    return net
