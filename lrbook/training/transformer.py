"""A small transformer that reads an image row by row, with its norms behind the parts or before."""

from lrbook.mxnet_today import compat

compat.need_mxnet()

from d2l import mxnet as d2l
from mxnet import init, npx
from mxnet.gluon import nn

npx.set_np()

ROWS, COLUMNS, CLASSES = 28, 28, 10


class _Block(nn.HybridBlock):
    """Attention with one head, then two layers for each token; beside each part a bypass."""

    def __init__(self, width, norm):
        super().__init__()
        self._width = width
        self._norm = norm
        self.query, self.key, self.value, self.out = (
            nn.Dense(width, flatten=False, in_units=width) for _ in range(4)
        )
        self.up = nn.Dense(2 * width, activation="relu", flatten=False, in_units=width)
        self.down = nn.Dense(width, flatten=False, in_units=2 * width)
        self.first = nn.LayerNorm(in_channels=width)
        self.second = nn.LayerNorm(in_channels=width)

    def _attend(self, F, x):
        alike = F.npx.batch_dot(self.query(x), self.key(x), transpose_b=True)
        weights = F.npx.softmax(alike / self._width**0.5, axis=-1)
        return self.out(F.npx.batch_dot(weights, self.value(x)))

    def hybrid_forward(self, F, x):
        if self._norm == "post":
            x = self.first(x + self._attend(F, x))
            return self.second(x + self.down(self.up(x)))
        x = x + self._attend(F, self.first(x))
        return x + self.down(self.up(self.second(x)))


class _Transformer(nn.HybridBlock):
    """Blocks between an embedding of each row and a classifier of the mean token."""

    def __init__(self, depth, width, norm):
        super().__init__()
        self.embed = nn.Dense(width, flatten=False, in_units=COLUMNS)
        self.place = self.params.get("place", shape=(ROWS, width))
        self.blocks = nn.HybridSequential()
        for _ in range(depth):
            self.blocks.add(_Block(width, norm))
        if norm == "pre":  # what comes out was never normed
            self.blocks.add(nn.LayerNorm(in_channels=width))
        self.classify = nn.Dense(CLASSES, in_units=width)

    def hybrid_forward(self, F, images, place):
        rows = F.npx.reshape(images, (-2, ROWS, COLUMNS))
        tokens = self.blocks(self.embed(rows) + place)
        return self.classify(tokens.mean(axis=1))


def transformer(depth=6, width=32, norm="post", device=None):
    """Return a transformer for images of 28 rows, hybridized, with random weights (Xavier).

    Each row is a token, and has a place that is learned. Maps images of shape (n, 1, 28, 28) to
    logits of shape (n, 10), as `lrbook.training.model.lenet` does, so that
    `lrbook.training.loop.train` trains it, too.

    Parameters
    ----------
    depth : int
        How many blocks, 1 or more.
    width : int
        How many numbers a token has, 1 or more.
    norm : {'post', 'pre'}
        'post' norms the sum of a bypass and its part, as Vaswani et al. do; 'pre' norms what goes
        into the part, and the bypass goes on as it is.
    device : mxnet.Context, optional
        Where the weights live; by default the first GPU if there is one, else the CPU.

    Returns
    -------
    mxnet.gluon.HybridBlock

    Raises
    ------
    ValueError
        If a number is below 1, or `norm` is neither.

    References
    ----------
    Vaswani et al., *Attention Is All You Need*, 2017; Xiong et al., *On Layer Normalization in
    the Transformer Architecture*, 2020.
    """
    for name, value in (("depth", depth), ("width", width)):
        if type(value) is not int or value < 1:
            raise ValueError(f"transformer: {name} must be an int in [1, ∞), not {value!r}")
    if norm not in ("post", "pre"):
        raise ValueError(f"transformer: norm must be 'post' or 'pre', not {norm!r}")
    net = _Transformer(depth, width, norm)
    net.initialize(init.Xavier(), ctx=device or d2l.try_gpu())
    net.hybridize(static_alloc=True, static_shape=True)
    return net
