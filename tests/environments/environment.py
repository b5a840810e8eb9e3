"""Fresh environments, made with uv from the Pythons of this machine."""

import functools
import os
import subprocess
from pathlib import Path

from uv import find_uv_bin

VERSIONS = ("3.11", "3.12", "3.13")


def clean(**variables):
    """Return the environment variables without those that change what is installed or run."""
    own = ("LRBOOK_", "PYTHON", "VIRTUAL_ENV", "UV_", "PIP_", "JUPYTER", "IPYTHON", "MPL", "OMP_")
    # Where packages come from is this machine's affair.
    places = ("_URL", "_DEFAULT_INDEX", "_CERT", "_CACHE_DIR")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(own) or k.endswith(places)}
    return kept | {"OMP_NUM_THREADS": "1"} | variables


def run(*command, **options):
    """Run a command to its end and return what it printed; its failure fails the test."""
    done = subprocess.run(
        command,
        env=options.pop("env", None) or clean(),
        capture_output=True,
        text=True,
        timeout=1800,
        **options,
    )
    assert not done.returncode, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def uv(*arguments):
    """Run uv with none of the project's settings, which are those of the lock."""
    settings = {"UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never"}
    return run(find_uv_bin(), *arguments, env=clean(PATH=_path(), **settings))


def _path():
    # pyenv's shims find the versions that are switched on only.
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = sorted(str(folder) for folder in root.glob("versions/*/bin"))
    return os.pathsep.join([os.environ["PATH"], *folders])


@functools.cache
def pythons():
    """Return the versions of `VERSIONS` that this machine has, each with its path."""
    found = {}
    for version in VERSIONS:
        try:
            found[version] = uv("python", "find", "--system", version).strip()
        except AssertionError:
            continue
    return found


def make(folder, version, *options):
    """Make an environment of that Python in the folder, and return the path of its python."""
    uv("venv", "--quiet", "--python", pythons()[version], *options, folder)
    return folder / "bin" / "python"


def install(python, *arguments):
    """Install packages into an environment."""
    uv("pip", "install", "--quiet", "--python", python, *arguments)
