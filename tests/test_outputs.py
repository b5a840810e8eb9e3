"""How outputs get into a notebook: whole or not at all, with stable names, tied to the code."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lrbook.making import outputs, sources

PANEL = """\
from ipywidgets import FloatSlider, VBox, jslink
FloatSlider()
left, right = FloatSlider(value=0.25), FloatSlider()
link = jslink((left, "value"), (right, "value"))
VBox([left, right])"""


@pytest.fixture
def root(tmp_path):
    """A folder with a package `lrbook`: three modules, one that nobody imports, the replay."""
    package = tmp_path / "lrbook"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "rate.py").write_text('"""Rates."""\nfrom . import base\n\nLR = base.LR / 2\n')
    (package / "base.py").write_text("LR = 1.0\n")
    (package / "other.py").write_text("X = 1\n")
    (package / "runs").mkdir()
    (package / "runs" / "replay.py").write_text(
        "replayed_seconds = 100\n\n\ndef start(path):\n    global PATH\n    PATH = path\n"
    )
    (package / "book.mplstyle").write_text("lines.linewidth: 2\n")
    return tmp_path


def write(path, *cells):
    notebook = new_notebook(cells=[new_markdown_cell("Prose."), *map(new_code_cell, cells)])
    for index, cell in enumerate(notebook.cells):
        cell.id = f"cell-{index}"
    nbformat.write(notebook, path)
    return path


def read(path):
    return nbformat.read(path, as_version=4)


def hash_of(root, *cells):
    return outputs.code_hash(read(write(root / "a.ipynb", *cells)), root)


class TestHash:
    def test_prose_does_not_count(self, root):
        before = hash_of(root, "from lrbook.rate import LR\nprint(LR)")
        (root / "lrbook/rate.py").write_text('"""Halves."""\nfrom . import base  # x\nLR=base.LR/2')
        assert hash_of(root, "# Half.\nfrom lrbook.rate import LR\n\nprint( LR )") == before

    def test_code_of_a_cell_counts(self, root):
        assert hash_of(root, "x = 1") != hash_of(root, "x = 2")
        assert hash_of(root, "x = ''") != hash_of(root, "x = ' '")
        assert hash_of(root, "x = None") != hash_of(root, "x = 0")
        assert hash_of(root, "x = 1", "y = 2") != hash_of(root, "y = 2", "x = 1")

    @pytest.mark.parametrize(
        "statement",
        [
            "from lrbook import rate",
            "from lrbook.rate import LR",
            "import lrbook.rate as r",
            "try:\n    import lrbook\nexcept ImportError:\n    %pip install x\nimport lrbook.rate",
            "def f():\n    from lrbook import rate",
        ],
    )
    def test_modules_count_when_they_are_imported(self, root, statement):
        before = hash_of(root, statement)
        (root / "lrbook/other.py").write_text("X = 2\n")
        assert hash_of(root, statement) == before
        (root / "lrbook/base.py").write_text("LR = 2.0\n")
        assert hash_of(root, statement) != before

    @pytest.mark.parametrize(
        "statement",
        ["from lrbook.room import LR", "from lrbook.room import rate\n", "import lrbook.room.rate"],
    )
    def test_what_a_package_passes_on_counts_where_it_is_used(self, root, statement):
        room = root / "lrbook/room"
        room.mkdir()
        (room / "__init__.py").write_text(
            '"""A room."""\nfrom lrbook.room.rate import LR\nfrom lrbook.room.loop import go\n'
            '\n__all__ = ["LR", "go"]\n'
        )
        (room / "rate.py").write_text("LR = 0.5\n")
        (room / "loop.py").write_text("def go():\n    return 1\n")
        before, whole = hash_of(root, statement), hash_of(root, "from lrbook import room")
        (room / "loop.py").write_text("def go():\n    return 2\n")
        assert hash_of(root, statement) == before
        assert hash_of(root, "from lrbook import room") != whole
        (room / "rate.py").write_text("LR = 0.25\n")
        assert hash_of(root, statement) != before

    def test_a_package_that_does_something_counts(self, root):
        before = hash_of(root, "from lrbook.rate import LR")
        (root / "lrbook/__init__.py").write_text("from lrbook import other\n\nother.X += 1\n")
        active = hash_of(root, "from lrbook.rate import LR")
        assert active != before
        (root / "lrbook/other.py").write_text("X = 2\n")
        assert hash_of(root, "from lrbook.rate import LR") != active

    def test_what_an_init_makes_itself_counts(self, root):
        before = hash_of(root, "from lrbook import LR")
        (root / "lrbook/__init__.py").write_text("LR = 1\n")
        assert hash_of(root, "from lrbook import LR") != before

    def test_style_of_figures_counts(self, root):
        before = hash_of(root, "import lrbook.base")
        (root / "lrbook/book.mplstyle").write_text("lines.linewidth: 3\n")
        assert hash_of(root, "import lrbook.base") != before

    def test_is_the_same_in_every_python(self):
        # What ast.dump or ast.unparse tell differently in Python 3.11, 3.12 and 3.13.
        source = """
class C:
    def f(a, /, *, b: int = 1) -> str:
        return f"{a!r:>{b}}{', '.join(b)}" f'"{b}' "tail"
