"""The import of MXNet is mended, and nothing else is changed.

The matrix runs this file in its environments too, without the rest of the tests.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from lrbook.mxnet_today import compat

NUMPY = np.lib.NumpyVersion(np.__version__)


def python(code, **variables):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_mxnet_needs_the_mending():
    if NUMPY < "2.0.0":
        pytest.skip("this NumPy still has the names that MXNet reads")
    done = python("import mxnet")
    assert done.returncode and "AttributeError" in done.stderr


@pytest.mark.parametrize(
    "imports",
    [
        "import lrbook, mxnet",
        "import lrbook\nfrom d2l import mxnet as d2l",
        "import lrbook.training.model",
    ],
)
def test_one_import_mends_it(imports):
    done = python(f"{imports}\nimport mxnet\nprint(mxnet.__version__)")
    assert done.stdout == "1.9.1\n", done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("failing", ["import mxnet", "from d2l import mxnet as d2l"])
def test_a_failed_import_before_it_does_no_harm(failing):
    done = python(f"""
        try:
            {failing}
        except AttributeError:
            pass
        import lrbook
        {failing}
        import mxnet
        mxnet.npx.set_np()
        print(mxnet.np.ones((2, 2)).sum())
    """)
    assert done.stdout == "4.0\n", done.stderr


def test_numpy_keeps_all_it_had_and_gains_what_mxnet_looks_up_at_every_use():
    done = python("""
        import types
        import numpy as np
        before = dict(vars(np))
        import lrbook, mxnet
        after = vars(np)
        # MXNet imports parts of NumPy, as it may.
        parts = {name for name in after if isinstance(after[name], types.ModuleType)}
        print(*sorted(after.keys() - before.keys() - parts))
        print(*sorted(name for name in before if after.get(name) is not before[name]))
    """)
    gains = "" if NUMPY < "1.24.0" else "bool" if NUMPY < "2.0.0" else "Inf compat"
    assert done.stdout == f"{gains}\n\n", done.stderr


def test_scalars_of_numpy_are_parameters_that_mxnet_reads():
    done = python("""
        import lrbook, mxnet as mx, numpy as np
        mx.npx.set_np()
        n = np.int64(2)
        print(mx.np.arange(8).reshape((n, 4))[np.int64(1), :n], np.float64(0.5) * mx.np.ones(1))
    """)
    assert done.stdout == "[4. 5.] [0.5]\n", done.stderr


def test_the_book_without_training_needs_no_mxnet():
    done = python("""
        import sys
        import lrbook.training.data, lrbook.live, lrbook.schedules, lrbook.runs.store
        import lrbook.findings.questions, lrbook.figures
        print("mxnet" in sys.modules, "d2l" in sys.modules)
    """)
    assert done.stdout == "False False\n", done.stderr


def test_one_thread_a_process_unless_told_otherwise():
    code = "import os, lrbook, mxnet; print(os.environ['OMP_NUM_THREADS'])"
    assert python("import os; os.environ.pop('OMP_NUM_THREADS', 0)\n" + code).stdout == "1\n"
    assert python("import os; os.environ['OMP_NUM_THREADS'] = '3'\n" + code).stdout == "3\n"


def test_a_platform_without_a_wheel_is_told_what_to_do():
    for system, machine in (("Windows", "AMD64"), ("Darwin", "arm64"), ("Linux", "riscv64")):
        done = python(f"""
            import platform
            platform.system, platform.machine = (lambda: "{system}"), (lambda: "{machine}")
            from lrbook.mxnet_today import compat, install
            compat.find_spec = install.find_spec = lambda name: None  # as if it weren't there
            install.mxnet()
            compat.need_mxnet()
        """)
        line = (
            f"Training needs MXNet 1.9.1, which was never built for {system} on {machine}: train "
            "on Colab, or in Linux (WSL 2, a virtual machine). What doesn't train works here."
        )
        assert done.stdout == f"{line}\n"
        assert done.stderr.endswith(f"ImportError: {line}\n")


def test_a_python_that_is_not_supported_is_told_what_to_do():
    done = python("""
        import platform
        platform.python_version_tuple = lambda: ("3", "14", "0")
        from lrbook.mxnet_today import compat
        print(compat.why_no_wheel())
    """)
    assert done.stdout == (
        "Training needs MXNet 1.9.1, which the book keeps working on Python 3.11, 3.12, 3.13, not "
        "3.14: make an environment with one of these. What doesn't train works here.\n"
    ), done.stderr


def test_where_mxnet_can_be_installed_it_says_how():
    done = python("""
        from lrbook.mxnet_today import compat
        compat.find_spec = lambda name: None
        compat.need_mxnet()
    """)
    assert done.stderr.endswith(
        "ImportError: Training needs MXNet, which isn't installed: "
        f"pip install --no-deps {compat.MXNET} {compat.D2L}\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="about Linux's loader")
@pytest.mark.parametrize(
    ("library", "remedy"),
    [
        ("libcuda.so.1", "it comes with the driver of an NVIDIA GPU"),
        ("libnccl.so.2", "pip install --no-deps nvidia-cuda-runtime-cu11==11.8.89 nvidia-nvtx"),
        ("libgump.so.1", "on Debian and Ubuntu, apt-get install libgomp1 libquadmath0"),
    ],
)
def test_a_missing_library_is_named_with_its_remedy(tmp_path, library, remedy):
    with contextlib.suppress(OSError):
        ctypes.CDLL(library)
        pytest.skip(f"{library} is there")
    # MXNet's own library, changed to need another one than libgomp.so.1.
    folder = Path(find_spec("mxnet").origin).parent
    for path in folder.glob("lib*.so*"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "libmxnet.so").unlink()
    changed = shutil.copy(folder / "libmxnet.so", tmp_path)
    with Path(changed).open("r+b") as file:
        needed = b"libgomp.so.1\0"
        content = file.read()
        assert content.count(needed) == 1
        file.seek(content.index(needed))
        file.write(library.encode().ljust(len(needed), b"\0"))
    done = python("import lrbook.training.model", MXNET_LIBRARY_PATH=changed)
    error = f"ImportError: MXNet's library can't be loaded, since {library} is missing: {remedy}"
    assert error in done.stderr.splitlines()[-1]
    assert f"OSError: {library}: cannot open shared object file" in done.stderr, "the cause"
