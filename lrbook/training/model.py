"""The network of the chapter."""

from pathlib import Path

from lrbook.mxnet_today import compat

compat.need_mxnet()

from d2l import mxnet as d2l
from mxnet import init, npx
from mxnet.gluon import nn

npx.set_np()

_CPUINFO = Path("/proc/cpuinfo")


class _PlanewiseMaxPool2D(nn.MaxPool2D):
    """`nn.MaxPool2D` of 2 by 2, computed plane by plane; the same result to the last bit.

    For AVX2, oneDNN has no vectorized max pooling of 6 channels in NCHW. It has one of many
    images with one channel in NHWC, and an epoch takes 0.92 of its time; with AVX-512, where
    it has both, 1.27 times (`benchmarks/pooling.json`).
    """

    def __init__(self, channels):
        super().__init__(pool_size=2, strides=2, layout="NHWC")
        self._channels = channels

    def hybrid_forward(self, F, x):
        # MXNet's codes for reshape: -5 joins two axes, -6 splits one, -2 keeps, -3 drops.
        planes = F.npx.reshape(x, (-5, -2, -2, 1))
        pooled = super().hybrid_forward(F, planes)
        return F.npx.reshape(pooled, (-6, -1, self._channels, -2, -2, -3))


def _first_pooling(device):
    flags = _CPUINFO.read_text().split() if _CPUINFO.exists() else []
    if device.device_type == "cpu" and "avx2" in flags and "avx512f" not in flags:
        return _PlanewiseMaxPool2D(channels=6)
    return nn.MaxPool2D(pool_size=2, strides=2)


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
    device = device or d2l.try_gpu()
    net = nn.HybridSequential()
    net.add(
        nn.Conv2D(6, kernel_size=5, padding=2, activation="relu", in_channels=1),
        _first_pooling(device),
        nn.Conv2D(16, kernel_size=5, activation="relu", in_channels=6),
        nn.MaxPool2D(pool_size=2, strides=2),
        nn.Dense(120, activation="relu", in_units=400),
        nn.Dense(84, activation="relu", in_units=120),
        nn.Dense(10, in_units=84),
    )
    net.initialize(init.Xavier(), ctx=device)
    net.hybridize(static_alloc=True, static_shape=True)
    return net
