"""Schedule-free SGD: a constant rate whose steps are taken beside the mean of its own path."""

import contextlib
import math

from lrbook.mxnet_today import compat

compat.need_mxnet()

import mxnet as mx


class ScheduleFreeSGD(mx.optimizer.Optimizer):
    r"""SGD at a constant rate with the average built in.

    Three sequences begin at the initial weights, :math:`x_1 = z_1`. In update :math:`t`, 1 is the
    first, with the learning rate :math:`\gamma`,

    .. math::
        y_t &= (1 - \beta) z_t + \beta x_t \\
        z_{t+1} &= z_t - \gamma \nabla f(y_t) \\
        x_{t+1} &= (1 - c_{t+1}) x_t + c_{t+1} z_{t+1}, \qquad c_{t+1} = \frac{1}{t + 1}

    So :math:`z` takes the steps, :math:`x` is the equal mean of all :math:`z` so far, and the
    gradient is asked for in between. A :math:`\beta` of 1 is primal averaging; towards 0 it
    becomes SGD with the mean of its path (Polyak and Juditsky).

    The network holds :math:`y`, since that is where the gradient is. :math:`z` is the one copy of
    the weights that is kept beside it, as much memory as momentum takes, and :math:`x` is had from
    the two: it is what is to be tested, see :meth:`at_the_mean`. Put the three lines together and

    .. math::
        y_{t+1} = (1 - c_{t+1}) y_t + c_{t+1} z_t
            - \gamma \left(1 - \beta (1 - c_{t+1})\right) \nabla f(y_t),

    which needs no :math:`x`.

    Parameters
    ----------
    learning_rate : float
        :math:`\gamma`, more than 0; constant, so there is no scheduler. The paper finds larger
        rates than SGD's best.
    beta : float
        :math:`\beta`, in (0, 1]. At 0 the network wouldn't know of the mean.

    Raises
    ------
    ValueError
        If a parameter is out of its range.

    Notes
    -----
    For a trainer of one device, whose network is initialized before its first update. The paper's
    warmup, which weighs each :math:`z` by its squared rate, is left out; and the authors' PyTorch
    package leaves the initial weights out of the mean, with :math:`c_{t+1} = 1 / t`.

    References
    ----------
    Defazio et al., *The Road Less Scheduled*, 2024 (arXiv:2405.15682).
    """

    def __init__(self, learning_rate, beta=0.9):
        if not (_is_real(learning_rate) and 0 < learning_rate < math.inf):
            raise ValueError(
                f"ScheduleFreeSGD: learning_rate must be a number in (0, ∞), not {learning_rate!r}"
            )
        if not (_is_real(beta) and 0 < beta <= 1):
            raise ValueError(f"ScheduleFreeSGD: beta must be a number in (0, 1], not {beta!r}")
        super().__init__(learning_rate=learning_rate)
        self.beta = beta
        self._z = {}

    def create_state(self, index, weight):
        """Return z as it begins: a copy of the weight."""
        self._z[index] = weight.copy()
        return self._z[index]

    def update(self, index, weight, grad, state):
        """Make one update of a weight, which is y, and of its state, which is z."""
        self._update_count(index)
        t = self._index_update_count[index] - self.begin_num_update
        c, lr, z = 1 / (t + 1), self._get_lr(index), state
        slope = grad * self.rescale_grad
        weight[:] = (1 - c) * weight + c * z - lr * (1 - self.beta * (1 - c)) * slope
        z[:] = z - lr * slope

    @contextlib.contextmanager
    def at_the_mean(self):
        r"""Let the network hold x, the mean, as long as the `with` block runs.

        .. math:: x_t = \frac{y_t - (1 - \beta) z_t}{\beta}

        After it the network holds y again, to the last bit. Don't train inside.
        """
        kept = {}
        try:
            for index, z in self._z.items():
                weight = self.param_dict[index].data()
                kept[index] = weight.copy()
                z = z.as_np_ndarray()  # MXNet hands optimizers arrays of its older kind
                weight[:] = (weight - (1 - self.beta) * z) / self.beta
            yield
        finally:
            for index, y in kept.items():
                self.param_dict[index].data()[:] = y


def _is_real(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
