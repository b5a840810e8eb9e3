"""Kernels take no port that someone else could take before them."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook

from lrbook.making import kernels
from tests.book import ROOT

TRANSPORT = "from ipykernel.connect import get_connection_info as info\ninfo(unpack=True)"
PATIENCE = 3600  # seconds: some for each of 200 pairs


def test_a_kernel_listens_on_unix_sockets_and_leaves_none_behind(tmp_path):
    cell = new_code_cell("import os\nprint(os.getcwd())")
    client = kernels.client(new_notebook(cells=[cell]), tmp_path, kernel_name="python3")
    with client.setup_kernel():
        kernel = psutil.Process(client.km.provisioner.pid)
        file = Path(client.km.connection_file)
        names = {socket.laddr for socket in kernel.net_connections("unix") if socket.laddr}
        assert names == {f"{file.with_suffix('')}-ipc-{i}" for i in range(1, 6)}
        client.execute_cell(cell, 0)
    assert cell.outputs[0].text == f"{tmp_path}\n"
    assert not kernel.is_running()
    assert list(file.parent.glob(f"{file.stem}*")) == []


def test_nbval_starts_such_kernels(tmp_path):
    path = tmp_path / "a.ipynb"
    cells = [new_code_cell(f"{TRANSPORT}"), new_code_cell("assert _['transport'] == 'ipc', _")]
    nbformat.write(new_notebook(cells=cells), path)
    command = (sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--nbval-lax", path)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_pairs_that_start_at_once_where_ports_are_few(often):
    pairs = often("pairs of kernels", 200, few=5)
    # A network that only this process and its children see.
    command = ("unshare", "--map-root-user", "--net", sys.executable, "-m", "tests.kernels.pairs")
    done = subprocess.run(
        [*command, str(pairs)], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"started": 2 * pairs, "failed": []}
