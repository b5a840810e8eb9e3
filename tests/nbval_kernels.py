"""A plugin of pytest, for nbval: kernels on Unix sockets, and patience with a busy machine."""

import nbval.kernel
from nbval.plugin import IPyNbCell

from lrbook.making import kernels


def use_sockets():
    """Let nbval start its kernels as :mod:`lrbook.making.kernels` does."""
    nbval.kernel.KernelManager = kernels.SocketKernelManager


def pytest_configure(config):
    use_sockets()
    config.option.nbval_kernel_startup_timeout = kernels.STARTUP


def pytest_itemcollected(item):
    if isinstance(item, IPyNbCell):
        item.output_timeout = kernels.STARTUP  # else five seconds
