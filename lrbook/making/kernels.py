"""Kernels that can be started at any time, many at once, by as many processes.

Jupyter draws five free TCP ports for a new kernel and lets go of them; the kernel takes them when
it has started, a second or more later. Meanwhile anyone can be given the same ones, and then the
kernel dies or doesn't answer (jupyter_client keeps apart only kernels of one process). A kernel
of this module listens on Unix sockets whose names are its own.
"""

import tempfile
import uuid
from pathlib import Path

from jupyter_client import AsyncKernelManager, KernelManager
from nbclient import NotebookClient
from traitlets import default

__all__ = ["STARTUP", "AsyncSocketKernelManager", "SocketKernelManager", "client"]

# What a kernel's start may take on a busy machine, in seconds.
STARTUP = 600


class SocketKernelManager(KernelManager):
    """Starts a kernel that listens on Unix sockets."""

    @default("transport")
    def _unix_sockets(self):
        return "ipc"

    @default("connection_file")
    def _own_name(self):
        # The sockets lie beside it; their paths may have a hundred characters.
        return str(Path(tempfile.gettempdir(), f"kernel-{uuid.uuid4().hex}.json"))


class AsyncSocketKernelManager(SocketKernelManager, AsyncKernelManager):
    """The same for who awaits it."""


def client(notebook, folder, **options):
    """Return what runs a notebook in a fresh kernel, and writes the outputs into it.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    folder : path-like
        Where the kernel runs.
    **options
        Of `nbclient.NotebookClient`.
    """
    return NotebookClient(
        notebook,
        timeout=None,
        startup_timeout=STARTUP,
        iopub_timeout=STARTUP,  # after it outputs would be lost without an error
        kernel_manager_class=AsyncSocketKernelManager,
        resources={"metadata": {"path": str(folder)}},
        **options,
    )
