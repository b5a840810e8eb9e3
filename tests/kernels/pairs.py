"""Start pairs of kernels at once, one by nbval and one by us: ``python -m tests.kernels.pairs N``.

All cores are busy meanwhile, and the network, which must be of this process alone, has 200 ports
for who asks for any: two kernels on TCP then meet in every second pair.
"""

import contextlib
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

from nbformat.v4 import new_notebook
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel

from lrbook.making import kernels
from tests import nbval_kernels

PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
# From <linux/sockios.h> and <linux/if.h>: switch a network interface on.
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1


def few_ports():
    """Switch the loopback on, and leave 200 ports to draw."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    PORTS.write_text("40000 40199")


@contextlib.contextmanager
def busy():
    """Keep every core busy with two processes."""
    loops = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(2 * os.cpu_count())
    ]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()


def by_nbval():
    RunningKernel(CURRENT_ENV_KERNEL_NAME, startup_timeout=kernels.STARTUP).stop()


def by_us():
    client = kernels.client(new_notebook(), ".", kernel_name="python3", shutdown_kernel="immediate")
    with client.setup_kernel():
        pass


def start(kernel, barrier, count, results):
    """Start one kernel of each pair; send what became of it: '' or an error."""
    nbval_kernels.use_sockets()
    for _ in range(count):
        barrier.wait()
        try:
            kernel()
            results.put("")
        except RuntimeError as error:
            results.put(f"{kernel.__name__}: {error}")


def main(pairs):
    few_ports()
    context = get_context("spawn")
    barrier, results = context.Barrier(2), context.Queue()
    processes = [
        context.Process(target=start, args=(kernel, barrier, pairs, results), daemon=True)
        for kernel in (by_nbval, by_us)
    ]
    with busy():
        for process in processes:
            process.start()
        said = [results.get() for _ in range(2 * pairs)]
    failed = [error for error in said if error]
    print(json.dumps({"started": len(said) - len(failed), "failed": failed}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
