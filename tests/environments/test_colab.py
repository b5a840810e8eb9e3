"""A notebook opened on Colab installs what it needs, changes nothing else, and runs.

The environment has Colab's packages and pip, and no more; the notebooks lie in a folder of their
own. Only GitHub isn't asked: git takes a copy of this checkout for the book's address.
"""

import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from lrbook.making import kernels
from lrbook.mxnet_today import compat
from tests.book import ROOT, chapters
from tests.environments.environment import clean, install, make, pythons, run

# Colab's own is 3.13; where this machine doesn't have it, the next one.
PYTHON = max(pythons(), key=lambda version: tuple(map(int, version.split("."))))
# IPython's %pip says this whenever it is called; Colab has another %pip.
NOTE = "Note: you may need to restart the kernel to use updated packages.\n"


def repository(folder):
    """Make a repository with the files of this checkout as they are now."""
    tracked = run("git", "ls-files", "-co", "--exclude-standard", "-z", cwd=ROOT).split("\0")
    for name in filter(None, tracked):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git = ("git", "-C", folder, "-c", "user.name=Reader", "-c", "user.email=reader@localhost")
    run(*git, "init", "--quiet")
    run(*git, "config", "uploadpack.allowFilter", "true")
    run(*git, "add", "--all")
    run(*git, "commit", "--quiet", "--message", "The book")


class Colab:
    """A runtime: an environment, its kernel, and a folder for notebooks."""

    def __init__(self, folder):
        self.content = folder / "content"
        self.content.mkdir()
        self.python = make(folder / "environment", PYTHON, "--seed")
        install(self.python, "--requirement", Path(__file__).with_name("colab.txt"))
        prefix = folder / "environment"
        run(self.python, "-m", "ipykernel", "install", "--prefix", prefix, "--name", "colab")
        self.kernels = str(prefix / "share" / "jupyter" / "kernels")
        source = folder / "lrbook"
        source.mkdir()
        repository(source)
        self.variables = clean(
            PATH=f"{prefix / 'bin'}{os.pathsep}{os.environ['PATH']}",
            PIP_CONFIG_FILE=os.devnull,
            GIT_CONFIG_COUNT="1",
            GIT_CONFIG_KEY_0=f"url.{source.as_uri()}.insteadOf",
            GIT_CONFIG_VALUE_0="https://github.com/lrbook/lrbook",
            LRBOOK_SMOKE="1",
        )

    def packages(self):
        """Return the installed packages with their versions."""
        listed = run(self.python, "-m", "pip", "list", "--format", "json", env=self.variables)
        return {package["name"]: package["version"] for package in json.loads(listed)}

    def open(self, notebook, name):
        """Run a notebook to its end; return the outputs of its first cell and the seconds."""
        nbformat.write(notebook, self.content / name)
        start = time.monotonic()
        client = kernels.client(notebook, self.content)
        client.km = kernels.AsyncSocketKernelManager(
            kernel_name="colab", kernel_spec_manager=KernelSpecManager(kernel_dirs=[self.kernels])
        )
        client.execute(env=self.variables)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        return code[0].outputs, round(time.monotonic() - start)


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    return Colab(tmp_path_factory.mktemp("colab"))


def blank(path):
    """Read a notebook as a reader gets it, without what our runs have stored in it."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def only_setup(path):
    notebook = blank(path)
    notebook.cells = [cell for cell in notebook.cells if "setup" in cell.metadata.get("tags", [])]
    assert len(notebook.cells) == 1
    return notebook


def test_setup_installs_what_is_missing_and_changes_nothing_else(colab):
    before = colab.packages()
    assert not before.keys() & {"lrbook", "mxnet", "d2l"}
    [path] = (path for path in chapters() if path.stem == "plain_sgd")
    outputs, seconds = colab.open(only_setup(path), "setup.ipynb")
    after = colab.packages()
    new = sorted(after.keys() - before.keys())
    print(f"\nsetup on Python {PYTHON}: {seconds} s with the kernel's start, new: {', '.join(new)}")
    assert {name: after.get(name) for name in before} == before
    assert new == ["d2l", "lrbook", "mxnet"]
    said = f"Installing {compat.MXNET} and {compat.D2L} ...\n"
    assert {output.get("name") for output in outputs} == {"stdout"}
    assert "".join(output.text for output in outputs) == NOTE + said

    outputs, seconds = colab.open(only_setup(path), "setup.ipynb")
    assert outputs == [], "once is enough"
    assert colab.packages() == after


def test_every_notebook_runs(colab):
    with ThreadPoolExecutor(2) as pool:
        done = {path.name: pool.submit(colab.open, blank(path), path.name) for path in chapters()}
    print()
    for name, future in done.items():
        outputs, seconds = future.result()
        print(f"{name}: {seconds} s")
        assert outputs == [], f"{name}: its setup had nothing left to do"
