"""The import of MXNet is mended, and nothing else is changed."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest


def python(code):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120
    )


def test_mxnet_needs_the_mending():
    if np.lib.NumpyVersion(np.__version__) < "2.0.0":
        pytest.skip("this NumPy still has the names that MXNet reads")
    done = python("import mxnet")
    assert done.returncode and "AttributeError" in done.stderr


@pytest.mark.parametrize(
    "imports",
    ["import lrbook, mxnet", "import lrbook\nfrom d2l import mxnet as d2l", "import lrbook.model"],
)
def test_one_import_mends_it(imports):
    done = python(f"{imports}\nimport mxnet\nprint(mxnet.__version__)")
    assert done.stdout == "1.9.1\n", done.stderr
    assert done.stderr == ""


def test_a_failed_import_before_it_does_no_harm():
    done = python("""
        try:
            import mxnet
        except AttributeError:
            pass
        import lrbook
        import mxnet
        mxnet.npx.set_np()
        print(mxnet.np.ones((2, 2)).sum())
    """)
    assert done.stdout == "4.0\n", done.stderr


def test_numpy_gets_its_names_back():
    done = python("""
        import numpy as np
        before = set(dir(np)) - {"bool"}
        import lrbook, mxnet
        after = set(dir(np)) - {"Inf", "bool", "compat"}
        print(sorted(after - before), sorted(before - after))
    """)
    assert done.stdout == "[] []\n", done.stderr


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
        import lrbook.data, lrbook.live, lrbook.schedules, lrbook.store, lrbook.figures
        print("mxnet" in sys.modules, "d2l" in sys.modules)
    """)
    assert done.stdout == "False False\n", done.stderr


def test_one_thread_a_process_unless_told_otherwise():
    code = "import os, lrbook, mxnet; print(os.environ['OMP_NUM_THREADS'])"
    assert python("import os; os.environ.pop('OMP_NUM_THREADS', 0)\n" + code).stdout == "1\n"
    assert python("import os; os.environ['OMP_NUM_THREADS'] = '3'\n" + code).stdout == "3\n"