"""
        assert sources.code_hash(source) == (
            "f7c9d5dbe30f1efe87b1b8747270dc3b3184198524e5a383570549b16e1e22fe"
        )


class TestExecution:
    def test_outputs_get_in(self, root):
        path = write(root / "a.ipynb", "import sys\nprint('one')\nprint('two')", "1 + 1")
        outputs.execute(path, root)
        notebook = read(path)
        assert [cell.get("execution_count") for cell in notebook.cells] == [None, 1, 2]
        [printed] = notebook.cells[1].outputs
        assert printed.text == "one\ntwo\n"
        assert notebook.cells[2].outputs[0].data["text/plain"] == "2"
        assert notebook.metadata.lrbook.code_hash == outputs.code_hash(notebook, root)
        assert notebook.metadata.lrbook.python == f"{sys.version_info[0]}.{sys.version_info[1]}"
        assert "widgets" not in notebook.metadata
        assert [cell.id for cell in notebook.cells] == ["cell-0", "cell-1", "cell-2"]
        assert sorted(p.name for p in root.iterdir()) == ["a.ipynb", "lrbook"]

    def test_run_is_full_and_quiet_and_in_its_folder(self, root, monkeypatch):
        monkeypatch.setenv("LRBOOK_SMOKE", "1")
        names = "('LRBOOK_SMOKE', 'TQDM_DISABLE', 'OMP_NUM_THREADS')"
        path = write(
            root / "a.ipynb", f"import os\nprint(*map(os.environ.get, {names}), os.getcwd())"
        )
        outputs.execute(path, root)
        assert read(path).cells[1].outputs[0].text == f"None 1 1 {root}\n"

    def test_recorded_runs_are_replayed_and_their_seconds_count(self, root):
        path = write(root / "a.ipynb", "from lrbook.runs import replay\nprint(replay.PATH)")
        assert 100 < outputs.execute(path, root) < 200
        store = root / "runs" / "notebooks.jsonl"
        assert read(path).cells[1].outputs[0].text == f"{store}\n"

    def test_second_run_changes_nothing_but_the_time(self, root):
        path = write(root / "a.ipynb", PANEL)
        outputs.execute(path, root)
        first = read(path)
        outputs.execute(path, root)
        second = read(path)
        first.metadata.lrbook.pop("seconds"), second.metadata.lrbook.pop("seconds")
        assert second == first

    def test_widgets(self, root):
        path = write(root / "a.ipynb", PANEL)
        outputs.execute(path, root)
        notebook = read(path)
        state = notebook.metadata.widgets[outputs.STATE].state
        shown = notebook.cells[1].outputs[0].data[outputs.VIEW]["model_id"]
        assert state[shown]["model_name"] == "VBoxModel"
        models = [model["model_name"] for model in state.values()]
        assert models.count("LinkModel") == 1, "links are part of no widget, and stay"
        assert models.count("FloatSliderModel") == 2, "the slider that isn't shown is dropped"
        [link] = [m["state"] for m in state.values() if m["model_name"] == "LinkModel"]
        ends = {end[0].removeprefix("IPY_MODEL_") for end in (link["source"], link["target"])}
        assert ends <= set(state)

    def test_failing_cell_leaves_the_file_as_it_was(self, root):
        path = write(root / "a.ipynb", "print('fine')", "1 / 0")
        before = path.read_bytes()
        with pytest.raises(RuntimeError, match=r"a\.ipynb: cell 2 failed(?s:.*)ZeroDivisionError"):
            outputs.execute(path, root)
        assert path.read_bytes() == before

    def test_code_edited_during_the_run_keeps_the_outputs_out(self, root):
        path = root / "a.ipynb"
        edit = (
            "import pathlib\n"
            f"path = pathlib.Path({str(path)!r})\n"
            "_ = path.write_text(path.read_text().replace('1 + 1', '1 + 2'))"
        )
        write(path, edit, "1 + 1")
        with pytest.raises(RuntimeError, match="its code changed while it ran"):
            outputs.execute(path, root)
        assert "1 + 2" in path.read_text()
        assert read(path).cells[2].outputs == []

    def test_prose_edited_during_the_run_stays(self, root):
        path = root / "a.ipynb"
        edit = (
            "import pathlib\n"
            f"path = pathlib.Path({str(path)!r})\n"
            "_ = path.write_text(path.read_text().replace('Pro' + 'se.', 'Better prose.'))"
        )
        write(path, edit, "1 + 1")
        outputs.execute(path, root)
        assert read(path).cells[0].source == "Better prose."
        assert read(path).cells[2].outputs[0].data["text/plain"] == "2"


def test_command_names_the_failing_cell_and_exits_with_1(root):
    path = write(root / "a.ipynb", "1 / 0")
    command = [sys.executable, "-m", "lrbook.making.outputs", str(path)]
    done = subprocess.run(
        command, cwd=outputs.ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "a.ipynb: cell 1 failed, nothing written" in done.stderr


def test_panels_are_renewed_without_a_run(tmp_path):
    path = write(
        tmp_path / "a.ipynb",
        "from lrbook.live import panel\nfrom lrbook.schedules import Cosine\n"
        "panel(Cosine(0.3, 0.01, 15))",
    )
    outputs.execute(path)
    [(_, texts)] = outputs.panel_texts(read(path))
    old = read(path)
    for state, _ in outputs.panel_texts(old):
        state.update(_esm="old", _css="old")
    nbformat.write(old, path)
    assert outputs.main(["--refresh-panels", str(path)]) == 0
    [(state, _)] = outputs.panel_texts(read(path))
    assert {key: state[key] for key in texts} == texts
    assert texts["_esm"].startswith("//")
