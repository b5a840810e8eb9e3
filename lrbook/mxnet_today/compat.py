"""What Apache MXNet 1.9.1 needs from a newer Python or NumPy.

MXNet's last release is of 2022. It reads names that NumPy has dropped since, a module that
Python 3.12 dropped, and passes operator parameters as text that NumPy 2 spells differently.
:func:`install` puts a finder before Python's own that mends these while ``mxnet`` is being
imported, and only then: nothing is imported here, and with NumPy 1.23 nothing changes.

Where MXNet isn't installed, can't be, or can't be loaded, the reader is told in one line.

Not mended, since nothing in the book meets it: packing of records (``mxnet.recordio.pack`` with
several labels, ``pack_img``) and of MXNet's own tests, that of random generators.
"""

import builtins
import contextlib
import importlib.abc
import importlib.machinery
import os
import platform
import re
import sys
import types
import warnings
from importlib.util import find_spec

import numpy as np

from lrbook.mxnet_today import cuda

# Both pin old versions of other packages: install them with --no-deps.
MXNET, D2L = "mxnet==1.9.1", "d2l==1.0.3"

_WHEELS = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "x86_64")}
_PYTHONS = ("3.11", "3.12", "3.13")


class _MXNetFinder(importlib.abc.MetaPathFinder):
    """Finds ``mxnet`` where Python would, and mends the world around its import."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "mxnet":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                # One thread a process: two that spin for each other on a busy machine are
                # many times slower than one.
                os.environ.setdefault("OMP_NUM_THREADS", "1")
                # What an import that failed before this one has left behind.
                for name in [n for n in sys.modules if n.startswith("mxnet.")]:
                    del sys.modules[name]
                try:
                    if cuda.is_installed():
                        cuda.hide_unusable_cards()
                        cuda.load_libraries()
                    with _lent_distutils(), _lent_numpy_names():
                        execute(module)
                except OSError as error:
                    raise ImportError(_why_not_loaded(str(error)), name=fullname) from error
                _print_plain_scalars(module)

            spec.loader.exec_module = exec_module
        return spec


def install():
    """Mend ``import mxnet`` from now on; once is enough, twice does no harm."""
    if not any(isinstance(finder, _MXNetFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _MXNetFinder())


def need_mxnet():
    """Raise an ImportError that says in one line why there is no MXNet, and what to do."""
    if not find_spec("mxnet"):
        raise ImportError(
            why_no_wheel()
            or f"Training needs MXNet, which isn't installed: pip install --no-deps {MXNET} {D2L}",
            name="mxnet",
        )


def why_no_wheel():
    """Return in one line why MXNet can't be installed here and what to do, '' if it can."""
    rest = "What doesn't train works here."
    system, machine = platform.system(), platform.machine()
    if (system, machine) not in _WHEELS:
        return (
            f"Training needs MXNet 1.9.1, which was never built for {system} on {machine}: "
            f"train on Colab, or in Linux (WSL 2, a virtual machine). {rest}"
        )
    python = ".".join(platform.python_version_tuple()[:2])
    if python not in _PYTHONS:
        return (
            f"Training needs MXNet 1.9.1, which the book keeps working on Python "
            f"{', '.join(_PYTHONS)}, not {python}: make an environment with one of these. {rest}"
        )
    return ""


def _why_not_loaded(error):
    missing = re.match(r"(lib\S+): cannot open shared object file", error)
    if not missing:
        return f"MXNet's library can't be loaded: {error}"
    library = missing[1]
    text = f"MXNet's library can't be loaded, since {library} is missing"
    if library == "libcuda.so.1":
        return (
            f"{text}: it comes with the driver of an NVIDIA GPU. Without one, use the CPU build: "
            f"pip uninstall mxnet-cu112, then pip install --no-deps {MXNET}"
        )
    if any(library in name for names in cuda.LIBRARIES.values() for name in names):
        return f"{text}: pip install --no-deps {' '.join(cuda.LIBRARIES)}"
    return f"{text}: on Debian and Ubuntu, apt-get install libgomp1 libquadmath0"


@contextlib.contextmanager
def _lent_distutils():
    # Gone since Python 3.12; MXNet compares NumPy's version with it at import.
    if find_spec("distutils"):
        yield
        return

    class Version(tuple):
        def __new__(cls, text):
            return super().__new__(cls, map(int, re.findall(r"\d+", text)[:3]))

    version = types.ModuleType("distutils.version")
    version.LooseVersion = version.StrictVersion = Version
    distutils = types.ModuleType("distutils")
    distutils.version = version
    lent = {"distutils": distutils, "distutils.version": version}
    sys.modules.update(lent)
    try:
        yield
    finally:
        for name in lent:
            del sys.modules[name]


def _gone(name):
    def call(*args, **kwargs):
        raise NotImplementedError(f"NumPy no longer has {name}")

    return call


def _missing(names):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {name: value for name, value in names.items() if not hasattr(np, name)}


@contextlib.contextmanager
def _lent_numpy_names():
    # MXNet reads these once, at import.
    lent = _missing(
        {
            "PZERO": 0.0,
            "NZERO": -0.0,
            "PINF": np.inf,
            "NINF": -np.inf,
            "NAN": np.nan,
            "NaN": np.nan,
            "alltrue": np.all,
            "sometrue": np.any,
            "round_": np.round,
            "product": np.prod,
            "in1d": lambda a, b, **options: np.isin(np.ravel(a), b, **options),
            "msort": lambda a: np.sort(a, axis=0),
            "trapz": getattr(np, "trapezoid", None),
            **{name: _gone(name) for name in ("mirr", "npv", "pmt", "ppmt", "pv", "rate")},
        }
    )
    # MXNet looks these up at every use, so they stay.
    kept = _missing(
        {
            "bool": builtins.bool,
            "Inf": np.inf,
            "compat": types.SimpleNamespace(basestring=str),
        }
    )
    for name, value in {**lent, **kept}.items():
        setattr(np, name, value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name in lent:
            delattr(np, name)


def _print_plain_scalars(mxnet):
    # Operator parameters travel as text, and since NumPy 2 str((np.int64(2), 2)) is
    # '(np.int64(2), 2)', which MXNet's parser refuses.
    if np.lib.NumpyVersion(np.__version__) < "2.0.0":
        return
    scalar = re.compile(r"np\.\w+\(([^()]*)\)")
    for module in (mxnet._ctypes.ndarray, mxnet._ctypes.symbol):

        def c_str_array(strings, plain=module.c_str_array):
            return plain([scalar.sub(r"\1", text) for text in strings])

        module.c_str_array = c_str_array
